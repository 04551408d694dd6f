//! The gate itself.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

use futures::future::BoxFuture;
use secrecy::SecretString;
use serde_json::Value;
use uuid::Uuid;

use crate::change::About;
use crate::change::Consent;
use crate::change::Descriptor;
use crate::change::Impact;
use crate::change::Operation;
use crate::change::Permissions;
use crate::change::Permit;
use crate::change::Verb;
use crate::change::leaves::leaves;
use crate::journal::ChangeId;
use crate::journal::RunLog;
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
    /// Under which number the change is recorded, once it is.
    pub change: Option<ChangeId>,
}

/// The world behind the gate: one tenant that can be read and written.
pub trait World: Send + Sync {
    /// Which tenant this is.
    fn tenant(&self) -> &TenantTag;

    /// The clock by which refusals that pass are waited out.
    fn clock(&self) -> &dyn Clock;

    /// The object as it is before the change; `None` when there is none or it cannot be read.
    fn read<'a>(&'a self, operation: &'a Operation) -> BoxFuture<'a, Result<Option<Record>, Trouble>>;

    /// What the reading of that name shows; what is not there gives nothing.
    fn look<'a>(&'a self, reading: &'static str, about: About<'a>) -> BoxFuture<'a, Result<Vec<Record>, Trouble>>;

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
    /// Not sent, because a question about it was answered no or could not be put.
    Declined,
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
    pub touched: Vec<(String, Value, Value)>,
    /// What is recorded of the object besides: its lasting id, its type, what the way back needs.
    pub kept: Vec<(String, Value, Value)>,
    /// What became of it.
    pub fate: Fate,
    /// The service's warnings.
    pub warnings: Vec<String>,
}

impl Change {
    /// The touched properties as people read them: nested objects are taken apart to the members that change.
    pub fn leaves(&self) -> Vec<(String, Value, Value)> {
        leaves(self.touched.clone())
    }
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
    /// Its place among the planned changes, from 0, where it is only planned.
    pub planned: Option<usize>,
    /// Under which number it is recorded.
    pub change: Option<ChangeId>,
}

/// A placeholder that a planned change gives a value to once it is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promise {
    /// The place of the change among the planned ones, from 0.
    pub change: usize,
    /// The placeholder.
    pub placeholder: String,
    /// The property of the new object that is the value.
    pub property: String,
}

type Narrator = Arc<dyn Fn(&Change) + Send + Sync>;

/// The gate of one run.
pub struct Gate {
    mode: Mode,
    pub(super) permissions: Permissions,
    pub(super) consent: Consent,
    pub(super) log: Option<RunLog>,
    narrator: Narrator,
    seen: Mutex<Seen>,
}

/// What has come to the gate so far.
#[derive(Default)]
struct Seen {
    planned: Vec<Change>,
    creations: HashMap<(Uuid, &'static str, String), usize>,
    promises: Vec<Promise>,
    assumed: Vec<String>,
    not_probed: Vec<String>,
    done: u64,
    failed: u64,
    #[cfg(test)]
    changes: Vec<Change>,
}

impl Gate {
    /// A gate that lets `permissions` through, agrees to everything, records nothing and tells `narrator` of each change.
    pub fn new(mode: Mode, permissions: Permissions, narrator: impl Fn(&Change) + Send + Sync + 'static) -> Self {
        Self {
            mode,
            permissions,
            consent: Consent::default(),
            log: None,
            narrator: Arc::new(narrator),
            seen: Mutex::default(),
        }
    }

    /// This gate, asking as `consent` says.
    pub fn asking(self, consent: Consent) -> Self {
        Self { consent, ..self }
    }

    /// This gate, which records each change before it is sent; one that cannot be recorded is not sent.
    pub fn recording(self, log: RunLog) -> Self {
        Self { log: Some(log), ..self }
    }

    /// Whether this run writes.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// The record of this run, where it has one.
    pub fn log(&self) -> Option<&RunLog> {
        self.log.as_ref()
    }

    /// The changes that this run would make.
    pub fn planned(&self) -> Vec<Change> {
        self.seen().planned.clone()
    }

    /// Takes note that the planned change at `change` gives a value to `placeholder`: the `property` of what it makes.
    pub fn promise(&self, change: usize, placeholder: &str, property: &str) {
        let promise = Promise {
            change,
            placeholder: placeholder.to_owned(),
            property: property.to_owned(),
        };
        let mut seen = self.seen();
        if !seen.promises.contains(&promise) {
            seen.promises.push(promise);
        }
    }

    /// The placeholders that planned changes give a value to.
    pub fn promises(&self) -> Vec<Promise> {
        self.seen().promises.clone()
    }

    /// Everything that was done, planned or refused.
    #[cfg(test)]
    pub fn changes(&self) -> Vec<Change> {
        self.seen().changes.clone()
    }

    /// How many changes were made.
    pub fn done(&self) -> u64 {
        self.seen().done
    }

    /// How many changes were refused by the service, or lost.
    pub fn failed(&self) -> u64 {
        self.seen().failed
    }

    /// How many changes were declined.
    pub fn declined(&self) -> u64 {
        self.consent.declined()
    }

    /// Takes note of what a run that only shows what it would do assumes instead of waiting for it.
    pub fn assume(&self, text: impl Into<String>) {
        note_once(&mut self.seen().assumed, text.into());
    }

    /// Takes note of what the service would have been asked, had there been anything to ask about.
    pub fn not_probed(&self, text: impl Into<String>) {
        note_once(&mut self.seen().not_probed, text.into());
    }

    /// What was assumed, and what was not probed.
    pub fn reservations(&self) -> (Vec<String>, Vec<String>) {
        let seen = self.seen();
        (seen.assumed.clone(), seen.not_probed.clone())
    }

    /// Tells that `object` is as the run wants it already, where that is known without the write of `descriptor` being formed.
    pub fn settle(&self, tenant: &TenantTag, descriptor: &'static Descriptor, object: &str) {
        let operation = Operation::settled(descriptor, object);
        self.note(Change {
            tenant: tenant.clone(),
            impact: operation.impact(None),
            label: object.to_owned(),
            operation,
            touched: Vec::new(),
            kept: Vec::new(),
            fate: Fate::Unchanged,
            warnings: Vec::new(),
        });
    }

    /// Takes note of a planned change, unless it is a creation that is planned already, and gives its place. What is only planned is
    /// not found by reading, so whoever makes sure of the object a second time would list it twice.
    pub(super) fn plan(&self, change: Change) -> usize {
        let creation = (change.operation.descriptor.verb == Verb::Create).then(|| {
            let arguments = format!("{:?}", change.operation.arguments);
            (change.tenant.id, change.operation.descriptor.name, arguments)
        });
        let mut seen = self.seen();
        let place = seen.planned.len();
        if let Some(creation) = creation {
            match seen.creations.entry(creation) {
                Entry::Occupied(known) => return *known.get(),
                Entry::Vacant(new) => _ = new.insert(place),
            }
        }
        (self.narrator)(&change);
        seen.keep(change);
        place
    }

    pub(super) fn note(&self, change: Change) {
        (self.narrator)(&change);
        self.seen().keep(change);
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seen {
    fn keep(&mut self, change: Change) {
        #[cfg(test)]
        if change.fate != Fate::Unchanged {
            self.changes.push(change.clone());
        }
        match change.fate {
            Fate::Planned => self.planned.push(change),
            Fate::Done => self.done += 1,
            Fate::Failed => self.failed += 1,
            Fate::Unchanged | Fate::Declined => {}
        }
    }
}

fn note_once(list: &mut Vec<String>, text: String) {
    if !list.contains(&text) {
        list.push(text);
    }
}

#[cfg(test)]
mod tests;
