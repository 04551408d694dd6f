//! By what it shows that a write was made, for those whose properties or object do not tell it.

use serde_json::Value;

use crate::change::Evidence;
use crate::change::Operation;
use crate::model::Given;
use crate::model::Record;
use crate::model::same_text;
use crate::tenant::identity::goes_by;

/// A member that was added to a group is one, a member that was taken out is none.
pub(super) const MEMBER_ADDED: Evidence = Evidence {
    reading: "find_group_members",
    about: object,
    shows: is_member,
};
pub(super) const MEMBER_REMOVED: Evidence = Evidence {
    shows: |operation, members| is_member(operation, members).map(|is| !is),
    ..MEMBER_ADDED
};

pub(super) const MAILBOX_OPENED: Evidence = Evidence {
    reading: "find_mailbox_permissions",
    about: object,
    shows: |operation, permissions| may(operation, permissions, "User"),
};
pub(super) const MAILBOX_CLOSED: Evidence = Evidence {
    shows: |operation, permissions| may(operation, permissions, "User").map(|may| !may),
    ..MAILBOX_OPENED
};

pub(super) const RECIPIENT_OPENED: Evidence = Evidence {
    reading: "find_recipient_permissions",
    about: object,
    shows: |operation, permissions| may(operation, permissions, "Trustee"),
};
pub(super) const RECIPIENT_CLOSED: Evidence = Evidence {
    shows: |operation, permissions| may(operation, permissions, "Trustee").map(|may| !may),
    ..RECIPIENT_OPENED
};

pub(super) const BATCH_STARTED: Evidence = Evidence {
    reading: "get_migration_batch",
    about: object,
    shows: |_, seen| Some(!is_in(seen, &["Created", "Stopped", "Stopping", "Failed"])?),
};
pub(super) const BATCH_STOPPED: Evidence = Evidence {
    shows: |_, seen| is_in(seen, &["Stopped", "Stopping"]),
    ..BATCH_STARTED
};
pub(super) const BATCH_COMPLETED: Evidence = Evidence {
    shows: |_, seen| is_in(seen, &["Completing", "Completed", "CompletedWithErrors", "CompletionSynced"]),
    ..BATCH_STARTED
};

pub(super) const CUSTOMIZED: Evidence = Evidence {
    reading: "get_organization_config",
    about: |_| Some(String::new()),
    shows: |_, seen| Some(!seen.first()?.flag("IsDehydrated")?),
};

pub(super) const PREVIOUS_MAILBOX_CLEARED: Evidence = Evidence {
    reading: "get_user",
    about: object,
    shows: |_, seen| {
        Some(matches!(
            seen.first()?.text("PreviousRecipientTypeDetails").unwrap_or_default(),
            "" | "None"
        ))
    },
};

pub(super) const LICENSED: Evidence = Evidence {
    reading: "get_entra_user",
    about: object,
    shows: |operation, seen| {
        let held = ids(seen.first()?.get("assignedLicenses")?, "skuId");
        let added = ids(plain(operation, "addLicenses")?, "skuId");
        let removed = items(plain(operation, "removeLicenses")?).filter_map(Value::as_str);
        let holds = |sku: &str| held.iter().any(|held| held.eq_ignore_ascii_case(sku));
        Some(added.iter().all(|sku| holds(sku)) && !removed.into_iter().any(holds))
    },
};

pub(super) const INVITED: Evidence = Evidence {
    reading: "find_entra_users",
    about: |operation| {
        Some(format!(
            "mail eq '{}'",
            operation.arguments.text("invitedUserEmailAddress")?.replace('\'', "''")
        ))
    },
    shows: |_, seen| Some(!seen.is_empty()),
};

/// A client secret is known by the name it was given.
pub(super) const PASSWORD_ADDED: Evidence = Evidence {
    reading: "get_application",
    about: object,
    shows: |operation, seen| {
        let name = plain(operation, "passwordCredential")?.get("displayName")?.as_str()?;
        Some(ids(seen.first()?.get("passwordCredentials")?, "displayName").contains(&name))
    },
};
pub(super) const PASSWORD_REMOVED: Evidence = Evidence {
    reading: "get_application",
    about: object,
    shows: |operation, seen| {
        let key = operation.arguments.text("keyId")?;
        Some(
            !ids(seen.first()?.get("passwordCredentials")?, "keyId")
                .iter()
                .any(|id| id.eq_ignore_ascii_case(key)),
        )
    },
};

/// The certificates of an application are all there, by what they are called.
pub(super) const KEYS_GIVEN: Evidence = Evidence {
    reading: "get_application",
    about: object,
    shows: |operation, seen| {
        let wanted = ids(plain(operation, "keyCredentials")?, "displayName");
        let held = ids(seen.first()?.get("keyCredentials")?, "displayName");
        Some(wanted.len() == held.len() && wanted.iter().all(|name| held.contains(name)))
    },
};

pub(super) const PROVIDER_REGISTERED: Evidence = Evidence {
    reading: "get_resource_provider",
    about: object,
    shows: |_, seen| Some(seen.first()?.text("registrationState")?.starts_with("Register")),
};

pub(super) const SETTING_REMOVED: Evidence = Evidence {
    reading: "find_diagnostic_settings",
    about: |operation| scope(operation, "/providers/microsoft.insights/diagnosticsettings/"),
    shows: is_gone,
};
pub(super) const ROLE_REMOVED: Evidence = Evidence {
    reading: "find_role_assignments",
    about: |operation| scope(operation, "/providers/microsoft.authorization/roleassignments/"),
    shows: is_gone,
};

pub(super) const VAULT_RECOVERED: Evidence = Evidence {
    reading: "get_vault",
    about: |operation| operation.arguments.text("vaultId").map(str::to_owned),
    shows: |_, seen| Some(!seen.is_empty()),
};
pub(super) const VAULT_PURGED: Evidence = Evidence {
    reading: "find_deleted_vaults",
    about: |operation| scope(operation, "/providers/microsoft.keyvault/locations/"),
    shows: is_gone,
};
pub(super) const POLICY_ADDED: Evidence = Evidence {
    reading: "get_vault",
    about: object,
    shows: |operation, seen| policies(operation, seen, true),
};
pub(super) const POLICY_REMOVED: Evidence = Evidence {
    shows: |operation, seen| policies(operation, seen, false),
    ..POLICY_ADDED
};

pub(super) const SECRET_PUT: Evidence = Evidence {
    reading: "find_vault_secrets",
    about: object,
    shows: |operation, seen| {
        let end = format!("/secrets/{}", operation.arguments.text("name")?);
        Some(seen.iter().any(|secret| secret.text("id").is_some_and(|id| ends_with(id, &end))))
    },
};
pub(super) const SECRET_REMOVED: Evidence = Evidence {
    reading: "find_vault_secrets",
    about: |operation| Some(operation.object.as_deref()?.split("/secrets/").next()?.to_owned()),
    shows: |operation, seen| {
        let name = operation.object.as_deref()?.split("/secrets/").nth(1)?.split('/').next()?;
        let end = format!("/secrets/{name}");
        Some(!seen.iter().any(|secret| secret.text("id").is_some_and(|id| ends_with(id, &end))))
    },
};

fn object(operation: &Operation) -> Option<String> {
    operation.object.clone()
}

fn plain<'o>(operation: &'o Operation, name: &str) -> Option<&'o Value> {
    operation.arguments.get(name).and_then(Given::plain)
}

fn items(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

fn ids<'v>(list: &'v Value, name: &str) -> Vec<&'v str> {
    items(list).filter_map(|item| item.get(name)?.as_str()).collect()
}

fn is_member(operation: &Operation, members: &[Record]) -> Option<bool> {
    let member = operation.arguments.text("Member")?;
    Some(members.iter().any(|known| goes_by(known, member)))
}

fn is_in(seen: &[Record], states: &[&str]) -> Option<bool> {
    let state = seen.first()?.text("Status")?;
    Some(states.iter().any(|known| known.eq_ignore_ascii_case(state)))
}

/// Whether somebody has all the rights that the operation names.
fn may(operation: &Operation, permissions: &[Record], whose: &str) -> Option<bool> {
    let user = operation.arguments.text(whose)?;
    let wanted = match plain(operation, "AccessRights")? {
        Value::Array(rights) => rights.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        rights => vec![rights.as_str()?.to_owned()],
    };
    let theirs = permissions
        .iter()
        .filter(|known| known.text(whose).is_some_and(|known| same_text(known, user)));
    let held: Vec<String> = theirs.flat_map(|known| known.flags("AccessRights")).collect();
    Some(
        wanted
            .iter()
            .all(|right| held.iter().any(|known| known.eq_ignore_ascii_case(right))),
    )
}

/// What an id of Azure is listed under, when it goes on with `kind`.
fn scope(operation: &Operation, kind: &str) -> Option<String> {
    let id = operation.object.as_deref()?;
    let at = id.to_ascii_lowercase().rfind(kind)?;
    Some(id[..at].to_owned())
}

fn is_gone(operation: &Operation, seen: &[Record]) -> Option<bool> {
    let id = operation.object.as_deref()?;
    Some(
        !seen
            .iter()
            .any(|known| known.text("id").is_some_and(|known| known.eq_ignore_ascii_case(id))),
    )
}

fn ends_with(id: &str, end: &str) -> bool {
    id.to_ascii_lowercase().ends_with(&end.to_ascii_lowercase())
}

/// Whether the vault has, or lacks, each permission that the operation names.
fn policies(operation: &Operation, seen: &[Record], is_wanted: bool) -> Option<bool> {
    let held = seen.first()?.get("properties")?.get("accessPolicies")?;
    let named = plain(operation, "properties")?.get("accessPolicies")?;
    let holds = |policy: &Value, kind: &str, permission: &str| {
        let same = |known: &&Value| {
            same_text(
                known["objectId"].as_str().unwrap_or_default(),
                policy["objectId"].as_str().unwrap_or_default(),
            )
        };
        let mut theirs = items(held).filter(same).flat_map(|known| items(&known["permissions"][kind]));
        theirs.any(|known| known.as_str().is_some_and(|known| known.eq_ignore_ascii_case(permission)))
    };
    let mut all = items(named).flat_map(|policy| {
        let kinds = policy["permissions"].as_object().into_iter().flatten();
        let each = kinds.flat_map(|(kind, list)| items(list).filter_map(move |permission| Some((kind, permission.as_str()?))));
        each.map(move |(kind, permission)| (policy, kind, permission))
    });
    Some(all.all(|(policy, kind, permission)| holds(policy, kind, permission) == is_wanted))
}
