//! How cmdlets find the object that `Identity` names, and how they list.

use serde_json::Map;
use serde_json::Value;

use crate::sandbox::Object;
use crate::sandbox::Tx;
use crate::sandbox::exchange::Answer;
use crate::sandbox::exchange::Call;
use crate::sandbox::exchange::Output;
use crate::sandbox::exchange::Refusal;
use crate::sandbox::exchange::opath::Filter;
use crate::sandbox::exchange::recipient;
use crate::sandbox::exchange::refusal;
use crate::sandbox::exchange::table::CUSTOM_ATTRIBUTES;
use crate::sandbox::hosts::Face;
use crate::sandbox::replication;

/// How a row becomes a record.
pub type Render = fn(&Tx<'_>, &Object) -> Map<String, Value>;

/// The one live recipient of an accepted type that the parameter `Identity` names.
pub fn one(call: &Call<'_>, accepts: fn(&Object) -> bool) -> Result<Object, Refusal> {
    let identity = call.text("Identity").ok_or_else(|| refusal::missing("Identity"))?;
    named(call.tx, call.tenant, identity, accepts)
}

/// The one live recipient of an accepted type that `identity` names.
pub fn named(tx: &Tx<'_>, tenant: &str, identity: &str, accepts: fn(&Object) -> bool) -> Result<Object, Refusal> {
    single(known(tx, recipient::resolve(tx, tenant, identity)?), identity, accepts)
}

/// What of `found` is not too new to be known to the server that is asked.
fn known(tx: &Tx<'_>, mut found: Vec<Object>) -> Vec<Object> {
    found.retain(|row| replication::is_known(tx, Face::Exchange, row));
    found
}

/// The one of `found` that is accepted.
pub fn single(mut found: Vec<Object>, identity: &str, accepts: fn(&Object) -> bool) -> Result<Object, Refusal> {
    found.retain(accepts);
    match found.len() {
        0 => Err(Refusal::not_found(identity)),
        1 => Ok(found.remove(0)),
        _ => Err(refusal::ambiguous(identity)),
    }
}

/// Answers a `Get-` of recipients: by `Identity`, or all of an accepted type that `Anr`, `Filter` and `RecipientTypeDetails`
/// leave, sorted by `SortBy`. With `soft_deleted` only such remains are seen.
pub fn recipients(call: &Call<'_>, accepts: fn(&Object) -> bool, render: Render, soft_deleted: bool) -> Answer {
    // A null identity counts as none, so that everything comes back: the service's trap.
    let mut rows = match call.text("Identity") {
        Some(identity) => {
            let mut found = recipient::resolve_with_deleted(call.tx, call.tenant, identity)?;
            found.retain(|row| recipient::is_soft_deleted(row) == soft_deleted);
            vec![single(known(call.tx, found), identity, accepts)?]
        }
        None => {
            let mut rows = call.tx.list(call.tenant, recipient::KIND)?;
            rows.retain(|row| recipient::is_soft_deleted(row) == soft_deleted && accepts(row));
            // Exchange shows its own changes at once, but what is new only when the list's server has it.
            rows.retain(|row| replication::is_known_elsewhere(call.tx, row));
            rows
        }
    };
    rows.retain(|row| matches_kind(call, row) && matches_anr(call, row));
    listed(call, &rows, render)
}

fn matches_kind(call: &Call<'_>, row: &Object) -> bool {
    let wanted = call.list("RecipientTypeDetails");
    let details = row.text("RecipientTypeDetails");
    wanted.is_empty()
        || wanted
            .iter()
            .flat_map(|each| each.split(','))
            .any(|each| each.trim().eq_ignore_ascii_case(details))
}

fn matches_anr(call: &Call<'_>, row: &Object) -> bool {
    let Some(anr) = call.text("Anr") else { return true };
    let anr = anr.to_lowercase();
    ["Name", "DisplayName", "Alias", "FirstName", "LastName", "PrimarySmtpAddress"]
        .iter()
        .any(|property| row.text(property).to_lowercase().starts_with(&anr))
}

/// Renders the rows that `Filter` leaves.
pub fn listed(call: &Call<'_>, rows: &[Object], render: Render) -> Answer {
    let filter = call.text("Filter").map(Filter::parse).transpose()?;
    if let Some(filter) = &filter {
        let known = render(call.tx, &Object::new(call.tenant, recipient::KIND, Map::new()));
        let is_known = |property: &str| known.keys().any(|name| name.eq_ignore_ascii_case(property));
        if let Some(unknown) = filter.properties().into_iter().find(|property| !is_known(property)) {
            return Err(Refusal::new(
                "Microsoft.Exchange.Data.ParsingNonFilterablePropertyException",
                format!("The property \"{unknown}\" is not a filterable property."),
            ));
        }
    }
    let rendered = rows.iter().map(|row| render(call.tx, row));
    let mut value: Vec<_> = rendered
        .filter(|record| filter.as_ref().is_none_or(|filter| filter.matches(record)))
        .collect();
    if let Some(property) = call.text("SortBy") {
        sort(&mut value, property);
    }
    Ok(Output {
        value,
        warnings: Vec::new(),
    })
}

fn sort(records: &mut [Map<String, Value>], property: &str) {
    let key = |record: &Map<String, Value>| {
        let held = record.iter().find(|(name, _)| name.eq_ignore_ascii_case(property));
        held.map(|(_, value)| value.as_str().map_or_else(|| value.to_string(), str::to_lowercase))
    };
    records.sort_by_cached_key(key);
    // The keys say where a page ends; in another order they would say nothing.
    for record in records {
        record.shift_remove("_Key");
    }
}

/// Ends a `Set-`: stores `after`, or warns that nothing differed.
pub fn stored(call: &Call<'_>, before: &Object, after: &Object) -> Answer {
    if before.body == after.body {
        return Ok(unmodified(before.text("Name")));
    }
    recipient::store(call.tx, after)?;
    Ok(Output::default())
}

/// The answer of a `Set-` that found everything so already.
pub fn unmodified(name: &str) -> Output {
    Output {
        value: Vec::new(),
        warnings: vec![format!(
            "The command completed successfully but no settings of '{name}' have been modified."
        )],
    }
}

/// Puts the given texts, truths and lists under their own names into the row; an empty or null value removes it.
pub fn assign(call: &Call<'_>, row: &mut Object, properties: &[&str]) {
    for property in properties {
        match call.get(property) {
            None => {}
            Some(Value::Null) => {
                row.body.shift_remove(*property);
            }
            Some(Value::String(text)) if text.is_empty() => {
                row.body.shift_remove(*property);
            }
            Some(Value::Object(edit)) => {
                let edited = edited_list(&row.list(property), edit);
                row.set(property, edited);
            }
            Some(value) => row.set(property, value.clone()),
        }
    }
}

/// Puts the given custom attributes into the row.
pub fn assign_custom_attributes(call: &Call<'_>, row: &mut Object) {
    for (name, _) in CUSTOM_ATTRIBUTES {
        assign(call, row, &[name]);
    }
}

/// `current` after an Add/Remove edit, compared without case.
pub fn edited_list(current: &[String], edit: &Map<String, Value>) -> Vec<String> {
    let removed = edit_part(edit, "Remove");
    let mut list: Vec<String> = current.to_vec();
    list.retain(|item| !removed.iter().any(|gone| gone.eq_ignore_ascii_case(item)));
    for added in edit_part(edit, "Add") {
        if !list.iter().any(|item| item.eq_ignore_ascii_case(&added)) {
            list.push(added);
        }
    }
    list
}

/// One side of an Add/Remove edit.
pub fn edit_part(edit: &Map<String, Value>, name: &str) -> Vec<String> {
    let part = edit.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
    match part.map(|(_, value)| value) {
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Some(Value::String(text)) => vec![text.clone()],
        _ => Vec::new(),
    }
}

/// The references after the parameter was applied: recipients are named in any form and kept by GUID. `None` when not given.
pub fn references(
    call: &Call<'_>,
    current: &[String],
    property: &str,
    accepts: fn(&Object) -> bool,
) -> Result<Option<Vec<String>>, Refusal> {
    let guid_of = |name: &String| named(call.tx, call.tenant, name, accepts).map(|found| found.text("Guid").to_owned());
    let guids_of = |names: &[String]| names.iter().map(guid_of).collect::<Result<Vec<_>, _>>();
    match call.get(property) {
        None => Ok(None),
        Some(Value::Object(edit)) => {
            let removed = guids_of(&edit_part(edit, "Remove"))?;
            let mut list = current.to_vec();
            list.retain(|guid| !removed.contains(guid));
            for guid in guids_of(&edit_part(edit, "Add"))? {
                if !list.contains(&guid) {
                    list.push(guid);
                }
            }
            Ok(Some(list))
        }
        Some(_) => {
            let names = call.list(property);
            let guids = guids_of(&names)?;
            for (at, guid) in guids.iter().enumerate() {
                if guids[..at].contains(guid) {
                    let name = &names[at];
                    return Err(refusal::task(format!(
                        "The {property} parameter contains the following duplicated recipient identity: \"{name}\"."
                    )));
                }
            }
            Ok(Some(guids))
        }
    }
}
