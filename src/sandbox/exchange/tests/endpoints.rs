use jiff::ToSpan;

use super::*;

const SECRET: &str = "hush~hush";

/// The migration application in the target, with a secret of one year.
fn application(site: &Site) -> Object {
    site.write(|tx| {
        let mut application = Object::new("northwind", "application", Map::new());
        application.set("id", uuid::Uuid::new_v4().to_string());
        application.set("appId", "5e5e5e5e-3333-4333-8333-c0ffee000003");
        application.set("displayName", "mover");
        application.set("signInAudience", "AzureADMultipleOrgs");
        let end = tx.now() + (365 * 24).hours();
        directory::add_secret(&mut application, Some("mover"), SECRET, tx.now(), end);
        directory::store_application(tx, &application).unwrap();
        directory::add_principal(tx, "northwind", &application).unwrap();
        application
    })
}

fn install_in_source(site: &Site, application: &Object) -> Object {
    site.write(|tx| directory::add_principal(tx, "contoso", application).unwrap())
}

fn consent(site: &Site, principal: &Object) {
    site.write(|tx| {
        let exchange = directory::service_principal(tx, "contoso", ids::EXCHANGE).unwrap();
        directory::grant_app_role(tx, principal, &exchange, ids::MAILBOX_MIGRATION).unwrap();
    });
}

fn parameters(name: &str, secret: &str) -> Value {
    let id = "5e5e5e5e-3333-4333-8333-c0ffee000003";
    json!({
        "Name": name,
        "ExchangeRemoteMove": true,
        "RemoteServer": "outlook.office.com",
        "RemoteTenant": "contoso.onmicrosoft.com",
        "ApplicationId": id,
        "Credentials": {"UserName": id, "Password": secret},
    })
}

fn new(site: &Site, parameters: Value) -> Seen {
    site.run("northwind", "New-MigrationEndpoint", parameters)
}

#[test]
fn an_endpoint_needs_the_application_the_consent_and_the_secret_in_this_order() {
    let site = Site::new();
    let refused = |secret: &str, why: &str| {
        let seen = new(&site, parameters("refused", secret));
        seen.is_refused(400, "MigrationServerConnectionFailedException");
        assert!(seen.text.contains(why), "{}", seen.text);
    };

    refused(SECRET, "AADSTS700016");
    let application = application(&site);
    refused(SECRET, "AADSTS700016");
    let principal = install_in_source(&site, &application);
    refused("wrong", "AADSTS7000215");
    refused(SECRET, "AADSTS65001");
    consent(&site, &principal);

    let made = new(&site, parameters("in", SECRET));
    assert_eq!(made.status, 200, "{}", made.text);
    assert_eq!(made.value[0]["MaxConcurrentMigrations"], "100");
    assert!(!made.body.to_string().contains(SECRET));

    site.advance(SignedDuration::from_hours(366 * 24));
    refused(SECRET, "AADSTS7000222");
}

#[test]
fn verification_can_be_skipped_and_is_made_up_for_by_a_change() {
    let site = Site::new();
    let mut unverified = parameters("in", "wrong");
    unverified["SkipVerification"] = json!(true);

    assert_eq!(new(&site, unverified).status, 200);

    let credential = parameters("in", "wrong")["Credentials"].clone();
    site.run(
        "northwind",
        "Set-MigrationEndpoint",
        json!({"Identity": "in", "Credentials": credential}),
    )
    .is_refused(400, "MigrationServerConnectionFailedException");
    let remote = json!({"Identity": "in", "RemoteTenant": "fabrikam.onmicrosoft.com"});
    site.run("northwind", "Set-MigrationEndpoint", remote)
        .is_refused(400, "AmbiguousParameterSetException");
}

#[test]
fn the_own_tenant_is_no_source() {
    let site = Site::new();
    let mut own = parameters("in", SECRET);
    own["RemoteTenant"] = json!("northwindtraders.onmicrosoft.com");

    let seen = new(&site, own);

    assert_eq!(seen.text, "ASSERT: The resource tenant and the accessing tenant cannot be equal.");
}

#[test]
fn all_endpoints_together_stay_below_the_tenants_budget() {
    let site = Site::new();
    let sized = |name: &str, number: Value| {
        let mut parameters = parameters(name, SECRET);
        parameters["SkipVerification"] = json!(true);
        parameters["MaxConcurrentMigrations"] = number;
        new(&site, parameters)
    };
    assert_eq!(sized("one", json!(222)).status, 200);

    let seen = sized("two", json!("100"));

    seen.is_refused(400, "MaximumConcurrentMigrationLimitExceededException");
    assert!(seen.text.contains("maximum concurrent migrations '322'"));
    assert_eq!(sized("two", json!(78)).status, 200);
}

#[test]
fn a_key_vault_serves_only_in_its_era() {
    let site = Site::new();
    let mut vault = parameters("in", SECRET);
    vault.as_object_mut().unwrap().shift_remove("Credentials");
    vault["AppSecretKeyVaultUrl"] = json!("https://friends.vault.azure.net/certificates/secret/0123");

    let seen = new(&site, vault.clone());
    seen.is_refused(400, "KeyVaultFailureErrorException");
    assert_eq!(
        seen.text,
        "Error finding certificate '' from azure key vault for tenant '0d0d0d0d-2222-4222-8222-c0ffee000002'."
    );

    site.write(|tx| tx.set_meta("era", "2021").unwrap());
    let seen = new(&site, vault);
    seen.is_refused(400, "KeyVaultFailureErrorException");
    assert_eq!(
        seen.text,
        "Error finding certificate 'https://friends.vault.azure.net/certificates/secret/0123' from azure key vault for tenant \
         '0d0d0d0d-2222-4222-8222-c0ffee000002'. --> KeyVaultFailureException: The remote name could not be resolved: \
         'friends.vault.azure.net'"
    );
}

#[test]
fn an_unknown_endpoint_is_not_found_and_a_used_one_stays() {
    let site = Site::new();
    let unknown = site.run("northwind", "Get-MigrationEndpoint", json!({"Identity": "in"}));
    unknown.is_refused(404, "ManagementObjectNotFoundException");
    assert_eq!(unknown.text, "The migration endpoint 'in' couldn't be found.");
    let mut parameters = parameters("in", SECRET);
    parameters["SkipVerification"] = json!(true);
    new(&site, parameters.clone());
    new(&site, parameters).is_refused(400, "MigrationPermanentException");
    let batch = site.write(|tx| {
        let mut batch = Object::new("northwind", "migration-batch", Map::new());
        batch.set("Identity", "wave-01");
        batch.set("SourceEndpoint", "in");
        tx.put(&batch, []).unwrap();
        batch
    });

    site.run("northwind", "Remove-MigrationEndpoint", json!({"Identity": "in"}))
        .is_refused(400, "MigrationPermanentException");

    site.write(|tx| tx.delete(&batch.id).unwrap());
    site.done("northwind", "Remove-MigrationEndpoint", json!({"Identity": "in"}));
}
