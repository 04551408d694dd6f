use super::*;
use crate::sandbox::testing::Desk;

const EXCHANGE: &str = "https://outlook.office365.com";

/// Puts Ulf, who holds no directory role, into a new role group with that role.
fn ulf_with(desk: &Desk, role: &str) -> String {
    let ulf = "ulf@northwindtraders.onmicrosoft.com";
    let group = json!({"Name": "Movers", "Roles": [role], "Members": [ulf]});
    let (status, made) = desk.cmdlet("northwind", "New-RoleGroup", group, false);
    assert_eq!(status, 200, "{made}");
    desk.person_token("northwind", "ulf", EXCHANGE, "Exchange.Manage")
}

#[test]
fn a_role_without_the_parameters_of_moves_makes_relationships_and_none_for_moves() {
    let desk = Desk::new();
    desk.cmdlet("northwind", "Enable-OrganizationCustomization", json!({}), false);
    desk.world.advance(std::time::Duration::from_secs(3600)).unwrap();
    let token = ulf_with(&desk, "Federated Sharing");
    let new = |more: Value| {
        let mut parameters = json!({"Name": "partner", "DomainNames": ["0c0c0c0c-1111-4111-8111-c0ffee000001"]});
        parameters.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
        desk.cmdlet_as(&token, "northwind", "New-OrganizationRelationship", parameters, false)
    };

    let (status, refused) = new(json!({"mailboxmovecap": "Inbound"}));

    assert_eq!(status, 400);
    assert_eq!(
        refused["error"]["details"][0]["message"],
        "|System.Management.Automation.ParameterBindingException|A parameter cannot be found that matches parameter name \
         'MailboxMoveCapability'."
    );
    assert_eq!(new(json!({"FreeBusyAccessEnabled": true})).0, 200);
}

#[test]
fn a_member_of_a_role_group_has_its_roles_until_they_leave_it() {
    let desk = Desk::new();
    let token = ulf_with(&desk, "Move Mailboxes");
    let ask = |cmdlet: &str, parameters: Value| desk.cmdlet_as(&token, "northwind", cmdlet, parameters, false).0;

    assert_eq!(ask("Get-MoveRequest", json!({})), 200);
    assert_eq!(ask("Suspend-MoveRequest", json!({"Identity": "nobody"})), 404);
    assert_eq!(ask("Set-MailUser", json!({"Identity": "nobody"})), 403);
    assert_eq!(ask("New-OrganizationRelationship", json!({"Name": "x"})), 403);

    let leaves = json!({"Identity": "movers", "Member": "ulf@northwindtraders.onmicrosoft.com", "Confirm": false});
    assert_eq!(desk.cmdlet("northwind", "Remove-RoleGroupMember", leaves.clone(), false).0, 200);
    assert_eq!(ask("Get-MoveRequest", json!({})), 403);
    assert_eq!(desk.cmdlet("northwind", "Remove-RoleGroupMember", leaves, false).0, 400);
}

#[test]
fn a_person_may_join_a_built_in_group_and_its_assignments_are_theirs() {
    let desk = Desk::new();
    let ulf = "ulf@northwindtraders.onmicrosoft.com";
    let join = json!({"Identity": "Recipient Management", "Member": ulf});
    assert_eq!(desk.cmdlet("northwind", "Add-RoleGroupMember", join.clone(), false).0, 200);
    assert_eq!(desk.cmdlet("northwind", "Add-RoleGroupMember", join, false).0, 400, "once");

    let who = json!({"RoleAssignee": ulf, "Role": "Mail Recipients"});
    let (_, found) = desk.cmdlet("northwind", "Get-ManagementRoleAssignment", who, false);
    let (_, members) = desk.cmdlet(
        "northwind",
        "Get-RoleGroupMember",
        json!({"Identity": "Recipient Management"}),
        false,
    );

    assert_eq!(found["value"][0]["RoleAssigneeName"], "Recipient Management");
    assert_eq!(members["value"][0]["WindowsLiveID"], ulf);
}
