//! The services a token can be asked for, by their addresses in all clouds or by their application ids.

use crate::sandbox::ids;

const RESOURCES: &[(&str, &[&str])] = &[
    (
        ids::GRAPH,
        &[
            "https://graph.microsoft.com",
            "https://graph.microsoft.us",
            "https://dod-graph.microsoft.us",
            "https://microsoftgraph.chinacloudapi.cn",
        ],
    ),
    (
        ids::EXCHANGE,
        &[
            "https://outlook.office365.com",
            "https://outlook.office.com",
            "https://outlook.office365.us",
            "https://outlook-dod.office365.us",
            "https://webmail.apps.mil",
            "https://partner.outlook.cn",
            "https://outlook.office365.cn",
        ],
    ),
    (
        ids::ARM,
        &[
            "https://management.azure.com",
            "https://management.core.windows.net",
            "https://management.usgovcloudapi.net",
            "https://management.core.usgovcloudapi.net",
            "https://management.chinacloudapi.cn",
            "https://management.core.chinacloudapi.cn",
        ],
    ),
    (
        ids::KEY_VAULT,
        &[
            "https://vault.azure.net",
            "https://vault.usgovcloudapi.net",
            "https://vault.azure.cn",
        ],
    ),
    (ids::STORAGE, &["https://storage.azure.com"]),
];

/// The application id of the resource that is named by address or by application id.
pub fn app_id(resource: &str) -> Option<&'static str> {
    RESOURCES
        .iter()
        .find(|(app_id, addresses)| is_same_address(app_id, resource) || addresses.iter().any(|address| is_same_address(address, resource)))
        .map(|(app_id, _)| *app_id)
}

/// Whether two addresses name the same resource: without case, and with or without a slash at the end.
pub fn is_same_address(one: &str, other: &str) -> bool {
    one.trim_end_matches('/').eq_ignore_ascii_case(other.trim_end_matches('/'))
}
