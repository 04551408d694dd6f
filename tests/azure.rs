//! Vault, certificate and audit log in the subscription of a tenant, by a script of one's own.

use crate::common::Site;

const SCRIPT: &str = r#"//! A certificate in a vault, and an application that signs in with it.

const PARAMS = #{ target: #{ type: "tenant", help: "Tenant with a subscription" } };
const WRITES = #{ target: #{ graph: "high", arm: "high", key_vault: "medium" } };

let target = args.target;
let subscription = target.find_subscriptions().first();
for namespace in ["Microsoft.KeyVault", "Microsoft.Storage", "microsoft.insights"] { target.ensure_resource_provider(subscription, namespace); }
let group = target.ensure_resource_group(subscription, "rg-xtmove", #{ location: "West Europe" });
let vault = target.ensure_vault(group, "nwt-xtmove-kv", #{ location: "West Europe" });
let account = target.ensure_storage_account(group, "nwtaudit", #{ location: "westeurope", sku: "Standard_LRS" });
target.ensure_diagnostic_setting(vault, account);
let exchange = target.get_service_principal("00000002-0000-0ff1-ce00-000000000000");
target.ensure_vault_access(vault, exchange, #{ certificates: ["get", "list"], secrets: ["get", "list"] });
let certificate = target.ensure_certificate(vault, "move", #{ subject: "CN=northwind_contoso", validity_months: 12 });
let app = target.ensure_application(#{ displayName: "northwind_contoso", requires: ["User.Invite.All"] });
target.ensure_consent(app, ["User.Invite.All"]);
target.ensure_application_key(app, certificate);
let secret = target.get_vault_secret(certificate);
let application = target.as_application(app, secret);
print(`the secret is ${secret.secret}, the address ${certificate.url}`);
if !is_pending(app) { print(if application.caller.app_id == app.appId { "signed in as the application" } else { "signed in as somebody else" }); }
"#;

const EVENTS: &str = r#"//! What the audit log holds.

const PARAMS = #{ target: #{ type: "tenant", help: "Tenant with a subscription" } };
const WRITES = #{ target: #{ arm: "high" } };

let target = args.target;
let subscription = target.find_subscriptions().first();
let account = target.find_storage_accounts(subscription).first();
try { target.find_audit_events(account).first(); } catch (trouble) { print(trouble.kind); }
target.new_role_assignment(#{ scope: account, properties: #{
    roleDefinitionId: `${subscription.id}/providers/Microsoft.Authorization/roleDefinitions/2a2b9908-6ea1-4ae2-8e65-a410df84e7d1`,
    principalId: target.caller.object_id, principalType: "ServicePrincipal",
} });
let vault = target.find_vaults(subscription).first();
for event in target.find_audit_events(account, #{ vault: vault }) { print(`${event.operation} by ${event.caller} to ${event.vault}: ${event.result}`); }
print(target.find_audit_events(account, #{ since: now() + "1h" }).len());
"#;

#[test]
fn what_a_credential_in_a_vault_needs_is_made_once() {
    let site = Site::new();
    let northwind = site.northwind();
    northwind.write("azure.rhai", SCRIPT);
    let command = ["run", "azure.rhai", "--target", "northwind"];

    let planned = site.writes_during(|| {
        northwind.runs(&[&command[..], &["--what-if"]].concat()).succeeds();
    });
    let first = northwind.runs(&command);
    let repeated = site.writes_during(|| {
        let again = northwind.runs(&command);
        again.succeeds();
        for object in [
            "vault `nwt-xtmove-kv`",
            "storage account `nwtaudit`",
            "certificate `move`",
            "application `northwind_contoso`",
        ] {
            again.says(&format!("unchanged {object}"));
        }
    });

    first.succeeds();
    assert!(
        first
            .stdout()
            .contains("the secret is [secret], the address https://nwt-xtmove-kv.vault.azure.net:443/certificates/move/")
    );
    assert!(first.stdout().contains("signed in as the application"));
    assert_eq!(planned, [""; 0]);
    assert_eq!(repeated, [""; 0]);
}

#[test]
fn who_used_a_vault_is_told_to_whoever_has_the_role_for_it() {
    let site = Site::new();
    let northwind = site.northwind();
    northwind.write("azure.rhai", SCRIPT);
    northwind.write("events.rhai", EVENTS);
    northwind.runs(&["run", "azure.rhai", "--target", "northwind"]).succeeds();

    let events = northwind.runs(&["run", "events.rhai", "--target", "northwind"]);

    events.succeeds();
    let lines: Vec<&str> = events.stdout().lines().collect();
    assert_eq!((lines.first(), lines.last()), (Some(&"forbidden"), Some(&"0")));
    for operation in ["CertificateCreate", "SecretGet"] {
        let is_it = |line: &&str| line.starts_with(operation) && line.ends_with("to nwt-xtmove-kv: OK");
        assert!(lines.iter().any(is_it), "{operation}: {lines:?}");
    }
}
