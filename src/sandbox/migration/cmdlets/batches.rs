//! New-MigrationBatch and Get-MigrationBatch.

use serde_json::Map;
use uuid::Uuid;

use super::READ;
use super::WRITE;
use super::csv_data;
use super::refused;
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
use crate::sandbox::exchange::endpoint;
use crate::sandbox::migration::batch;
use crate::sandbox::migration::batch::Phase;
use crate::sandbox::migration::engine;
use crate::sandbox::migration::user;
use crate::sandbox::rule;

const MOST_ROWS: usize = 2000;
const LONGEST_NAME: usize = 64;

pub const NEW: Cmdlet = Cmdlet {
    name: "New-MigrationBatch",
    parameters: &[
        ("Name", Parameter::Text),
        ("SourceEndpoint", Parameter::Text),
        ("CSVData", Parameter::Bytes),
        ("TargetDeliveryDomain", Parameter::Text),
        ("AutoStart", Parameter::Switch),
        ("AutoComplete", Parameter::Switch),
        ("StartAfter", Parameter::DateTime),
        ("CompleteAfter", Parameter::DateTime),
        ("TimeZone", Parameter::Text),
        ("NotificationEmails", Parameter::Multi),
        ("AllowUnknownColumnsInCSV", Parameter::Bool),
        ("BadItemLimit", Parameter::Number),
        ("LargeItemLimit", Parameter::Number),
        ("ReportInterval", Parameter::Text),
        ("SkipReports", Parameter::Switch),
        ("Locale", Parameter::Text),
    ],
    mandatory: &["Name"],
    role: WRITE,
    run: new,
};

pub const GET: Cmdlet = Cmdlet {
    name: "Get-MigrationBatch",
    parameters: &[
        ("Identity", Parameter::Text),
        ("Endpoint", Parameter::Text),
        ("Status", Parameter::Text),
        ("IncludeReport", Parameter::Switch),
        ("DiagnosticInfo", Parameter::Text),
        ("ResultSize", Parameter::Number),
    ],
    mandatory: &[],
    role: READ,
    run: get,
};

fn new(call: &Call<'_>) -> Answer {
    let name = call.text("Name").unwrap_or_default();
    if name.chars().count() > LONGEST_NAME {
        return Err(refused(format!("The name '{name}' is longer than {LONGEST_NAME} characters.")));
    }
    if batch::find(call.tx, call.tenant, name)?.is_some() {
        return Err(refused(format!("A migration batch with the name '{name}' already exists.")));
    }
    let endpoint = call
        .text("SourceEndpoint")
        .ok_or_else(|| refused("The SourceEndpoint parameter is required."))?;
    let endpoint = endpoint::endpoint(call.tx, call.tenant, endpoint)?.ok_or_else(|| unknown("migration endpoint", endpoint))?;
    let delivery_domain = call.text("TargetDeliveryDomain");
    let delivery_domain = delivery_domain.ok_or_else(|| Refusal::by(&rule::NO_DELIVERY_DOMAIN, &[]))?;
    if call.is_on("AutoComplete") && call.text("CompleteAfter").is_some() {
        return Err(refused("The parameters AutoComplete and CompleteAfter can't be used together."));
    }
    let (addresses, warnings) = csv_data::addresses(call)?;
    let mut made = Object::new(call.tenant, batch::KIND, Map::new());
    made.set("Identity", name);
    made.set("BatchGuid", Uuid::new_v4().to_string());
    made.set("CreationDateTime", call.tx.now().to_string());
    made.set("SourceEndpoint", endpoint.text("Name"));
    made.set("TargetDeliveryDomain", delivery_domain);
    made.set("SubmittedByUser", call.caller.app_id.as_str());
    made.set("OwnerExchangeObjectId", call.caller.object_id.as_str());
    made.set("NotificationEmails", call.list("NotificationEmails"));
    made.set("ValidationWarnings", warnings);
    made.set("AllowUnknownColumnsInCsv", call.is_on("AllowUnknownColumnsInCSV"));
    made.set("_AutoComplete", call.is_on("AutoComplete"));
    take_time(call, &mut made, "StartAfter")?;
    take_time(call, &mut made, "CompleteAfter")?;
    batch::enter(call.tx, &mut made, Phase::Created)?;
    for address in &addresses {
        user::create(call.tx, &made, address)?;
    }
    if call.is_on("AutoStart") {
        let users = user::of_batch(call.tx, &made)?;
        engine::start_users(call.tx, &mut made, users)?;
    }
    let mut output = Output::one(views::batch(call.tx, &made)?);
    if addresses.len() > MOST_ROWS {
        let warning = format!(
            "The batch has {} users. Batches of more than {MOST_ROWS} users aren't recommended.",
            addresses.len()
        );
        output.warnings.push(warning);
    }
    Ok(output)
}

fn get(call: &Call<'_>) -> Answer {
    let mut output = Output::default();
    for found in asked_for(call)? {
        let view = views::batch(call.tx, &found)?;
        let is_wanted = |parameter: &str, property: &str| {
            let wanted = call.text(parameter);
            wanted.is_none_or(|wanted| view[property].as_str().is_some_and(|value| value.eq_ignore_ascii_case(wanted)))
        };
        if is_wanted("Endpoint", "SourceEndpoint") && is_wanted("Status", "Status") {
            output.value.push(view);
        }
    }
    Ok(output)
}

fn asked_for(call: &Call<'_>) -> Result<Vec<Object>, Refusal> {
    match call.text("Identity") {
        Some(name) => match batch::find(call.tx, call.tenant, name)? {
            Some(found) => Ok(vec![found]),
            None => Err(unknown("migration batch", name)),
        },
        None => Ok(batch::all(call.tx, call.tenant)?),
    }
}
