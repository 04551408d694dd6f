//! Making sure of the migration endpoint.

use crate::change::Gate;
use crate::model::Arguments;
use crate::model::Kind;
use crate::model::Record;
use crate::model::Trouble;
use crate::tenant::Ensured;
use crate::tenant::Tenant;
use crate::tenant::ensure::ensured::required;
use crate::tenant::ensure::ensured::same_text;
use crate::tenant::ensure::waiting::FRESH_CREDENTIAL;
use crate::tenant::operations::NEW_MIGRATION_ENDPOINT;
use crate::tenant::operations::REMOVE_MIGRATION_ENDPOINT;
use crate::tenant::operations::SET_MIGRATION_ENDPOINT;
use crate::tenant::reading;

/// What an endpoint leads to. The service cannot change the first, and an endpoint with another application has another secret.
const MEANING: &[&str] = &["RemoteTenant", "ApplicationId"];

impl Tenant {
    /// The migration endpoint `name` to `RemoteTenant` by way of `ApplicationId`. One that leads elsewhere is replaced only while no
    /// batch uses it. Whether its secret is right can only be tested, so `Credentials` that are given are always written.
    pub async fn ensure_migration_endpoint(&self, gate: &Gate, name: &str, mut arguments: Arguments) -> Result<Ensured, Trouble> {
        for property in MEANING {
            required(&arguments, "ensure_migration_endpoint", property)?;
        }
        arguments.remove("Name");
        let endpoints = reading("get_migration_endpoint").expect("the table of readings has it");
        let Some(found) = self.look_up(endpoints, name).await? else {
            return self.make_endpoint(gate, name, arguments).await;
        };
        let differing: Vec<String> = MEANING
            .iter()
            .filter_map(|property| difference(&found, &arguments, property))
            .collect();
        if differing.is_empty() {
            arguments.retain(|property, _| !MEANING.iter().any(|meaning| meaning.eq_ignore_ascii_case(property)));
            // Several host names lead to the same service, so the one that works is left alone.
            arguments.remove("RemoteServer");
            let applied = self.apply(gate, &SET_MIGRATION_ENDPOINT, Some(name), arguments).await?;
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

    async fn make_endpoint(&self, gate: &Gate, name: &str, arguments: Arguments) -> Result<Ensured, Trouble> {
        self.has_credentials(name, &arguments)?;
        let mut arguments = arguments.with("Name", name);
        if arguments.get("RemoteServer").is_none() {
            if let Some(server) = self.connection().cloud().remote_server {
                arguments.set("RemoteServer", server);
            }
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

fn difference(found: &Record, arguments: &Arguments, property: &str) -> Option<String> {
    let (known, wanted) = (found.text(property).unwrap_or_default(), arguments.text(property)?);
    (!same_text(known, wanted)).then(|| format!("{property} is `{known}`, not `{wanted}`"))
}
