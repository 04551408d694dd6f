//! The columns of an attribute file and how single values are read.

use uuid::Uuid;

use crate::model::Kind;
use crate::model::ProxyAddress;
use crate::model::Record;
use crate::model::Trouble;
use crate::model::same_text;

/// Texts that are taken over as they are, from the mailbox or, for the names, from `Get-User`.
pub(super) const TEXTS: &[&str] = &[
    "PrimarySmtpAddress",
    "Alias",
    "SamAccountName",
    "FirstName",
    "LastName",
    "DisplayName",
    "Name",
    "UserPrincipalName",
    "RecipientTypeDetails",
    "ExternalDirectoryObjectId",
];
pub(super) const GUIDS: &[&str] = &["ExchangeGuid", "ArchiveGuid", "DisabledArchiveGuid"];
pub(super) const FLAGS: &[&str] = &[
    "HiddenFromAddressListsEnabled",
    "LitigationHoldEnabled",
    "SingleItemRecoveryEnabled",
    "DelayHoldApplied",
    "DelayReleaseHoldApplied",
    "ComplianceTagHoldApplied",
];
pub(super) const NUMBERS: &[&str] = &["ELCValue", "AuxArchives"];
pub(super) const LISTS: &[&str] = &["EmailAddresses", "InPlaceHolds", "PersistedCapabilities"];

/// The bits of `msExchELCMailboxFlags` that a MailUser may carry over.
pub(super) const LITIGATION_HOLD: i64 = 8;
pub(super) const SINGLE_ITEM_RECOVERY: i64 = 16;

/// How many auxiliary archives a mailbox has: counted, or as an attribute file tells.
pub(in crate::migrate) fn aux_archives(mailbox: &Record) -> Option<i64> {
    if !mailbox.has("MailboxLocations") {
        return mailbox.number("AuxArchives");
    }
    let is_auxiliary = |location: &String| {
        location
            .split(';')
            .nth(2)
            .is_some_and(|kind| kind.eq_ignore_ascii_case("AuxArchive"))
    };
    Some(
        mailbox
            .list("MailboxLocations")
            .iter()
            .filter(|location| is_auxiliary(location))
            .count() as i64,
    )
}

/// The parsed `EmailAddresses`.
pub(in crate::migrate) fn addresses(row: &Record) -> Result<Vec<ProxyAddress>, Trouble> {
    let entries = row.list("EmailAddresses");
    if entries.is_empty() {
        return Err(lacking(&user_of(row), "EmailAddresses"));
    }
    let parse = |entry: &String| {
        ProxyAddress::parse(entry).ok_or_else(|| {
            let trouble = Trouble::new(
                Kind::Invalid,
                format!("`{entry}` in `EmailAddresses` of `{}` is no address", user_of(row)),
            );
            let lost = entry.starts_with("System.") || entry.starts_with("Microsoft.") || entry.starts_with("Deserialized.");
            trouble.with_code("BadValue").on_object(user_of(row)).with_remedy(if lost {
                "`Export-Csv` loses lists; export again with `export-attributes` or `Export-Clixml`"
            } else {
                "separate addresses by `;`, and put one that holds a `;` in double quotes"
            })
        })
    };
    entries.iter().map(parse).collect()
}

/// Who a row is about, for messages.
pub(in crate::migrate) fn user_of(row: &Record) -> String {
    let names = ["PrimarySmtpAddress", "UserPrincipalName", "Alias", "DisplayName", "EmailAddress"];
    names
        .iter()
        .find_map(|name| row.text(name))
        .unwrap_or("a row without a name")
        .to_owned()
}

/// The onmicrosoft.com address that leads to the source mailbox: in the initial domain if that is known, else in a plain
/// `name.onmicrosoft.com`, else in any (hybrid tenants have `name.mail.onmicrosoft.com` too).
pub(super) fn routing_address(entries: &[String], initial_domain: Option<&str>) -> Option<String> {
    let addresses: Vec<ProxyAddress> = entries.iter().filter_map(|entry| ProxyAddress::parse(entry)).collect();
    let in_domain = |fits: &dyn Fn(&str) -> bool| {
        let found = addresses
            .iter()
            .find(|address| address.domain().is_some_and(|domain| fits(&domain)));
        found.map(|address| address.address().to_owned())
    };
    in_domain(&|domain| initial_domain.is_some_and(|initial| same_text(initial, domain) && is_onmicrosoft(domain)))
        .or_else(|| in_domain(&|domain| is_onmicrosoft(domain) && domain.split('.').count() == 3))
        .or_else(|| in_domain(&is_onmicrosoft))
}

/// Whether a domain is one that Microsoft gives to a tenant; no tenant can take over another's.
pub(in crate::migrate) fn is_onmicrosoft(domain: &str) -> bool {
    let domain = domain.to_lowercase();
    [".onmicrosoft.com", ".onmicrosoft.us", ".partner.onmschina.cn"]
        .iter()
        .any(|ending| domain.ends_with(ending))
}

pub(super) fn guid_text(guid: Option<Uuid>) -> String {
    guid.map(|guid| guid.to_string()).unwrap_or_default()
}

pub(super) fn lacking(user: &str, column: &str) -> Trouble {
    Trouble::new(Kind::Invalid, format!("`{user}` has no `{column}`"))
        .with_code("MissingAttribute")
        .on_object(user)
        .with_remedy("take the file that `export-attributes` wrote in the source tenant")
}
