//! The gate itself.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use futures::future::BoxFuture;
use secrecy::SecretString;
use uuid::Uuid;

use crate::change::Descriptor;
use crate::change::Impact;
use crate::change::Operation;
use crate::change::Permissions;
use crate::change::Permit;
use crate::change::Verb;
use crate::change::difference::difference;
use crate::change::difference::merged;
use crate::change::underway::undivided;
use crate::model::Record;
use crate::model::Trouble;
use crate::platform::Clock;

/// Which tenant an operation goes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantTag {
    /// The profile's name, as on the command line.
    pub name: String,
    /// The tenant id.
    pub id: Uuid,
    /// The initial domain.
    pub domain: String,
}

/// What the service answered to a write.
#[derive(Debug, Default)]
pub struct Reply {
    /// The object, when the service returned one.
    pub record: Option<Record>,
    /// The secret that is shown once, when the descriptor names one.
    pub secret: Option<SecretString>,
    /// Warnings of the service.
    pub warnings: Vec<String>,
}

/// The world behind the gate: one tenant that can be read and written.
pub trait World: Send + Sync {
    /// Which tenant this is.
    fn tenant(&self) -> &TenantTag;

    /// The clock by which refusals that pass are waited out.
    fn clock(&self) -> &dyn Clock;

    /// The object as it is before the change; `None` when there is none or it cannot be read.
    fn read<'a>(&'a self, operation: &'a Operation) -> BoxFuture<'a, Result<Option<Record>, Trouble>>;

    /// Sends the operation. The permit is spent.
    fn send<'a>(&'a self, operation: &'a Operation, permit: Permit) -> BoxFuture<'a, Result<Reply, Trouble>>;
}

/// Whether a run writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Changes are made.
    Apply,
    /// Changes are listed and not made.
    WhatIf,
}

/// What became of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Sent and accepted.
    Done,
    /// Everything was so already; nothing was sent.
    Unchanged,
    /// Listed, because the run only shows what it would do.
    Planned,
    /// Sent and refused, or lost.
    Failed,
}

/// One change, as it is narrated and listed.
#[derive(Debug, Clone)]
pub struct Change {
    /// The tenant.
    pub tenant: TenantTag,
    /// What was to be done.
    pub operation: Operation,
    /// How people call the object: its display name where its identity is an id.
    pub label: String,
    /// Its impact.
    pub impact: Impact,
    /// The touched properties before and after: name, old, new.
    pub touched: Vec<(String, serde_json::Value, serde_json::Value)>,
    /// What became of it.
    pub fate: Fate,
    /// The service's warnings.
    pub warnings: Vec<String>,
}

/// What `apply` gives back.
#[derive(Debug)]
pub struct Applied {
    /// What became of the change.
    pub fate: Fate,
    /// The object afterwards as far as known: the service's answer, the untouched object, or the intended values.
    pub record: Record,
    /// The secret that is shown once.
    pub secret: Option<SecretString>,
}

type Narrator = Arc<dyn Fn(&Change) + Send + Sync>;

/// The gate of one run.
pub struct Gate {
    mode: Mode,
    permissions: Permissions,
    narrator: Narrator,
    changes: Mutex<Vec<Change>>,
    creations: Mutex<HashSet<(Uuid, &'static str, String)>>,
}

impl Gate {
    /// A gate that lets `permissions` through and tells `narrator` of each change.
    pub fn new(mode: Mode, permissions: Permissions, narrator: impl Fn(&Change) + Send + Sync + 'static) -> Self {
        Self {
            mode,
            permissions,
            narrator: Arc::new(narrator),
            changes: Mutex::default(),
            creations: Mutex::default(),
        }
    }

    /// Whether this run writes.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// The changes of this run so far, those that changed nothing left out.
    pub fn changes(&self) -> Vec<Change> {
        self.changes
            .lock()
            .expect("no thread panics while it holds the list of changes")
            .clone()
    }

    /// Tells that `object` is as the run wants it already, where that is known without the write of `descriptor` being formed.
    pub fn settle(&self, tenant: &TenantTag, descriptor: &'static Descriptor, object: &str) {
        let operation = Operation::settled(descriptor, object);
        self.note(Change {
            tenant: tenant.clone(),
            impact: operation.impact(),
            label: object.to_owned(),
            operation,
            touched: Vec::new(),
            fate: Fate::Unchanged,
            warnings: Vec::new(),
        });
    }

    /// Takes note of a planned change, unless it is a creation that is planned already. What is only planned is not found by
    /// reading, so whoever makes sure of the object a second time would list it twice.
    fn plan(&self, change: Change) {
        if change.operation.descriptor.verb == Verb::Create {
            let creation = (change.tenant.id, change.operation.descriptor.name, format!("{:?}", change.touched));
            let mut creations = self
                .creations
                .lock()
                .expect("no thread panics while it holds the planned creations");
            if !creations.insert(creation) {
                return;
            }
        }
        self.note(change);
    }

    fn note(&self, change: Change) {
        (self.narrator)(&change);
        if change.fate != Fate::Unchanged {
            self.changes
                .lock()
                .expect("no thread panics while it holds the list of changes")
                .push(change);
        }
    }
}

/// Puts `operation` before the gate: refuses what the run may not do, skips what is so already, lists it under what-if, and
/// otherwise sends it.
pub async fn apply(gate: &Gate, world: &dyn World, mut operation: Operation) -> Result<Applied, Trouble> {
    let tenant = world.tenant().clone();
    gate.permissions.check(&tenant, &operation)?;
    let before = world.read(&operation).await?;
    let touched = difference(before.as_ref(), operation.descriptor, &operation.arguments);
    let mut change = Change {
        impact: operation.impact(),
        fate: Fate::Planned,
        warnings: Vec::new(),
        touched,
        label: called(&operation, before.as_ref()),
        operation: operation.clone(),
        tenant: tenant.clone(),
    };

    if let (Verb::Update, Some(before)) = (operation.descriptor.verb, &before) {
        if change.touched.is_empty() {
            change.fate = Fate::Unchanged;
            gate.note(change);
            return Ok(Applied {
                fate: Fate::Unchanged,
                record: before.clone(),
                secret: None,
            });
        }
        let touched: Vec<String> = change.touched.iter().map(|(name, _, _)| name.to_ascii_lowercase()).collect();
        let descriptor = operation.descriptor;
        operation.arguments.retain(|name, _| {
            touched.contains(&name.to_ascii_lowercase()) || descriptor.argument(name).is_some_and(|argument| argument.required)
        });
        change.operation = operation.clone();
    }

    let intended = intended(before.as_ref(), &operation);
    if gate.mode == Mode::WhatIf {
        gate.plan(change);
        let secret = operation.descriptor.secret_reply.map(|_| SecretString::from("‹secret›"));
        return Ok(Applied {
            fate: Fate::Planned,
            record: intended,
            secret,
        });
    }
    match send(world, &operation).await {
        Ok(reply) => {
            change.fate = Fate::Done;
            change.warnings = reply.warnings;
            change.label = called(&operation, before.as_ref().or(reply.record.as_ref()));
            gate.note(change);
            Ok(Applied {
                fate: Fate::Done,
                record: reply.record.unwrap_or(intended),
                secret: reply.secret,
            })
        }
        Err(trouble) => {
            change.fate = Fate::Failed;
            let label = operation.label();
            gate.note(change);
            Err(trouble.in_tenant(tenant.name).on_object(label))
        }
    }
}

/// Sends with the operation's patience. Each attempt has a permit of its own, because the one before was refused and changed
/// nothing.
async fn send(world: &dyn World, operation: &Operation) -> Result<Reply, Trouble> {
    let mut waited = Duration::ZERO;
    loop {
        let trouble = match undivided(world.send(operation, Permit::issue())).await {
            Ok(reply) => return Ok(reply),
            Err(trouble) => trouble,
        };
        let Some(pause) = operation.patience.wait(&trouble, waited) else {
            return Err(trouble);
        };
        world.clock().sleep(pause).await;
        waited += pause;
    }
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

#[cfg(test)]
mod tests;
