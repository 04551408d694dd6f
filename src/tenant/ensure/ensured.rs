//! `Ensured`: what an ensure found and did.

use secrecy::SecretString;

use crate::change::Applied;
use crate::change::Fate;
use crate::model::Arguments;
use crate::model::Given;
use crate::model::Kind;
use crate::model::Record;
use crate::model::Trouble;
use crate::model::did_you_mean;
use crate::model::same_text;

/// Whether anything had to change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Everything was so already.
    Unchanged,
    /// Something was changed on an object that was there.
    Updated,
    /// The object was made.
    Created,
    /// Something would have to change; this run only shows what it would do.
    Planned,
}

impl Outcome {
    /// The word that scripts see.
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Unchanged => "unchanged",
            Outcome::Updated => "updated",
            Outcome::Created => "created",
            Outcome::Planned => "planned",
        }
    }
}

/// What an ensure found and did.
#[derive(Debug)]
pub struct Ensured {
    /// Whether anything had to change.
    pub outcome: Outcome,
    /// The object as it is now, as far as known.
    pub record: Record,
    /// The secret that is shown once.
    pub secret: Option<SecretString>,
    /// What a careful reader should know besides.
    pub notes: Vec<String>,
}

impl Ensured {
    /// An object that was as it should be.
    pub(super) fn unchanged(record: Record) -> Self {
        Self {
            outcome: Outcome::Unchanged,
            record,
            secret: None,
            notes: Vec::new(),
        }
    }

    /// An object that a write has made.
    pub(super) fn created(applied: Applied) -> Self {
        Self::from(applied, Outcome::Created)
    }

    /// An object that a write has changed, if it had to.
    pub(super) fn updated(applied: Applied) -> Self {
        Self::from(applied, Outcome::Updated)
    }

    fn from(applied: Applied, done: Outcome) -> Self {
        let outcome = match applied.fate {
            Fate::Unchanged => Outcome::Unchanged,
            Fate::Planned => Outcome::Planned,
            Fate::Done | Fate::Failed | Fate::Declined => done,
        };
        Self {
            outcome,
            record: applied.record,
            secret: applied.secret,
            notes: Vec::new(),
        }
    }

    /// With one more note, if there is one.
    pub(super) fn noting(mut self, note: Option<String>) -> Self {
        self.notes.extend(note);
        self
    }

    /// This object after one more write: the stronger outcome counts, and what the write says of it lies over what was known,
    /// because the service answers many writes with a few properties only.
    pub(super) fn overlaid(self, applied: Applied) -> Self {
        let next = Self::updated(applied);
        let values = next.record.iter().map(|(name, value)| (name, value.clone()));
        Self {
            outcome: self.outcome.max(next.outcome),
            record: values.fold(self.record, |record, (name, value)| record.with(name, value)),
            secret: next.secret.or(self.secret),
            notes: self.notes,
        }
    }
}

/// Takes the list of texts called `name` out of `arguments`; a single text counts as a list of one.
pub(super) fn take_list(arguments: &mut Arguments, name: &str) -> Vec<String> {
    match arguments.remove(name) {
        Some(Given::Plain(value)) => Record::default().with(name, value).list(name),
        _ => Vec::new(),
    }
}

/// Takes the text called `name` out of `arguments`.
pub(super) fn take_text(arguments: &mut Arguments, name: &str) -> Option<String> {
    let text = arguments.remove(name)?.plain()?.as_str()?.trim().to_owned();
    (!text.is_empty()).then_some(text)
}

/// Refuses what `arguments` hold besides the `known` ones. A slip is told whether or not the object is there, because it would
/// otherwise come to light on the day when it is not.
pub(super) fn refuse_unknown(arguments: &Arguments, ensure: &str, known: &[&str]) -> Result<(), Trouble> {
    let is_known = |name: &str| known.iter().any(|known| same_text(known, name));
    let Some((unknown, _)) = arguments.iter().find(|(name, _)| !is_known(name)) else {
        return Ok(());
    };
    let trouble = Trouble::new(Kind::Invalid, format!("`{ensure}` has no argument `{unknown}`"))
        .with_code("unknown_argument")
        .with_remedy(format!("its arguments are {}", known.join(", ")));
    Err(did_you_mean(trouble, unknown, known.iter().copied()))
}

/// The text called `name`, which the ensure cannot do without.
pub(super) fn required<'a>(arguments: &'a Arguments, ensure: &str, name: &str) -> Result<&'a str, Trouble> {
    arguments
        .text(name)
        .filter(|text| !text.trim().is_empty())
        .ok_or_else(|| Trouble::new(Kind::Invalid, format!("`{ensure}` needs `{name}`")).with_code("missing_argument"))
}
