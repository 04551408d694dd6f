//! Making sure of the migration endpoint.

use crate::change::Gate;
use crate::model::Arguments;
use crate::model::Kind;
use crate::model::Record;
use crate::model::Trouble;
use crate::model::is_placeholder;
use crate::model::same_text;
use crate::tenant::Ensured;
use crate::tenant::Tenant;
use crate::tenant::ensure::ensured::required;
use crate::tenant::ensure::waiting::FRESH_CREDENTIAL;
use crate::tenant::operations::NEW_MIGRATION_ENDPOINT;
use crate::tenant::operations::REMOVE_MIGRATION_ENDPOINT;
use crate::tenant::operations::SET_MIGRATION_ENDPOINT;
use crate::tenant::reading;

/// What an endpoint leads to. The service cannot change the first, and an endpoint with another application has another secret.
const MEANING: &[&str] = &["RemoteTenant", "ApplicationId"];

impl Tenant {
    /// The migration endpoint `name` to `RemoteTenant` by way of `ApplicationId`. One that leads elsewhere is replaced only while no
    /// batch uses it. Whether its secret is right can only be tested, so `Credentials` that are given are always written; the
    /// `AppSecretKeyVaultUrl` of a certificate takes their place, and they its, on the endpoint that is there.
    pub async fn ensure_migration_endpoint(&self, gate: &Gate, name: &str, mut arguments: Arguments) -> Result<Ensured, Trouble> {
        for property in MEANING {
            required(&arguments, "ensure_migration_endpoint", property)?;
        }
        arguments.remove("Name");
        let endpoints = reading("get_migration_endpoint").expect("the table of readings has it");
        let Some(found) = self.look_up(endpoints, name).await? else {
            return self.make_endpoint(gate, name, arguments).await;
        };
        let mut differing = Vec::new();
        for property in MEANING {
            let (known, wanted) = (
                found.text(property).unwrap_or_default(),
                arguments.text(property).unwrap_or_default(),
            );
            let is_same = same_text(known, wanted) || *property == "RemoteTenant" && self.is_one_tenant(known, wanted).await?;
            if !is_same {
                differing.push(format!("{property} is `{known}`, not `{wanted}`"));
            }
        }
        if differing.is_empty() {
            arguments.retain(|property, _| !MEANING.iter().any(|meaning| meaning.eq_ignore_ascii_case(property)));
            // Several host names lead to the same service, so the one that works is left alone.
            arguments.remove("RemoteServer");
            let applied = self
                .apply_patiently(gate, &SET_MIGRATION_ENDPOINT, Some(name), arguments, FRESH_CREDENTIAL)
                .await?;
            return Ok(Ensured::updated(applied));
        }
        self.free_endpoint(name, &differing).await?;
        self.has_credentials(name, &arguments)?;
        self.apply(gate, &REMOVE_MIGRATION_ENDPOINT, Some(name), Arguments::new()).await?;
        let mut ensured = self.make_endpoint(gate, name, arguments).await?;
        ensured.notes.push(format!(
            "the endpoint `{name}` led elsewhere and was replaced: {}",
            differing.join("; ")
        ));
        Ok(ensured)
    }

    /// Whether both are names of one tenant: any of its domains, or its id.
    async fn is_one_tenant(&self, one: &str, other: &str) -> Result<bool, Trouble> {
        if [one, other].iter().any(|name| name.is_empty() || is_placeholder(name)) {
            return Ok(false);
        }
        let one = self.wire().resolve_tenant(one).await?;
        Ok(one.is_some() && one == self.wire().resolve_tenant(other).await?)
    }

    async fn make_endpoint(&self, gate: &Gate, name: &str, arguments: Arguments) -> Result<Ensured, Trouble> {
        self.has_credentials(name, &arguments)?;
        let mut arguments = arguments.with("Name", name);
        if arguments.get("RemoteServer").is_none()
            && let Some(server) = self.connection().cloud().remote_server
        {
            arguments.set("RemoteServer", server);
        }
        let applied = self
            .apply_patiently(gate, &NEW_MIGRATION_ENDPOINT, None, arguments, FRESH_CREDENTIAL)
            .await?;
        Ok(Ensured::created(applied))
    }

    /// Refuses when a batch uses the endpoint that would have to be replaced.
    async fn free_endpoint(&self, name: &str, differing: &[String]) -> Result<(), Trouble> {
        let batches = reading("find_migration_batches").expect("the table of readings has it");
        let all = self.find_all(batches, Arguments::new()).await?;
        let uses = |batch: &Record| {
            ["SourceEndpoint", "TargetEndpoint"]
                .iter()
                .any(|property| batch.text(property).is_some_and(|text| same_text(text, name)))
        };
        let users: Vec<&str> = all
            .iter()
            .filter(|batch| uses(batch))
            .filter_map(|batch| batch.text("Identity"))
            .collect();
        if users.is_empty() {
            return Ok(());
        }
        Err(self.conflict(
            name,
            format!(
                "the migration endpoint `{name}` leads elsewhere ({}), and {} uses it",
                differing.join("; "),
                users.join(", ")
            ),
            "choose another name for the endpoint, or finish and remove those batches first",
        ))
    }

    fn has_credentials(&self, name: &str, arguments: &Arguments) -> Result<(), Trouble> {
        let has = |property: &str| arguments.get(property).is_some();
        if has("Credentials") || has("AppSecretKeyVaultUrl") {
            return Ok(());
        }
        Err(Trouble::new(
            Kind::Invalid,
            format!("a new migration endpoint `{name}` needs `Credentials`: the application id with a client secret"),
        )
        .with_code("missing_argument")
        .with_remedy("make a client secret for the migration application and use it here at once")
        .in_tenant(&self.tag().name)
        .on_object(name))
    }
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;
    use serde_json::json;

    use super::*;
    use crate::model::Given;
    use crate::tenant::Outcome;
    use crate::tenant::testing::Fake;
    use crate::tenant::testing::open_gate;
    use crate::tenant::testing::refusal;
    use crate::tenant::testing::told;

    fn to_contoso() -> Arguments {
        Arguments::new()
            .with("RemoteTenant", "contoso.onmicrosoft.com")
            .with("ApplicationId", "5e5e")
            .with("MaxConcurrentMigrations", 100)
    }

    fn with_secret(arguments: Arguments) -> Arguments {
        let secret = SecretString::from("k7Q");
        arguments.with(
            "Credentials",
            Given::Credential {
                user: "5e5e".into(),
                secret,
            },
        )
    }

    fn endpoint(tenant: &str) -> Fake {
        Fake::new().with(
            "MigrationEndpoint",
            json!({"Identity": "e", "RemoteTenant": tenant, "ApplicationId": "5E5E", "MaxConcurrentMigrations": "100",
                "RemoteServer": "outlook.office365.com"}),
        )
    }

    #[tokio::test]
    async fn an_endpoint_that_leads_there_already_is_left_alone() {
        let fake = endpoint("Contoso.onmicrosoft.com");

        let ensured = fake
            .tenant()
            .ensure_migration_endpoint(&open_gate(), "e", to_contoso())
            .await
            .unwrap();

        assert_eq!(ensured.outcome, Outcome::Unchanged);
        assert!(fake.writes().is_empty());
    }

    #[tokio::test]
    async fn an_endpoint_that_names_the_tenant_by_another_domain_is_left_alone() {
        let fake = endpoint("contoso.com");

        let ensured = fake
            .tenant()
            .ensure_migration_endpoint(&open_gate(), "e", to_contoso())
            .await
            .unwrap();

        assert_eq!(ensured.outcome, Outcome::Unchanged);
        assert!(fake.writes().is_empty());
    }

    #[tokio::test]
    async fn a_new_endpoint_gets_the_clouds_server_and_waits_until_its_secret_is_known() {
        let fake = Fake::new().refusing(|call, before| {
            (call.starts_with("New-") && before < 4)
                .then(|| refusal(call, 400, "MigrationTransientException", "AADSTS7000215: Invalid client secret"))
        });
        let gate = open_gate();

        let ensured = fake
            .tenant()
            .ensure_migration_endpoint(&gate, "e", with_secret(to_contoso()))
            .await
            .unwrap();

        assert_eq!(ensured.outcome, Outcome::Created);
        assert_eq!(told(&gate), ["new_migration_endpoint done"]);
        let (_, sent) = fake.writes().pop().unwrap();
        assert_eq!(
            (&sent["RemoteServer"], &sent["ExchangeRemoteMove"]),
            (&json!("outlook.office.com"), &json!(true))
        );
        assert_eq!(sent["Credentials"], "‹credential of 5e5e›");
    }

    #[tokio::test]
    async fn an_endpoint_goes_over_to_a_certificate_once_and_back_to_a_secret() {
        const URL: &str = "https://kv.vault.azure.net:443/certificates/move/0a1b";
        let fake = endpoint("contoso.onmicrosoft.com");
        let (tenant, gate) = (fake.tenant(), open_gate());
        let with_url = |url: &str| to_contoso().with("AppSecretKeyVaultUrl", url);

        let first = tenant.ensure_migration_endpoint(&gate, "e", with_url(URL)).await.unwrap();
        let spelt_otherwise = "https://KV.vault.azure.net/certificates/move/0A1B/";
        let again = tenant
            .ensure_migration_endpoint(&gate, "e", with_url(spelt_otherwise))
            .await
            .unwrap();
        let back = tenant
            .ensure_migration_endpoint(&gate, "e", with_secret(to_contoso()))
            .await
            .unwrap();

        assert_eq!(
            (first.outcome, again.outcome, back.outcome),
            (Outcome::Updated, Outcome::Unchanged, Outcome::Updated)
        );
        assert_eq!(fake.written(), ["Set-MigrationEndpoint", "Set-MigrationEndpoint"]);
        assert_eq!(fake.writes()[0].1["AppSecretKeyVaultUrl"], URL);
    }

    #[tokio::test]
    async fn an_endpoint_without_a_credential_is_refused_before_the_service_is_asked() {
        let fake = Fake::new();

        let refused = fake
            .tenant()
            .ensure_migration_endpoint(&open_gate(), "e", to_contoso())
            .await
            .unwrap_err();

        assert_eq!(refused.code, "missing_argument");
        assert!(fake.writes().is_empty());
    }

    #[tokio::test]
    async fn an_endpoint_that_leads_elsewhere_is_replaced_only_while_no_batch_uses_it() {
        let used = endpoint("fabrikam.onmicrosoft.com").with("MigrationBatch", json!({"Identity": "wave1", "SourceEndpoint": "e"}));
        let free = endpoint("fabrikam.onmicrosoft.com").with("MigrationBatch", json!({"Identity": "wave1", "SourceEndpoint": "f"}));

        let refused = used
            .tenant()
            .ensure_migration_endpoint(&open_gate(), "e", with_secret(to_contoso()))
            .await
            .unwrap_err();
        let ensured = free
            .tenant()
            .ensure_migration_endpoint(&open_gate(), "e", with_secret(to_contoso()))
            .await
            .unwrap();

        assert_eq!(refused.kind, Kind::Conflict);
        assert!(refused.message.contains("wave1") && refused.message.contains("fabrikam"));
        assert!(used.writes().is_empty());
        assert_eq!(free.written(), ["Remove-MigrationEndpoint", "New-MigrationEndpoint"]);
        assert_eq!(ensured.notes.len(), 1);
    }
}
