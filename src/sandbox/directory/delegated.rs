//! Delegated permission grants: what an application may do in the name of all people of the tenant, or of one.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Map;
use serde_json::Value;
use uuid::Uuid;

use super::principals;
use crate::sandbox::Object;
use crate::sandbox::Tx;

const KIND: &str = "permissionGrant";
const CLIENT: &str = "grantClient";

/// The forms by which a grant is found when one of its parties goes.
pub(super) const PARTIES: [&str; 3] = [CLIENT, "grantResource", "grantUser"];

/// What the client application may do with the resource in the name of that user: what was granted for everybody, and for this
/// user alone.
pub fn delegated_scopes(tx: &Tx<'_>, tenant: &str, client_principal_id: &str, resource_app_id: &str, user_id: &str) -> Vec<String> {
    let Some(resource) = principals::service_principal(tx, tenant, resource_app_id) else {
        return Vec::new();
    };
    let grants = tx.sound(tx.find(tenant, CLIENT, client_principal_id));
    let of_user = |grant: &&Object| {
        let is_for = grant.text("consentType") == "AllPrincipals" || grant.text("principalId") == user_id;
        is_for && grant.text("resourceId") == resource.text("id")
    };
    let mut scopes = Vec::new();
    for scope in grants
        .iter()
        .filter(of_user)
        .flat_map(|grant| grant.text("scope").split_whitespace())
    {
        if !scopes.iter().any(|known: &String| known.eq_ignore_ascii_case(scope)) {
            scopes.push(scope.to_owned());
        }
    }
    scopes
}

/// Grants scopes of `resource` to `client`, both service principals of the tenant, for one user or for all, and returns the grant.
/// There is one for each such pair: what it held before it keeps.
pub fn grant_delegated(
    tx: &Tx<'_>,
    tenant: &str,
    client: &Object,
    resource: &Object,
    scopes: &[String],
    user_id: Option<&str>,
) -> rusqlite::Result<Object> {
    let id = grant_id(client.text("id"), resource.text("id"), user_id);
    let mut grant = match delegated_grant(tx, tenant, &id) {
        Some(grant) => grant,
        None => {
            let mut grant = Object::new(tenant, KIND, Map::new());
            grant.set("id", id);
            grant.set("clientId", client.text("id"));
            grant.set("consentType", if user_id.is_some() { "Principal" } else { "AllPrincipals" });
            grant.set("principalId", user_id.map_or(Value::Null, Value::from));
            grant.set("resourceId", resource.text("id"));
            grant
        }
    };
    let mut held: Vec<String> = grant.text("scope").split_whitespace().map(str::to_owned).collect();
    for scope in scopes {
        if !held.iter().any(|known| known.eq_ignore_ascii_case(scope)) {
            held.push(scope.clone());
        }
    }
    grant.set("scope", held.join(" "));
    store_delegated_grant(tx, &grant)?;
    Ok(grant)
}

/// The grant with that id.
pub fn delegated_grant(tx: &Tx<'_>, tenant: &str, id: &str) -> Option<Object> {
    let found = tx.sound(tx.find(tenant, KIND, id));
    // The table of names folds case, which these ids do not.
    found.into_iter().find(|grant| grant.text("id") == id)
}

/// All grants of the tenant, in the order they were made.
pub fn delegated_grants(tx: &Tx<'_>, tenant: &str) -> Vec<Object> {
    tx.sound(tx.list(tenant, KIND))
}

/// Stores a grant: `id`, `clientId`, `consentType` (`AllPrincipals` or `Principal`), `principalId`, `resourceId`, `scope`.
pub fn store_delegated_grant(tx: &Tx<'_>, grant: &Object) -> rusqlite::Result<()> {
    let [client, resource, user] = PARTIES;
    let mut forms = vec![
        (KIND, grant.text("id").to_owned()),
        (client, grant.text("clientId").to_owned()),
        (resource, grant.text("resourceId").to_owned()),
    ];
    if !grant.text("principalId").is_empty() {
        forms.push((user, grant.text("principalId").to_owned()));
    }
    tx.put(grant, forms)
}

/// The id of a grant: base64url of the ids of its parties, in .NET byte order.
pub fn grant_id(client_id: &str, resource_id: &str, user_id: Option<&str>) -> String {
    let parties = [Some(client_id), Some(resource_id), user_id];
    let bytes = parties
        .into_iter()
        .flatten()
        .flat_map(|id| Uuid::parse_str(id).unwrap_or_default().to_bytes_le());
    URL_SAFE_NO_PAD.encode(bytes.collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::directory;
    use crate::sandbox::ids;
    use crate::sandbox::testing::Desk;

    #[test]
    fn a_grant_for_one_user_adds_to_what_all_have_and_ends_with_the_application() {
        let desk = Desk::new();
        let read = desk.world.store.transaction(|tx| {
            let admin = directory::admin(tx, "contoso").unwrap();
            let client = directory::service_principal(tx, "contoso", &admin.client_id).unwrap();
            let graph = directory::service_principal(tx, "contoso", ids::GRAPH).unwrap();
            let scopes = |user: &str| delegated_scopes(tx, "contoso", client.text("id"), ids::GRAPH, user);
            let (ann, bob) = ("6c6c6c6c-9999-4ccc-8999-e1e1e1e1e009", "6c6c6c6c-9999-4ccc-8999-e1e1e1e1e010");
            grant_delegated(tx, "contoso", &client, &graph, &["openid".into(), "User.Read".into()], None)?;
            grant_delegated(
                tx,
                "contoso",
                &client,
                &graph,
                &["User.Read".into(), "Group.Read.All".into()],
                Some(ann),
            )?;
            let others = delegated_scopes(tx, "contoso", client.text("id"), ids::EXCHANGE, ann);
            let before = (scopes(ann), scopes(bob), others);
            grant_delegated(tx, "contoso", &client, &graph, &["Domain.Read.All".into()], None)?;
            let later = (scopes(bob), delegated_grants(tx, "contoso").len());
            directory::remove_service_principal(tx, &client)?;
            Ok::<_, rusqlite::Error>((before, later, delegated_grants(tx, "contoso").len()))
        });

        let (before, later, left) = read.unwrap();
        assert_eq!(before.0, ["openid", "User.Read", "Group.Read.All"]);
        assert_eq!(before.1, ["openid", "User.Read"]);
        assert!(before.2.is_empty());
        assert_eq!(later, (vec!["openid".into(), "User.Read".into(), "Domain.Read.All".into()], 2));
        assert_eq!(left, 0);
    }
}
