//! The cmdlets of batches, migration users and move requests.

mod availability;
mod batch_changes;
mod batches;
mod csv_data;
mod requests;
mod statistics;
mod users;
mod views;

use serde_json::Value;

use super::moment;
use crate::sandbox::Object;
use crate::sandbox::exchange::Call;
use crate::sandbox::exchange::Cmdlet;
use crate::sandbox::exchange::Refusal;

/// All of them.
pub const CMDLETS: &[Cmdlet] = &[
    batches::NEW,
    batches::GET,
    batch_changes::SET,
    batch_changes::START,
    batch_changes::STOP,
    batch_changes::COMPLETE,
    batch_changes::REMOVE,
    users::GET,
    users::SET,
    users::START,
    users::STOP,
    users::REMOVE,
    statistics::USER,
    requests::GET,
    requests::SET,
    requests::SUSPEND,
    requests::RESUME,
    requests::REMOVE,
    statistics::REQUEST,
    availability::TEST,
];

const READ: &str = "View";
const WRITE: &str = "Migration";

/// A refusal of the migration service.
fn refused(text: impl Into<String>) -> Refusal {
    Refusal::new("Microsoft.Exchange.Data.Storage.Management.MigrationPermanentException", text)
}

/// The 404 of a batch, user, endpoint or request that does not exist.
fn unknown(what: &str, name: &str) -> Refusal {
    Refusal {
        text: format!("The {what} '{name}' couldn't be found."),
        ..Refusal::not_found(name)
    }
}

/// Takes a time over from a parameter: `null` clears it, and a call without it leaves it alone.
fn take_time(call: &Call<'_>, object: &mut Object, name: &str) -> Result<bool, Refusal> {
    match call.get(name) {
        None => Ok(false),
        Some(Value::Null) => {
            object.body.shift_remove(name);
            Ok(true)
        }
        Some(value) => {
            let text = value.as_str().unwrap_or_default();
            let time = moment::parse(text).ok_or_else(|| {
                Refusal::new(
                    "Microsoft.Exchange.AdminApi.CommandInvocation.ParameterTransformationException",
                    format!("Cannot convert value \"{text}\" to type \"System.DateTime\"."),
                )
            })?;
            object.set(name, time.to_string());
            Ok(true)
        }
    }
}

/// The parameter as a positive number, when it is one.
fn number(call: &Call<'_>, name: &str) -> Option<usize> {
    let value = call.get(name)?;
    value
        .as_u64()
        .or_else(|| value.as_str()?.parse().ok())
        .map(|number| number as usize)
}
