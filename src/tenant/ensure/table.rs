//! What each ensure may write, so that the reference can say what a script must declare in `WRITES`.

use crate::change::Descriptor;
use crate::tenant::operations::ADD_ACCESS_POLICY;
use crate::tenant::operations::ADD_GROUP_MEMBER;
use crate::tenant::operations::ENABLE_ORGANIZATION_CUSTOMIZATION;
use crate::tenant::operations::NEW_APP_ROLE_ASSIGNMENT;
use crate::tenant::operations::NEW_APPLICATION;
use crate::tenant::operations::NEW_CERTIFICATE;
use crate::tenant::operations::NEW_DIAGNOSTIC_SETTING;
use crate::tenant::operations::NEW_GROUP;
use crate::tenant::operations::NEW_MAILUSER;
use crate::tenant::operations::NEW_MIGRATION_ENDPOINT;
use crate::tenant::operations::NEW_ORGANIZATION_RELATIONSHIP;
use crate::tenant::operations::NEW_RESOURCE_GROUP;
use crate::tenant::operations::NEW_ROLE_ASSIGNMENT;
use crate::tenant::operations::NEW_SERVICE_PRINCIPAL;
use crate::tenant::operations::NEW_STORAGE_ACCOUNT;
use crate::tenant::operations::NEW_VAULT;
use crate::tenant::operations::REGISTER_RESOURCE_PROVIDER;
use crate::tenant::operations::REMOVE_MIGRATION_ENDPOINT;
use crate::tenant::operations::SET_APPLICATION;
use crate::tenant::operations::SET_APPLICATION_KEYS;
use crate::tenant::operations::SET_ENTRA_USER;
use crate::tenant::operations::SET_LICENCES;
use crate::tenant::operations::SET_MAILUSER;
use crate::tenant::operations::SET_MIGRATION_ENDPOINT;
use crate::tenant::operations::SET_ORGANIZATION_RELATIONSHIP;
use crate::tenant::operations::SET_USER;

/// The script's verb, and the writes that it is made of.
type Row = (&'static str, &'static [&'static Descriptor]);

static ALL: &[Row] = &[
    ("ensure_customization", &[&ENABLE_ORGANIZATION_CUSTOMIZATION]),
    ("ensure_application", &[&NEW_APPLICATION, &SET_APPLICATION]),
    ("ensure_service_principal", &[&NEW_SERVICE_PRINCIPAL]),
    ("ensure_application_key", &[&SET_APPLICATION_KEYS]),
    ("ensure_no_application_key", &[&SET_APPLICATION_KEYS]),
    ("ensure_consent", &[&NEW_SERVICE_PRINCIPAL, &NEW_APP_ROLE_ASSIGNMENT]),
    (
        "ensure_organization_relationship",
        &[&NEW_ORGANIZATION_RELATIONSHIP, &SET_ORGANIZATION_RELATIONSHIP],
    ),
    (
        "ensure_migration_endpoint",
        &[&NEW_MIGRATION_ENDPOINT, &SET_MIGRATION_ENDPOINT, &REMOVE_MIGRATION_ENDPOINT],
    ),
    ("ensure_group", &[&NEW_GROUP]),
    ("ensure_group_member", &[&ADD_GROUP_MEMBER]),
    ("ensure_mailuser", &[&NEW_MAILUSER, &SET_MAILUSER, &SET_USER]),
    ("ensure_licence", &[&SET_LICENCES, &SET_ENTRA_USER]),
    ("ensure_resource_provider", &[&REGISTER_RESOURCE_PROVIDER]),
    ("ensure_resource_group", &[&NEW_RESOURCE_GROUP]),
    ("ensure_vault", &[&NEW_VAULT, &ADD_ACCESS_POLICY]),
    ("ensure_vault_access", &[&ADD_ACCESS_POLICY, &NEW_ROLE_ASSIGNMENT]),
    ("ensure_role_assignment", &[&NEW_ROLE_ASSIGNMENT]),
    ("ensure_storage_account", &[&NEW_STORAGE_ACCOUNT]),
    ("ensure_diagnostic_setting", &[&NEW_DIAGNOSTIC_SETTING]),
    ("ensure_certificate", &[&NEW_CERTIFICATE]),
];

/// Each ensure with the writes that it is made of.
pub fn ensures() -> &'static [Row] {
    ALL
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn the_table_names_the_writes_that_the_code_makes() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tenant/ensure");
        let mut made = BTreeSet::new();
        for entry in fs::read_dir(folder).expect("the folder can be listed") {
            let path = entry.expect("the entry can be read").path();
            if path.ends_with("table.rs") {
                continue;
            }
            let text = fs::read_to_string(path).expect("the file can be read");
            let imports = text.lines().filter_map(|line| line.strip_prefix("use crate::tenant::operations::"));
            made.extend(imports.map(|name| name.trim_end_matches(';').to_lowercase()));
        }

        let named: BTreeSet<_> = ALL
            .iter()
            .flat_map(|(_, writes)| *writes)
            .map(|write| write.name.to_owned())
            .collect();
        assert_eq!(named, made);
    }
}
