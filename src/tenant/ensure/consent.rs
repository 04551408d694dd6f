//! Making sure that an application is known in this tenant and holds application permissions: consent without a browser.

use std::collections::HashMap;

use crate::change::Gate;
use crate::change::Mode;
use crate::model::Arguments;
use crate::model::Kind;
use crate::model::Record;
use crate::model::Trouble;
use crate::model::same_text;
use crate::tenant::Ensured;
use crate::tenant::Outcome;
use crate::tenant::Tenant;
use crate::tenant::ensure::waiting::REPLICATION;
use crate::tenant::ensure::waiting::mentions;
use crate::tenant::ensure::waiting::replication;
use crate::tenant::operations::NEW_APP_ROLE_ASSIGNMENT;
use crate::tenant::operations::NEW_SERVICE_PRINCIPAL;
use crate::tenant::reading;
use crate::tenant::waiting::SILENT;

/// The resources that the migration needs permissions on, by their well-known application ids: Exchange Online and Graph.
const RESOURCES: &[&str] = &["00000002-0000-0ff1-ce00-000000000000", "00000003-0000-0000-c000-000000000000"];

/// An application permission.
pub(super) struct Role {
    pub(super) id: String,
    pub(super) resource_app_id: String,
    resource_id: String,
}

impl Role {
    /// Whether `assignment` gives this permission.
    fn is_of(&self, assignment: &Record) -> bool {
        let has = |name: &str, wanted: &str| assignment.text(name).is_some_and(|text| same_text(text, wanted));
        has("appRoleId", &self.id) && has("resourceId", &self.resource_id)
    }
}

impl Tenant {
    /// Lets the application `app_id` be known in this tenant; it is granted nothing.
    pub async fn ensure_service_principal(&self, gate: &Gate, app_id: &str) -> Result<Ensured, Trouble> {
        let ensured = self.known_principal(gate, app_id).await?;
        if ensured.outcome == Outcome::Unchanged {
            self.settle(gate, &NEW_SERVICE_PRINCIPAL, app_id);
        }
        Ok(ensured)
    }

    async fn known_principal(&self, gate: &Gate, app_id: &str) -> Result<Ensured, Trouble> {
        let principals = reading("get_service_principal").expect("the table of readings has it");
        if let Some(principal) = self.look_up(principals, app_id).await? {
            return Ok(Ensured::unchanged(principal));
        }
        let arguments = Arguments::new().with("appId", app_id);
        let applied = self
            .apply_patiently(gate, &NEW_SERVICE_PRINCIPAL, None, arguments, REPLICATION)
            .await;
        match applied {
            // Somebody made it a moment ago, and the server that we asked did not know it yet.
            Err(trouble) if trouble.kind == Kind::AlreadyExists => Ok(Ensured::unchanged(self.get_newborn(principals, app_id).await?)),
            applied => Ok(Ensured::created(applied?)),
        }
    }

    /// Lets the application `app_id` be known in this tenant and grants it `roles`; what it holds besides stays.
    pub async fn ensure_consent(&self, gate: &Gate, app_id: &str, roles: &[&str]) -> Result<Ensured, Trouble> {
        let mut ensured = self.known_principal(gate, app_id).await?;
        let principal_id = ensured.record.text("id").unwrap_or_default().to_owned();
        let held = self.app_role_assignments(&principal_id).await?;
        let mut given = Vec::new();
        for value in roles {
            let role = self.role(value).await?;
            if held.iter().any(|assignment| role.is_of(assignment)) {
                self.settle(gate, &NEW_APP_ROLE_ASSIGNMENT, value);
                continue;
            }
            let outcome = self.grant(gate, &principal_id, &role).await?;
            ensured.outcome = ensured.outcome.max(outcome);
            given.push(role);
        }
        if gate.mode() == Mode::Apply && !given.is_empty() {
            self.seen_given(app_id, &principal_id, &given).await?;
        }
        Ok(ensured)
    }

    /// Waits until those who read see what was `given`: what comes next depends on it, and is told of it by reading.
    async fn seen_given(&self, app_id: &str, principal_id: &str, given: &[Role]) -> Result<(), Trouble> {
        let wait = replication(&format!("the permissions of {app_id}"));
        self.wait_for(&wait, SILENT, async || {
            let held = self.app_role_assignments(principal_id).await?;
            let is_seen = |role: &Role| held.iter().any(|assignment| role.is_of(assignment));
            Ok(given.iter().all(is_seen).then_some(()))
        })
        .await
    }

    /// The names of the application permissions that the service principal `principal_id` (an object id) holds, such as
    /// `Mailbox.Migration`. One that its resource no longer offers is given by its id.
    pub async fn find_app_role_names(&self, principal_id: &str) -> Result<Vec<String>, Trouble> {
        let held = self.held_roles(principal_id).await?;
        Ok(held.into_iter().map(|(_, name)| name).collect())
    }

    /// The same with the application id of the resource that each is of.
    pub(in crate::tenant) async fn held_roles(&self, principal_id: &str) -> Result<Vec<(String, String)>, Trouble> {
        let principals = reading("get_service_principal").expect("the table of readings has it");
        let mut resources: HashMap<String, Option<Record>> = HashMap::new();
        let mut held = Vec::new();
        for assignment in self.app_role_assignments(principal_id).await? {
            let role_id = assignment.text("appRoleId").unwrap_or_default();
            let resource_id = assignment.text("resourceId").unwrap_or_default();
            if !resources.contains_key(resource_id) {
                let resource = self.look_up(principals, resource_id).await?;
                resources.insert(resource_id.to_owned(), resource);
            }
            let resource = resources[resource_id].as_ref();
            let roles = resource.and_then(|resource| resource.get("appRoles")?.as_array());
            let role = roles.and_then(|roles| roles.iter().find(|role| role["id"] == role_id));
            let name = role.and_then(|role| role["value"].as_str()).unwrap_or(role_id);
            let of = resource.and_then(|resource| resource.text("appId")).unwrap_or_default();
            held.push((of.to_owned(), name.to_owned()));
        }
        Ok(held)
    }

    /// The names of the permissions that `application` asks for, delegated ones included. One that its resource does not offer is
    /// given by its id.
    pub async fn find_requested_role_names(&self, application: &Record) -> Result<Vec<String>, Trouble> {
        let principals = reading("get_service_principal").expect("the table of readings has it");
        let access = application.get("requiredResourceAccess").and_then(|access| access.as_array());
        let mut names = Vec::new();
        for resource in access.into_iter().flatten() {
            let resource_app_id = resource["resourceAppId"].as_str().unwrap_or_default();
            let offered = self.look_up(principals, resource_app_id).await?.unwrap_or_default();
            let offers = ["appRoles", "oauth2PermissionScopes"].map(|list| offered.get(list).and_then(|list| list.as_array()));
            for wanted in resource["resourceAccess"].as_array().into_iter().flatten() {
                let offer = offers.iter().copied().flatten().flatten().find(|offer| offer["id"] == wanted["id"]);
                let name = offer.unwrap_or(wanted);
                names.extend(name["value"].as_str().or(wanted["id"].as_str()).map(str::to_owned));
            }
        }
        Ok(names)
    }

    async fn app_role_assignments(&self, principal_id: &str) -> Result<Vec<Record>, Trouble> {
        let assignments = reading("find_app_role_assignments").expect("the table of readings has it");
        self.find_all(assignments, Arguments::new().with("id", principal_id)).await
    }

    async fn grant(&self, gate: &Gate, principal_id: &str, role: &Role) -> Result<Outcome, Trouble> {
        let arguments = Arguments::new()
            .with("principalId", principal_id)
            .with("resourceId", role.resource_id.as_str())
            .with("appRoleId", role.id.as_str());
        let applied = self
            .apply_patiently(gate, &NEW_APP_ROLE_ASSIGNMENT, None, arguments, REPLICATION)
            .await;
        match applied {
            Ok(applied) => Ok(Ensured::updated(applied).outcome),
            // The list that we read lags behind what was granted a moment ago.
            Err(trouble) if trouble.kind == Kind::AlreadyExists || mentions(&trouble, &["already exists on the object"]) => {
                Ok(Outcome::Unchanged)
            }
            Err(trouble) => Err(trouble),
        }
    }

    /// The application permission called `value`, looked up on the resources by its name because ids differ between clouds.
    pub(super) async fn role(&self, value: &str) -> Result<Role, Trouble> {
        let principals = reading("get_service_principal").expect("the table of readings has it");
        for resource_app_id in RESOURCES {
            let Some(resource) = self.look_up(principals, resource_app_id).await? else {
                continue;
            };
            let roles = resource.get("appRoles").and_then(|roles| roles.as_array());
            let role = roles.and_then(|roles| roles.iter().find(|role| role["value"] == value));
            if let Some(id) = role.and_then(|role| role["id"].as_str()) {
                return Ok(Role {
                    id: id.to_owned(),
                    resource_app_id: (*resource_app_id).to_owned(),
                    resource_id: resource.text("id").unwrap_or_default().to_owned(),
                });
            }
        }
        Err(Trouble::new(
            Kind::NotFound,
            format!("neither Exchange Online nor Graph offers the application permission `{value}` in this tenant"),
        )
        .with_code("unknown_role")
        .with_remedy("check the spelling, and whether the tenant has Exchange Online at all")
        .in_tenant(&self.tag().name)
        .on_object(value))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::change::Impact;
    use crate::change::Mode;
    use crate::tenant::testing::Fake;
    use crate::tenant::testing::gate;
    use crate::tenant::testing::open_gate;
    use crate::tenant::testing::told;

    const ROLE: &str = "Mailbox.Migration";

    fn service() -> Fake {
        Fake::new().with(
            "servicePrincipals",
            json!({"id": "exchange", "appId": RESOURCES[0], "appRoles": [{"id": "f726", "value": ROLE}]}),
        )
    }

    #[tokio::test]
    async fn consent_is_given_once_and_names_what_is_held() {
        let fake = service();
        let (tenant, gate) = (fake.tenant(), open_gate());

        let first = tenant.ensure_consent(&gate, "5e5e", &[ROLE]).await.unwrap();
        let again = tenant.ensure_consent(&gate, "5e5e", &[ROLE]).await.unwrap();

        assert_eq!((first.outcome, again.outcome), (Outcome::Created, Outcome::Unchanged));
        let id = first.record.text("id").unwrap();
        assert_eq!(
            fake.writes(),
            [
                ("POST /servicePrincipals".to_owned(), json!({"appId": "5e5e"})),
                (
                    "POST /servicePrincipals/exchange/appRoleAssignedTo".to_owned(),
                    json!({"principalId": id, "resourceId": "exchange", "appRoleId": "f726"})
                ),
            ]
        );
        assert_eq!(tenant.find_app_role_names(id).await.unwrap(), [ROLE]);
    }

    #[tokio::test]
    async fn what_an_application_asks_for_is_told_by_name_where_there_is_one() {
        let application = Record::default().with(
            "requiredResourceAccess",
            json!([{"resourceAppId": RESOURCES[0], "resourceAccess": [{"id": "f726", "type": "Role"}, {"id": "0b0b", "type": "Role"}]}]),
        );

        let names = service().tenant().find_requested_role_names(&application).await.unwrap();

        assert_eq!(names, [ROLE, "0b0b"]);
    }

    #[tokio::test]
    async fn what_if_goes_on_with_a_placeholder_for_the_principal() {
        let fake = service();
        let gate = gate(Mode::WhatIf, Impact::High);

        let ensured = fake.tenant().ensure_consent(&gate, "‹application id of x›", &[ROLE]).await.unwrap();

        assert_eq!(ensured.outcome, Outcome::Planned);
        assert_eq!(told(&gate), ["new_service_principal planned", "new_app_role_assignment planned"]);
        assert!(fake.writes().is_empty());
    }

    #[tokio::test]
    async fn a_permission_that_nobody_offers_is_named() {
        let refused = service()
            .tenant()
            .ensure_consent(&open_gate(), RESOURCES[0], &["Mailbox.Migrate"])
            .await
            .unwrap_err();

        assert_eq!(refused.code, "unknown_role");
    }
}
