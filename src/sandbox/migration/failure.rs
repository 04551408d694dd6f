//! Why a user cannot be moved, in the service's own words.

use crate::sandbox::rule;
use crate::sandbox::rule::Rule;

/// On which side the cause lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// In the tenant that holds the mailbox.
    Source,
    /// In the tenant that receives it.
    Target,
}

impl Side {
    /// `FailureSide`.
    pub fn name(self) -> &'static str {
        match self {
            Side::Source => "Source",
            Side::Target => "Target",
        }
    }
}

/// One failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The exception's type, without namespace.
    pub exception: &'static str,
    /// Its message.
    pub text: String,
    /// The message of what caused it, with its type.
    pub inner: Option<String>,
    /// Where the cause lies.
    pub side: Side,
    /// Whether starting again does not help: the user must be removed and put into a new batch.
    pub is_final: bool,
}

impl Failure {
    /// A failure whose cause lies in the target.
    pub fn target(rule: &Rule, things: &[&str]) -> Self {
        Self::unnumbered(rule.short_type(), rule.text(things))
    }

    /// A failure whose cause lies in the source.
    pub fn source(rule: &Rule, things: &[&str]) -> Self {
        Self::target(rule, things).at(Side::Source)
    }

    /// What the source or its sign-in service answered when the endpoint was used.
    pub fn connection(server: &str, why: &Rule, things: &[&str]) -> Self {
        Self {
            inner: Some(format!("{}: {}", why.exception, why.text(things))),
            ..Self::source(&rule::CONNECTION_FAILED, &[server])
        }
    }

    /// A failure that no rule stands for: somebody's own doing.
    pub fn unnumbered(exception: &'static str, text: impl Into<String>) -> Self {
        Self {
            exception,
            text: text.into(),
            inner: None,
            side: Side::Target,
            is_final: false,
        }
    }

    /// The same with its cause on this side.
    pub fn at(self, side: Side) -> Self {
        Self { side, ..self }
    }

    /// A failure that a new start does not heal.
    pub fn into_final(self) -> Self {
        Self { is_final: true, ..self }
    }

    /// `ErrorSummary`: type, message, and the cause when there is one.
    pub fn summary(&self) -> String {
        match &self.inner {
            Some(inner) => format!("{}: {} --> {inner}", self.exception, self.text),
            None => format!("{}: {}", self.exception, self.text),
        }
    }

    /// `Error`: as the service prints it, which repeats a message that has no other cause.
    pub fn error(&self) -> String {
        match &self.inner {
            Some(_) => self.summary(),
            None => format!("{} --> {}", self.summary(), self.text),
        }
    }
}

/// What ends a check early.
#[derive(Debug)]
pub enum Stop {
    /// A rule is not met.
    Failure(Failure),
    /// The state could not be read.
    Store(rusqlite::Error),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Stop::Failure(failure)
    }
}

impl From<rusqlite::Error> for Stop {
    fn from(cause: rusqlite::Error) -> Self {
        Stop::Store(cause)
    }
}

/// Splits the outcome of a check from trouble with the state.
pub fn judged<T>(checked: Result<T, Stop>) -> rusqlite::Result<Result<T, Failure>> {
    match checked {
        Ok(value) => Ok(Ok(value)),
        Err(Stop::Failure(failure)) => Ok(Err(failure)),
        Err(Stop::Store(cause)) => Err(cause),
    }
}
