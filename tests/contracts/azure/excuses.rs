//! Where the copy of what is published falls short of the service: by operation, so that nothing else is excused.

use super::Azure;
use crate::common::Recorded;

/// What the copy of the description leaves out.
pub const UNDESCRIBED: &[(&str, &str)] = &[
    // Where `Location` leads is the service's own affair.
    (
        "GET",
        "/subscriptions/{}/providers/Microsoft.Storage/locations/{}/asyncoperations/{}",
    ),
    // The copy was cut to the set-up of a migration; what administrators do around it with `az` and the SDKs went with the rest.
    ("POST", "/subscriptions/{}/providers/{}/unregister"),
    ("GET", "/subscriptions/{}/resources"),
    ("PATCH", "/secrets/{}/{}"),
    ("GET", "/deletedsecrets"),
    ("POST", "/deletedsecrets/{}/recover"),
    ("DELETE", "/deletedsecrets/{}"),
];

/// What the copy of the description does not have yet, and at which operations.
pub const OLDER: &[(&str, &[(&str, &str)])] = &[
    // The vaults say it, as the reference shows; the description has only the address it leads to.
    (
        "answer.pending: it is not documented",
        &[
            ("GET", "/certificates/{}"),
            ("GET", "/certificates/{}/{}"),
            ("PATCH", "/certificates/{}/{}"),
        ],
    ),
    // The vaults say it of each policy, as the reference shows; the description was never told.
    (
        "answer.policy.x509_props.basic_constraints: it is not documented",
        &[
            ("GET", "/certificates/{}"),
            ("GET", "/certificates/{}/{}"),
            ("PATCH", "/certificates/{}/{}"),
            ("DELETE", "/certificates/{}"),
            ("POST", "/certificates/{}/import"),
            ("GET", "/deletedcertificates/{}"),
            ("POST", "/deletedcertificates/{}/recover"),
        ],
    ),
    (
        "answer.x509_props.basic_constraints: it is not documented",
        &[("GET", "/certificates/{}/policy"), ("PATCH", "/certificates/{}/policy")],
    ),
    // Resource Manager counts subscriptions unasked, and has no link where a list is whole, though one is required.
    ("answer.count: it is not documented", &[("GET", "/subscriptions")]),
    ("answer: `nextLink` is missing", &[("GET", "/subscriptions"), ("GET", "/tenants")]),
    // Any later version of Resource Manager's own answers alike.
    (
        "request: version 2021-04-01 instead of 2024-07-01",
        &[
            ("GET", "/subscriptions/{}/providers/{}"),
            ("POST", "/subscriptions/{}/providers/{}/register"),
            ("GET", "/subscriptions/{}/resourceGroups"),
            ("GET", "/subscriptions/{}/resourceGroups/{}"),
            ("PUT", "/subscriptions/{}/resourceGroups/{}"),
            ("DELETE", "/subscriptions/{}/resourceGroups/{}"),
        ],
    ),
    // That of Key Vault does not retire in 2027 as its older ones do.
    (
        "request: version 2026-02-01 instead of 2023-07-01",
        &[
            ("GET", "/subscriptions/{}/providers/Microsoft.KeyVault/vaults"),
            ("GET", "/subscriptions/{}/providers/Microsoft.KeyVault/deletedVaults"),
            (
                "POST",
                "/subscriptions/{}/providers/Microsoft.KeyVault/locations/{}/deletedVaults/{}/purge",
            ),
            ("POST", "/subscriptions/{}/providers/Microsoft.KeyVault/checkNameAvailability"),
            ("GET", "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.KeyVault/vaults/{}"),
            ("PUT", "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.KeyVault/vaults/{}"),
            (
                "PATCH",
                "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.KeyVault/vaults/{}",
            ),
            (
                "DELETE",
                "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.KeyVault/vaults/{}",
            ),
            (
                "PUT",
                "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.KeyVault/vaults/{}/accessPolicies/{}",
            ),
        ],
    ),
];

/// Roles of the sandbox that the copy of the published ids leaves out.
pub const UNLISTED_ROLES: &[&str] = &[
    "Owner",
    "Contributor",
    "Reader",
    "User Access Administrator",
    "Key Vault Contributor",
    "Storage Blob Data Reader",
];

impl Azure {
    /// What of a request and its answer is not as documented, without what is listed here.
    pub fn unexcused(&self, recorded: &Recorded) -> Vec<String> {
        if is_undescribed(recorded) {
            return Vec::new();
        }
        let mut faults = self.faults(recorded);
        faults.retain(|fault| older(recorded, fault).next().is_none());
        faults
    }
}

/// The entries of `OLDER` that excuse a fault.
pub fn older(recorded: &Recorded, fault: &str) -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    let excused = OLDER.iter().filter(move |(known, _)| *known == fault);
    let places = excused.flat_map(|(known, places)| places.iter().map(move |(method, path)| (*known, *method, *path)));
    places.filter(|(_, method, path)| *method == recorded.method && is_at(path, &recorded.path))
}

/// Whether it is left out of the copy.
pub fn is_undescribed(recorded: &Recorded) -> bool {
    let is_it = |(method, path): &&(&str, &str)| *method == recorded.method && is_at(path, &recorded.path);
    UNDESCRIBED.iter().any(|known| is_it(&known))
}

/// Whether a path is at a pattern of these lists.
pub fn is_at(pattern: &str, path: &str) -> bool {
    let (pattern, path): (Vec<&str>, Vec<&str>) = (
        pattern.trim_matches('/').split('/').collect(),
        path.trim_matches('/').split('/').collect(),
    );
    // A scope is a whole id.
    if pattern[0].starts_with('{') {
        return ends_at(&pattern[1..].join("/"), &path.join("/"));
    }
    pattern.len() == path.len() && pattern.iter().zip(path).all(|(open, segment)| is_segment(open, segment))
}

/// Whether a path ends as a pattern does.
pub fn ends_at(tail: &str, path: &str) -> bool {
    let mut path = path.rsplit('/');
    let mut tail = tail.rsplit('/');
    tail.all(|open| path.next().is_some_and(|segment| is_segment(open, segment)))
}

fn is_segment(open: &str, segment: &str) -> bool {
    open.starts_with('{') || open.eq_ignore_ascii_case(segment)
}
