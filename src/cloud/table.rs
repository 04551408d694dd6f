//! The cloud table: all hosts and scopes of a national cloud in one record, so that nothing branches on "is it government".

use std::fmt;
use std::str::FromStr;

/// The national clouds. GCC (not High) is part of the worldwide one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CloudName {
    /// Worldwide, and GCC.
    Worldwide,
    /// US Government L4.
    GccHigh,
    /// US Government L5.
    Dod,
    /// China, operated by 21Vianet.
    China,
}

impl CloudName {
    /// Every cloud.
    pub const ALL: [CloudName; 4] = [CloudName::Worldwide, CloudName::GccHigh, CloudName::Dod, CloudName::China];

    /// The word in settings and hand-offs.
    pub fn as_str(self) -> &'static str {
        match self {
            CloudName::Worldwide => "worldwide",
            CloudName::GccHigh => "gcc-high",
            CloudName::Dod => "dod",
            CloudName::China => "china",
        }
    }
}

impl fmt::Display for CloudName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for CloudName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        CloudName::ALL
            .into_iter()
            .find(|name| name.as_str().eq_ignore_ascii_case(text.trim()))
            .ok_or_else(|| format!("`{text}` is no cloud; use worldwide, gcc-high, dod or china"))
    }
}

/// Hosts and token scopes of one cloud.
#[derive(Debug, PartialEq, Eq)]
pub struct Cloud {
    /// Which cloud.
    pub name: CloudName,
    /// The host that issues tokens.
    pub login: &'static str,
    /// The Microsoft Graph host.
    pub graph: &'static str,
    /// The scope of a Graph token.
    pub graph_scope: &'static str,
    /// The Exchange admin API host.
    pub exchange: &'static str,
    /// The scope of an Exchange token.
    pub exchange_scope: &'static str,
    /// The Azure Resource Manager host.
    pub arm: &'static str,
    /// The scope of an Azure Resource Manager token.
    pub arm_scope: &'static str,
    /// What stands behind a vault's name.
    pub vault_suffix: &'static str,
    /// What old scripts wrote in its place; accepted, never produced.
    pub vault_suffix_alias: Option<&'static str>,
    /// The scope of a Key Vault token.
    pub vault_scope: &'static str,
    /// What stands behind the name of a storage account.
    pub blob_suffix: &'static str,
    /// The scope of a Storage token, one for all clouds.
    pub storage_scope: &'static str,
    /// `RemoteServer` of a cross-tenant migration endpoint; not established for China.
    pub remote_server: Option<&'static str>,
    /// The Azure portal's host.
    pub portal: &'static str,
}

/// The record of `name`.
pub fn cloud(name: CloudName) -> &'static Cloud {
    match name {
        CloudName::Worldwide => &WORLDWIDE,
        CloudName::GccHigh => &GCC_HIGH,
        CloudName::Dod => &DOD,
        CloudName::China => &CHINA,
    }
}

static WORLDWIDE: Cloud = Cloud {
    name: CloudName::Worldwide,
    login: "login.microsoftonline.com",
    graph: "graph.microsoft.com",
    graph_scope: "https://graph.microsoft.com/.default",
    exchange: "outlook.office365.com",
    exchange_scope: "https://outlook.office365.com/.default",
    arm: "management.azure.com",
    arm_scope: "https://management.azure.com/.default",
    vault_suffix: "vault.azure.net",
    vault_suffix_alias: None,
    vault_scope: "https://vault.azure.net/.default",
    blob_suffix: "blob.core.windows.net",
    storage_scope: "https://storage.azure.com/.default",
    remote_server: Some("outlook.office.com"),
    portal: "portal.azure.com",
};

static GCC_HIGH: Cloud = Cloud {
    name: CloudName::GccHigh,
    login: "login.microsoftonline.us",
    graph: "graph.microsoft.us",
    graph_scope: "https://graph.microsoft.us/.default",
    exchange: "outlook.office365.us",
    exchange_scope: "https://outlook.office365.us/.default",
    arm: "management.usgovcloudapi.net",
    arm_scope: "https://management.core.usgovcloudapi.net/.default",
    vault_suffix: "vault.usgovcloudapi.net",
    vault_suffix_alias: Some("vault.azure.us"),
    vault_scope: "https://vault.usgovcloudapi.net/.default",
    blob_suffix: "blob.core.usgovcloudapi.net",
    storage_scope: "https://storage.azure.com/.default",
    remote_server: Some("outlook.office365.us"),
    portal: "portal.azure.us",
};

static DOD: Cloud = Cloud {
    name: CloudName::Dod,
    graph: "dod-graph.microsoft.us",
    graph_scope: "https://dod-graph.microsoft.us/.default",
    exchange: "outlook-dod.office365.us",
    exchange_scope: "https://outlook-dod.office365.us/.default",
    // Reversed against the host above; that is how Microsoft's own setup script writes it.
    remote_server: Some("dod-outlook.office365.us"),
    ..GCC_HIGH
};

static CHINA: Cloud = Cloud {
    name: CloudName::China,
    login: "login.partner.microsoftonline.cn",
    graph: "microsoftgraph.chinacloudapi.cn",
    graph_scope: "https://microsoftgraph.chinacloudapi.cn/.default",
    exchange: "outlook.office365.cn",
    exchange_scope: "https://partner.outlook.cn/.default",
    arm: "management.chinacloudapi.cn",
    arm_scope: "https://management.chinacloudapi.cn/.default",
    vault_suffix: "vault.azure.cn",
    vault_suffix_alias: None,
    vault_scope: "https://vault.azure.cn/.default",
    blob_suffix: "blob.core.chinacloudapi.cn",
    storage_scope: "https://storage.azure.com/.default",
    remote_server: None,
    portal: "portal.azure.cn",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cloud_is_found_by_the_word_it_prints() {
        for name in CloudName::ALL {
            assert_eq!(name.to_string().parse(), Ok(name));
            assert_eq!(cloud(name).name, name);
        }
        assert!("gcc".parse::<CloudName>().is_err());
    }

    #[test]
    fn the_token_of_key_vault_is_for_the_host_that_vaults_end_in() {
        for name in CloudName::ALL {
            let cloud = cloud(name);
            assert_eq!(cloud.vault_scope, format!("https://{}/.default", cloud.vault_suffix));
        }
    }

    #[test]
    fn dod_shares_the_login_of_gcc_high_and_nothing_that_microsoft_splits() {
        let (high, dod) = (cloud(CloudName::GccHigh), cloud(CloudName::Dod));

        assert_eq!(high.login, dod.login);
        assert_ne!(high.graph, dod.graph);
        assert_ne!(high.exchange_scope, dod.exchange_scope);
    }
}
