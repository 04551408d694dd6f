//! A plan from what has come to the gate, and the changes in a plan as the gate takes them.

use std::collections::BTreeMap;
use std::collections::HashSet;

use serde_json::Value;

use super::document::Output;
use super::document::Plan;
use super::document::PlanTenant;
use super::document::PlannedChange;
use super::document::Touched;
use super::encoded;
use super::encoded::Source;
use super::sealed::FORMAT;
use crate::change::Change;
use crate::change::Gate;
use crate::change::Impact;
use crate::change::Permissions;
use crate::change::Service;
use crate::model::Trouble;

/// Where a plan comes from.
#[derive(Debug, Clone)]
pub struct PlanHeading {
    /// The script.
    pub script: String,
    /// Its arguments as they were given.
    pub arguments: Value,
    /// The tenants that are open.
    pub tenants: Vec<PlanTenant>,
    /// The program that makes it.
    pub made_by: String,
    /// The time now.
    pub made: String,
}

impl Plan {
    /// What `gate` has taken note of.
    pub fn of(heading: PlanHeading, gate: &Gate) -> Self {
        let (changes, promises) = (gate.planned(), gate.promises());
        let known: HashSet<&str> = promises.iter().map(|promise| promise.placeholder.as_str()).collect();
        let mut outputs: BTreeMap<usize, Vec<Output>> = BTreeMap::new();
        for promise in &promises {
            outputs.entry(promise.change).or_default().push(Output {
                placeholder: promise.placeholder.clone(),
                property: promise.property.clone(),
            });
        }
        let changes = changes.iter().enumerate();
        let changes = changes.map(|(at, change)| planned(at, change, outputs.remove(&at).unwrap_or_default(), &known));
        let (assumptions, not_probed) = gate.reservations();
        Self {
            format: FORMAT.to_owned(),
            made_by: heading.made_by,
            made: heading.made,
            script: heading.script,
            arguments: heading.arguments,
            tenants: heading.tenants,
            changes: changes.collect(),
            assumptions,
            not_probed,
        }
    }

    /// What must be permitted for its changes: per tenant and service as much as the weightiest of them. `service` tells where an
    /// operation goes.
    pub fn permissions(&self, service: impl Fn(&str) -> Option<Service>) -> Permissions {
        let mut highest: BTreeMap<(&str, Service), Impact> = BTreeMap::new();
        for change in &self.changes {
            let Some(service) = service(&change.operation) else { continue };
            let impact = change.impact.parse().unwrap_or(Impact::Irreversible);
            let known = highest.entry((&change.tenant, service)).or_insert(impact);
            *known = impact.max(*known);
        }
        let mut permissions = Permissions::none();
        for ((tenant, service), impact) in highest {
            permissions.grant(tenant, service, impact);
        }
        permissions
    }
}

impl PlannedChange {
    /// The identity of the object it works on, with what earlier changes gave from `source`.
    pub fn object_from(&self, source: &dyn Source) -> Result<Option<String>, Trouble> {
        self.object.as_ref().map(|object| encoded::text(object, source)).transpose()
    }

    /// Whether the object is one that an earlier change makes.
    pub fn is_on_newborn(&self) -> bool {
        self.object.as_ref().is_some_and(|object| !object.is_string())
    }
}

fn planned(at: usize, change: &Change, outputs: Vec<Output>, known: &HashSet<&str>) -> PlannedChange {
    let operation = &change.operation;
    let touched = change.touched.iter().map(|(name, old, new)| Touched {
        name: name.clone(),
        old: old.clone(),
        new: new.clone(),
    });
    PlannedChange {
        n: at + 1,
        tenant: change.tenant.name.clone(),
        operation: operation.descriptor.name.to_owned(),
        object: operation
            .object
            .as_ref()
            .map(|object| encoded::plain(&object.as_str().into(), known)),
        label: change.label.clone(),
        impact: change.impact.to_string(),
        arguments: encoded::encoded(&operation.arguments, &change.label, known),
        touched: touched.collect(),
        outputs,
    }
}
