//! Products a tenant has bought, and what a user's licences bring.

use serde_json::Value;
use serde_json::json;

use super::users;
use crate::sandbox::Object;
use crate::sandbox::Tx;
use crate::sandbox::ids;
use crate::sandbox::ids::ServicePlan;

const KIND: &str = "sku";

/// The products of the tenant: `skuId`, `skuPartNumber`, `capabilityStatus`, `prepaidUnits: {enabled, ...}`.
pub fn skus(tx: &Tx<'_>, tenant: &str) -> Vec<Object> {
    tx.sound(tx.list(tenant, KIND))
}

/// Gives the tenant `seats` of a product; the part number must be one of `ids::SKUS`.
pub fn store_sku(tx: &Tx<'_>, tenant: &str, part_number: &str, seats: u64) -> rusqlite::Result<()> {
    let Some(sku) = ids::sku(part_number) else { return Ok(()) };
    let mut object = Object::new(tenant, KIND, serde_json::Map::new());
    object.set("skuId", sku.id);
    object.set("skuPartNumber", sku.part_number);
    object.set("capabilityStatus", "Enabled");
    object.set("appliesTo", "User");
    object.set(
        "prepaidUnits",
        json!({"enabled": seats, "suspended": 0, "warning": 0, "lockedOut": 0}),
    );
    tx.put(&object, [("sku", sku.id.to_owned())])
}

/// The names of the service plans that are switched on by the user's licences.
pub fn service_plans(user: &Object) -> Vec<&'static str> {
    plans(user).map(|plan| plan.name).collect()
}

/// Whether the user holds the Cross Tenant User Data Migration licence.
pub fn has_migration_licence(tx: &Tx<'_>, tenant: &str, user_id: &str) -> bool {
    users::user(tx, tenant, user_id).is_some_and(|user| {
        licences(&user).any(|licence| {
            licence["skuId"]
                .as_str()
                .is_some_and(|id| id.eq_ignore_ascii_case(ids::MIGRATION_SKU_ID))
        })
    })
}

/// Whether one of the user's licences brings a mailbox.
pub fn has_exchange_mailbox_plan(tx: &Tx<'_>, tenant: &str, user_id: &str) -> bool {
    users::user(tx, tenant, user_id).is_some_and(|user| plans(&user).any(|plan| plan.mailbox))
}

fn licences(user: &Object) -> impl Iterator<Item = &Value> {
    user.body.get("assignedLicenses").and_then(Value::as_array).into_iter().flatten()
}

fn plans(user: &Object) -> impl Iterator<Item = &'static ServicePlan> {
    licences(user).flat_map(|licence| {
        let disabled = licence["disabledPlans"].as_array();
        let is_off = move |plan: &&ServicePlan| {
            let mut off = disabled.into_iter().flatten().filter_map(Value::as_str);
            off.any(|id| id.eq_ignore_ascii_case(plan.id))
        };
        let sku = licence["skuId"].as_str().and_then(ids::sku);
        sku.into_iter().flat_map(|sku| sku.plans).filter(move |plan| !is_off(plan))
    })
}
