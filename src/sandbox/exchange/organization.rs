//! The organization: its settings, its accepted domains, and its opening for customization.

use jiff::SignedDuration;
use jiff::Timestamp;
use serde_json::Value;
use serde_json::json;

use crate::sandbox::Object;
use crate::sandbox::Tx;
use crate::sandbox::directory;
use crate::sandbox::exchange::Answer;
use crate::sandbox::exchange::Call;
use crate::sandbox::exchange::Cmdlet;
use crate::sandbox::exchange::Output;
use crate::sandbox::exchange::Parameter::Number;
use crate::sandbox::exchange::Parameter::Text;
use crate::sandbox::exchange::Refusal;
use crate::sandbox::exchange::refusal;
use crate::sandbox::rule;

/// The cmdlets of the organization.
pub const CMDLETS: &[Cmdlet] = &[
    Cmdlet {
        name: "Get-OrganizationConfig",
        parameters: &[],
        mandatory: &[],
        role: "View",
        run: get_config,
    },
    Cmdlet {
        name: "Enable-OrganizationCustomization",
        parameters: &[],
        mandatory: &[],
        role: "Organization Configuration",
        run: enable_customization,
    },
    Cmdlet {
        name: "Get-AcceptedDomain",
        parameters: &[("Identity", Text), ("ResultSize", Number)],
        mandatory: &[],
        role: "View",
        run: get_accepted_domain,
    },
];

/// How long the service takes to open an organization.
const OPENING: SignedDuration = SignedDuration::from_mins(25);
const OPENED: &str = "_CustomizationEnabled";

/// Refuses a customising write while the organization is dehydrated.
pub fn check_hydrated(tx: &Tx<'_>, tenant: &str) -> Result<(), Refusal> {
    match is_dehydrated(tx, tenant) {
        true => Err(refusal::dehydrated()),
        false => Ok(()),
    }
}

/// Whether customising writes are refused: until some time after `Enable-OrganizationCustomization`.
pub fn is_dehydrated(tx: &Tx<'_>, tenant: &str) -> bool {
    let Some(organization) = directory::tenant(tx, tenant) else {
        return false;
    };
    organization.flag("isDehydrated") && opened_at(&organization).is_none_or(|opened| tx.now() < opened + OPENING)
}

fn opened_at(organization: &Object) -> Option<Timestamp> {
    organization.text(OPENED).parse().ok()
}

fn organization(call: &Call<'_>) -> Result<Object, Refusal> {
    directory::tenant(call.tx, call.tenant).ok_or_else(|| Refusal::not_found(call.tenant))
}

fn get_config(call: &Call<'_>) -> Answer {
    let organization = organization(call)?;
    let name = directory::initial_domain(call.tx, call.tenant);
    let config = json!({
        "Name": name,
        "Identity": name,
        "Id": name,
        "Guid": organization.text("id"),
        "DisplayName": organization.text("displayName"),
        "OrganizationId": format!("NAMPR00A000.PROD.OUTLOOK.COM/Microsoft Exchange Hosted Organizations/{name}"),
        "IsDehydrated": is_dehydrated(call.tx, call.tenant),
        "AllowedMailboxRegions": ["NAM"],
        "DefaultMailboxRegion": "NAM",
        "AuditDisabled": false,
        "EwsEnabled": null,
        "PublicFoldersEnabled": "Local",
        "IsMixedMode": false,
        "RequiredCharsetCoverage": 100,
        "ExchangeVersion": "0.20 (15.0.0.0)",
        "AdminDisplayVersion": "0.20 (15.20.7587.36)",
        "WhenCreated": organization.text("createdDateTime"),
        "IsValid": true,
    });
    Ok(Output::one(config.as_object().cloned().unwrap_or_default()))
}

fn enable_customization(call: &Call<'_>) -> Answer {
    let mut organization = organization(call)?;
    // While it is being opened the service says the same as afterwards; reading tells the difference.
    if !organization.flag("isDehydrated") || opened_at(&organization).is_some() {
        return Err(Refusal::by(&rule::CUSTOMIZED_ALREADY, &[]));
    }
    organization.set(OPENED, call.tx.now().to_string());
    directory::store_tenant(call.tx, &organization)?;
    Ok(Output::default())
}

fn get_accepted_domain(call: &Call<'_>) -> Answer {
    let organization = organization(call)?;
    let domains = organization.body.get("domains").and_then(Value::as_array);
    let wanted = call.text("Identity");
    let mut value = Vec::new();
    for domain in domains.into_iter().flatten() {
        let name = domain["name"].as_str().unwrap_or_default();
        if wanted.is_some_and(|wanted| !wanted.eq_ignore_ascii_case(name)) {
            continue;
        }
        let record = json!({
            "DomainName": name,
            "CatchAllRecipientID": null,
            "DomainType": "Authoritative",
            "MatchSubDomains": false,
            "AddressBookEnabled": true,
            "Default": domain["isDefault"] == Value::Bool(true),
            "EmailOnly": false,
            "ExternallyManaged": false,
            "AuthenticationType": "Managed",
            "LiveIdInstanceType": "Business",
            "PendingRemoval": false,
            "PendingCompletion": false,
            "OutboundOnly": false,
            "IsCoexistenceDomain": name.ends_with(".mail.onmicrosoft.com"),
            "InitialDomain": domain["isInitial"] == Value::Bool(true),
            "SendingFromDomainDisabled": false,
            "ExchangeVersion": "0.20 (15.0.0.0)",
            "Name": name,
            "Identity": name,
            "IsValid": true,
        });
        value.extend(record.as_object().cloned());
    }
    match (wanted, value.is_empty()) {
        (Some(wanted), true) => Err(Refusal::not_found(wanted)),
        _ => Ok(Output {
            value,
            warnings: Vec::new(),
        }),
    }
}
