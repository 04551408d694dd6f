//! `Finding`: one result of a check, with what was expected, what was found and what to do.

use serde_json::Value;

use crate::model::Record;

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// As it should be.
    Ok,
    /// Worth knowing; nothing fails for it.
    Warning,
    /// The migration fails for it.
    Problem,
    /// What it needs was not seen.
    NotChecked,
}

impl State {
    /// The word in the record.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Ok => "ok",
            State::Warning => "warning",
            State::Problem => "problem",
            State::NotChecked => "not checked",
        }
    }
}

/// One result of a check.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// A stable name such as `target.relationship.capability`.
    pub id: &'static str,
    /// The tenant it is about: `source` or `target`.
    pub side: &'static str,
    /// How it came out.
    pub state: State,
    /// What should be there.
    pub expected: String,
    /// What is there.
    pub found: String,
    /// What to do; empty when it is ok.
    pub remedy: String,
    /// The failure this would become, by its number.
    pub failure: Option<&'static str>,
}

impl Finding {
    /// As it should be.
    pub fn ok(id: &'static str, expected: impl Into<String>, found: impl Into<String>) -> Self {
        Self {
            id,
            side: if id.starts_with("source.") { "source" } else { "target" },
            state: State::Ok,
            expected: expected.into(),
            found: found.into(),
            remedy: String::new(),
            failure: None,
        }
    }

    /// Not seen.
    pub fn not_checked(id: &'static str, expected: impl Into<String>, why: impl Into<String>) -> Self {
        Self {
            state: State::NotChecked,
            ..Self::ok(id, expected, why)
        }
    }

    /// Ok when `holds`, else a problem with its remedy.
    pub fn judge(holds: bool, id: &'static str, expected: impl Into<String>, found: impl Into<String>, remedy: &str) -> Self {
        let seen = Self::ok(id, expected, found);
        if holds {
            return seen;
        }
        Self {
            state: State::Problem,
            remedy: remedy.to_owned(),
            ..seen
        }
    }

    /// With the number of the failure a problem would become.
    pub fn failing(mut self, failure: &'static str) -> Self {
        self.failure = Some(failure);
        self
    }

    /// A problem turned into a warning.
    pub fn only_a_warning(mut self) -> Self {
        if self.state == State::Problem {
            self.state = State::Warning;
        }
        self
    }

    /// The record scripts see: `id side state expected found remedy failure`.
    pub fn to_record(&self) -> Record {
        let failure = self.failure.filter(|_| matches!(self.state, State::Problem | State::Warning));
        Record::default()
            .with("id", self.id)
            .with("side", self.side)
            .with("state", self.state.as_str())
            .with("expected", self.expected.as_str())
            .with("found", self.found.as_str())
            .with("remedy", self.remedy.as_str())
            .with("failure", failure.map_or(Value::Null, Value::from))
    }
}

/// Sums findings up: `{state, ok, warnings, problems, not_checked}`. The state is `problem` when there is one, else `not checked`
/// when something was not seen, else `ok`.
pub fn verdict(findings: &[Record]) -> Record {
    let count = |state: State| {
        findings
            .iter()
            .filter(|finding| finding.text("state") == Some(state.as_str()))
            .count()
    };
    let (problems, not_checked) = (count(State::Problem), count(State::NotChecked));
    let state = match (problems, not_checked) {
        (0, 0) => State::Ok,
        (0, _) => State::NotChecked,
        _ => State::Problem,
    };
    Record::default()
        .with("state", state.as_str())
        .with("ok", count(State::Ok))
        .with("warnings", count(State::Warning))
        .with("problems", problems)
        .with("not_checked", not_checked)
}
