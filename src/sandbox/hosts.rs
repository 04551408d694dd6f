//! The host names of the four clouds, and which face answers to each.

/// The host of the sandbox's own controls.
pub const CONTROL: &str = "sandbox.localhost";

/// Which part of the simulated Microsoft 365 a host name belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    /// Sign-in.
    Entra,
    /// Microsoft Graph.
    Graph,
    /// Exchange admin REST.
    Exchange,
    /// Azure Resource Manager.
    Arm,
    /// A vault's data.
    Vault,
    /// A storage account's blobs.
    Blob,
    /// The sandbox's own controls.
    Control,
}

const LOGIN: &[&str] = &[
    "login.microsoftonline.com",
    "login.microsoftonline.us",
    "login.partner.microsoftonline.cn",
    "login.chinacloudapi.cn",
];
const GRAPH: &[&str] = &[
    "graph.microsoft.com",
    "graph.microsoft.us",
    "dod-graph.microsoft.us",
    "microsoftgraph.chinacloudapi.cn",
];
const EXCHANGE: &[&str] = &[
    "outlook.office365.com",
    "outlook.office.com",
    "outlook.office365.us",
    "outlook-dod.office365.us",
    "webmail.apps.mil",
    "partner.outlook.cn",
    "outlook.office365.cn",
];
const ARM: &[&str] = &[
    "management.azure.com",
    "management.usgovcloudapi.net",
    "management.chinacloudapi.cn",
];
const VAULT: &[&str] = &["vault.azure.net", "vault.usgovcloudapi.net", "vault.azure.cn"];
const BLOB: &[&str] = &["blob.core.windows.net", "blob.core.usgovcloudapi.net", "blob.core.chinacloudapi.cn"];

/// The face that answers to a host name in lower case.
pub fn face(host: &str) -> Option<Face> {
    let faces = [
        (LOGIN, Face::Entra),
        (GRAPH, Face::Graph),
        (EXCHANGE, Face::Exchange),
        (ARM, Face::Arm),
        (&[CONTROL], Face::Control),
    ];
    let exact = faces.into_iter().find(|(names, _)| names.contains(&host)).map(|(_, face)| face);
    exact
        .or_else(|| vault(host).map(|_| Face::Vault))
        .or_else(|| account(host).map(|_| Face::Blob))
}

/// The vault that a host name in lower case names, and the suffix of its cloud: `NAME.vault.azure.net`.
pub fn vault(host: &str) -> Option<(&str, &'static str)> {
    below(host, VAULT)
}

/// The storage account that a host name in lower case names, and the suffix of its cloud: `NAME.blob.core.windows.net`.
pub fn account(host: &str) -> Option<(&str, &'static str)> {
    below(host, BLOB)
}

/// The suffixes of vaults and of blobs in the cloud whose Resource Manager answers at `host`.
pub fn azure_suffixes(host: &str) -> (&'static str, &'static str) {
    let place = ARM.iter().position(|known| *known == host).unwrap_or(0);
    (VAULT[place], BLOB[place])
}

/// All names the listener's certificate must carry.
pub fn certificate_names() -> Vec<String> {
    let own = [CONTROL, "localhost"];
    let all = [LOGIN, GRAPH, EXCHANGE, ARM, &own];
    let exact = all.into_iter().flatten().map(|name| (*name).to_owned());
    let below = [VAULT, BLOB].into_iter().flatten().map(|suffix| format!("*.{suffix}"));
    exact.chain(below).collect()
}

fn below<'a>(host: &'a str, suffixes: &[&'static str]) -> Option<(&'a str, &'static str)> {
    let (name, rest) = host.split_once('.')?;
    let suffix = suffixes.iter().find(|suffix| **suffix == rest)?;
    (!name.is_empty()).then_some((name, *suffix))
}
