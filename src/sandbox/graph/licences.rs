//! Products, seats and licences.

use std::collections::HashMap;

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use super::call::Answer;
use super::call::Call;
use super::fault::Fault;
use super::properties::LICENCE_DETAILS;
use super::properties::SUBSCRIBED_SKU;
use super::query;
use super::shape::Field;
use super::shape::LICENCE;
use super::shape::Shape;
use super::users;
use crate::sandbox::Object;
use crate::sandbox::Reply;
use crate::sandbox::directory;
use crate::sandbox::exchange;
use crate::sandbox::ids;
use crate::sandbox::ids::ServicePlan;
use crate::sandbox::ids::Sku;

const PARAMETERS: &[Field] = &[("addLicenses", Shape::Objects(LICENCE)), ("removeLicenses", Shape::Texts)];

/// `GET /subscribedSkus`
pub fn skus(call: &Call<'_>) -> Answer {
    let consumed = consumed(call);
    let tenant_id = directory::tenant_id(call.tx, call.tenant());
    let initial = directory::initial_domain(call.tx, call.tenant());
    let bought = directory::skus(call.tx, call.tenant());
    let shown = bought.iter().map(|sku| {
        let id = sku.text("skuId");
        let mut body = Map::new();
        body.insert("id".into(), format!("{tenant_id}_{id}").into());
        body.insert("accountId".into(), tenant_id.as_str().into());
        body.insert("accountName".into(), initial.split('.').next().unwrap_or_default().into());
        body.append(&mut query::shown(sku));
        body.insert("consumedUnits".into(), json!(consumed.get(id).copied().unwrap_or_default()));
        body.insert("subscriptionIds".into(), json!([]));
        body.insert("servicePlans".into(), plans_of(id, &[]));
        body
    });
    query::whole(call, &SUBSCRIBED_SKU, "subscribedSkus", shown.collect())
}

/// `GET /users/{id}/licenseDetails`
pub fn details(call: &Call<'_>) -> Answer {
    let user = users::found(call)?;
    let details = held(&user).into_iter().map(|licence| {
        let id = licence["skuId"].as_str().unwrap_or_default();
        let mut body = Map::new();
        body.insert("id".into(), format!("{}_{id}", user.text("id")).into());
        body.insert("skuId".into(), id.into());
        body.insert("skuPartNumber".into(), ids::sku(id).map(|sku| sku.part_number).into());
        body.insert("servicePlans".into(), plans_of(id, &disabled(&licence)));
        body
    });
    let context = format!("users('{}')/licenseDetails", user.text("id"));
    query::collection(call, &LICENCE_DETAILS, &context, details.collect())
}

/// `POST /users/{id}/assignLicense`: Exchange hears of it at once, and provisions a mailbox when a plan brings one.
pub fn assign(call: &Call<'_>) -> Answer {
    let mut user = users::found(call)?;
    call.check_parameters("assignLicense", PARAMETERS)?;
    let (added, removed) = (array(call, "addLicenses")?, array(call, "removeLicenses")?);
    let mut licences = held(&user);
    for sku in removed {
        let id = sku.as_str().unwrap_or_default();
        let before = licences.len();
        licences.retain(|licence| !is_sku(licence, id));
        if licences.len() == before {
            return Err(Fault::invalid("User does not have a corresponding license."));
        }
    }
    if !added.is_empty() && user.text("usageLocation").is_empty() {
        return Err(Fault::invalid(
            "License assignment cannot be done for user with invalid usage location.",
        ));
    }
    for licence in added {
        let sku = available(call, &user, licence)?;
        licences.retain(|known| !is_sku(known, sku.id));
        licences.push(json!({"disabledPlans": licence["disabledPlans"].as_array().cloned().unwrap_or_default(), "skuId": sku.id}));
    }
    user.set("assignedLicenses", licences);
    check_exclusive(&user)?;
    directory::store_user(call.tx, &user)?;
    exchange::licence_changed(call.tx, call.tenant(), user.text("id"))?;
    let mut body = Map::new();
    body.insert("@odata.context".into(), call.context("users/$entity").into());
    body.append(&mut users::shown(call, &user)?);
    Ok(Reply::json(200, &Value::Object(body)))
}

/// `assignedPlans` of a user.
pub fn assigned_plans(user: &Object) -> Value {
    let plans = held(user).into_iter().flat_map(|licence| active(&licence));
    let shown = plans.map(|plan| json!({"service": service(plan), "servicePlanId": plan.id, "capabilityStatus": "Enabled"}));
    shown.collect()
}

/// `licenseAssignmentStates` of a user.
pub fn states(user: &Object) -> Value {
    let states = held(user).into_iter().map(|licence| {
        json!({
            "skuId": licence["skuId"],
            "disabledPlans": licence["disabledPlans"],
            "assignedByGroup": null,
            "state": "Active",
            "error": "None",
        })
    });
    states.collect()
}

/// The product of an entry of `addLicenses`, when the tenant has it and a seat is free.
fn available(call: &Call<'_>, user: &Object, licence: &Value) -> Result<&'static Sku, Fault> {
    let id = licence["skuId"].as_str().unwrap_or_default();
    let bought = directory::skus(call.tx, call.tenant());
    let seats = bought.iter().find(|sku| sku.text("skuId").eq_ignore_ascii_case(id));
    let unknown = || Fault::invalid(format!("License {id} does not correspond to a valid company License."));
    let (sku, seats) = ids::sku(id).zip(seats).ok_or_else(unknown)?;
    for plan in disabled(licence) {
        if !sku.plans.iter().any(|known| known.id.eq_ignore_ascii_case(&plan)) {
            return Err(Fault::invalid(format!("Service plan {plan} is not part of license {id}.")));
        }
    }
    let enabled = seats.body["prepaidUnits"]["enabled"].as_u64().unwrap_or_default();
    let has_it = held(user).iter().any(|known| is_sku(known, id));
    if !has_it && consumed(call).get(sku.id).copied().unwrap_or_default() >= enabled {
        return Err(Fault::invalid(format!(
            "Subscription with SKU {id} does not have any available licenses."
        )));
    }
    Ok(sku)
}

/// Two plans of Exchange that both bring a mailbox exclude each other.
fn check_exclusive(user: &Object) -> Result<(), Fault> {
    let mut brings_mailbox: Vec<_> = held(user).iter().flat_map(active).filter(|plan| plan.mailbox).collect();
    brings_mailbox.dedup();
    match brings_mailbox.as_slice() {
        [first, second, ..] => Err(Fault::invalid(format!(
            "License assignment failed because service plans {}, {} are mutually exclusive.",
            first.id, second.id
        ))),
        _ => Ok(()),
    }
}

fn consumed(call: &Call<'_>) -> HashMap<String, u64> {
    let mut consumed = HashMap::new();
    for user in directory::users(call.tx, call.tenant()) {
        for licence in held(&user) {
            *consumed
                .entry(licence["skuId"].as_str().unwrap_or_default().to_owned())
                .or_default() += 1;
        }
    }
    consumed
}

fn held(user: &Object) -> Vec<Value> {
    user.body
        .get("assignedLicenses")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default()
}

fn is_sku(licence: &Value, id: &str) -> bool {
    licence["skuId"].as_str().is_some_and(|known| known.eq_ignore_ascii_case(id))
}

fn disabled(licence: &Value) -> Vec<String> {
    let plans = licence["disabledPlans"].as_array().into_iter().flatten();
    plans.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn active(licence: &Value) -> Vec<&'static ServicePlan> {
    let off = disabled(licence);
    let sku = licence["skuId"].as_str().and_then(ids::sku);
    let plans = sku.into_iter().flat_map(|sku| sku.plans);
    plans
        .filter(|plan| !off.iter().any(|id| id.eq_ignore_ascii_case(plan.id)))
        .collect()
}

fn plans_of(sku_id: &str, off: &[String]) -> Value {
    let plans = ids::sku(sku_id).into_iter().flat_map(|sku| sku.plans);
    let shown = plans.map(|plan| {
        let is_off = off.iter().any(|id| id.eq_ignore_ascii_case(plan.id));
        json!({
            "servicePlanId": plan.id,
            "servicePlanName": plan.name,
            "provisioningStatus": if is_off { "Disabled" } else { "Success" },
            "appliesTo": "User",
        })
    });
    shown.collect()
}

fn service(plan: &ServicePlan) -> &'static str {
    match plan.name {
        name if name.starts_with("EXCHANGE") => "exchange",
        name if name.starts_with("SHAREPOINT") => "SharePoint",
        name if name.starts_with("TEAMS") => "TeamspaceAPI",
        _ => "MicrosoftOffice",
    }
}

fn array<'c>(call: &'c Call<'_>, name: &'static str) -> Result<&'c Vec<Value>, Fault> {
    let missing = || {
        Fault::bad_request(format!(
            "One or more parameters of the operation 'assignLicense' are missing from the request payload. The missing parameters are: {name}."
        ))
    };
    call.body.get(name).and_then(Value::as_array).ok_or_else(missing)
}
