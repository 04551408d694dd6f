//! Who may do what with the data in a vault: by the vault's access policies, or by roles.

use serde_json::Value;

use super::assignment;
use super::vault;
use crate::sandbox::Caller;
use crate::sandbox::Object;
use crate::sandbox::Tx;
use crate::sandbox::replication;

/// What a vault holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    /// Certificates.
    Certificates,
    /// Secrets.
    Secrets,
}

impl Container {
    /// As a policy names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Certificates => "certificates",
            Self::Secrets => "secrets",
        }
    }
}

/// Whether something is permitted, and if not, by what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// It is.
    Allowed,
    /// No access policy permits it.
    DeniedByPolicy,
    /// The vault uses roles, and none of them permits it.
    DeniedByRbac,
}

/// Whether the caller may do `operation` (`get`, `list`, `create`, ..., as policies name it) with what `vault` holds.
pub fn access(tx: &Tx<'_>, vault: &Object, caller: &Caller, container: Container, operation: &str) -> Access {
    // Who is let in by a new vault is let in as soon as its host is known; later changes take their time.
    let vault = &replication::elsewhere(tx, vault.clone()).unwrap_or_else(|| vault.clone());
    let properties = vault.body.get("properties").unwrap_or(&Value::Null);
    if properties["enableRbacAuthorization"] == true {
        let action = data_action(container, operation);
        return match assignment::may_data(tx, &vault.tenant, &caller.object_id, &action, &vault::vault_id(vault)) {
            true => Access::Allowed,
            false => Access::DeniedByRbac,
        };
    }
    let policies = properties["accessPolicies"].as_array();
    let permits = |policy: &Value| {
        let is_holder = policy["objectId"]
            .as_str()
            .is_some_and(|id| id.eq_ignore_ascii_case(&caller.object_id));
        // A compound policy is for its holder by way of one application only.
        let by_application = policy["applicationId"].as_str();
        let is_same = is_holder && by_application.is_none_or(|id| id.eq_ignore_ascii_case(&caller.app_id));
        let permissions = policy["permissions"][container.name()].as_array();
        let words = permissions.into_iter().flatten().filter_map(Value::as_str);
        is_same
            && words
                .into_iter()
                .any(|word| word.eq_ignore_ascii_case(operation) || word.eq_ignore_ascii_case("all"))
    };
    match policies.into_iter().flatten().any(permits) {
        true => Access::Allowed,
        false => Access::DeniedByPolicy,
    }
}

/// The data action that stands for an operation of a policy: `Microsoft.KeyVault/vaults/secrets/getSecret/action`.
pub fn data_action(container: Container, operation: &str) -> String {
    let operation = operation.to_ascii_lowercase();
    let action = match (container, operation.as_str()) {
        (Container::Secrets, "get") => "getSecret/action",
        (Container::Secrets, "list") => "readMetadata/action",
        (Container::Secrets, "set") => "setSecret/action",
        (_, "get" | "list") => "read",
        (_, "delete") => "delete",
        (_, other) => &format!("{other}/action"),
    };
    format!("Microsoft.KeyVault/vaults/{}/{action}", container.name())
}
