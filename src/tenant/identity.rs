//! Whether an object is the one that was asked for. Several cmdlets answer an identity that they do not know with every object
//! they have, so what comes back is held against what was asked.

use crate::model::ProxyAddress;
use crate::model::Record;
use crate::model::same_text;
use crate::model::without_prefix;

/// The properties that identify a recipient, a configuration object, a migration object or a directory object.
const FORMS: &[&str] = &[
    "Identity",
    "Id",
    "Name",
    "Alias",
    "Guid",
    "ExchangeObjectId",
    "ExternalDirectoryObjectId",
    "DistinguishedName",
    "LegacyExchangeDN",
    "ExchangeGuid",
    "ArchiveGuid",
    "UserPrincipalName",
    "MicrosoftOnlineServicesID",
    "PrimarySmtpAddress",
    "WindowsEmailAddress",
    "DisplayName",
    "SamAccountName",
    "BatchGuid",
    "BatchId",
    "Identifier",
    "MailboxIdentifier",
    "MailboxEmailAddress",
    "EmailAddress",
    "MailboxGuid",
    "appId",
    "mail",
];

/// Whether one of the names that `record` goes by is `identity`.
pub(super) fn goes_by(record: &Record, identity: &str) -> bool {
    let identity = bare(identity);
    let is_it = |value: &str| same_text(bare(value), identity);
    let is_legacy_name = |entry: &str| ProxyAddress::parse(entry).is_some_and(|entry| entry.is("X500") && is_it(entry.address()));
    let addresses = record.list("EmailAddresses");
    FORMS.iter().any(|form| record.text(form).is_some_and(is_it)) || addresses.iter().any(|entry| is_it(entry) || is_legacy_name(entry))
}

/// An address without its type, a GUID without its braces.
fn bare(text: &str) -> &str {
    without_prefix(text.trim().trim_matches(['{', '}']))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_object_is_known_by_each_of_its_names_and_by_no_other() {
        let lara: Record = json!({
            "Identity": "LaraN", "ExchangeGuid": "1ec059c7-8396-4d0b-af4e-d6bd4c12a8d8",
            "EmailAddresses": ["SMTP:Lara.Newton@contoso.com", "X500:/o=First Organization/cn=d11e-Lara"],
        })
        .as_object()
        .cloned()
        .expect("an object")
        .into();

        for name in [
            "laran",
            "{1EC059C7-8396-4D0B-AF4E-D6BD4C12A8D8}",
            "lara.newton@contoso.com",
            "/o=first organization/cn=d11e-lara",
        ] {
            assert!(goes_by(&lara, name), "{name}");
        }
        assert!(!goes_by(&lara, "Lara"));
    }
}
