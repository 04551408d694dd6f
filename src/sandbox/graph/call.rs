//! One call of a Graph operation.

use serde_json::Map;
use serde_json::Value;

use super::fault::Fault;
use super::properties::Type;
use super::shape;
use super::shape::Field;
use crate::sandbox::Caller;
use crate::sandbox::Object;
use crate::sandbox::Reply;
use crate::sandbox::Request;
use crate::sandbox::Tx;
use crate::sandbox::hosts::Face;
use crate::sandbox::replication;

/// How a call ends.
pub type Answer = Result<Reply, Fault>;

/// What an operation is given.
pub struct Call<'a> {
    /// The state.
    pub tx: &'a Tx<'a>,
    /// Who calls.
    pub caller: &'a Caller,
    /// The request.
    pub request: &'a Request,
    /// What stood at the open places of the path.
    pub captures: Vec<String>,
    /// The body.
    pub body: Map<String, Value>,
}

impl Call<'_> {
    /// The tenant's short name.
    pub fn tenant(&self) -> &str {
        &self.caller.tenant
    }

    /// What stood at the open place number `index`, with an alternate key as `name=value`.
    pub fn capture(&self, index: usize) -> &str {
        self.captures.get(index).map_or("", String::as_str)
    }

    /// A text of the body; missing and empty are the same.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.body.get(name)?.as_str().filter(|text| !text.is_empty())
    }

    /// A text that the body must have.
    pub fn needed(&self, name: &'static str) -> Result<&str, Fault> {
        let missing = || {
            let message = format!("A value is required for property '{name}' of resource.");
            Fault::invalid(message).with_detail("PropertyRequired", name)
        };
        self.text(name).ok_or_else(missing)
    }

    /// Refuses properties of the body that a caller may not write: those of the type that are not among `writable` (names with
    /// spaces between) as read-only, all others as unknown.
    pub fn check_properties(&self, kind: &Type, writable: &str) -> Result<(), Fault> {
        let may_write = |name: &str| writable.split_whitespace().any(|known| known == name);
        match self.body.keys().find(|name| !name.contains('@') && !may_write(name)) {
            Some(name) if kind.property(name).is_some() => {
                Err(Fault::invalid(format!("Property '{name}' is read-only and cannot be set.")))
            }
            Some(name) => Err(Fault::invalid(format!("Invalid property '{name}'."))),
            None => shape::check_body(&self.body),
        }
    }

    /// Refuses a body of an action that holds something else than its parameters.
    pub fn check_parameters(&self, action: &str, known: &[Field]) -> Result<(), Fault> {
        for (name, value) in self.body.iter().filter(|(name, _)| !name.contains('@')) {
            let Some((_, kind)) = known.iter().find(|(known, _)| known == name) else {
                return Err(Fault::bad_request(format!(
                    "The parameter '{name}' in the request payload is not a valid parameter for the operation '{action}'."
                )));
            };
            shape::check(value, *kind)?;
        }
        Ok(())
    }

    /// Takes all properties of the body over into `object`.
    pub fn take_over(&self, object: &mut Object) {
        for (name, value) in self.body.iter().filter(|(name, _)| !name.contains('@')) {
            object.body.insert(name.clone(), value.clone());
        }
    }

    /// What is found of an object by its id: nothing, while it is too new to be known here.
    pub fn known(&self, object: Object) -> Option<Object> {
        replication::by_id(self.tx, Face::Graph, object)
    }

    /// What lists and other keys than the id lead to: objects as they were before changes that are too new.
    pub fn indexed(&self, objects: Vec<Object>) -> Vec<Object> {
        replication::all_elsewhere(self.tx, objects)
    }

    /// `https://{host}/v1.0/$metadata#{what}`.
    pub fn context(&self, what: &str) -> String {
        format!("https://{}/v1.0/$metadata#{what}", self.request.host)
    }

    /// The address of an object, as `@odata.id` and `Location` have it.
    pub fn address(&self, path: &str) -> String {
        format!("https://{}/v1.0/{path}", self.request.host)
    }
}
