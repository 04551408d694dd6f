//! Settling: finding out by reading whether a write was made of which no answer tells it.

use serde_json::Value;

use crate::change::About;
use crate::change::ArgumentType;
use crate::change::Descriptor;
use crate::change::Gate;
use crate::change::ITS_PLACE;
use crate::change::Operation;
use crate::change::Retry;
use crate::change::Verb;
use crate::change::World;
use crate::change::difference::same;
use crate::change::difference::texts;
use crate::change::recorded;
use crate::journal::ChangeRow;
use crate::journal::ChangeState;
use crate::model::Given;
use crate::model::Kind;
use crate::model::Record;
use crate::model::Trouble;

/// What was found.
#[derive(Debug)]
pub struct Finding {
    /// `Done`, `NotDone` or `Differing`.
    pub state: ChangeState,
    /// What was seen, in a sentence.
    pub note: String,
    /// The object, where it is there.
    pub record: Option<Record>,
}

impl Finding {
    fn new(state: ChangeState, note: impl Into<String>) -> Self {
        Self {
            state,
            note: note.into(),
            record: None,
        }
    }

    fn with(self, record: Record) -> Self {
        Self {
            record: Some(record),
            ..self
        }
    }
}

/// Finds out what became of a recorded change, and records it where the gate records: `Done`, `NotDone` or `Differing`.
pub async fn settle(gate: &Gate, world: &dyn World, row: &ChangeRow, descriptor: &'static Descriptor) -> Result<ChangeState, Trouble> {
    let operation = recorded::operation(row, descriptor);
    let finding = find_out(world, &operation, &row.intent.touched).await?;
    if let Some(log) = gate.log() {
        log.settle(row.id, finding.state, &finding.note).await?;
    }
    Ok(finding.state)
}

/// Finds out by reading whether `operation` was made, which `touched` these properties.
pub(super) async fn find_out(world: &dyn World, operation: &Operation, touched: &[(String, Value, Value)]) -> Result<Finding, Trouble> {
    let descriptor = operation.descriptor;
    if let Some(evidence) = &descriptor.evidence {
        let Some(about) = (evidence.about)(operation) else {
            return Ok(untold(descriptor));
        };
        let seen = world.look(evidence.reading, About::Plain(&about)).await?;
        return Ok(match (evidence.shows)(operation, &seen) {
            Some(true) => Finding {
                record: seen.into_iter().next(),
                ..Finding::new(ChangeState::Done, "it shows that it was made")
            },
            Some(false) => Finding::new(ChangeState::NotDone, "it shows that it was not made"),
            None => untold(descriptor),
        });
    }
    match descriptor.verb {
        _ if descriptor.made.is_some() => created(world, operation).await,
        Verb::Create => Ok(untold(descriptor)),
        Verb::Update => updated(world, operation, touched).await,
        Verb::Remove => removed(world, operation).await,
        Verb::Act(_) => Ok(untold(descriptor)),
    }
}

async fn created(world: &dyn World, operation: &Operation) -> Result<Finding, Trouble> {
    let descriptor = operation.descriptor;
    let Some((reading, argument)) = descriptor.made else {
        return Ok(untold(descriptor));
    };
    let place = operation.path();
    // A MailUser may be made by its name alone.
    let (argument, named) = match argument {
        ITS_PLACE => (argument, place.as_deref()),
        _ if descriptor.identity == Some(argument) => (argument, operation.object.as_deref()),
        _ => match operation.arguments.text(argument) {
            None => (descriptor_name(descriptor), operation.arguments.text(descriptor_name(descriptor))),
            named => (argument, named),
        },
    };
    let Some(named) = named else { return Ok(untold(descriptor)) };
    let seen = match world.look(reading, About::Property(argument, named)).await {
        Err(trouble) if trouble.kind == Kind::NotFound => Vec::new(),
        seen => seen?,
    };
    let is_one = reading.starts_with("get_");
    let mut odd = None;
    let mut matching = Vec::new();
    for record in seen {
        match unlike(operation, &record) {
            None => matching.push(record),
            Some(property) => odd = Some(property),
        }
    }
    Ok(match (matching.len(), odd) {
        (1, _) => Finding::new(ChangeState::Done, format!("the {} is there", descriptor.noun)).with(matching.swap_remove(0)),
        (0, Some(property)) if is_one => Finding::new(
            ChangeState::Differing,
            format!("there is a {} of that name with another `{property}`", descriptor.noun),
        ),
        (0, _) => Finding::new(ChangeState::NotDone, format!("there is no such {}", descriptor.noun)),
        (count, _) => Finding::new(
            ChangeState::Differing,
            format!("there are {count} such objects ({})", descriptor.noun),
        ),
    })
}

fn descriptor_name(descriptor: &Descriptor) -> &'static str {
    descriptor.argument("Name").map_or("", |argument| argument.name)
}

/// The first argument that the object shows with another value.
fn unlike(operation: &Operation, record: &Record) -> Option<String> {
    let differs = |(name, given): &(&str, &Given)| {
        let kind = operation.descriptor.argument(name).map(|argument| argument.kind)?;
        let (shown, wanted) = (record.get(name)?, given.plain()?);
        let is_comparable = !matches!(kind, ArgumentType::Object | ArgumentType::ResourceId | ArgumentType::List);
        (is_comparable && !same(name, kind, shown, wanted)).then(|| (*name).to_owned())
    };
    operation.arguments.iter().find_map(|argument| differs(&argument))
}

async fn updated(world: &dyn World, operation: &Operation, touched: &[(String, Value, Value)]) -> Result<Finding, Trouble> {
    let descriptor = operation.descriptor;
    if descriptor.before.is_none() {
        return Ok(untold(descriptor));
    }
    let Some(record) = world.read(operation).await? else {
        return Ok(Finding::new(
            ChangeState::Differing,
            format!("the {} is not to be seen", descriptor.noun),
        ));
    };
    let (mut as_after, mut as_before, mut elsewhere) = (Vec::new(), Vec::new(), Vec::new());
    for (name, old, new) in touched {
        let kind = descriptor.argument(name).map_or(ArgumentType::Text, |argument| argument.kind);
        if matches!(kind, ArgumentType::Secret | ArgumentType::Credential | ArgumentType::Bytes) {
            continue;
        }
        let Some(now) = record.get(name) else { continue };
        match () {
            () if same(name, kind, now, new) || is_edited(kind, now, old, new) => as_after.push(name),
            () if same(name, kind, now, old) => as_before.push(name),
            () => elsewhere.push(name),
        }
    }
    let state = match (as_after.len(), as_before.len(), elsewhere.len()) {
        (0, 0, 0) => return Ok(untold(descriptor).with(record)),
        (_, 0, 0) => Finding::new(ChangeState::Done, "what it touched is as intended"),
        (0, _, 0) => Finding::new(ChangeState::NotDone, "what it touched is as before"),
        (_, _, 0) => Finding::new(
            ChangeState::Differing,
            format!("`{}` is as before, the rest as intended", as_before[0]),
        ),
        _ => Finding::new(
            ChangeState::Differing,
            format!("`{}` is neither as before nor as intended", elsewhere[0]),
        ),
    };
    Ok(state.with(record))
}

/// Whether a list holds what was added and lacks what was taken out, whatever the service put in besides.
fn is_edited(kind: ArgumentType, now: &Value, old: &Value, new: &Value) -> bool {
    if kind != ArgumentType::List {
        return false;
    }
    let (now, old, new) = (texts(now), texts(old), texts(new));
    let holds = |list: &[String], entry: &String| list.iter().any(|known| known.eq_ignore_ascii_case(entry));
    let (added, removed): (Vec<_>, Vec<_>) = (
        new.iter().filter(|entry| !holds(&old, entry)).collect(),
        old.iter().filter(|entry| !holds(&new, entry)).collect(),
    );
    added.len() + removed.len() > 0 && added.iter().all(|entry| holds(&now, entry)) && !removed.iter().any(|entry| holds(&now, entry))
}

async fn removed(world: &dyn World, operation: &Operation) -> Result<Finding, Trouble> {
    let descriptor = operation.descriptor;
    let (Some(reading), Some(object)) = (descriptor.before, operation.object.as_deref()) else {
        return Ok(untold(descriptor));
    };
    match world.look(reading, About::Plain(object)).await {
        Ok(seen) if seen.is_empty() => Ok(Finding::new(ChangeState::Done, format!("the {} is gone", descriptor.noun))),
        Ok(mut seen) => Ok(Finding::new(ChangeState::NotDone, format!("the {} is still there", descriptor.noun)).with(seen.swap_remove(0))),
        Err(trouble) if trouble.kind == Kind::NotFound => Ok(Finding::new(ChangeState::Done, format!("the {} is gone", descriptor.noun))),
        Err(trouble) => Err(trouble),
    }
}

/// What holds when reading does not tell.
fn untold(descriptor: &Descriptor) -> Finding {
    match descriptor.retry {
        Retry::Safe => Finding::new(
            ChangeState::NotDone,
            "nothing shows whether it was made; making it again gives the same",
        ),
        Retry::ReadBack => Finding::new(ChangeState::Differing, "nothing shows whether it was made"),
    }
}

#[cfg(test)]
mod tests;
