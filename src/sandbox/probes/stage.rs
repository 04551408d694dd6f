//! A pair of tenants in which there is one of everything that operations are about.

use serde_json::Value;
use serde_json::json;

use crate::sandbox::Request;
use crate::sandbox::entra;
use crate::sandbox::form;
use crate::sandbox::migration::tests::lab;
use crate::sandbox::testing::Desk;
use crate::sandbox::testing::read;
use crate::sandbox::testing::request;
use crate::sandbox::testing::set_json;
use crate::sandbox::vault::tests::room;
use crate::sandbox::vault::tests::room::Room;
use crate::sandbox::vault::tests::room::self_signed;

pub const CLI: &str = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";
pub const LOGIN: &str = "login.microsoftonline.com";
pub const GUEST_APP: &str = "xt.invited@elsewhere.example";

/// The tenants, and what is in them.
pub struct Stage {
    pub room: Room,
    /// Tokens of northwind's administrator, by service.
    pub tokens: Vec<(&'static str, String)>,
    /// Ids by what they are of.
    ids: Vec<(&'static str, String)>,
}

impl Stage {
    pub fn new() -> Self {
        let (folder, world) = lab::world();
        world.store.transaction(entra::keys::install).unwrap();
        let room = Room::of(Desk::over(world, folder));
        let mut stage = Self {
            room,
            tokens: Vec::new(),
            ids: Vec::new(),
        };
        stage.sign_in();
        stage.furnish_azure();
        stage.furnish_vault();
        stage.furnish_directory();
        stage.furnish_login();
        stage
    }

    /// Gets new tokens, as those of an hour ago have ended.
    pub fn sign_in(&mut self) {
        let audiences = [
            ("graph", "https://graph.microsoft.com"),
            ("exchange", "https://outlook.office365.com"),
            ("arm", "https://management.azure.com"),
            ("vault", "https://vault.azure.net"),
            ("blob", "https://storage.azure.com"),
        ];
        let tokens = audiences.map(|(name, audience)| (name, self.desk().token("northwind", &format!("{audience}/.default"))));
        self.tokens = tokens.to_vec();
    }

    pub fn desk(&self) -> &Desk {
        &self.room.desk
    }

    pub fn token(&self, service: &str) -> &str {
        let found = self.tokens.iter().find(|(name, _)| *name == service);
        found.map_or("", |(_, token)| token)
    }

    /// The id of something.
    pub fn id(&self, name: &str) -> &str {
        let found = self.ids.iter().find(|(known, _)| *known == name);
        found.map_or_else(|| panic!("no {name}"), |(_, id)| id)
    }

    fn know(&mut self, name: &'static str, id: impl Into<String>) {
        self.ids.push((name, id.into()));
    }

    fn furnish_azure(&mut self) {
        let subscription = self.desk().subscription("northwind");
        self.know("subscriptionId", subscription.trim_start_matches("/subscriptions/"));
        self.know("tenantId", self.desk().tenant("northwind").tenant_id.clone());
        let group = format!("{subscription}/resourceGroups/rg-move");
        self.made(self.desk().arm("northwind", "PUT", &group, json!({"location": "westeurope"})));
        for namespace in ["Microsoft.KeyVault", "Microsoft.Storage", "Microsoft.Insights"] {
            let path = format!("{subscription}/providers/{namespace}/register");
            self.made(self.desk().arm("northwind", "POST", &path, json!({})));
        }
        self.room.seconds(300);
        let store = &self.desk().world.store;
        store.transaction(|tx| Ok::<_, rusqlite::Error>(room::audited(tx))).unwrap();
        let old = format!("{group}/providers/Microsoft.KeyVault/vaults/nwt-old-kv");
        let properties = json!({"tenantId": self.id("tenantId"), "sku": {"family": "A", "name": "standard"}, "accessPolicies": []});
        let body = json!({"location": "westeurope", "properties": properties});
        self.made(self.desk().arm("northwind", "PUT", &old, body));
        self.room.seconds(60);
        self.made(self.desk().arm("northwind", "DELETE", &old, Value::Null));
    }

    fn furnish_vault(&mut self) {
        self.room.make("move", json!({}));
        self.room.make("gone", json!({}));
        let version = |stage: &Self, address: &str| {
            let (_, shown) = stage.room.call("GET", address, Value::Null);
            shown["id"]
                .as_str()
                .unwrap_or_default()
                .rsplit('/')
                .next()
                .unwrap_or_default()
                .to_owned()
        };
        self.made(self.room.call("PUT", "secrets/word", json!({"value": "hush"})));
        self.made(self.room.call("PUT", "secrets/past", json!({"value": "hush"})));
        let (certificate, secret) = (version(self, "certificates/move"), version(self, "secrets/word"));
        self.know("certificateVersion", certificate);
        self.know("secretVersion", secret);
        self.made(self.room.call(
            "POST",
            "certificates/waiting/create",
            self_signed(json!({"issuer": {"name": "Unknown"}})),
        ));
        self.made(self.room.call("DELETE", "certificates/gone", Value::Null));
        self.made(self.room.call("DELETE", "secrets/past", Value::Null));
    }

    fn furnish_directory(&mut self) {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let graph = |stage: &Self, method: &str, address: &str, body: Value| stage.desk().graph("northwind", method, address, body);
        let application =
            json!({"displayName": "tool", "publicClient": {"redirectUris": ["http://localhost"]}, "isFallbackPublicClient": true});
        let application = self.made(graph(self, "POST", "applications", application));
        self.know("application", text(&application["id"]));
        self.know("appId", text(&application["appId"]));
        let spare = self.made(graph(self, "POST", "applications", json!({"displayName": "spare"})));
        self.know("spare", text(&spare["appId"]));
        let address = format!("applications/{}/addPassword", self.id("application"));
        let secret = self.made(graph(self, "POST", &address, json!({})));
        self.know("keyId", text(&secret["keyId"]));
        self.know("appSecret", text(&secret["secretText"]));
        let principal = self.made(graph(self, "POST", "servicePrincipals", json!({"appId": self.id("appId")})));
        self.know("principal", text(&principal["id"]));
        let resource = |app_id: &str| {
            let (_, found) = graph(self, "GET", &format!("servicePrincipals(appId='{app_id}')"), Value::Null);
            text(&found["id"])
        };
        let (graph_principal, exchange) = (
            resource("00000003-0000-0000-c000-000000000000"),
            resource("00000002-0000-0ff1-ce00-000000000000"),
        );
        self.know("graphPrincipal", graph_principal);
        self.know("exchangePrincipal", exchange);
        let user = json!({"displayName": "Ida", "mailNickname": "ida", "userPrincipalName": "ida@northwindtraders.onmicrosoft.com",
            "accountEnabled": true, "usageLocation": "SE", "passwordProfile": {"password": "long enough"}});
        let user = self.made(graph(self, "POST", "users", user));
        self.know("user", text(&user["id"]));
        let skus = self.made(graph(self, "GET", "subscribedSkus", Value::Null));
        self.know("sku", text(&skus["value"][0]["skuId"]));
        let groups = self.made(graph(self, "GET", "groups", Value::Null));
        let group = groups["value"][0]["id"]
            .as_str()
            .unwrap_or("6c6c6c6c-9999-4ccc-8999-e1e1e1e1e009")
            .to_owned();
        self.know("group", group);
        let grant = json!({"clientId": self.id("principal"), "consentType": "AllPrincipals", "resourceId": self.id("graphPrincipal"), "scope": "User.Read"});
        let grant = self.made(graph(self, "POST", "oauth2PermissionGrants", grant));
        self.know("grant", text(&grant["id"]));
        let role = json!({"principalId": self.id("principal"), "roleDefinitionId": "29232cdf-9323-42fd-ade2-1d097af3e4de", "directoryScopeId": "/"});
        let role = self.made(graph(self, "POST", "roleManagement/directory/roleAssignments", role));
        self.know("role", text(&role["id"]));
        let assignment = json!({"principalId": self.id("principal"), "resourceId": self.id("exchangePrincipal"),
            "appRoleId": "dc50a0fb-09a3-484d-be87-e023b12c6440"});
        let address = format!("servicePrincipals/{}/appRoleAssignedTo", self.id("exchangePrincipal"));
        let assignment = self.made(graph(self, "POST", &address, assignment));
        self.know("assignment", text(&assignment["id"]));
    }

    fn furnish_login(&mut self) {
        let fields = [
            ("client_id", CLI),
            ("scope", "https://graph.microsoft.com/.default offline_access openid"),
        ];
        let mut asked = request("POST", LOGIN, "/organizations/oauth2/v2.0/devicecode");
        asked.body = encoded(&fields).into_bytes();
        let code = self.made(read(&self.desk().world.answer(&asked)));
        self.know("deviceCode", code["device_code"].as_str().unwrap_or_default());
        self.know("userCode", code["user_code"].as_str().unwrap_or_default());
        let cookie = self.desk().world.store.transaction(|tx| {
            let user = crate::sandbox::directory::user(tx, "northwind", "nils@northwindtraders.onmicrosoft.com").unwrap();
            entra::session::begin(tx, &user)
        });
        self.know("cookie", cookie.unwrap().split(';').next().unwrap_or_default());
        let info = self.desk().tenant("northwind");
        let (client, secret) = (
            info.admin_client_id.clone(),
            secrecy::ExposeSecret::expose_secret(&info.admin_client_secret).to_owned(),
        );
        self.know("adminClient", client);
        self.know("adminSecret", secret);
    }

    fn made(&self, (status, answer): (u16, Value)) -> Value {
        assert!(status < 400, "{status} {answer}");
        answer
    }

    /// A request of the administrator to a service.
    pub fn request(&self, service: &str, method: &str, host: &str, address: &str, body: &Value) -> Request {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let mut asked = request(method, host, path);
        asked.query = form::pairs(query);
        if !self.token(service).is_empty() {
            asked
                .headers
                .push(("authorization".into(), format!("Bearer {}", self.token(service))));
        }
        if !body.is_null() {
            set_json(&mut asked, body);
        }
        asked
    }
}

/// The fields as a form has them.
pub fn encoded(fields: &[(&str, &str)]) -> String {
    let encoded = fields.iter().map(|(name, value)| format!("{name}={}", form::encode(value)));
    encoded.collect::<Vec<_>>().join("&")
}
