//! `$batch`: up to twenty requests in one, answered in the order in which they may run.

use std::collections::HashMap;

use serde_json::Value;
use serde_json::json;

use super::answer;
use super::call::Answer;
use super::fault::Fault;
use crate::sandbox::Caller;
use crate::sandbox::Reply;
use crate::sandbox::Request;
use crate::sandbox::Tx;
use crate::sandbox::fault;
use crate::sandbox::form;

const LARGEST: usize = 20;

/// `POST /$batch`
pub fn answer_all(tx: &Tx<'_>, caller: &Caller, request: &Request) -> Answer {
    let body = request.json().unwrap_or_default();
    let Some(steps) = body["requests"].as_array() else {
        return Err(Fault::bad_request("Invalid batch payload format."));
    };
    if steps.is_empty() || steps.len() > LARGEST {
        return Err(Fault::bad_request(format!(
            "Number of batch request steps must be between 1 and {LARGEST}."
        )));
    }
    let mut done: HashMap<String, u16> = HashMap::new();
    let mut responses = Vec::new();
    let mut faults = fault::Items::of(fault::Service::Graph);
    for step in steps {
        let id = step["id"].as_str().unwrap_or_default();
        if id.is_empty() || done.contains_key(id) {
            return Err(Fault::bad_request("Each batch request step needs an id of its own."));
        }
        let needs = step["dependsOn"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let is_held_up = needs.into_iter().any(|needed| done.get(needed).is_none_or(|status| *status >= 400));
        let reply = match is_held_up {
            true => Fault::new(424, "FailedDependency", "A step this one depends on has failed.").reply(tx.now(), request),
            false => run(tx, caller, &mut faults, request, step)?,
        };
        done.insert(id.to_owned(), reply.status);
        let mut response = json!({"id": id, "status": reply.status, "headers": headers(&reply)});
        if let Ok(body) = serde_json::from_slice::<Value>(&reply.body) {
            response["body"] = body;
        }
        responses.push(response);
    }
    Ok(faults.sent(Reply::json(200, &json!({"responses": responses}))))
}

/// Runs one step; what a refused one wrote is taken back without the others.
fn run(tx: &Tx<'_>, caller: &Caller, faults: &mut fault::Items, outer: &Request, step: &Value) -> Result<Reply, Fault> {
    let url = step["url"].as_str().unwrap_or_default();
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let mut headers: Vec<_> = outer
        .headers
        .iter()
        .filter(|(name, _)| ["client-request-id", "authorization"].contains(&name.as_str()))
        .cloned()
        .collect();
    for (name, value) in step["headers"].as_object().into_iter().flatten() {
        headers.push((name.to_ascii_lowercase(), value.as_str().unwrap_or_default().to_owned()));
    }
    let request = Request {
        method: step["method"].as_str().unwrap_or_default().to_ascii_uppercase(),
        host: outer.host.clone(),
        path: format!("/v1.0/{}", form::decode(path).trim_start_matches('/')),
        query: form::pairs(query),
        headers,
        body: step.get("body").map(|body| body.to_string().into_bytes()).unwrap_or_default(),
    };
    if request.path.eq_ignore_ascii_case("/v1.0/$batch") {
        return Err(Fault::bad_request("A batch cannot hold a batch."));
    }
    let work = |request: &Request| answer(tx, caller, request).unwrap_or_else(|fault| fault.reply(tx.now(), request));
    let kept = |request: &Request| tx.keep_when(|| work(request), |reply: &Reply| reply.status < 400);
    Ok(faults.around(tx, &request, kept)?)
}

fn headers(reply: &Reply) -> Value {
    reply.headers.iter().map(|(name, value)| (name.clone(), json!(value))).collect()
}
