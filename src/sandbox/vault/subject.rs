//! The X.500 name of a certificate, as text and as it is encoded.

use rcgen::DistinguishedName;
use rcgen::DnType;
use rcgen::DnValue;
use rcgen::string::Ia5String;

/// What an attribute is called, and its object identifier.
const ATTRIBUTES: &[(&str, &[u64])] = &[
    ("CN", &[2, 5, 4, 3]),
    ("SERIALNUMBER", &[2, 5, 4, 5]),
    ("C", &[2, 5, 4, 6]),
    ("L", &[2, 5, 4, 7]),
    ("S", &[2, 5, 4, 8]),
    ("ST", &[2, 5, 4, 8]),
    ("STREET", &[2, 5, 4, 9]),
    ("O", &[2, 5, 4, 10]),
    ("OU", &[2, 5, 4, 11]),
    ("T", &[2, 5, 4, 12]),
    ("DC", DOMAIN_COMPONENT),
    ("E", EMAIL),
];
const DOMAIN_COMPONENT: &[u64] = &[0, 9, 2342, 19_200_300, 100, 1, 25];
const EMAIL: &[u64] = &[1, 2, 840, 113_549, 1, 9, 1];

/// The name that `text` (`CN=northwind, O=Northwind Traders`) writes; `None` when it is none, or names an attribute twice, which
/// the sandbox cannot encode.
pub fn parse(text: &str) -> Option<DistinguishedName> {
    let mut parts = Vec::new();
    for part in split(text)? {
        let (kind, value) = part.split_once('=')?;
        let (kind, value) = (kind.trim().to_uppercase(), unquoted(value.trim()));
        let oid = ATTRIBUTES.iter().find(|(name, _)| *name == kind).map(|(_, oid)| *oid)?;
        if value.is_empty() || parts.iter().any(|(known, _)| *known == oid) {
            return None;
        }
        let value = match oid {
            DOMAIN_COMPONENT | EMAIL => DnValue::Ia5String(Ia5String::try_from(value).ok()?),
            _ => DnValue::Utf8String(value),
        };
        parts.push((oid, value));
    }
    let mut name = DistinguishedName::new();
    // The text begins with the innermost part, the encoding with the outermost.
    for (oid, value) in parts.into_iter().rev() {
        name.push(DnType::from_oid(oid), value);
    }
    Some(name)
}

/// The parts between commas that are neither quoted nor escaped; `None` when a quotation or an escape has no end.
fn split(text: &str) -> Option<Vec<String>> {
    let mut parts = vec![String::new()];
    let (mut is_quoted, mut is_escaped) = (false, false);
    for character in text.chars() {
        let is_separator = (character == ',' || character == ';') && !is_quoted && !is_escaped;
        is_quoted ^= character == '"' && !is_escaped;
        is_escaped = character == '\\' && !is_escaped;
        match parts.last_mut() {
            Some(part) if !is_separator => part.push(character),
            _ => parts.push(String::new()),
        }
    }
    (!is_quoted && !is_escaped).then_some(parts)
}

fn unquoted(value: &str) -> String {
    let inner = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(value);
    let mut text = String::new();
    let mut is_escaped = false;
    for character in inner.chars() {
        is_escaped = character == '\\' && !is_escaped;
        if !is_escaped {
            text.push(character);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Vec<DnValue>> {
        parse(text).map(|name| name.iter().map(|(_, value)| value.clone()).collect())
    }

    #[test]
    fn a_name_begins_with_an_attribute() {
        let text = |text: &str| DnValue::Utf8String(text.to_owned());

        assert_eq!(
            read(r#"cn=northwind_contoso_4711, O="Traders, Ltd.", C=NL"#),
            Some(vec![text("NL"), text("Traders, Ltd."), text("northwind_contoso_4711")])
        );
        assert_eq!(read(r"CN=a\,b"), Some(vec![text("a,b")]));
        for wrong in ["northwind", "", "CN=", "CN=a,", "XYZ=a", "CN=a, CN=b", r#"CN="a"#] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
