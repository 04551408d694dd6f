//! Gates for the tests here, and what went through them.

use crate::change::Change;
use crate::change::Fate;
use crate::change::Gate;
use crate::change::Impact;
use crate::change::Mode;
use crate::change::Permissions;
use crate::change::Service;

/// A gate that lets everything through.
pub(in crate::tenant) fn open_gate() -> Gate {
    gate(Mode::Apply, Impact::Irreversible)
}

/// A gate for everything up to `impact`.
pub(in crate::tenant) fn gate(mode: Mode, impact: Impact) -> Gate {
    let mut permissions = Permissions::none();
    for service in [Service::Exchange, Service::Graph, Service::Arm, Service::KeyVault] {
        permissions.grant("northwind", service, impact);
    }
    Gate::new(mode, permissions, |_| ())
}

/// What the changes of `gate` did, as `set_mailuser done`.
pub(in crate::tenant) fn told(gate: &Gate) -> Vec<String> {
    let line = |change: &Change| {
        let fate = match change.fate {
            Fate::Done => "done",
            Fate::Planned => "planned",
            Fate::Failed => "failed",
            Fate::Unchanged => "unchanged",
            Fate::Declined => "declined",
        };
        format!("{} {fate}", change.operation.descriptor.name)
    };
    gate.changes().iter().map(line).collect()
}
