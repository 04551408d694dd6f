//! What was fine at the start and is not any more: at a daily copy, or at completion.

use crate::failures::APPLICATION;
use crate::failures::LARA;
use crate::failures::Project;

#[test]
fn f87_the_secret_is_gone_when_the_daily_copy_wants_it() {
    let project = Project::prepared();
    project.moves(LARA).is("Synced");
    project
        .northwind
        .does(&format!(
            "let app = {APPLICATION};\nfor secret in app.passwordCredentials {{ tenant.remove_application_password(app, #{{ keyId: secret.keyId }}); }}"
        ))
        .succeeds();
    project.waits("25h");

    let outcome = project.moves(LARA);

    outcome.is("IncrementalFailed");
    outcome
        .fails("F-87", "target", &["AADSTS7000215"])
        .is_mended_by("`setup-target --new-secret`", "resume");
    project.sets_up_target(&["--new-secret"]).succeeds();
    project.restarts(LARA).is("Synced");
}

#[test]
fn f88_a_hold_came_after_the_first_copy() {
    let project = Project::prepared();
    project.moves(LARA).is("Synced");
    let hold = |on: bool| format!(r#"tenant.set_mailbox("LaraN", #{{ LitigationHoldEnabled: {on} }});"#);
    project.contoso.does(&hold(true)).succeeds();

    let outcome = project.completes(LARA);

    outcome.is("CompletionFailed");
    outcome
        .fails("F-63", "source", &["SOURCE mailbox is under Litigation Hold"])
        .is_mended_by("release the hold", "resume");
    project.contoso.does(&hold(false)).succeeds();
    project
        .contoso
        .does(r#"tenant.set_mailbox("LaraN", #{ RemoveDelayHoldApplied: true });"#)
        .succeeds();
    project.restarts(LARA);
    project.completes(LARA).is("Completed");
}

#[test]
fn f90_skipped_items_wait_for_an_approval() {
    let project = Project::prepared();
    let bela = "Bela.Badr@northwind.com";
    project.moves(bela).is("Synced").fails("F-90", "target", &[]);

    let outcome = project.completes(bela);

    outcome.is("CompletionFailed");
    outcome
        .fails(
            "F-90",
            "target",
            &["The data consistency score (Investigate) for this request is too low"],
        )
        .is_mended_by("`Set-MigrationUser -ApproveSkippedItems`", "resume");
    project
        .northwind
        .does(&format!(
            r#"tenant.set_migration_user("{bela}", #{{ ApproveSkippedItems: true }});"#
        ))
        .succeeds();
    project.restarts(bela).is("Completed");
}

#[test]
fn f91_no_approval_helps_where_too_much_is_lost() {
    let project = Project::prepared();
    let pia = "Pia.Porter@northwind.com";
    project.moves(pia).is("Synced");

    let outcome = project.completes(pia);

    outcome.is("CompletionFailed");
    outcome
        .fails("F-91", "target", &["The data consistency score (Poor) for this request is too low"])
        .is_mended_by("open a support case", "fix");
    project
        .northwind
        .does(&format!(r#"tenant.set_migration_user("{pia}", #{{ ApproveSkippedItems: true }});"#))
        .succeeds();
    project.restarts(pia).is("CompletionFailed");
}

#[test]
fn f92_the_delivery_address_is_gone_at_completion() {
    let project = Project::prepared();
    project.moves(LARA).is("Synced");
    let address = |verb: &str| {
        format!(r#"tenant.set_mailuser("{LARA}", #{{ EmailAddresses: #{{ {verb}: ["smtp:LaraN@northwindtraders.onmicrosoft.com"] }} }});"#)
    };
    project.northwind.does(&address("Remove")).succeeds();

    let outcome = project.completes(LARA);

    outcome.is("CompletionFailed");
    outcome
        .fails(
            "F-92",
            "target",
            &["TargetDeliveryDomainMismatchPermanentException: Error: The target mailbox doesn't have an SMTP proxy matching 'northwindtraders.onmicrosoft.com'."],
        )
        .is_mended_by("add an SMTP address in that domain", "resume");
    project.northwind.does(&address("Add")).succeeds();
    project.restarts(LARA).is("Completed");
}

#[test]
fn f98_the_migration_licence_is_gone_at_completion() {
    let project = Project::prepared();
    project.moves(LARA).is("Synced");
    let licence = "946ce899-873d-44bb-9d8b-671870cbfdbf";
    let change = |added: &str, removed: &str| {
        format!(
            r#"tenant.set_licences(tenant.get_entra_user("Lara.Newton@contoso.com"), #{{ addLicenses: [{added}], removeLicenses: [{removed}] }});"#
        )
    };
    project.contoso.does(&change("", &format!("\"{licence}\""))).succeeds();

    let outcome = project.completes(LARA);

    outcome.is("CompletionFailed");
    outcome
        .fails(
            "F-98",
            "either",
            &["CrossTenantMigrationWithoutLicensePermanentException: No license was found"],
        )
        .is_mended_by("assign the Cross-tenant User Data Migration licence", "resume");
    project
        .contoso
        .does(&change(&format!("#{{ skuId: \"{licence}\" }}"), ""))
        .succeeds();
    project.restarts(LARA).is("Completed");
}
