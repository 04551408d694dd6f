//! Who may read a key vault that Azure roles rule.

use crate::change::Gate;
use crate::model::Kind;
use crate::model::Record;
use crate::model::Trouble;
use crate::model::same_text;
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

/// How far somebody may go in a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Nothing,
    Read,
    Write,
}

/// What each role gives on certificates and on secrets.
const ROLES: [(&str, Level, Level); 6] = [
    (ADMINISTRATOR, Level::Write, Level::Write),
    (CERTIFICATES_OFFICER, Level::Write, Level::Nothing),
    (SECRETS_OFFICER, Level::Nothing, Level::Write),
    (CERTIFICATE_USER, Level::Read, Level::Read),
    (SECRETS_USER, Level::Nothing, Level::Read),
    // It lists secrets, and gives none.
    (READER, Level::Read, Level::Nothing),
];

/// The words of access policies that roles express, those that read first.
const READING: &[&str] = &["get", "list"];
const WRITING: [(&str, &[&str]); 2] = [
    (
        "certificates",
        &[
            "all",
            "create",
            "import",
            "update",
            "delete",
            "recover",
            "backup",
            "restore",
            "purge",
            "managecontacts",
            "getissuers",
            "listissuers",
            "setissuers",
            "deleteissuers",
            "manageissuers",
        ],
    ),
    ("secrets", &["all", "set", "delete", "recover", "backup", "restore", "purge"]),
];

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
        let shows_names = levels(rights)? == (Level::Read, Level::Nothing);
        let by_the_way = shows_names
            .then(|| format!("the role that reads certificates in the vault `{name}` also shows the names of its secrets and keys"));
        Ok(Ensured {
            outcome,
            ..Ensured::unchanged(vault)
        }
        .noting(Some(note))
        .noting(by_the_way))
    }

    /// Assigns `object_id` the roles at `vault` that it lacks for `rights`, and says what that makes of the vault.
    pub(super) async fn give_roles(&self, gate: &Gate, vault: &Record, object_id: &str, rights: &Rights) -> Result<Outcome, Trouble> {
        let (certificates, secrets) = levels(rights).map_err(|trouble| trouble.in_tenant(&self.tag().name))?;
        let id = vault.text("id").unwrap_or_default();
        let assigned = self.assigned(id).await?;
        let held: Vec<_> = ROLES.iter().filter(|(role, ..)| assigned.has(object_id, role, id)).collect();
        let lacking = |wanted: Level, is_enough: bool| if is_enough { Level::Nothing } else { wanted };
        let certificates = lacking(certificates, held.iter().any(|(_, level, _)| *level >= certificates));
        let secrets = lacking(secrets, held.iter().any(|(_, _, level)| *level >= secrets));
        let mut sum = Outcome::Unchanged;
        for role in roles(certificates, secrets) {
            // The vault is what was made sure of, and it was there.
            sum = sum.max(match self.assign(gate, id, object_id, role).await? {
                Outcome::Created => Outcome::Updated,
                outcome => outcome,
            });
        }
        Ok(sum)
    }
}

/// The roles that give as much and as little more as there are roles for.
fn roles(certificates: Level, secrets: Level) -> &'static [&'static str] {
    use Level::Nothing;
    use Level::Read;
    use Level::Write;
    match (certificates, secrets) {
        (Nothing, Nothing) => &[],
        (Nothing, Read) => &[SECRETS_USER],
        (Nothing, Write) => &[SECRETS_OFFICER],
        (Read, Nothing) => &[READER],
        (Read, Read) => &[CERTIFICATE_USER],
        (Read, Write) => &[READER, SECRETS_OFFICER],
        (Write, Nothing) => &[CERTIFICATES_OFFICER],
        (Write, Read) => &[CERTIFICATES_OFFICER, SECRETS_USER],
        (Write, Write) => &[CERTIFICATES_OFFICER, SECRETS_OFFICER],
    }
}

/// How far `rights` go on certificates and on secrets.
fn levels(rights: &Rights) -> Result<(Level, Level), Trouble> {
    level(rights, "keys")?;
    Ok((level(rights, "certificates")?, level(rights, "secrets")?))
}

/// How far `rights` go in `container`; what no role expresses is refused rather than given by a role that gives more.
fn level(rights: &Rights, container: &str) -> Result<Level, Trouble> {
    let writing = WRITING.iter().find(|(name, _)| *name == container).map(|(_, words)| *words);
    let mut level = Level::Nothing;
    for word in rights.words(container) {
        let is_among = |words: &[&str]| words.iter().any(|known| same_text(known, word));
        let wanted = match writing {
            Some(_) if is_among(READING) => Level::Read,
            Some(words) if is_among(words) => Level::Write,
            _ => return Err(no_role(container, word)),
        };
        level = level.max(wanted);
    }
    Ok(level)
}

fn no_role(container: &str, word: &str) -> Trouble {
    let message = format!("the vault is ruled by Azure roles, and `ensure_vault_access` knows none for `{word}` of `{container}`");
    Trouble::new(Kind::Invalid, message)
        .with_code("no_role")
        .with_remedy("ask for permissions of certificates and secrets, or assign a role by its name with `ensure_role_assignment`")
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

    #[tokio::test]
    async fn each_container_gets_the_smallest_role_that_is_enough() {
        let cases: [(&[&str], &[&str], &[&str]); 6] = [
            (&["get"], &[], &[READER]),
            (&[], &["Get", "list"], &[SECRETS_USER]),
            (&[], &["get", "set"], &[SECRETS_OFFICER]),
            (&["get", "create"], &[], &[CERTIFICATES_OFFICER]),
            (&["get"], &["get"], &[CERTIFICATE_USER]),
            (&["create"], &["set"], &[CERTIFICATES_OFFICER, SECRETS_OFFICER]),
        ];
        for (certificates, secrets, roles) in cases {
            let fake = azure().with_resource(VAULT, json!({"properties": {"enableRbacAuthorization": true}}));
            let rights = || {
                Arguments::new()
                    .with("certificates", json!(certificates))
                    .with("secrets", json!(secrets))
            };
            let (tenant, gate) = (fake.tenant(), open_gate());

            let ensured = tenant.ensure_vault_access(&gate, VAULT, "4a4a", rights()).await.unwrap();
            tenant.ensure_vault_access(&gate, VAULT, "4a4a", rights()).await.unwrap();

            let writes = fake.writes();
            let given = writes
                .iter()
                .map(|(_, body)| body["properties"]["roleDefinitionId"].as_str().unwrap());
            let given: Vec<_> = given.map(|id| id.rsplit('/').next().unwrap()).collect();
            assert_eq!(given, roles, "{certificates:?} {secrets:?}");
            assert_eq!(
                ensured.notes.iter().any(|note| note.contains("names of its secrets")),
                roles == [READER]
            );
        }
    }

    #[tokio::test]
    async fn what_no_role_expresses_is_refused_and_nothing_is_given() {
        for (container, word) in [("keys", "get"), ("certificates", "read"), ("secrets", "gett")] {
            let fake = azure().with_resource(VAULT, json!({"properties": {"enableRbacAuthorization": true}}));
            let rights = Arguments::new().with("secrets", json!(["get"])).with(container, json!([word]));

            let refused = fake
                .tenant()
                .ensure_vault_access(&open_gate(), VAULT, "4a4a", rights)
                .await
                .unwrap_err();

            assert_eq!((&*refused.code, refused.tenant.as_deref()), ("no_role", Some("northwind")));
            assert!(refused.message.contains(word) && fake.writes().is_empty());
        }
    }
}
