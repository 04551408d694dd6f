//! `Failure`: one entry of the catalogue.

use serde_json::Value;

use crate::model::Record;

/// Which side mends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The administrator of the tenant that holds the mailbox now.
    Source,
    /// The administrator of the tenant that receives it.
    Target,
    /// Either; the text alone does not tell.
    Either,
    /// Whoever runs the set-up, on the own machine or subscription.
    Setup,
}

impl Side {
    /// The word in records.
    pub fn as_str(self) -> &'static str {
        match self {
            Side::Source => "source",
            Side::Target => "target",
            Side::Either => "either",
            Side::Setup => "setup",
        }
    }
}

/// What to do with the user or step once the cause is mended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// Start the batch or the migration user again.
    Resume,
    /// Remove the migration user and put it in a new batch.
    NewBatch,
    /// Run the same step again.
    Retry,
    /// Nothing: it is harmless or mends itself.
    Nothing,
    /// Mend it; there is no step to repeat.
    Fix,
}

impl Then {
    /// The word in records.
    pub fn as_str(self) -> &'static str {
        match self {
            Then::Resume => "resume",
            Then::NewBatch => "new batch",
            Then::Retry => "retry",
            Then::Nothing => "nothing",
            Then::Fix => "fix",
        }
    }
}

/// One way a migration fails.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    /// Its number, such as `F-55`.
    pub id: &'static str,
    /// What it is, in a few words.
    pub title: &'static str,
    /// Exception types and sign-in codes that go with it, without namespace.
    pub exceptions: &'static [&'static str],
    /// Texts that go with it; `<...>` stands for what differs.
    pub texts: &'static [&'static str],
    /// Who mends it.
    pub side: Side,
    /// Why it happens.
    pub cause: &'static str,
    /// How it is mended.
    pub remedy: &'static str,
    /// What to do afterwards.
    pub then: Then,
}

impl Failure {
    pub(super) const fn new(id: &'static str, side: Side, title: &'static str) -> Self {
        Self {
            id,
            title,
            exceptions: &[],
            texts: &[],
            side,
            cause: "",
            remedy: "",
            then: Then::Fix,
        }
    }

    pub(super) const fn types(mut self, exceptions: &'static [&'static str]) -> Self {
        self.exceptions = exceptions;
        self
    }

    pub(super) const fn says(mut self, texts: &'static [&'static str]) -> Self {
        self.texts = texts;
        self
    }

    pub(super) const fn because(mut self, cause: &'static str) -> Self {
        self.cause = cause;
        self
    }

    pub(super) const fn mend(mut self, remedy: &'static str, then: Then) -> Self {
        self.remedy = remedy;
        self.then = then;
        self
    }

    /// The record scripts see: `id title side cause remedy then exception`.
    pub fn to_record(&self) -> Record {
        Record::default()
            .with("id", self.id)
            .with("title", self.title)
            .with("side", self.side.as_str())
            .with("cause", self.cause)
            .with("remedy", self.remedy)
            .with("then", self.then.as_str())
            .with("exception", self.exceptions.first().map_or(Value::Null, |name| (*name).into()))
    }
}
