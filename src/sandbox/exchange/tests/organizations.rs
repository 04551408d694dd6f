use super::*;

fn relationship(name: &str, partner: &str) -> Value {
    json!({
        "Name": name,
        "DomainNames": [partner],
        "MailboxMoveEnabled": true,
        "MailboxMoveCapability": "remoteoutbound,Inbound",
    })
}

const NORTHWIND: &str = "0d0d0d0d-2222-4222-8222-c0ffee000002";

#[test]
fn a_dehydrated_organization_refuses_relationships_until_it_has_been_opened() {
    let site = Site::new();
    site.write(|tx| {
        let mut tenant = directory::tenant(tx, "contoso").unwrap();
        tenant.set("isDehydrated", true);
        directory::store_tenant(tx, &tenant).unwrap();
    });
    let is_dehydrated = || site.done("contoso", "Get-OrganizationConfig", json!({})).value[0]["IsDehydrated"].clone();
    let rehearsal = {
        let mut parameters = relationship("out", NORTHWIND);
        parameters["WhatIf"] = json!(true);
        parameters
    };
    assert_eq!(is_dehydrated(), true);
    site.run("contoso", "New-OrganizationRelationship", rehearsal)
        .is_refused(400, "InvalidOperationInDehydratedContextException");

    site.done("contoso", "Enable-OrganizationCustomization", json!({}));

    assert_eq!(is_dehydrated(), true);
    site.run("contoso", "New-OrganizationRelationship", relationship("out", NORTHWIND))
        .is_refused(400, "InvalidOperationInDehydratedContextException");
    site.advance(SignedDuration::from_mins(30));
    assert_eq!(is_dehydrated(), false);
    site.done("contoso", "New-OrganizationRelationship", relationship("out", NORTHWIND));
    let again = site.run("contoso", "Enable-OrganizationCustomization", json!({}));
    again.is_refused(400, "InvalidOperationException");
    assert!(again.text.contains("already enabled"));
}

#[test]
fn a_scope_that_is_no_security_group_is_dropped_with_a_warning() {
    let site = Site::new();
    site.done("contoso", "New-DistributionGroup", json!({"Name": "scope", "Type": "Security"}));
    site.done("contoso", "New-DistributionGroup", json!({"Name": "list"}));
    let mut parameters = relationship("out", NORTHWIND);
    parameters["MailboxMovePublishedScopes"] = json!(["scope@contoso.com", "list"]);

    let seen = site.done("contoso", "New-OrganizationRelationship", parameters);

    let warning = "Access scope specified 'list' is not a security group. This scope will not be added to the organization relationship.";
    assert_eq!(seen.warnings, [warning]);
    assert_eq!(seen.value[0]["MailboxMovePublishedScopes"], json!(["scope"]));
    assert_eq!(seen.value[0]["MailboxMoveCapability"], "Inbound, RemoteOutbound");
    site.write(|tx| {
        let kept = relationship_with(tx);
        assert!(exchange::relationship::has_capability(&kept, "RemoteOutbound"));
        assert_eq!(exchange::relationship::scope_groups(tx, &kept).unwrap().len(), 1);
    });
}

fn relationship_with(tx: &Tx<'_>) -> Object {
    exchange::relationship::relationships_with(tx, "contoso", NORTHWIND)
        .unwrap()
        .remove(0)
}

#[test]
fn a_partner_has_one_relationship_and_a_name_is_used_once() {
    let site = Site::new();
    site.done("contoso", "New-OrganizationRelationship", relationship("out", NORTHWIND));

    site.run("contoso", "New-OrganizationRelationship", relationship("again", NORTHWIND))
        .is_refused(400, "DuplicateOrganizationRelationshipDomainException");
    site.run("contoso", "New-OrganizationRelationship", relationship("out", "northwind.com"))
        .is_refused(400, "ADObjectAlreadyExistsException");
    let mut wrong = relationship("other", "northwind.com");
    wrong["MailboxMoveCapability"] = json!("Sideways");
    site.run("contoso", "New-OrganizationRelationship", wrong)
        .is_refused(400, "ParameterTransformationException");

    let same = json!({"Identity": "out", "MailboxMoveCapability": "Inbound, RemoteOutbound"});
    assert_eq!(site.done("contoso", "Set-OrganizationRelationship", same).warnings.len(), 1);
    site.done("contoso", "Remove-OrganizationRelationship", json!({"Identity": "out"}));
    assert!(site.done("contoso", "Get-OrganizationRelationship", json!({})).value.is_empty());
}

#[test]
fn accepted_domains_say_which_is_initial_and_which_is_default() {
    let site = Site::new();

    let seen = site.done("northwind", "Get-AcceptedDomain", json!({}));

    let told: Vec<(&Value, &Value, &Value)> = seen
        .value
        .iter()
        .map(|each| (&each["DomainName"], &each["InitialDomain"], &each["Default"]))
        .collect();
    assert_eq!(
        json!(told),
        json!([["northwindtraders.onmicrosoft.com", true, false], ["northwind.com", false, true]])
    );
}

#[test]
fn role_assignments_of_a_principal_follow_from_its_directory_roles() {
    let site = Site::new();
    let id = site.write(|tx| {
        let admin = directory::admin(tx, "contoso").unwrap();
        directory::service_principal(tx, "contoso", &admin.client_id)
            .unwrap()
            .text("id")
            .to_owned()
    });

    let seen = site.done(
        "contoso",
        "Get-ManagementRoleAssignment",
        json!({"RoleAssignee": id, "Role": "Move Mailboxes"}),
    );

    assert_eq!(seen.value.len(), 1);
    assert_eq!(seen.value[0]["Name"], "Move Mailboxes-Organization Management");
}
