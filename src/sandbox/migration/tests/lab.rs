//! Two tenants that are set up for moves, and short words for what tests do with them.

use jiff::SignedDuration;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::sandbox::Caller;
use crate::sandbox::NewOptions;
use crate::sandbox::Object;
use crate::sandbox::Store;
use crate::sandbox::Tx;
use crate::sandbox::directory;
use crate::sandbox::exchange;
use crate::sandbox::exchange::Answer;
use crate::sandbox::exchange::Call;
use crate::sandbox::exchange::Cmdlet;
use crate::sandbox::exchange::endpoint;
use crate::sandbox::exchange::recipient;
use crate::sandbox::exchange::relationship;
use crate::sandbox::ids;
use crate::sandbox::migration::CMDLETS;
use crate::sandbox::migration::run_event;
use crate::sandbox::population;
use crate::sandbox::world::World;

pub const APP: &str = "5e5e5e5e-3333-4333-8333-c0ffee000003";
pub const SECRET: &str = "the.secret~of.the.migration.app";
pub const DELIVERY: &str = "northwindtraders.onmicrosoft.com";

/// Both tenants, in one transaction that is never committed.
pub struct Lab<'a> {
    pub tx: &'a Tx<'a>,
}

fn people() -> NewOptions {
    NewOptions {
        mailboxes: 28,
        ..NewOptions::default()
    }
}

/// Runs a test in a freshly seeded pair of tenants with application, consent, relationships, scope and endpoint.
pub fn lab(test: impl FnOnce(&Lab<'_>)) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let store = Store::open(folder.path()).expect("a store");
    let done: rusqlite::Result<()> = store.transaction(|tx| {
        tx.set_now(NewOptions::default().start)?;
        population::seed(tx, &people())?;
        let lab = Lab { tx };
        lab.set_up()?;
        test(&lab);
        Ok(())
    });
    done.expect("the test's transaction");
}

/// The same world outside of a transaction, so that its own clock can be moved.
pub fn world() -> (tempfile::TempDir, World) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let store = Store::open(folder.path()).expect("a store");
    let done: rusqlite::Result<()> = store.transaction(|tx| {
        tx.set_now(NewOptions::default().start)?;
        population::seed(tx, &people())?;
        Lab { tx }.set_up()
    });
    done.expect("the set-up");
    let world = World::new(store, folder.path().to_owned(), "control".into()).expect("a world");
    (folder, world)
}

fn object(tenant: &str, kind: &str, body: Value) -> Object {
    Object::new(tenant, kind, body.as_object().cloned().unwrap_or_default())
}

impl Lab<'_> {
    fn set_up(&self) -> rusqlite::Result<()> {
        let tx = self.tx;
        let mut application = object(
            "northwind",
            "application",
            json!({"id": "a0a0a0a0-0000-4000-8000-000000000001", "appId": APP, "displayName": "Mover", "signInAudience": "AzureADMultipleOrgs"}),
        );
        let end = tx.now() + SignedDuration::from_hours(24 * 200);
        directory::add_secret(&mut application, None, SECRET, tx.now(), end);
        directory::store_application(tx, &application)?;
        for tenant in ["contoso", "northwind"] {
            let principal = directory::add_principal(tx, tenant, &application)?;
            let exchange = directory::service_principal(tx, tenant, ids::EXCHANGE).expect("Exchange is installed");
            directory::grant_app_role(tx, &principal, &exchange, ids::MAILBOX_MIGRATION)?;
        }
        let scope = self.one("contoso", "kermit-scope@contoso.com");
        self.relationship(
            "northwind",
            json!({"Name": "in", "MailboxMoveCapability": "Inbound"}),
            &directory::tenant_id(tx, "contoso"),
        )?;
        self.relationship(
            "contoso",
            json!({"Name": "out", "MailboxMoveCapability": "RemoteOutbound", "OAuthApplicationId": APP, "_Scopes": [scope.text("Guid")]}),
            &directory::tenant_id(tx, "northwind"),
        )?;
        let endpoint = object(
            "northwind",
            endpoint::KIND,
            json!({"Name": "from-contoso", "Guid": "e0d90011-0000-4000-8000-c0ffee000061", "EndpointType": "ExchangeRemoteMove",
                "RemoteServer": "outlook.office.com", "RemoteTenant": "contoso.onmicrosoft.com", "ApplicationId": APP,
                "MaxConcurrentMigrations": "100", "_UserName": APP, "_Secret": SECRET}),
        );
        tx.put(&endpoint, [("name", "from-contoso".to_owned())])
    }

    pub fn relationship(&self, tenant: &str, body: Value, partner: &str) -> rusqlite::Result<Object> {
        let mut made = object(
            tenant,
            relationship::KIND,
            json!({"Enabled": true, "MailboxMoveEnabled": true, "DomainNames": [partner]}),
        );
        made.body.extend(body.as_object().cloned().unwrap_or_default());
        self.tx.put(&made, [("name", made.text("Name").to_owned())])?;
        Ok(made)
    }

    /// The recipient of that name.
    pub fn one(&self, tenant: &str, name: &str) -> Object {
        let found = recipient::resolve(self.tx, tenant, name).expect("a look-up").into_iter().next();
        found.unwrap_or_else(|| panic!("no {name} in {tenant}"))
    }

    /// Changes the row of a recipient.
    pub fn edit(&self, tenant: &str, name: &str, property: &str, value: impl Into<Value>) {
        let mut found = self.one(tenant, name);
        found.set(property, value);
        recipient::store(self.tx, &found).expect("a stored recipient");
    }

    /// Changes the only row of a kind.
    pub fn edit_kind(&self, tenant: &str, kind: &str, property: &str, value: impl Into<Value>) {
        let mut found = self.tx.list(tenant, kind).expect("a list").remove(0);
        found.set(property, value);
        self.tx.update(&found).expect("a stored row");
    }

    /// Makes the perfect MailUser for a mailbox of contoso and returns its address.
    pub fn prepare(&self, alias: &str) -> String {
        let source = self.one("contoso", alias);
        let name = recipient::primary_address(&source).split('@').next().unwrap_or_default().to_owned();
        let address = format!("{name}@northwind.com");
        let user = object(
            "northwind",
            "user",
            json!({"id": uuid::Uuid::new_v4().to_string(), "userPrincipalName": address, "displayName": source.text("DisplayName"),
                "userType": "Member", "assignedLicenses": []}),
        );
        directory::store_user(self.tx, &user).expect("a stored user");
        let mut target = recipient::new(
            self.tx,
            "northwind",
            "MailUser",
            &format!("{alias}-moves"),
            &format!("{alias}-moves"),
        );
        target.set("DisplayName", source.text("DisplayName"));
        target.set("ExternalDirectoryObjectId", user.text("id"));
        target.set("UserPrincipalName", address.as_str());
        target.set("ExchangeGuid", source.text("ExchangeGuid"));
        target.set("ArchiveGuid", source.text("ArchiveGuid"));
        target.set("ExternalEmailAddress", format!("SMTP:{alias}@contoso.onmicrosoft.com"));
        target.set(
            "EmailAddresses",
            json!([
                format!("SMTP:{address}"),
                format!("smtp:{alias}@{DELIVERY}"),
                format!("X500:{}", source.text("LegacyExchangeDN"))
            ]),
        );
        recipient::store(self.tx, &target).expect("a stored mail user");
        address
    }

    /// Takes relationships and endpoint away; application and consent stay.
    pub fn forget_set_up(&self) {
        for (tenant, kind) in [
            ("northwind", relationship::KIND),
            ("contoso", relationship::KIND),
            ("northwind", endpoint::KIND),
        ] {
            for found in self.tx.list(tenant, kind).expect("a list") {
                self.tx.delete(&found.id).expect("a deletion");
            }
        }
    }

    /// Runs any cmdlet of Exchange in a tenant and returns its objects.
    pub fn cmdlet(&self, tenant: &str, name: &str, parameters: Value) -> Vec<Map<String, Value>> {
        let cmdlet = exchange::cmdlet(name).unwrap_or_else(|| panic!("no {name}"));
        let answer = self.call(tenant, cmdlet, parameters);
        answer.unwrap_or_else(|refusal| panic!("{name}: {}", refusal.text)).value
    }

    /// Runs a cmdlet of the engine in northwind.
    pub fn run(&self, name: &str, parameters: Value) -> Answer {
        let cmdlet = CMDLETS
            .iter()
            .find(|cmdlet| cmdlet.name == name)
            .unwrap_or_else(|| panic!("no {name}"));
        self.call("northwind", cmdlet, parameters)
    }

    fn call(&self, tenant: &str, cmdlet: &Cmdlet, parameters: Value) -> Answer {
        let name = cmdlet.name;
        let parameters = parameters.as_object().cloned().unwrap_or_default();
        for given in parameters.keys() {
            assert!(cmdlet.parameters.iter().any(|(known, _)| known == given), "{name} has no {given}");
        }
        let caller = Caller {
            tenant: tenant.into(),
            app_id: "admin".into(),
            object_id: "admin".into(),
            roles: Vec::new(),
            directory_roles: Vec::new(),
            scopes: None,
        };
        let call = Call {
            tx: self.tx,
            tenant,
            caller: &caller,
            parameters,
        };
        (cmdlet.run)(&call)
    }

    /// Submits a batch of these addresses and starts it.
    pub fn submit(&self, name: &str, addresses: &[impl AsRef<str>], more: Value) -> Map<String, Value> {
        let csv = format!(
            "EmailAddress\r\n{}\r\n",
            addresses.iter().map(AsRef::as_ref).collect::<Vec<_>>().join("\r\n")
        );
        let mut parameters = json!({"Name": name, "SourceEndpoint": "from-contoso", "TargetDeliveryDomain": DELIVERY, "AutoStart": true,
            "CSVData": csv.into_bytes()});
        parameters
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().cloned().unwrap_or_default());
        self.run("New-MigrationBatch", parameters).expect("a batch").value.remove(0)
    }

    pub fn batch(&self, name: &str) -> Map<String, Value> {
        self.run("Get-MigrationBatch", json!({"Identity": name}))
            .expect("the batch")
            .value
            .remove(0)
    }

    pub fn user(&self, address: &str) -> Map<String, Value> {
        self.run("Get-MigrationUserStatistics", json!({"Identity": address}))
            .expect("the user")
            .value
            .remove(0)
    }

    pub fn status(&self, address: &str) -> String {
        self.user(address)["Status"].as_str().unwrap_or_default().to_owned()
    }

    /// Lets time go by, as the sandbox's clock does.
    pub fn advance(&self, duration: SignedDuration) {
        let until = self.tx.now() + duration;
        while let Some(event) = self.tx.take_due(until).expect("the queue") {
            self.tx.set_now(event.due.max(self.tx.now())).expect("the clock");
            run_event(self.tx, &event).expect("the event");
        }
        self.tx.set_now(until).expect("the clock");
    }

    pub fn hours(&self, hours: i64) {
        self.advance(SignedDuration::from_hours(hours));
    }
}
