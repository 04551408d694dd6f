//! The tenants and their domains.

use serde_json::Value;

use crate::sandbox::Object;
use crate::sandbox::Tx;

const KIND: &str = "tenant";
const NAMES: &str = "tenants";

/// The short names of all tenants, in the order they were made.
pub fn tenants(tx: &Tx<'_>) -> Vec<String> {
    let names = tx.meta(NAMES).unwrap_or_default();
    names.split_whitespace().map(str::to_owned).collect()
}

/// The tenant with that id, verified domain or short name.
pub fn tenant(tx: &Tx<'_>, id_or_domain_or_short: &str) -> Option<Object> {
    tenants(tx)
        .iter()
        .flat_map(|name| tx.sound(tx.find(name, KIND, id_or_domain_or_short)))
        .find(|object| object.kind == KIND)
}

/// Stores a tenant: `tenant` is its short name; the body holds `name` (the short name), `id`, `displayName`,
/// `domains: [{name, isInitial, isDefault}]` and `isDehydrated`.
pub fn store_tenant(tx: &Tx<'_>, object: &Object) -> rusqlite::Result<()> {
    let mut names = tenants(tx);
    if !names.contains(&object.tenant) {
        names.push(object.tenant.clone());
        tx.set_meta(NAMES, &names.join(" "))?;
    }
    let mut forms = vec![(KIND, object.tenant.clone()), (KIND, object.text("id").to_owned())];
    forms.extend(domains(object).map(|domain| (KIND, text(domain, "name"))));
    tx.put(object, forms)
}

/// The other tenant of the linked pair.
pub fn partner(tx: &Tx<'_>, tenant_name: &str) -> Option<Object> {
    let other = tenants(tx).into_iter().find(|name| name != tenant_name)?;
    tenant(tx, &other)
}

/// The tenant's id; empty when there is no such tenant.
pub fn tenant_id(tx: &Tx<'_>, tenant_name: &str) -> String {
    tenant(tx, tenant_name)
        .map(|object| object.text("id").to_owned())
        .unwrap_or_default()
}

/// All verified domains of the tenant.
pub fn accepted_domains(tx: &Tx<'_>, tenant_name: &str) -> Vec<String> {
    tenant(tx, tenant_name)
        .iter()
        .flat_map(domains)
        .map(|domain| text(domain, "name"))
        .collect()
}

/// The tenant's `*.onmicrosoft.com` domain.
pub fn initial_domain(tx: &Tx<'_>, tenant_name: &str) -> String {
    domain_that(tx, tenant_name, "isInitial")
}

/// The tenant's default domain.
pub fn default_domain(tx: &Tx<'_>, tenant_name: &str) -> String {
    domain_that(tx, tenant_name, "isDefault")
}

fn domain_that(tx: &Tx<'_>, tenant_name: &str, claim: &str) -> String {
    tenant(tx, tenant_name)
        .iter()
        .flat_map(domains)
        .find(|domain| domain[claim] == Value::Bool(true))
        .map(|domain| text(domain, "name"))
        .unwrap_or_default()
}

fn domains(object: &Object) -> impl Iterator<Item = &Value> {
    object.body.get("domains").and_then(Value::as_array).into_iter().flatten()
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_default().to_owned()
}
