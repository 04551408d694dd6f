//! Who sends the invitation to the administrator of the source.

use crate::common::Site;

/// The permissions of which an inviter needs one: User.Invite.All, User.ReadWrite.All, Directory.ReadWrite.All.
const INVITING: [&str; 3] = [
    "09850681-111b-4a89-9bed-3f2cae46d706",
    "741f803b-c850-494e-b5df-cde7c675a1ca",
    "19dbc75e-c2e2-444c-a770-ec69d8559fc7",
];
const SET_UP: &str = "run setup-target --target northwind --source-domain contoso.onmicrosoft.com --auth key-vault --resource-group rg \
    --key-vault-name nwt-xtmove-kv --location westeurope --source-admin cleo@contoso.com --app-permissions exchange,graph";

#[test]
fn whoever_may_not_invite_lets_the_application_do_it() {
    let site = Site::of_2021();
    let nils = site.northwind();
    nils.makes(&format!(
        "let own = tenant.find_service_principals(`appId eq '${{tenant.caller.app_id}}'`).first();\n\
         for held in tenant.find_app_role_assignments(own.id).to_array() {{\n\
             if {INVITING:?}.contains(held.appRoleId) {{ tenant.remove_app_role_assignment(held.id, #{{ resourceId: held.resourceId }}); }}\n\
         }}\n0"
    ));

    nils.types(SET_UP).ends_with(1).says("User.Invite.All");
    let invited = nils.types(&format!("{SET_UP} --use-app-for-invitation"));

    invited
        .succeeds()
        .says("created invitation")
        .says("Should the mail to cleo@contoso.com not arrive")
        .says("https://login.microsoftonline.com/contoso.onmicrosoft.com/adminconsent?client_id=");
    let guests = nils.sees("tenant.find_entra_users(\"mail eq 'cleo@contoso.com'\").map(|guest| guest.userType).to_array()");
    assert_eq!(guests, serde_json::json!(["Guest"]));
}
