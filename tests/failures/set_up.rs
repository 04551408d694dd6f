//! What goes wrong while both tenants are set up, and what `verify-setup` finds afterwards.

use crate::failures::APPLICATION;
use crate::failures::NAME;
use crate::failures::Project;

const NEW_RELATIONSHIP: &str =
    r#"tenant.new_organization_relationship(#{ Name: "early", DomainNames: ["0c0c0c0c-1111-4111-8111-c0ffee000001"] });"#;
const ANY_APPLICATION: &str = "5e5e5e5e-3333-4333-8333-c0ffee000003";

/// The application's service principal, in statements of either administrator.
const PRINCIPAL: &str = r#"tenant.find_service_principals("displayName eq 'northwindtraders_contoso'").first()"#;

#[test]
fn f02_f03_an_organization_has_to_be_opened_for_customization() {
    let project = Project::fresh();

    project
        .northwind
        .does(NEW_RELATIONSHIP)
        .ends_with(1)
        .says("The command you tried to run isn't currently allowed in your organization. To run this command, you first need to run the command: Enable-OrganizationCustomization")
        .says("cause: F-03")
        .says("remedy: ")
        .says("Enable-OrganizationCustomization");
    let look = [
        "run",
        "verify-setup",
        "--target",
        "northwind",
        "--partner-domain",
        "contoso.onmicrosoft.com",
        "--application-id",
    ];
    let looked = project.northwind.runs(&[&look[..], &[ANY_APPLICATION, "--json"]].concat());
    super::Verified::new(looked).finds(
        "target.organization.customized",
        "F-03",
        "IsDehydrated is True",
        "Enable-OrganizationCustomization",
    );

    project.northwind.does("tenant.ensure_customization();").succeeds();
    project.northwind.does(NEW_RELATIONSHIP).succeeds();
}

#[test]
fn f04_opening_an_organization_twice_is_no_mistake() {
    let project = Project::linked();

    project
        .northwind
        .does("tenant.enable_organization_customization();")
        .ends_with(1)
        .says("This operation is not required. Organization is already enabled for customization")
        .says("cause: F-04")
        .says("remedy: nothing to do");

    project.sets_up_target(&[]).succeeds().never_mentions("F-04");
}

#[test]
fn f14_the_source_is_no_tenant_of_this_cloud() {
    let project = Project::fresh();

    let misspelt = [
        "run",
        "setup-target",
        "--target",
        "northwind",
        "--source-domain",
        "contosso.onmicrosoft.com",
    ];
    project
        .northwind
        .runs(&misspelt)
        .ends_with(1)
        .says("there is no tenant `contosso.onmicrosoft.com`")
        .says("cause: F-14")
        .says("remedy: check the partner's domain or tenant id, and its cloud");
}

#[test]
fn f14_an_endpoint_for_no_tenant_is_refused() {
    let project = Project::linked();

    project
        .northwind
        .does(&format!(
            r#"let app = {APPLICATION};
            tenant.new_migration_endpoint(#{{ Name: "typo", ExchangeRemoteMove: true, RemoteServer: tenant.remote_server, ApplicationId: app.appId,
                RemoteTenant: "contosso.onmicrosoft.com", Credentials: credential(app.appId, random_password()) }});"#
        ))
        .ends_with(1)
        .says("AADSTS90002: Tenant 'contosso.onmicrosoft.com' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud")
        .says("cause: F-14")
        .says("remedy: use the tenant's onmicrosoft.com domain");
}

#[test]
fn f27_a_scope_must_be_a_mail_enabled_security_group() {
    let project = Project::linked();

    project
        .contoso
        .does(&format!(
            r#"tenant.set_organization_relationship("{NAME}", #{{ MailboxMovePublishedScopes: ["Kermit Scope", "Kermit Announcements"] }});"#
        ))
        .succeeds()
        .says("Access scope specified 'Kermit Announcements' is not a security group. This scope will not be added to the organization relationship.")
        .says("F-27: ")
        .says("make a mail-enabled security group");
    project
        .contoso
        .runs(&[
            "run",
            "setup-source",
            "--source",
            "contoso",
            "--handoff",
            "to-source.json",
            "--scope-group",
            "Kermit Announcements",
        ])
        .ends_with(1)
        .says("(F-27)")
        .says("--create-scope-group");

    project
        .contoso
        .does(&format!(
            r#"tenant.set_organization_relationship("{NAME}", #{{ MailboxMovePublishedScopes: ["Kermit Scope"] }});"#
        ))
        .succeeds();
    project.verifies_source().is_fine();
}

#[test]
fn f28_the_application_is_not_registered_in_the_target() {
    let project = Project::linked();

    project.verifies_target(&["--application-id", ANY_APPLICATION]).finds(
        "target.application.registered",
        "F-28",
        "not registered",
        "--application-id",
    );

    project.verifies_target(&[]).is_fine();
}

#[test]
fn f29_the_target_has_not_consented_to_its_own_application() {
    let project = Project::linked();
    let role_of_it = format!(
        "let principal = {PRINCIPAL};\n\
         for role in tenant.find_app_role_assignments(principal.id) {{\n\
         tenant.remove_app_role_assignment(role, #{{ resourceId: role.resourceId }}); }}"
    );
    project.northwind.does(&role_of_it).succeeds();

    let verified = project.verifies_target(&[]);

    verified
        .finds("target.application.consent", "F-29", "no permission", "run `setup-target`")
        .finds(
            "target.endpoint.test",
            "F-29",
            "does not have [Mailbox.Migration] permission on Exchange setup or the permission is not consented by an Administrator",
            "consent in both tenants",
        );
    project.sets_up_target(&[]).succeeds();
    project.verifies_target(&[]).is_fine();
}

#[test]
fn f30_the_relationship_of_the_target_does_not_allow_moves_in() {
    let project = Project::linked();
    let changes = [
        ("Enabled: false", "target.relationship.enabled", "False"),
        ("MailboxMoveEnabled: false", "target.relationship.move", "False"),
        (
            r#"MailboxMoveCapability: "RemoteOutbound""#,
            "target.relationship.capability",
            "RemoteOutbound",
        ),
    ];

    for (change, id, found) in changes {
        project
            .northwind
            .does(&format!(r#"tenant.set_organization_relationship("{NAME}", #{{ {change} }});"#))
            .succeeds();
        project.verifies_target(&[]).finds(id, "F-30", found, "run `setup-target`");
        project.sets_up_target(&[]).succeeds();
    }
    project.verifies_target(&[]).is_fine();
}

#[test]
fn f30_the_relationship_of_the_source_is_gone() {
    let project = Project::linked();
    project
        .contoso
        .does(&format!(r#"tenant.remove_organization_relationship("{NAME}");"#))
        .succeeds();

    project
        .verifies_source()
        .finds("source.relationship.exists", "F-30", "none", "run `setup-source`");

    project.sets_up_source(&[]).succeeds();
    project.verifies_source().is_fine();
}

#[test]
fn f30_the_relationship_of_the_source_names_another_application() {
    let project = Project::linked();
    project
        .contoso
        .does(&format!(
            r#"tenant.set_organization_relationship("{NAME}", #{{ OAuthApplicationId: "{ANY_APPLICATION}" }});"#
        ))
        .succeeds();

    project
        .verifies_source()
        .finds("source.relationship.application", "F-30", ANY_APPLICATION, "");
    project.sets_up_source(&[]).ends_with(1).says(ANY_APPLICATION);
}
