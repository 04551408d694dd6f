//! Signing people in, as programs and browsers see it.

mod authorize;
mod consent;
mod device;
mod refresh;

use serde_json::Value;
use serde_json::json;

use crate::sandbox::Reply;
use crate::sandbox::directory;
use crate::sandbox::form;
use crate::sandbox::testing::Desk;
use crate::sandbox::testing::read;
use crate::sandbox::testing::request;

pub const AZURE_CLI: &str = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";
pub const GRAPH_TOOLS: &str = "14d82eec-204b-4c2f-b7e8-296a70dab67e";
pub const CLEO: &str = "cleo@contoso.onmicrosoft.com";
pub const NILS: &str = "nils@northwindtraders.onmicrosoft.com";
const LOGIN: &str = "login.microsoftonline.com";

/// What a program sends to a login host.
pub fn post(desk: &Desk, path: &str, fields: &[(&str, &str)]) -> (u16, Value) {
    let mut request = request("POST", LOGIN, path);
    request.body = encoded(fields).into_bytes();
    read(&desk.world.answer(&request))
}

/// What a browser shows in which `who` is signed in; nobody when that is empty.
pub fn browse(desk: &Desk, who: &str, method: &str, path: &str, fields: &[(&str, &str)]) -> Reply {
    let mut request = request(method, LOGIN, path);
    match method {
        "GET" => request.query = form::pairs(&encoded(fields)),
        _ => request.body = encoded(fields).into_bytes(),
    }
    if !who.is_empty() {
        let cookie = desk.world.store.transaction(|tx| {
            let tenants = directory::tenants(tx);
            let user = tenants.iter().find_map(|tenant| directory::user(tx, tenant, who)).unwrap();
            super::session::begin(tx, &user)
        });
        request
            .headers
            .push(("cookie".into(), cookie.unwrap().split(';').next().unwrap().into()));
    }
    desk.world.answer(&request)
}

/// The parameters that a redirect carries, and the address before them.
pub fn location(reply: &Reply) -> (String, Vec<(String, String)>) {
    let found = reply.headers.iter().find(|(name, _)| name == "location");
    let (_, address) = found.unwrap_or_else(|| panic!("{} {}", reply.status, String::from_utf8_lossy(&reply.body)));
    let (before, after) = address.split_once(['?', '#']).unwrap();
    (before.to_owned(), form::pairs(after))
}

pub fn value(parameters: &[(String, String)], name: &str) -> String {
    let found = parameters.iter().find(|(known, _)| known == name);
    found.map(|(_, value)| value.clone()).unwrap_or_default()
}

/// The AADSTS number and the name of a refusal.
pub fn refused(answer: &(u16, Value)) -> (u64, &str) {
    let (_, body) = answer;
    (
        body["error_codes"][0].as_u64().unwrap_or_default(),
        body["error"].as_str().unwrap_or_default(),
    )
}

/// An application of northwind with these properties.
pub fn application(desk: &Desk, properties: Value) -> String {
    let mut body = json!({"displayName": "tool", "signInAudience": "AzureADMyOrg"});
    let properties = properties.as_object().unwrap().clone();
    body.as_object_mut().unwrap().extend(properties);
    let (status, application) = desk.graph("northwind", "POST", "applications", body);
    assert_eq!(status, 201, "{application}");
    application["appId"].as_str().unwrap().to_owned()
}

pub fn claims(token: &Value) -> Value {
    super::keys::claims(token.as_str().unwrap_or_default()).unwrap()
}

fn encoded(fields: &[(&str, &str)]) -> String {
    let encoded = fields.iter().map(|(name, value)| format!("{name}={}", form::encode(value)));
    encoded.collect::<Vec<_>>().join("&")
}
