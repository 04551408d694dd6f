//! Each rule about a user's two objects fails it for its own cause, and lets it through once the cause is gone.

use serde_json::json;

use super::lab::DELIVERY;
use super::lab::Lab;
use super::lab::lab;
use super::outcome::expect;
use super::outcome::fails;
use crate::sandbox::directory;
use crate::sandbox::exchange::recipient;
use crate::sandbox::ids;

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
        lab.cmdlet(
            "northwind",
            "Remove-MailUser",
            json!({"Identity": twin.text("Guid"), "PermanentlyDelete": true}),
        );
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
fn in_2021_a_held_mailbox_moved() {
    lab(|lab| {
        lab.tx.set_meta("era", "2021").unwrap();
        lab.edit("contoso", "LaraN", "LitigationHoldEnabled", json!(true));
        let target = lab.prepare("LaraN");

        lab.submit("wave-01", &[&target], json!({}));
        lab.hours(6);

        assert_eq!(lab.status(&target), "Synced");
    });
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
