//! `Tenant`: one Microsoft 365 tenant, signed in.

use std::fmt;
use std::sync::Arc;

use serde_json::Value;
use uuid::Uuid;

use crate::change;
use crate::change::Applied;
use crate::change::Call;
use crate::change::Descriptor;
use crate::change::Fate;
use crate::change::Gate;
use crate::change::Operation;
use crate::change::Patience;
use crate::change::TenantTag;
use crate::change::Verb;
use crate::cloud::Connection;
use crate::model::Arguments;
use crate::model::Kind;
use crate::model::Record;
use crate::model::Trouble;
use crate::model::is_placeholder;
use crate::tenant::Era;
use crate::tenant::operations;
use crate::tenant::reading;
use crate::tenant::wire::Wire;

/// A tenant that is signed in. Cheap to clone.
#[derive(Clone)]
pub struct Tenant(Arc<Inner>);

struct Inner {
    tag: TenantTag,
    era: Era,
    connection: Connection,
    wire: Box<dyn Wire>,
}

impl fmt::Debug for Tenant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tenant `{}` ({}, {})", self.0.tag.name, self.0.tag.domain, self.0.tag.id)
    }
}

impl Tenant {
    /// The tenant of `connection`, called `profile`. Its id comes from its sign-in metadata; its initial domain from Graph, and
    /// where that may not be read, `domain` stands for it.
    pub async fn open(profile: &str, domain: &str, era: Era, connection: Connection) -> Result<Self, Trouble> {
        let named = |trouble: Trouble| trouble.in_tenant(profile);
        let id = connection.tenant_id().await.map_err(|error| named(error.into()))?;
        let asked = connection
            .graph_page("/organization", &[("$select", "id,verifiedDomains")], None)
            .await;
        let organizations = asked.map(|page| page.records).map_err(Trouble::from);
        let answering = organizations
            .as_ref()
            .ok()
            .and_then(|found| found.first()?.text("id")?.parse().ok());
        let tag = TenantTag {
            name: profile.to_owned(),
            id,
            domain: initial_domain(organizations, domain).map_err(named)?,
        };
        // A token that cannot be read says nothing.
        let signed_in = connection.identity().await.ok().and_then(|identity| identity.tenant_id);
        is_the_one(id, signed_in, answering).map_err(named)?;
        let wire = Box::new(connection.clone());
        Ok(Self(Arc::new(Inner {
            tag,
            era,
            connection,
            wire,
        })))
    }

    /// The same tenant by another connection to it.
    pub(super) fn connected_by(&self, connection: Connection) -> Self {
        Self(Arc::new(Inner {
            tag: self.0.tag.clone(),
            era: self.0.era,
            wire: Box::new(connection.clone()),
            connection,
        }))
    }

    /// Which tenant this is.
    pub fn tag(&self) -> &TenantTag {
        &self.0.tag
    }

    /// The rules of the service that are in force in it.
    pub fn era(&self) -> Era {
        self.0.era
    }

    /// The connection underneath.
    pub fn connection(&self) -> &Connection {
        &self.0.connection
    }

    pub(super) fn wire(&self) -> &dyn Wire {
        &*self.0.wire
    }

    /// Puts a write before the gate. `object` names what it works on, where the descriptor wants that.
    pub async fn apply(
        &self,
        gate: &Gate,
        descriptor: &'static Descriptor,
        object: Option<&str>,
        arguments: Arguments,
    ) -> Result<Applied, Trouble> {
        self.apply_patiently(gate, descriptor, object, arguments, Patience::NONE).await
    }

    pub(in crate::tenant) async fn apply_patiently(
        &self,
        gate: &Gate,
        descriptor: &'static Descriptor,
        object: Option<&str>,
        arguments: Arguments,
        patience: Patience,
    ) -> Result<Applied, Trouble> {
        let arguments = operations::completed(descriptor, self.tag().id, arguments);
        let object = self.object_id(descriptor, object).await?;
        let operation = Operation::new(descriptor, object, arguments)
            .map_err(|trouble| trouble.in_tenant(&self.tag().name))?
            .with_patience(patience);
        self.is_free(&operation).await?;
        let (label, path, given) = (operation.label(), operation.path(), operation.arguments.clone());
        let mut applied = change::apply(gate, self, operation).await?;
        if applied.fate == Fate::Planned && descriptor.verb == Verb::Create {
            promise(descriptor, &label, path.as_deref(), &mut applied.record);
        }
        if let Some(planned) = applied.planned {
            let new = applied.record.iter().filter(|(_, value)| !is_given(&given, value));
            for (property, placeholder) in new.filter_map(|(name, value)| Some((name, value.as_str()?))) {
                if is_placeholder(placeholder) {
                    gate.promise(planned, placeholder, property);
                }
            }
        }
        Ok(applied)
    }

    /// What is put into Azure would quietly take the place of what is there, settings, policies and all, or become its newest
    /// version; removing it again would then take away more than was made.
    async fn is_free(&self, operation: &Operation) -> Result<(), Trouble> {
        let descriptor = operation.descriptor;
        let Some(path) = operation.path() else { return Ok(()) };
        let is_there = match descriptor.call {
            Call::Arm {
                method: "PUT",
                api_version,
                ..
            } if descriptor.identity.is_none() => self.wire().arm_get(&path, api_version).await.map(|_| true),
            // The versions are listed, because reading a secret would give it away.
            Call::Vault { .. } if descriptor.verb == Verb::Create => {
                let versions = format!("{}/versions", path.trim_end_matches("/create"));
                let page = self.wire().vault_page(&versions, None).await;
                page.map(|page| !page.records.is_empty())
            }
            _ => return Ok(()),
        };
        match is_there {
            Ok(true) => Err(self.is_taken(operation)),
            Ok(false) => Ok(()),
            // Whoever may not read may still write, and the service says what else is wrong.
            Err(error) => match Trouble::from(error) {
                trouble if matches!(trouble.kind, Kind::NotFound | Kind::Forbidden | Kind::Conflict) => Ok(()),
                trouble => Err(trouble.in_tenant(&self.tag().name)),
            },
        }
    }

    fn is_taken(&self, operation: &Operation) -> Trouble {
        let (descriptor, label) = (operation.descriptor, operation.label());
        Trouble::new(Kind::AlreadyExists, format!("there is a {} `{label}` already", descriptor.noun))
            .with_code("already_exists")
            .with_remedy(format!(
                "read it, and change it if need be; `{}` touches nothing that is there",
                descriptor.name
            ))
            .in_tenant(&self.tag().name)
            .on_object(label)
    }

    /// Graph writes on applications and service principals by their object id, while people know them by their application id.
    async fn object_id(&self, descriptor: &Descriptor, object: Option<&str>) -> Result<Option<String>, Trouble> {
        if let (Some(place), Some(object)) = (descriptor.identity.filter(|_| descriptor.call.is_azure()), object) {
            let object = self.place(&format!("{{{place}}}"), Some(object));
            return object.map(Some).map_err(|trouble| trouble.in_tenant(&self.tag().name));
        }
        let by_application_id = match descriptor.noun {
            "application" => reading("get_application"),
            "service principal" => reading("get_service_principal"),
            _ => None,
        };
        let (Some(reading), Some(object)) = (by_application_id, object) else {
            return Ok(object.map(str::to_owned));
        };
        match self.get(reading, Some(object)).await {
            Ok(found) => Ok(Some(found.text("id").unwrap_or(object).to_owned())),
            Err(trouble) if trouble.kind == Kind::NotFound || is_placeholder(object) => Ok(Some(object.to_owned())),
            Err(trouble) => Err(trouble),
        }
    }

    /// Tells that `object` needs no write of `descriptor`, because it is as it should be.
    pub(super) fn settle(&self, gate: &Gate, descriptor: &'static Descriptor, object: &str) {
        gate.settle(self.tag(), descriptor, object);
    }

    #[cfg(test)]
    pub(super) fn scripted(connection: Connection, wire: Box<dyn Wire>) -> Self {
        let tag = TenantTag {
            name: "northwind".into(),
            id: uuid::Uuid::from_u128(0x2222),
            domain: "northwindtraders.onmicrosoft.com".into(),
        };
        Self(Arc::new(Inner {
            tag,
            era: Era::Today,
            connection,
            wire,
        }))
    }
}

/// Refuses a tenant that is not `meant`, by the token that was given and by what Graph calls itself; either may keep silent.
fn is_the_one(meant: Uuid, signed_in: Option<Uuid>, answering: Option<Uuid>) -> Result<(), Trouble> {
    match signed_in.into_iter().chain(answering).find(|found| *found != meant) {
        None => Ok(()),
        Some(other) => Err(Trouble::new(
            Kind::SignIn,
            format!("the profile means the tenant {meant}, and the sign-in leads to {other}"),
        )
        .with_code("another_tenant")
        .with_remedy("check domain and sign-in of the profile; nothing was read or changed there")),
    }
}

/// The initial domain that Graph shows, or `fallback` where it may not be read.
fn initial_domain(organizations: Result<Vec<Record>, Trouble>, fallback: &str) -> Result<String, Trouble> {
    let organizations = match organizations {
        Err(trouble) if trouble.kind == Kind::Forbidden => Vec::new(),
        answer => answer?,
    };
    let domains = organizations
        .first()
        .and_then(|organization| organization.get("verifiedDomains")?.as_array());
    let initial = domains.into_iter().flatten().find(|domain| domain["isInitial"] == true);
    let name = initial.and_then(|initial| initial["name"].as_str());
    Ok(name.unwrap_or(fallback).to_owned())
}

fn is_given(arguments: &Arguments, value: &Value) -> bool {
    arguments.iter().any(|(_, given)| given.plain() == Some(value))
}

/// Puts placeholders where only the service can assign a value, so that a run that merely shows what it would do can go on.
fn promise(descriptor: &Descriptor, label: &str, path: Option<&str>, record: &mut Record) {
    // What is made in Azure is found where it was put.
    if let (change::Service::Arm, Some(path)) = (descriptor.service, path) {
        record.set("id", path.replacen("/resourcegroups/", "/resourceGroups/", 1));
        return;
    }
    if let (change::Service::KeyVault, Some(url)) = (descriptor.service, path) {
        record.set("id", url.trim_end_matches("/create"));
        return;
    }
    let assigned: &[(&str, &str)] = match (descriptor.service, descriptor.noun) {
        (_, "application") => &[("id", "object id"), ("appId", "application id")],
        (_, "service principal") => &[
            ("id", "object id"),
            ("displayName", "display name"),
            ("appOwnerOrganizationId", "publisher"),
        ],
        (change::Service::Graph, _) => &[("id", "object id")],
        (_, "MailUser") => &[("ExternalDirectoryObjectId", "object id")],
        _ => &[],
    };
    // A label that is a placeholder itself is not nested.
    let label = label.trim_matches(['‹', '›']);
    for (property, what) in assigned {
        if !record.has(property) {
            record.set(property, format!("‹{what} of {label}›"));
        }
    }
    if descriptor.service == change::Service::Exchange && !record.has("Identity") {
        record.set("Identity", label);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::change::Impact;
    use crate::change::Mode;
    use crate::model::Given;
    use crate::tenant::testing::VAULT;
    use crate::tenant::testing::azure;
    use crate::tenant::testing::gate;
    use crate::tenant::testing::open_gate;
    use crate::tenant::testing::record;

    #[tokio::test]
    async fn what_is_of_another_kind_than_an_operation_is_for_is_refused_before_the_gate() {
        let tried = [
            ("remove_certificate", "https://nwt-kv.vault.azure.net/deletedcertificates/move"),
            ("remove_vault_secret", "https://nwt-kv.vault.azure.net/certificates/move"),
            ("remove_diagnostic_setting", VAULT),
            ("remove_storage_account", VAULT),
            ("remove_role_assignment", VAULT),
            ("remove_resource_group", VAULT),
            ("set_vault", "/subscriptions/3c3c3c3c-3333-4ccc-8333-e0e0e0e0e003"),
        ];
        for (name, id) in tried {
            let (fake, gate) = (azure().with_resource(VAULT, json!({})), open_gate());

            let operation = operations::find(name).unwrap();
            let refused = fake.tenant().apply(&gate, operation, Some(id), Arguments::new()).await.unwrap_err();

            assert_eq!((refused.kind, &*refused.code), (Kind::Invalid, "invalid_argument"), "{name}");
            assert!(
                gate.changes().is_empty() && fake.reads().is_empty() && fake.writes().is_empty(),
                "{name}"
            );
        }
    }

    #[tokio::test]
    async fn a_vault_is_recovered_and_a_live_one_is_never_written_over() {
        let recover = || Arguments::new().with("vaultId", VAULT).with("location", "westeurope");
        let (deleted, live) = (azure(), azure().with_resource(VAULT, json!({})));
        let operation = operations::find("recover_vault").unwrap();

        deleted.tenant().apply(&open_gate(), operation, None, recover()).await.unwrap();
        let refused = live.tenant().apply(&open_gate(), operation, None, recover()).await.unwrap_err();
        let chosen = recover().with("properties", json!({"createMode": "default"}));
        let unknown = deleted.tenant().apply(&open_gate(), operation, None, chosen).await.unwrap_err();
        let low = gate(Mode::Apply, Impact::Medium);
        let above = azure().tenant().apply(&low, operation, None, recover()).await.unwrap_err();

        assert_eq!(deleted.writes()[0].1["properties"]["createMode"], "recover");
        assert_eq!((refused.kind, &*refused.code), (Kind::AlreadyExists, "already_exists"));
        assert_eq!(unknown.code, "unknown_argument");
        assert_eq!(above.kind, Kind::NotPermitted);
        assert!(live.writes().is_empty() && deleted.writes().len() == 1);
    }

    #[tokio::test]
    async fn what_is_new_takes_the_place_of_nothing() {
        const VAULT_URL: &str = "https://nwt-kv.vault.azure.net";
        let setting = format!("{VAULT}/providers/Microsoft.Insights/diagnosticSettings/service");
        let fake = azure()
            .with_resource(&setting, json!({"properties": {"workspaceId": "theirs"}}))
            .with_resource(&format!("{VAULT_URL}/certificates/move/versions/0a1b"), json!({}))
            .with_resource(&format!("{VAULT_URL}/secrets/word/versions/0a1b"), json!({}));
        let named = |name: &str| Arguments::new().with("name", name);
        let secret = |name: &str| named(name).with("value", Given::Secret("x".into()));
        let sent = |name: &str| named(name).with("resource", VAULT).with("properties", json!({}));
        let make = async |name: &str, vault: Option<&str>, arguments: Arguments| {
            let operation = operations::find(name).unwrap();
            fake.tenant().apply(&open_gate(), operation, vault, arguments).await.map(|_| ())
        };

        for refused in [
            make("new_certificate", Some(VAULT_URL), named("move")).await,
            make("new_vault_secret", Some(VAULT_URL), secret("word")).await,
            make("new_diagnostic_setting", None, sent("service")).await,
        ] {
            assert_eq!(refused.unwrap_err().kind, Kind::AlreadyExists);
        }
        assert!(fake.writes().is_empty());
        make("new_certificate", Some(VAULT_URL), named("other")).await.unwrap();
        make("new_vault_secret", Some(VAULT_URL), secret("other")).await.unwrap();
        make("new_diagnostic_setting", None, sent("other")).await.unwrap();
        assert_eq!(fake.writes().len(), 3);
    }

    #[test]
    fn a_sign_in_that_leads_to_another_tenant_is_refused() {
        let (meant, other) = (Uuid::from_u128(1), Uuid::from_u128(2));

        assert!(is_the_one(meant, Some(meant), Some(meant)).is_ok());
        assert!(is_the_one(meant, None, None).is_ok());
        for (signed_in, answering) in [
            (Some(other), Some(meant)),
            (Some(other), None),
            (None, Some(other)),
            (Some(meant), Some(other)),
        ] {
            let refused = is_the_one(meant, signed_in, answering).unwrap_err();
            assert_eq!((refused.kind, &*refused.code), (Kind::SignIn, "another_tenant"));
            assert!(refused.message.contains(&other.to_string()), "{}", refused.message);
        }
    }

    #[test]
    fn only_a_tenant_that_may_not_be_read_goes_by_the_domain_of_its_profile() {
        let shown = record(json!({"verifiedDomains": [
            {"name": "northwind.com", "isInitial": false}, {"name": "northwindtraders.onmicrosoft.com", "isInitial": true}]}));
        let refused = |kind| initial_domain(Err(Trouble::new(kind, "refused")), "northwind.com");

        assert_eq!(
            initial_domain(Ok(vec![shown]), "northwind.com").unwrap(),
            "northwindtraders.onmicrosoft.com"
        );
        assert_eq!(refused(Kind::Forbidden).unwrap(), "northwind.com");
        assert_eq!(refused(Kind::Network).unwrap_err().kind, Kind::Network);
        assert_eq!(refused(Kind::Throttled).unwrap_err().kind, Kind::Throttled);
    }
}
