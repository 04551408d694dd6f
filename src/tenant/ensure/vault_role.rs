//! Who may read a key vault that Azure roles rule.

use serde_json::json;

use crate::change::Gate;
use crate::model::Arguments;
use crate::model::Kind;
use crate::model::Record;
use crate::model::Trouble;
use crate::model::same_text;
use crate::tenant::Ensured;
use crate::tenant::Tenant;
use crate::tenant::azure::last_segment;
use crate::tenant::azure::subscription_of;
use crate::tenant::ensure::vault_access::Rights;
use crate::tenant::ensure::waiting::REPLICATION;
use crate::tenant::ensure::waiting::mentions;
use crate::tenant::operations::NEW_ROLE_ASSIGNMENT;
use crate::tenant::reading;

const ADMINISTRATOR: &str = "00482a5a-887f-4fb3-b363-3b7fe8e74483";
const CERTIFICATES_OFFICER: &str = "a4417e6f-fecd-4de8-b567-7b0420556985";
const SECRETS_OFFICER: &str = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7";
const CERTIFICATE_USER: &str = "db79e9a7-68ee-4b58-9aeb-b90e7c24fcba";
const SECRETS_USER: &str = "4633458b-17de-408a-b874-0445c86b69e6";
const READER: &str = "21090545-7ca7-4776-b22c-e363652d74d2";

impl Tenant {
    /// `object_id` with a role at `vault` that gives it `rights`.
    pub(super) async fn give_role(&self, gate: &Gate, vault: Record, object_id: &str, rights: &Rights) -> Result<Ensured, Trouble> {
        let id = vault.text("id").unwrap_or_default().to_owned();
        let name = vault.text("name").unwrap_or_default().to_owned();
        let assignments = reading("find_role_assignments").expect("the table of readings has it");
        let all = self.find_all(assignments, Arguments::new().with("id", id.as_str())).await?;
        let has = |role: &str| {
            all.iter().filter_map(|assignment| assignment.get("properties")).any(|properties| {
                let is = |name: &str, wanted: &str| properties[name].as_str().is_some_and(|text| same_text(last_segment(text), wanted));
                is("principalId", object_id) && is("roleDefinitionId", role) && covers(properties["scope"].as_str(), &id)
            })
        };
        let note = format!(
            "the vault `{name}` is ruled by Azure roles, not by access policies; whether mailbox moves read such a vault is not documented"
        );
        let roles = roles(rights);
        let mut ensured = Ensured::unchanged(vault).noting(Some(note));
        if roles.iter().any(|enough| enough.iter().all(|role| has(role))) {
            self.settle(gate, &NEW_ROLE_ASSIGNMENT, &name);
            return Ok(ensured);
        }
        let definitions = format!("{}/providers/Microsoft.Authorization/roleDefinitions", subscription_of(&id)?);
        for role in roles[0].iter().filter(|role| !has(role)) {
            let arguments = Arguments::new().with("scope", id.as_str()).with(
                "properties",
                json!({"roleDefinitionId": format!("{definitions}/{role}"), "principalId": object_id, "principalType": "ServicePrincipal"}),
            );
            let applied = self.apply_patiently(gate, &NEW_ROLE_ASSIGNMENT, None, arguments, REPLICATION).await;
            match applied {
                Ok(applied) => ensured.outcome = ensured.outcome.max(Ensured::updated(applied).outcome),
                // The list that we read lags behind.
                Err(trouble) if trouble.kind == Kind::AlreadyExists || mentions(&trouble, &["RoleAssignmentExists"]) => {}
                Err(trouble) => return Err(trouble),
            }
        }
        Ok(ensured)
    }
}

/// The roles that give as much as `rights`, each entry enough by itself; the first is what we assign.
fn roles(rights: &Rights) -> &'static [&'static [&'static str]] {
    match rights.only_read() {
        true => &[&[CERTIFICATE_USER], &[SECRETS_USER, READER], &[ADMINISTRATOR]],
        false => &[&[CERTIFICATES_OFFICER, SECRETS_OFFICER], &[ADMINISTRATOR]],
    }
}

/// Whether what holds at `scope` holds for `id` too.
fn covers(scope: Option<&str>, id: &str) -> bool {
    scope.is_none_or(|scope| format!("{}/", id.to_lowercase()).starts_with(&format!("{}/", scope.trim_end_matches('/').to_lowercase())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tenant::Outcome;
    use crate::tenant::testing::VAULT;
    use crate::tenant::testing::azure;
    use crate::tenant::testing::open_gate;

    #[tokio::test]
    async fn a_vault_ruled_by_roles_gets_a_role_once_and_a_note() {
        let fake = azure().with_resource(VAULT, json!({"properties": {"enableRbacAuthorization": true}}));
        let (tenant, gate) = (fake.tenant(), open_gate());
        let reading = || {
            Arguments::new()
                .with("certificates", json!(["get"]))
                .with("secrets", json!(["get"]))
        };

        let first = tenant.ensure_vault_access(&gate, VAULT, "4a4a", reading()).await.unwrap();
        let again = tenant.ensure_vault_access(&gate, VAULT, "4A4A", reading()).await.unwrap();

        assert_eq!((first.outcome, again.outcome), (Outcome::Updated, Outcome::Unchanged));
        assert!(first.notes[0].contains("not documented") && again.notes.len() == 1);
        let (call, body) = &fake.writes()[0];
        assert!(call.starts_with(&format!("PUT {VAULT}/providers/Microsoft.Authorization/roleAssignments/")));
        assert_eq!(body["properties"]["principalType"], "ServicePrincipal");
        assert!(body["properties"]["roleDefinitionId"].as_str().unwrap().ends_with(CERTIFICATE_USER));
        assert_eq!(fake.writes().len(), 1);
    }
}
