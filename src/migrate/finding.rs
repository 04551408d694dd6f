//! `Finding`: one result of a check, with what was expected, what was found and what to do.

use serde_json::Value;

use crate::model::Record;

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// As it should be.
    Ok,
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
            State::Problem => "problem",
            State::NotChecked => "not checked",
        }
    }
}

/// One result of a check.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// A stable name such as `target.relationship.capability`.
    pub id: String,
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
    /// The failure that a problem becomes, by its number.
    pub failure: Option<&'static str>,
}

impl Finding {
    /// A check of `side` that is still to be judged: not checked, because nothing was seen.
    pub fn of(side: &'static str, check: &str, expected: impl Into<String>) -> Self {
        Self {
            id: format!("{side}.{check}"),
            side,
            state: State::NotChecked,
            expected: expected.into(),
            found: "not seen from here".into(),
            remedy: String::new(),
            failure: None,
        }
    }

    /// The number of the failure that a problem becomes.
    pub fn fails_as(mut self, failure: &'static str) -> Self {
        self.failure = Some(failure);
        self
    }

    /// What to do about a problem.
    pub fn mend(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = remedy.into();
        self
    }

    /// What was found and whether that is as expected.
    pub fn found(mut self, found: impl Into<String>, is_ok: bool) -> Self {
        self.found = found.into();
        self.state = if is_ok { State::Ok } else { State::Problem };
        self
    }

    /// Why it could not be checked.
    pub fn unseen(mut self, why: impl Into<String>) -> Self {
        self.found = why.into();
        self.state = State::NotChecked;
        self
    }

    /// The record scripts see: `id side state expected found remedy failure`; the last two only for a problem.
    pub fn to_record(&self) -> Record {
        let is_problem = self.state == State::Problem;
        Record::default()
            .with("id", self.id.as_str())
            .with("side", self.side)
            .with("state", self.state.as_str())
            .with("expected", self.expected.as_str())
            .with("found", self.found.as_str())
            .with("remedy", if is_problem { self.remedy.as_str() } else { "" })
            .with("failure", self.failure.filter(|_| is_problem).map_or(Value::Null, Value::from))
    }
}

/// Sums findings up: `{state, ok, problems, not_checked}`. The state is `problem` when there is one, else `not checked` when
/// something was not seen, else `ok`.
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
        .with("problems", problems)
        .with("not_checked", not_checked)
}
