//! The built-in roles of Azure that the sandbox knows, with what each permits.

/// One role definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Role {
    /// The last part of its id.
    pub id: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What it permits on resources; `*` stands for anything.
    pub actions: &'static [&'static str],
    /// What of it is not permitted after all.
    pub not_actions: &'static [&'static str],
    /// What it permits on the data in resources.
    pub data_actions: &'static [&'static str],
}

impl Role {
    /// Whether it permits the action on a resource.
    pub fn permits(&self, action: &str) -> bool {
        any_matches(self.actions, action) && !any_matches(self.not_actions, action)
    }

    /// Whether it permits the action on data.
    pub fn permits_data(&self, action: &str) -> bool {
        any_matches(self.data_actions, action)
    }
}

/// Owner.
pub const OWNER: &str = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";

/// What the roles of Key Vault may read of the resources around the data.
const VAULT_METADATA: &[&str] = &[
    "Microsoft.Authorization/*/read",
    "Microsoft.Insights/alertRules/*",
    "Microsoft.Resources/deployments/*",
    "Microsoft.Resources/subscriptions/resourceGroups/read",
    "Microsoft.Support/*",
    "Microsoft.KeyVault/checkNameAvailability/read",
    "Microsoft.KeyVault/deletedVaults/read",
    "Microsoft.KeyVault/locations/*/read",
    "Microsoft.KeyVault/vaults/*/read",
    "Microsoft.KeyVault/operations/read",
];

const fn role(id: &'static str, name: &'static str, actions: &'static [&'static str], data_actions: &'static [&'static str]) -> Role {
    Role {
        id,
        name,
        actions,
        not_actions: &[],
        data_actions,
    }
}

/// The roles the sandbox knows.
pub const ROLES: &[Role] = &[
    role(OWNER, "Owner", &["*"], &[]),
    Role {
        not_actions: &[
            "Microsoft.Authorization/*/Delete",
            "Microsoft.Authorization/*/Write",
            "Microsoft.Authorization/elevateAccess/Action",
        ],
        ..role("b24988ac-6180-42a0-ab88-20f7382dd24c", "Contributor", &["*"], &[])
    },
    role("acdd72a7-3385-48ef-bd42-f606fba81ae7", "Reader", &["*/read"], &[]),
    role(
        "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
        "User Access Administrator",
        &["*/read", "Microsoft.Authorization/*", "Microsoft.Support/*"],
        &[],
    ),
    Role {
        not_actions: &[
            "Microsoft.KeyVault/locations/deletedVaults/purge/action",
            "Microsoft.KeyVault/hsmPools/*",
            "Microsoft.KeyVault/managedHsms/*",
        ],
        ..role(
            "f25e0fa2-a7c8-4377-a976-54943a77a395",
            "Key Vault Contributor",
            &[
                "Microsoft.Authorization/*/read",
                "Microsoft.Insights/alertRules/*",
                "Microsoft.KeyVault/*",
                "Microsoft.Resources/deployments/*",
                "Microsoft.Resources/subscriptions/resourceGroups/read",
                "Microsoft.Support/*",
            ],
            &[],
        )
    },
    role(
        "00482a5a-887f-4fb3-b363-3b7fe8e74483",
        "Key Vault Administrator",
        VAULT_METADATA,
        &["Microsoft.KeyVault/vaults/*"],
    ),
    role(
        "a4417e6f-fecd-4de8-b567-7b0420556985",
        "Key Vault Certificates Officer",
        VAULT_METADATA,
        &[
            "Microsoft.KeyVault/vaults/certificatecas/*",
            "Microsoft.KeyVault/vaults/certificates/*",
            "Microsoft.KeyVault/vaults/certificatecontacts/write",
        ],
    ),
    role(
        "db79e9a7-68ee-4b58-9aeb-b90e7c24fcba",
        "Key Vault Certificate User",
        &[],
        &[
            "Microsoft.KeyVault/vaults/certificates/read",
            "Microsoft.KeyVault/vaults/secrets/getSecret/action",
            "Microsoft.KeyVault/vaults/secrets/readMetadata/action",
            "Microsoft.KeyVault/vaults/keys/read",
        ],
    ),
    role(
        "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
        "Key Vault Secrets Officer",
        VAULT_METADATA,
        &["Microsoft.KeyVault/vaults/secrets/*"],
    ),
    role(
        "4633458b-17de-408a-b874-0445c86b69e6",
        "Key Vault Secrets User",
        &[],
        &[
            "Microsoft.KeyVault/vaults/secrets/getSecret/action",
            "Microsoft.KeyVault/vaults/secrets/readMetadata/action",
        ],
    ),
    role(
        "21090545-7ca7-4776-b22c-e363652d74d2",
        "Key Vault Reader",
        VAULT_METADATA,
        &[
            "Microsoft.KeyVault/vaults/*/read",
            "Microsoft.KeyVault/vaults/secrets/readMetadata/action",
        ],
    ),
    role(
        "a68e7c17-0ab2-4c09-9a58-125dae29748c",
        "Key Vault Purge Operator",
        &[
            "Microsoft.KeyVault/deletedVaults/read",
            "Microsoft.KeyVault/locations/deletedVaults/read",
            "Microsoft.KeyVault/locations/deletedVaults/purge/action",
            "Microsoft.KeyVault/locations/operationResults/read",
        ],
        &[],
    ),
    role(
        "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
        "Storage Blob Data Reader",
        &[
            "Microsoft.Storage/storageAccounts/blobServices/containers/read",
            "Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action",
        ],
        &["Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read"],
    ),
];

/// The role with that id; a whole role definition id is read by its last part.
pub fn role_of(id: &str) -> Option<&'static Role> {
    let id = id.rsplit('/').next().unwrap_or(id);
    ROLES.iter().find(|role| role.id.eq_ignore_ascii_case(id))
}

fn any_matches(patterns: &[&str], action: &str) -> bool {
    patterns
        .iter()
        .any(|pattern| matches(&pattern.to_ascii_lowercase(), &action.to_ascii_lowercase()))
}

/// Whether `text` fits `pattern`, in which `*` stands for any text.
fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, rest)) => text.strip_prefix(start).is_some_and(|left| {
            let mut ends = left.char_indices().map(|(at, _)| at).chain([left.len()]);
            ends.any(|at| matches(rest, &left[at..]))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> &'static Role {
        ROLES.iter().find(|role| role.name == name).unwrap()
    }

    #[test]
    fn a_contributor_changes_resources_but_gives_no_rights_and_sees_no_data() {
        let contributor = named("Contributor");

        assert!(contributor.permits("Microsoft.KeyVault/vaults/write"));
        assert!(contributor.permits("Microsoft.Authorization/roleAssignments/read"));
        assert!(!contributor.permits("Microsoft.Authorization/roleAssignments/write"));
        assert!(!contributor.permits_data("Microsoft.KeyVault/vaults/secrets/getSecret/action"));
    }

    #[test]
    fn a_star_in_the_middle_stands_for_any_part() {
        let reader = named("Key Vault Reader");

        assert!(reader.permits("Microsoft.Authorization/roleAssignments/read"));
        assert!(!reader.permits("Microsoft.KeyVault/vaults/write"));
        assert!(reader.permits_data("microsoft.keyvault/vaults/certificates/read"));
        assert!(!reader.permits_data("Microsoft.KeyVault/vaults/secrets/getSecret/action"));
    }
}
