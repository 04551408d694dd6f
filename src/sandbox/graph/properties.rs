//! The properties of Graph's types, as published; what stands in none of these lists is refused.

use serde_json::Value;
use serde_json::json;

/// A type: its name, its properties, and those that come when nothing is selected.
pub struct Type {
    /// As the metadata calls it.
    pub name: &'static str,
    /// All properties, `id` among them, with spaces between.
    pub properties: &'static str,
    /// Those that come by default; `None` for all.
    pub by_default: Option<&'static str>,
}

impl Type {
    /// The property of that name, without case.
    pub fn property(&self, name: &str) -> Option<&'static str> {
        self.properties.split_whitespace().find(|known| known.eq_ignore_ascii_case(name))
    }
}

/// The properties, of whichever type, that hold collections.
const COLLECTIONS: &str = "addIns alternativeNames appRoles assignedLicenses assignedPlans businessPhones groupTypes identifierUris identities \
    imAddresses keyCredentials licenseAssignmentStates notificationEmailAddresses oauth2PermissionScopes otherMails resourceScopes \
    passwordCredentials provisionedPlans proxyAddresses replyUrls requiredResourceAccess servicePlans servicePrincipalNames \
    subscriptionIds supportedServices tags technicalNotificationMails verifiedDomains";

/// What a property without content shows: a collection is empty, never null.
pub fn nothing(property: &str) -> Value {
    match COLLECTIONS.split_whitespace().any(|name| name == property) {
        true => json!([]),
        false => Value::Null,
    }
}

/// `organization`
pub const ORGANIZATION: Type = Type {
    name: "organization",
    properties: "id deletedDateTime assignedPlans businessPhones city country countryLetterCode createdDateTime defaultUsageLocation \
        displayName onPremisesLastSyncDateTime onPremisesSyncEnabled partnerTenantType postalCode preferredLanguage provisionedPlans \
        state street technicalNotificationMails tenantType verifiedDomains",
    by_default: None,
};

/// `domain`
pub const DOMAIN: Type = Type {
    name: "domain",
    properties: "id authenticationType availabilityStatus isAdminManaged isDefault isInitial isRoot isVerified \
        passwordNotificationWindowInDays passwordValidityPeriodInDays state supportedServices",
    by_default: None,
};

/// `application`
pub const APPLICATION: Type = Type {
    name: "application",
    properties: "id deletedDateTime addIns api appId appRoles applicationTemplateId createdDateTime description disabledByMicrosoftStatus \
        displayName groupMembershipClaims identifierUris info isDeviceOnlyAuthSupported isFallbackPublicClient keyCredentials notes \
        optionalClaims parentalControlSettings passwordCredentials publicClient publisherDomain requiredResourceAccess \
        serviceManagementReference signInAudience spa tags tokenEncryptionKeyId uniqueName verifiedPublisher web",
    by_default: None,
};

/// `servicePrincipal`
pub const SERVICE_PRINCIPAL: Type = Type {
    name: "servicePrincipal",
    properties: "id deletedDateTime accountEnabled addIns alternativeNames appDescription appDisplayName appId applicationTemplateId \
        appOwnerOrganizationId appRoleAssignmentRequired appRoles description disabledByMicrosoftStatus displayName \
        homepage info keyCredentials loginUrl logoutUrl notes notificationEmailAddresses oauth2PermissionScopes passwordCredentials \
        replyUrls servicePrincipalNames servicePrincipalType signInAudience tags verifiedPublisher",
    by_default: None,
};

/// `appRoleAssignment`
pub const APP_ROLE_ASSIGNMENT: Type = Type {
    name: "appRoleAssignment",
    properties: "id deletedDateTime appRoleId createdDateTime principalDisplayName principalId principalType resourceDisplayName resourceId",
    by_default: None,
};

/// `oAuth2PermissionGrant`
pub const PERMISSION_GRANT: Type = Type {
    name: "oAuth2PermissionGrant",
    properties: "id clientId consentType principalId resourceId scope",
    by_default: None,
};

/// `unifiedRoleAssignment`
pub const ROLE_ASSIGNMENT: Type = Type {
    name: "unifiedRoleAssignment",
    properties: "id principalId roleDefinitionId directoryScopeId",
    by_default: None,
};

/// `unifiedRoleDefinition`
pub const ROLE_DEFINITION: Type = Type {
    name: "unifiedRoleDefinition",
    properties: "id description displayName isBuiltIn isEnabled resourceScopes templateId version",
    by_default: None,
};

/// `directoryRole`
pub const DIRECTORY_ROLE: Type = Type {
    name: "directoryRole",
    properties: "id deletedDateTime description displayName roleTemplateId",
    by_default: None,
};

/// `user`
pub const USER: Type = Type {
    name: "user",
    properties: "id deletedDateTime accountEnabled ageGroup assignedLicenses assignedPlans businessPhones city companyName country \
        createdDateTime creationType department displayName employeeId employeeType externalUserState externalUserStateChangeDateTime \
        faxNumber givenName identities imAddresses isResourceAccount jobTitle lastPasswordChangeDateTime licenseAssignmentStates mail \
        mailNickname mobilePhone officeLocation onPremisesDistinguishedName onPremisesDomainName onPremisesExtensionAttributes \
        onPremisesImmutableId onPremisesLastSyncDateTime onPremisesSamAccountName onPremisesSyncEnabled onPremisesUserPrincipalName \
        otherMails passwordPolicies passwordProfile postalCode preferredDataLocation preferredLanguage provisionedPlans \
        proxyAddresses showInAddressList state streetAddress surname usageLocation userPrincipalName userType",
    by_default: Some(
        "businessPhones displayName givenName jobTitle mail mobilePhone officeLocation preferredLanguage surname userPrincipalName id",
    ),
};

/// What a caller may write of a user.
pub const USER_WRITABLE: &str = "accountEnabled ageGroup businessPhones city companyName country department displayName employeeId employeeType faxNumber \
        givenName jobTitle mail mailNickname mobilePhone officeLocation onPremisesImmutableId otherMails passwordPolicies \
        passwordProfile postalCode preferredDataLocation preferredLanguage showInAddressList state streetAddress surname \
        usageLocation userPrincipalName userType";

/// `group`
pub const GROUP: Type = Type {
    name: "group",
    properties: "id deletedDateTime classification createdDateTime description displayName expirationDateTime groupTypes isAssignableToRole \
        mail mailEnabled mailNickname membershipRule onPremisesSyncEnabled proxyAddresses securityEnabled visibility",
    by_default: None,
};

/// `directoryObject`, with what its members show of themselves.
pub const DIRECTORY_OBJECT: Type = Type {
    name: "directoryObject",
    properties: "id deletedDateTime displayName mail userPrincipalName userType mailEnabled securityEnabled groupTypes proxyAddresses \
        roleTemplateId appId",
    by_default: None,
};

/// `subscribedSku`
pub const SUBSCRIBED_SKU: Type = Type {
    name: "subscribedSku",
    properties: "id accountId accountName appliesTo capabilityStatus consumedUnits prepaidUnits servicePlans skuId skuPartNumber \
        subscriptionIds",
    by_default: None,
};

/// `licenseDetails`
pub const LICENCE_DETAILS: Type = Type {
    name: "licenseDetails",
    properties: "id servicePlans skuId skuPartNumber",
    by_default: None,
};
