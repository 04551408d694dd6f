//! Making sure of a resource group.

use crate::change::Gate;
use crate::model::Arguments;
use crate::model::Trouble;
use crate::tenant::Ensured;
use crate::tenant::Tenant;
use crate::tenant::azure::check_group_rule;
use crate::tenant::azure::subscription_of;
use crate::tenant::ensure::ensured::refuse_unknown;
use crate::tenant::ensure::ensured::required;
use crate::tenant::ensure::location::elsewhere;
use crate::tenant::operations::NEW_RESOURCE_GROUP;
use crate::tenant::reading;

impl Tenant {
    /// The resource group `name` of a subscription, made in `location` where there is none.
    pub async fn ensure_resource_group(
        &self,
        gate: &Gate,
        subscription: &str,
        name: &str,
        arguments: Arguments,
    ) -> Result<Ensured, Trouble> {
        let named = |trouble: Trouble| trouble.in_tenant(&self.tag().name);
        refuse_unknown(&arguments, "ensure_resource_group", &["location", "tags"]).map_err(named)?;
        let subscription = subscription_of(subscription).map_err(named)?;
        check_group_rule(name).map_err(named)?;
        let groups = reading("get_resource_group").expect("the table of readings has it");
        let id = format!("{subscription}/resourceGroups/{name}");
        if let Some(found) = self.look_up(groups, &id).await? {
            self.settle(gate, &NEW_RESOURCE_GROUP, name);
            let note = elsewhere(&found, "resource group", name, arguments.text("location"));
            return Ok(Ensured::unchanged(found).noting(note));
        }
        let location = required(&arguments, "ensure_resource_group", "location").map_err(named)?;
        let location = self.location(&subscription, location).await?;
        let arguments = arguments
            .with("subscription", subscription)
            .with("name", name)
            .with("location", location);
        let applied = self.apply(gate, &NEW_RESOURCE_GROUP, None, arguments).await?;
        Ok(Ensured::created(applied))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::change::Impact;
    use crate::change::Mode;
    use crate::tenant::Outcome;
    use crate::tenant::testing::Fake;
    use crate::tenant::testing::SUBSCRIPTION;
    use crate::tenant::testing::azure;
    use crate::tenant::testing::gate;
    use crate::tenant::testing::open_gate;

    async fn ensure(fake: &Fake, gate: &Gate, location: &str) -> Result<Ensured, Trouble> {
        let arguments = Arguments::new().with("location", location);
        fake.tenant()
            .ensure_resource_group(gate, SUBSCRIPTION, "rg-xtmove", arguments)
            .await
    }

    #[tokio::test]
    async fn a_group_is_made_once_and_one_that_lies_elsewhere_stays_there() {
        let fake = azure();

        let first = ensure(&fake, &open_gate(), "West Europe").await.unwrap();
        let again = ensure(&fake, &open_gate(), "North Europe").await.unwrap();

        assert_eq!((first.outcome, again.outcome), (Outcome::Created, Outcome::Unchanged));
        assert_eq!(
            fake.writes(),
            [(
                format!("PUT {SUBSCRIPTION}/resourcegroups/rg-xtmove"),
                json!({"location": "westeurope"})
            )]
        );
        assert!(again.notes[0].contains("westeurope, not in North Europe"));
    }

    #[tokio::test]
    async fn a_location_that_does_not_exist_gets_the_nearest_one() {
        let refused = ensure(&azure(), &open_gate(), "West Eurpe").await.unwrap_err();

        assert_eq!(refused.remedy.as_deref(), Some("did you mean `West Europe`?"));
    }

    #[tokio::test]
    async fn a_slip_in_an_argument_is_told_also_when_the_group_is_there() {
        let fake = azure().with_resource(
            &format!("{SUBSCRIPTION}/resourceGroups/rg-xtmove"),
            json!({"location": "westeurope"}),
        );
        let slip = Arguments::new().with("locaton", "West Europe");

        let refused = fake
            .tenant()
            .ensure_resource_group(&open_gate(), SUBSCRIPTION, "rg-xtmove", slip)
            .await
            .unwrap_err();

        assert_eq!(
            (&*refused.code, refused.remedy.as_deref()),
            ("unknown_argument", Some("did you mean `location`?"))
        );
    }

    #[tokio::test]
    async fn a_planned_group_has_the_id_that_it_will_have() {
        let fake = azure();

        let planned = ensure(&fake, &gate(Mode::WhatIf, Impact::High), "westeurope").await.unwrap();

        assert_eq!(planned.outcome, Outcome::Planned);
        assert_eq!(
            planned.record.text("id"),
            Some(&*format!("{SUBSCRIPTION}/resourceGroups/rg-xtmove"))
        );
        assert!(fake.writes().is_empty());
    }
}
