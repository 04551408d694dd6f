//! What is wrong with the MailUser in the target.

use crate::failures::LARA;
use crate::failures::Project;

const GUID: &str = "1ec059c7-8396-4d0b-af4e-d6bd4c12a8d8";
const OTHER_GUID: &str = "99999999-9999-4999-8999-999999999999";
const ZERO_GUID: &str = "00000000-0000-0000-0000-000000000000";

/// Changes Lara's MailUser.
fn set(arguments: &str) -> String {
    format!(r#"tenant.set_mailuser("{LARA}", #{{ {arguments} }});"#)
}

/// Gives Lara, in the target, a licence of that product.
fn license(part_number: &str) -> String {
    format!(r#"tenant.ensure_licence("{LARA}", "{part_number}", #{{ usageLocation: "DE" }});"#)
}

#[test]
fn f50_there_is_no_mail_user() {
    let project = Project::prepared();
    project.northwind.does(&format!(r#"tenant.remove_mailuser("{LARA}");"#)).succeeds();

    project.is_warned_of(LARA, "F-50");
    project
        .moves(LARA)
        .fails(
            "F-50",
            "target",
            &["MigrationRecipientNotFoundException: A recipient wasn't found for \"Lara.Newton@northwind.com\" on the target. Create a recipient of the appropriate type for this migration on the target and try again."],
        )
        .is_mended_by("create the MailUser with `import-attributes`", "resume");

    // What was removed lies about as a twin of the new one, until it is purged.
    project
        .northwind
        .does(r#"for twin in tenant.find_soft_deleted_mailusers() { tenant.remove_mailuser(twin, #{ PermanentlyDelete: true }); }"#)
        .succeeds();
    project.imports().succeeds();
    project.restarts(LARA).is("Synced");
}

#[test]
fn f52_the_mail_user_was_never_stamped() {
    let project = Project::prepared();
    project.northwind.does(&set(&format!(r#"ExchangeGuid: "{ZERO_GUID}""#))).succeeds();

    project.is_warned_of(LARA, "F-52");
    project
        .moves(LARA)
        .fails("F-52", "target", &["MissingExchangeGuidException"])
        .is_mended_by("run `import-attributes` again", "resume");

    project.imports().succeeds();
    project.restarts(LARA).is("Synced");
}

#[test]
fn f53_the_mail_user_was_stamped_with_nobodys_guid() {
    let project = Project::prepared();
    project.northwind.does(&set(&format!(r#"ExchangeGuid: "{OTHER_GUID}""#))).succeeds();

    project.is_warned_of(LARA, "F-53");
    project
        .moves(LARA)
        .fails(
            "F-53",
            "target",
            &["MigrationPermanentException: Cannot find a recipient that has mailbox GUID '99999999-9999-4999-8999-999999999999'."],
        )
        .is_mended_by("set the source mailbox's ExchangeGuid", "resume");

    project.northwind.does(&set(&format!(r#"ExchangeGuid: "{GUID}""#))).succeeds();
    project.restarts(LARA).is("Synced");
}

#[test]
fn f54_a_licence_came_before_the_guid() {
    let project = Project::prepared();
    project.northwind.does(&set(&format!(r#"ExchangeGuid: "{ZERO_GUID}""#))).succeeds();
    project.northwind.does(&license("EXCHANGESTANDARD")).succeeds();

    project.is_warned_of(LARA, "F-54");
    let moved = project.moves(LARA);
    moved
        .fails(
            "F-54",
            "target",
            &["MigrationPermanentException: Target user 'Lara.Newton@northwind.com' already has a primary mailbox."],
        )
        .is_mended_by("PermanentlyClearPreviousMailboxInfo", "resume");

    // The remedy, step by step: licence away, previous mailbox cleared, stamped again.
    project
        .northwind
        .does(&format!(
            r#"let user = tenant.get_entra_user("{LARA}");
            tenant.set_licences(user, #{{ addLicenses: [], removeLicenses: user.assignedLicenses.map(|l| l.skuId) }});"#
        ))
        .succeeds();
    project.restarts(LARA).fails("F-52", "target", &[]);
    project
        .northwind
        .does(&set(&format!(r#"ExchangeGuid: "{GUID}""#)))
        .ends_with(1)
        .says("PermanentlyClearPreviousMailboxInfo");
    project
        .northwind
        .does(&format!(
            r#"tenant.clear_previous_mailbox_info("{LARA}", #{{ PermanentlyClearPreviousMailboxInfo: true }});"#
        ))
        .succeeds();
    project.imports().succeeds();
    project.restarts(LARA).is("Synced");
}

#[test]
fn f54_somebody_else_has_the_mailbox() {
    let project = Project::prepared();

    project.is_warned_of("Mara.Mailler@northwind.com", "F-54");
    project.moves("Mara.Mailler@northwind.com").fails(
        "F-54",
        "target",
        &["Target user 'Mara.Mailler@northwind.com' already has a primary mailbox."],
    );
}

#[test]
fn f55_an_address_is_in_a_domain_of_the_source() {
    let project = Project::prepared();
    let fiona = "Fiona.Forbes@northwind.com";

    project.is_warned_of(fiona, "F-55");
    project
        .moves(fiona)
        .fails(
            "F-55",
            "target",
            &["NotAcceptedDomainException: You can't use the domain because it's not an accepted domain for your organization."],
        )
        .is_mended_by("remove the address", "resume");

    // The migration licence is no Exchange plan: it takes no address away.
    project
        .northwind
        .does(&format!(
            r#"tenant.ensure_licence("{fiona}", "Cross_tenant_user_data_migration", #{{ usageLocation: "DE" }});"#
        ))
        .succeeds();
    project.restarts(fiona).fails("F-55", "target", &[]);
    project
        .northwind
        .does(&format!(
            r#"tenant.set_mailuser("{fiona}", #{{ EmailAddresses: #{{ Remove: ["smtp:Fiona.Forbes@contoso.com"] }} }});"#
        ))
        .succeeds();
    project.restarts(fiona).is("Synced");
}

#[test]
fn f55_a_foreign_address_cannot_be_given_by_hand() {
    let project = Project::prepared();

    project
        .northwind
        .does(&set(r#"EmailAddresses: #{ Add: ["smtp:Lara.Newton@contoso.com"] }"#))
        .ends_with(1)
        .says("You can't use the domain because it's not an accepted domain for your organization")
        .says("cause: F-55")
        .says("remedy: remove the address");
}

#[test]
fn f56_no_address_is_in_the_delivery_domain() {
    let project = Project::prepared();
    let address = |verb: &str| {
        set(&format!(
            r#"EmailAddresses: #{{ {verb}: ["smtp:LaraN@northwindtraders.onmicrosoft.com"] }}"#
        ))
    };
    project.northwind.does(&address("Remove")).succeeds();

    project.is_warned_of(LARA, "F-56");
    project
        .moves(LARA)
        .fails(
            "F-56",
            "target",
            &["MigrationPermanentException: The target mailbox doesn't have an SMTP proxy matching 'northwindtraders.onmicrosoft.com'."],
        )
        .is_mended_by("add an SMTP address in that domain", "resume");

    project.northwind.does(&address("Add")).succeeds();
    project.restarts(LARA).is("Synced");
}

#[test]
fn f60_a_soft_deleted_twin_answers_to_the_same_name() {
    let project = Project::prepared();
    let sven = "Sven.Sorg@northwind.com";
    project
        .contoso
        .runs(&[
            "run",
            "export-attributes",
            "--source",
            "contoso",
            "--filter",
            "Alias -eq 'SvenS'",
            "--out",
            "sven.csv",
        ])
        .succeeds();
    project.contoso.sends("sven.csv", &project.northwind);
    let import = [
        "run",
        "import-attributes",
        "--target",
        "northwind",
        "--users",
        "sven.csv",
        "--domain-map",
        "domains.csv",
    ];
    project.northwind.runs(&import).ends_with(1).says("soft-deleted").says("(F-60)");
    // Somebody makes the MailUser all the same.
    project
        .northwind
        .does(
            r#"let row = read_source_row(read_rows("sven.csv")[0]);
            let options = #{ domain_map: read_csv("domains.csv"), target_delivery_domain: tenant.domain,
                accepted_domains: tenant.find_accepted_domains().map(|d| d.DomainName).to_array() };
            let plan = plan_mailuser(row, options);
            tenant.ensure_mailuser(plan.UserPrincipalName, mailuser_arguments(plan) + #{ Password: random_password() });"#,
        )
        .succeeds();

    project
        .moves(sven)
        .fails(
            "F-60",
            "target",
            &["The operation couldn't be performed because 'Sven Sorg' matches multiple entries."],
        )
        .is_mended_by("remove the soft-deleted twin for good", "retry");

    project
        .northwind
        .does(r#"for twin in tenant.find_soft_deleted_mailusers() { tenant.remove_mailuser(twin.Guid, #{ PermanentlyDelete: true }); }"#)
        .succeeds();
    project.restarts(sven).is("Synced");
}

#[test]
fn f68_the_legacy_name_of_the_source_is_missing() {
    let project = Project::prepared();
    let legacy =
        "/o=First Organization/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn=d11ec1a2cacd4f81858c81907273f1f9-Lara";
    project
        .northwind
        .does(&set(&format!(r#"EmailAddresses: #{{ Remove: ["X500:{legacy}"] }}"#)))
        .succeeds();

    project.is_warned_of(LARA, "F-68");
    project
        .moves(LARA)
        .fails(
            "F-68",
            "target",
            &[&format!(
                "LegacyExchangeDN not found as an X500 ProxyAddress on Target Object. LegacyExchangeDN expected on target object: {legacy}"
            )],
        )
        .is_mended_by("run `import-attributes` again", "resume");

    project.imports().succeeds();
    project.restarts(LARA).is("Synced");
}

#[test]
fn f69_the_mail_user_expects_an_archive_that_is_not_there() {
    let project = Project::prepared();
    project.northwind.does(&set(&format!(r#"ArchiveGuid: "{OTHER_GUID}""#))).succeeds();

    project.is_warned_of(LARA, "F-69");
    project
        .moves(LARA)
        .fails("F-69", "target", &["has an archive present while source doesn't"])
        .is_mended_by("export again and run `import-attributes`", "resume");

    project.imports().succeeds();
    project.restarts(LARA).is("Synced");
}

#[test]
fn f100_a_mail_user_with_an_account_cannot_be_purged() {
    let project = Project::prepared();

    project
        .northwind
        .does(&format!(r#"tenant.remove_mailuser("{LARA}", #{{ PermanentlyDelete: true }});"#))
        .ends_with(1)
        .says("This mail enabled user cannot be permanently deleted since there is a user associated with this mail enabled user in Azure Active Directory")
        .says("cause: F-100")
        .says("remedy: delete the Entra user");

    project
        .northwind
        .does(&format!(
            r#"tenant.remove_entra_user("{LARA}");
            for twin in tenant.find_soft_deleted_mailusers("Alias -eq 'LaraN'") {{ tenant.remove_mailuser(twin.Guid, #{{ PermanentlyDelete: true }}); }}"#
        ))
        .succeeds();
}

#[test]
fn f101_a_mail_user_on_hold_cannot_be_removed() {
    let project = Project::prepared();
    project.northwind.does(&set("EnableLitigationHoldForMigration: true")).succeeds();
    let remove = format!(r#"tenant.remove_mailuser("{LARA}");"#);

    project
        .northwind
        .does(&remove)
        .ends_with(1)
        .says("Unable to permanently delete mail enabled user. The mail enabled user has litigation hold or In-Place hold applied on it. Please remove the hold before trying to delete")
        .says("cause: F-101")
        .says("remedy: release the hold first");

    project.northwind.does(&set("RemoveLitigationHoldEnabled: true")).succeeds();
    project.northwind.does(&remove).succeeds();
}
