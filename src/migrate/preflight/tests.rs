//! What a preflight predicts.

use serde_json::Value;
use serde_json::json;

use crate::migrate::preflight::batch_findings;
use crate::migrate::preflight::user_findings;
use crate::model::Record;

fn record(value: Value) -> Record {
    value.as_object().cloned().expect("an object").into()
}

fn mailuser() -> Record {
    record(json!({
        "RecipientTypeDetails": "MailUser", "PrimarySmtpAddress": "lara@northwind.com", "ExternalEmailAddress": "SMTP:LaraN@contoso.onmicrosoft.com",
        "ExchangeGuid": "1ec059c7-8396-4d0b-af4e-d6bd4c12a8d8", "ArchiveGuid": "00000000-0000-0000-0000-000000000000",
        "EmailAddresses": ["SMTP:lara@northwind.com", "smtp:LaraN@northwindtraders.onmicrosoft.com", "X500:/o=x"],
        "PersistedCapabilities": [], "PreviousRecipientTypeDetails": "None", "RecoverableItemsQuota": "30 GB (32,212,254,720 bytes)",
    }))
}

fn mailbox() -> Record {
    record(json!({
        "RecipientTypeDetails": "UserMailbox", "ExchangeGuid": "1ec059c7-8396-4d0b-af4e-d6bd4c12a8d8", "ArchiveGuid": "",
        "LegacyExchangeDN": "/O=X", "EmailAddresses": ["SMTP:lara@contoso.com", "smtp:LaraN@contoso.onmicrosoft.com"],
        "PersistedCapabilities": ["ExchangeT2TMbxMove"], "LitigationHoldEnabled": false, "ExternalDirectoryObjectId": "u1", "AuxArchives": 0,
        "DisabledArchiveGuid": "", "TotalDeletedItemSize": "120.4 MB (126,248,550 bytes)",
    }))
}

fn context() -> Record {
    record(json!({
        "target_delivery_domain": "northwindtraders.onmicrosoft.com",
        "accepted_domains": ["northwind.com", "northwindtraders.onmicrosoft.com"],
        "migration_users": [], "move_requests": [], "scope_members": ["U1"], "batch": "wave1",
    }))
}

fn problems(findings: &[Record]) -> Vec<(String, String)> {
    let problems = findings.iter().filter(|finding| finding.text("state") == Some("problem"));
    let text = |finding: &Record, name: &str| finding.text(name).unwrap_or("-").to_owned();
    problems.map(|finding| (text(finding, "id"), text(finding, "failure"))).collect()
}

#[test]
fn a_user_who_is_prepared_has_no_finding_but_ok() {
    let findings = user_findings(Some(&mailuser()), Some(&mailbox()), &context());

    for finding in &findings {
        assert_eq!(finding.text("state"), Some("ok"), "{:?}", finding.text("id"));
    }
}

#[test]
fn what_stands_in_the_way_is_predicted_with_its_failure() {
    let found = |target: Record, source: Record, context: Record| problems(&user_findings(Some(&target), Some(&source), &context));
    let one = |id: &str, failure: &str| vec![(id.to_owned(), failure.to_owned())];
    let target = |name: &str, value: Value| found(mailuser().with(name, value), mailbox(), context());
    let source = |name: &str, value: Value| found(mailuser(), mailbox().with(name, value), context());
    let around = |name: &str, value: Value| found(mailuser(), mailbox(), context().with(name, value));

    assert_eq!(problems(&user_findings(None, None, &context())), one("target.user.exists", "F-50"));
    assert_eq!(
        target("RecipientTypeDetails", json!("UserMailbox")),
        one("target.user.type", "F-54")
    );
    assert_eq!(
        target("RecipientTypeDetails", json!("GuestMailUser")),
        one("target.user.type", "F-50")
    );
    assert_eq!(
        target("ExchangeGuid", json!("00000000-0000-0000-0000-000000000000")),
        one("target.user.exchange_guid", "F-52")
    );
    assert_eq!(
        target("ExchangeGuid", json!("7f3c2a10-9d44-4c1b-8a52-2b6a1f0e7701")),
        one("target.user.exchange_guid", "F-53")
    );
    assert_eq!(
        target("ArchiveGuid", json!("7f3c2a10-9d44-4c1b-8a52-2b6a1f0e7701")),
        one("target.user.archive_guid", "F-69")
    );
    let with = |more: &str| {
        json!([
            "SMTP:lara@northwind.com",
            "smtp:l@northwindtraders.onmicrosoft.com",
            "X500:/o=x",
            more
        ])
    };
    assert_eq!(
        target("EmailAddresses", with("smtp:lara@contoso.com")),
        one("target.user.addresses", "F-55")
    );
    assert_eq!(
        target("EmailAddresses", json!(["SMTP:lara@northwind.com", "x500:/o=X"])),
        one("target.user.delivery_address", "F-56")
    );
    assert_eq!(
        target("ExternalEmailAddress", json!("SMTP:x@contoso.com")),
        one("target.user.external_address", "F-69")
    );
    assert_eq!(
        target("PreviousRecipientTypeDetails", json!("UserMailbox")),
        one("target.user.previous_mailbox", "F-54")
    );
    assert_eq!(source("LegacyExchangeDN", json!("/o=y")), one("target.user.legacy_names", "F-68"));
    assert_eq!(source("PersistedCapabilities", json!([])), one("target.user.licence", "F-57"));
    assert_eq!(source("LitigationHoldEnabled", json!("True")), one("source.user.hold", "F-63"));
    assert_eq!(source("AuxArchives", json!("13")), one("source.user.archives", "F-65"));
    assert_eq!(
        source("DisabledArchiveGuid", json!("7f3c2a10-9d44-4c1b-8a52-2b6a1f0e7701")),
        one("source.user.disabled_archive", "F-62")
    );
    assert_eq!(
        source("TotalDeletedItemSize", json!("31 GB (33,285,996,544 bytes)")),
        one("target.user.recoverable_items", "F-64")
    );
    let user = json!([{"Identity": "lara@northwind.com", "BatchId": "wave0"}]);
    assert_eq!(around("migration_users", user), one("target.user.other_batch", "F-37"));
    let request = json!([{"ExchangeGuid": "1ec059c7-8396-4d0b-af4e-d6bd4c12a8d8", "Status": "Failed"}]);
    assert_eq!(around("move_requests", request), one("target.user.move_request", "F-59b"));
    assert_eq!(around("scope_members", json!([])), one("source.user.scope", "F-51"));
}

#[test]
fn a_licence_is_missed_only_where_both_sides_were_seen() {
    let state = |source: Option<&Record>| {
        let findings = user_findings(Some(&mailuser()), source, &context());
        let licence = findings
            .into_iter()
            .find(|finding| finding.text("id") == Some("target.user.licence"));
        licence
            .and_then(|finding| finding.text("state").map(str::to_owned))
            .expect("a state")
    };
    let row = |value: Value| {
        record(json!({"EmailAddress": "lara@northwind.com", "RecipientTypeDetails": "UserMailbox", "MigrationLicence": value}))
    };

    assert_eq!(state(None), "not checked");
    assert_eq!(state(Some(&row(json!("")))), "not checked");
    assert_eq!(state(Some(&row(json!("False")))), "problem");
    assert_eq!(state(Some(&row(json!("True")))), "ok");
    assert_eq!(
        state(Some(&row(json!("False")).with("RecipientTypeDetails", "SharedMailbox"))),
        "ok"
    );
}

#[test]
fn a_list_with_a_nameless_or_repeated_user_is_found() {
    let row = |address: &str| Record::default().with("EmailAddress", address);

    assert_eq!(problems(&batch_findings(&[row("a@b.c"), row("d@b.c")], &Record::default())), []);
    let wrong = problems(&batch_findings(&[row("a@b.c"), row(""), row("A@b.c")], &Record::default()));
    assert_eq!(
        wrong.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(),
        ["target.batch.addresses", "target.batch.duplicates"]
    );
}
