//! Regions in bodies: by name or display name, and only those of the cloud that was asked.

use super::call::Call;
use super::fault::Fault;
use crate::sandbox::azure;
use crate::sandbox::azure::Location;

/// The regions of the cloud whose Resource Manager answers at `host`.
pub fn of_host(host: &str) -> impl Iterator<Item = &'static Location> {
    let cloud = |name: &str| match name {
        _ if name.starts_with("usgov") || name.starts_with("usdod") => "management.usgovcloudapi.net",
        _ if name.starts_with("china") => "management.chinacloudapi.cn",
        _ => "management.azure.com",
    };
    azure::LOCATIONS.iter().filter(move |location| cloud(location.name) == host)
}

/// The region that a body names, for a resource of `kind` (`Microsoft.KeyVault/vaults`), or for a resource group when empty.
pub fn named(call: &Call<'_>, location: Option<&str>, kind: &str) -> Result<&'static Location, Fault> {
    let Some(wanted) = location.filter(|text| !text.trim().is_empty()) else {
        let message = "The location property is required for this definition.";
        return Err(Fault::new(400, "LocationRequired", message));
    };
    let found = azure::location(wanted).filter(|found| of_host(&call.request.host).any(|known| known == *found));
    found.ok_or_else(|| {
        let known: Vec<_> = of_host(&call.request.host).map(|location| location.name).collect();
        let known = known.join(",");
        match kind {
            "" => {
                let message = format!(
                    "The provided location '{wanted}' is not available for resource group. List of available regions is '{known}'."
                );
                Fault::new(400, "LocationNotAvailableForResourceGroup", message)
            }
            _ => {
                let message = format!(
                    "The provided location '{wanted}' is not available for resource type '{kind}'. List of available regions for the \
                     resource type is '{known}'."
                );
                Fault::new(400, "LocationNotAvailableForResourceType", message)
            }
        }
    })
}

/// The refusal of a resource that exists in another region.
pub fn elsewhere(name: &str, there: &str, group: &str, wanted: &str) -> Fault {
    let message = format!(
        "The resource '{name}' already exists in location '{there}' in resource group '{group}'. A resource with the same name cannot be \
         created in location '{wanted}'. Please select a new resource name."
    );
    Fault::new(409, "InvalidResourceLocation", message)
}
