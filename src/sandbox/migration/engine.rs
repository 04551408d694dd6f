//! Walks users and batches through their states. Each state has an end, each end is an event in the queue; nothing ticks, so one
//! long advance of the clock is the same as many short ones.

use jiff::SignedDuration;
use serde_json::Value;

use super::batch;
use super::batch::Phase;
use super::conversion;
use super::failure::Failure;
use super::failure::judged;
use super::mishap;
use super::mishap::Outcome;
use super::moment;
use super::pace;
use super::request;
use super::score;
use super::source_rules::bytes;
use super::state::Status;
use super::user;
use super::validation;
use super::validation::Pair;
use super::validation::Subject;
use crate::sandbox::Event;
use crate::sandbox::Object;
use crate::sandbox::Tx;
use crate::sandbox::exchange::endpoint;
use crate::sandbox::exchange::recipient;
use crate::sandbox::rule;

const MOST_MIGRATIONS: usize = 100;

/// Runs one due event of a kind that starts with `migration-`; the sandbox's clock already stands at the event's own time.
pub fn run_event(tx: &Tx<'_>, event: &Event) -> rusqlite::Result<()> {
    match event.kind.as_str() {
        user::EVENT => end_user_state(tx, event),
        batch::EVENT => end_batch_state(tx, event),
        conversion::GRACE_EVENT => conversion::end_grace(tx, event),
        _ => Ok(()),
    }
}

fn named(tx: &Tx<'_>, event: &Event, name: &str) -> rusqlite::Result<Option<Object>> {
    tx.get(event.body[name].as_str().unwrap_or_default())
}

fn end_user_state(tx: &Tx<'_>, event: &Event) -> rusqlite::Result<()> {
    let Some(mut user) = named(tx, event, "user")? else { return Ok(()) };
    let is_current = event.body["turn"].as_i64() == Some(user::turn(&user));
    let Some(batch) = tx.get(user.text("_Batch"))?.filter(|_| is_current) else {
        return Ok(());
    };
    match user::status(&user) {
        Status::Queued if user.flag("_Ready") => end_wait(tx, &mut user, &batch),
        Status::Queued => begin(tx, &mut user, &batch),
        Status::Validating => end_validation(tx, &mut user, &batch),
        Status::Provisioning => end_provisioning(tx, &mut user, &batch),
        Status::Synced => end_rest(tx, &mut user, &batch),
        Status::Syncing | Status::IncrementalSyncing | Status::Completing => end_work(tx, &mut user, &batch),
        Status::Stopping => end_stopping(tx, &mut user),
        Status::Removing => user::remove(tx, &user),
        _ => Ok(()),
    }
}

/// Starts a user, or lets it wait for its time.
pub fn begin(tx: &Tx<'_>, user: &mut Object, batch: &Object) -> rusqlite::Result<()> {
    user.set("_Ready", false);
    match batch::start_time(batch, user).filter(|start| *start > tx.now()) {
        Some(start) => user::enter(tx, user, Status::Queued, Some(start.duration_since(tx.now()))),
        None => user::enter(tx, user, Status::Validating, Some(pace::VALIDATION)),
    }
}

fn subject<'a>(user: &'a Object, batch: &'a Object, endpoint: &'a Object) -> Subject<'a> {
    let number = |name: &str| user.body.get(name).and_then(Value::as_u64);
    Subject {
        tenant: &user.tenant,
        endpoint,
        address: user.text("Identity"),
        delivery_domain: batch.text("TargetDeliveryDomain"),
        request: user.text("RequestGuid"),
        was_in_scope: user.body.get("_WasInScope").and_then(Value::as_bool),
        aux_archives: number("_AuxArchives").map(|count| count as usize),
        reads_vault: user::status(user) != Status::Syncing,
    }
}

/// All checks of a user, as they stand now.
fn check(tx: &Tx<'_>, user: &Object, batch: &Object) -> rusqlite::Result<Result<Pair, Failure>> {
    let name = batch.text("SourceEndpoint");
    let Some(endpoint) = endpoint::endpoint(tx, &user.tenant, name)? else {
        return Ok(Err(Failure::target(&rule::NO_ENDPOINT, &[name])));
    };
    judged(validation::validate(tx, &subject(user, batch, &endpoint)))
}

fn end_validation(tx: &Tx<'_>, user: &mut Object, batch: &Object) -> rusqlite::Result<()> {
    let endpoint = endpoint::endpoint(tx, &user.tenant, batch.text("SourceEndpoint"))?;
    if let (None, Some(endpoint)) = (user.body.get("_WasInScope"), &endpoint)
        && let Some(was_in_scope) = validation::is_in_scope(tx, &subject(user, batch, endpoint))?
    {
        user.set("_WasInScope", was_in_scope);
    }
    if let Some(other) = earlier_batch(tx, user)? {
        let failure = Failure::target(&rule::IN_OTHER_BATCH, &[user.text("Identity"), &other]);
        return user::fail(tx, user, Status::Failed, &failure);
    }
    match check(tx, user, batch)? {
        Err(failure) => user::fail(tx, user, Status::Failed, &failure),
        Ok(pair) => {
            user.set("_Source", pair.source.id.as_str());
            user.set("_Target", pair.target.id.as_str());
            user.set("MailboxGuid", pair.target.text("ExchangeGuid"));
            user.set("MailboxLegacyDN", pair.target.text("LegacyExchangeDN"));
            if user.body.get("_AuxArchives").is_none() {
                user.set("_AuxArchives", pair.source.list("_AuxArchives").len());
            }
            user::enter(tx, user, Status::Provisioning, Some(pace::PROVISIONING))
        }
    }
}

/// The batch that had the user before this one.
fn earlier_batch(tx: &Tx<'_>, user: &Object) -> rusqlite::Result<Option<String>> {
    let same = user::find(tx, &user.tenant, user.text("Identity"))?;
    let mut earlier = same.into_iter().take_while(|other| other.id != user.id);
    let earlier = earlier.find(|other| other.text("_Batch") != user.text("_Batch"));
    match earlier {
        Some(earlier) => Ok(tx.get(earlier.text("_Batch"))?.map(|batch| batch.text("Identity").to_owned())),
        None => Ok(None),
    }
}

fn end_provisioning(tx: &Tx<'_>, user: &mut Object, batch: &Object) -> rusqlite::Result<()> {
    if request::of_user(tx, user)?.is_none()
        && let Some(mut target) = tx.get(user.text("_Target"))?
    {
        let endpoint = endpoint::endpoint(tx, &user.tenant, batch.text("SourceEndpoint"))?;
        let host = endpoint.as_ref().map(|endpoint| endpoint.text("RemoteServer")).unwrap_or_default();
        user.set("RequestGuid", request::create(tx, user, &target, batch.text("Identity"), host)?);
        if let Some(request) = request::of_user(tx, user)? {
            request::mark(&mut target, "Queued", Some(&request));
            recipient::store(tx, &target)?;
        }
    }
    user.set("_Ready", true);
    start_copy(tx, user)
}

/// Starts the copy of a user that has waited for a place. It is checked anew, as it may have waited for days.
fn end_wait(tx: &Tx<'_>, user: &mut Object, batch: &Object) -> rusqlite::Result<()> {
    if !has_place(tx, user)? {
        return user::enter(tx, user, Status::Queued, None);
    }
    match check(tx, user, batch)? {
        Ok(_) => copy(tx, user),
        Err(failure) => {
            user::fail(tx, user, Status::Failed, &failure)?;
            free_place(tx, user)
        }
    }
}

/// Starts the copy when the endpoint has a free place; otherwise whoever ends a copy next will start it.
fn start_copy(tx: &Tx<'_>, user: &mut Object) -> rusqlite::Result<()> {
    match has_place(tx, user)? {
        true => copy(tx, user),
        false => user::enter(tx, user, Status::Queued, None),
    }
}

fn has_place(tx: &Tx<'_>, user: &Object) -> rusqlite::Result<bool> {
    let name = user.text("_Endpoint");
    let endpoint = endpoint::endpoint(tx, &user.tenant, name)?;
    let limit = endpoint
        .as_ref()
        .map(|endpoint| endpoint.text("MaxConcurrentMigrations"))
        .unwrap_or_default();
    let limit = match limit.eq_ignore_ascii_case("Unlimited") {
        true => usize::MAX,
        false => limit.parse().unwrap_or(MOST_MIGRATIONS),
    };
    Ok(tx.find(&user.tenant, "migration-syncing", name)?.len() < limit)
}

/// How long the first copy of everything takes.
pub fn whole_copy(tx: &Tx<'_>, user: &Object) -> rusqlite::Result<SignedDuration> {
    Ok(pace::initial_copy(content(tx, user)?))
}

fn copy(tx: &Tx<'_>, user: &mut Object) -> rusqlite::Result<()> {
    let duration = match user.flag("_Copied") {
        true => pace::INCREMENTAL,
        false => whole_copy(tx, user)?,
    };
    user::enter(tx, user, Status::Syncing, Some(duration))
}

fn content(tx: &Tx<'_>, user: &Object) -> rusqlite::Result<u64> {
    let source = tx.get(user.text("_Source"))?;
    let size = |name| source.as_ref().and_then(|source| bytes(source, name)).unwrap_or(0);
    Ok(size("_Size") + size("_ArchiveSize"))
}

/// Lets the next user in, after a copy has ended one way or another.
fn free_place(tx: &Tx<'_>, user: &Object) -> rusqlite::Result<()> {
    let waiting = tx.find(&user.tenant, "migration-waiting", user.text("_Endpoint"))?;
    let next = waiting.into_iter().find(|other| user::due(other).is_none());
    match next {
        Some(mut next) => user::wait_until(tx, &mut next, Some(tx.now())),
        None => Ok(()),
    }
}

/// Ends a copy or a completion, unless trouble in the service's machinery holds it up.
fn end_work(tx: &Tx<'_>, user: &mut Object, batch: &Object) -> rusqlite::Result<()> {
    user.body.shift_remove("_StatusDetail");
    let status = user::status(user);
    match (mishap::strike(tx, user)?, status) {
        // Who failed in its first copy leaves a place.
        (Outcome::Arranged, Status::Syncing) if user::status(user).is_failed() => free_place(tx, user),
        (Outcome::Arranged, _) => Ok(()),
        (Outcome::CompletesWithWarning(converts), _) => end_completion(tx, user, batch, Status::CompletedWithWarnings, converts),
        (Outcome::GoOn, Status::Syncing) => end_copy(tx, user, batch),
        (Outcome::GoOn, Status::IncrementalSyncing) => end_incremental(tx, user, batch),
        (Outcome::GoOn, _) => end_completion(tx, user, batch, Status::Completed, true),
    }
}

fn end_copy(tx: &Tx<'_>, user: &mut Object, batch: &Object) -> rusqlite::Result<()> {
    match check(tx, user, batch)? {
        Err(failure) => user::fail(tx, user, Status::Failed, &failure)?,
        Ok(pair) => {
            user.set("_Copied", true);
            user.set("_InitialSync", tx.now().to_string());
            synced(tx, user, batch, &pair)?;
        }
    }
    free_place(tx, user)
}

/// After any copy: counts, the time of the next one, and rest.
fn synced(tx: &Tx<'_>, user: &mut Object, batch: &Object, pair: &Pair) -> rusqlite::Result<()> {
    let count = |name| bytes(&pair.source, name).unwrap_or(0);
    let skipped = count("_BadItems");
    if skipped != score::skipped(user) {
        user.set("SkippedItemCount", skipped);
        user.set("_SkippedAt", tx.now().to_string());
    }
    let items = count("_Items") + count("_ArchiveItems");
    user.set("SyncedItemCount", items.saturating_sub(skipped));
    user.set("_Transferred", count("_Size") + count("_ArchiveSize"));
    user.set("LastSuccessfulSyncTime", tx.now().to_string());
    user.set("_NextIncremental", (tx.now() + pace::INCREMENTAL_INTERVAL).to_string());
    rest(tx, user, batch)
}

/// Completes the user when its time has come; otherwise it stays synced until then, or until the next copy of what is new.
pub fn rest(tx: &Tx<'_>, user: &mut Object, batch: &Object) -> rusqlite::Result<()> {
    let completion = batch::completion_time(batch, user);
    if completion.is_some_and(|time| time <= tx.now()) {
        let duration = pace::completion(content(tx, user)?);
        return user::enter(tx, user, Status::Completing, Some(duration));
    }
    if user::status(user) != Status::Synced {
        user::enter(tx, user, Status::Synced, None)?;
    }
    let next = moment::kept(user, "_NextIncremental");
    user::wait_until(tx, user, next.into_iter().chain(completion).min())
}

fn end_rest(tx: &Tx<'_>, user: &mut Object, batch: &Object) -> rusqlite::Result<()> {
    match batch::completion_time(batch, user).is_some_and(|time| time <= tx.now()) {
        true => rest(tx, user, batch),
        false => user::enter(tx, user, Status::IncrementalSyncing, Some(pace::INCREMENTAL)),
    }
}

fn end_incremental(tx: &Tx<'_>, user: &mut Object, batch: &Object) -> rusqlite::Result<()> {
    match check(tx, user, batch)? {
        Err(failure) => user::fail(tx, user, Status::IncrementalFailed, &failure),
        Ok(pair) => synced(tx, user, batch, &pair),
    }
}

fn end_completion(tx: &Tx<'_>, user: &mut Object, batch: &Object, completed: Status, converts_source: bool) -> rusqlite::Result<()> {
    let pair = match check(tx, user, batch)? {
        Ok(pair) => pair,
        Err(failure) => {
            let failure = at_the_end(failure, batch.text("TargetDeliveryDomain"));
            return user::fail(tx, user, Status::CompletionFailed, &failure);
        }
    };
    if let Some(rule) = score::blocks(user) {
        let failure = Failure::source(rule, &[]);
        return user::fail(tx, user, Status::CompletionFailed, &failure);
    }
    let request = request::of_user(tx, user)?;
    conversion::convert(tx, &pair, batch.text("TargetDeliveryDomain"), request.as_ref(), converts_source)?;
    user::enter(tx, user, completed, None)
}

/// The replication service names the missing delivery address its own way.
fn at_the_end(failure: Failure, delivery_domain: &str) -> Failure {
    match failure.text == rule::NO_DELIVERY_ADDRESS.text(&[delivery_domain]) {
        true => Failure::target(&rule::NO_DELIVERY_ADDRESS_AT_END, &[delivery_domain]),
        false => failure,
    }
}

/// Halts a user that is on its way.
pub fn halt(tx: &Tx<'_>, user: &mut Object) -> rusqlite::Result<()> {
    let status = user::status(user);
    if status.is_at_rest() || status == Status::Removing {
        return Ok(());
    }
    user::enter(tx, user, Status::Stopping, Some(pace::REACTION))?;
    match status == Status::Syncing {
        true => free_place(tx, user),
        false => Ok(()),
    }
}

/// Removes a user after the usual reaction time.
pub fn leave(tx: &Tx<'_>, user: &mut Object) -> rusqlite::Result<()> {
    let was_copying = user::status(user) == Status::Syncing;
    user::enter(tx, user, Status::Removing, Some(pace::REACTION))?;
    match was_copying {
        true => free_place(tx, user),
        false => Ok(()),
    }
}

fn end_stopping(tx: &Tx<'_>, user: &mut Object) -> rusqlite::Result<()> {
    let stopped = match user.flag("_Copied") {
        true => Status::IncrementalStopped,
        false => Status::Stopped,
    };
    user::enter(tx, user, stopped, None)
}

/// Starts a user again that was halted or failed; some failures cannot be healed that way and stay.
pub fn resume(tx: &Tx<'_>, user: &mut Object, batch: &Object) -> rusqlite::Result<()> {
    let status = user::status(user);
    if status.is_failed() && user.flag("_Final") {
        return Ok(());
    }
    match status {
        Status::Stopped | Status::Failed => begin(tx, user, batch),
        Status::IncrementalStopped | Status::IncrementalFailed | Status::CompletionFailed => {
            user::enter(tx, user, Status::IncrementalSyncing, Some(pace::INCREMENTAL))
        }
        _ => Ok(()),
    }
}

fn end_batch_state(tx: &Tx<'_>, event: &Event) -> rusqlite::Result<()> {
    let Some(mut batch) = named(tx, event, "batch")? else {
        return Ok(());
    };
    let users = user::of_batch(tx, &batch)?;
    let phase = batch::phase(&batch);
    match event.body["step"].as_str().unwrap_or_default() {
        "Idle" if event.body["touched"].as_i64() == Some(batch::touched(&batch)) => end_patience(tx, &mut batch, &users),
        step if step != phase.name() => Ok(()),
        "Starting" => start_users(tx, &mut batch, users),
        "Stopping" => batch::enter(tx, &mut batch, Phase::Stopped),
        "Removing" => {
            users.iter().try_for_each(|each| user::remove(tx, each))?;
            tx.delete(&batch.id)
        }
        _ => Ok(()),
    }
}

/// Starts or resumes all users of a batch that are not on their way.
pub fn start_users(tx: &Tx<'_>, batch: &mut Object, users: Vec<Object>) -> rusqlite::Result<()> {
    if batch.text("StartDateTime").is_empty() {
        batch.set("StartDateTime", tx.now().to_string());
    }
    batch::enter(tx, batch, Phase::Running)?;
    users.into_iter().try_for_each(|mut each| resume(tx, &mut each, batch))
}

/// Halts all users of a batch.
pub fn stop_users(tx: &Tx<'_>, batch: &mut Object, users: Vec<Object>) -> rusqlite::Result<()> {
    users.into_iter().try_for_each(|mut each| halt(tx, &mut each))?;
    batch::enter(tx, batch, Phase::Stopping)
}

/// Nobody has acted on the batch for a long time.
fn end_patience(tx: &Tx<'_>, batch: &mut Object, users: &[Object]) -> rusqlite::Result<()> {
    match batch::is_at_rest(batch, users) {
        true => batch::enter(tx, batch, Phase::Removing),
        false => stop_users(tx, batch, users.to_vec()),
    }
}
