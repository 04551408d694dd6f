//! Making sure that an application is known in this tenant and holds application permissions: consent without a browser.

use crate::change::Gate;
use crate::model::Arguments;
use crate::model::Kind;
use crate::model::Record;
use crate::model::Trouble;
use crate::tenant::Ensured;
use crate::tenant::Outcome;
use crate::tenant::Tenant;
use crate::tenant::ensure::ensured::same_text;
use crate::tenant::ensure::waiting::REPLICATION;
use crate::tenant::ensure::waiting::mentions;
use crate::tenant::operations::NEW_APP_ROLE_ASSIGNMENT;
use crate::tenant::operations::NEW_SERVICE_PRINCIPAL;
use crate::tenant::reading;

/// The resources that the migration needs permissions on, by their well-known application ids: Exchange Online and Graph.
const RESOURCES: &[&str] = &["00000002-0000-0ff1-ce00-000000000000", "00000003-0000-0000-c000-000000000000"];

/// An application permission.
pub(super) struct Role {
    pub(super) id: String,
    pub(super) resource_app_id: String,
    resource_id: String,
}

impl Tenant {
    /// Lets the application `app_id` be known in this tenant and grants it `roles`; what it holds besides stays.
    pub async fn ensure_consent(&self, gate: &Gate, app_id: &str, roles: &[&str]) -> Result<Ensured, Trouble> {
        let principals = reading("get_service_principal").expect("the table of readings has it");
        let mut ensured = match self.look_up(principals, app_id).await? {
            Some(principal) => Ensured::unchanged(principal),
            None => {
                let arguments = Arguments::new().with("appId", app_id);
                let applied = self
                    .apply_patiently(gate, &NEW_SERVICE_PRINCIPAL, None, arguments, REPLICATION)
                    .await?;
                Ensured::created(applied)
            }
        };
        let principal_id = ensured.record.text("id").unwrap_or_default().to_owned();
        let assignments = reading("find_app_role_assignments").expect("the table of readings has it");
        let held = self
            .find_all(assignments, Arguments::new().with("id", principal_id.as_str()))
            .await?;
        for value in roles {
            let role = self.role(value).await?;
            let is_it = |assignment: &Record| {
                let has = |name: &str, wanted: &str| assignment.text(name).is_some_and(|text| same_text(text, wanted));
                has("appRoleId", &role.id) && has("resourceId", &role.resource_id)
            };
            if held.iter().any(is_it) {
                continue;
            }
            let outcome = self.grant(gate, &principal_id, &role).await?;
            ensured.outcome = ensured.outcome.max(outcome);
        }
        Ok(ensured)
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
