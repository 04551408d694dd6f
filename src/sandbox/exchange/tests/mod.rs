//! The face as a client meets it: requests in, replies out, on a small world of two tenants.

mod endpoints;
mod licences;
mod mail_users;
mod organizations;
mod people;
mod protocol;
mod recipients;

use std::sync::LazyLock;

use jiff::SignedDuration;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;
use tempfile::TempDir;

use crate::sandbox::Object;
use crate::sandbox::Reply;
use crate::sandbox::Request;
use crate::sandbox::Store;
use crate::sandbox::Tx;
use crate::sandbox::directory;
use crate::sandbox::entra;
use crate::sandbox::exchange;
use crate::sandbox::exchange::recipient;
use crate::sandbox::ids;

const ANCHOR: &str = "APP:SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}@northwindtraders.onmicrosoft.com";

/// A store with both tenants and their administrators, and the client that speaks to it.
struct Site {
    store: Store,
    _folder: TempDir,
}

/// What a call came to.
#[derive(Debug)]
struct Seen {
    status: u16,
    value: Vec<Value>,
    warnings: Vec<String>,
    exception: String,
    text: String,
    body: Value,
}

/// The world as it is made once; making its keys is what takes time.
static FRESH: LazyLock<TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let made: rusqlite::Result<()> = store.transaction(|tx| {
        tx.set_now("2026-01-05T08:00:00Z".parse().unwrap())?;
        entra::keys::install(tx)?;
        for (short, initial, domain, id) in [
            (
                "contoso",
                "contoso.onmicrosoft.com",
                "contoso.com",
                "0c0c0c0c-1111-4111-8111-c0ffee000001",
            ),
            (
                "northwind",
                "northwindtraders.onmicrosoft.com",
                "northwind.com",
                "0d0d0d0d-2222-4222-8222-c0ffee000002",
            ),
        ] {
            let mut tenant = Object::new(short, "tenant", Map::new());
            tenant.set("name", short);
            tenant.set("id", id);
            tenant.set("displayName", short);
            let domains = json!([
                {"name": initial, "isInitial": true, "isDefault": false},
                {"name": domain, "isInitial": false, "isDefault": true},
            ]);
            tenant.set("domains", domains);
            tenant.set("isDehydrated", false);
            directory::store_tenant(tx, &tenant)?;
            directory::install_microsoft(tx, short)?;
            directory::install_admin(tx, short)?;
        }
        Ok(())
    });
    made.unwrap();
    folder
});

impl Site {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::copy(FRESH.path().join("state.db"), folder.path().join("state.db")).unwrap();
        let store = Store::open(folder.path()).unwrap();
        Self { store, _folder: folder }
    }

    /// Changes or reads the world behind the face.
    fn write<T>(&self, work: impl FnOnce(&Tx<'_>) -> T) -> T {
        let result: rusqlite::Result<T> = self.store.transaction(|tx| Ok(work(tx)));
        result.unwrap()
    }

    fn advance(&self, time: SignedDuration) {
        self.write(|tx| tx.set_now(tx.now() + time).unwrap());
    }

    /// A token of the tenant's administrator.
    fn token(&self, tenant: &str) -> String {
        self.write(|tx| {
            let admin = directory::admin(tx, tenant).unwrap();
            let application = directory::application(tx, &admin.client_id).unwrap();
            let principal = directory::service_principal(tx, tenant, &admin.client_id).unwrap();
            let proof = entra::token::Proof::Secret;
            entra::token::issue(tx, &application, &principal, "https://outlook.office365.com", proof).unwrap()
        })
    }

    /// The token of another application of the tenant, with this app role and this directory role.
    fn token_with(&self, tenant: &str, role: Option<&str>, directory_role: Option<&str>) -> String {
        self.write(|tx| {
            let mut application = Object::new(tenant, "application", Map::new());
            application.set("id", uuid::Uuid::new_v4().to_string());
            application.set("appId", uuid::Uuid::new_v4().to_string());
            application.set("displayName", "another client");
            directory::store_application(tx, &application).unwrap();
            let principal = directory::add_principal(tx, tenant, &application).unwrap();
            if let Some(role) = role {
                let resource = directory::service_principal(tx, tenant, ids::EXCHANGE).unwrap();
                let id = ids::app_role(ids::EXCHANGE, role).unwrap();
                directory::grant_app_role(tx, &principal, &resource, id).unwrap();
            }
            if let Some(template) = directory_role {
                directory::assign_directory_role(tx, tenant, principal.text("id"), template).unwrap();
            }
            let proof = entra::token::Proof::Secret;
            entra::token::issue(tx, &application, &principal, "https://outlook.office365.com", proof).unwrap()
        })
    }

    fn request(&self, tenant: &str, token: &str, cmdlet: &str, parameters: Value) -> Request {
        let id = self.write(|tx| directory::tenant_id(tx, tenant));
        Request {
            method: "POST".into(),
            host: "outlook.office365.com".into(),
            path: format!("/adminapi/beta/{id}/InvokeCommand"),
            query: Vec::new(),
            headers: vec![
                ("authorization".into(), format!("Bearer {token}")),
                ("x-anchormailbox".into(), ANCHOR.into()),
            ],
            body: json!({"CmdletInput": {"CmdletName": cmdlet, "Parameters": parameters}})
                .to_string()
                .into_bytes(),
        }
    }

    fn send(&self, request: &Request) -> Reply {
        self.write(|tx| exchange::handle(tx, request))
    }

    /// Runs a cmdlet as the tenant's administrator, with the questions of high impact answered.
    fn run(&self, tenant: &str, cmdlet: &str, mut parameters: Value) -> Seen {
        if !cmdlet.to_lowercase().starts_with("get-") {
            parameters["Confirm"] = json!(false);
        }
        let request = self.request(tenant, &self.token(tenant), cmdlet, parameters);
        Seen::of(&self.send(&request))
    }

    /// Like `run`, of a call that must succeed.
    fn done(&self, tenant: &str, cmdlet: &str, parameters: Value) -> Seen {
        let seen = self.run(tenant, cmdlet, parameters);
        assert_eq!(seen.status, 200, "{cmdlet}: {} {}", seen.exception, seen.text);
        seen
    }

    /// The only record of a `Get-` by identity.
    fn get(&self, tenant: &str, cmdlet: &str, identity: &str) -> Value {
        let mut seen = self.done(tenant, cmdlet, json!({"Identity": identity}));
        assert_eq!(seen.value.len(), 1);
        seen.value.remove(0)
    }

    /// A mailbox of the source with a licensed user.
    fn mailbox(&self, tenant: &str, local_part: &str, sku: &str) -> Object {
        self.write(|tx| {
            let domain = directory::default_domain(tx, tenant);
            let initial = directory::initial_domain(tx, tenant);
            let address = format!("{local_part}@{domain}");
            let user = self.user(tx, tenant, local_part, sku);
            let mut row = recipient::new(tx, tenant, "UserMailbox", local_part, local_part);
            row.set("UserPrincipalName", address.as_str());
            row.set("ExternalDirectoryObjectId", user.text("id"));
            row.set("ExchangeGuid", uuid::Uuid::new_v4().to_string());
            let proxies = json!([format!("SMTP:{address}"), format!("smtp:{local_part}@{initial}")]);
            row.set("EmailAddresses", proxies);
            recipient::store(tx, &row).unwrap();
            tx.get(&row.id).unwrap().unwrap()
        })
    }

    fn user(&self, tx: &Tx<'_>, tenant: &str, local_part: &str, sku: &str) -> Object {
        let mut user = Object::new(tenant, "user", Map::new());
        user.set("id", uuid::Uuid::new_v4().to_string());
        user.set(
            "userPrincipalName",
            format!("{local_part}@{}", directory::default_domain(tx, tenant)),
        );
        user.set("displayName", local_part);
        user.set("userType", "Member");
        user.set("accountEnabled", true);
        let licences = ids::sku(sku).map(|sku| json!({"skuId": sku.id, "disabledPlans": []}));
        user.set("assignedLicenses", licences.into_iter().collect::<Vec<_>>());
        directory::store_user(tx, &user).unwrap();
        user
    }

    /// Changes a user's licences as Graph does.
    fn license(&self, tenant: &str, user_id: &str, skus: &[&str]) {
        self.write(|tx| {
            let mut user = directory::user(tx, tenant, user_id).unwrap();
            let licences = skus
                .iter()
                .map(|sku| json!({"skuId": ids::sku(sku).unwrap().id, "disabledPlans": []}));
            user.set("assignedLicenses", licences.collect::<Vec<_>>());
            directory::store_user(tx, &user).unwrap();
            exchange::licence_changed(tx, tenant, user_id).unwrap();
        });
    }

    /// Lara Newton's mail user in the target, as a first step of every preparation.
    fn new_lara(&self) -> Value {
        let parameters = json!({
            "Name": "Lara Newton",
            "MicrosoftOnlineServicesID": "Lara.Newton@northwind.com",
            "PrimarySmtpAddress": "Lara.Newton@northwind.com",
            "ExternalEmailAddress": "LaraN@contoso.onmicrosoft.com",
            "Alias": "LaraN",
            "Password": "not-a-real-1",
        });
        self.done("northwind", "New-MailUser", parameters).value.remove(0)
    }
}

impl Seen {
    fn of(reply: &Reply) -> Self {
        let body: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
        let message = body["error"]["details"][0]["message"].as_str().unwrap_or_default();
        let parts: Vec<&str> = message.splitn(3, '|').collect();
        let part = |at: usize| parts.get(at).copied().unwrap_or_default().to_owned();
        let warnings = body["@adminapi.warnings"].as_array().into_iter().flatten();
        Self {
            status: reply.status,
            value: body["value"].as_array().cloned().unwrap_or_default(),
            warnings: warnings.filter_map(Value::as_str).map(str::to_owned).collect(),
            exception: part(1).rsplit('.').next().unwrap_or_default().to_owned(),
            text: part(2),
            body,
        }
    }

    #[track_caller]
    fn is_refused(&self, status: u16, exception: &str) {
        assert_eq!((self.status, self.exception.as_str()), (status, exception), "{}", self.text);
    }
}
