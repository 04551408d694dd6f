//! Clouds, ids and permissions, as Microsoft publishes them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;
use xtenant::change::Call;
use xtenant::cloud::CloudName;
use xtenant::cloud::cloud;
use xtenant::sandbox;
use xtenant::sandbox::ids;
use xtenant::sandbox::scopes;
use xtenant::tenant::From;
use xtenant::tenant::operations;
use xtenant::tenant::readings;

use super::is_at;
use super::published::contracts;

#[test]
fn the_hosts_and_scopes_of_every_cloud_are_the_published_ones() {
    let Some(folder) = contracts() else { return };
    let published = &read(folder, "well-known-ids.json")["clouds"];
    let names = [
        ("worldwide", CloudName::Worldwide),
        ("usgov-gcchigh", CloudName::GccHigh),
        ("usgov-dod", CloudName::Dod),
        ("china", CloudName::China),
    ];
    assert_eq!(published.as_array().map(Vec::len), Some(names.len()));
    for (id, name) in names {
        let wanted = published.as_array().into_iter().flatten().find(|cloud| cloud["id"] == id);
        let wanted = wanted.expect("the cloud is published");
        let ours = cloud(name);
        let same = |what: &str, wanted: &Value, ours: &str| assert_eq!(wanted, ours, "{what} of {id}");
        let scope = |resource: &Value| format!("{}/.default", resource.as_str().unwrap_or_default()).into();

        same("login", &host(&wanted["login"]), ours.login);
        same("Graph", &host(&wanted["graph"]), ours.graph);
        same("Graph's scope", &scope(&wanted["graph"]), ours.graph_scope);
        same("Azure", &host(&wanted["arm"]), ours.arm);
        same("Azure's scope", &scope(&wanted["armTokenResource"]), ours.arm_scope);
        same("the vaults", &wanted["keyVaultDnsSuffix"], ours.vault_suffix);
        same("the vaults' scope", &scope(&wanted["keyVaultTokenResource"]), ours.vault_scope);
        assert_eq!(wanted["migrationRemoteServer"].as_str(), ours.remote_server, "RemoteServer of {id}");
        match admin_api(name) {
            Some(admin_api) => assert_eq!(admin_api, (wanted["exchangeHost"].as_str().unwrap_or_default(), ours.exchange)),
            None => same("Exchange", &wanted["exchangeHost"], ours.exchange),
        }
        // Of DoD none is published.
        if !wanted["exchangeTokenResource"].is_null() {
            same("Exchange's scope", &scope(&wanted["exchangeTokenResource"]), ours.exchange_scope);
        }
    }
}

/// Where the published host is that of classic remoting, which answers no admin REST: that host, and the one that does.
fn admin_api(name: CloudName) -> Option<(&'static str, &'static str)> {
    match name {
        CloudName::Dod => Some(("webmail.apps.mil", "outlook-dod.office365.us")),
        CloudName::China => Some(("partner.outlook.cn", "outlook.office365.cn")),
        CloudName::Worldwide | CloudName::GccHigh => None,
    }
}

#[test]
fn the_sandbox_shows_the_published_applications_roles_and_products() {
    let Some(folder) = contracts() else { return };
    let published = read(folder, "well-known-ids.json");
    let graph = read(folder, "microsoft-graph/permissions-subset.json");

    assert_eq!(published["resourceApps"]["Microsoft Graph"], ids::GRAPH);
    assert_eq!(published["resourceApps"]["Office 365 Exchange Online"], ids::EXCHANGE);
    assert_eq!(published["resourceApps"]["Azure Resource Manager"], ids::ARM);
    assert_eq!(published["resourceApps"]["Azure Key Vault"], ids::KEY_VAULT);
    assert_eq!(published["microsoftOwnerTenants"]["Microsoft services"], ids::MICROSOFT_SERVICES);
    assert_eq!(
        by_name(&published["exchangeAppRoles"]),
        ids::EXCHANGE_ROLES.iter().copied().collect()
    );
    assert_eq!(
        by_name(&published["directoryRoleTemplates"]),
        ids::DIRECTORY_ROLES.iter().copied().collect()
    );
    let permissions = graph["permissions"].as_array().into_iter().flatten();
    let roles: BTreeMap<&str, &str> = permissions
        .filter_map(|permission| Some((permission["name"].as_str()?, permission["applicationRoleId"].as_str()?)))
        .chain(by_name(&published["graphAppRolesUsed"]))
        .collect();
    for (name, id) in ids::GRAPH_ROLES {
        assert_eq!(roles.get(name), Some(id), "the role {name} of Graph");
    }
    let scopes = graph["permissions"].as_array().into_iter().flatten();
    let scopes: BTreeMap<&str, (&str, bool)> = scopes
        .filter_map(|scope| {
            let needs_admin = scope["delegatedAdminConsent"].as_bool()?;
            Some((scope["name"].as_str()?, (scope["delegatedScopeId"].as_str()?, needs_admin)))
        })
        .collect();
    for scope in scopes::of_resource(ids::GRAPH) {
        let published = scopes.get(scope.value);
        assert_eq!(
            published,
            Some(&(scope.id, scope.needs_admin)),
            "the delegated permission {} of Graph",
            scope.value
        );
    }
    for scope in scopes::of_resource(ids::EXCHANGE) {
        assert_eq!(published["exchangeDelegatedScopes"][scope.value], scope.id);
    }
}

#[test]
fn the_products_of_the_sandbox_and_their_plans_are_published() {
    let Some(folder) = contracts() else { return };
    let published = read(folder, "well-known-ids.json");
    let find = |list: &str, name: &str, wanted: &str| {
        let mut entries = published[list].as_array().expect("a list").iter();
        entries.find(|entry| entry[name] == wanted).cloned()
    };
    for sku in ids::SKUS.iter().filter(|sku| sku.part_number != ids::MIGRATION_SKU) {
        let wanted = find("skus", "skuPartNumber", sku.part_number).expect(sku.part_number);
        assert_eq!(wanted["skuId"], sku.id, "the product {}", sku.part_number);
        for plan in sku.plans.iter().filter(|plan| plan.name.starts_with("EXCHANGE")) {
            let wanted = find("exchangeServicePlans", "name", plan.name).expect(plan.name);
            assert_eq!(wanted["id"], plan.id, "the plan {}", plan.name);
            assert_eq!(wanted["mailbox"], plan.mailbox, "whether {} brings a mailbox", plan.name);
        }
    }
    let observed = published["crossTenantMigrationSku"]["skuPartNumberObserved"]
        .as_array()
        .expect("names");
    assert!(observed.iter().any(|name| name == ids::MIGRATION_SKU), "{observed:?}");
}

#[test]
fn the_sandbox_asks_for_published_permissions_only() {
    let Some(folder) = contracts() else { return };
    let published = read(folder, "microsoft-graph/permissions-subset.json");
    let mut faults = Vec::new();
    for operation in sandbox::graph_operations() {
        let Some(wanted) = permissions(&published, operation.method, operation.path) else {
            continue;
        };
        for permission in operation.permissions {
            if !wanted.contains(permission) {
                faults.push(format!(
                    "{} {} accepts {permission}, not {wanted:?}",
                    operation.method, operation.path
                ));
            }
        }
        let wanted = listed(&published, operation.method, operation.path, "delegatedWork").unwrap_or_default();
        for permission in operation.delegated.iter().chain(operation.own) {
            if !wanted.contains(permission) {
                faults.push(format!(
                    "{} {} accepts {permission} for a person, not {wanted:?}",
                    operation.method, operation.path
                ));
            }
        }
    }

    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn what_the_program_says_a_call_needs_is_published() {
    let Some(folder) = contracts() else { return };
    let published = read(folder, "microsoft-graph/permissions-subset.json");
    let writes = operations::all().iter().filter_map(|descriptor| match descriptor.call {
        Call::Http { method, path } => Some((method, path, descriptor.permission)),
        _ => None,
    });
    let reads = readings().iter().filter_map(|reading| match reading.from {
        From::Graph { path, .. } => Some(("GET", path, reading.permission)),
        _ => None,
    });
    for (method, path, permission) in writes.chain(reads) {
        if let Some(wanted) = permissions(&published, method, path) {
            assert!(
                wanted.contains(&permission),
                "{method} {path} needs one of {wanted:?}, not {permission}"
            );
        }
    }
}

/// The application permissions of an operation; `None` where nothing is published of it.
fn permissions<'p>(published: &'p Value, method: &str, path: &str) -> Option<Vec<&'p str>> {
    listed(published, method, path, "application")
}

/// Those that an operation lists for applications (`application`) or for people (`delegatedWork`).
fn listed<'p>(published: &'p Value, method: &str, path: &str, whose: &str) -> Option<Vec<&'p str>> {
    let path = path.to_lowercase();
    let mut operations = published["operations"].as_array().expect("operations").iter();
    let found =
        operations.find(|operation| operation["method"] == method && is_at(&path, operation["path"].as_str().unwrap_or_default()))?;
    let names = found[whose].as_array()?.iter();
    Some(names.filter_map(|permission| permission["name"].as_str()).collect())
}

fn read(folder: &Path, name: &str) -> Value {
    let text = fs::read_to_string(folder.join(name)).expect("a published specification can be read");
    serde_json::from_str(&text).expect("it is JSON")
}

fn by_name(published: &Value) -> BTreeMap<&str, &str> {
    let entries = published.as_object().expect("names with ids").iter();
    entries.filter_map(|(name, id)| Some((name.as_str(), id.as_str()?))).collect()
}

/// The host of a published address.
fn host(address: &Value) -> Value {
    address.as_str().unwrap_or_default().trim_start_matches("https://").into()
}
