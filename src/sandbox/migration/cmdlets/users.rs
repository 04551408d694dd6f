//! The cmdlets of migration users.

use super::READ;
use super::WRITE;
use super::take_time;
use super::unknown;
use super::views;
use crate::sandbox::Object;
use crate::sandbox::exchange::Answer;
use crate::sandbox::exchange::Call;
use crate::sandbox::exchange::Cmdlet;
use crate::sandbox::exchange::Output;
use crate::sandbox::exchange::Parameter;
use crate::sandbox::exchange::Refusal;
use crate::sandbox::migration::batch;
use crate::sandbox::migration::batch::Phase;
use crate::sandbox::migration::engine;
use crate::sandbox::migration::pace;
use crate::sandbox::migration::state::Status;
use crate::sandbox::migration::user;

pub const GET: Cmdlet = Cmdlet {
    name: "Get-MigrationUser",
    parameters: &[
        ("Identity", Parameter::Text),
        ("MailboxGuid", Parameter::Guid),
        ("EmailAddress", Parameter::Text),
        ("BatchId", Parameter::Text),
        ("Status", Parameter::Text),
        ("StatusSummary", Parameter::Text),
        ("IncludeAssociatedUsers", Parameter::Switch),
        ("ResultSize", Parameter::Number),
    ],
    mandatory: &[],
    role: READ,
    run: get,
};

pub const SET: Cmdlet = Cmdlet {
    name: "Set-MigrationUser",
    parameters: &[
        ("Identity", Parameter::Text),
        ("CompleteAfter", Parameter::DateTime),
        ("StartAfter", Parameter::DateTime),
        ("SyncNow", Parameter::Switch),
        ("ApproveSkippedItems", Parameter::Switch),
        ("BadItemLimit", Parameter::Number),
        ("LargeItemLimit", Parameter::Number),
    ],
    mandatory: &["Identity"],
    role: WRITE,
    run: set,
};

pub const START: Cmdlet = of_one("Start-MigrationUser", &[("Identity", Parameter::Text)], start);
pub const STOP: Cmdlet = of_one("Stop-MigrationUser", &[("Identity", Parameter::Text)], stop);
pub const REMOVE: Cmdlet = of_one(
    "Remove-MigrationUser",
    &[("Identity", Parameter::Text), ("Force", Parameter::Switch)],
    remove,
);

const fn of_one(name: &'static str, parameters: &'static [(&'static str, Parameter)], run: fn(&Call<'_>) -> Answer) -> Cmdlet {
    Cmdlet {
        name,
        parameters,
        mandatory: &["Identity"],
        role: WRITE,
        run,
    }
}

fn get(call: &Call<'_>) -> Answer {
    let mut output = Output::default();
    for each in asked_for(call)? {
        let view = views::user(call.tx, &each)?;
        let is_wanted = |parameter: &str| {
            let wanted = call.text(parameter);
            wanted.is_none_or(|wanted| view[parameter].as_str().is_some_and(|value| value.eq_ignore_ascii_case(wanted)))
        };
        if is_wanted("BatchId") && is_wanted("Status") && is_wanted("StatusSummary") {
            output.value.push(view);
        }
    }
    Ok(output)
}

fn asked_for(call: &Call<'_>) -> Result<Vec<Object>, Refusal> {
    let name = ["Identity", "MailboxGuid", "EmailAddress"]
        .iter()
        .find_map(|parameter| call.text(parameter));
    if let Some(name) = name {
        let mut found = user::find(call.tx, call.tenant, name)?;
        if found.is_empty() {
            return Err(unknown("migration user", name));
        }
        if !call.is_on("IncludeAssociatedUsers") && call.text("BatchId").is_none() {
            found.truncate(1);
        }
        return Ok(found);
    }
    match call.text("BatchId") {
        Some(name) => match batch::find(call.tx, call.tenant, name)? {
            Some(batch) => Ok(user::of_batch(call.tx, &batch)?),
            None => Err(unknown("migration batch", name)),
        },
        None => Ok(call.tx.list(call.tenant, user::KIND)?),
    }
}

/// The user that a command means: by GUID exactly, by address the one in the oldest batch.
fn named(call: &Call<'_>) -> Result<(Object, Object), Refusal> {
    let name = call.text("Identity").unwrap_or_default();
    let found = user::find(call.tx, call.tenant, name)?.into_iter().next();
    let found = found.ok_or_else(|| unknown("migration user", name))?;
    let batch = call.tx.get(found.text("_Batch"))?.ok_or_else(|| unknown("migration batch", name))?;
    Ok((found, batch))
}

fn set(call: &Call<'_>) -> Answer {
    let (mut user, mut batch) = named(call)?;
    let start_moved = take_time(call, &mut user, "StartAfter")?;
    let completion_moved = take_time(call, &mut user, "CompleteAfter")?;
    batch::touch(call.tx, &mut batch)?;
    adjust(call, &mut user, &batch, start_moved, completion_moved)?;
    Ok(Output::default())
}

/// Lets new times, an approval or the wish for a copy take effect on a user, whether they were set on it or on its batch.
pub fn adjust(call: &Call<'_>, user: &mut Object, batch: &Object, start_moved: bool, completion_moved: bool) -> Result<(), Refusal> {
    if call.is_on("ApproveSkippedItems") {
        user.set("_Approved", call.tx.now().to_string());
    }
    user::save(call.tx, user)?;
    match user::status(user) {
        Status::Queued if start_moved && !user.flag("_Ready") => engine::begin(call.tx, user, batch)?,
        Status::Synced if call.is_on("SyncNow") => user::enter(call.tx, user, Status::IncrementalSyncing, Some(pace::INCREMENTAL))?,
        Status::Synced if completion_moved => engine::rest(call.tx, user, batch)?,
        _ => {}
    }
    Ok(())
}

fn start(call: &Call<'_>) -> Answer {
    let (mut user, mut batch) = named(call)?;
    if matches!(batch::phase(&batch), Phase::Created | Phase::Stopped) {
        batch::enter(call.tx, &mut batch, Phase::Running)?;
    }
    engine::resume(call.tx, &mut user, &batch)?;
    Ok(Output::default())
}

fn stop(call: &Call<'_>) -> Answer {
    let (mut user, _) = named(call)?;
    engine::halt(call.tx, &mut user)?;
    Ok(Output::default())
}

fn remove(call: &Call<'_>) -> Answer {
    let (mut user, _) = named(call)?;
    engine::leave(call.tx, &mut user)?;
    Ok(Output::default())
}
