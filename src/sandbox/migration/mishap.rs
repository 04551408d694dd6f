//! Trouble in the service's own machinery, which neither tenant causes: it comes when it was ordered as a fault, and takes the course
//! that the replication service gives it.
//!
//! A passing trouble is tried again after some minutes; what passes too often ends the move with the type that came most. A user
//! holds `_Troubles` (how often each type came since the copy was last whole) and `_Log` (what the report says of it).

use jiff::SignedDuration;
use serde_json::Value;
use serde_json::json;

use super::failure::Failure;
use super::failure::Side;
use super::request;
use super::state::Status;
use super::user;
use crate::sandbox::Object;
use crate::sandbox::Tx;
use crate::sandbox::fault;
use crate::sandbox::rule;
use crate::sandbox::rule::Rule;

/// After which time a passing trouble is tried again.
const RETRY: SignedDuration = SignedDuration::from_mins(5);
/// How long moves wait for the health of the servers.
const STALL: SignedDuration = SignedDuration::from_hours(1);
/// How often passing trouble may come before the move is given up.
const MOST_RETRIES: u64 = 60;

/// What becomes of the move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Course {
    /// The service tries again by itself.
    Passes,
    /// The service copies everything anew.
    Restarts,
    /// The service waits, which is no error.
    Stalls,
    /// The user fails, and can be started again.
    Fails,
    /// The user fails, and only a new batch helps.
    FailsForGood,
    /// The move completes with a warning.
    Warns,
    /// The move completes, and the source mailbox stays.
    LeavesSource,
}

/// One trouble.
struct Mishap {
    rule: &'static Rule,
    side: Side,
    course: Course,
    /// Whether it comes only when the move is completed.
    at_end: bool,
}

const fn copying(rule: &'static Rule, side: Side, course: Course) -> Mishap {
    Mishap {
        rule,
        side,
        course,
        at_end: false,
    }
}

const fn completing(rule: &'static Rule, side: Side, course: Course) -> Mishap {
    Mishap {
        at_end: true,
        ..copying(rule, side, course)
    }
}

const MISHAPS: &[Mishap] = &[
    copying(&rule::RELOCATED, Side::Source, Course::FailsForGood),
    copying(&rule::DAMAGED_VIEWS, Side::Source, Course::Passes),
    copying(&rule::DIRECTORY_IN_MAINTENANCE, Side::Target, Course::Passes),
    copying(&rule::TOO_LARGE_ITEMS, Side::Target, Course::Fails),
    copying(&rule::UNKNOWN_PRINCIPALS, Side::Source, Course::Fails),
    copying(&rule::EXPORT_TIMEOUT, Side::Source, Course::Passes),
    copying(&rule::SESSION_LOST, Side::Source, Course::Passes),
    copying(&rule::PROXY_FULL, Side::Source, Course::Passes),
    copying(&rule::SYNC_STATE_LOST, Side::Target, Course::Restarts),
    copying(&rule::SOURCE_LOCKED, Side::Source, Course::Fails),
    copying(&rule::TOO_COMPLEX, Side::Source, Course::Fails),
    copying(&rule::DISORDERED_RIGHTS, Side::Target, Course::Fails),
    copying(&rule::FOLDER_FULL, Side::Target, Course::Fails),
    copying(&rule::STALLED, Side::Target, Course::Stalls),
    completing(&rule::NOT_CONVERTED, Side::Source, Course::LeavesSource),
    completing(&rule::UNLOCK_LAGS, Side::Target, Course::Warns),
    completing(&rule::GUARANTEE_LAGS, Side::Target, Course::Passes),
];

/// The numbers of all troubles that can be ordered.
pub fn numbers() -> impl Iterator<Item = &'static str> {
    MISHAPS.iter().map(|mishap| mishap.rule.id)
}

/// What a trouble leaves to be done.
pub enum Outcome {
    /// Nothing happened, or nothing that holds the user up.
    GoOn,
    /// The user's next state is arranged.
    Arranged,
    /// The move completes, with a warning; the flag tells whether the source is converted.
    CompletesWithWarning(bool),
}

/// Lets the trouble happen that was ordered for the copy or completion that `user` has just come to the end of.
pub fn strike(tx: &Tx<'_>, user: &mut Object) -> rusqlite::Result<Outcome> {
    let status = user::status(user);
    let fits = |number: &str| of_number(number).is_some_and(|mishap| status == Status::Completing || !mishap.at_end);
    let struck = fault::trouble(tx, &user.tenant, user.text("Identity"), fits)?;
    match struck.as_deref().and_then(of_number) {
        Some(mishap) => take_course(tx, user, mishap),
        None => {
            user.body.shift_remove("_Troubles");
            Ok(Outcome::GoOn)
        }
    }
}

fn of_number(number: &str) -> Option<&'static Mishap> {
    MISHAPS.iter().find(|mishap| mishap.rule.id.eq_ignore_ascii_case(number))
}

fn take_course(tx: &Tx<'_>, user: &mut Object, mishap: &Mishap) -> rusqlite::Result<Outcome> {
    let name = user.text("Identity").to_owned();
    let failure = Failure::target(mishap.rule, &[&name]).at(mishap.side);
    match mishap.course {
        Course::Passes => try_again(tx, user, mishap, &failure.text, RETRY)?,
        Course::Restarts => {
            let whole = super::engine::whole_copy(tx, user)?;
            try_again(tx, user, mishap, &failure.text, whole)?;
        }
        Course::Stalls => {
            log(tx, user, &failure.text);
            hold_up(tx, user, STALL, "StalledDueToTarget_DiskLatency")?;
        }
        Course::Fails => give_up(tx, user, &failure)?,
        Course::FailsForGood => give_up(tx, user, &failure.into_final())?,
        Course::Warns | Course::LeavesSource => {
            log(tx, user, &format!("Warning: {}", failure.text));
            return Ok(Outcome::CompletesWithWarning(mishap.course == Course::Warns));
        }
    }
    Ok(Outcome::Arranged)
}

/// Notes passing trouble, and gives up when there was too much of it.
fn try_again(tx: &Tx<'_>, user: &mut Object, mishap: &Mishap, text: &str, after: SignedDuration) -> rusqlite::Result<()> {
    let kind = mishap.rule.short_type();
    let mut troubles = user.body.get("_Troubles").and_then(Value::as_object).cloned().unwrap_or_default();
    let hits = troubles.get(kind).and_then(Value::as_u64).unwrap_or(0) + 1;
    troubles.insert(kind.to_owned(), json!(hits));
    let all: u64 = troubles.values().filter_map(Value::as_u64).sum();
    let most = troubles.iter().max_by_key(|(_, hits)| hits.as_u64());
    let most = most.map(|(kind, hits)| (kind.clone(), hits.to_string())).unwrap_or_default();
    user.set("_Troubles", troubles);
    if all > MOST_RETRIES {
        let failure = Failure::target(&rule::TOO_MANY_TRANSIENTS, &[&all.to_string(), &most.0, &most.1]).at(mishap.side);
        return give_up(tx, user, &failure);
    }
    log(
        tx,
        user,
        &format!("Transient error {kind} has occurred. The system will retry ({all}/{MOST_RETRIES}). {text}"),
    );
    let side = mishap.side.name();
    hold_up(tx, user, after, &format!("TransientFailure{side}"))
}

/// Prolongs the state that would have ended now.
fn hold_up(tx: &Tx<'_>, user: &mut Object, by: SignedDuration, detail: &str) -> rusqlite::Result<()> {
    user.set("_StatusDetail", detail);
    user::wait_until(tx, user, Some(tx.now() + by))?;
    if let Some(mut request) = request::of_user(tx, user)? {
        if !detail.starts_with("Stalled") {
            request.set("Status", "Retrying");
        }
        tx.update(&request)?;
    }
    Ok(())
}

fn give_up(tx: &Tx<'_>, user: &mut Object, failure: &Failure) -> rusqlite::Result<()> {
    user.body.shift_remove("_Troubles");
    let status = match user::status(user) {
        Status::Completing => Status::CompletionFailed,
        Status::IncrementalSyncing => Status::IncrementalFailed,
        _ => Status::Failed,
    };
    user::fail(tx, user, status, failure)
}

fn log(tx: &Tx<'_>, user: &mut Object, line: &str) {
    let mut lines = user.body.get("_Log").and_then(Value::as_array).cloned().unwrap_or_default();
    lines.push(json!({"time": tx.now().to_string(), "text": line}));
    user.set("_Log", lines);
}
