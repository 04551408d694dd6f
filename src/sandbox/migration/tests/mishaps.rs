//! Trouble of the replication service's own, ordered as faults.

use jiff::SignedDuration;
use serde_json::json;

use super::lab::DELIVERY;
use super::lab::Lab;
use super::lab::lab;
use super::outcome::expect;
use crate::sandbox::Effect;
use crate::sandbox::FaultSpec;
use crate::sandbox::fault;
use crate::sandbox::migration::mishaps;
use crate::sandbox::rule::RULES;

fn order(lab: &Lab<'_>, number: &str, count: Option<u64>) {
    let spec = FaultSpec {
        service: None,
        tenant: None,
        operation: Some(number.to_owned()),
        object: Some("lara*".to_owned()),
        count,
        skip: 0,
        probability: None,
        seed: 1,
        effect: Effect::Trouble,
    };
    fault::add(lab.tx, spec).expect("an order");
}

fn report(lab: &Lab<'_>, address: &str) -> String {
    let asked = json!({"Identity": address, "IncludeReport": true});
    let user = lab.run("Get-MigrationUserStatistics", asked).expect("the user").value.remove(0);
    user["Report"].as_str().unwrap_or_default().to_owned()
}

/// Lets time go by until the user's move request says `detail`.
fn comes_to(lab: &Lab<'_>, address: &str, detail: &str) {
    lab.advance(SignedDuration::from_mins(10));
    for _ in 0..100 {
        let found = lab.run("Get-MoveRequestStatistics", json!({"Identity": address}));
        if found.expect("the request").value[0]["StatusDetail"] == detail {
            return;
        }
        lab.advance(SignedDuration::from_mins(5));
    }
    panic!("it never came to {detail}");
}

/// Whether the user, once started again, is copied.
fn resumes(lab: &Lab<'_>, address: &str) -> bool {
    lab.run("Start-MigrationUser", json!({"Identity": address})).expect("a start");
    lab.hours(6);
    lab.status(address) == "Synced"
}

#[test]
fn what_passes_is_tried_again_and_leaves_a_line_in_the_report() {
    lab(|lab| {
        order(lab, "F-78", Some(2));
        let lara = lab.prepare("LaraN");
        lab.submit("wave-01", &[&lara], json!({}));
        comes_to(lab, &lara, "TransientFailureSource");

        assert_eq!(lab.status(&lara), "Syncing");
        lab.hours(1);

        assert_eq!(lab.status(&lara), "Synced");
        let report = report(lab, &lara);
        let lines = report.matches("Transient error DataExportTransientException has occurred. The system will retry");
        assert_eq!(lines.count(), 2, "{report}");
        assert!(report.contains("The data export was cancelled due to a timeout."), "{report}");
    });
}

#[test]
fn f73_what_should_pass_and_never_does_ends_the_move_with_the_type_that_came_most() {
    lab(|lab| {
        order(lab, "F-79", None);
        let lara = lab.prepare("LaraN");
        lab.submit("wave-01", &[&lara], json!({}));
        lab.hours(24);

        let said = "The most common failure is CommunicationErrorTransientException with the hit count 61.";
        expect(lab, &lara, "Failed", "TooManyTransientFailureRetriesPermanentException", said);
        fault::clear(lab.tx, &[]).expect("no faults");
        assert!(resumes(lab, &lara));
    });
}

#[test]
fn f86_a_move_that_waits_for_the_servers_is_only_later() {
    lab(|lab| {
        order(lab, "F-86", Some(1));
        let lara = lab.prepare("LaraN");
        lab.submit("wave-01", &[&lara], json!({}));
        comes_to(lab, &lara, "StalledDueToTarget_DiskLatency");

        let user = lab.user(&lara);
        assert_eq!((&user["Status"], &user["ErrorSummary"]), (&json!("Syncing"), &json!("")));
        lab.hours(2);
        assert_eq!(lab.status(&lara), "Synced");
    });
}

#[test]
fn trouble_that_does_not_pass_fails_the_user_and_f70_needs_a_new_batch() {
    for (number, exception, heals) in [
        ("F-70", "MailboxIsNotInExpectedDBException", false),
        ("F-76", "TooManyLargeItemsPermanentException", true),
        ("F-77", "TooManyBadItemsPermanentException", true),
        ("F-83", "MapiExceptionTooComplex", true),
        ("F-85", "MapiExceptionMessagePerFolderCountQuotaExceeded", true),
    ] {
        lab(|lab| {
            order(lab, number, Some(1));
            let lara = lab.prepare("LaraN");
            lab.submit("wave-01", &[&lara], json!({}));
            lab.hours(6);

            expect(lab, &lara, "Failed", exception, "");
            assert_eq!(resumes(lab, &lara), heals, "{number}");
        });
    }
}

#[test]
fn f94_a_move_whose_source_stays_completes_with_a_warning_and_two_mailboxes() {
    lab(|lab| {
        order(lab, "F-94", Some(1));
        let lara = lab.prepare("LaraN");
        lab.submit("wave-01", &[&lara], json!({"AutoComplete": true}));
        lab.hours(12);

        assert_eq!(lab.status(&lara), "CompletedWithWarnings");
        let said = format!("Failed to convert the source mailbox 'Primary ({lara})' to mail-enabled user after the move");
        assert!(report(lab, &lara).contains(&said), "{}", report(lab, &lara));
        assert_eq!(lab.one("contoso", "LaraN").text("RecipientTypeDetails"), "UserMailbox");
        assert_eq!(lab.one("northwind", &lara).text("RecipientTypeDetails"), "UserMailbox");
    });
}

#[test]
fn f96_completion_waits_for_the_servers_and_trouble_of_the_end_never_comes_before_it() {
    lab(|lab| {
        order(lab, "F-96", Some(1));
        let lara = lab.prepare("LaraN");
        lab.submit("wave-01", &[&lara], json!({"AutoComplete": true}));
        lab.hours(12);

        assert_eq!(lab.status(&lara), "Completed");
        assert!(
            report(lab, &lara).contains("Data Guarantee is lagging behind"),
            "{}",
            report(lab, &lara)
        );
    });
}

#[test]
fn f97_a_second_signal_to_complete_counts_after_eight_hours_only() {
    lab(|lab| {
        let lara = lab.prepare("LaraN");
        lab.submit("wave-01", &[&lara], json!({}));
        lab.hours(6);
        let complete = || {
            lab.run("Complete-MigrationBatch", json!({"Identity": "wave-01"}))
                .expect("a signal")
        };
        let signalled = || lab.batch("wave-01")["CompleteAfter"].clone();
        complete();
        let first = signalled();

        lab.hours(7);
        complete();
        assert_eq!(signalled(), first);

        lab.hours(1);
        complete();
        assert_ne!(signalled(), first);
    });
}

#[test]
fn f102_without_its_licence_what_forwards_from_the_source_goes() {
    lab(|lab| {
        let lara = lab.prepare("LaraN");
        lab.submit("wave-01", &[&lara], json!({"AutoComplete": true}));
        lab.hours(12);
        assert_eq!(lab.status(&lara), "Completed");
        let forwarder = lab.one("contoso", "LaraN");
        assert_eq!(forwarder.text("RecipientTypeDetails"), "MailUser");
        assert!(forwarder.text("ExternalEmailAddress").ends_with(DELIVERY));
        let id = forwarder.text("ExternalDirectoryObjectId");
        let mut user = crate::sandbox::directory::user(lab.tx, "contoso", id).expect("an account");
        user.set("assignedLicenses", json!([]));
        crate::sandbox::directory::store_user(lab.tx, &user).expect("a stored account");

        crate::sandbox::exchange::licence_changed(lab.tx, "contoso", id).expect("a change");

        assert!(lab.tx.get(&forwarder.id).unwrap().unwrap().flag("_SoftDeleted"));
    });
}

#[test]
fn whatever_can_be_ordered_is_a_numbered_refusal() {
    for number in mishaps() {
        assert!(RULES.iter().any(|rule| rule.id == number), "{number}");
    }
}
