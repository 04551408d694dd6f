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
    /// Pages for people that are no service of their own.
    Web,
    /// The sandbox's own controls.
    Control,
}

impl Face {
    /// Its name in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Entra => "entra",
            Self::Graph => "graph",
            Self::Exchange => "exchange",
            Self::Arm => "arm",
            Self::Vault => "vault",
            Self::Blob => "blob",
            Self::Web => "web",
            Self::Control => "control",
        }
    }
}

/// The login hosts of each cloud, first the one that it goes by.
pub const LOGIN: &[&[&str]] = &[
    &[
        "login.microsoftonline.com",
        "login.windows.net",
        "login.microsoft.com",
        "sts.windows.net",
    ],
    &["login.partner.microsoftonline.cn", "login.chinacloudapi.cn"],
    &["login.microsoftonline.us", "login.usgovcloudapi.net"],
];

const GRAPH: &[&str] = &[
    "graph.microsoft.com",
    "graph.microsoft.us",
    "dod-graph.microsoft.us",
    "microsoftgraph.chinacloudapi.cn",
];
const WEB: &[&str] = &[
    "microsoft.com",
    "www.microsoft.com",
    "office.com",
    "www.office.com",
    "invitations.microsoft.com",
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

/// Azure in one cloud. GCC High and DoD have the same.
#[derive(Debug, PartialEq, Eq)]
pub struct Azure {
    /// The host of Resource Manager.
    pub arm: &'static str,
    /// What a token for Resource Manager may be for.
    pub arm_audiences: &'static [&'static str],
    /// What the host of a vault ends in.
    pub vault: &'static str,
    /// What a token for a vault is for.
    pub vault_audience: &'static str,
    /// What the host of an account's blobs ends in.
    pub blob: &'static str,
    /// Where tokens come from.
    pub login: &'static str,
}

static AZURE: &[Azure] = &[
    Azure {
        arm: "management.azure.com",
        arm_audiences: &["https://management.core.windows.net", "https://management.azure.com"],
        vault: "vault.azure.net",
        vault_audience: "https://vault.azure.net",
        blob: "blob.core.windows.net",
        login: "login.microsoftonline.com",
    },
    Azure {
        arm: "management.usgovcloudapi.net",
        arm_audiences: &["https://management.core.usgovcloudapi.net", "https://management.usgovcloudapi.net"],
        vault: "vault.usgovcloudapi.net",
        vault_audience: "https://vault.usgovcloudapi.net",
        blob: "blob.core.usgovcloudapi.net",
        login: "login.microsoftonline.us",
    },
    Azure {
        arm: "management.chinacloudapi.cn",
        arm_audiences: &["https://management.core.chinacloudapi.cn", "https://management.chinacloudapi.cn"],
        vault: "vault.azure.cn",
        vault_audience: "https://vault.azure.cn",
        blob: "blob.core.chinacloudapi.cn",
        login: "login.partner.microsoftonline.cn",
    },
];

/// The face that answers to a host name in lower case.
pub fn face(host: &str) -> Option<Face> {
    let faces = [
        (GRAPH, Face::Graph),
        (EXCHANGE, Face::Exchange),
        (WEB, Face::Web),
        (&[CONTROL], Face::Control),
    ];
    let login = LOGIN.iter().find(|names| names.contains(&host)).map(|_| Face::Entra);
    let exact = faces.into_iter().find(|(names, _)| names.contains(&host)).map(|(_, face)| face);
    login
        .or(exact)
        .or_else(|| resource_manager(host).map(|_| Face::Arm))
        .or_else(|| vault(host).map(|_| Face::Vault))
        .or_else(|| account(host).map(|_| Face::Blob))
}

/// The vault that a host name in lower case names (`NAME.vault.azure.net`), and its cloud.
pub fn vault(host: &str) -> Option<(&str, &'static Azure)> {
    below(host, |azure| azure.vault)
}

/// The storage account that a host name in lower case names (`NAME.blob.core.windows.net`), and its cloud.
pub fn account(host: &str) -> Option<(&str, &'static Azure)> {
    below(host, |azure| azure.blob)
}

/// The login host that the cloud of a login host goes by.
pub fn login_of(host: &str) -> &str {
    let group = LOGIN.iter().find(|group| group.contains(&host));
    group.map_or(host, |group| group[0])
}

/// Where people of the cloud of a login host enter device codes.
pub fn device_page(host: &str) -> &'static str {
    match login_of(host) {
        "login.microsoftonline.us" => "https://microsoft.com/deviceloginus",
        "login.partner.microsoftonline.cn" => "https://microsoft.com/deviceloginchina",
        _ => "https://microsoft.com/devicelogin",
    }
}

/// The cloud whose Resource Manager answers at a host name in lower case.
pub fn resource_manager(host: &str) -> Option<&'static Azure> {
    AZURE.iter().find(|azure| azure.arm == host)
}

/// All names the listener's certificate must carry.
pub fn certificate_names() -> Vec<String> {
    let own = [CONTROL, "localhost"];
    let all = [GRAPH, EXCHANGE, WEB, &own];
    let exact = LOGIN.iter().copied().chain(all).flatten().map(|name| (*name).to_owned());
    let of_azure = AZURE
        .iter()
        .flat_map(|azure| [azure.arm.to_owned(), format!("*.{}", azure.vault), format!("*.{}", azure.blob)]);
    exact.chain(of_azure).collect()
}

fn below(host: &str, suffix: impl Fn(&Azure) -> &str) -> Option<(&str, &'static Azure)> {
    let (name, rest) = host.split_once('.').filter(|(name, _)| !name.is_empty())?;
    let azure = AZURE.iter().find(|azure| suffix(azure) == rest)?;
    Some((name, azure))
}
