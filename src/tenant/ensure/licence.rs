//! Making sure of a licence.

use serde_json::Value;
use serde_json::json;

use crate::change::Gate;
use crate::model::Arguments;
use crate::model::Kind;
use crate::model::Record;
use crate::model::Trouble;
use crate::model::same_text;
use crate::tenant::Ensured;
use crate::tenant::Tenant;
use crate::tenant::ensure::ensured::take_list;
use crate::tenant::ensure::ensured::take_text;
use crate::tenant::operations::SET_ENTRA_USER;
use crate::tenant::operations::SET_LICENCES;
use crate::tenant::reading;

impl Tenant {
    /// The licence `sku` (part number or id) for `user`, with `disabledPlans` off where they are given, and `usageLocation` set where
    /// that is given. Licences that the user has besides stay.
    pub async fn ensure_licence(&self, gate: &Gate, user: &str, sku: &str, mut arguments: Arguments) -> Result<Ensured, Trouble> {
        let users = reading("get_entra_user").expect("the table of readings has it");
        let mut ensured = Ensured::unchanged(self.get(users, Some(user)).await?);
        let id = ensured.record.text("id").unwrap_or(user).to_owned();
        let sku = self.subscription(sku).await?;
        let sku_id = sku.text("skuId").unwrap_or_default().to_owned();
        if let Some(location) = take_text(&mut arguments, "usageLocation") {
            let arguments = Arguments::new().with("usageLocation", location);
            ensured = ensured.overlaid(self.apply(gate, &SET_ENTRA_USER, Some(&id), arguments).await?);
        }
        let is_choosing_plans = arguments.get("disabledPlans").is_some();
        let off = take_list(&mut arguments, "disabledPlans")
            .iter()
            .map(|plan| plan_id(&sku, plan))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|trouble| trouble.in_tenant(&self.tag().name))?;
        if let Some(assigned) = assigned(&ensured.record, &sku_id)
            && (!is_choosing_plans || same_plans(&assigned["disabledPlans"], &off))
        {
            return Ok(ensured);
        }
        let arguments = Arguments::new().with("addLicenses", json!([{"skuId": sku_id, "disabledPlans": off}]));
        let applied = self.apply(gate, &SET_LICENCES, Some(&id), arguments).await?;
        Ok(ensured.overlaid(applied))
    }

    async fn subscription(&self, sku: &str) -> Result<Record, Trouble> {
        let listing = reading("find_subscribed_skus").expect("the table of readings has it");
        let all = self.find_all(listing, Arguments::new()).await?;
        let is_it = |record: &&Record| {
            ["skuId", "skuPartNumber"]
                .iter()
                .any(|name| record.text(name).is_some_and(|text| same_text(text, sku)))
        };
        all.iter().find(is_it).cloned().ok_or_else(|| {
            let owned: Vec<&str> = all.iter().filter_map(|record| record.text("skuPartNumber")).collect();
            Trouble::new(Kind::NotFound, format!("tenant `{}` owns no licence `{sku}`", self.tag().name))
                .with_code("unknown_sku")
                .with_remedy(format!("it owns {}", owned.join(", ")))
                .in_tenant(&self.tag().name)
                .on_object(sku)
        })
    }
}

fn assigned<'a>(user: &'a Record, sku_id: &str) -> Option<&'a Value> {
    let licences = user.get("assignedLicenses")?.as_array()?;
    licences
        .iter()
        .find(|licence| licence["skuId"].as_str().is_some_and(|id| same_text(id, sku_id)))
}

fn same_plans(known: &Value, wanted: &[String]) -> bool {
    let known: Vec<&str> = known
        .as_array()
        .map(|plans| plans.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default();
    known.len() == wanted.len() && wanted.iter().all(|plan| known.iter().any(|other| same_text(other, plan)))
}

/// The id of a service plan of `sku`, given by id or name.
fn plan_id(sku: &Record, plan: &str) -> Result<String, Trouble> {
    let plans = sku.get("servicePlans").and_then(Value::as_array);
    let is_it = |candidate: &&Value| {
        ["servicePlanId", "servicePlanName"]
            .iter()
            .any(|name| candidate[*name].as_str().is_some_and(|text| same_text(text, plan)))
    };
    let id = plans
        .and_then(|plans| plans.iter().find(is_it))
        .and_then(|plan| plan["servicePlanId"].as_str());
    id.map(str::to_owned).ok_or_else(|| {
        let sku = sku.text("skuPartNumber").unwrap_or_default();
        Trouble::new(Kind::Invalid, format!("the licence `{sku}` has no service plan `{plan}`")).with_code("unknown_plan")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tenant::Outcome;
    use crate::tenant::testing::Fake;
    use crate::tenant::testing::open_gate;

    fn service() -> Fake {
        Fake::new()
            .with(
                "subscribedSkus",
                json!({"skuId": "05e9", "skuPartNumber": "SPE_E3", "servicePlans": [{"servicePlanId": "efb8", "servicePlanName": "EXCHANGE"}]}),
            )
            .with("users", json!({"id": "lara", "assignedLicenses": [], "usageLocation": null}))
    }

    #[tokio::test]
    async fn a_licence_is_assigned_once_with_its_location_first() {
        let fake = service();
        let (tenant, gate) = (fake.tenant(), open_gate());
        let arguments = || {
            Arguments::new()
                .with("usageLocation", "DE")
                .with("disabledPlans", json!(["exchange"]))
        };

        let first = tenant.ensure_licence(&gate, "lara", "spe_e3", arguments()).await.unwrap();
        let again = tenant.ensure_licence(&gate, "lara", "SPE_E3", arguments()).await.unwrap();

        assert_eq!((first.outcome, again.outcome), (Outcome::Updated, Outcome::Unchanged));
        assert_eq!(
            fake.writes(),
            [
                ("PATCH /users/lara".to_owned(), json!({"usageLocation": "DE"})),
                (
                    "POST /users/lara/assignLicense".to_owned(),
                    json!({"addLicenses": [{"skuId": "05e9", "disabledPlans": ["efb8"]}], "removeLicenses": []})
                ),
            ]
        );
    }

    #[tokio::test]
    async fn a_licence_that_the_tenant_does_not_own_is_refused_with_those_it_owns() {
        let refused = service()
            .tenant()
            .ensure_licence(&open_gate(), "lara", "SPE_E5", Arguments::new())
            .await
            .unwrap_err();

        assert_eq!(refused.remedy.as_deref(), Some("it owns SPE_E3"));
    }
}
