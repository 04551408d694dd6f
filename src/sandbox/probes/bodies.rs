//! A body for each operation that takes one, as full as its documentation lets it be.

use serde_json::Value;
use serde_json::json;

use super::stage::Stage;

/// The body of the Graph operation; none where it takes none.
pub fn graph(stage: &Stage, name: &str) -> Value {
    let id = |name: &str| stage.id(name).to_owned();
    match name {
        "POST applications" | "PATCH applications/{}" => json!({
            "displayName": "full", "description": "d", "notes": "n", "signInAudience": "AzureADMyOrg", "isFallbackPublicClient": true,
            "api": {"acceptMappedClaims": null, "knownClientApplications": [], "requestedAccessTokenVersion": 2,
                "oauth2PermissionScopes": [{"id": "5e5e5e5e-0000-4000-8000-000000000001", "adminConsentDisplayName": "a", "isEnabled": true,
                    "type": "User", "value": "read"}],
                "preAuthorizedApplications": [{"appId": id("appId"), "delegatedPermissionIds": []}]},
            "appRoles": [{"allowedMemberTypes": ["Application"], "description": "d", "displayName": "r",
                "id": "5e5e5e5e-0000-4000-8000-000000000002", "isEnabled": true, "value": "Role"}],
            "info": {"marketingUrl": null}, "optionalClaims": {"accessToken": [{"name": "upn", "essential": false}]},
            "parentalControlSettings": {"countriesBlockedForMinors": [], "legalAgeGroupRule": "Allow"},
            "publicClient": {"redirectUris": ["http://localhost"]}, "spa": {"redirectUris": []}, "tags": ["t"],
            "requiredResourceAccess": [{"resourceAppId": "00000002-0000-0ff1-ce00-000000000000",
                "resourceAccess": [{"id": "dc50a0fb-09a3-484d-be87-e023b12c6440", "type": "Role"}]}],
            "web": {"redirectUris": ["https://tool.example/"], "homePageUrl": null, "logoutUrl": null,
                "implicitGrantSettings": {"enableIdTokenIssuance": false, "enableAccessTokenIssuance": false},
                "redirectUriSettings": [{"uri": "https://tool.example/", "index": 1}]},
        }),
        "POST applications/{}/addPassword" => json!({"passwordCredential": {"displayName": "key", "endDateTime": "2026-12-01T00:00:00Z"}}),
        "POST directoryObjects/getByIds" => json!({"ids": [id("principal")], "types": ["servicePrincipal"]}),
        "POST applications/{}/removePassword" => json!({"keyId": id("keyId")}),
        "POST servicePrincipals" => json!({"appId": id("spare"), "tags": ["t"]}),
        "PATCH servicePrincipals/{}" => json!({"tags": ["WindowsAzureActiveDirectoryIntegratedApp"], "accountEnabled": true}),
        "POST servicePrincipals/{}/appRoleAssignedTo" => json!({
            "principalId": id("principal"), "resourceId": id("exchangePrincipal"), "appRoleId": crate::sandbox::ids::MAILBOX_MIGRATION,
        }),
        "POST servicePrincipals/{}/appRoleAssignments" => json!({
            "principalId": id("principal"), "resourceId": id("graphPrincipal"), "appRoleId": "df021288-bdef-4463-88db-98f22de89214",
        }),
        "POST oauth2PermissionGrants" => json!({
            "clientId": id("principal"), "consentType": "AllPrincipals", "resourceId": id("exchangePrincipal"), "scope": "Exchange.Manage",
        }),
        "PATCH oauth2PermissionGrants/{}" => json!({"scope": "User.Read openid"}),
        "POST roleManagement/directory/roleAssignments" => json!({
            "principalId": id("user"), "roleDefinitionId": "29232cdf-9323-42fd-ade2-1d097af3e4de", "directoryScopeId": "/",
        }),
        "POST invitations" => json!({
            "invitedUserEmailAddress": super::stage::GUEST_APP, "inviteRedirectUrl": "https://office.com", "sendInvitationMessage": true,
            "invitedUserDisplayName": "guest", "invitedUserMessageInfo": {"customizedMessageBody": "hello", "messageLanguage": null,
                "ccRecipients": [{"emailAddress": {"address": "x@contoso.com", "name": null}}]},
        }),
        "POST users" => json!({
            "displayName": "Jon", "mailNickname": "jon", "userPrincipalName": "jon@northwindtraders.onmicrosoft.com", "accountEnabled": true,
            "passwordProfile": {"password": "long enough", "forceChangePasswordNextSignIn": false}, "businessPhones": [], "otherMails": ["a@b.c"],
        }),
        "PATCH users/{}" => json!({"jobTitle": "mover", "usageLocation": "SE", "passwordProfile": {"password": "long enough"}}),
        "POST users/{}/assignLicense" => json!({"addLicenses": [{"skuId": id("sku"), "disabledPlans": []}], "removeLicenses": []}),
        _ => Value::Null,
    }
}

/// The body of the Resource Manager operation.
pub fn arm(stage: &Stage, name: &str) -> Value {
    let tenant = stage.id("tenantId");
    let (method, path) = name.split_once(' ').unwrap_or_default();
    let policy =
        json!([{"tenantId": tenant, "objectId": stage.id("principal"), "permissions": {"secrets": ["get"], "certificates": ["get"]}}]);
    let network =
        json!({"bypass": "AzureServices", "defaultAction": "Allow", "ipRules": [{"value": "10.1.0.0/16"}], "virtualNetworkRules": []});
    let last = path.rsplit('/').next().unwrap_or_default();
    match (method, last) {
        ("PUT", "{resourceGroupName}") => json!({"location": "westeurope", "tags": {"a": "b"}, "properties": {}}),
        ("PUT", "{vaultName}") => json!({"location": "westeurope", "tags": {"a": "b"}, "properties": {
            "tenantId": tenant, "sku": {"family": "A", "name": "standard"}, "accessPolicies": policy, "networkAcls": network,
            "enableSoftDelete": true, "softDeleteRetentionInDays": 90, "publicNetworkAccess": "Enabled",
        }}),
        ("PATCH", "{vaultName}") => {
            json!({"tags": {"a": "b"}, "properties": {"networkAcls": network, "sku": {"family": "A", "name": "standard"},
            "accessPolicies": policy}})
        }
        ("PUT", "{operationKind}") => json!({"properties": {"accessPolicies": policy}}),
        ("POST", "checkNameAvailability") if path.contains("KeyVault") => json!({"name": "nwt-new", "type": "Microsoft.KeyVault/vaults"}),
        ("POST", "checkNameAvailability") => json!({"name": "nwtnew", "type": "Microsoft.Storage/storageAccounts"}),
        ("PUT", "{accountName}") => {
            json!({"location": "westeurope", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}, "tags": {}, "properties": {
                "minimumTlsVersion": "TLS1_2", "networkAcls": {"defaultAction": "Allow", "ipRules": [{"value": "10.1.0.0/16"}]},
            }})
        }
        ("PUT", "{name}") => json!({"properties": {
            "storageAccountId": format!("/subscriptions/{}/resourceGroups/rg-move/providers/Microsoft.Storage/storageAccounts/nwtaudit",
                stage.id("subscriptionId")),
            "logs": [{"category": "AuditEvent", "enabled": true, "retentionPolicy": {"enabled": false, "days": 0}}],
            "metrics": [{"category": "AllMetrics", "enabled": true}],
        }}),
        ("PUT", "{roleAssignmentName}") => json!({"properties": {
            "roleDefinitionId": format!("/subscriptions/{}/providers/Microsoft.Authorization/roleDefinitions/{}", stage.id("subscriptionId"),
                "4633458b-17de-408a-b874-0445c86b69e6"),
            "principalId": stage.id("principal"), "principalType": "ServicePrincipal",
        }}),
        _ => Value::Null,
    }
}

/// The body of the operation of a vault.
pub fn vault(name: &str) -> Value {
    let policy = json!({
        "key_props": {"exportable": true, "kty": "RSA", "key_size": 2048, "reuse_key": false}, "secret_props": {"contentType": "application/x-pkcs12"},
        "x509_props": {"subject": "CN=x", "sans": {"dns_names": ["x.example"]}, "ekus": [], "key_usage": ["digitalSignature"],
            "validity_months": 12, "basic_constraints": {"ca": false}},
        "lifetime_actions": [{"trigger": {"lifetime_percentage": 80}, "action": {"action_type": "AutoRenew"}}],
        "issuer": {"name": "Self"}, "attributes": {"enabled": true},
    });
    match name {
        "POST certificates/{}/create" => json!({"policy": policy, "attributes": {"enabled": true}, "tags": {"a": "b"}}),
        "POST certificates/{}/import" => json!({"value": "bm8gY2VydGlmaWNhdGU=", "pwd": "", "policy": {"secret_props": {"contentType":
            "application/x-pkcs12"}}, "attributes": {"enabled": true}, "tags": {}}),
        "PATCH certificates/{}/pending" => json!({"cancellation_requested": true}),
        "PATCH certificates/{}/policy" => policy,
        "PATCH certificates/{}/{}" => json!({"attributes": {"enabled": true}, "tags": {"a": "b"}, "policy": policy}),
        "PUT secrets/{}" => {
            json!({"value": "hush", "tags": {"a": "b"}, "contentType": "text", "attributes": {"enabled": true, "exp": 1900000000}})
        }
        "PATCH secrets/{}/{}" => json!({"tags": {}, "contentType": "text", "attributes": {"enabled": true}}),
        _ => Value::Null,
    }
}
