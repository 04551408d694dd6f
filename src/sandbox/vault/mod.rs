//! The data plane of Key Vault: certificates with real keys, the secrets behind them, and secrets of one's own.
//!
//! Azure's state says who may do what (`azure::access`) and keeps the log of what was done and of what was refused.

mod bin;
mod call;
mod certificates;
mod container;
mod fault;
mod fetch;
mod fields;
mod gate;
mod import;
mod issue;
mod items;
mod key;
mod making;
mod material;
mod policy;
mod policy_rules;
mod routes;
mod secrets;
mod subject;
#[cfg(test)]
pub mod tests;
mod told;

use call::Answer;
use call::Call;
use fault::Fault;
pub use fetch::Refused;
pub use fetch::fetch;
use routes::Route;
pub use routes::VaultOperation;
pub use routes::operations as vault_operations;
use serde_json::Map;
use serde_json::Value;

use crate::sandbox::Caller;
use crate::sandbox::Event;
use crate::sandbox::Object;
use crate::sandbox::Reply;
use crate::sandbox::Request;
use crate::sandbox::Tx;
use crate::sandbox::azure;
use crate::sandbox::azure::Access;
use crate::sandbox::azure::AuditEvent;
use crate::sandbox::directory;
use crate::sandbox::hosts;
use crate::sandbox::world;

/// Answers a request to the host of a vault. Where no vault is, or none yet, no name would resolve.
pub fn handle(tx: &Tx<'_>, request: &Request) -> Reply {
    let there = hosts::vault(&request.host).and_then(|(name, cloud)| Some((at(tx, name)?, cloud)));
    let Some((vault, cloud)) = there else {
        return world::unknown_host(&request.host);
    };
    let (caller, answered) = match gate::caller(tx, &vault, cloud, request) {
        Ok(caller) => {
            let answered = gate::firewall(&vault).and_then(|()| answer(tx, &vault, &caller, request));
            (Some(caller), answered)
        }
        Err(fault) => (None, Err(fault)),
    };
    let reply = answered.unwrap_or_else(|fault| fault.reply(tx));
    let reply = match reply.status {
        401 => gate::challenged(tx, &vault, cloud, reply),
        _ => reply,
    };
    tx.sound(log(tx, &vault, caller.as_ref(), request, reply.status));
    let network = "conn_type=Ipv4;addr=127.0.0.1;act_addr_fam=InterNetwork;";
    let reply = reply
        .with_header("x-ms-keyvault-region", vault.text("location"))
        .with_header("x-ms-keyvault-service-version", "1.9.0.0")
        .with_header("x-ms-keyvault-network-info", network)
        .with_header("x-ms-request-id", uuid::Uuid::new_v4().to_string());
    match request.header("x-ms-client-request-id") {
        Some(id) => reply.with_header("x-ms-client-request-id", id),
        None => reply,
    }
}

/// Forgets a vault that is over, with its keys and secrets.
pub fn forget(tx: &Tx<'_>, vault: &Object) -> rusqlite::Result<()> {
    items::purge_all(tx, vault)?;
    tx.delete(&vault.id)
}

/// Does what falls due: a certificate is made, or a deleted vault's time is over.
pub fn run_event(tx: &Tx<'_>, event: &Event) -> rusqlite::Result<()> {
    if event.kind != azure::RETENTION_ENDS {
        return making::run_event(tx, event);
    }
    let ended = azure::ended_vault(tx, event.body["vault"].as_str().unwrap_or_default());
    ended.map_or(Ok(()), |vault| forget(tx, &vault))
}

/// The vault whose host name is known by now.
fn at(tx: &Tx<'_>, name: &str) -> Option<Object> {
    azure::vault(tx, name).filter(|vault| azure::is_ready(tx, vault))
}

/// Answers a call of somebody whose token is good.
fn answer(tx: &Tx<'_>, vault: &Object, caller: &Caller, request: &Request) -> Answer {
    let (route, captures) = routes::find(&request.method, &request.path)?;
    check_version(request)?;
    let call = Call {
        tx,
        vault,
        caller,
        request,
        container: route.container,
        captures,
        body: body_of(request)?,
    };
    permit(&call, route)?;
    (route.run)(&call)
}

fn check_version(request: &Request) -> Result<(), Fault> {
    let Some(version) = request.parameter("api-version") else {
        return Err(Fault::bad_parameter("The api-version query parameter must be specified."));
    };
    let pattern = regex_lite::Regex::new(r"^(\d\.\d|\d{4}-\d{2}-\d{2})(-preview(\.\d+)?)?$").expect("the pattern is a constant");
    match pattern.is_match(version) {
        true => Ok(()),
        false => Err(Fault::bad_parameter(format!(
            "The specified version ({version}) is not recognized. Consider using the latest supported version (7.5)."
        ))),
    }
}

fn body_of(request: &Request) -> Result<Map<String, Value>, Fault> {
    match request.json() {
        _ if request.body.is_empty() => Ok(Map::new()),
        Some(Value::Object(body)) => Ok(body),
        _ => Err(Fault::bad_parameter("The request body is no JSON object.")),
    }
}

fn permit(call: &Call<'_>, route: &Route) -> Result<(), Fault> {
    let (tx, vault, caller) = (call.tx, call.vault, call.caller);
    let place = format!("{};location={}", vault.text("name"), vault.text("location"));
    let issuer = format!("https://sts.windows.net/{}/", directory::tenant_id(tx, &vault.tenant));
    let who = format!("appid={};oid={};iss={issuer}", caller.app_id, caller.object_id);
    let (container, operation) = (route.container, route.permission);
    match azure::access(tx, vault, caller, container, operation) {
        Access::Allowed => Ok(()),
        Access::DeniedByPolicy => Err(Fault::forbidden(
            "ForbiddenByPolicy",
            format!(
                "The user, group or application '{who}' does not have {} {operation} permission on key vault '{place}'. For help \
                 resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125287",
                container.name()
            ),
        )),
        Access::DeniedByRbac => Err(Fault::forbidden(
            "ForbiddenByRbac",
            format!(
                "Caller is not authorized to perform action on resource.\r\nIf role assignments, deny assignments or role definitions \
                 were changed recently, please observe propagation time.\r\nCaller: {who}\r\nAction: '{}'\r\nResource: '{}/{}'\r\n\
                 Assignment: (not found)\r\nDenyAssignmentId: null\r\nDecisionReason: null\r\nVault: {place}",
                azure::data_action(container, operation),
                azure::vault_id(vault).to_lowercase(),
                call.request.path.trim_matches('/')
            ),
        )),
    }
}

fn log(tx: &Tx<'_>, vault: &Object, caller: Option<&Caller>, request: &Request, status: u16) -> rusqlite::Result<()> {
    let route = routes::find(&request.method, &request.path);
    let query: Vec<String> = request.query.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let uri = format!("https://{}{}?{}", request.host, request.path, query.join("&"));
    let event = AuditEvent {
        operation: route.map_or("Unknown", |(route, _)| route.log),
        app_id: caller.map_or("", |caller| &caller.app_id),
        object_id: caller.map_or("", |caller| &caller.object_id),
        request_uri: uri.trim_end_matches('?'),
        status,
    };
    azure::record(tx, vault, &event)
}
