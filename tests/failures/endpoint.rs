//! What keeps the migration endpoint from being made, and what its own test finds.

use crate::failures::APPLICATION;
use crate::failures::LARA;
use crate::failures::NAME;
use crate::failures::Project;

/// An endpoint with this much beside a name.
fn new_endpoint(arguments: &str) -> String {
    format!(
        r#"let app = {APPLICATION};
        tenant.new_migration_endpoint(#{{ Name: "second", ExchangeRemoteMove: true, RemoteServer: tenant.remote_server, ApplicationId: app.appId, {arguments} }});"#
    )
}

#[test]
fn f20_an_endpoint_must_not_point_at_its_own_tenant() {
    let project = Project::linked();

    project
        .northwind
        .does(&new_endpoint(
            r#"RemoteTenant: tenant.domain, Credentials: credential(app.appId, random_password())"#,
        ))
        .ends_with(1)
        .says("ASSERT: The resource tenant and the accessing tenant cannot be equal")
        .says("cause: F-20")
        .says("remedy: make the endpoint in the target tenant with the source tenant's domain as `RemoteTenant`");
    project
        .northwind
        .runs(&[
            "run",
            "setup-target",
            "--target",
            "northwind",
            "--source-domain",
            "northwindtraders.onmicrosoft.com",
        ])
        .ends_with(1)
        .says("(F-20)")
        .says("name the tenant that holds the mailboxes now");
}

#[test]
fn f21_all_endpoints_together_may_run_300_migrations() {
    let project = Project::consented();
    let other = r#"RemoteTenant: "contoso.onmicrosoft.com", MaxConcurrentMigrations: 222, SkipVerification: true,
        Credentials: credential(app.appId, random_password())"#;
    project.northwind.does(&new_endpoint(other)).succeeds();

    project
        .sets_up_target(&[])
        .ends_with(1)
        .says("This endpoint would make the maximum concurrent migrations '322', which would exceed the allowed limit of '300' for endpoints of type 'ExchangeRemoteMove'")
        .says("cause: F-21")
        .says("remedy: lower `MaxConcurrentMigrations`");

    project.sets_up_target(&["--max-concurrent-migrations", "78"]).succeeds();
}

#[test]
fn f22_an_endpoint_without_a_secret_takes_the_retired_way() {
    let project = Project::linked();

    project
        .northwind
        .does(&new_endpoint(r#"RemoteTenant: "contoso.onmicrosoft.com""#))
        .ends_with(1)
        .says("Error finding certificate '' from azure key vault for tenant '0d0d0d0d-2222-4222-8222-c0ffee000002'")
        .says("cause: F-22")
        .says("remedy: make the endpoint with credentials");
}

#[test]
fn f23_the_source_has_taken_its_consent_back() {
    let project = Project::linked();
    project
        .contoso
        .does(r#"tenant.remove_service_principal(tenant.find_service_principals("displayName eq 'northwindtraders_contoso'").first());"#)
        .succeeds();

    project
        .verifies_target(&[])
        .finds("target.endpoint.test", "F-23", "AADSTS700016: ", "consent link");
    project
        .verifies_source()
        .finds("source.application.consent", "F-23", "nobody consented", "setup-source");

    project.sets_up_source(&[]).succeeds();
    project.verifies_target(&[]).is_fine();
}

#[test]
fn f24_the_endpoint_holds_a_secret_that_is_none_of_the_applications() {
    let project = Project::linked();
    project
        .northwind
        .does(&format!(
            "let app = {APPLICATION};\nfor secret in app.passwordCredentials {{ tenant.remove_application_password(app, #{{ keyId: secret.keyId }}); }}"
        ))
        .succeeds();

    let verified = project.verifies_target(&[]);

    verified.finds("target.application.secret", "F-24", "no client secret", "--new-secret");
    verified.finds(
        "target.endpoint.test",
        "F-24",
        "AADSTS7000215: Invalid client secret provided",
        "--new-secret",
    );
    project.sets_up_target(&["--new-secret"]).succeeds();
    project.verifies_target(&[]).is_fine();
}

#[test]
fn f24_a_secret_expires() {
    let project = Project::linked();
    project.waits("800d");

    let verified = project.verifies_target(&[]);

    verified.finds("target.application.secret", "F-24", "valid until 2028", "--new-secret");
    verified.finds("target.endpoint.test", "F-24", "AADSTS7000222: ", "--new-secret");
    project.sets_up_target(&["--new-secret"]).succeeds();
    project.verifies_target(&[]).is_fine();
}

#[test]
fn f26_no_endpoint_has_the_name() {
    let project = Project::linked();

    project
        .northwind
        .does(&format!(r#"tenant.test_migration_endpoint("{NAME}]");"#))
        .ends_with(1)
        .says(&format!("The migration endpoint '{NAME}]' couldn't be found"))
        .says("cause: F-26")
        .says("remedy: check the name, stray brackets too");

    project
        .northwind
        .does(&format!(r#"tenant.test_migration_endpoint("{NAME}");"#))
        .succeeds();
}

#[test]
fn f31_there_is_no_endpoint_for_the_source() {
    let project = Project::linked();
    project
        .northwind
        .does(&format!(r#"tenant.remove_migration_endpoint("{NAME}");"#))
        .succeeds();

    project
        .verifies_target(&[])
        .finds("target.endpoint.exists", "F-31", "none", "run `setup-target`");

    project.sets_up_target(&[]).succeeds();
    project.verifies_target(&[]).is_fine();
}

#[test]
fn f40_the_test_wants_an_address_of_the_target() {
    let project = Project::prepared();

    project.verifies_target(&["--test-mailbox", "Lara.Newton@contoso.com"]).finds(
        "target.endpoint.test",
        "F-40",
        "The operation couldn't be performed because object 'Lara.Newton@contoso.com' couldn't be found on",
        "primary SMTP address of the MailUser in the target",
    );

    project.verifies_target(&["--test-mailbox", LARA]).is_fine();
}

#[test]
fn f41_the_source_refuses_a_mailbox_that_is_out_of_scope() {
    let project = Project::prepared();

    project.verifies_target(&["--test-mailbox", "Otto.Outram@northwind.com"]).finds(
        "target.endpoint.test",
        "F-41",
        "The connection to the server 'outlook.office.com' could not be completed. --> MRSRemotePermanentException: ",
        "check the scope group",
    );

    project
        .sets_up_source(&["--scope-members", "DisplayName -eq 'Otto Outram'"])
        .succeeds();
    project.verifies_target(&["--test-mailbox", "Otto.Outram@northwind.com"]).is_fine();
}

#[test]
fn f43_the_endpoint_names_a_server_that_is_none_of_the_clouds() {
    let project = Project::linked();
    let server = |host: &str, more: &str| format!(r#"tenant.set_migration_endpoint("{NAME}", #{{ RemoteServer: {host}{more} }});"#);

    project
        .northwind
        .does(&server(r#""mail.contoso.com""#, ""))
        .ends_with(1)
        .says("We weren't able to connect to the remote server. Please verify that the migration endpoint settings are correct and your certificate is valid, and then try again")
        .says("cause: F-43")
        .says("remedy: set `RemoteServer`");
    project
        .northwind
        .does(&server(r#""mail.contoso.com""#, ", SkipVerification: true"))
        .succeeds();
    project
        .verifies_target(&[])
        .finds("target.endpoint.server", "F-43", "mail.contoso.com", "");

    project.northwind.does(&server("tenant.remote_server", "")).succeeds();
    project.verifies_target(&[]).is_fine();
}
