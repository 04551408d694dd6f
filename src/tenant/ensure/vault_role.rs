//! Who may read a key vault that Azure roles rule.

use crate::change::Gate;
use crate::model::Record;
use crate::model::Trouble;
use crate::tenant::Ensured;
use crate::tenant::Outcome;
use crate::tenant::Tenant;
use crate::tenant::ensure::vault_access::Rights;
use crate::tenant::operations::NEW_ROLE_ASSIGNMENT;

const ADMINISTRATOR: &str = "00482a5a-887f-4fb3-b363-3b7fe8e74483";
const CERTIFICATES_OFFICER: &str = "a4417e6f-fecd-4de8-b567-7b0420556985";
const SECRETS_OFFICER: &str = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7";
const CERTIFICATE_USER: &str = "db79e9a7-68ee-4b58-9aeb-b90e7c24fcba";
const SECRETS_USER: &str = "4633458b-17de-408a-b874-0445c86b69e6";
const READER: &str = "21090545-7ca7-4776-b22c-e363652d74d2";

impl Tenant {
    /// Exchange, or whoever `object_id` is, with a role at `vault` that gives it `rights`.
    pub(super) async fn give_role(&self, gate: &Gate, vault: Record, object_id: &str, rights: &Rights) -> Result<Ensured, Trouble> {
        let name = vault.text("name").unwrap_or_default();
        let note = format!(
            "the vault `{name}` is ruled by Azure roles, not by access policies; whether mailbox moves read such a vault is not documented"
        );
        let outcome = self.give_roles(gate, &vault, object_id, rights).await?;
        if outcome == Outcome::Unchanged {
            self.settle(gate, &NEW_ROLE_ASSIGNMENT, name);
        }
        Ok(Ensured {
            outcome,
            ..Ensured::unchanged(vault)
        }
        .noting(Some(note)))
    }

    /// Assigns `object_id` the roles at `vault` that it lacks for `rights`, and says what that makes of the vault.
    pub(super) async fn give_roles(&self, gate: &Gate, vault: &Record, object_id: &str, rights: &Rights) -> Result<Outcome, Trouble> {
        let id = vault.text("id").unwrap_or_default();
        let assigned = self.assigned(id).await?;
        let has = |role: &str| assigned.has(object_id, role, id);
        let roles = roles(rights);
        let mut sum = Outcome::Unchanged;
        if roles.iter().any(|enough| enough.iter().all(|role| has(role))) {
            return Ok(sum);
        }
        for role in roles[0].iter().filter(|role| !has(role)) {
            // The vault is what was made sure of, and it was there.
            sum = sum.max(match self.assign(gate, id, object_id, role).await? {
                Outcome::Created => Outcome::Updated,
                outcome => outcome,
            });
        }
        Ok(sum)
    }
}

/// The roles that give as much as `rights`, each entry enough by itself; the first is what we assign.
fn roles(rights: &Rights) -> &'static [&'static [&'static str]] {
    match rights.only_read() {
        true => &[&[CERTIFICATE_USER], &[SECRETS_USER, READER], &[ADMINISTRATOR]],
        false => &[&[CERTIFICATES_OFFICER, SECRETS_OFFICER], &[ADMINISTRATOR]],
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::Arguments;
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
