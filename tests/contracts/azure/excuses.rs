//! Where the copy of what is published falls short of the service: by operation, so that nothing else is excused.

/// What the copy of the description leaves out.
pub const UNDESCRIBED: &[(&str, &str)] = &[
    // Where `Location` leads is the service's own affair.
    (
        "GET",
        "/subscriptions/{}/providers/Microsoft.Storage/locations/{}/asyncoperations/{}",
    ),
    ("POST", "/subscriptions/{}/providers/{}/unregister"),
    ("GET", "/subscriptions/{}/resources"),
    ("PATCH", "/secrets/{}/{}"),
    ("GET", "/deletedsecrets"),
    ("POST", "/deletedsecrets/{}/recover"),
    ("DELETE", "/deletedsecrets/{}"),
];

/// What the copy of the description does not have yet, and at which operations.
pub const OLDER: &[(&str, &[(&str, &str)])] = &[
    (
        "answer.pending: it is not documented",
        &[
            ("GET", "/certificates/{}"),
            ("GET", "/certificates/{}/{}"),
            ("PATCH", "/certificates/{}/{}"),
        ],
    ),
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
