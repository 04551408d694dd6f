//! What the service refuses when a batch is submitted, and what it then fails for everybody.

use crate::failures::LARA;
use crate::failures::NAME;
use crate::failures::Project;

const DELIVERY: &str = r#"TargetDeliveryDomain: "northwindtraders.onmicrosoft.com""#;

fn new_batch(rows: &str, arguments: &str) -> String {
    format!(r#"tenant.new_migration_batch(#{{ Name: "wave1", SourceEndpoint: "{NAME}", CSVData: csv_bytes([{rows}]){arguments} }});"#)
}

#[test]
fn f34_a_list_has_no_columns_of_ones_own() {
    let project = Project::prepared();

    project
        .northwind
        .does(&new_batch(
            &format!(r#"#{{ EmailAddress: "{LARA}", Department: "Legal" }}"#),
            &format!(", {DELIVERY}"),
        ))
        .ends_with(1)
        .says("Department")
        .says("cause: F-34")
        .says("remedy: take the column out");

    // The file of `import-attributes` has forty columns; `migrate` sends the address alone.
    project.moves(LARA).is("Synced");
}

#[test]
fn f35_moves_into_the_tenant_need_a_delivery_domain() {
    let project = Project::prepared();
    let rows = format!(r#"#{{ EmailAddress: "{LARA}" }}"#);

    project
        .northwind
        .does(&new_batch(&rows, ""))
        .ends_with(1)
        .says("TargetDeliveryDomain")
        .says("cause: F-35")
        .says("remedy: give `--target-delivery-domain`");

    project.northwind.does(&new_batch(&rows, &format!(", {DELIVERY}"))).succeeds();
}

#[test]
fn f37_a_user_is_in_one_batch_at_a_time() {
    let project = Project::prepared();
    project.moves(LARA).is("Synced");

    project
        .moves_in("wave2", LARA)
        .fails("F-37", "target", &["UserDuplicateInOtherBatchException", "wave1"])
        .is_mended_by("remove that migration user", "new batch");

    project.northwind.does(r#"tenant.remove_migration_batch("wave2");"#).succeeds();
    project
        .northwind
        .does(&format!(r#"tenant.remove_migration_user("{LARA}");"#))
        .succeeds();
    project.waits("1h");
    project.moves_in("wave3", LARA).is("Synced");
}

#[test]
fn f38_a_list_of_source_addresses_finds_nobody() {
    let project = Project::prepared();

    project.is_warned_of("Lara.Newton@contoso.com", "F-50");
    project
        .moves("Lara.Newton@contoso.com")
        .fails(
            "F-50",
            "target",
            &["A recipient wasn't found for \"Lara.Newton@contoso.com\" on the target. Create a recipient of the appropriate type for this migration on the target and try again."],
        )
        .is_mended_by("list target addresses", "resume");
}

#[test]
fn f42_another_relationship_with_the_partner_is_in_the_way() {
    let project = Project::prepared();
    project
        .contoso
        .does(r#"tenant.new_organization_relationship(#{ Name: "Free Busy", DomainNames: ["northwind.com"], Enabled: true, FreeBusyAccessEnabled: true });"#)
        .succeeds();

    project
        .moves(LARA)
        .fails("F-42", "either", &["does not have mailbox move enabled"])
        .is_mended_by("enable mailbox moves on the other relationship too, or disable it", "retry");
    project.contoso.sends("to-target.json", &project.northwind);
    project
        .verifies_source()
        .finds("source.relationship.alone", "F-42", "Free Busy", "disable");

    project
        .contoso
        .does(r#"tenant.set_organization_relationship("Free Busy", #{ Enabled: false });"#)
        .succeeds();
    project.restarts(LARA).is("Synced");
}

#[test]
fn f45_the_target_does_not_allow_moves_in() {
    let project = Project::prepared();
    project
        .northwind
        .does(&format!(
            r#"tenant.set_organization_relationship("{NAME}", #{{ MailboxMoveCapability: "RemoteOutbound" }});"#
        ))
        .succeeds();

    project
        .moves(LARA)
        .fails(
            "F-45",
            "target",
            &["MigrationPermanentException: Your organization does not authorize 'pull' or Inbound moves from the remote organization. Contact your administrator to confirm organization relationships are configured correctly."],
        )
        .is_mended_by("run `setup-target` again", "resume");

    project.sets_up_target(&[]).succeeds();
    project.restarts(LARA).is("Synced");
}

#[test]
fn f46_the_source_does_not_allow_moves_out() {
    let project = Project::prepared();
    project
        .contoso
        .does(&format!(
            r#"tenant.set_organization_relationship("{NAME}", #{{ MailboxMoveCapability: "Inbound" }});"#
        ))
        .succeeds();

    project
        .moves(LARA)
        .fails(
            "F-46",
            "source",
            &[
                "MigrationServerConnectionFailedException: The connection to the server 'outlook.office.com' could not be completed.",
                "MRSRemotePermanentException",
            ],
        )
        .is_mended_by("have the source administrator run `setup-source` again", "resume");

    project.sets_up_source(&[]).succeeds();
    project.restarts(LARA).is("Synced");
}
