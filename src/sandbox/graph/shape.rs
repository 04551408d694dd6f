//! What the properties that a caller may write hold, down to the last object. What is not listed, or of another type, is refused.

use serde_json::Map;
use serde_json::Value;

use super::fault::Fault;

/// What a property holds. `null` fits everywhere.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// A text.
    Text,
    /// A truth.
    Flag,
    /// A whole number.
    Whole,
    /// A list of texts.
    Texts,
    /// An object of these properties.
    Object(&'static [Field]),
    /// A list of objects of these properties.
    Objects(&'static [Field]),
}

use Shape::Flag;
use Shape::Object;
use Shape::Objects;
use Shape::Text;
use Shape::Texts;
use Shape::Whole;

/// A property: name and what it holds.
pub type Field = (&'static str, Shape);

/// What `addPassword` takes.
pub const PASSWORD: &[Field] = &[("displayName", Text), ("startDateTime", Text), ("endDateTime", Text)];

/// What `getByIds` takes.
pub const IDS: &[Field] = &[("ids", Texts), ("types", Texts)];

/// An entry of `addLicenses`.
pub const LICENCE: &[Field] = &[("skuId", Text), ("disabledPlans", Texts)];

const REDIRECTS: &[Field] = &[("redirectUris", Texts)];
const CLAIM: &[Field] = &[
    ("additionalProperties", Texts),
    ("essential", Flag),
    ("name", Text),
    ("source", Text),
];

/// The properties, of whichever type, that hold something else than a text.
const PROPERTIES: &[Field] = &[
    ("accountEnabled", Flag),
    ("alternativeNames", Texts),
    (
        "api",
        Object(&[
            ("acceptMappedClaims", Flag),
            ("knownClientApplications", Texts),
            (
                "oauth2PermissionScopes",
                Objects(&[
                    ("adminConsentDescription", Text),
                    ("adminConsentDisplayName", Text),
                    ("id", Text),
                    ("isEnabled", Flag),
                    ("origin", Text),
                    ("type", Text),
                    ("userConsentDescription", Text),
                    ("userConsentDisplayName", Text),
                    ("value", Text),
                ]),
            ),
            (
                "preAuthorizedApplications",
                Objects(&[("appId", Text), ("delegatedPermissionIds", Texts)]),
            ),
            ("requestedAccessTokenVersion", Whole),
        ]),
    ),
    ("appRoleAssignmentRequired", Flag),
    (
        "appRoles",
        Objects(&[
            ("allowedMemberTypes", Texts),
            ("description", Text),
            ("displayName", Text),
            ("id", Text),
            ("isEnabled", Flag),
            ("origin", Text),
            ("value", Text),
        ]),
    ),
    ("businessPhones", Texts),
    ("identifierUris", Texts),
    (
        "info",
        Object(&[
            ("logoUrl", Text),
            ("marketingUrl", Text),
            ("privacyStatementUrl", Text),
            ("supportUrl", Text),
            ("termsOfServiceUrl", Text),
        ]),
    ),
    (
        "invitedUserMessageInfo",
        Object(&[
            (
                "ccRecipients",
                Objects(&[("emailAddress", Object(&[("address", Text), ("name", Text)]))]),
            ),
            ("customizedMessageBody", Text),
            ("messageLanguage", Text),
        ]),
    ),
    ("isDeviceOnlyAuthSupported", Flag),
    ("isFallbackPublicClient", Flag),
    (
        "keyCredentials",
        Objects(&[
            ("customKeyIdentifier", Text),
            ("displayName", Text),
            ("endDateTime", Text),
            ("key", Text),
            ("keyId", Text),
            ("startDateTime", Text),
            ("type", Text),
            ("usage", Text),
        ]),
    ),
    ("notificationEmailAddresses", Texts),
    (
        "optionalClaims",
        Object(&[
            ("accessToken", Objects(CLAIM)),
            ("idToken", Objects(CLAIM)),
            ("saml2Token", Objects(CLAIM)),
        ]),
    ),
    ("otherMails", Texts),
    (
        "parentalControlSettings",
        Object(&[("countriesBlockedForMinors", Texts), ("legalAgeGroupRule", Text)]),
    ),
    (
        "passwordProfile",
        Object(&[
            ("forceChangePasswordNextSignIn", Flag),
            ("forceChangePasswordNextSignInWithMfa", Flag),
            ("password", Text),
        ]),
    ),
    ("publicClient", Object(REDIRECTS)),
    ("replyUrls", Texts),
    (
        "requiredResourceAccess",
        Objects(&[
            ("resourceAccess", Objects(&[("id", Text), ("type", Text)])),
            ("resourceAppId", Text),
        ]),
    ),
    ("resetRedemption", Flag),
    ("sendInvitationMessage", Flag),
    ("servicePrincipalNames", Texts),
    ("showInAddressList", Flag),
    ("spa", Object(REDIRECTS)),
    ("tags", Texts),
    (
        "web",
        Object(&[
            ("homePageUrl", Text),
            (
                "implicitGrantSettings",
                Object(&[("enableAccessTokenIssuance", Flag), ("enableIdTokenIssuance", Flag)]),
            ),
            ("logoutUrl", Text),
            ("redirectUriSettings", Objects(&[("index", Whole), ("uri", Text)])),
            ("redirectUris", Texts),
        ]),
    ),
];

/// Refuses properties of a body that hold what they cannot.
pub fn check_body(body: &Map<String, Value>) -> Result<(), Fault> {
    for (name, value) in body.iter().filter(|(name, _)| !name.contains('@')) {
        let shape = PROPERTIES.iter().find(|(known, _)| known == name).map_or(Text, |(_, shape)| *shape);
        check(value, shape)?;
    }
    Ok(())
}

/// Refuses what does not fit.
pub fn check(value: &Value, shape: Shape) -> Result<(), Fault> {
    match (shape, value) {
        (_, Value::Null) | (Text, Value::String(_)) | (Flag, Value::Bool(_)) => Ok(()),
        (Whole, Value::Number(number)) if number.is_i64() => Ok(()),
        (Texts, Value::Array(items)) => items.iter().try_for_each(|item| match item {
            Value::String(_) => Ok(()),
            _ => Err(misfit(Text)),
        }),
        (Object(fields), Value::Object(object)) => check_object(object, fields),
        (Objects(fields), Value::Array(items)) => items.iter().try_for_each(|item| match item {
            Value::Object(object) => check_object(object, fields),
            _ => Err(misfit(Object(fields))),
        }),
        (shape, _) => Err(misfit(shape)),
    }
}

fn check_object(object: &Map<String, Value>, fields: &[Field]) -> Result<(), Fault> {
    for (name, value) in object.iter().filter(|(name, _)| !name.contains('@')) {
        match fields.iter().find(|(known, _)| known == name) {
            Some((_, shape)) => check(value, *shape)?,
            None => return Err(Fault::invalid(format!("Invalid property '{name}'."))),
        }
    }
    Ok(())
}

fn misfit(shape: Shape) -> Fault {
    Fault::bad_request(match shape {
        Texts | Objects(_) => "Cannot read the value of a collection property.",
        Object(_) => "Cannot read the value of a complex property.",
        Flag => "Cannot convert a value to the expected type 'Edm.Boolean'.",
        Whole => "Cannot convert a value to the expected type 'Edm.Int32'.",
        Text => "Cannot convert a value to the expected type 'Edm.String'.",
    })
}
