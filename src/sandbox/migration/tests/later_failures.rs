//! What went before, what happens on the way, and what is only found at the end.

use jiff::SignedDuration;
use serde_json::json;

use super::lab::APP;
use super::lab::DELIVERY;
use super::lab::SECRET;
use super::lab::lab;
use super::outcome::expect;
use super::outcome::fails;
use crate::sandbox::Object;
use crate::sandbox::directory;
use crate::sandbox::migration::request;

#[test]
fn f37_a_user_is_in_one_batch_at_a_time() {
    lab(|lab| {
        let lara = lab.prepare("LaraN");
        lab.submit("wave-01", &[&lara], json!({}));
        lab.hours(1);
        lab.submit("wave-02", &[&lara], json!({}));
        lab.hours(1);
        let both = lab
            .run("Get-MigrationUser", json!({"Identity": lara, "IncludeAssociatedUsers": true}))
            .unwrap()
            .value;
        assert_eq!(both.len(), 2);
        assert_eq!(both[1]["BatchId"], "wave-02");
        let summary = both[1]["ErrorSummary"].as_str().unwrap();
        assert!(
            summary.starts_with("UserDuplicateInOtherBatchException: ") && summary.contains("'wave-01'"),
            "{summary}"
        );

        lab.run("Remove-MigrationUser", json!({"Identity": lara})).unwrap();
        lab.hours(1);
        lab.run("Start-MigrationBatch", json!({"Identity": "wave-02"})).unwrap();
        lab.hours(5);
        assert_eq!(lab.user(&lara)["BatchId"], "wave-02");
        assert_eq!(lab.status(&lara), "Synced");
    });
}

#[test]
fn f59_a_mailbox_that_moves_already_needs_a_new_batch() {
    lab(|lab| {
        let lara = lab.prepare("LaraN");
        lab.edit("contoso", "LaraN", "_Moving", true);
        lab.submit("wave-01", &[&lara], json!({}));
        lab.hours(1);
        expect(
            lab,
            &lara,
            "Failed",
            "SourceMailboxAlreadyBeingMovedPermanentException",
            "already being moved",
        );

        lab.edit("contoso", "LaraN", "_Moving", false);
        lab.run("Start-MigrationBatch", json!({"Identity": "wave-01"})).unwrap();
        lab.hours(5);
        assert_eq!(lab.status(&lara), "Failed");

        lab.run("Remove-MigrationUser", json!({"Identity": lara})).unwrap();
        lab.hours(1);
        lab.submit("wave-02", &[&lara], json!({}));
        lab.hours(5);
        assert_eq!(lab.status(&lara), "Synced");
    });
}

#[test]
fn f59b_a_stale_move_request_is_in_the_way() {
    lab(|lab| {
        let lara = lab.prepare("LaraN");
        let target = lab.one("northwind", &lara);
        let stranger = Object::new("northwind", "migration-user", serde_json::Map::new());
        request::create(lab.tx, &stranger, &target, "wave-00", "outlook.office.com").unwrap();
        lab.submit("wave-01", &[&lara], json!({}));
        lab.hours(1);
        expect(
            lab,
            &lara,
            "Failed",
            "UserAlreadyBeingMigratedException",
            "already has a pending request",
        );

        lab.run("Remove-MoveRequest", json!({"Identity": lara})).unwrap();
        lab.run("Start-MigrationBatch", json!({"Identity": "wave-01"})).unwrap();
        lab.hours(5);
        assert_eq!(lab.status(&lara), "Synced");
    });
}

#[test]
fn f59c_a_leftover_of_a_move_into_the_source_is_in_the_way() {
    fails(
        "MigrationPermanentException",
        "The onboarding move could not be created because user 'Lara Newton' is already being moved.",
        |lab, _| {
            let stranger = Object::new("contoso", "migration-user", serde_json::Map::new());
            request::create(lab.tx, &stranger, &lab.one("contoso", "LaraN"), "old", "outlook.office.com").unwrap();
            lab.edit_kind("contoso", request::KIND, "Status", "Completed");
        },
        |lab, _| {
            let leftover = lab.tx.list("contoso", request::KIND).unwrap().remove(0);
            request::remove(lab.tx, &leftover).unwrap();
        },
    );
}

#[test]
fn f61_aux_archives_have_to_be_in_scope_from_the_start() {
    lab(|lab| {
        let otto = lab.prepare("OttoO");
        lab.edit("contoso", "OttoO", "_AuxArchives", json!(["one"]));
        lab.submit("wave-01", &[&otto], json!({}));
        lab.hours(1);
        expect(lab, &otto, "Failed", "MailboxNotInCrossTenantMigrationScopeException", "scope");
        lab.cmdlet(
            "contoso",
            "Add-DistributionGroupMember",
            json!({"Identity": "kermit-scope", "Member": "OttoO"}),
        );
        lab.run("Start-MigrationBatch", json!({"Identity": "wave-01"})).unwrap();
        lab.hours(1);
        expect(lab, &otto, "Failed", "AuxArchiveNotFoundInTargetRecipientException", "auxiliary");
    });
}

#[test]
fn f71_an_aux_archive_that_appears_on_the_way_stops_the_move() {
    lab(|lab| {
        let lara = lab.prepare("LaraN");
        lab.submit("wave-01", &[&lara], json!({}));
        lab.hours(1);
        lab.edit("contoso", "LaraN", "_AuxArchives", json!(["one"]));
        lab.hours(4);
        let exception = "SourceAuxArchiveIsProvisionedDuringCrossTenantMovePermanentException";
        expect(lab, &lara, "Failed", exception, "during the cross-tenant move");
    });
}

#[test]
fn f87_a_secret_that_expires_fails_the_daily_copy_and_a_new_one_heals_it() {
    lab(|lab| {
        let lara = lab.prepare("LaraN");
        lab.submit("wave-01", &[&lara], json!({}));
        lab.hours(6);
        let mut application = directory::application(lab.tx, APP).unwrap();
        application.set("passwordCredentials", json!([]));
        let soon = lab.tx.now() + SignedDuration::from_hours(1);
        directory::add_secret(&mut application, None, SECRET, lab.tx.now(), soon);
        directory::store_application(lab.tx, &application).unwrap();
        lab.hours(24);
        expect(
            lab,
            &lara,
            "IncrementalFailed",
            "MigrationServerConnectionFailedException",
            "AADSTS7000222",
        );

        let later = lab.tx.now() + SignedDuration::from_hours(1000);
        directory::add_secret(&mut application, None, "another", lab.tx.now(), later);
        directory::store_application(lab.tx, &application).unwrap();
        lab.edit_kind("northwind", "endpoint", "_Secret", "another");
        lab.run("Start-MigrationUser", json!({"Identity": lara})).unwrap();
        lab.hours(1);
        assert_eq!(lab.status(&lara), "Synced");
    });
}

#[test]
fn f92_a_delivery_address_that_went_away_fails_the_completion() {
    lab(|lab| {
        let lara = lab.prepare("LaraN");
        lab.submit("wave-01", &[&lara], json!({}));
        lab.hours(6);
        let whole = lab.one("northwind", &lara).list("EmailAddresses");
        let left = whole.iter().filter(|proxy| !proxy.ends_with(DELIVERY)).cloned().collect::<Vec<_>>();
        lab.edit("northwind", &lara, "EmailAddresses", left);
        lab.run("Complete-MigrationBatch", json!({"Identity": "wave-01"})).unwrap();
        lab.hours(1);
        let text = "Error: The target mailbox doesn't have an SMTP proxy matching";
        expect(
            lab,
            &lara,
            "CompletionFailed",
            "TargetDeliveryDomainMismatchPermanentException",
            text,
        );
        assert_eq!(lab.one("contoso", "LaraN").text("RecipientTypeDetails"), "UserMailbox");

        lab.edit("northwind", &lara, "EmailAddresses", whole);
        lab.run("Start-MigrationBatch", json!({"Identity": "wave-01"})).unwrap();
        lab.hours(1);
        assert_eq!(lab.batch("wave-01")["Status"], "Completed");
    });
}

#[test]
fn one_failed_user_does_not_hold_up_the_others() {
    lab(|lab| {
        let addresses = ["LaraN", "HollyH", "OttoO", "NadiaN"].map(|alias| lab.prepare(alias));
        lab.submit("wave-01", &addresses, json!({"AutoComplete": true}));
        lab.hours(8);
        let batch = lab.batch("wave-01");
        assert_eq!(
            (&batch["Status"], &batch["FinalizedCount"], &batch["FailedCount"]),
            (&json!("CompletedWithErrors"), &json!(1), &json!(3))
        );
        let failed = lab
            .run("Get-MigrationUser", json!({"BatchId": "wave-01", "StatusSummary": "Failed"}))
            .unwrap()
            .value;
        assert_eq!(failed.len(), 3);
    });
}
