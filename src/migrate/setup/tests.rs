//! Each thing that is wrong is found by its id; what was not seen is never ok.

mod vault;

use serde_json::Value;
use serde_json::json;

use crate::migrate::finding::verdict;
use crate::migrate::setup::source_setup;
use crate::migrate::setup::target_setup;
use crate::model::Record;

const CONTOSO: &str = "0c0c0c0c-1111-4111-8111-c0ffee000001";
const NORTHWIND: &str = "0d0d0d0d-2222-4222-8222-c0ffee000002";
const APPLICATION: &str = "5e5e5e5e-3333-4333-8333-c0ffee000003";

fn record(value: Value) -> Record {
    value.as_object().cloned().expect("an object").into()
}

fn target() -> Record {
    record(json!({
        "tenant_id": NORTHWIND, "partner_id": CONTOSO, "partner_domain": "contoso.onmicrosoft.com", "application_id": APPLICATION,
        "remote_server": "outlook.office.com", "now": "2026-01-05T08:00:00Z",
        "application": {
            "displayName": "northwindtraders_contoso", "signInAudience": "AzureADMultipleOrgs",
            "requiredResourceAccess": [{"resourceAccess": [{"id": "f7264778-fba9-422d-8e9e-2675a2c4b513", "type": "Role"}]}],
            "passwordCredentials": [{"endDateTime": "2026-07-05T08:00:00Z"}],
        },
        "service_principal": {"appOwnerOrganizationId": NORTHWIND}, "roles": ["Mailbox.Migration"],
        "relationships": [{
            "Name": "northwindtraders_contoso", "DomainNames": [CONTOSO.to_uppercase()], "Enabled": true, "MailboxMoveEnabled": true,
            "MailboxMoveCapability": "Inbound, RemoteOutbound",
        }],
        "endpoints": [{
            "Identity": "northwindtraders_contoso", "EndpointType": "ExchangeRemoteMove", "RemoteServer": "outlook.office.com",
            "RemoteTenant": "contoso.onmicrosoft.com", "ApplicationId": APPLICATION, "MaxConcurrentMigrations": "100",
        }],
        "endpoint_test": {"Result": "Success"}, "organization_config": {"IsDehydrated": false},
        "accepted_domains": ["northwind.com"], "partner_domains": ["contoso.com", "contoso.onmicrosoft.com"],
    }))
}

fn source() -> Record {
    record(json!({
        "tenant_id": CONTOSO, "partner_id": NORTHWIND, "application_id": APPLICATION, "organization_config": {"IsDehydrated": false},
        "service_principal": {"appOwnerOrganizationId": NORTHWIND},
        "role_assignments": [{"appRoleId": "f7264778-fba9-422d-8e9e-2675a2c4b513"}],
        "relationships": [{
            "Name": "r", "DomainNames": [NORTHWIND], "Enabled": true, "MailboxMoveEnabled": true, "MailboxMoveCapability": "RemoteOutbound",
            "OAuthApplicationId": APPLICATION.to_uppercase(), "MailboxMovePublishedScopes": ["Mailbox Move"],
        }],
        "scope_groups": [{"Name": "Mailbox Move", "RecipientTypeDetails": "MailUniversalSecurityGroup"}],
        "accepted_domains": ["contoso.com"], "partner_domains": ["northwind.com"],
    }))
}

/// The ids of problems and the failures they become.
fn problems(findings: &[Record]) -> Vec<String> {
    let problems = findings.iter().filter(|finding| finding.text("state") == Some("problem"));
    problems
        .map(|finding| {
            format!(
                "{} {}",
                finding.text("id").unwrap_or_default(),
                finding.text("failure").unwrap_or("-")
            )
        })
        .collect()
}

/// The set-up with one object's property changed: `relationships.0.Enabled`.
fn with(seen: &Record, path: &str, value: Value) -> Record {
    let mut whole = Value::Object(seen.to_map());
    let mut place = &mut whole;
    for part in path.split('.') {
        place = match part.parse::<usize>() {
            Ok(at) => &mut place[at],
            Err(_) => &mut place[part],
        };
    }
    *place = value;
    record(whole)
}

#[test]
fn a_set_up_that_is_right_is_ok_when_both_sides_were_seen_and_only_then() {
    let whole: Vec<Record> = [target_setup(&target()), source_setup(&source())].concat();
    let half: Vec<Record> = [target_setup(&target()), source_setup(&Record::default())].concat();

    assert_eq!(problems(&whole), [""; 0]);
    assert_eq!(verdict(&whole).text("state"), Some("ok"));
    assert_eq!(verdict(&half).text("state"), Some("not checked"));
    assert_eq!(target_setup(&Record::default()).len(), target_setup(&target()).len());
}

#[test]
fn each_gap_of_the_target_is_found_by_its_id() {
    for (path, value, wanted) in [
        ("partner_id", json!(NORTHWIND.to_uppercase()), "target.tenants.distinct F-20"),
        (
            "organization_config.IsDehydrated",
            json!(true),
            "target.organization.customized F-03",
        ),
        ("application", json!(null), "target.application.registered F-28"),
        (
            "application.signInAudience",
            json!("AzureADMyOrg"),
            "target.application.audience F-23",
        ),
        (
            "application.requiredResourceAccess",
            json!([]),
            "target.application.permission F-29",
        ),
        (
            "application.passwordCredentials",
            json!([{"endDateTime": "2025-07-05T08:00:00Z"}]),
            "target.application.secret F-24",
        ),
        ("service_principal", json!(null), "target.application.consent F-29"),
        ("roles", json!([]), "target.application.consent F-29"),
        ("roles", json!(["Mailbox.Migration", "Mail.Read"]), "target.application.excess -"),
        ("relationships", json!([]), "target.relationship.exists F-30"),
        ("relationships.0.Enabled", json!(false), "target.relationship.enabled F-30"),
        ("relationships.0.MailboxMoveEnabled", json!(false), "target.relationship.move F-30"),
        (
            "relationships.0.MailboxMoveCapability",
            json!("RemoteOutbound"),
            "target.relationship.capability F-30",
        ),
        ("endpoints", json!([]), "target.endpoint.exists F-31"),
        (
            "endpoints.0.RemoteServer",
            json!("outlook.office365.us"),
            "target.endpoint.server F-43",
        ),
        (
            "endpoints.0.RemoteTenant",
            json!("fabrikam.onmicrosoft.com"),
            "target.endpoint.tenant F-31",
        ),
        ("endpoints.0.ApplicationId", json!("other"), "target.endpoint.application F-31"),
        (
            "endpoints.0.AppSecretKeyVaultUrl",
            json!("https://v.vault.azure.net/certificates/a/b"),
            "target.endpoint.secret F-22",
        ),
        ("endpoints.0.IsRemote", json!(false), "target.endpoint.remote F-31"),
        (
            "endpoints.0.MaxConcurrentMigrations",
            json!(301),
            "target.endpoint.concurrency F-21",
        ),
        (
            "endpoint_test",
            json!({"Result": "Failed", "Message": "AADSTS7000222: expired"}),
            "target.endpoint.test F-24",
        ),
        ("accepted_domains", json!(["contoso.com"]), "target.domains.distinct -"),
    ] {
        assert!(
            problems(&target_setup(&with(&target(), path, value))).contains(&wanted.to_owned()),
            "{path}: {wanted}"
        );
    }
}

#[test]
fn each_gap_of_the_source_is_found_by_its_id() {
    for (path, value, wanted) in [
        ("service_principal", json!(null), "source.application.consent F-23"),
        (
            "service_principal.appOwnerOrganizationId",
            json!(CONTOSO),
            "source.application.owner F-28",
        ),
        ("role_assignments", json!([{"appRoleId": "x"}]), "source.application.excess -"),
        (
            "relationships.0.MailboxMoveCapability",
            json!("Inbound"),
            "source.relationship.capability F-30",
        ),
        (
            "relationships.0.OAuthApplicationId",
            json!("x"),
            "source.relationship.application F-30",
        ),
        (
            "relationships.0.MailboxMovePublishedScopes",
            json!([]),
            "source.relationship.scope F-30",
        ),
        (
            "scope_groups.0.RecipientTypeDetails",
            json!("MailUniversalDistributionGroup"),
            "source.scope.groups F-27",
        ),
        ("scope_groups.0", json!(null), "source.scope.groups F-27"),
    ] {
        assert!(
            problems(&source_setup(&with(&source(), path, value))).contains(&wanted.to_owned()),
            "{path}: {wanted}"
        );
    }
}

#[test]
fn a_second_relationship_keyed_by_domain_is_found_when_it_forbids_moves() {
    let second = |allows: bool| {
        let both = json!([
            target().get("relationships").expect("relationships")[0],
            {"Name": "free/busy", "DomainNames": ["contoso.com"], "Enabled": true, "MailboxMoveEnabled": allows},
        ]);
        target_setup(&with(&target(), "relationships", both))
    };

    assert_eq!(problems(&second(false)), ["target.relationship.alone F-42"]);
    assert_eq!(problems(&second(true)), [""; 0]);
}

#[test]
fn what_is_not_known_of_the_partner_is_not_checked() {
    let findings = target_setup(&with(&target(), "partner_domains", json!(null)));

    let state = |id: &str| {
        findings
            .iter()
            .find(|finding| finding.text("id") == Some(id))
            .and_then(|finding| finding.text("state"))
    };
    assert_eq!(state("target.domains.distinct"), Some("not checked"));
    assert_eq!(state("target.relationship.alone"), Some("not checked"));
    assert_eq!(state("target.endpoint.tenant"), Some("ok"));
}
