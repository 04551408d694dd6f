//! What is wrong with the mailbox in the source.

use crate::failures::LARA;
use crate::failures::Project;

#[test]
fn f51_the_mailbox_is_not_in_the_scope_group() {
    let project = Project::prepared();
    let otto = "Otto.Outram@northwind.com";

    project
        .moves(otto)
        .fails("F-51", "source", &["MailboxNotInCrossTenantMigrationScopeException"])
        .is_mended_by("have the source administrator add the mailbox to the scope group", "resume");

    project
        .sets_up_source(&["--scope-members", "DisplayName -eq 'Otto Outram'"])
        .succeeds();
    project.restarts(otto).is("Synced");
}

#[test]
fn f57_nobody_has_the_migration_licence() {
    let project = Project::prepared();
    let nadia = "Nadia.Nowak@northwind.com";

    project.is_warned_of(nadia, "F-57");
    project
        .moves(nadia)
        .fails(
            "F-57",
            "either",
            &[
                "CrossTenantMigrationWithoutLicensePermanentException: No license was found for the source recipient, '",
                "A Cross-tenant User Data Migration license is required to move a mailbox between tenants.",
            ],
        )
        .is_mended_by("assign the licence to the source or the target user", "resume");

    project
        .northwind
        .does(&format!(
            r#"tenant.ensure_licence("{nadia}", "Cross_tenant_user_data_migration", #{{ usageLocation: "DE" }});"#
        ))
        .succeeds();
    project.restarts(nadia).is("Synced");
}

#[test]
fn f59_the_mailbox_is_being_moved_already() {
    let project = Project::prepared();
    let milo = "Milo.Moore@northwind.com";

    project
        .moves(milo)
        .fails("F-59", "source", &["SourceMailboxAlreadyBeingMovedPermanentException"])
        .is_mended_by("then remove the migration user", "new batch");

    // Another start does not help, as the list says.
    project.restarts(milo).fails("F-59", "source", &[]);
}

#[test]
fn f62_an_archive_was_disabled_once() {
    let project = Project::prepared();
    let demi = "Demi.Darrow@northwind.com";

    project
        .moves(demi)
        .fails("F-62", "source", &["UserAlreadyHasDemotedArchiveException"])
        .is_mended_by("`Set-Mailbox -RemoveDisabledArchive`, irreversible", "resume");

    project
        .contoso
        .does(r#"tenant.set_mailbox("DemiD", #{ RemoveDisabledArchive: true });"#)
        .succeeds();
    project.restarts(demi).is("Synced");
}

#[test]
fn f63_a_litigation_hold() {
    holds(
        "Holly.Hartmann",
        "SOURCE mailbox is under Litigation Hold and this is not a supported scenario",
        |project| {
            project
                .contoso
                .does(r#"tenant.set_mailbox("HollyH", #{ LitigationHoldEnabled: false });"#)
                .succeeds();
            // The end of a hold leaves a delay hold behind, which counts as much.
            project
                .restarts("Holly.Hartmann@northwind.com")
                .fails("F-63", "source", &["a Delay Hold Applied"]);
            project
                .contoso
                .does(r#"tenant.set_mailbox("HollyH", #{ RemoveDelayHoldApplied: true });"#)
                .succeeds();
        },
    );
}

#[test]
fn f63_a_delay_hold() {
    holds("Dana.Delaney", "a Delay Hold Applied", |project| {
        project
            .contoso
            .does(r#"tenant.set_mailbox("DanaD", #{ RemoveDelayHoldApplied: true });"#)
            .succeeds();
    });
}

#[test]
fn f63_a_delay_release_hold() {
    holds("Rita.Reyes", "a Delay Release Hold", |project| {
        project
            .contoso
            .does(r#"tenant.set_mailbox("RitaR", #{ RemoveDelayReleaseHoldApplied: true });"#)
            .succeeds();
    });
}

#[test]
fn f63_a_hold_of_a_policy() {
    holds("Ines.Inman", "under an In-PlaceHold Hold", |project| {
        project
            .contoso
            .does(r#"tenant.set_mailbox("InesI", #{ ExcludeFromAllOrgHolds: true });"#)
            .succeeds();
    });
}

#[test]
fn f63_items_with_a_retention_label() {
    let project = Project::prepared();

    project.is_warned_of("Tamar.Tagore@northwind.com", "F-63");
    project
        .moves("Tamar.Tagore@northwind.com")
        .fails("F-63", "source", &["has labeled items with a Retention Label"])
        .is_mended_by("release the hold", "resume");
}

#[track_caller]
fn holds(name: &str, text: &str, release: fn(&Project)) {
    let project = Project::prepared();
    let user = format!("{name}@northwind.com");

    project.is_warned_of(&user, "F-63");
    project
        .moves(&user)
        .fails("F-63", "source", &[text])
        .is_mended_by("have the source administrator release the hold", "resume");

    release(&project);
    project.restarts(&user).is("Synced");
}

#[test]
fn f64_more_was_deleted_than_the_target_takes() {
    Project::prepared()
        .moves("Rolf.Rieger@northwind.com")
        .fails(
            "F-64",
            "either",
            &["Dumpster size on SOURCE mailbox is bigger than TARGET MailUser RecoverableItemsQuota. This might cause the migration to fail"],
        )
        .is_mended_by("purge recoverable items in the source or raise the quota", "resume");
}

#[test]
fn f65_there_are_more_auxiliary_archives_than_a_move_takes() {
    let project = Project::prepared();

    project.is_warned_of("Axel.Auer@northwind.com", "F-65");
    project
        .moves("Axel.Auer@northwind.com")
        .fails(
            "F-65",
            "source",
            &["The SOURCE mailbox has more than 12 auxArchive present and we can't migrate that much."],
        )
        .is_mended_by("reduce the archive in the source", "new batch");
}

#[test]
fn f66_another_product_left_items_in_the_archive() {
    Project::prepared()
        .moves("Suki.Sutter@northwind.com")
        .fails(
            "F-66",
            "source",
            &["SOURCE Archive mailbox has items within the SubstrateHolds folder and this will cause the migration to fail."],
        )
        .is_mended_by("MFCMAPI", "resume");
}

#[test]
fn f72_the_mailbox_is_over_its_quota() {
    Project::prepared()
        .moves("Quentin.Quist@northwind.com")
        .fails("F-72", "source", &["exceeded its quota"])
        .is_mended_by("shrink the mailbox", "new batch");
}

#[test]
fn somebody_without_trouble_is_synced() {
    Project::prepared().moves(LARA).is("Synced");
}
