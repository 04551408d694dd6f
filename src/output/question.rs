//! A question about a change, as a person reads it.

use anstyle::AnsiColor;
use anstyle::Style;

use crate::change::Change;
use crate::change::Impact;
use crate::change::Question;
use crate::change::Verb;
use crate::change::WayBack;
use crate::output::narration::brief;
use crate::output::narration::named;
use crate::output::shown;

/// How many properties are told before the rest is only counted.
const MOST: usize = 12;

/// What would be changed where, from what to what, what is lost by it, and whether `undo` takes it back: the command that does,
/// where there is one.
pub fn asked(question: &Question<'_>, undo: Option<&str>) -> String {
    let change = question.change;
    let style = match change.impact {
        Impact::Irreversible => AnsiColor::Red.on_default().bold(),
        _ => AnsiColor::Yellow.on_default().bold(),
    };
    let tenant = &change.tenant;
    let mut text = format!(
        "{style}{} ({}): {}?{style:#}  impact {}",
        tenant.name,
        tenant.domain,
        deed(change),
        change.impact
    );
    let touched = change.leaves();
    for (name, old, new) in touched.iter().take(MOST) {
        match shown(old).is_empty() {
            true => text.push_str(&format!("\n  {name} -> {}", brief(new))),
            false => text.push_str(&format!("\n  {name} {} -> {}", brief(old), brief(new))),
        }
    }
    match touched.len().saturating_sub(MOST) {
        0 => {}
        1 => text.push_str("\n  and 1 property more"),
        more => text.push_str(&format!("\n  and {more} properties more")),
    }
    if let Some(loses) = question.loses {
        let style = Style::new().bold();
        text.push_str(&format!("\n  {style}{loses}{style:#}"));
    }
    text.push_str("\n  way back: ");
    match (question.way_back, undo) {
        (WayBack::Undo, Some(undo)) => text.push_str(&format!("`{undo}`")),
        (WayBack::Undo, None) => text.push_str("it can be put back"),
        (WayBack::None(Some(reason)), _) => text.push_str(&format!("none: {reason}")),
        (WayBack::None(None), _) => text.push_str("none"),
    }
    text
}

/// The answers there are, in a line, or with what each means.
pub fn choices(question: &Question<'_>, is_long: bool) -> String {
    let change = question.change;
    if !is_long {
        return "[y]es, yes to [a]ll, [n]o, n[o]ne, [s]top, [?]: ".to_owned();
    }
    let kind = format!("`{}` on {}", change.operation.descriptor.name, change.tenant.name);
    format!(
        "  y  make this change\n  a  make it, and every later {kind} without asking\n  n  leave it out and go on; the script may end here\n  \
         o  leave it out, and every later {kind}\n  s  leave it out and end the run; what is done stays\n  ?  this help"
    )
}

/// `update mailbox `LaraN``, `migration batch `wave1` will be sent into completion`.
fn deed(change: &Change) -> String {
    let object = named(change);
    match change.operation.descriptor.verb {
        Verb::Create => format!("create {object}"),
        Verb::Update => format!("update {object}"),
        Verb::Remove => format!("remove {object}"),
        Verb::Act(past) => format!("shall {object} be {past}"),
    }
}
