//! Changes as they happen, one line each.

use anstyle::AnsiColor;
use anstyle::Style;

use crate::change::Change;
use crate::change::Fate;
use crate::change::Verb;
use crate::migrate;
use crate::output::shown;

/// The line for one change, followed by a line for each warning of the service and what is known of it.
pub fn narrated(change: &Change) -> String {
    let operation = &change.operation;
    let object = named(change);
    let verb = operation.descriptor.verb;
    let (sign, colour, said) = match (change.fate, verb) {
        (Fate::Unchanged, _) => ('=', None, format!("unchanged {object}")),
        (Fate::Planned, Verb::Create) => ('?', Some(AnsiColor::Cyan), format!("would create {object}")),
        (Fate::Planned, Verb::Update) => ('?', Some(AnsiColor::Cyan), format!("would update {object}")),
        (Fate::Planned, Verb::Remove) => ('?', Some(AnsiColor::Cyan), format!("would remove {object}")),
        (Fate::Planned, Verb::Act(past)) => ('?', Some(AnsiColor::Cyan), format!("{object} would be {past}")),
        (Fate::Failed, Verb::Act(past)) => ('!', Some(AnsiColor::Red), format!("{object} not {past}")),
        (Fate::Failed, verb) => ('!', Some(AnsiColor::Red), format!("not {} {object}", verb.past())),
        (Fate::Declined, Verb::Act(past)) => ('!', None, format!("{object} not {past}: declined")),
        (Fate::Declined, verb) => ('!', None, format!("not {} {object}: declined", verb.past())),
        (Fate::Done, Verb::Create) => ('+', Some(AnsiColor::Green), format!("created {object}")),
        (Fate::Done, Verb::Remove) => ('-', Some(AnsiColor::Yellow), format!("removed {object}")),
        (Fate::Done, Verb::Update) => ('~', Some(AnsiColor::Yellow), format!("updated {object}")),
        (Fate::Done, Verb::Act(past)) => ('~', Some(AnsiColor::Yellow), format!("{object} {past}")),
    };
    let details = match (verb, change.fate) {
        (Verb::Update, Fate::Done | Fate::Planned) if !change.touched.is_empty() => format!(": {}", touched(change)),
        _ => String::new(),
    };
    let style = colour.map_or(Style::new(), |colour| colour.on_default());
    let mut text = format!("{style}{sign}{style:#} {}  {said}{details}", change.tenant.name);
    for warning in &change.warnings {
        let style = AnsiColor::Yellow.on_default();
        text.push_str(&format!("\n{style}warning:{style:#} {}: {warning}", change.tenant.name));
        if let Some(failure) = migrate::explain(warning) {
            text.push_str(&format!("\n  {}: {}; {}", failure.id, failure.cause, failure.remedy));
        }
    }
    text
}

/// The noun with the name of the object, when it has one of its own.
pub(super) fn named(change: &Change) -> String {
    let noun = change.operation.descriptor.noun;
    match change.label.as_str() {
        label if label.is_empty() || label == noun => noun.to_owned(),
        label => format!("{noun} `{label}`"),
    }
}

fn touched(change: &Change) -> String {
    let parts = change.leaves().into_iter().map(|(name, old, new)| match shown(&old).is_empty() {
        true => format!("{name} -> {}", brief(&new)),
        false => format!("{name} {} -> {}", brief(&old), brief(&new)),
    });
    parts.collect::<Vec<_>>().join(", ")
}

/// Lists of addresses are long; the plan and `--json` have them in full.
pub(super) fn brief(value: &serde_json::Value) -> String {
    const LONGEST: usize = 60;
    let text = match value {
        serde_json::Value::Array(items) => items.iter().map(shown).collect::<Vec<_>>().join(" | "),
        serde_json::Value::Null => "(none)".to_owned(),
        other => shown(other),
    };
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("`{}…`", &text[..end]),
        None => format!("`{text}`"),
    }
}
