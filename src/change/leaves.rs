//! A change as people read it: of a nested object the members that change, of a list of objects what each is called.

use serde_json::Map;
use serde_json::Value;

use crate::change::difference::same_value;

/// Names of objects in lists, the most telling first.
const NAMES: [&str; 9] = [
    "displayName",
    "roleName",
    "name",
    "objectId",
    "resourceAppId",
    "category",
    "customKeyIdentifier",
    "keyId",
    "id",
];

/// Texts of this length in base64 are keys and certificates, which nobody reads.
const LONG: usize = 80;

/// The touched properties (name, old, new) with each object taken apart to the members that differ: `properties.accessPolicies`.
pub fn leaves(touched: Vec<(String, Value, Value)>) -> Vec<(String, Value, Value)> {
    touched
        .into_iter()
        .flat_map(|(name, old, new)| {
            let mut found = Vec::new();
            take_apart(&name, &old, &new, &mut found);
            match found.is_empty() {
                true => vec![(name, told(&old), told(&new))],
                false => found,
            }
        })
        .collect()
}

fn take_apart(name: &str, old: &Value, new: &Value, found: &mut Vec<(String, Value, Value)>) {
    match (old, new) {
        (Value::Object(_) | Value::Null, Value::Object(members)) if !members.is_empty() => {
            for (member, value) in members {
                let before = old.get(member).unwrap_or(&Value::Null);
                if !same_value(before, value) {
                    take_apart(&format!("{name}.{member}"), before, value, found);
                }
            }
        }
        (old, Value::Array(after)) if after.iter().any(Value::is_object) => {
            found.push((name.to_owned(), told(old), Value::Array(named_against(old, after))));
        }
        (old, new) => found.push((name.to_owned(), told(old), told(new))),
    }
}

/// The entries of a list by their names; one that was there under that name and is another now is marked.
fn named_against(old: &Value, new: &[Value]) -> Vec<Value> {
    let before = old.as_array().map(Vec::as_slice).unwrap_or_default();
    let entry = |item: &Value| {
        let name = entry(item);
        let is_same = before.iter().any(|known| same_value(known, item));
        let was_there = before.iter().any(|known| entry_text(known) == entry_text(item));
        match was_there && !is_same {
            true => format!("{} (changed)", text_in(&name)).into(),
            false => name,
        }
    };
    new.iter().map(entry).collect()
}

/// A value without what nobody reads.
fn told(value: &Value) -> Value {
    match value {
        Value::String(text) => shortened(text).into(),
        Value::Array(items) => items.iter().map(entry).collect(),
        Value::Object(members) => Value::Object(members.iter().map(|(name, value)| (name.clone(), told(value))).collect()),
        other => other.clone(),
    }
}

fn entry(item: &Value) -> Value {
    entry_text(item).map_or_else(|| told(item), Value::from)
}

/// An object in a list: its name, and what it switches on or permits. Its other texts say what the name says, or nothing to people.
fn entry_text(item: &Value) -> Option<String> {
    let members = item.as_object()?;
    let (key, name) = NAMES.iter().find_map(|name| Some((*name, text_of(members, name)?)))?;
    let mut parts = Vec::new();
    for (member, value) in members.iter().filter(|(member, _)| *member != key) {
        permitted(member, value, &mut parts);
    }
    let name = shortened(name);
    Some(match parts.is_empty() {
        true => name,
        false => format!("{name}: {}", parts.join(", ")),
    })
}

fn text_of<'a>(members: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    members.get(name)?.as_str().filter(|text| !text.is_empty())
}

/// `certificates get list`, `secrets get`, `enabled true`
fn permitted(member: &str, value: &Value, parts: &mut Vec<String>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(member, value)| permitted(member, value, parts)),
        Value::Array(items) if !items.is_empty() => {
            let words: Vec<_> = items.iter().map(|item| text_in(&entry(item))).collect();
            parts.push(format!("{member} {}", words.join(" ")));
        }
        Value::Bool(flag) => parts.push(format!("{member} {flag}")),
        _ => {}
    }
}

fn text_in(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// `text`, or its beginning when it is a key or certificate.
fn shortened(text: &str) -> String {
    let is_base64 = |text: &str| {
        text.trim_end_matches('=')
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'+' || b == b'/')
    };
    match text.len() > LONG && is_base64(text) {
        true => format!("{}… ({} characters)", &text[..12], text.len()),
        false => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told_of(name: &str, old: Value, new: Value) -> Vec<(String, Value, Value)> {
        leaves(vec![(name.to_owned(), old, new)])
    }

    #[test]
    fn of_an_object_only_the_members_that_change_are_told() {
        let old = json!({"enableRbacAuthorization": false, "sku": {"name": "standard", "family": "A"}, "vaultUri": "https://kv/"});
        let mut new = old.clone();
        new["enableRbacAuthorization"] = true.into();
        new["sku"]["name"] = "premium".into();

        assert_eq!(
            told_of("properties", old, new),
            [
                ("properties.enableRbacAuthorization".into(), json!(false), json!(true)),
                ("properties.sku.name".into(), json!("standard"), json!("premium")),
            ]
        );
    }

    #[test]
    fn the_entries_of_a_list_are_told_by_name_and_a_changed_one_is_marked() {
        let policy = |id: &str, words: &[&str]| json!({"objectId": id, "tenantId": "7b7b", "permissions": {"secrets": words, "keys": []}});
        let key = |name: &str, end: &str| json!({"displayName": name, "endDateTime": end, "key": "A".repeat(900)});

        let policies = told_of(
            "properties",
            json!({"accessPolicies": [policy("2f2f", &["get"])]}),
            json!({"accessPolicies": [policy("2f2f", &["get"]), policy("4a4a", &["get", "list"])]}),
        );
        let keys = told_of(
            "keyCredentials",
            json!([key("CN=a", "2026")]),
            json!([key("CN=a", "2027"), key("CN=b", "2027")]),
        );

        assert_eq!(
            policies,
            [(
                "properties.accessPolicies".into(),
                json!(["2f2f: secrets get"]),
                json!(["2f2f: secrets get", "4a4a: secrets get list"])
            )]
        );
        assert_eq!(
            keys,
            [("keyCredentials".into(), json!(["CN=a"]), json!(["CN=a (changed)", "CN=b"]))]
        );
    }

    #[test]
    fn what_an_application_asks_for_is_told_with_the_permissions() {
        let asked =
            json!([{"resourceAppId": "00000002", "resourceAccess": [{"id": "dc50", "type": "Role"}, {"id": "09ba", "type": "Role"}]}]);

        let told = told_of("requiredResourceAccess", Value::Null, asked);

        assert_eq!(told[0].2, json!(["00000002: resourceAccess dc50 09ba"]));
    }

    #[test]
    fn a_key_is_never_told_in_full_and_a_long_address_is() {
        let address = "/subscriptions/3c3c3c3c-3333-4ccc-8333-e0e0e0e0e003/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv";

        let told = told_of("cer", Value::Null, json!("MIID".repeat(300)));
        let of_address = told_of("scope", Value::Null, json!(address));

        assert_eq!(told[0].2, json!("MIIDMIIDMIID… (1200 characters)"));
        assert_eq!(of_address[0].2, json!(address));
    }

    #[test]
    fn a_list_of_words_stays_whole_and_an_empty_object_too() {
        let words = told_of(
            "web",
            json!({"redirectUris": ["https://a"]}),
            json!({"redirectUris": ["https://a", "https://b"]}),
        );

        assert_eq!(
            words,
            [("web.redirectUris".into(), json!(["https://a"]), json!(["https://a", "https://b"]))]
        );
        assert_eq!(told_of("tags", Value::Null, json!({})), [("tags".into(), Value::Null, json!({}))]);
    }
}
