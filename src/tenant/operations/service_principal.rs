//! Writes on service principals and the application permissions they hold.

use super::base::GRAPH;
use super::base::high;
use super::base::mg;
use super::base::text;
use crate::change::Call;
use crate::change::Descriptor;
use crate::change::Inverse;
use crate::change::PowerShell;
use crate::change::Retry;
use crate::change::Verb;

const MODULE: &str = "Microsoft.Graph.Applications";

pub static NEW_SERVICE_PRINCIPAL: Descriptor = Descriptor {
    name: "new_service_principal",
    noun: "service principal",
    verb: Verb::Create,
    help: "Lets an application, own or foreign, be known in this tenant.",
    call: Call::Http {
        method: "POST",
        path: "/servicePrincipals",
    },
    identity: None,
    label: "appId",
    arguments: &[text("appId").required()],
    before: None,
    made: Some(("get_service_principal", "appId")),
    inverse: Inverse::Remove("remove_service_principal"),
    permission: "Application.ReadWrite.All",
    retry: Retry::ReadBack,
    powershell: PowerShell::Mg(mg("New-MgServicePrincipal", MODULE, &[])),
    ..GRAPH
};

pub static REMOVE_SERVICE_PRINCIPAL: Descriptor = Descriptor {
    name: "remove_service_principal",
    noun: "service principal",
    verb: Verb::Remove,
    help: "Removes an application from this tenant, with everything that was granted to it.",
    call: Call::Http {
        method: "DELETE",
        path: "/servicePrincipals/{id}",
    },
    arguments: &[],
    impact: high,
    loses: |_, _| Some("all that was granted to it in this tenant is gone, the consent too, and moves that rely on it fail"),
    before: Some("get_service_principal"),
    inverse: Inverse::None("consent that a person gave has to be given again"),
    permission: "Application.ReadWrite.All",
    retry: Retry::ReadBack,
    powershell: PowerShell::Mg(mg("Remove-MgServicePrincipal", MODULE, &[("ServicePrincipalId", "id")])),
    ..GRAPH
};

pub static NEW_APP_ROLE_ASSIGNMENT: Descriptor = Descriptor {
    name: "new_app_role_assignment",
    noun: "app role assignment",
    verb: Verb::Create,
    help: "Grants an application permission: the role `appRoleId` of `resourceId` to the service principal `principalId`.",
    call: Call::Http {
        method: "POST",
        path: "/servicePrincipals/{resourceId}/appRoleAssignedTo",
    },
    identity: None,
    label: "principalId",
    arguments: &[
        text("principalId").required(),
        text("resourceId").required(),
        text("appRoleId").required(),
    ],
    impact: high,
    loses: |_, _| Some("the application holds this permission in the whole tenant, without a person signing in"),
    before: None,
    made: Some(("find_app_role_assignments", "principalId")),
    inverse: Inverse::Remove("remove_app_role_assignment"),
    permission: "AppRoleAssignment.ReadWrite.All",
    retry: Retry::ReadBack,
    powershell: PowerShell::Mg(mg(
        "New-MgServicePrincipalAppRoleAssignedTo",
        MODULE,
        &[("ServicePrincipalId", "resourceId")],
    )),
    ..GRAPH
};

pub static REMOVE_APP_ROLE_ASSIGNMENT: Descriptor = Descriptor {
    name: "remove_app_role_assignment",
    noun: "app role assignment",
    verb: Verb::Remove,
    help: "Takes an application permission away; `resourceId` is the service principal whose role it is.",
    call: Call::Http {
        method: "DELETE",
        path: "/servicePrincipals/{resourceId}/appRoleAssignedTo/{id}",
    },
    arguments: &[text("resourceId").required()],
    impact: high,
    loses: |_, _| Some("the application no longer holds this permission, and what relies on it fails"),
    before: None,
    inverse: Inverse::Opposite("new_app_role_assignment"),
    permission: "AppRoleAssignment.ReadWrite.All",
    retry: Retry::ReadBack,
    powershell: PowerShell::Mg(mg(
        "Remove-MgServicePrincipalAppRoleAssignedTo",
        MODULE,
        &[("ServicePrincipalId", "resourceId"), ("AppRoleAssignmentId", "id")],
    )),
    ..GRAPH
};
