//! What somebody may do in a key vault: by the vault's access policies or, where it was made that way, by Azure roles.

use serde_json::Value;

use crate::migrate::seen::records;
use crate::model::Record;
use crate::model::is_within;
use crate::model::same_text;

/// A built-in role with what it allows on certificates and on secrets, as far as reading goes.
type Role = (&'static str, &'static [&'static str], &'static [&'static str]);

const READ: &[&str] = &["get", "list"];

/// Owner and Contributor are missing on purpose: they manage a vault and read nothing in it.
const ROLES: [Role; 6] = [
    // Key Vault Administrator
    ("00482a5a-887f-4fb3-b363-3b7fe8e74483", READ, READ),
    // Key Vault Certificate User
    ("db79e9a7-68ee-4b58-9aeb-b90e7c24fcba", READ, READ),
    // Key Vault Certificates Officer
    ("a4417e6f-fecd-4de8-b567-7b0420556985", READ, &["list"]),
    // Key Vault Reader
    ("21090545-7ca7-4776-b22c-e363652d74d2", READ, &["list"]),
    // Key Vault Secrets User
    ("4633458b-17de-408a-b874-0445c86b69e6", &[], READ),
    // Key Vault Secrets Officer
    ("b86a8fe4-44ce-4948-aee5-eccb2c155cd7", &[], READ),
];

/// The permissions of one principal in one vault.
pub(super) struct Rights {
    /// Whether they come from roles.
    pub are_roles: bool,
    certificates: Vec<String>,
    secrets: Vec<String>,
}

impl Rights {
    /// Those of `object_id`; `None` when the vault goes by roles and the assignments were not seen.
    pub(super) fn of(object_id: &str, vault: &Record, assignments: Option<Vec<Record>>) -> Option<Self> {
        let properties = part(vault, "properties");
        let mut rights = Self {
            are_roles: properties.flag("enableRbacAuthorization") == Some(true),
            certificates: Vec::new(),
            secrets: Vec::new(),
        };
        if rights.are_roles {
            rights.add_roles(object_id, vault.text("id").unwrap_or_default(), &assignments?);
        } else {
            rights.add_policies(object_id, &records(properties.get("accessPolicies")));
        }
        Some(rights)
    }

    /// Whether `word` is allowed in `container`, `certificates` or `secrets`.
    pub(super) fn allow(&self, container: &str, word: &str) -> bool {
        let words = if container == "certificates" {
            &self.certificates
        } else {
            &self.secrets
        };
        words.iter().any(|held| same_text(held, word) || same_text(held, "all"))
    }

    /// Whether nothing is allowed at all.
    pub(super) fn are_none(&self) -> bool {
        self.certificates.is_empty() && self.secrets.is_empty()
    }

    /// A policy with an application id is for that application on somebody's behalf, which Exchange never is.
    fn add_policies(&mut self, object_id: &str, policies: &[Record]) {
        let is_ours = |policy: &&Record| {
            let is_holder = policy.text("objectId").is_some_and(|id| same_text(id, object_id));
            is_holder && policy.guid("applicationId").is_none()
        };
        for policy in policies.iter().filter(is_ours) {
            let permissions = part(policy, "permissions");
            self.certificates.extend(permissions.list("certificates"));
            self.secrets.extend(permissions.list("secrets"));
        }
    }

    /// A role counts where it was assigned on the vault or on something the vault is in.
    fn add_roles(&mut self, object_id: &str, vault_id: &str, assignments: &[Record]) {
        for assignment in assignments {
            let properties = part(assignment, "properties");
            let is_holder = properties.text("principalId").is_some_and(|id| same_text(id, object_id));
            if !is_holder || !properties.text("scope").is_some_and(|scope| is_within(vault_id, scope)) {
                continue;
            }
            let role = properties.text("roleDefinitionId").unwrap_or_default();
            let role = role.rsplit('/').next().unwrap_or(role);
            if let Some((_, certificates, secrets)) = ROLES.iter().find(|(id, ..)| same_text(id, role)) {
                self.certificates.extend(certificates.iter().map(|word| (*word).to_owned()));
                self.secrets.extend(secrets.iter().map(|word| (*word).to_owned()));
            }
        }
    }
}

/// A map within an object; empty when it is not there.
pub(super) fn part(object: &Record, name: &str) -> Record {
    match object.get(name) {
        Some(Value::Object(map)) => map.clone().into(),
        _ => Record::default(),
    }
}
