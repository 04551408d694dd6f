//! What is ordered and what is met.

mod course;
mod orders;
mod throttling;

use serde_json::Value;
use serde_json::json;

use super::spec::Effect;
use super::spec::FaultSpec;
use super::spec::Service;
use crate::sandbox::InjectedFault;
use crate::sandbox::Reply;
use crate::sandbox::fault::check::Unfit;
use crate::sandbox::testing::Desk;
use crate::sandbox::testing::request;
use crate::sandbox::testing::set_json;

/// A fault for every call of a service.
fn every(service: Service, effect: Effect) -> FaultSpec {
    FaultSpec {
        service: Some(service),
        tenant: None,
        operation: None,
        object: None,
        count: None,
        skip: 0,
        probability: None,
        seed: 1,
        effect,
    }
}

fn once(spec: FaultSpec) -> FaultSpec {
    FaultSpec { count: Some(1), ..spec }
}

fn of(operation: &str, spec: FaultSpec) -> FaultSpec {
    FaultSpec {
        operation: Some(operation.into()),
        ..spec
    }
}

fn refusal() -> Effect {
    Effect::Error {
        status: 418,
        code: "Ordered".into(),
        message: "as ordered".into(),
    }
}

fn order(desk: &Desk, spec: FaultSpec) -> Result<InjectedFault, Unfit> {
    desk.world.add_fault(spec)
}

fn seen(desk: &Desk) -> Vec<InjectedFault> {
    desk.world.faults().unwrap()
}

fn header<'a>(reply: &'a Reply, name: &str) -> &'a str {
    let found = reply.headers.iter().find(|(known, _)| known == name);
    found.map_or("", |(_, value)| value.as_str())
}

/// A Graph request of contoso's administrator, with the whole reply.
fn graph(desk: &Desk, token: &str, method: &str, address: &str, body: &Value) -> Reply {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let mut request = request(method, "graph.microsoft.com", &format!("/v1.0{path}"));
    request.query = crate::sandbox::form::pairs(query);
    request.headers.push(("authorization".into(), format!("Bearer {token}")));
    if !body.is_null() {
        set_json(&mut request, body);
    }
    desk.world.answer(&request)
}

/// A cmdlet of contoso's administrator, with the whole reply.
fn cmdlet(desk: &Desk, token: &str, name: &str, parameters: Value) -> Reply {
    let path = format!("/adminapi/beta/{}/InvokeCommand", desk.tenant("contoso").tenant_id);
    let mut request = request("POST", "outlook.office365.com", &path);
    request.headers.push(("authorization".into(), format!("Bearer {token}")));
    set_json(
        &mut request,
        &json!({"CmdletInput": {"CmdletName": name, "Parameters": parameters}}),
    );
    desk.world.answer(&request)
}

fn token_for_graph(desk: &Desk) -> String {
    desk.token("contoso", "https://graph.microsoft.com/.default")
}

fn token_for_exchange(desk: &Desk) -> String {
    desk.token("contoso", "https://outlook.office365.com/.default")
}

fn body(reply: &Reply) -> Value {
    serde_json::from_slice(&reply.body).unwrap_or_default()
}
