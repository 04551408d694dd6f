//! What a run would do, as a table: object, attribute, old, new.

use serde_json::Value;

use crate::change::Change;
use crate::change::Fate;
use crate::change::Verb;
use crate::model::Record;
use crate::output::narration::named;
use crate::output::shown;
use crate::output::table;

/// The plan of a what-if run, with a line that counts.
pub fn plan(changes: &[Change], width: u16) -> String {
    let planned: Vec<_> = changes.iter().filter(|change| change.fate == Fate::Planned).collect();
    let count = match planned.len() {
        0 => return "nothing would be changed".to_owned(),
        1 => "1 change planned, none made".to_owned(),
        many => format!("{many} changes planned, none made"),
    };
    let rows: Vec<_> = planned.iter().flat_map(|change| rows(change)).collect();
    format!("{}\n\n{count}", table(&rows, width))
}

/// A row for what is done to the object, and one for each attribute that changes.
fn rows(change: &Change) -> Vec<Record> {
    let operation = &change.operation;
    let object = named(change);
    let action = match operation.descriptor.verb {
        Verb::Create => format!("create {object}"),
        Verb::Update => format!("update {object}"),
        Verb::Remove => format!("remove {object}"),
        Verb::Act(past) => format!("{object} {past}"),
    };
    let row = |object: &str, attribute: &str, old: &Value, new: &Value| {
        Record::default()
            .with("object", object)
            .with("attribute", attribute)
            .with("old", shown(old))
            .with("new", shown(new))
    };
    let title = format!("{}: {action} ({})", change.tenant.name, change.impact);
    let leaves = change.leaves();
    let mut touched = leaves.iter();
    // The object stands in the row of its first attribute.
    let first = match touched.next() {
        Some((name, old, new)) => row(&title, name, old, new),
        None => row(&title, "", &Value::Null, &Value::Null),
    };
    std::iter::once(first)
        .chain(touched.map(|(name, old, new)| row("", name, old, new)))
        .collect()
}
