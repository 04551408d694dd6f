//! One call of a Resource Manager operation.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use super::fault::Fault;
use super::shape;
use super::shape::Field;
use crate::sandbox::Caller;
use crate::sandbox::Object;
use crate::sandbox::Reply;
use crate::sandbox::Request;
use crate::sandbox::Tx;
use crate::sandbox::azure;
use crate::sandbox::directory;
use crate::sandbox::form;
use crate::sandbox::hosts::Azure;

/// How a call ends.
pub type Answer = Result<Reply, Fault>;

/// How many items a page of a list has at most.
const PAGE: usize = 100;

/// What an operation is given.
pub struct Call<'a> {
    /// The state.
    pub tx: &'a Tx<'a>,
    /// Who calls.
    pub caller: &'a Caller,
    /// The cloud whose Resource Manager was asked.
    pub cloud: &'static Azure,
    /// The request.
    pub request: &'a Request,
    /// What stood at the open places of the path.
    pub captures: Vec<String>,
    /// The version of the interface that the caller asks for.
    pub version: &'a str,
    /// The subscription that the path names; none in the list of subscriptions.
    pub subscription: Option<Object>,
}

impl Call<'_> {
    /// The subscription that the path names.
    pub fn subscription(&self) -> Result<&Object, Fault> {
        self.subscription
            .as_ref()
            .ok_or_else(|| Fault::new(404, "SubscriptionNotFound", "The path names no subscription."))
    }

    /// What stood at the open place number `index`.
    pub fn capture(&self, index: usize) -> &str {
        self.captures.get(index).map_or("", String::as_str)
    }

    /// The id of the tenant.
    pub fn tenant_id(&self) -> String {
        directory::tenant_id(self.tx, &self.caller.tenant)
    }

    /// The resource group at the open place number 1.
    pub fn group(&self) -> Result<Object, Fault> {
        azure::group(self.tx, self.subscription()?, self.capture(1)).ok_or_else(|| Fault::no_group(self.capture(1)))
    }

    /// The body, which must have the shape of `fields`: nothing unknown, everything of its type.
    pub fn body(&self, fields: &[Field]) -> Result<Map<String, Value>, Fault> {
        match self.request.json() {
            Some(Value::Object(body)) => {
                shape::check(&body, fields, "")?;
                Ok(body)
            }
            _ => Err(Fault::content("Error reading the body: it is no JSON object.")),
        }
    }

    /// Whether the caller may do `action` at `scope`.
    pub fn may(&self, action: &str, scope: &str) -> bool {
        azure::may(self.tx, &self.caller.tenant, &self.caller.object_id, action, scope)
    }

    /// Refuses a caller who may not do `action` at `scope`.
    pub fn demand(&self, action: &str, scope: &str) -> Result<(), Fault> {
        if self.may(action, scope) {
            return Ok(());
        }
        let message = format!(
            "The client '{}' with object id '{}' does not have authorization to perform action '{action}' over scope '{scope}' or the \
             scope is invalid. If access was recently granted, please refresh your credentials.",
            self.caller.app_id, self.caller.object_id
        );
        Err(Fault::new(403, "AuthorizationFailed", message))
    }

    /// One page of `items`, with the address of the next when there is one.
    pub fn list(&self, items: Vec<Value>) -> Answer {
        let number = |name: &str| match self.request.parameter(name) {
            None => Ok(None),
            Some(text) => {
                let message = format!("The value '{text}' of the query parameter '{name}' is no number.");
                text.parse::<usize>().map(Some).map_err(|_| Fault::bad_request(message))
            }
        };
        let size = number("$top")?.unwrap_or(PAGE).clamp(1, PAGE);
        let start = number("$skiptoken")?.unwrap_or(0);
        let rest = items.len().saturating_sub(start).saturating_sub(size);
        let page: Vec<Value> = items.into_iter().skip(start).take(size).collect();
        let mut body = json!({"value": page});
        if rest > 0 {
            let kept = self
                .request
                .query
                .iter()
                .filter(|(name, _)| !name.eq_ignore_ascii_case("$skiptoken"))
                .map(|(name, value)| format!("{}={}", form::encode(name), form::encode(value)));
            let query: Vec<String> = kept.chain([format!("%24skiptoken={}", start + size)]).collect();
            body["nextLink"] = json!(format!("{}?{}", self.address(&self.request.path), query.join("&")));
        }
        Ok(Reply::json(200, &body))
    }

    /// The address of a path on the host that was asked.
    pub fn address(&self, path: &str) -> String {
        format!("https://{}/{}", self.request.host, path.trim_start_matches('/'))
    }
}
