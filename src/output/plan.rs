//! What a run would do, as a table: object, attribute, old, new.

use serde_json::Value;

use crate::change::Change;
use crate::change::Fate;
use crate::change::Verb;
use crate::model::Record;
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

fn rows(change: &Change) -> Vec<Record> {
    let operation = &change.operation;
    let action = match operation.descriptor.verb {
        Verb::Create => "create",
        Verb::Update => "update",
        Verb::Remove => "remove",
        Verb::Act(past) => past,
    };
    let object = format!("{} {}", operation.descriptor.noun, change.label);
    let row = |attribute: &str, old: &Value, new: &Value| {
        Record::default()
            .with("tenant", change.tenant.name.as_str())
            .with("change", action)
            .with("object", object.trim_end())
            .with("impact", change.impact.as_str())
            .with("attribute", attribute)
            .with("old", shown(old))
            .with("new", shown(new))
    };
    if change.touched.is_empty() {
        return vec![row("", &Value::Null, &Value::Null)];
    }
    let touched = change.touched.iter().enumerate();
    touched
        .map(|(at, (name, old, new))| match at {
            0 => row(name, old, new),
            // The object is named once; its further attributes stand below.
            _ => ["tenant", "change", "object", "impact"]
                .into_iter()
                .fold(row(name, old, new), |row, column| row.with(column, "")),
        })
        .collect()
}
