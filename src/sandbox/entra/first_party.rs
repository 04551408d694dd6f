//! Microsoft's own clients, which every tenant knows without a registration.
//!
//! They may ask for what the owners of the services agreed to with them, and for nothing else.

use serde_json::Map;
use serde_json::json;

use crate::sandbox::Object;
use crate::sandbox::ids;
use crate::sandbox::scopes;

/// One of them. All are public.
#[derive(Debug, PartialEq, Eq)]
pub struct FirstParty {
    /// Its application id.
    pub app_id: &'static str,
    /// Its name.
    pub name: &'static str,
    /// The permissions that it has in every tenant, by resource.
    preauthorized: &'static [(&'static str, &'static [&'static str])],
    /// Whether a tenant may give it more of Graph by consent.
    takes_consent: bool,
}

const OF_AZURE: &[&str] = &["user_impersonation"];

static ALL: &[FirstParty] = &[
    FirstParty {
        app_id: "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
        name: "Microsoft Azure CLI",
        preauthorized: &[
            (
                ids::GRAPH,
                &[
                    "Application.ReadWrite.All",
                    "AppRoleAssignment.ReadWrite.All",
                    "AuditLog.Read.All",
                    "DelegatedPermissionGrant.ReadWrite.All",
                    "Directory.AccessAsUser.All",
                    "Group.ReadWrite.All",
                    "User.Read.All",
                    "User.ReadWrite.All",
                ],
            ),
            (ids::ARM, OF_AZURE),
            (ids::KEY_VAULT, OF_AZURE),
            (ids::STORAGE, OF_AZURE),
        ],
        takes_consent: false,
    },
    FirstParty {
        app_id: "1950a258-227b-4e31-a9cf-717495945fc2",
        name: "Microsoft Azure PowerShell",
        preauthorized: &[
            (
                ids::GRAPH,
                &[
                    "Application.ReadWrite.All",
                    "AppRoleAssignment.ReadWrite.All",
                    "AuditLog.Read.All",
                    "DelegatedPermissionGrant.ReadWrite.All",
                    "Directory.AccessAsUser.All",
                    "Group.ReadWrite.All",
                    "User.Read.All",
                ],
            ),
            (ids::ARM, OF_AZURE),
            (ids::KEY_VAULT, OF_AZURE),
            (ids::STORAGE, OF_AZURE),
        ],
        takes_consent: false,
    },
    FirstParty {
        app_id: "14d82eec-204b-4c2f-b7e8-296a70dab67e",
        name: "Microsoft Graph Command Line Tools",
        preauthorized: &[],
        takes_consent: true,
    },
    FirstParty {
        app_id: "fb78d390-0c51-40cd-8e17-fdbfab77341b",
        name: "Microsoft Exchange REST API Based Powershell",
        preauthorized: &[(
            ids::EXCHANGE,
            &[
                "AdminApi.AccessAsUser.All",
                "FfoPowerShell.AccessAsUser.All",
                "RemotePowerShell.AccessAsUser.All",
            ],
        )],
        takes_consent: false,
    },
    FirstParty {
        app_id: "1b730954-1685-4b74-9bfd-dac224a7b894",
        name: "Azure Active Directory PowerShell",
        preauthorized: &[(
            ids::GRAPH,
            &["Directory.AccessAsUser.All", "Directory.ReadWrite.All", "User.Invite.All"],
        )],
        takes_consent: false,
    },
];

/// The client with that application id.
pub fn find(app_id: &str) -> Option<&'static FirstParty> {
    ALL.iter().find(|client| client.app_id.eq_ignore_ascii_case(app_id))
}

impl FirstParty {
    /// What it may ask of a resource in every tenant.
    pub fn scopes(&self, resource_app_id: &str) -> &'static [&'static str] {
        let found = self.preauthorized.iter().find(|(resource, _)| *resource == resource_app_id);
        found.map_or(&[], |(_, scopes)| scopes)
    }

    /// Whether a tenant decides what it may ask of a resource.
    pub fn takes_consent(&self, resource_app_id: &str) -> bool {
        self.takes_consent && resource_app_id == ids::GRAPH
    }

    /// Its registration, which is in no tenant of the sandbox.
    pub fn application(&self) -> Object {
        let mut application = Object::new("", "application", Map::new());
        application.set("appId", self.app_id);
        application.set("displayName", self.name);
        application.set("signInAudience", "AzureADandPersonalMicrosoftAccount");
        application.set("isFallbackPublicClient", true);
        let listed = scopes::scope(ids::GRAPH, "User.Read").into_iter();
        let listed: Vec<_> = listed.map(|scope| json!({"id": scope.id, "type": "Scope"})).collect();
        application.set(
            "requiredResourceAccess",
            json!([{"resourceAppId": ids::GRAPH, "resourceAccess": listed}]),
        );
        application.set(
            "publicClient",
            json!({"redirectUris": ["http://localhost", super::redirect::NATIVE]}),
        );
        application
    }
}
