//! A small sandbox without a listener, for tests of its faces.

use std::fs;
use std::sync::OnceLock;

use secrecy::ExposeSecret;
use serde_json::Value;

use super::NewOptions;
use super::Reply;
use super::Request;
use super::Store;
use super::TenantInfo;
use super::directory;
use super::entra;
use super::open;
use super::open::tenant_infos;
use super::world::World;

/// A sandbox of a few mailboxes that is gone with the test.
pub struct Desk {
    pub world: World,
    pub tenants: Vec<TenantInfo>,
    _folder: tempfile::TempDir,
}

impl Desk {
    pub fn new() -> Self {
        let folder = new_folder();
        let store = Store::open_finished(folder.path()).unwrap();
        let world = World::new(store, folder.path().to_owned(), "control".into()).unwrap();
        Self::over(world, folder)
    }

    /// A desk in a world of the test's own.
    pub fn over(world: World, folder: tempfile::TempDir) -> Self {
        let tenants = world.store.transaction(|tx| Ok::<_, rusqlite::Error>(tenant_infos(tx))).unwrap();
        Self {
            world,
            tenants,
            _folder: folder,
        }
    }

    pub fn tenant(&self, name: &str) -> &TenantInfo {
        self.tenants.iter().find(|tenant| tenant.name == name).unwrap()
    }

    /// The token request of the tenant's administrator, with some fields replaced or, when empty, left out.
    pub fn sign_in(&self, tenant: &str, fields: &[(&str, &str)]) -> (u16, Value) {
        let info = self.tenant(tenant);
        let secret = info.admin_client_secret.expose_secret();
        let mut form = vec![
            ("grant_type", "client_credentials"),
            ("client_id", &info.admin_client_id),
            ("client_secret", secret),
            ("scope", "https://graph.microsoft.com/.default"),
        ];
        for (name, value) in fields {
            form.retain(|(known, _)| known != name);
            form.push((name, value));
        }
        let encoded = form.iter().map(|(name, value)| format!("{name}={}", super::form::encode(value)));
        let mut request = request("POST", "login.microsoftonline.com", &format!("/{}/oauth2/v2.0/token", info.domain));
        request.body = encoded.collect::<Vec<_>>().join("&").into_bytes();
        read(&self.world.answer(&request))
    }

    pub fn token(&self, tenant: &str, scope: &str) -> String {
        let (status, body) = self.sign_in(tenant, &[("scope", scope)]);
        assert_eq!(status, 200, "{body}");
        body["access_token"].as_str().unwrap().to_owned()
    }

    /// The token of a person of the tenant (`cleo`, or a whole sign-in name) in a client that was granted those scopes.
    pub fn person_token(&self, tenant: &str, name: &str, audience: &str, scopes: &str) -> String {
        let principal_name = match name.contains('@') {
            true => name.to_owned(),
            false => format!("{name}@{}", self.tenant(tenant).domain),
        };
        let scopes: Vec<String> = scopes.split_whitespace().map(str::to_owned).collect();
        let issued = self.world.store.transaction(|tx| {
            let user = directory::user(tx, tenant, &principal_name).unwrap();
            let client = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";
            Ok::<_, rusqlite::Error>(entra::token::issue_for_user(tx, client, &user, audience, &scopes))
        });
        issued.unwrap().unwrap()
    }

    /// A Graph request of the tenant's administrator; `address` is below `/v1.0` and may have a query.
    pub fn graph(&self, tenant: &str, method: &str, address: &str, body: Value) -> (u16, Value) {
        let token = self.token(tenant, "https://graph.microsoft.com/.default");
        self.graph_as(&token, method, address, body)
    }

    pub fn graph_as(&self, token: &str, method: &str, address: &str, body: Value) -> (u16, Value) {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let mut request = request(method, "graph.microsoft.com", &format!("/v1.0/{path}"));
        request.query = super::form::pairs(query);
        request.headers.push(("authorization".into(), format!("Bearer {token}")));
        if !body.is_null() {
            set_json(&mut request, &body);
        }
        read(&self.world.answer(&request))
    }

    /// A Resource Manager request of the tenant's administrator; `address` may have a query, and is of version 2023-07-01 unless it
    /// says otherwise.
    pub fn arm(&self, tenant: &str, method: &str, address: &str, body: Value) -> (u16, Value) {
        let token = self.token(tenant, "https://management.azure.com/.default");
        read(&self.arm_as(&token, "management.azure.com", method, address, body))
    }

    pub fn arm_as(&self, token: &str, host: &str, method: &str, address: &str, body: Value) -> Reply {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let mut request = request(method, host, path);
        request.query = super::form::pairs(query);
        if request.parameter("api-version").is_none() {
            request.query.push(("api-version".into(), "2023-07-01".into()));
        }
        if !token.is_empty() {
            request.headers.push(("authorization".into(), format!("Bearer {token}")));
        }
        if !body.is_null() {
            set_json(&mut request, &body);
        }
        self.world.answer(&request)
    }

    /// A cmdlet of the tenant's administrator, alone or as the only item of a `$batch`.
    pub fn cmdlet(&self, tenant: &str, name: &str, parameters: Value, is_batched: bool) -> (u16, Value) {
        let token = self.token(tenant, "https://outlook.office365.com/.default");
        self.cmdlet_as(&token, tenant, name, parameters, is_batched)
    }

    pub fn cmdlet_as(&self, token: &str, tenant: &str, name: &str, parameters: Value, is_batched: bool) -> (u16, Value) {
        let path = format!("/adminapi/beta/{}/InvokeCommand", self.tenant(tenant).tenant_id);
        let body = serde_json::json!({"CmdletInput": {"CmdletName": name, "Parameters": parameters}});
        let authorization = format!("Bearer {token}");
        let host = "outlook.office365.com";
        let (path, body) = match is_batched {
            false => (path, body),
            true => {
                let item = serde_json::json!({
                    "id": "1", "method": "POST", "url": format!("https://{host}{path}"), "body": body,
                    "headers": {"authorization": authorization.as_str()},
                });
                (path.replace("InvokeCommand", "$batch"), serde_json::json!({"requests": [item]}))
            }
        };
        let mut request = request("POST", host, &path);
        request.headers.push(("authorization".into(), authorization));
        set_json(&mut request, &body);
        let (status, answer) = read(&self.world.answer(&request));
        match is_batched {
            false => (status, answer),
            true => {
                let item = &answer["responses"][0];
                (item["status"].as_u64().unwrap() as u16, item["body"].clone())
            }
        }
    }

    /// `/subscriptions/{id}` of the tenant.
    pub fn subscription(&self, tenant: &str) -> String {
        let read = self
            .world
            .store
            .transaction(|tx| Ok::<_, rusqlite::Error>(super::azure::subscriptions(tx, tenant)));
        format!("/subscriptions/{}", read.unwrap()[0].text("subscriptionId"))
    }

    /// An application of `northwind` with `Mailbox.Migration` asked for, and a secret: application id and secret.
    pub fn migration_application(&self) -> (String, String) {
        let body = serde_json::json!({"displayName": "move", "signInAudience": "AzureADMultipleOrgs"});
        let (status, application) = self.graph("northwind", "POST", "applications", body);
        assert_eq!(status, 201, "{application}");
        let address = format!("applications/{}/addPassword", application["id"].as_str().unwrap());
        let (status, secret) = self.graph("northwind", "POST", &address, serde_json::json!({}));
        assert_eq!(status, 200, "{secret}");
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        (text(&application["appId"]), text(&secret["secretText"]))
    }

    pub fn app_roles(&self, tenant: &str, app_id: &str, resource: &str) -> Vec<String> {
        let read = self
            .world
            .store
            .transaction(|tx| Ok::<_, rusqlite::Error>(directory::app_roles(tx, tenant, app_id, resource)));
        read.unwrap()
    }
}

/// A folder with a sandbox of its own: a copy of one that is made once, as making its keys takes time.
pub fn new_folder() -> tempfile::TempDir {
    static TEMPLATE: OnceLock<tempfile::TempDir> = OnceLock::new();
    let template = TEMPLATE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let options = NewOptions {
            mailboxes: 10,
            ..NewOptions::default()
        };
        open::create(folder.path(), &options).unwrap();
        folder
    });
    let folder = tempfile::tempdir().unwrap();
    for file in fs::read_dir(template.path()).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), folder.path().join(file.file_name())).unwrap();
    }
    folder
}

pub fn request(method: &str, host: &str, path: &str) -> Request {
    Request {
        method: method.into(),
        host: host.into(),
        path: path.into(),
        query: Vec::new(),
        headers: Vec::new(),
        body: Vec::new(),
    }
}

/// Gives the request a body of JSON.
pub fn set_json(request: &mut Request, body: &Value) {
    request.headers.push(("content-type".into(), "application/json".into()));
    request.body = body.to_string().into_bytes();
}

pub fn read(reply: &Reply) -> (u16, Value) {
    (reply.status, serde_json::from_slice(&reply.body).unwrap_or_default())
}
