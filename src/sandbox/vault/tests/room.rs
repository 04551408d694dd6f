//! A vault of northwind, and short words for what tests do with it.

use serde_json::Value;
use serde_json::json;

use super::super::answer;
use super::super::run_event;
use crate::sandbox::Caller;
use crate::sandbox::Object;
use crate::sandbox::Reply;
use crate::sandbox::Tx;
use crate::sandbox::azure;
use crate::sandbox::directory;
use crate::sandbox::ids;
use crate::sandbox::testing::Desk;
use crate::sandbox::testing::read;
use crate::sandbox::testing::request;
use crate::sandbox::testing::set_json;

pub const HOST: &str = "nwt-move-kv.vault.azure.net";
pub const ALL: &[&str] = &["get", "list", "create", "update", "delete", "recover", "purge", "import"];
pub const SECRETS: &[&str] = &["get", "list", "set", "delete", "recover", "purge"];

pub struct Room {
    pub desk: Desk,
    token: String,
}

impl Room {
    /// With a vault in which the administrator may do everything.
    pub fn new() -> Self {
        Self::of(Desk::new())
    }

    /// As [`Room::new`], in a sandbox of the test's own.
    pub fn of(desk: Desk) -> Self {
        desk.world.store.transaction(|tx| vault(tx, json!({}))).unwrap();
        let token = desk.token("northwind", "https://vault.azure.net/.default");
        Self { desk, token }
    }

    /// Changes properties of the vault.
    pub fn set(&self, properties: Value) {
        self.desk
            .world
            .store
            .transaction(|tx| {
                let mut vault = azure::vault(tx, "nwt-move-kv").unwrap();
                for (name, value) in properties.as_object().unwrap() {
                    vault.body["properties"][name] = value.clone();
                }
                azure::store_vault(tx, &vault)
            })
            .unwrap();
    }

    /// A call of the administrator; `address` is a path and may have a query.
    pub fn call(&self, method: &str, address: &str, body: Value) -> (u16, Value) {
        read(&self.reply(&self.token, method, address, body))
    }

    pub fn reply(&self, token: &str, method: &str, address: &str, body: Value) -> Reply {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let mut request = request(method, HOST, &format!("/{path}"));
        request.query = vec![("api-version".into(), "7.5".into())];
        request.query.extend(crate::sandbox::form::pairs(query));
        if !token.is_empty() {
            request.headers.push(("authorization".into(), format!("Bearer {token}")));
        }
        if !body.is_null() {
            set_json(&mut request, &body);
        }
        self.desk.world.answer(&request)
    }

    /// Asks for a self-signed certificate with these parts of its policy, and waits for it.
    pub fn make(&self, name: &str, policy: Value) -> Value {
        let (status, operation) = self.call("POST", &format!("certificates/{name}/create"), self_signed(policy));
        assert_eq!(status, 202, "{operation}");
        self.seconds(10);
        let (status, bundle) = self.call("GET", &format!("certificates/{name}/"), Value::Null);
        assert_eq!(status, 200, "{bundle}");
        bundle
    }

    pub fn seconds(&self, seconds: u64) {
        self.desk.world.advance(std::time::Duration::from_secs(seconds)).unwrap();
    }

    pub fn code(&self, method: &str, address: &str, body: Value) -> (u16, String, String) {
        let (status, answer) = self.call(method, address, body);
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let error = &answer["error"];
        (status, text(&error["code"]), text(&error["innererror"]["code"]))
    }
}

/// The body that asks for a self-signed certificate with these parts of its policy.
pub fn self_signed(policy: Value) -> Value {
    let mut body = json!({"policy": {"issuer": {"name": "Self"}, "x509_props": {"subject": "CN=northwind_contoso_4711"}}});
    for (part, value) in policy.as_object().into_iter().flatten() {
        body["policy"][part] = value.clone();
    }
    body
}

/// Makes the vault, with everything permitted to the administrator unless `properties` say otherwise.
pub fn vault(tx: &Tx<'_>, properties: Value) -> rusqlite::Result<Object> {
    let tenant_id = directory::tenant_id(tx, "northwind");
    let admin = directory::admin(tx, "northwind").unwrap();
    let admin = directory::service_principal(tx, "northwind", &admin.client_id).unwrap();
    let subscription = azure::subscriptions(tx, "northwind").remove(0);
    let mut held = json!({
        "tenantId": tenant_id, "sku": {"family": "A", "name": "standard"}, "enableRbacAuthorization": false, "enableSoftDelete": true,
        "softDeleteRetentionInDays": 90,
        "accessPolicies": [{"tenantId": tenant_id, "objectId": admin.text("id"), "permissions": {"certificates": ALL, "secrets": SECRETS}}],
    });
    for (name, value) in properties.as_object().into_iter().flatten() {
        held[name] = value.clone();
    }
    let body = json!({
        "name": "nwt-move-kv", "location": "westeurope", "tags": {}, "_resourceGroup": "rg-move",
        "_subscription": subscription.text("subscriptionId"), "_readyAt": tx.now().to_string(), "properties": held,
    });
    let vault = Object::new("northwind", "vault", body.as_object().cloned().unwrap());
    azure::store_vault(tx, &vault)?;
    Ok(vault)
}

/// Lets Exchange read certificates and secrets, to this extent, beside what the administrator may do.
pub fn permit_exchange(tx: &Tx<'_>, certificates: &[&str], secrets: &[&str]) {
    let mut vault = azure::vault(tx, "nwt-move-kv").unwrap();
    let exchange = directory::service_principal(tx, "northwind", ids::EXCHANGE).unwrap();
    let policies = vault.body["properties"]["accessPolicies"].as_array_mut().unwrap();
    policies.truncate(1);
    policies.push(json!({"objectId": exchange.text("id"), "permissions": {"certificates": certificates, "secrets": secrets}}));
    azure::store_vault(tx, &vault).unwrap();
}

/// Sends the audit log of the vault to a storage account, and returns the account.
pub fn audited(tx: &Tx<'_>) -> Object {
    let vault = azure::vault(tx, "nwt-move-kv").unwrap();
    let body = json!({
        "name": "nwtaudit", "location": "westeurope", "_subscription": vault.text("_subscription"), "_resourceGroup": "rg-move",
        "_readyAt": tx.now().to_string(),
    });
    let account = Object::new("northwind", "storageAccount", body.as_object().cloned().unwrap());
    azure::store_account(tx, &account).unwrap();
    let body = json!({
        "name": "service", "_resource": azure::vault_id(&vault),
        "properties": {"storageAccountId": azure::account_id(&account), "logs": [{"category": "AuditEvent", "enabled": true}]},
    });
    let setting = Object::new("northwind", "diagnosticSetting", body.as_object().cloned().unwrap());
    azure::store_setting(tx, &setting).unwrap();
    account
}

/// A call of the administrator inside a transaction.
pub fn call_in(tx: &Tx<'_>, method: &str, path: &str, body: Value) -> Value {
    let vault = azure::vault(tx, "nwt-move-kv").unwrap();
    let admin = directory::admin(tx, "northwind").unwrap();
    let principal = directory::service_principal(tx, "northwind", &admin.client_id).unwrap();
    let caller = Caller {
        tenant: "northwind".into(),
        object_id: principal.text("id").into(),
        app_id: admin.client_id,
        roles: Vec::new(),
        directory_roles: Vec::new(),
        scopes: None,
    };
    let mut request = request(method, HOST, path);
    request.query = vec![("api-version".into(), "7.5".into())];
    request.body = body.to_string().into_bytes();
    read(&answer(tx, &vault, &caller, &request).unwrap()).1
}

/// Makes a certificate in the vault, puts it among the keys of the application, and returns its address with the port.
pub fn certificate_of(tx: &Tx<'_>, app_id: &str, policy: Value) -> String {
    call_in(tx, "POST", "/certificates/move/create", self_signed(policy));
    let event = tx.take_due(tx.now() + jiff::SignedDuration::from_secs(10)).unwrap().unwrap();
    tx.set_now(event.due).unwrap();
    run_event(tx, &event).unwrap();
    let bundle = call_in(tx, "GET", "/certificates/move", json!({}));
    let mut application = directory::application(tx, app_id).unwrap();
    let end = jiff::Timestamp::from_second(bundle["attributes"]["exp"].as_i64().unwrap()).unwrap();
    application.set("keyCredentials", json!([{"key": bundle["cer"], "endDateTime": end.to_string()}]));
    directory::store_application(tx, &application).unwrap();
    bundle["id"].as_str().unwrap().replace(HOST, &format!("{HOST}:443"))
}
