//! Azure's locations, which people call by their display names and the service by short ones.

use crate::model::Arguments;
use crate::model::Kind;
use crate::model::Record;
use crate::model::Trouble;
use crate::model::did_you_mean;
use crate::model::same_text;
use crate::tenant::Tenant;
use crate::tenant::reading;

impl Tenant {
    /// The short name of `location` (`West Europe` or `westeurope`), which must be one that the subscription may use.
    pub(super) async fn location(&self, subscription: &str, location: &str) -> Result<String, Trouble> {
        let locations = reading("find_locations").expect("the table of readings has it");
        let mut all = self.find_all(locations, Arguments::new().with("id", subscription)).await?;
        // `europe` and its like stand for several regions and hold no resources.
        all.retain(is_physical);
        let is_it = |found: &&Record| {
            let names = ["name", "displayName", "regionalDisplayName"];
            names
                .iter()
                .any(|name| found.text(name).is_some_and(|name| is_same_location(name, location)))
        };
        if let Some(name) = all.iter().find(is_it).and_then(|found| found.text("name")) {
            return Ok(name.to_owned());
        }
        let trouble = Trouble::new(
            Kind::Invalid,
            format!("`{location}` is no Azure location of this subscription (F-07)"),
        )
        .with_code("unknown_location")
        .with_remedy("`find_locations` lists those that there are")
        .in_tenant(&self.tag().name)
        .on_object(location);
        Err(did_you_mean(
            trouble,
            location,
            all.iter().filter_map(|found| found.text("displayName")),
        ))
    }
}

fn is_physical(location: &Record) -> bool {
    let region = location.get("metadata").and_then(|metadata| metadata["regionType"].as_str());
    region.is_none_or(|region| same_text(region, "Physical"))
}

/// `West Europe` and `westeurope` are one location.
pub(super) fn is_same_location(one: &str, other: &str) -> bool {
    let plain = |name: &str| name.to_lowercase().replace(' ', "");
    plain(one) == plain(other)
}

/// A note when `found` lies elsewhere than it was wanted.
pub(super) fn elsewhere(found: &Record, noun: &str, name: &str, wanted: Option<&str>) -> Option<String> {
    let location = found.text("location")?;
    let wanted = wanted.filter(|wanted| !is_same_location(location, wanted))?;
    Some(format!("the {noun} `{name}` is in {location}, not in {wanted}, and stays there"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::tenant::testing::SUBSCRIPTION;
    use crate::tenant::testing::azure;

    #[tokio::test]
    async fn a_region_that_holds_nothing_is_listed_and_is_no_location() {
        let europe = json!({"displayName": "Europe", "metadata": {"regionType": "Logical"}});
        let tenant = azure().with_resource(&format!("{SUBSCRIPTION}/locations/europe"), europe).tenant();
        let locations = reading("find_locations").unwrap();

        let refused = tenant.location(SUBSCRIPTION, "Europe").await.unwrap_err();
        let listed = tenant.find_all(locations, Arguments::new().with("id", SUBSCRIPTION)).await.unwrap();

        assert_eq!((refused.code.as_str(), listed.len()), ("unknown_location", 3));
        assert_eq!(tenant.location(SUBSCRIPTION, "West Europe").await.unwrap(), "westeurope");
    }
}
