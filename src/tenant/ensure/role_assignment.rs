//! Making sure that somebody has an Azure role.

use serde_json::json;

use crate::change::Gate;
use crate::model::Arguments;
use crate::model::Kind;
use crate::model::Record;
use crate::model::Trouble;
use crate::model::did_you_mean;
use crate::model::is_within;
use crate::model::same_text;
use crate::tenant::Ensured;
use crate::tenant::Outcome;
use crate::tenant::Tenant;
use crate::tenant::azure::last_segment;
use crate::tenant::azure::subscription_of;
use crate::tenant::ensure::waiting::REPLICATION;
use crate::tenant::ensure::waiting::mentions;
use crate::tenant::operations::NEW_ROLE_ASSIGNMENT;
use crate::tenant::reading;

/// The roles that are assigned at a scope or above it.
pub(super) struct Assigned(Vec<Record>);

impl Assigned {
    /// Whether the principal has the role, known by its id, at `scope`.
    pub(super) fn has(&self, object_id: &str, role_id: &str, scope: &str) -> bool {
        let is_valid_at = |assigned: Option<&str>| assigned.is_none_or(|assigned| is_within(scope, assigned));
        self.0
            .iter()
            .filter_map(|assignment| assignment.get("properties"))
            .any(|properties| {
                let is = |name: &str, wanted: &str| properties[name].as_str().is_some_and(|text| same_text(last_segment(text), wanted));
                is("principalId", object_id) && is("roleDefinitionId", role_id) && is_valid_at(properties["scope"].as_str())
            })
    }
}

impl Tenant {
    /// The service principal `object_id` with the Azure role of that name at `scope`: a subscription, group or resource.
    pub async fn ensure_role_assignment(&self, gate: &Gate, scope: &str, object_id: &str, role: &str) -> Result<Ensured, Trouble> {
        let role_id = self.role_id(scope, role).await?;
        let assigned = self.assigned(scope).await?;
        let shown = Record::default()
            .with("scope", scope)
            .with("role", role)
            .with("principalId", object_id);
        if assigned.has(object_id, &role_id, scope) {
            self.settle(gate, &NEW_ROLE_ASSIGNMENT, last_segment(scope));
            return Ok(Ensured::unchanged(shown));
        }
        let outcome = self.assign(gate, scope, object_id, &role_id).await?;
        Ok(Ensured {
            outcome,
            ..Ensured::unchanged(shown)
        })
    }

    /// Which roles are assigned at `scope` or above it.
    pub(super) async fn assigned(&self, scope: &str) -> Result<Assigned, Trouble> {
        let assignments = reading("find_role_assignments").expect("the table of readings has it");
        Ok(Assigned(self.find_all(assignments, Arguments::new().with("id", scope)).await?))
    }

    /// Assigns a role by its id.
    pub(super) async fn assign(&self, gate: &Gate, scope: &str, object_id: &str, role_id: &str) -> Result<Outcome, Trouble> {
        let definitions = format!("{}/providers/Microsoft.Authorization/roleDefinitions", subscription_of(scope)?);
        let arguments = Arguments::new().with("scope", scope).with(
            "properties",
            json!({"roleDefinitionId": format!("{definitions}/{role_id}"), "principalId": object_id, "principalType": "ServicePrincipal"}),
        );
        match self.apply_patiently(gate, &NEW_ROLE_ASSIGNMENT, None, arguments, REPLICATION).await {
            Ok(applied) => Ok(Ensured::created(applied).outcome),
            // The list that we read lags behind.
            Err(trouble) if trouble.kind == Kind::AlreadyExists || mentions(&trouble, &["RoleAssignmentExists"]) => Ok(Outcome::Unchanged),
            Err(trouble) => Err(trouble),
        }
    }

    async fn role_id(&self, scope: &str, role: &str) -> Result<String, Trouble> {
        let definitions = reading("find_role_definitions").expect("the table of readings has it");
        let all = self.find_all(definitions, Arguments::new().with("id", scope)).await?;
        let name = |definition: &Record| {
            definition
                .get("properties")
                .and_then(|properties| properties["roleName"].as_str().map(str::to_owned))
        };
        let found = all
            .iter()
            .find(|definition| name(definition).is_some_and(|name| same_text(&name, role)));
        if let Some(id) = found.and_then(|definition| definition.text("name")) {
            return Ok(id.to_owned());
        }
        let known: Vec<String> = all.iter().filter_map(name).collect();
        let trouble = Trouble::new(Kind::NotFound, format!("Azure has no role `{role}` at `{scope}`")).in_tenant(&self.tag().name);
        Err(did_you_mean(trouble, role, known.iter().map(String::as_str)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tenant::testing::GROUP;
    use crate::tenant::testing::VAULT;
    use crate::tenant::testing::azure;
    use crate::tenant::testing::open_gate;

    #[tokio::test]
    async fn a_role_that_is_inherited_is_not_assigned_again() {
        let above = ["/providers/Microsoft.Management/managementGroups/northwind", GROUP, "/"];
        for (scope, outcome) in above
            .map(|scope| (scope, Outcome::Unchanged))
            .into_iter()
            .chain([("/subscriptions/4d4d", Outcome::Created)])
        {
            let assignments = format!("{VAULT}/providers/Microsoft.Authorization/roleAssignments/1a1a");
            let definition = format!("{VAULT}/providers/Microsoft.Authorization/roleDefinitions/2109");
            let role = "/subscriptions/3c3c/providers/Microsoft.Authorization/roleDefinitions/2109";
            let fake = azure()
                .with_resource(&definition, json!({"name": "2109", "properties": {"roleName": "Key Vault Reader"}}))
                .with_resource(
                    &assignments,
                    json!({"properties": {"scope": scope, "principalId": "4A4A", "roleDefinitionId": role}}),
                );

            let ensured = fake
                .tenant()
                .ensure_role_assignment(&open_gate(), VAULT, "4a4a", "Key Vault Reader")
                .await
                .unwrap();

            assert_eq!(ensured.outcome, outcome, "{scope}");
        }
    }

    #[tokio::test]
    async fn a_role_is_assigned_once_by_its_name_and_a_slip_is_answered_with_the_nearest() {
        let definition = format!("{VAULT}/providers/Microsoft.Authorization/roleDefinitions/2109");
        let fake = azure()
            .with_resource(VAULT, json!({}))
            .with_resource(&definition, json!({"name": "2109", "properties": {"roleName": "Key Vault Reader"}}));
        let (tenant, gate) = (fake.tenant(), open_gate());

        let first = tenant
            .ensure_role_assignment(&gate, VAULT, "4a4a", "key vault reader")
            .await
            .unwrap();
        let again = tenant
            .ensure_role_assignment(&gate, VAULT, "4a4a", "Key Vault Reader")
            .await
            .unwrap();
        let slip = tenant
            .ensure_role_assignment(&gate, VAULT, "4a4a", "Key Vault Readr")
            .await
            .unwrap_err();

        assert_eq!((first.outcome, again.outcome), (Outcome::Created, Outcome::Unchanged));
        let (_, body) = &fake.writes()[0];
        assert!(body["properties"]["roleDefinitionId"].as_str().unwrap().ends_with("/2109"));
        assert_eq!(fake.writes().len(), 1);
        assert_eq!(slip.remedy.as_deref(), Some("did you mean `Key Vault Reader`?"));
    }
}
