//! One change as a call of a cmdlet with its parameters.

use serde_json::Value;

use super::argument::argument;
use super::argument::exposed;
use super::azure;
use super::helpers::Helper;
use super::names::reference;
use super::rendering::Az;
use super::rendering::Mg;
use super::rendering::PowerShell;
use super::rendering::Request;
use super::script::Draft;
use super::term::Term;
use crate::change::Call;
use crate::change::PsChange;
use crate::change::operation::filled;

/// A call, and what stands around it.
#[derive(Debug, Default)]
pub(super) struct Invocation {
    /// Lines that make values for it.
    pub(super) before: Vec<String>,
    /// The cmdlet or function.
    pub(super) cmdlet: &'static str,
    /// Its parameters.
    pub(super) parameters: Vec<(String, Term)>,
    /// The line that waits until it is in force.
    pub(super) then: Option<&'static str>,
    /// What gives the object afterwards, where the call does not.
    pub(super) result: Option<&'static str>,
    /// What its object calls the properties.
    pub(super) properties: &'static [(&'static str, &'static str)],
}

/// How `change` is made.
pub(super) fn invocation(change: &PsChange, draft: &mut Draft) -> Invocation {
    match change.descriptor.powershell {
        PowerShell::Cmdlet { asks, then } => cmdlet(change, asks, then, draft),
        PowerShell::Mg(mg) => graph(change, &mg, draft),
        PowerShell::Az(az) => az_cmdlet(change, &az, draft),
        PowerShell::Request(plain) => request(change, &plain, draft),
    }
}

fn cmdlet(change: &PsChange, asks: bool, then: Option<&'static str>, draft: &mut Draft) -> Invocation {
    draft.modules.insert("ExchangeOnlineManagement");
    let mut parameters = Vec::new();
    if let (Some(identity), Some(object)) = (change.descriptor.identity, &change.object) {
        parameters.push((identity.to_owned(), Term::Plain(draft.names.text(object))));
    }
    for (name, value) in &change.arguments {
        parameters.push((name.clone(), argument(change, name, value, draft)));
    }
    if asks {
        parameters.push(("Confirm".to_owned(), Term::Plain("$false".into())));
    }
    let cmdlet = match change.descriptor.call {
        Call::Cmdlet(cmdlet) => cmdlet,
        _ => "",
    };
    Invocation {
        cmdlet,
        parameters,
        then,
        ..Invocation::default()
    }
}

fn graph(change: &PsChange, mg: &Mg, draft: &mut Draft) -> Invocation {
    let is_unlike = change
        .arguments
        .iter()
        .any(|(name, value)| mg.unlike.contains(&name.as_str()) || has_null(value));
    if is_unlike {
        return request(change, &Request::PLAIN, draft);
    }
    draft.modules.insert(mg.module);
    let place = |(parameter, place): &(&'static str, &'static str)| {
        let value = value_of(change, place).unwrap_or_default();
        ((*parameter).to_owned(), Term::Plain(draft.names.text(value)))
    };
    let mut parameters: Vec<_> = mg.places.iter().map(place).collect();
    let body = body(change, draft);
    if has_body(change) && !body.is_empty() {
        parameters.push(("BodyParameter".to_owned(), Term::Table(body)));
    }
    Invocation {
        cmdlet: mg.cmdlet,
        parameters,
        ..Invocation::default()
    }
}

fn az_cmdlet(change: &PsChange, az: &Az, draft: &mut Draft) -> Invocation {
    let mut before = Vec::new();
    let id = first_place(change).unwrap_or_default();
    let Some(parameters) = azure::parameters(az, id, change, draft, &mut before) else {
        return request(change, &az.otherwise, draft);
    };
    draft.modules.insert(az.module);
    Invocation {
        before,
        cmdlet: az.cmdlet,
        parameters,
        then: az.then,
        result: az.result,
        properties: az.properties,
    }
}

/// The request as we send it ourselves.
fn request(change: &PsChange, plain: &Request, draft: &mut Draft) -> Invocation {
    let path = filled(change.descriptor, |name| value_of(change, name)).unwrap_or_default();
    let body = match has_body(change) {
        true => Some(Term::Table(body(change, draft))),
        false => None,
    };
    let (method, target, is_graph) = match change.descriptor.call {
        Call::Http { method, .. } => (method, format!("v1.0{path}"), true),
        Call::Arm { method, api_version, .. } => (method, format!("{path}?api-version={api_version}"), false),
        Call::Vault { method, .. } => (method, format!("{path}?api-version={}", plain.api_version), false),
        Call::Cmdlet(_) => ("", path, false),
    };
    let target = Term::Plain(draft.names.text(&target));
    let mut parameters = vec![("Method".to_owned(), Term::Plain(format!("'{method}'")))];
    if is_graph {
        draft.modules.insert("Microsoft.Graph.Authentication");
        parameters.push(("Uri".to_owned(), target));
        if let Some(body) = body {
            let body = format!(
                "(ConvertTo-Json -InputObject {} -Depth 20 -EscapeHandling EscapeNonAscii)",
                body.lines(1)
            );
            parameters.push(("Body".to_owned(), Term::Plain(body)));
            parameters.push(("ContentType".to_owned(), Term::Plain("'application/json'".into())));
        }
    } else {
        draft.modules.insert("Az.Accounts");
        draft.helpers.insert(Helper::Azure);
        parameters.push(("Target".to_owned(), target));
        parameters.extend(body.map(|body| ("Body".to_owned(), body)));
    }
    Invocation {
        cmdlet: if is_graph { "Invoke-MgGraphRequest" } else { "Invoke-Azure" },
        parameters,
        then: plain.then,
        result: plain.result,
        properties: plain.properties,
        ..Invocation::default()
    }
}

/// The members of the body; what Azure's path names is not repeated in it.
fn body(change: &PsChange, draft: &mut Draft) -> Vec<(String, Term)> {
    let within = match change.descriptor.powershell {
        PowerShell::Mg(mg) => mg.within,
        _ => &[],
    };
    let call = change.descriptor.call;
    let mut members: Vec<(String, Term)> = Vec::new();
    for (name, value) in &change.arguments {
        if call.is_azure() && call.places().any(|place| place.eq_ignore_ascii_case(name)) {
            continue;
        }
        let member = (name.clone(), exposed(change, name, value, draft));
        let Some((_, parent)) = within.iter().find(|(inner, _)| inner == name) else {
            members.push(member);
            continue;
        };
        match members.iter_mut().find(|(known, _)| known == parent) {
            Some((_, Term::Table(inner))) => inner.push(member),
            _ => members.push(((*parent).to_owned(), Term::Table(vec![member]))),
        }
    }
    members
}

fn has_body(change: &PsChange) -> bool {
    match change.descriptor.call {
        Call::Http { method, .. } | Call::Vault { method, .. } => method != "DELETE",
        Call::Arm { method, .. } => !matches!(method, "DELETE" | "POST"),
        Call::Cmdlet(_) => false,
    }
}

/// What stands for `{name}` in a path: the identity, or the argument of that name.
fn value_of<'c>(change: &'c PsChange, name: &str) -> Option<&'c str> {
    if change.descriptor.identity == Some(name) {
        return change.object.as_deref();
    }
    let value = change.arguments.get(name)?;
    value.as_str().or_else(|| reference(value))
}

/// The cmdlets of Graph leave out what is null, which the service takes for "empty it".
fn has_null(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.iter().any(has_null),
        Value::Object(members) => !members.contains_key("$ask") && members.values().any(has_null),
        _ => false,
    }
}

/// The id that the change works on or in, as Azure's paths begin.
pub(super) fn first_place(change: &PsChange) -> Option<&str> {
    value_of(change, change.descriptor.call.places().next()?)
}
