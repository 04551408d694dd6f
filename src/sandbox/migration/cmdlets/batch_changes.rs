//! The cmdlets that change a batch: they say what is wanted and return at once; the states follow by the clock.

use serde_json::Value;

use super::WRITE;
use super::csv_data;
use super::refused;
use super::take_time;
use super::unknown;
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
use crate::sandbox::migration::moment;
use crate::sandbox::migration::pace;
use crate::sandbox::migration::state::Status;
use crate::sandbox::migration::user;

pub const SET: Cmdlet = Cmdlet {
    name: "Set-MigrationBatch",
    parameters: &[
        ("Identity", Parameter::Text),
        ("CompleteAfter", Parameter::DateTime),
        ("StartAfter", Parameter::DateTime),
        ("ApproveSkippedItems", Parameter::Switch),
        ("NotificationEmails", Parameter::Multi),
        ("SyncNow", Parameter::Switch),
        ("Update", Parameter::Switch),
        ("AddUsers", Parameter::Switch),
        ("CSVData", Parameter::Bytes),
        ("AllowUnknownColumnsInCSV", Parameter::Bool),
        ("ReportInterval", Parameter::Text),
        ("SkipReports", Parameter::Bool),
        ("BadItemLimit", Parameter::Number),
        ("LargeItemLimit", Parameter::Number),
    ],
    mandatory: &["Identity"],
    role: WRITE,
    run: set,
};

pub const START: Cmdlet = of_one("Start-MigrationBatch", &[("Identity", Parameter::Text)], start);
pub const STOP: Cmdlet = of_one("Stop-MigrationBatch", &[("Identity", Parameter::Text)], stop);
pub const COMPLETE: Cmdlet = of_one(
    "Complete-MigrationBatch",
    &[
        ("Identity", Parameter::Text),
        ("SyncAndComplete", Parameter::Switch),
        ("NotificationEmails", Parameter::Multi),
    ],
    complete,
);
pub const REMOVE: Cmdlet = of_one(
    "Remove-MigrationBatch",
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

fn named(call: &Call<'_>) -> Result<(Object, Vec<Object>), Refusal> {
    let name = call.text("Identity").unwrap_or_default();
    let found = batch::find(call.tx, call.tenant, name)?.ok_or_else(|| unknown("migration batch", name))?;
    let users = user::of_batch(call.tx, &found)?;
    Ok((found, users))
}

fn state_refusal(call: &Call<'_>, batch: &Object, users: &[Object], verb: &str) -> Refusal {
    refused(format!(
        "The migration batch '{}' can't be {verb} because its status is '{}'.",
        batch.text("Identity"),
        batch::status(call.tx, batch, users)
    ))
}

fn set(call: &Call<'_>) -> Answer {
    let (mut batch, mut users) = named(call)?;
    let start_moved = take_time(call, &mut batch, "StartAfter")?;
    let completion_moved = take_time(call, &mut batch, "CompleteAfter")?;
    if call.get("CompleteAfter").is_some_and(Value::is_null) {
        batch.set("_AutoComplete", false);
    }
    if call.get("NotificationEmails").is_some() {
        batch.set("NotificationEmails", call.list("NotificationEmails"));
    }
    batch::touch(call.tx, &mut batch)?;
    if call.is_on("AddUsers") {
        let (addresses, _) = csv_data::addresses(call)?;
        for address in addresses {
            let is_known = |known: &Object| known.text("Identity").eq_ignore_ascii_case(&address);
            if users.iter().any(is_known) {
                continue;
            }
            let mut added = user::create(call.tx, &batch, &address)?;
            if batch::phase(&batch) == Phase::Running {
                engine::begin(call.tx, &mut added, &batch)?;
            }
            users.push(added);
        }
    }
    for each in &mut users {
        super::users::adjust(call, each, &batch, start_moved, completion_moved)?;
    }
    Ok(Output::default())
}

fn start(call: &Call<'_>) -> Answer {
    let (mut batch, users) = named(call)?;
    match batch::phase(&batch) {
        Phase::Created | Phase::Stopped => {}
        Phase::Running
            if users
                .iter()
                .any(|each| user::status(each).is_failed() || user::status(each).is_stopped()) => {}
        _ => return Err(state_refusal(call, &batch, &users, "started")),
    }
    batch::enter(call.tx, &mut batch, Phase::Starting)?;
    Ok(Output::default())
}

fn stop(call: &Call<'_>) -> Answer {
    let (mut batch, users) = named(call)?;
    let may = batch::phase(&batch) == Phase::Starting || batch::phase(&batch) == Phase::Running && !batch::is_at_rest(&batch, &users);
    if !may {
        return Err(state_refusal(call, &batch, &users, "stopped"));
    }
    engine::stop_users(call.tx, &mut batch, users)?;
    Ok(Output::default())
}

fn complete(call: &Call<'_>) -> Answer {
    let (mut batch, users) = named(call)?;
    let states = users.iter().map(user::status).collect::<Vec<_>>();
    let is_synced =
        batch::phase(&batch) == Phase::Running && !states.iter().any(|status| status.is_initial() || *status == Status::Stopping);
    let is_clean = states.iter().all(|status| !status.is_failed() && !status.is_stopped());
    if !is_synced || (call.is_on("SyncAndComplete") && !is_clean) {
        return Err(Refusal::new(
            "Microsoft.Exchange.Data.Storage.Management.MigrationBatchCannotBeCompletedTransientException",
            state_refusal(call, &batch, &users, "completed").text,
        ));
    }
    // A second signal within eight hours is taken without a word, and nothing comes of it.
    let before = moment::kept(&batch, "_CompletionSignal");
    if before.is_some_and(|before| call.tx.now() < before + pace::COMPLETION_SIGNAL) {
        return Ok(Output::default());
    }
    batch.set("_CompletionSignal", call.tx.now().to_string());
    batch.set("CompleteAfter", call.tx.now().to_string());
    batch::touch(call.tx, &mut batch)?;
    for mut each in users {
        if user::status(&each) == Status::Synced {
            engine::rest(call.tx, &mut each, &batch)?;
        }
    }
    Ok(Output::default())
}

fn remove(call: &Call<'_>) -> Answer {
    let (mut batch, users) = named(call)?;
    if !batch::is_at_rest(&batch, &users) {
        let refusal = state_refusal(call, &batch, &users, "removed");
        return Err(refused(format!("{} Stop the batch first.", refusal.text)));
    }
    batch::enter(call.tx, &mut batch, Phase::Removing)?;
    Ok(Output::default())
}
