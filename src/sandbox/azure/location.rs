//! Azure's regions: a part of the real list.

/// One region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Location {
    /// `westeurope`
    pub name: &'static str,
    /// `West Europe`
    pub display_name: &'static str,
    /// The geography that stands before the display name in its regional form.
    pub geography: &'static str,
    /// The region it is paired with.
    pub paired: Option<&'static str>,
}

impl Location {
    /// `(Europe) West Europe`
    pub fn regional_display_name(&self) -> String {
        format!("({}) {}", self.geography, self.display_name)
    }
}

const fn region(name: &'static str, display_name: &'static str, geography: &'static str, paired: &'static str) -> Location {
    Location {
        name,
        display_name,
        geography,
        paired: if paired.is_empty() { None } else { Some(paired) },
    }
}

/// The regions the sandbox knows.
pub const LOCATIONS: &[Location] = &[
    region("eastus", "East US", "US", "westus"),
    region("eastus2", "East US 2", "US", "centralus"),
    region("centralus", "Central US", "US", "eastus2"),
    region("northcentralus", "North Central US", "US", "southcentralus"),
    region("southcentralus", "South Central US", "US", "northcentralus"),
    region("westcentralus", "West Central US", "US", "westus2"),
    region("westus", "West US", "US", "eastus"),
    region("westus2", "West US 2", "US", "westcentralus"),
    region("westus3", "West US 3", "US", "eastus"),
    region("canadacentral", "Canada Central", "Canada", "canadaeast"),
    region("canadaeast", "Canada East", "Canada", "canadacentral"),
    region("brazilsouth", "Brazil South", "South America", "southcentralus"),
    region("brazilsoutheast", "Brazil Southeast", "South America", "brazilsouth"),
    region("northeurope", "North Europe", "Europe", "westeurope"),
    region("westeurope", "West Europe", "Europe", "northeurope"),
    region("uksouth", "UK South", "Europe", "ukwest"),
    region("ukwest", "UK West", "Europe", "uksouth"),
    region("francecentral", "France Central", "Europe", "francesouth"),
    region("francesouth", "France South", "Europe", "francecentral"),
    region("germanywestcentral", "Germany West Central", "Europe", "germanynorth"),
    region("germanynorth", "Germany North", "Europe", "germanywestcentral"),
    region("switzerlandnorth", "Switzerland North", "Europe", "switzerlandwest"),
    region("switzerlandwest", "Switzerland West", "Europe", "switzerlandnorth"),
    region("norwayeast", "Norway East", "Europe", "norwaywest"),
    region("norwaywest", "Norway West", "Europe", "norwayeast"),
    region("swedencentral", "Sweden Central", "Europe", "swedensouth"),
    region("swedensouth", "Sweden South", "Europe", "swedencentral"),
    region("polandcentral", "Poland Central", "Europe", ""),
    region("italynorth", "Italy North", "Europe", ""),
    region("eastasia", "East Asia", "Asia Pacific", "southeastasia"),
    region("southeastasia", "Southeast Asia", "Asia Pacific", "eastasia"),
    region("japaneast", "Japan East", "Asia Pacific", "japanwest"),
    region("japanwest", "Japan West", "Asia Pacific", "japaneast"),
    region("australiaeast", "Australia East", "Asia Pacific", "australiasoutheast"),
    region("australiasoutheast", "Australia Southeast", "Asia Pacific", "australiaeast"),
    region("centralindia", "Central India", "Asia Pacific", "southindia"),
    region("southindia", "South India", "Asia Pacific", "centralindia"),
    region("usgovvirginia", "USGov Virginia", "US Gov", "usgovtexas"),
    region("usgovtexas", "USGov Texas", "US Gov", "usgovvirginia"),
    region("usgovarizona", "USGov Arizona", "US Gov", "usgovtexas"),
    region("usdodcentral", "USDoD Central", "US DoD", "usdodeast"),
    region("usdodeast", "USDoD East", "US DoD", "usdodcentral"),
    region("chinanorth2", "China North 2", "China", "chinaeast2"),
    region("chinaeast2", "China East 2", "China", "chinanorth2"),
    region("chinanorth3", "China North 3", "China", "chinaeast3"),
    region("chinaeast3", "China East 3", "China", "chinanorth3"),
];

/// The region of that name or display name, without case and blanks.
pub fn location(name_or_display_name: &str) -> Option<&'static Location> {
    let wanted: String = name_or_display_name.split_whitespace().collect();
    LOCATIONS.iter().find(|location| location.name.eq_ignore_ascii_case(&wanted))
}
