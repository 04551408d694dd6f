//! Each rule fails a user for its own cause, and lets it through once the cause is gone.

use jiff::SignedDuration;
use serde_json::json;

use super::lab::APP;
use super::lab::DELIVERY;
use super::lab::Lab;
use super::lab::lab;
use crate::sandbox::Object;
use crate::sandbox::directory;
use crate::sandbox::exchange::recipient;
use crate::sandbox::exchange::relationship;
use crate::sandbox::ids;
use crate::sandbox::migration::request;

/// Spoils one thing, moves Lara, and expects this type and this part of the text; then mends it and expects her to be synced.
fn fails(exception: &str, text: &str, spoil: impl FnOnce(&Lab<'_>, &str), mend: impl FnOnce(&Lab<'_>, &str)) {
    lab(|lab| {
        let lara = lab.prepare("LaraN");
        spoil(lab, &lara);
        lab.submit("wave-01", &[&lara], json!({}));
        lab.hours(5);
        expect(lab, &lara, "Failed", exception, text);
        assert_eq!(lab.batch("wave-01")["Status"], "SyncedWithErrors");
        assert_eq!(lab.batch("wave-01")["FailedCount"], 1);

        mend(lab, &lara);
        lab.run("Start-MigrationBatch", json!({"Identity": "wave-01"}))
            .expect("a new start");
        lab.hours(5);
        let user = lab.user(&lara);
        assert_eq!(user["Status"], "Synced", "{}", user["Error"]);
        assert_eq!(user["ErrorSummary"], "");
    });
}

fn expect(lab: &Lab<'_>, address: &str, status: &str, exception: &str, text: &str) {
    let user = lab.user(address);
    assert_eq!(
        (&user["Status"], &user["ErrorType"]),
        (&json!(status), &json!(exception)),
        "{}",
        user["Error"]
    );
    let summary = user["ErrorSummary"].as_str().unwrap_or_default();
    assert!(summary.starts_with(exception) && summary.contains(text), "{summary}");
}

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
        |lab, _| lab.edit_kind("northwind", "endpoint", "_Secret", super::lab::SECRET),
    );
}

#[test]
fn f22_an_endpoint_of_the_old_kind_finds_no_certificate() {
    fails(
        "KeyVaultFailureErrorException",
        "Error finding certificate '' from azure key vault for tenant '0d0d0d0d-2222-4222-8222-c0ffee000002'.",
        |lab, _| lab.edit_kind("northwind", "endpoint", "_Secret", ""),
        |lab, _| lab.edit_kind("northwind", "endpoint", "_Secret", super::lab::SECRET),
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
fn f50_nobody_waits_in_the_target() {
    fails(
        "MigrationRecipientNotFoundException",
        "A recipient wasn't found for \"Lara.Newton@northwind.com\" on the target.",
        |lab, lara| {
            let target = lab.one("northwind", lara);
            lab.tx.delete(&target.id).unwrap();
        },
        |lab, _| {
            lab.prepare("LaraN");
        },
    );
}

#[test]
fn f51_the_mailbox_is_not_in_scope() {
    let without = |lab: &Lab<'_>| {
        let id = lab.one("contoso", "LaraN").text("ExternalDirectoryObjectId").to_owned();
        let members = lab.one("contoso", "kermit-scope").list("_Members");
        members.into_iter().filter(|member| *member != id).collect::<Vec<_>>()
    };
    fails(
        "MailboxNotInCrossTenantMigrationScopeException",
        "1ec059c7-8396-4d0b-af4e-d6bd4c12a8d8",
        |lab, _| lab.edit("contoso", "kermit-scope", "_Members", without(lab)),
        // A group in the group will do.
        |lab, _| {
            let id = lab.one("contoso", "LaraN").text("ExternalDirectoryObjectId").to_owned();
            lab.edit("contoso", "kermit-resources", "_Members", json!([id]));
        },
    );
}

#[test]
fn f52_the_exchange_guid_is_missing() {
    fails(
        "MissingExchangeGuidException",
        "ExchangeGuid",
        |lab, lara| lab.edit("northwind", lara, "ExchangeGuid", ""),
        |lab, lara| lab.edit("northwind", lara, "ExchangeGuid", "1ec059c7-8396-4d0b-af4e-d6bd4c12a8d8"),
    );
}

#[test]
fn f53_the_exchange_guid_is_another() {
    fails(
        "MigrationPermanentException",
        "Cannot find a recipient that has mailbox GUID '99999999-9999-4999-8999-999999999999'.",
        |lab, lara| lab.edit("northwind", lara, "ExchangeGuid", "99999999-9999-4999-8999-999999999999"),
        |lab, lara| lab.edit("northwind", lara, "ExchangeGuid", "1ec059c7-8396-4d0b-af4e-d6bd4c12a8d8"),
    );
}

#[test]
fn f54_the_target_was_turned_into_a_mailbox() {
    fails(
        "MigrationPermanentException",
        "Target user 'Lara.Newton@northwind.com' already has a primary mailbox.",
        |lab, lara| lab.edit("northwind", lara, "RecipientTypeDetails", "UserMailbox"),
        |lab, lara| lab.edit("northwind", lara, "RecipientTypeDetails", "MailUser"),
    );
}

#[test]
fn f54_the_target_had_another_mailbox_before() {
    fails(
        "MigrationPermanentException",
        "already has a primary mailbox",
        |lab, lara| lab.edit("northwind", lara, "PreviousRecipientTypeDetails", "UserMailbox"),
        |lab, lara| lab.edit("northwind", lara, "PreviousRecipientTypeDetails", "None"),
    );
}

#[test]
fn f55_an_address_is_in_a_foreign_domain() {
    lab(|lab| {
        let fiona = "Fiona.Forbes@northwind.com".to_owned();
        lab.submit("wave-01", &[&fiona], json!({}));
        lab.hours(5);
        expect(
            lab,
            &fiona,
            "Failed",
            "NotAcceptedDomainException",
            "not an accepted domain for your organization",
        );
        let proxies = lab.one("northwind", &fiona).list("EmailAddresses");
        let own = proxies
            .into_iter()
            .filter(|proxy| !proxy.ends_with("@contoso.com"))
            .collect::<Vec<_>>();
        lab.edit("northwind", &fiona, "EmailAddresses", own);
        lab.run("Start-MigrationUser", json!({"Identity": fiona})).unwrap();
        lab.hours(6);
        assert_eq!(lab.status(&fiona), "Synced");
    });
}

#[test]
fn f56_no_address_is_in_the_delivery_domain() {
    let proxies = |lab: &Lab<'_>, lara: &str| lab.one("northwind", lara).list("EmailAddresses");
    fails(
        "MigrationPermanentException",
        "The target mailbox doesn't have an SMTP proxy matching 'northwindtraders.onmicrosoft.com'.",
        |lab, lara| {
            let left = proxies(lab, lara)
                .into_iter()
                .filter(|proxy| !proxy.ends_with(DELIVERY))
                .collect::<Vec<_>>();
            lab.edit("northwind", lara, "EmailAddresses", left);
        },
        |lab, lara| {
            let mut all = proxies(lab, lara);
            all.push(format!("smtp:lara@{DELIVERY}"));
            lab.edit("northwind", lara, "EmailAddresses", all);
        },
    );
}

#[test]
fn f57_neither_side_has_the_licence_and_either_will_do() {
    let licences = |lab: &Lab<'_>, tenant: &str, name: &str, products: &[&str]| {
        let id = lab.one(tenant, name).text("ExternalDirectoryObjectId").to_owned();
        let mut user = directory::user(lab.tx, tenant, &id).unwrap();
        let products = products
            .iter()
            .map(|sku| json!({"skuId": sku, "disabledPlans": []}))
            .collect::<Vec<_>>();
        user.set("assignedLicenses", products);
        directory::store_user(lab.tx, &user).unwrap();
    };
    fails(
        "CrossTenantMigrationWithoutLicensePermanentException",
        "A Cross-tenant User Data Migration license is required to move a mailbox between tenants.",
        |lab, _| licences(lab, "contoso", "LaraN", &[]),
        |lab, lara| licences(lab, "northwind", lara, &[ids::MIGRATION_SKU_ID]),
    );
}

#[test]
fn f57_a_shared_mailbox_needs_no_licence() {
    lab(|lab| {
        let shared = recipient::all(lab.tx, "contoso").unwrap().into_iter();
        let shared = shared
            .filter(|each| each.text("RecipientTypeDetails") == "SharedMailbox" && !each.text("CustomAttribute1").is_empty())
            .map(|each| each.text("Alias").to_owned())
            .next()
            .expect("a shared mailbox");
        let address = lab.prepare(&shared);
        lab.submit("wave-01", &[&address], json!({"AutoComplete": true}));
        lab.hours(6);
        assert_eq!(lab.status(&address), "Completed", "{}", lab.user(&address)["Error"]);
        assert_eq!(lab.one("northwind", &address).text("RecipientTypeDetails"), "SharedMailbox");
    });
}

#[test]
fn f60_a_soft_deleted_twin_makes_the_name_ambiguous() {
    lab(|lab| {
        let sven = lab.prepare("SvenS");
        lab.submit("wave-01", &[&sven], json!({}));
        lab.hours(5);
        expect(
            lab,
            &sven,
            "Failed",
            "ManagementObjectAmbiguousException",
            "'Sven Sorg' matches multiple entries",
        );
        let found = recipient::resolve_with_deleted(lab.tx, "northwind", &sven).unwrap();
        let twin = found.into_iter().find(recipient::is_soft_deleted).unwrap();
        lab.tx.delete(&twin.id).unwrap();
        lab.run("Start-MigrationBatch", json!({"Identity": "wave-01"})).unwrap();
        lab.hours(6);
        assert_eq!(lab.status(&sven), "Synced");
    });
}

#[test]
fn f63_any_hold_blocks() {
    for (property, value, text) in [
        (
            "LitigationHoldEnabled",
            json!(true),
            "SOURCE mailbox is under Litigation Hold and this is not a supported scenario",
        ),
        ("DelayHoldApplied", json!(true), "a Delay Hold Applied"),
        ("DelayReleaseHoldApplied", json!(true), "a Delay Release Hold"),
        ("ComplianceTagHoldApplied", json!(true), "has labeled items with a Retention Label"),
        ("InPlaceHolds", json!(["UniHd9b0f1c2"]), "under an In-PlaceHold Hold"),
        ("InPlaceHolds", json!(["0123456789abcdef0123456789abcdef"]), "a legacy In-PlaceHold"),
    ] {
        fails(
            "MigrationPermanentException",
            text,
            |lab, _| lab.edit("contoso", "LaraN", property, value),
            // Being excluded from an organization-wide policy is no hold.
            |lab, _| lab.edit("contoso", "LaraN", property, json!(["-mbx0123456789abcdef0123456789abcdef"])),
        );
    }
}

#[test]
fn f62_a_disabled_archive_is_in_the_way() {
    fails(
        "UserAlreadyHasDemotedArchiveException",
        "Lara Newton",
        |lab, _| lab.edit("contoso", "LaraN", "DisabledArchiveGuid", "88888888-8888-4888-8888-888888888888"),
        |lab, _| lab.edit("contoso", "LaraN", "DisabledArchiveGuid", ""),
    );
}

#[test]
fn f64_f65_f66_f68_f69_f72_the_shape_of_the_mailbox_decides() {
    fn name<'a>(tenant: &str, target: &'a str) -> &'a str {
        if tenant == "contoso" { "LaraN" } else { target }
    }
    let many = (0..13).map(|number| format!("aux {number}")).collect::<Vec<_>>();
    for (tenant, property, bad, good, text) in [
        (
            "contoso",
            "_DeletedSize",
            json!(40_u64 << 30),
            json!(0),
            "Dumpster size on SOURCE mailbox is bigger",
        ),
        ("contoso", "_AuxArchives", json!(many), json!([]), "more than 12 auxArchive present"),
        (
            "contoso",
            "_SubstrateHolds",
            json!(3),
            json!(0),
            "items within the SubstrateHolds folder",
        ),
        (
            "contoso",
            "LegacyExchangeDN",
            json!("/o=x/cn=other"),
            json!(null),
            "LegacyExchangeDN not found as an X500 ProxyAddress",
        ),
        (
            "contoso",
            "ArchiveGuid",
            json!("77777777-7777-4777-8777-777777777777"),
            json!(""),
            "ArchiveGuid mismatch.",
        ),
        (
            "northwind",
            "ArchiveGuid",
            json!("77777777-7777-4777-8777-777777777777"),
            json!(""),
            "has an archive present while source doesn't",
        ),
        ("contoso", "_Size", json!(101_u64 << 30), json!(1 << 30), "has exceeded its quota"),
    ] {
        fails(
            "MigrationPermanentException",
            text,
            |lab, lara| lab.edit(tenant, name(tenant, lara), property, bad),
            |lab, lara| match property {
                "LegacyExchangeDN" => lab.edit(
                    "northwind",
                    lara,
                    "EmailAddresses",
                    json!([format!("SMTP:{lara}"), format!("smtp:l@{DELIVERY}"), "x500:/o=x/cn=other"]),
                ),
                _ => lab.edit(tenant, name(tenant, lara), property, good),
            },
        );
    }
}

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
        let mut members = lab.one("contoso", "kermit-scope").list("_Members");
        members.push(lab.one("contoso", "OttoO").text("ExternalDirectoryObjectId").to_owned());
        lab.edit("contoso", "kermit-scope", "_Members", members);
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
        directory::add_secret(&mut application, None, super::lab::SECRET, lab.tx.now(), soon);
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
