//! Az cmdlets: their parameters are cut out of resource ids and members of the body.

use serde_json::Map;
use serde_json::Value;

use super::quoting::comment;
use super::rendering::Az;
use super::rendering::Part;
use super::script::Draft;
use super::secret;
use super::term::Term;
use crate::change::ArgumentType;
use crate::change::PsChange;

/// The parameters of the cmdlet; `None` when it would leave something out. Lines that have to stand before it go to `before`.
pub(super) fn parameters(az: &Az, id: &str, change: &PsChange, draft: &mut Draft, before: &mut Vec<String>) -> Option<Vec<(String, Term)>> {
    let place = change.descriptor.call.places().next().unwrap_or_default();
    let mut given = change.arguments.iter().flat_map(|(name, value)| leaves(&format!("/{name}"), value));
    let is_all_taken = given.all(|(pointer, value)| {
        let is_within = |taken: &str| {
            pointer
                .strip_prefix(taken)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let is_unasked = az
            .unasked
            .iter()
            .any(|(known, json)| *known == pointer && serde_json::from_str::<Value>(json).is_ok_and(|json| json == value));
        is_unasked || is_within(&format!("/{place}")) || members(az.parameters).into_iter().any(is_within)
    });
    is_all_taken.then(|| taken(az.parameters, id, change, draft, before))
}

fn taken(
    parameters: &[(&'static str, Part)],
    id: &str,
    change: &PsChange,
    draft: &mut Draft,
    before: &mut Vec<String>,
) -> Vec<(String, Term)> {
    let one = |(name, part): &(&'static str, Part)| Some(((*name).to_owned(), term(part, id, change, draft, before)?));
    parameters.iter().filter_map(one).collect()
}

fn term(part: &Part, id: &str, change: &PsChange, draft: &mut Draft, before: &mut Vec<String>) -> Option<Term> {
    let cut = match part {
        Part::Member(pointer) => return member(pointer, change, draft),
        Part::On => return Some(Term::Plain("$true".into())),
        Part::Made(made) => {
            let parameters = Term::Table(taken(made.parameters, id, change, draft, before));
            before.push(format!("$policy = {}", parameters.lines(0)));
            return Some(Term::Plain(format!("({} @policy)", made.cmdlet)));
        }
        Part::Id => Some(id),
        Part::Last => id.trim_end_matches('/').rsplit('/').next(),
        Part::After(word) => after(id, word),
        Part::Parent => id.to_ascii_lowercase().rfind("/providers/").map(|at| &id[..at]),
        Part::Version => id.split('/').nth(5).filter(|version| !version.is_empty()),
        Part::Vault => id.strip_prefix("https://").and_then(|rest| rest.split(['.', '/']).next()),
    };
    Some(Term::Plain(draft.names.text(cut?)))
}

fn member(pointer: &str, change: &PsChange, draft: &mut Draft) -> Option<Term> {
    let value = pointed(&change.arguments, pointer)?;
    let name = pointer.trim_start_matches('/');
    let is_secret = change
        .descriptor
        .argument(name)
        .is_some_and(|argument| argument.kind == ArgumentType::Secret);
    match is_secret {
        true => Some(Term::Plain(secret::secure(
            value,
            &comment(&format!("{name} of {}", change.label)),
            &change.label,
            draft,
        ))),
        false => Some(draft.names.term(value)),
    }
}

fn pointed<'a>(arguments: &'a Map<String, Value>, pointer: &str) -> Option<&'a Value> {
    let mut segments = pointer.split('/').skip(1);
    let first = arguments.get(segments.next()?)?;
    segments.try_fold(first, |value, segment| match value {
        Value::Array(items) => items.get(segment.parse::<usize>().ok()?),
        value => value.get(segment),
    })
}

/// The subscription that an id lies in.
pub(super) fn subscription(id: &str) -> Option<&str> {
    after(id, "subscriptions").or_else(|| uuid::Uuid::parse_str(id).is_ok().then_some(id))
}

/// Where the segment `word` begins.
fn position(id: &str, word: &str) -> Option<usize> {
    let mut at = 0;
    for segment in id.split('/') {
        if segment.eq_ignore_ascii_case(word) {
            return Some(at);
        }
        at += segment.len() + 1;
    }
    None
}

fn after<'t>(id: &'t str, word: &str) -> Option<&'t str> {
    id[position(id, word)?..].split('/').nth(1)
}

/// The pointers that parameters take.
fn members(parameters: &[(&'static str, Part)]) -> Vec<&'static str> {
    let of = |(_, part): &(&'static str, Part)| match part {
        Part::Member(pointer) => vec![*pointer],
        Part::Made(made) => members(made.parameters),
        _ => Vec::new(),
    };
    parameters.iter().flat_map(of).collect()
}

/// Each innermost value with its pointer.
fn leaves(pointer: &str, value: &Value) -> Vec<(String, Value)> {
    let inner = |name: &str, value: &Value| leaves(&format!("{pointer}/{name}"), value);
    match value {
        Value::Object(members) if !members.is_empty() => members.iter().flat_map(|(name, value)| inner(name, value)).collect(),
        Value::Array(items) if !items.is_empty() => {
            let items = items.iter().enumerate();
            items.flat_map(|(at, value)| inner(&at.to_string(), value)).collect()
        }
        _ => vec![(pointer.to_owned(), value.clone())],
    }
}
