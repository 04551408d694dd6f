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
const AZURE: &[&str] = &[
    "management.azure.com",
    "management.usgovcloudapi.net",
    "management.chinacloudapi.cn",
    "*.vault.azure.net",
    "*.vault.usgovcloudapi.net",
    "*.vault.azure.cn",
];

/// The face that answers to a host name in lower case.
pub fn face(host: &str) -> Option<Face> {
    let faces = [
        (LOGIN, Face::Entra),
        (GRAPH, Face::Graph),
        (EXCHANGE, Face::Exchange),
        (&[CONTROL], Face::Control),
    ];
    faces.into_iter().find(|(names, _)| names.contains(&host)).map(|(_, face)| face)
}

/// All names the listener's certificate must carry.
pub fn certificate_names() -> Vec<String> {
    let own = [CONTROL, "localhost"];
    let all = [LOGIN, GRAPH, EXCHANGE, AZURE, &own];
    all.into_iter().flatten().map(|name| (*name).to_owned()).collect()
}
