//! Asking before a change that matters.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

use futures::future::BoxFuture;
use uuid::Uuid;

use crate::change::Change;
use crate::change::Impact;
use crate::change::Inverse;
use crate::change::Verb;
use crate::model::Given;
use crate::model::Kind;
use crate::model::Record;
use crate::model::Trouble;

/// What somebody says to a question. A kind is one operation on one tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// This one may be made.
    Yes,
    /// This one and all later ones of its kind.
    YesToAll,
    /// Not this one.
    No,
    /// Neither this one nor any later one of its kind.
    NoToAll,
    /// Not this one, and the run ends here.
    Stop,
}

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct Question<'q> {
    /// The change that waits for the answer.
    pub change: &'q Change,
    /// What is lost by it or at stake, beyond what the change itself says.
    pub loses: Option<&'static str>,
    /// Whether it can be taken back.
    pub way_back: WayBack,
}

/// Whether an undo takes a change back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WayBack {
    /// It does.
    Undo,
    /// It does not, for this reason where there is more to say than that.
    None(Option<&'static str>),
}

impl WayBack {
    fn of(change: &Change) -> Self {
        let descriptor = change.operation.descriptor;
        let hides = |given: &Given| matches!(given, Given::Secret(_) | Given::Credential { .. });
        match descriptor.inverse {
            Inverse::None(reason) => Self::None(Some(reason)),
            _ if change.impact == Impact::Irreversible => Self::None(None),
            _ if descriptor.verb == Verb::Update && change.operation.arguments.iter().any(|(_, given)| hides(given)) => {
                Self::None(Some("the secret from before cannot be read, so it cannot be put back"))
            }
            _ => Self::Undo,
        }
    }
}

/// Whoever answers. One question is put at a time.
pub trait Ask: Send + Sync {
    /// Puts the question and waits for the answer. Whoever answers `Stop` also ends the run.
    fn ask<'a>(&'a self, question: Question<'a>) -> BoxFuture<'a, Answer>;
}

/// From which impact on a change is asked about, what was answered beforehand, and who is asked.
pub struct Consent {
    from: Impact,
    beforehand: Option<Impact>,
    ask: Option<Arc<dyn Ask>>,
    turn: tokio::sync::Mutex<()>,
    standing: Mutex<Standing>,
}

#[derive(Default)]
struct Standing {
    kinds: HashMap<(Uuid, &'static str), bool>,
    is_stopped: bool,
    declined: u64,
}

impl Consent {
    /// Asks from impact `from` on about what was not answered with yes `beforehand`.
    pub fn new(from: Impact, beforehand: Option<Impact>, ask: Option<Arc<dyn Ask>>) -> Self {
        Self {
            from,
            beforehand,
            ask,
            turn: tokio::sync::Mutex::default(),
            standing: Mutex::default(),
        }
    }

    /// Whether a change of this impact waits for an answer.
    pub fn asks_about(&self, impact: Impact) -> bool {
        impact >= self.from && self.beforehand.is_none_or(|given| impact > given)
    }

    /// How many changes were declined.
    pub fn declined(&self) -> u64 {
        self.standing().declined
    }

    /// Leave to make `change` on an object that was as `before` shows it; trouble when it was declined or nobody can be asked.
    pub(super) async fn obtain(&self, change: &Change, before: Option<&Record>) -> Result<(), Trouble> {
        if !self.asks_about(change.impact) {
            return Ok(());
        }
        let _turn = self.turn.lock().await;
        let kind = (change.tenant.id, change.operation.descriptor.name);
        let known = {
            let standing = self.standing();
            standing.kinds.get(&kind).copied().or(standing.is_stopped.then_some(false))
        };
        if let Some(is_granted) = known {
            return self.settled(change, is_granted);
        }
        let Some(ask) = &self.ask else {
            return Err(unanswered(change));
        };
        let descriptor = change.operation.descriptor;
        let question = Question {
            change,
            // Below high there is nothing beyond what the change itself says, whatever the operation can cost otherwise.
            loses: match change.impact >= Impact::High {
                true => (descriptor.loses)(&change.operation.arguments, before),
                false => None,
            },
            way_back: WayBack::of(change),
        };
        let answer = ask.ask(question).await;
        match answer {
            Answer::YesToAll | Answer::NoToAll => {
                self.standing().kinds.insert(kind, answer == Answer::YesToAll);
            }
            Answer::Stop => {
                self.standing().is_stopped = true;
                // The run ends here, before anybody hears that the change was declined.
                tokio::task::yield_now().await;
            }
            Answer::Yes | Answer::No => {}
        }
        self.settled(change, matches!(answer, Answer::Yes | Answer::YesToAll))
    }

    fn settled(&self, change: &Change, is_granted: bool) -> Result<(), Trouble> {
        if is_granted {
            return Ok(());
        }
        self.standing().declined += 1;
        Err(
            Trouble::new(Kind::Declined, format!("`{}` was declined", change.operation.descriptor.name))
                .with_remedy("run it again and answer yes if it is meant; what is done already stays as it is")
                .in_tenant(&change.tenant.name)
                .on_object(&change.label),
        )
    }

    fn standing(&self) -> MutexGuard<'_, Standing> {
        self.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Consent {
    /// Everything is agreed to beforehand.
    fn default() -> Self {
        Self::new(Impact::Irreversible, Some(Impact::Irreversible), None)
    }
}

fn unanswered(change: &Change) -> Trouble {
    let flag = match change.impact {
        Impact::Irreversible => "--yes-irreversible",
        _ => "--yes",
    };
    let message = format!(
        "`{}` has impact {} and waits for a yes, which nobody can give without a terminal",
        change.operation.descriptor.name, change.impact
    );
    Trouble::new(Kind::Declined, message)
        .with_code("unanswered")
        .with_remedy(format!("run it in a terminal, or give the answer beforehand with `{flag}`"))
        .in_tenant(&change.tenant.name)
        .on_object(&change.label)
}
