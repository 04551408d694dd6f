//! The way of one change through the gate.

use uuid::Uuid;

use crate::change::Applied;
use crate::change::Change;
use crate::change::Fate;
use crate::change::Gate;
use crate::change::Mode;
use crate::change::Operation;
use crate::change::Verb;
use crate::change::World;
use crate::change::difference::difference;
use crate::change::difference::merged;
use crate::change::dispatch::dispatch;
use crate::change::kept::kept;
use crate::model::Record;
use crate::model::Trouble;

/// Puts `operation` before the gate: refuses what the run may not do, skips what is so already, lists it under what-if, asks
/// where it matters, and otherwise records and sends it.
pub async fn apply(gate: &Gate, world: &dyn World, operation: Operation) -> Result<Applied, Trouble> {
    let tenant = world.tenant().clone();
    gate.permissions.check(&tenant, &operation, None)?;
    let before = world.read(&operation).await?;
    gate.permissions.check(&tenant, &operation, before.as_ref())?;
    let mut change = Change {
        impact: operation.impact(before.as_ref()),
        fate: Fate::Planned,
        warnings: Vec::new(),
        kept: kept(before.as_ref(), &operation),
        touched: difference(before.as_ref(), operation.descriptor, &operation.arguments),
        label: called(&operation, before.as_ref()),
        operation,
        tenant,
    };
    if let (Verb::Update, Some(before)) = (change.operation.descriptor.verb, &before) {
        if change.touched.is_empty() {
            change.fate = Fate::Unchanged;
            gate.note(change);
            return Ok(Applied {
                fate: Fate::Unchanged,
                record: before.clone(),
                secret: None,
                planned: None,
                change: None,
            });
        }
        keep_what_differs(&mut change);
    }

    let intended = intended(before.as_ref(), &change.operation);
    if gate.mode() == Mode::WhatIf {
        let secret = change.operation.descriptor.secret_reply;
        let secret = secret.map(|property| (property, format!("‹secret of {}›", change.label)));
        let planned = gate.plan(change);
        if let Some((property, placeholder)) = &secret {
            gate.promise(planned, placeholder, property);
        }
        return Ok(Applied {
            fate: Fate::Planned,
            record: intended,
            secret: secret.map(|(_, placeholder)| placeholder.into()),
            planned: Some(planned),
            change: None,
        });
    }
    if let Err(declined) = gate.consent.obtain(&change, before.as_ref()).await {
        change.fate = Fate::Declined;
        gate.note(change);
        return Err(declined);
    }
    match dispatch(gate, world, &change).await {
        Ok(reply) => {
            change.fate = Fate::Done;
            change.warnings = reply.warnings;
            change.label = called(&change.operation, before.as_ref().or(reply.record.as_ref()));
            gate.note(change);
            Ok(Applied {
                fate: Fate::Done,
                record: reply.record.unwrap_or(intended),
                secret: reply.secret,
                planned: None,
                change: reply.change,
            })
        }
        Err(trouble) => {
            change.fate = Fate::Failed;
            let trouble = trouble.in_tenant(&change.tenant.name).on_object(change.operation.label());
            gate.note(change);
            Err(trouble)
        }
    }
}

/// Leaves out the arguments that would change nothing.
fn keep_what_differs(change: &mut Change) {
    let descriptor = change.operation.descriptor;
    let touched = &change.touched;
    change.operation.arguments.retain(|name, _| {
        touched.iter().any(|(known, _, _)| known.eq_ignore_ascii_case(name))
            || descriptor.argument(name).is_some_and(|argument| argument.required)
    });
}

/// The object's label, and its name in `image` when the label is an id that tells nobody anything.
fn called(operation: &Operation, image: Option<&Record>) -> String {
    let label = operation.label();
    let name = ["DisplayName", "principalDisplayName", "Name"]
        .iter()
        .find_map(|name| image?.text(name));
    match name {
        Some(name) if label.is_empty() || Uuid::parse_str(&label).is_ok() => name.to_owned(),
        _ => label,
    }
}

/// The object as it would be: the image from before with the plain arguments laid over it.
fn intended(before: Option<&Record>, operation: &Operation) -> Record {
    let mut record = before.cloned().unwrap_or_default();
    if let (Some(identity), Some(object)) = (operation.descriptor.identity, &operation.object)
        && !record.has(identity)
    {
        record.set(identity, object.clone());
    }
    for (name, value) in operation.arguments.iter() {
        if let Some(value) = value.plain() {
            record.set(name, merged(record.get(name), value));
        }
    }
    record
}
