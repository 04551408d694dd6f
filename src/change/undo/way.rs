//! How one recorded change goes back: which write takes it back, on which object, with which arguments.

use serde_json::Value;

use crate::change::Call;
use crate::change::Descriptor;
use crate::change::Inverse;
use crate::change::Operation;
use crate::change::Service;
use crate::change::Verb;
use crate::change::recorded;
use crate::journal::ChangeRow;
use crate::model::Arguments;

/// The properties of an answer that name its object for ever, before those that somebody may give to another.
const IDS: [&str; 6] = ["id", "ExchangeObjectId", "Guid", "ExternalDirectoryObjectId", "Identity", "Name"];

/// How a recorded change goes back.
#[derive(Debug, Clone)]
pub enum Way {
    /// The touched properties get their values from before.
    Restore,
    /// By another write.
    Write {
        /// Which.
        descriptor: &'static Descriptor,
        /// On what.
        object: Option<String>,
        /// With what.
        arguments: Arguments,
    },
    /// Not at all, for this reason.
    None(String),
}

/// The way back of `row`. When `row` took back an earlier change itself, `origin` is that change, which says what there was.
pub fn way_back(
    row: &ChangeRow,
    descriptor: &'static Descriptor,
    origin: Option<&ChangeRow>,
    find: impl Fn(&str) -> Option<&'static Descriptor>,
) -> Way {
    if row.warnings.iter().any(|warning| warning.contains("already present")) {
        return Way::None("it was so before".to_owned());
    }
    let other = |name: &str| find(name).ok_or_else(|| Way::None(format!("this version knows no `{name}`")));
    let way = match descriptor.inverse {
        Inverse::Restore => Ok(Way::Restore),
        Inverse::None(reason) => Err(Way::None(reason.to_owned())),
        Inverse::Remove(name) => other(name).and_then(|remover| removal(row, descriptor, remover)),
        Inverse::Opposite(name) => other(name).and_then(|opposite| match origin {
            Some(origin) if origin.intent.operation == name && holds_secret(origin) => {
                Err(Way::None("a secret was given, and no record holds it".to_owned()))
            }
            Some(origin) if origin.intent.operation == name => write(
                opposite,
                origin.intent.object.clone(),
                recorded::operation(origin, opposite).arguments,
            ),
            _ => reversal(row, descriptor, opposite),
        }),
    };
    way.unwrap_or_else(|none| none)
}

/// The identity under which the object of `row` is found, whatever it is called by now.
pub fn identity(row: &ChangeRow) -> Option<String> {
    let kept = |name: &&str| -> Option<String> {
        let found = row.intent.touched.iter().find(|(known, _, _)| known == *name)?;
        found.1.as_str().map(str::to_owned)
    };
    let by_record = ["ExchangeObjectId", "Guid", "id"].iter().find_map(kept);
    by_record.or_else(|| row.intent.object.clone())
}

fn removal(row: &ChangeRow, descriptor: &'static Descriptor, remover: &'static Descriptor) -> Result<Way, Way> {
    let object = match descriptor.call {
        Call::Arm { .. } | Call::Vault { .. } => place(row, descriptor),
        // What is made on an object is taken from it.
        Call::Cmdlet(_) | Call::Http { .. } if descriptor.identity.is_some() => row.intent.object.clone(),
        Call::Cmdlet(_) | Call::Http { .. } => IDS
            .iter()
            .find_map(|name| row.reply[*name].as_str())
            .or((descriptor.service == Service::Exchange).then_some(row.intent.label.as_str()))
            .map(str::to_owned),
    };
    let mut arguments = Arguments::new();
    for wanted in remover.arguments.iter().filter(|argument| argument.required) {
        let known = [&row.reply[wanted.name], &row.intent.arguments[wanted.name]];
        if let Some(value) = known.into_iter().find(|value| !value.is_null()) {
            arguments.set(wanted.name, value.clone());
        }
    }
    write(remover, object, arguments)
}

/// Where something was put in Azure.
fn place(row: &ChangeRow, descriptor: &'static Descriptor) -> Option<String> {
    let path = recorded::operation(row, descriptor).path()?;
    let path = path.replacen("/resourcegroups/", "/resourceGroups/", 1);
    Some(path.trim_end_matches("/create").to_owned())
}

fn reversal(row: &ChangeRow, descriptor: &'static Descriptor, opposite: &'static Descriptor) -> Result<Way, Way> {
    let own = recorded::operation(row, descriptor).arguments;
    let object = row.intent.object.clone().or_else(|| own.text(descriptor.label).map(str::to_owned));
    let mut arguments = match descriptor.reversed {
        Some(reversed) => reversed(&own, &row.intent.touched),
        None => own,
    };
    arguments.retain(|name, _| opposite.argument(name).is_some());
    // What was removed is made again with what it had.
    for (name, old, new) in &row.intent.touched {
        if descriptor.verb == Verb::Remove && new.is_null() && !old.is_null() && opposite.argument(name).is_some() {
            arguments.set(name, old.clone());
        }
    }
    if let (None, Some(object), None) = (opposite.identity, &object, arguments.get(opposite.label))
        && opposite.argument(opposite.label).is_some()
    {
        arguments.set(opposite.label, object.as_str());
    }
    write(opposite, object.filter(|_| opposite.identity.is_some()), arguments)
}

fn holds_secret(row: &ChangeRow) -> bool {
    let is_secret = |value: &Value| ["$secret", "$credential"].iter().any(|mark| value.get(mark).is_some());
    row.intent
        .arguments
        .as_object()
        .is_some_and(|arguments| arguments.values().any(is_secret))
}

fn write(descriptor: &'static Descriptor, object: Option<String>, arguments: Arguments) -> Result<Way, Way> {
    match Operation::new(descriptor, object.clone(), arguments.clone()) {
        Ok(_) => Ok(Way::Write {
            descriptor,
            object,
            arguments,
        }),
        Err(trouble) => Err(Way::None(format!("the record does not say enough of it: {trouble}"))),
    }
}
