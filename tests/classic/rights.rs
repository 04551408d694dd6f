//! Whoever lacks a right in Azure is told which, and where, and who can give it; once it is given, the set-up goes on.

use serde_json::Value;

use super::desk::Desk;
use super::desk::classic;
use crate::common::Administrator;
use crate::common::CLASSIC;

const OTHER: &str = "5b5b5b5b-2222-4222-8222-000000000001";

/// Nils owns nothing in Azure any more; olga does. `role` is what he keeps on the subscription.
fn without_ownership(role: Option<&str>) -> (Desk, Administrator, String) {
    let desk = Desk::fresh();
    let olga = desk.site.newcomer("olga");
    let own: Value = desk.nils.makes(&format!(
        "let subscription = tenant.find_subscriptions().first();\n\
         let app = tenant.new_application(#{{ displayName: \"Olga\" }});\n\
         let principal = tenant.new_service_principal(#{{ appId: app.appId }});\n\
         let password = tenant.new_application_password(app, #{{ passwordCredential: #{{ displayName: \"olga\" }} }});\n\
         let own = tenant.find_role_assignments(subscription).first();\n\
         {}{}\
         tenant.remove_role_assignment(own);\n\
         #{{ app: app.appId, secret: reveal(password.secret), id: own.properties.principalId }}",
        gives("principal.id", "Owner"),
        role.map_or_else(String::new, |role| gives("own.properties.principalId", role)),
    ));
    olga.configure(&format!(
        "[profiles.olga]\ndomain = \"northwind.com\"\nsandbox = true\nclient_id = {}\nsecret_file = \"olga.txt\"\n",
        own["app"]
    ));
    std::fs::write(
        olga.folder().with_file_name("config").join("olga.txt"),
        own["secret"].as_str().expect("a secret"),
    )
    .expect("the file can be written");
    (desk, olga, own["id"].as_str().expect("an id").to_owned())
}

/// The statement that gives the role to the principal that the expression `principal` names, on the whole `subscription`.
fn gives(principal: &str, role: &str) -> String {
    format!("tenant.ensure_role_assignment(subscription, {principal}, \"{role}\");\n")
}

/// Olga gives Nils the role.
fn mend(olga: &Administrator, nils: &str, role: &str) {
    let statement = gives(&format!("\"{nils}\""), role);
    olga.makes(&format!("let subscription = tenant.find_subscriptions().first();\n{statement}0"));
}

/// The subscription has never used the part of Azure.
fn unregister(desk: &Desk, namespace: &str) {
    desk.site.alters(&format!(
        "update object set body = json_remove(body, '$._providers.\"{namespace}\"') where kind = 'subscription' and tenant = 'northwind'"
    ));
}

#[test]
fn f17_whoever_has_no_right_in_azure_sees_no_subscription() {
    let (desk, olga, nils) = without_ownership(None);

    desk.refuses(
        CLASSIC,
        1,
        &[
            "no Azure subscriptions were found for northwindtraders.onmicrosoft.com (F-17)",
            "remedy: ",
            "Contributor",
        ],
    );
    desk.refuses(
        &classic(&[("--subscription-id", OTHER)]),
        1,
        &[
            &format!("Subscription with id {OTHER} was not found in northwindtraders.onmicrosoft.com (F-06)"),
            "Contributor",
        ],
    );
    mend(&olga, &nils, "Contributor");
    desk.goes_on(CLASSIC);
}

#[test]
fn whoever_may_only_look_is_told_the_role_that_makes() {
    let (desk, olga, nils) = without_ownership(Some("Reader"));

    desk.is_denied(
        CLASSIC,
        &[
            "does not have authorization to perform action 'Microsoft.Resources/subscriptions/resourceGroups/write'",
            "let an Owner assign the role Contributor on `/subscriptions/",
            &format!("object id `{nils}`"),
        ],
    );
    mend(&olga, &nils, "Contributor");
    desk.goes_on(CLASSIC);
}

#[test]
fn f06_a_subscription_that_is_not_the_tenants_is_refused_with_those_that_are() {
    let desk = Desk::fresh();
    let contosos = desk.cleo.sees("tenant.find_subscriptions().first().subscriptionId");
    let own = desk.nils.sees("tenant.find_subscriptions().first().subscriptionId");
    let (contosos, own) = (contosos.as_str().expect("an id"), own.as_str().expect("an id"));

    for id in [contosos, OTHER] {
        desk.refuses(
            &classic(&[("--subscription-id", id)]),
            1,
            &[
                &format!("Subscription with id {id} was not found in northwindtraders.onmicrosoft.com (F-06)"),
                &format!("remedy: give --subscription-id: {own} (Northwind Traders production)"),
            ],
        );
    }
    desk.goes_on(&classic(&[("--subscription-id", &own.to_uppercase())]));
}

#[test]
fn f17_of_several_subscriptions_one_has_to_be_named() {
    let desk = Desk::fresh();
    let own = desk.nils.sees("tenant.find_subscriptions().first().subscriptionId");
    let own = own.as_str().expect("an id");
    desk.site.alters(&format!(
        "insert into object (id, tenant, kind, body) \
         select 'second', tenant, kind, json_set(body, '$.subscriptionId', '{OTHER}', '$.displayName', 'Northwind test') \
         from object where kind = 'subscription' and tenant = 'northwind'"
    ));
    desk.site.alters(&format!(
        "insert into identity (tenant, value, form, place) \
         select 'northwind', '{OTHER}', 'subscription', place from object where id = 'second'"
    ));
    desk.site.alters(&format!(
        "insert into object (id, tenant, kind, body) \
         select 'second ' || id, tenant, kind, json_set(body, '$.scope', '/subscriptions/{OTHER}', '$.name', '{OTHER}') \
         from object where kind = 'azureRoleAssignment' and tenant = 'northwind'"
    ));
    desk.site.alters(
        "insert into identity (tenant, value, form, place) \
         select i.tenant, i.value, i.form, copy.place from identity i join object own on own.place = i.place \
         join object copy on copy.id = 'second ' || own.id where i.tenant = 'northwind' and i.form = 'azureRoleHolder'",
    );

    desk.refuses(
        CLASSIC,
        1,
        &[
            "several Azure subscriptions were found for northwindtraders.onmicrosoft.com (F-17)",
            "remedy: give --subscription-id: ",
            &format!("{own} (Northwind Traders production)"),
            &format!("{OTHER} (Northwind test)"),
        ],
    );
    let chosen = desk.goes_on(&format!("{} --json", classic(&[("--subscription-id", OTHER)])));
    assert_eq!(chosen.json()["endpoint"], "northwindtraders_contoso");
    let vaults = format!("tenant.find_vaults(\"{OTHER}\").map(|vault| vault.name).to_array()");
    assert_eq!(desk.nils.sees(&vaults), serde_json::json!(["nwt-xtmove-kv"]));
}

#[test]
fn a_part_of_azure_that_was_never_used_is_registered_by_whoever_may() {
    let (desk, olga, nils) = without_ownership(Some("Reader"));
    unregister(&desk, "Microsoft.KeyVault");
    unregister(&desk, "microsoft.insights");

    desk.is_denied(
        CLASSIC,
        &[
            "does not have authorization to perform action 'Microsoft.KeyVault/register/action'",
            "remedy: let a Contributor or Owner of the subscription run `az provider register --namespace Microsoft.KeyVault --subscription ",
        ],
    );
    mend(&olga, &nils, "Owner");
    desk.goes_on(CLASSIC)
        .says("resource provider `Microsoft.KeyVault` registered")
        .says("unchanged resource provider `Microsoft.Storage`")
        .says("resource provider `microsoft.insights` registered");
}
