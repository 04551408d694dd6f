//! What somebody is a member of: directory roles, and groups.

use serde_json::Map;
use serde_json::Value;

use super::call::Answer;
use super::call::Call;
use super::fault::Fault;
use super::groups;
use super::principals;
use super::properties::DIRECTORY_OBJECT;
use super::properties::DIRECTORY_ROLE;
use super::query;
use super::roles;
use super::users;
use crate::sandbox::Object;
use crate::sandbox::directory;
use crate::sandbox::exchange::recipient;

/// `GET /servicePrincipals/{id}/memberOf`: its directory roles.
pub fn of_principal(call: &Call<'_>) -> Answer {
    query::collection(call, &DIRECTORY_ROLE, "directoryObjects", roles_of(call, &principals::found(call)?))
}

/// `GET /me/memberOf`, directly or through groups.
pub fn mine(call: &Call<'_>) -> Answer {
    everything(call, &users::myself(call)?)
}

/// `GET /me/memberOf/microsoft.graph.directoryRole`
pub fn my_roles(call: &Call<'_>) -> Answer {
    only_roles(call, &users::myself(call)?)
}

/// `GET /users/{id}/memberOf`, directly or through groups.
pub fn of_user(call: &Call<'_>) -> Answer {
    everything(call, &users::found(call)?)
}

/// `GET /users/{id}/memberOf/microsoft.graph.directoryRole`
pub fn roles_of_user(call: &Call<'_>) -> Answer {
    only_roles(call, &users::found(call)?)
}

fn only_roles(call: &Call<'_>, user: &Object) -> Answer {
    query::collection(call, &DIRECTORY_ROLE, "directoryRoles", roles_of(call, user))
}

fn everything(call: &Call<'_>, user: &Object) -> Answer {
    let mut found = roles_of(call, user);
    found.append(&mut groups_of(call, user)?);
    query::collection(call, &DIRECTORY_OBJECT, "directoryObjects", found)
}

fn roles_of(call: &Call<'_>, holder: &Object) -> Vec<Map<String, Value>> {
    let held = directory::directory_roles(call.tx, call.tenant(), holder.text("id"));
    let roles = held.iter().map(|template| {
        let mut role = roles::shown(template);
        role.insert("@odata.type".into(), "#microsoft.graph.directoryRole".into());
        role
    });
    roles.collect()
}

fn groups_of(call: &Call<'_>, user: &Object) -> Result<Vec<Map<String, Value>>, Fault> {
    // Only recipients are members of groups here, so that an account without one needs no search.
    let Some(recipient) = recipient::by_directory_id(call.tx, call.tenant(), user.text("id"))? else {
        return Ok(Vec::new());
    };
    let is_transitive = call.request.path.to_lowercase().contains("/transitivememberof");
    let mut found = Vec::new();
    for group in recipient::all(call.tx, call.tenant())?
        .iter()
        .filter(|object| recipient::is_group(object))
    {
        let is_member = match is_transitive {
            true => recipient::is_in_group(call.tx, group, &recipient)?,
            false => recipient::group_members(call.tx, group)?
                .iter()
                .any(|member| member.id == recipient.id),
        };
        if is_member {
            let mut body = groups::shown(group);
            body.retain(|name, _| DIRECTORY_OBJECT.property(name).is_some());
            body.insert("@odata.type".into(), "#microsoft.graph.group".into());
            found.push(body);
        }
    }
    Ok(found)
}
