//! People that somebody brings: mailboxes as `export-attributes` and `Get-Mailbox` write them, with Exchange's property names.

use std::collections::HashMap;

use serde_json::Value;
use serde_json::json;
use uuid::Uuid;

use super::TARGET_DOMAINS;
use super::names;
use crate::model::ProxyAddress;
use crate::model::Record;
use crate::model::domain_of;
use crate::model::local_part_of;
use crate::model::split_list;

/// Properties that become the mailbox's as they are: texts, truths and lists.
const TEXTS: &[&str] = &["FirstName", "LastName", "LegacyExchangeDN"];
const FLAGS: &[&str] = &[
    "HiddenFromAddressListsEnabled",
    "LitigationHoldEnabled",
    "DelayHoldApplied",
    "DelayReleaseHoldApplied",
    "ComplianceTagHoldApplied",
];
const GUIDS: &[&str] = &["ExchangeGuid", "ArchiveGuid", "DisabledArchiveGuid"];
const TYPES: &[&str] = &["UserMailbox", "SharedMailbox", "RoomMailbox", "EquipmentMailbox"];

/// A mailbox that somebody brings.
#[derive(Debug, Clone)]
pub struct Person {
    /// `Name`, which is unique.
    pub(super) name: String,
    /// `Alias`.
    pub(super) alias: String,
    /// `DisplayName`.
    pub(super) display: String,
    /// `UserPrincipalName`.
    pub(super) upn: String,
    /// `RecipientTypeDetails`.
    pub(super) details: &'static str,
    /// `EmailAddresses`, with the primary one.
    pub(super) addresses: Vec<String>,
    /// The id of its Entra user, when it is told.
    pub(super) directory_id: Option<String>,
    /// How many auxiliary archives it has.
    pub(super) aux_archives: usize,
    /// Other properties of the mailbox.
    pub(super) properties: Vec<(String, Value)>,
}

/// A value that nobody can be made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadValue {
    /// The number of the row, from 0.
    pub row: usize,
    /// Its property.
    pub column: String,
    /// What is wrong with it.
    pub what: String,
}

impl Person {
    /// The people of `rows`, or all that is wrong with them. `PrimarySmtpAddress` is needed; everything else is made up.
    pub fn read_all(rows: &[Record]) -> Result<Vec<Self>, Vec<BadValue>> {
        let mut bad = Vec::new();
        let mut people = Vec::new();
        let mut taken = HashMap::new();
        for (row, record) in rows.iter().enumerate() {
            let mut reader = Reader {
                row,
                record,
                bad: &mut bad,
            };
            let Some(person) = reader.person() else { continue };
            for (column, value) in person.unique() {
                if let Some(before) = taken.insert((column, value.to_lowercase()), row) {
                    let what = format!("`{value}` is that of row {} too", before + 1);
                    reader.refuse(column, what);
                }
            }
            people.push(person);
        }
        if bad.is_empty() { Ok(people) } else { Err(bad) }
    }

    /// The domains of the addresses and of the user principal name.
    pub(super) fn domains(&self) -> impl Iterator<Item = String> {
        let addresses = self.addresses.iter().filter_map(|entry| ProxyAddress::parse(entry)?.domain());
        addresses.chain(domain_of(&self.upn))
    }

    /// What no two people may share.
    fn unique(&self) -> Vec<(&'static str, String)> {
        let mut values = vec![
            ("Name", self.name.clone()),
            ("Alias", self.alias.clone()),
            ("UserPrincipalName", self.upn.clone()),
        ];
        values.extend(self.directory_id.clone().map(|id| ("ExternalDirectoryObjectId", id)));
        values.extend(self.addresses.iter().map(|entry| ("EmailAddresses", entry.clone())));
        let guids = self.properties.iter().filter(|(name, _)| GUIDS.contains(&name.as_str()));
        values.extend(guids.filter_map(|(_, value)| Some(("ExchangeGuid", value.as_str()?.to_owned()))));
        values
    }
}

/// Reads one row and notes what is wrong with it.
struct Reader<'a> {
    row: usize,
    record: &'a Record,
    bad: &'a mut Vec<BadValue>,
}

impl Reader<'_> {
    fn refuse(&mut self, column: &str, what: impl Into<String>) {
        self.bad.push(BadValue {
            row: self.row,
            column: column.to_owned(),
            what: what.into(),
        });
    }

    fn text(&self, name: &str) -> Option<String> {
        self.record
            .text(name)
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    }

    fn person(&mut self) -> Option<Person> {
        let primary = self.primary()?;
        let local = local_part_of(&primary).unwrap_or_default().to_owned();
        let alias = self.text("Alias").unwrap_or_else(|| names::plain(&local));
        let addresses = self.addresses(&primary);
        let details = self.details();
        let upn = self.text("UserPrincipalName").unwrap_or_else(|| primary.clone());
        self.check_domain("UserPrincipalName", &upn);
        let directory_id = self.guid("ExternalDirectoryObjectId");
        Some(Person {
            name: self.text("Name").unwrap_or_else(|| alias.clone()),
            display: self.text("DisplayName").unwrap_or(local),
            alias,
            upn,
            details,
            addresses,
            directory_id,
            aux_archives: self
                .record
                .number("AuxArchives")
                .and_then(|count| usize::try_from(count).ok())
                .unwrap_or_default(),
            properties: self.properties(),
        })
    }

    fn primary(&mut self) -> Option<String> {
        let Some(primary) = self.text("PrimarySmtpAddress") else {
            self.refuse("PrimarySmtpAddress", "there is no address");
            return None;
        };
        let is_address = ProxyAddress::parse(&format!("SMTP:{primary}")).is_some();
        if !is_address {
            self.refuse("PrimarySmtpAddress", format!("`{primary}` is no address"));
            return None;
        }
        self.check_domain("PrimarySmtpAddress", &primary);
        Some(primary)
    }

    /// The addresses of the cell, the primary one first. A list that `Export-Csv` lost counts as none.
    fn addresses(&mut self, primary: &str) -> Vec<String> {
        let entries = match self.record.get("EmailAddresses") {
            Some(Value::String(cell)) => split_list(cell),
            _ => self.record.list("EmailAddresses"),
        };
        let is_lost = |entry: &String| entry.starts_with("System.") || entry.starts_with("Deserialized.");
        let mut addresses = vec![ProxyAddress::primary(primary).to_string()];
        for entry in entries.iter().filter(|entry| !is_lost(entry)) {
            let Some(address) = ProxyAddress::parse(entry) else {
                self.refuse("EmailAddresses", format!("`{entry}` is no address"));
                continue;
            };
            if address.is_smtp() {
                self.check_domain("EmailAddresses", address.address());
            }
            let address = if address.is_primary() {
                ProxyAddress::secondary(address.address())
            } else {
                address
            };
            let is_known = addresses
                .iter()
                .any(|known| ProxyAddress::parse(known).is_some_and(|known| known.is_same_address(&address)));
            if !is_known {
                addresses.push(address.to_string());
            }
        }
        addresses
    }

    fn check_domain(&mut self, column: &str, address: &str) {
        match domain_of(address) {
            None => self.refuse(column, format!("`{address}` has no domain")),
            Some(domain) if TARGET_DOMAINS.contains(&domain.as_str()) => {
                self.refuse(
                    column,
                    format!("`{address}` is in a domain of northwind, and these are the people of contoso"),
                );
            }
            Some(_) => {}
        }
    }

    fn details(&mut self) -> &'static str {
        let given = self.text("RecipientTypeDetails").unwrap_or_else(|| TYPES[0].to_owned());
        let known = TYPES.iter().find(|known| known.eq_ignore_ascii_case(&given));
        known.copied().unwrap_or_else(|| {
            self.refuse("RecipientTypeDetails", format!("`{given}` is none of {}", TYPES.join(", ")));
            TYPES[0]
        })
    }

    /// A GUID in one spelling; the all-zero one means none.
    fn guid(&mut self, name: &str) -> Option<String> {
        let text = self.text(name)?;
        let Ok(guid) = Uuid::parse_str(text.trim_matches(['{', '}'])) else {
            self.refuse(name, format!("`{text}` is no GUID"));
            return None;
        };
        (!guid.is_nil()).then(|| guid.to_string())
    }

    fn properties(&mut self) -> Vec<(String, Value)> {
        let mut properties = Vec::new();
        for name in GUIDS {
            properties.extend(self.guid(name).map(|guid| ((*name).to_owned(), guid.into())));
        }
        let attributes = (1..=15).map(|number| format!("CustomAttribute{number}"));
        for name in TEXTS.iter().map(|name| (*name).to_owned()).chain(attributes) {
            properties.extend(self.text(&name).map(|text| (name, text.into())));
        }
        for name in FLAGS {
            let given = self.text(name);
            match (self.record.flag(name), given) {
                (Some(true), _) => properties.push(((*name).to_owned(), true.into())),
                (None, Some(given)) => self.refuse(name, format!("`{given}` is neither `True` nor `False`")),
                _ => {}
            }
        }
        let holds = match self.record.get("InPlaceHolds") {
            Some(Value::String(cell)) => split_list(cell),
            _ => self.record.list("InPlaceHolds"),
        };
        if !holds.is_empty() && !holds[0].starts_with("System.") {
            properties.push(("InPlaceHolds".to_owned(), json!(holds)));
        }
        properties
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(value: Value) -> Record {
        value.as_object().cloned().expect("an object").into()
    }

    #[test]
    fn an_address_is_enough_and_a_lost_list_counts_as_none() {
        let lost = "System.Collections.ArrayList";
        let rows = [row(json!({"PrimarySmtpAddress": "zoe.b@fabrikam.com", "EmailAddresses": lost}))];

        let people = Person::read_all(&rows).unwrap();

        assert_eq!((people[0].alias.as_str(), people[0].details), ("zoeb", "UserMailbox"));
        assert_eq!(people[0].addresses, ["SMTP:zoe.b@fabrikam.com"]);
    }

    #[test]
    fn everything_that_is_wrong_is_told_with_row_and_column() {
        let rows = [
            row(json!({"PrimarySmtpAddress": "ann@fabrikam.com", "ExchangeGuid": "none"})),
            row(json!({"DisplayName": "Nobody"})),
            row(json!({"PrimarySmtpAddress": "Ann@Fabrikam.com", "Name": "other", "RecipientTypeDetails": "LinkedMailbox"})),
            row(json!({"PrimarySmtpAddress": "bob@northwind.com", "LitigationHoldEnabled": "perhaps"})),
        ];

        let bad = Person::read_all(&rows).unwrap_err();

        let told: Vec<_> = bad.iter().map(|bad| (bad.row, bad.column.as_str())).collect();
        for expected in [
            (0, "ExchangeGuid"),
            (1, "PrimarySmtpAddress"),
            (2, "RecipientTypeDetails"),
            (2, "EmailAddresses"),
            (3, "PrimarySmtpAddress"),
            (3, "LitigationHoldEnabled"),
        ] {
            assert!(told.contains(&expected), "{expected:?} in {told:?}");
        }
    }
}
