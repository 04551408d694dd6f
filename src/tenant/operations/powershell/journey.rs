//! Scripts of several changes: what one gives to the next, what is asked, and where they sign in.

use proptest::prelude::*;
use serde_json::Value;
use serde_json::json;
use uuid::Uuid;

use super::grammar::commands;
use super::rendered;
use super::tenant;
use crate::change::PsChange;
use crate::tenant::operations::find;

const VAULT: &str = "https://nwt-kv.vault.azure.net";
const GROUP: &str = "/subscriptions/3c3c3c3c-3333-4ccc-8333-e0e0e0e0e003/resourceGroups/rg";

fn change(name: &str, object: Option<&str>, label: &str, arguments: Value) -> PsChange {
    PsChange {
        tenant: tenant("northwind", 2),
        descriptor: find(name).expect("it is an operation"),
        object: object.map(str::to_owned),
        label: label.to_owned(),
        arguments: arguments.as_object().cloned().expect("arguments are an object"),
        touched: Vec::new(),
        outputs: Vec::new(),
    }
}

fn giving(change: PsChange, outputs: &[(&str, &str)]) -> PsChange {
    let outputs = outputs
        .iter()
        .map(|(placeholder, property)| ((*placeholder).to_owned(), (*property).to_owned()));
    PsChange {
        outputs: outputs.collect(),
        ..change
    }
}

fn holds(script: &str, parts: &[&str]) {
    commands(script);
    let mut rest = script;
    for part in parts {
        let at = rest
            .find(part)
            .unwrap_or_else(|| panic!("`{part}` is not there, or not in this order:\n{script}"));
        rest = &rest[at + part.len()..];
    }
}

#[test]
fn what_only_the_service_assigns_goes_from_change_to_change_in_variables() {
    let application = change("new_application", None, "x", json!({"displayName": "x"}));
    let secret = json!({"passwordCredential": {"displayName": "migration"}});
    let endpoint = json!({
        "Name": "x", "ApplicationId": "‹application id of x›",
        "Credentials": {"$credential": "‹application id of x›", "secret": {"$ref": "‹secret of x›"}},
    });
    let principal = json!({"appId": {"$ref": "‹application id of x›"}});

    let script = rendered(&[
        giving(application, &[("‹object id of x›", "id"), ("‹application id of x›", "appId")]),
        change("new_service_principal", None, "x", principal),
        giving(
            change("new_application_password", Some("‹object id of x›"), "x", secret),
            &[("‹secret of x›", "secretText")],
        ),
        change("new_migration_endpoint", None, "x", endpoint),
    ]);

    holds(
        &script,
        &[
            "$application1 = New-MgApplication @parameters",
            "appId = $application1.AppId",
            "Invoke-Patiently { New-MgServicePrincipal @parameters }",
            "ApplicationId = $application1.Id",
            "$secret1 = Invoke-Patiently { Add-MgApplicationPassword @parameters }",
            "Credentials = [pscredential]::new($application1.AppId, (ConvertTo-SecureString -String $secret1.SecretText -AsPlainText -Force))",
            "Invoke-Patiently { New-MigrationEndpoint @parameters }",
        ],
    );
    assert!(!script.contains("Read-Host"), "{script}");
}

#[test]
fn a_client_secret_that_no_change_takes_is_shown_because_the_service_shows_it_once() {
    let script = rendered(&[change("new_application_password", Some("5e5e"), "x", json!({}))]);

    holds(&script, &["\nAdd-MgApplicationPassword @parameters\n"]);
}

#[test]
fn the_script_signs_in_where_the_changes_lead_and_stops_in_another_tenant() {
    let in_contoso = PsChange {
        tenant: tenant("contoso", 1),
        ..change("set_mailuser", Some("lara"), "lara", json!({"Alias": "l"}))
    };
    let in_northwind = || change("set_mailuser", Some("lara"), "lara", json!({"Alias": "l"}));
    let licence = || {
        change(
            "set_licences",
            Some("5e5e"),
            "lara",
            json!({"addLicenses": [], "removeLicenses": []}),
        )
    };
    let invitation = json!({"invitedUserEmailAddress": "a@b.com", "inviteRedirectUrl": "https://office.com"});

    let script = rendered(&[
        in_northwind(),
        licence(),
        in_northwind(),
        change("new_invitation", None, "a@b.com", invitation),
        in_contoso,
    ]);

    let guard = |number| {
        format!(
            "if ((Get-ConnectionInformation).TenantID -ne '{}') {{ throw",
            Uuid::from_u128(number)
        )
    };
    holds(
        &script,
        &[
            "# Tenant northwind: northwind.onmicrosoft.com, ",
            "# Tenant contoso: contoso.onmicrosoft.com, ",
            "#Requires -Version 7.2\n#Requires -Modules @{ ModuleName = 'ExchangeOnlineManagement'",
            "$ErrorActionPreference = 'Stop'",
            "Connect-ExchangeOnline -Organization 'northwind.onmicrosoft.com'",
            &guard(2),
            "Connect-MgGraph -TenantId '00000000-0000-0000-0000-000000000002' -Scopes 'LicenseAssignment.ReadWrite.All', 'User.Invite.All'",
            "Connect-ExchangeOnline -Organization 'contoso.onmicrosoft.com'",
            &guard(1),
        ],
    );
    assert_eq!(script.matches("\nConnect-").count(), 3, "{script}");
}

#[test]
fn secrets_are_asked_once_each_and_passwords_are_made_by_the_script() {
    let mailuser = |name: &str, password: Value| change("new_mailuser", None, name, json!({"Name": name, "Password": password}));
    let user = json!({"password": {"$secret": "password"}, "forceChangePasswordNextSignIn": true});

    let script = rendered(&[
        mailuser("ann", json!({"$ask": "password of all"})),
        mailuser("bob", json!({"$ask": "password of all"})),
        mailuser("lara@northwind.com", json!({"$generate": "password"})),
        mailuser("otto@northwind.com", json!({"$ref": "‹generated password›"})),
        change("set_entra_user", Some("5e5e"), "carl", user),
    ]);

    holds(
        &script,
        &[
            "param(",
            "[string] $PasswordFile",
            "$passwordOfAll = Read-Host -Prompt 'password of all' -AsSecureString\n$passwordOfCarl = Read-Host",
            "Password = $passwordOfAll\n",
            "Password = $passwordOfAll\n",
            "Password = (New-GeneratedPassword 'lara@northwind.com')",
            "Password = (New-GeneratedPassword 'otto@northwind.com')",
            "passwordProfile = @{",
            "password = (ConvertFrom-SecureString -SecureString $passwordOfCarl -AsPlainText)",
            "forceChangePasswordNextSignIn = $true",
        ],
    );
    assert_eq!(script.matches("= Read-Host").count(), 2, "{script}");
}

#[test]
fn what_a_cmdlet_would_leave_out_is_sent_as_a_request() {
    let emptied = rendered(&[change("set_entra_user", Some("5e5e"), "carl", json!({"jobTitle": null}))]);
    let tagged = json!({"group": GROUP, "name": "kv", "location": "westeurope", "tags": {"Team": "IT"}});
    let made = rendered(&[change("new_vault", None, "kv", tagged)]);
    let secret = json!({"name": "x", "value": {"$secret": "password"}, "attributes": {"exp": 1}});
    let timed = rendered(&[change("new_vault_secret", Some(VAULT), "x", secret)]);

    holds(
        &emptied,
        &[
            "Method = 'PATCH'",
            "Uri = 'v1.0/users/5e5e'",
            "jobTitle = $null",
            "Invoke-MgGraphRequest @parameters",
        ],
    );
    holds(
        &made,
        &[
            "function Invoke-Azure",
            "-Subscription '3c3c3c3c-3333-4ccc-8333-e0e0e0e0e003'",
            "Method = 'PUT'",
            "/providers/Microsoft.KeyVault/vaults/kv?api-version=",
            "tags = @{ Team = 'IT' }",
            "provisioningState",
        ],
    );
    holds(
        &timed,
        &["Target = 'https://nwt-kv.vault.azure.net/secrets/x?api-version=7.5'", "exp = 1"],
    );
}

#[test]
fn a_certificate_is_waited_for_before_its_version_is_named() {
    let policy = |exportable: bool| {
        let policy = json!({
            "issuer": {"name": "Self"},
            "key_props": {"exportable": exportable, "kty": "RSA", "key_size": 2048, "reuse_key": false},
            "secret_props": {"contentType": "application/x-pkcs12"},
            "x509_props": {"subject": "CN=move", "validity_months": 12},
            "lifetime_actions": [{"trigger": {"lifetime_percentage": 80}, "action": {"action_type": "EmailContacts"}}],
        });
        let certificate = change("new_certificate", Some(VAULT), "move", json!({"name": "move", "policy": policy}));
        let url = format!("{VAULT}/certificates/move/‹version of move›");
        let endpoint = json!({"Name": "x", "AppSecretKeyVaultUrl": url});
        rendered(&[
            giving(certificate, &[("‹version of move›", "version")]),
            change("new_migration_endpoint", None, "x", endpoint),
        ])
    };

    holds(
        &policy(true),
        &[
            "SubjectName = 'CN=move'",
            "ValidityInMonths = 12",
            "EmailAtPercentageLifetime = 80",
            "VaultName = 'nwt-kv'",
            "CertificatePolicy = (New-AzKeyVaultCertificatePolicy @policy)",
            "Add-AzKeyVaultCertificate @parameters",
            "while ((Get-AzKeyVaultCertificateOperation",
            "$certificate1 = Get-AzKeyVaultCertificate",
            "AppSecretKeyVaultUrl = \"https://nwt-kv.vault.azure.net/certificates/move/$($certificate1.Version)\"",
        ],
    );
    // A key that stays in the vault is nothing that the cmdlet's defaults give.
    holds(
        &policy(false),
        &[
            "exportable = $false",
            "Invoke-Azure @parameters",
            "'/pending?'",
            "$certificate1 = Invoke-Azure -Method GET",
            "certificates/move/$($certificate1.Id.Split('/')[-1])",
        ],
    );
}

proptest! {
    #[test]
    fn no_text_becomes_a_command(text in r#"[a-z;&|$`'"(){}@#‘’‚‛“”„\n\r\t <>=-]{0,16}"#) {
        let arguments = json!({"DisplayName": text, "EmailAddresses": {"Add": [text]}, "CustomAttribute1": [text, {text.clone(): text}]});
        let mut change = change("set_mailuser", Some(&text), &text, arguments);
        change.touched = vec![(text.clone(), text.clone().into(), text.clone().into())];

        let found = commands(&rendered(&[change]));

        let expected = ["Connect-ExchangeOnline", "Disconnect-ExchangeOnline", "Get-ConnectionInformation", "Out-Null", "Set-MailUser"];
        prop_assert_eq!(found.iter().map(String::as_str).collect::<Vec<_>>(), expected);
    }
}
