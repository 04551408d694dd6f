//! What an administrator forgot when both tenants were set up fails every user.

use serde_json::json;

use super::lab::APP;
use super::lab::Lab;
use super::lab::SECRET;
use super::lab::lab;
use super::outcome::fails;
use crate::sandbox::directory;
use crate::sandbox::exchange::relationship;
use crate::sandbox::ids;

#[test]
fn f23_the_source_has_not_consented() {
    fails(
        "MigrationServerConnectionFailedException",
        "AADSTS700016",
        |lab, _| {
            let principal = directory::service_principal(lab.tx, "contoso", APP).unwrap();
            lab.tx.delete(&principal.id).unwrap();
        },
        |lab, _| consent(lab, "contoso"),
    );
}

#[test]
fn f29_the_target_has_not_consented_itself() {
    fails(
        "MigrationServerConnectionFailedException",
        "does not have [Mailbox.Migration] permission on Exchange setup or the permission is not consented by an Administrator",
        |lab, _| {
            let principal = directory::service_principal(lab.tx, "northwind", APP).unwrap();
            lab.tx.delete(&principal.id).unwrap();
        },
        |lab, _| consent(lab, "northwind"),
    );
}

/// Makes the application known in a tenant, with its role.
fn consent(lab: &Lab<'_>, tenant: &str) {
    let application = directory::application(lab.tx, APP).unwrap();
    let principal = directory::add_principal(lab.tx, tenant, &application).unwrap();
    let exchange = directory::service_principal(lab.tx, tenant, ids::EXCHANGE).unwrap();
    directory::grant_app_role(lab.tx, &principal, &exchange, ids::MAILBOX_MIGRATION).unwrap();
}

#[test]
fn f24_the_secret_is_wrong() {
    fails(
        "MigrationServerConnectionFailedException",
        "AADSTS7000215",
        |lab, _| lab.edit_kind("northwind", "endpoint", "_Secret", "mistyped"),
        |lab, _| lab.edit_kind("northwind", "endpoint", "_Secret", SECRET),
    );
}

#[test]
fn f22_an_endpoint_of_the_old_kind_finds_no_certificate() {
    fails(
        "KeyVaultFailureErrorException",
        "Error finding certificate '' from azure key vault for tenant '0d0d0d0d-2222-4222-8222-c0ffee000002'.",
        |lab, _| lab.edit_kind("northwind", "endpoint", "_Secret", ""),
        |lab, _| lab.edit_kind("northwind", "endpoint", "_Secret", SECRET),
    );
}

#[test]
fn f42_a_second_relationship_keyed_by_domain_is_found_first() {
    fails(
        "MigrationPermanentException",
        "'free-busy' does not have mailbox move enabled",
        |lab, _| {
            let body = json!({"Name": "free-busy", "MailboxMoveEnabled": false, "MailboxMoveCapability": "None"});
            lab.relationship("northwind", body, "contoso.com").unwrap();
        },
        |lab, _| {
            let mut second = relationship::relationships_with(lab.tx, "northwind", "contoso.com")
                .unwrap()
                .remove(0);
            second.set("Enabled", false);
            lab.tx.update(&second).unwrap();
        },
    );
}

#[test]
fn f45_the_target_does_not_allow_inbound_moves() {
    fails(
        "MigrationPermanentException",
        "Your organization does not authorize 'pull' or Inbound moves from the remote organization.",
        |lab, _| lab.edit_kind("northwind", relationship::KIND, "MailboxMoveCapability", "RemoteOutbound"),
        |lab, _| lab.edit_kind("northwind", relationship::KIND, "MailboxMoveCapability", "Inbound, RemoteOutbound"),
    );
}

#[test]
fn f46_the_source_allows_another_application() {
    fails(
        "MigrationServerConnectionFailedException",
        "does not authorize the mailbox",
        |lab, _| {
            lab.edit_kind(
                "contoso",
                relationship::KIND,
                "OAuthApplicationId",
                "11111111-1111-4111-8111-111111111111",
            )
        },
        |lab, _| lab.edit_kind("contoso", relationship::KIND, "OAuthApplicationId", APP),
    );
}

#[test]
fn the_endpoints_test_proves_the_endpoint_alone_or_one_user() {
    lab(|lab| {
        let (lara, otto) = (lab.prepare("LaraN"), lab.prepare("OttoO"));
        let test = |mailbox: Option<&str>| {
            let mut parameters = json!({"Endpoint": "from-contoso"});
            if let Some(mailbox) = mailbox {
                parameters["TestMailbox"] = mailbox.into();
            }
            let mut answer = lab
                .run("Test-MigrationServerAvailability", parameters)
                .expect("an answer")
                .value
                .remove(0);
            let text = |value: Option<serde_json::Value>| value.unwrap_or_default().as_str().unwrap_or_default().to_owned();
            (
                text(answer.remove("Result")),
                text(answer.remove("Message")),
                text(answer.remove("ErrorDetail")),
            )
        };
        assert_eq!(test(None).0, "Success");
        assert_eq!(test(Some(&lara)).0, "Success");
        assert!(test(Some("Lara.Newton@contoso.com")).1.contains("couldn't be found on"));
        let (result, message, detail) = test(Some(&otto));
        assert_eq!(result, "Failed");
        assert!(message.starts_with("The connection to the server 'outlook.office.com' could not be completed."));
        assert!(detail.contains("MRSRemotePermanentException") && detail.contains("does not authorize the mailbox"));

        let body = json!({"Name": "mto", "MailboxMoveEnabled": false, "MailboxMoveCapability": "None"});
        lab.relationship("contoso", body, "northwind.com").unwrap();
        assert_eq!(test(None).0, "Success");
        assert!(test(Some(&lara)).1.contains("does not have mailbox move enabled"));
        let unknown = lab
            .run("Test-MigrationServerAvailability", json!({"Endpoint": "typo]"}))
            .expect_err("no endpoint");
        assert_eq!(
            (unknown.status, unknown.text.as_str()),
            (404, "The migration endpoint 'typo]' couldn't be found.")
        );
    });
}
