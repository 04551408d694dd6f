//! Making sure that somebody may read or work with what is in a key vault: by an access policy, or in a vault that Azure roles
//! rule by a role.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::change::Applied;
use crate::change::Gate;
use crate::change::Mode;
use crate::model::Arguments;
use crate::model::Kind;
use crate::model::Record;
use crate::model::Trouble;
use crate::model::same_text;
use crate::tenant::Ensured;
use crate::tenant::Tenant;
use crate::tenant::azure::last_segment;
use crate::tenant::ensure::ensured::refuse_unknown;
use crate::tenant::ensure::ensured::take_list;
use crate::tenant::ensure::waiting::REPLICATION;
use crate::tenant::operations::ADD_ACCESS_POLICY;
use crate::tenant::reading;

/// More policies than this a vault does not take.
const MOST_POLICIES: usize = 1024;
const CONTAINERS: [&str; 3] = ["certificates", "secrets", "keys"];

/// What somebody is to be allowed, by container.
pub(super) struct Rights([(&'static str, Vec<String>); 3]);

impl Rights {
    pub(super) fn new(certificates: &[&str], secrets: &[&str]) -> Self {
        let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        Self([
            ("certificates", owned(certificates)),
            ("secrets", owned(secrets)),
            ("keys", Vec::new()),
        ])
    }

    fn take(arguments: &mut Arguments) -> Self {
        Self(CONTAINERS.map(|container| (container, take_list(arguments, container))))
    }

    /// What is to be allowed in `container`.
    pub(super) fn words(&self, container: &str) -> &[String] {
        let found = self.0.iter().find(|(name, _)| *name == container);
        found.map_or(&[], |(_, words)| words)
    }

    /// What `held` lacks of it by container, or `None` when nothing lacks.
    fn lacking_in(&self, held: &Value) -> Option<Value> {
        let mut lacking = Map::new();
        for (container, wanted) in &self.0 {
            let known = known(held, container);
            let has = |word: &str| known.iter().any(|known| same_text(known, word) || same_text(known, "all"));
            let words: Vec<_> = wanted.iter().filter(|word| !has(word)).collect();
            if !words.is_empty() {
                lacking.insert((*container).to_owned(), json!(words));
            }
        }
        (!lacking.is_empty()).then_some(Value::Object(lacking))
    }
}

/// The words of a container among the permissions of a policy.
fn known(permissions: &Value, container: &str) -> Vec<String> {
    Record::default().with("words", permissions[container].clone()).list("words")
}

/// The permissions `held` with those that were `added`.
fn united(held: &Value, added: &Value) -> Value {
    let words = |container: &str| [known(held, container), known(added, container)].concat();
    CONTAINERS
        .iter()
        .map(|container| ((*container).to_owned(), json!(words(container))))
        .collect()
}

impl Tenant {
    /// `object_id` (of a service principal) with these permissions for `certificates`, `secrets` and `keys` in the vault `vault`, a
    /// resource id. What others, or it besides, may do stays.
    pub async fn ensure_vault_access(
        &self,
        gate: &Gate,
        vault: &str,
        object_id: &str,
        mut arguments: Arguments,
    ) -> Result<Ensured, Trouble> {
        let rights = Rights::take(&mut arguments);
        refuse_unknown(&arguments, "ensure_vault_access", &CONTAINERS)?;
        let vaults = reading("get_vault").expect("the table of readings has it");
        let vault = match self.get(vaults, Some(vault)).await {
            // What this run only plans is not there to be read.
            Err(trouble) if trouble.kind == Kind::NotFound && gate.mode() == Mode::WhatIf => planned(vault),
            found => found?,
        };
        match is_ruled_by_roles(&vault) {
            true => self.give_role(gate, vault, object_id, &rights).await,
            false => match self.give_policy(gate, &vault, object_id, &rights).await? {
                Some(applied) => Ok(Ensured::updated(applied)),
                None => {
                    self.settle(gate, &ADD_ACCESS_POLICY, vault.text("name").unwrap_or_default());
                    Ok(Ensured::unchanged(vault))
                }
            },
        }
    }

    /// Adds to the policies of `vault` what `object_id` lacks of `rights`; `None` when it lacks nothing.
    pub(super) async fn give_policy(
        &self,
        gate: &Gate,
        vault: &Record,
        object_id: &str,
        rights: &Rights,
    ) -> Result<Option<Applied>, Trouble> {
        let mut policies = policies(vault);
        let own = policies.iter().position(|policy| is_for(policy, object_id));
        let held = own.map_or(Value::Null, |at| policies[at]["permissions"].clone());
        // No more than lacks: taking the policy away again by its own words must leave what was there before.
        let Some(lacking) = rights.lacking_in(&held) else {
            return Ok(None);
        };
        let name = vault.text("name").unwrap_or_default();
        if own.is_none() && policies.len() >= MOST_POLICIES {
            return Err(self.conflict(
                name,
                format!("the vault `{name}` has {} access policies, and no vault takes more", policies.len()),
                "remove policies of people and applications that are gone, or use another vault",
            ));
        }
        let policy = json!({"objectId": object_id, "permissions": lacking});
        let arguments = Arguments::new().with("properties", json!({"accessPolicies": [policy]}));
        let applied = self
            .apply_patiently(gate, &ADD_ACCESS_POLICY, vault.text("id"), arguments, REPLICATION)
            .await?;
        match own {
            Some(at) => policies[at]["permissions"] = united(&held, &lacking),
            None => policies.push(policy),
        }
        // The service answers with the policies alone.
        let mut properties = vault.get("properties").cloned().unwrap_or_else(|| json!({}));
        properties["accessPolicies"] = Value::Array(policies);
        Ok(Some(Applied {
            record: vault.clone().with("properties", properties),
            ..applied
        }))
    }
}

/// Whether Azure roles decide who may read the vault, and its policies are ignored.
pub(super) fn is_ruled_by_roles(vault: &Record) -> bool {
    vault
        .get("properties")
        .is_some_and(|properties| properties["enableRbacAuthorization"] == true)
}

fn policies(vault: &Record) -> Vec<Value> {
    let policies = vault
        .get("properties")
        .and_then(|properties| properties["accessPolicies"].as_array());
    policies.cloned().unwrap_or_default()
}

fn is_for(policy: &Value, object_id: &str) -> bool {
    // A policy for an application on behalf of somebody is another one.
    policy["objectId"].as_str().is_some_and(|id| same_text(id, object_id)) && policy["applicationId"].as_str().is_none()
}

fn planned(id: &str) -> Record {
    Record::default()
        .with("id", id)
        .with("name", last_segment(id))
        .with("properties", json!({"enableRbacAuthorization": false, "accessPolicies": []}))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tenant::Outcome;
    use crate::tenant::testing::Fake;
    use crate::tenant::testing::VAULT;
    use crate::tenant::testing::azure;
    use crate::tenant::testing::open_gate;

    const EXCHANGE: &str = "4a4a4a4a-7777-4aaa-8777-c1c1c1c1c007";

    fn with_vault(properties: Value) -> Fake {
        azure().with_resource(VAULT, json!({"location": "westeurope", "properties": properties}))
    }

    async fn ensure(fake: &Fake) -> Result<Ensured, Trouble> {
        let rights = Arguments::new()
            .with("certificates", json!(["get", "list"]))
            .with("secrets", json!(["get", "list"]));
        fake.tenant().ensure_vault_access(&open_gate(), VAULT, EXCHANGE, rights).await
    }

    #[tokio::test]
    async fn a_policy_is_added_once_and_nobody_loses_theirs() {
        let other = json!({"objectId": "6c6c", "permissions": {"certificates": ["all"]}});
        let fake = with_vault(json!({"enableRbacAuthorization": false, "accessPolicies": [other]}));

        let first = ensure(&fake).await.unwrap();
        let again = ensure(&fake).await.unwrap();

        assert_eq!((first.outcome, again.outcome), (Outcome::Updated, Outcome::Unchanged));
        let (call, body) = &fake.writes()[0];
        assert_eq!(call, &format!("PUT {VAULT}/accessPolicies/add"));
        let sent = &body["properties"]["accessPolicies"];
        assert_eq!(sent.as_array().unwrap().len(), 1);
        assert_eq!(sent[0]["tenantId"], "00000000-0000-0000-0000-000000002222");
        assert_eq!(
            sent[0]["permissions"],
            json!({"certificates": ["get", "list"], "secrets": ["get", "list"]})
        );
        assert_eq!(policies(&again.record).len(), 2);
    }

    #[tokio::test]
    async fn what_a_principal_may_do_besides_stays_and_all_is_enough() {
        let of = |permissions: Value| json!({"accessPolicies": [{"objectId": EXCHANGE.to_uppercase(), "permissions": permissions}]});
        let little = with_vault(of(json!({"certificates": ["Get", "delete"], "keys": ["sign"]})));
        let all = with_vault(of(json!({"certificates": ["All"], "secrets": ["LIST", "get"]})));

        let ensured = ensure(&little).await.unwrap();
        let unchanged = ensure(&all).await.unwrap();

        assert_eq!(
            little.writes()[0].1["properties"]["accessPolicies"][0]["permissions"],
            json!({"certificates": ["list"], "secrets": ["get", "list"]})
        );
        assert_eq!(
            policies(&ensured.record)[0]["permissions"],
            json!({"certificates": ["Get", "delete", "list"], "secrets": ["get", "list"], "keys": ["sign"]})
        );
        assert_eq!(unchanged.outcome, Outcome::Unchanged);
    }

    #[tokio::test]
    async fn a_vault_that_takes_no_more_policies_is_told_of_before_it_is_asked() {
        let many: Vec<Value> = (0..1024).map(|n| json!({"objectId": format!("{n}"), "permissions": {}})).collect();
        let fake = with_vault(json!({"accessPolicies": many}));

        let refused = ensure(&fake).await.unwrap_err();

        assert_eq!(refused.kind, Kind::Conflict);
        assert!(refused.message.contains("1024 access policies"));
        assert!(fake.writes().is_empty());
    }
}
