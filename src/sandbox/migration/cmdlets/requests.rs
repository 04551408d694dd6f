//! The cmdlets of move requests; the migration user behind one does what is asked of it.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use super::READ;
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
use crate::sandbox::exchange::recipient;
use crate::sandbox::migration::engine;
use crate::sandbox::migration::failure::Failure;
use crate::sandbox::migration::request;
use crate::sandbox::migration::state::Status;
use crate::sandbox::migration::user;

pub const GET: Cmdlet = Cmdlet {
    name: "Get-MoveRequest",
    parameters: &[
        ("Identity", Parameter::Text),
        ("BatchName", Parameter::Text),
        ("Status", Parameter::Text),
        ("Flags", Parameter::Text),
        ("RemoteHostName", Parameter::Text),
        ("ResultSize", Parameter::Number),
    ],
    mandatory: &[],
    role: READ,
    run: get,
};

pub const SET: Cmdlet = Cmdlet {
    name: "Set-MoveRequest",
    parameters: &[
        ("Identity", Parameter::Text),
        ("CompleteAfter", Parameter::DateTime),
        ("StartAfter", Parameter::DateTime),
        ("SkippedItemApprovalTime", Parameter::DateTime),
        ("BadItemLimit", Parameter::Number),
        ("LargeItemLimit", Parameter::Number),
    ],
    mandatory: &["Identity"],
    role: "Move Mailboxes",
    run: set,
};

pub const SUSPEND: Cmdlet = of_one(
    "Suspend-MoveRequest",
    &[("Identity", Parameter::Text), ("SuspendComment", Parameter::Text)],
    suspend,
);
pub const RESUME: Cmdlet = of_one("Resume-MoveRequest", &[("Identity", Parameter::Text)], resume);
pub const REMOVE: Cmdlet = of_one(
    "Remove-MoveRequest",
    &[("Identity", Parameter::Text), ("Force", Parameter::Switch)],
    remove,
);

const fn of_one(name: &'static str, parameters: &'static [(&'static str, Parameter)], run: fn(&Call<'_>) -> Answer) -> Cmdlet {
    Cmdlet {
        name,
        parameters,
        mandatory: &["Identity"],
        role: "Move Mailboxes",
        run,
    }
}

/// What both readers show of a request.
pub fn view(request: &Object, target: Option<&Object>) -> Map<String, Value> {
    let text = |name: &str| target.map(|target| target.text(name)).unwrap_or_default();
    let guid = request.text("RequestGuid");
    views::map(json!({
        "DisplayName": text("DisplayName"),
        "Alias": text("Alias"),
        "Identity": text("Name"),
        "Name": text("Name"),
        "ExchangeGuid": target.map(|target| recipient::guid(target, "ExchangeGuid")),
        "ExternalDirectoryObjectId": text("ExternalDirectoryObjectId"),
        "Status": request.text("Status"),
        "Flags": "CrossOrg, CrossTenant, Pull",
        "RequestStyle": "CrossOrg",
        "Direction": "Pull",
        "RemoteHostName": request.text("RemoteHostName"),
        "BatchName": request.text("BatchName"),
        "SourceDatabase": null,
        "TargetDatabase": request.text("TargetDatabase"),
        "RecipientTypeDetails": text("RecipientTypeDetails"),
        "IsOffline": false,
        "Protect": false,
        "Suspend": request.text("Status") == "Suspended",
        "SuspendWhenReadyToComplete": false,
        "RequestGuid": guid,
        "IsValid": true,
    }))
}

fn named(call: &Call<'_>) -> Result<(Object, Option<Object>), Refusal> {
    let name = call.text("Identity").unwrap_or_default();
    let found = request::find(call.tx, call.tenant, name)?.ok_or_else(|| unknown("move request", name))?;
    let user = call.tx.get(found.text("_User"))?;
    Ok((found, user))
}

fn get(call: &Call<'_>) -> Answer {
    let requests = match call.text("Identity") {
        Some(_) => vec![named(call)?.0],
        None => call.tx.list(call.tenant, request::KIND)?,
    };
    let mut output = Output::default();
    for each in requests {
        let target = call.tx.get(each.text("_Recipient"))?;
        let view = view(&each, target.as_ref());
        let is_wanted = |name: &str| {
            let wanted = call.text(name);
            wanted.is_none_or(|wanted| view[name].as_str().is_some_and(|value| value.eq_ignore_ascii_case(wanted)))
        };
        let flags = call.text("Flags").unwrap_or_default();
        let has_flags = flags
            .split(',')
            .all(|flag| view["Flags"].as_str().is_some_and(|held| held.contains(flag.trim())));
        if has_flags && ["BatchName", "Status", "RemoteHostName"].into_iter().all(is_wanted) {
            output.value.push(view);
        }
    }
    Ok(output)
}

fn set(call: &Call<'_>) -> Answer {
    let (_, user) = named(call)?;
    let Some(mut user) = user else { return Ok(Output::default()) };
    let Some(batch) = call.tx.get(user.text("_Batch"))? else {
        return Ok(Output::default());
    };
    take_time(call, &mut user, "StartAfter")?;
    let completion_moved = take_time(call, &mut user, "CompleteAfter")?;
    if call.text("SkippedItemApprovalTime").is_some() {
        user.set("_Approved", call.tx.now().to_string());
    }
    super::users::adjust(call, &mut user, &batch, false, completion_moved)?;
    Ok(Output::default())
}

fn suspend(call: &Call<'_>) -> Answer {
    if let (_, Some(mut user)) = named(call)? {
        engine::halt(call.tx, &mut user)?;
    }
    Ok(Output::default())
}

fn resume(call: &Call<'_>) -> Answer {
    if let (_, Some(mut user)) = named(call)?
        && let Some(batch) = call.tx.get(user.text("_Batch"))?
    {
        engine::resume(call.tx, &mut user, &batch)?;
    }
    Ok(Output::default())
}

/// A user whose request is taken away fails, unless it is through.
fn remove(call: &Call<'_>) -> Answer {
    let (request, user) = named(call)?;
    request::remove(call.tx, &request)?;
    if let Some(mut user) = user {
        user.body.shift_remove("RequestGuid");
        match user::status(&user).is_completed() {
            true => user::save(call.tx, &user)?,
            false => {
                let text = format!("The move request of user '{}' was removed.", user.text("Identity"));
                let failure = Failure::unnumbered("MigrationPermanentException", text);
                user::fail(call.tx, &mut user, Status::Failed, &failure)?;
            }
        }
    }
    Ok(Output::default())
}
