//! Every operation of every service, asked for by those who may not.
//!
//! The tables of operations are the lists that are tried, so that a new operation is covered without being written down here.

mod azure;
mod exchange;
mod graph;
mod vault;

use serde_json::Value;
use serde_json::json;

use super::Reply;
use super::Request;
use super::azure as state;
use super::testing::Desk;
use super::testing::request;
use super::testing::set_json;
use super::vault::tests::room;
use super::vault::tests::room::Room;

/// Both tenants, and in northwind a vault whose log lies in a storage account.
struct House {
    room: Room,
}

impl House {
    fn new() -> Self {
        let room = Room::new();
        let store = &room.desk.world.store;
        store.transaction(|tx| Ok::<_, rusqlite::Error>(room::audited(tx))).unwrap();
        Self { room }
    }

    fn desk(&self) -> &Desk {
        &self.room.desk
    }

    fn token(&self, tenant: &str, audience: &str) -> String {
        self.desk().token(tenant, &format!("{audience}/.default"))
    }

    /// The token of an application of northwind that was granted nothing.
    fn stranger(&self, audience: &str) -> String {
        let desk = self.desk();
        let (app_id, secret) = desk.migration_application();
        let (status, made) = desk.graph("northwind", "POST", "servicePrincipals", json!({"appId": app_id}));
        assert_eq!(status, 201, "{made}");
        let scope = format!("{audience}/.default");
        let fields = [("client_id", app_id.as_str()), ("client_secret", &secret), ("scope", &scope)];
        let (status, answer) = desk.sign_in("northwind", &fields);
        assert_eq!(status, 200, "{answer}");
        answer["access_token"].as_str().unwrap().to_owned()
    }

    fn ask(&self, operation: &Operation, token: Option<&str>) -> Answered {
        let mut request = operation.request.clone();
        if let Some(token) = token {
            request.headers.push(("authorization".into(), format!("Bearer {token}")));
        }
        Answered::of(&self.desk().world.answer(&request))
    }
}

/// One operation as a caller asks for it, still without a token.
struct Operation {
    name: String,
    request: Request,
}

impl Operation {
    fn new(name: String, method: &str, host: &str, path: &str, body: &Value) -> Self {
        let mut request = request(method, host, path);
        if !body.is_null() {
            set_json(&mut request, body);
        }
        Self { name, request }
    }

    fn with_query(mut self, query: &[(&str, &str)]) -> Self {
        let pairs = query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        self.request.query.extend(pairs);
        self
    }
}

/// The answer, as far as a gate is known by it.
#[derive(Debug, PartialEq, Eq)]
struct Answered {
    status: u16,
    code: String,
    challenge: bool,
}

impl Answered {
    fn of(reply: &Reply) -> Self {
        let body: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
        let error = &body["error"];
        let inner = error["innererror"]["code"].as_str();
        let xml = String::from_utf8_lossy(&reply.body).into_owned();
        let of_xml = xml.split_once("<Code>").and_then(|(_, rest)| rest.split_once("</Code>"));
        let code = inner.or(error["code"].as_str()).or(of_xml.map(|(code, _)| code));
        Self {
            status: reply.status,
            code: code.unwrap_or_default().to_owned(),
            challenge: reply.headers.iter().any(|(name, _)| name == "www-authenticate"),
        }
    }

    fn is(&self, status: u16, code: &str) -> bool {
        self.status == status && self.code == code
    }
}

/// Tries each operation and complains, all at once, of those that are answered otherwise.
fn each(operations: &[Operation], who: &str, ask: impl Fn(&Operation) -> Answered, is_right: impl Fn(&Operation, &Answered) -> bool) {
    assert!(!operations.is_empty());
    let wrong: Vec<_> = operations
        .iter()
        .filter_map(|operation| {
            let answered = ask(operation);
            (!is_right(operation, &answered)).then(|| format!("{}: {answered:?}", operation.name))
        })
        .collect();
    assert!(wrong.is_empty(), "{who}\n{}", wrong.join("\n"));
}

/// Whether somebody who may was let in, whatever became of the call.
fn let_in(_: &Operation, answered: &Answered) -> bool {
    ![401, 403].contains(&answered.status)
}
