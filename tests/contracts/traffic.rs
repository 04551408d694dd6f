//! What goes over the wire to Graph: the whole set-up of two tenants, a tour of everything else, and what strangers may ask.

use std::sync::OnceLock;

use serde_json::Value;
use serde_json::json;
use xtenant::sandbox::ids;

use crate::common::Recorded;
use crate::common::Recorder;
use crate::common::Site;

const EXCHANGE: &str = "00000002-0000-0ff1-ce00-000000000000";
const TOUR: &str = include_str!("tour.rhai");

/// What the program itself asked, in the journey and on the tour; the same for all tests.
pub fn of_the_program() -> &'static [Recorded] {
    &recording().0
}

/// What else a client may ask of the sandbox, and what it refuses.
pub fn of_strangers() -> &'static [Recorded] {
    &recording().1
}

fn recording() -> &'static (Vec<Recorded>, Vec<Recorded>) {
    static RECORDING: OnceLock<(Vec<Recorded>, Vec<Recorded>)> = OnceLock::new();
    RECORDING.get_or_init(|| {
        let site = Site::new();
        let recorder = Recorder::start(&site);
        travel(&site);
        let own = recorder.seen();
        visit(&recorder);
        let strange = recorder.seen().split_off(own.len());
        (own, strange)
    })
}

fn travel(site: &Site) {
    let (cleo, nils) = (site.contoso(), site.northwind());
    let setup: &[&str] = &["run", "setup-target", "--target", "northwind"];
    let invited: &[&str] = &["--source-domain", "contoso.onmicrosoft.com", "--source-admin", "cleo@contoso.com"];
    nils.runs(&[setup, invited].concat()).succeeds();
    nils.sends("to-source.json", &cleo);
    let from_source: &[&str] = &["run", "setup-source", "--source", "contoso", "--handoff", "to-source.json"];
    cleo.runs(&[from_source, &["--scope-group", "Kermit Scope"]].concat()).succeeds();
    cleo.sends("to-target.json", &nils);
    nils.runs(&[setup, &["--continue", "to-target.json"]].concat()).succeeds();
    nils.runs(&[setup, &["--continue", "to-target.json", "--new-secret"]].concat())
        .succeeds();
    nils.runs(&["run", "verify-setup", "--target", "northwind", "--partner", "to-target.json"])
        .succeeds();
    cleo.runs(&["run", "verify-setup", "--source", "contoso", "--partner", "to-source.json"])
        .succeeds();
    let kermits = "CustomAttribute1 -eq 'ProjectKermit'";
    cleo.runs(&[
        "run",
        "export-attributes",
        "--source",
        "contoso",
        "--filter",
        kermits,
        "--out",
        "users.csv",
    ])
    .succeeds();
    cleo.sends("users.csv", &nils);
    nils.write("domains.csv", "source,target\ncontoso.com,northwind.com\n");
    let import: &[&str] = &["run", "import-attributes", "--target", "northwind", "--users", "users.csv"];
    nils.runs(&[import, &["--domain-map", "domains.csv", "--skip-occupied"]].concat())
        .succeeds();
    nils.write("tour.rhai", TOUR);
    nils.runs(&["run", "tour.rhai", "--tenant", "northwind"]).succeeds();
}

fn visit(recorder: &Recorder) {
    let ask = |method: &str, address: &str, body: Option<Value>| recorder.asks("northwind", method, address, body);
    let get = |address: &str| ask("GET", address, None);
    let id = |recorded: &Recorded| {
        recorded.answer.as_ref().expect("an object")["id"]
            .as_str()
            .expect("an id")
            .to_owned()
    };
    let first = |recorded: &Recorded| recorded.answer.as_ref().expect("a collection")["value"][0].clone();

    let organization = first(&get("organization"))["id"].as_str().expect("an id").to_owned();
    get(&format!("organization/{organization}"));
    get("domains/northwind.com");
    get("oauth2PermissionGrants");
    people(&get, &ask);
    get("users?$filter=userType ne 'Guest'&$count=true&$top=3");

    let application = ask("POST", "applications", Some(json!({"displayName": "Stranger"})));
    let app_id = application.answer.as_ref().expect("an object")["appId"].as_str().expect("an id");
    let principal = id(&ask("POST", "servicePrincipals", Some(json!({"appId": app_id}))));
    ask(
        "PATCH",
        &format!("servicePrincipals/{principal}"),
        Some(json!({"notes": "from elsewhere", "tags": ["HideApp"]})),
    );
    let exchange = get(&format!("servicePrincipals(appId='{EXCHANGE}')"));
    let role = exchange.answer.as_ref().expect("an object")["appRoles"][0]["id"].clone();
    let grant = json!({"principalId": principal, "resourceId": id(&exchange), "appRoleId": role});
    let granted = ask(
        "POST",
        &format!("servicePrincipals/{principal}/appRoleAssignments"),
        Some(grant.clone()),
    );
    get(&format!("servicePrincipals/{}/appRoleAssignedTo", id(&exchange)));
    ask("POST", &format!("servicePrincipals/{principal}/appRoleAssignments"), Some(grant));
    ask(
        "DELETE",
        &format!("servicePrincipals/{principal}/appRoleAssignments/{}", id(&granted)),
        None,
    );
    let mine = get("servicePrincipals?$filter=displayName ne ''&$count=true&$top=999");
    for principal in mine.answer.as_ref().expect("a collection")["value"].as_array().expect("objects") {
        let id = principal["id"].as_str().expect("an id");
        get(&format!("servicePrincipals/{id}/memberOf"));
        get(&format!("servicePrincipals/{id}/transitiveMemberOf"));
    }
    ask("POST", "servicePrincipals", Some(json!({"appId": app_id})));

    let groups = get("groups");
    for group in groups.answer.as_ref().expect("a collection")["value"].as_array().expect("objects") {
        let group = group["id"].as_str().expect("an id");
        for part in [
            "",
            "/members",
            "/transitiveMembers",
            "/members/microsoft.graph.user",
            "/transitiveMembers/microsoft.graph.user",
        ] {
            get(&format!("groups/{group}{part}"));
        }
    }
    // Everything about everybody, so that each property is shown once.
    get(
        "users?$top=999&$select=accountEnabled,ageGroup,assignedLicenses,assignedPlans,businessPhones,city,companyName,country,\
         createdDateTime,creationType,department,displayName,employeeId,employeeType,externalUserState,\
         externalUserStateChangeDateTime,faxNumber,givenName,identities,imAddresses,isResourceAccount,jobTitle,\
         lastPasswordChangeDateTime,licenseAssignmentStates,mail,mailNickname,mobilePhone,officeLocation,\
         onPremisesExtensionAttributes,onPremisesImmutableId,onPremisesSyncEnabled,otherMails,passwordPolicies,\
         passwordProfile,proxyAddresses,provisionedPlans,showInAddressList,surname,usageLocation,userPrincipalName,userType",
    );
    get(
        "applications?$select=id,api,appRoles,identifierUris,info,keyCredentials,optionalClaims,passwordCredentials,publicClient,spa,tags,web",
    );
    get(
        "servicePrincipals?$select=id,addIns,alternativeNames,appRoles,keyCredentials,notificationEmailAddresses,oauth2PermissionScopes,\
         passwordCredentials,replyUrls,servicePrincipalNames,tags,verifiedPublisher",
    );

    // Refusals.
    get("users/nobody@northwind.com");
    get("users?$filter=nothing eq 'x'");
    get("applications/9d9d9d9d-4444-4ddd-8444-f0f0f0f0f004");
    get("groups?$search=\"displayName:x\"");
    ask("POST", "applications", Some(json!({"description": "nameless"})));
    ask(
        "POST",
        "invitations",
        Some(json!({"invitedUserEmailAddress": "x@northwind.com", "inviteRedirectUrl": "https://office.com"})),
    );
    ask("POST", "users", Some(json!({"displayName": "Nobody"})));
    ask("DELETE", &format!("applications/{}", id(&application)), None);
}

/// What an administrator does with people, their roles, and what clients may do for them.
fn people(get: &impl Fn(&str) -> Recorded, ask: &impl Fn(&str, &str, Option<Value>) -> Recorded) {
    let text = |recorded: &Recorded, name: &str| {
        let answer = recorded.answer.as_ref().expect("an object");
        answer[name].as_str().expect("a text").to_owned()
    };
    let staff = "greger@northwindtraders.onmicrosoft.com";
    let person = text(&get(&format!("users/{staff}")), "id");
    for list in ["memberOf", "transitiveMemberOf"] {
        get(&format!("users/{person}/{list}"));
        get(&format!("users/{person}/{list}/microsoft.graph.directoryRole"));
    }
    let roles = get("directoryRoles");
    let role = roles.answer.as_ref().expect("a collection")["value"][0]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    get(&format!("directoryRoles/{role}"));
    get(&format!("directoryRoles/{role}/members"));
    let definitions = get("roleManagement/directory/roleDefinitions?$filter=displayName eq 'User Administrator'");
    let definition = definitions.answer.as_ref().expect("a collection")["value"][0]["id"].clone();
    get(&format!("roleManagement/directory/roleDefinitions/{role}"));
    let held = json!({"principalId": person, "roleDefinitionId": definition, "directoryScopeId": "/"});
    let assignment = text(&ask("POST", "roleManagement/directory/roleAssignments", Some(held.clone())), "id");
    ask("POST", "roleManagement/directory/roleAssignments", Some(held));
    get("roleManagement/directory/roleAssignments?$filter=directoryScopeId eq '/'");
    get(&format!("roleManagement/directory/roleAssignments/{assignment}"));
    ask("DELETE", &format!("roleManagement/directory/roleAssignments/{assignment}"), None);

    let principal = |app_id: &str| text(&get(&format!("servicePrincipals(appId='{app_id}')")), "id");
    let wanted = json!({
        "clientId": principal(EXCHANGE), "consentType": "AllPrincipals", "resourceId": principal(ids::GRAPH), "scope": "User.Read",
    });
    let grant = text(&ask("POST", "oauth2PermissionGrants", Some(wanted.clone())), "id");
    ask("POST", "oauth2PermissionGrants", Some(wanted));
    get("oauth2PermissionGrants");
    get(&format!("oauth2PermissionGrants/{grant}"));
    ask(
        "PATCH",
        &format!("oauth2PermissionGrants/{grant}"),
        Some(json!({"scope": "User.Read openid"})),
    );
    ask("DELETE", &format!("oauth2PermissionGrants/{grant}"), None);
}
