//! What a write would really change: the touched properties, compared by meaning.

use serde_json::Value;

use crate::change::operation::moment;
use crate::model::Arguments;
use crate::model::Given;
use crate::model::Record;

/// The properties that `arguments` would change on `before`: name, old value, new value. Without an image from before every
/// argument counts. Secrets and bytes always count, because they cannot be compared.
pub fn difference(before: Option<&Record>, arguments: &Arguments) -> Vec<(String, Value, Value)> {
    let mut touched = Vec::new();
    for (name, given) in arguments.iter() {
        let old = before.and_then(|record| record.get(name)).cloned().unwrap_or(Value::Null);
        let new = match given {
            Given::Plain(value) => merged(Some(&old), value),
            other => other.shown(),
        };
        let is_known = before.is_some_and(|record| record.has(name)) && matches!(given, Given::Plain(_));
        if !is_known || !same(&old, &new) {
            touched.push((name.to_owned(), old, new));
        }
    }
    touched
}

/// The value after a write: a list edit (`Add`, `Remove`) applied to the old list, anything else as given.
pub(super) fn merged(old: Option<&Value>, new: &Value) -> Value {
    let Value::Object(edit) = new else { return new.clone() };
    let part = |name: &str| {
        edit.iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| texts(value))
    };
    if edit.is_empty()
        || !edit
            .keys()
            .all(|key| key.eq_ignore_ascii_case("add") || key.eq_ignore_ascii_case("remove"))
    {
        return new.clone();
    }
    let removed = part("remove").unwrap_or_default();
    let mut list: Vec<String> = old.map(texts).unwrap_or_default();
    list.retain(|entry| !removed.iter().any(|gone| gone.eq_ignore_ascii_case(entry)));
    for entry in part("add").unwrap_or_default() {
        if !list.iter().any(|known| known.eq_ignore_ascii_case(&entry)) {
            list.push(entry);
        }
    }
    list.into()
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Value::String(text) if !text.is_empty() => vec![text.clone()],
        _ => Vec::new(),
    }
}

/// Equal in meaning: texts without case where case says nothing, lists as sets, `Null` and empty alike, enum sets in any order.
fn same(old: &Value, new: &Value) -> bool {
    match (old, new) {
        // Complex properties of Graph: a member that the new value leaves out stays as it is.
        (Value::Object(old), Value::Object(new)) => new.iter().all(|(name, value)| same(old.get(name).unwrap_or(&Value::Null), value)),
        (Value::Array(old), Value::Array(new)) if old.iter().chain(new).any(|item| !item.is_string()) => {
            old.len() == new.len() && new.iter().all(|item| old.iter().any(|known| same(known, item)))
        }
        (Value::Array(_), _) | (_, Value::Array(_)) => {
            let (old, new) = (entries(old), entries(new));
            old.len() == new.len() && old.iter().all(|entry| new.contains(entry))
        }
        (Value::String(old), Value::String(new)) => {
            old == new
                || both(guid(old), guid(new))
                || both(address(old), address(new))
                || both(flags(old), flags(new))
                || both(moment(old), moment(new))
        }
        (Value::String(text), Value::Bool(flag)) | (Value::Bool(flag), Value::String(text)) => text.eq_ignore_ascii_case(&flag.to_string()),
        (Value::String(text), Value::Number(number)) | (Value::Number(number), Value::String(text)) => *text == number.to_string(),
        (Value::Null, Value::String(text)) | (Value::String(text), Value::Null) => text.is_empty(),
        (old, new) => old == new,
    }
}

/// Whether there are two values and they are equal; two values that are not there say nothing.
fn both<T: PartialEq>(old: Option<T>, new: Option<T>) -> bool {
    old.zip(new).is_some_and(|(old, new)| old == new)
}

/// List entries for comparing: a proxy address keeps the case of its prefix, because `SMTP:` is the primary and `smtp:` is not.
fn entries(value: &Value) -> Vec<String> {
    texts(value)
        .into_iter()
        .map(|entry| match entry.split_once(':') {
            Some(("SMTP", rest)) => format!("SMTP:{}", rest.to_lowercase()),
            _ => entry.to_lowercase(),
        })
        .collect()
}

fn guid(text: &str) -> Option<uuid::Uuid> {
    uuid::Uuid::parse_str(text.trim_matches(['{', '}'])).ok()
}

/// An address without the `SMTP:` prefix that the service puts in front of `ExternalEmailAddress`.
fn address(text: &str) -> Option<String> {
    let bare = text
        .get(..5)
        .filter(|prefix| prefix.eq_ignore_ascii_case("smtp:"))
        .map_or(text, |_| &text[5..]);
    bare.contains('@').then(|| bare.to_lowercase())
}

fn flags(text: &str) -> Option<Vec<String>> {
    let mut parts: Vec<String> = text.split(',').map(|part| part.trim().to_lowercase()).collect();
    parts.sort();
    (!text.contains('@') && text.contains(',')).then_some(parts)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn touched(before: Value, arguments: Arguments) -> Vec<String> {
        let before: Record = before.as_object().cloned().expect("an object").into();
        difference(Some(&before), &arguments).into_iter().map(|(name, _, _)| name).collect()
    }

    #[test]
    fn what_is_so_already_in_another_spelling_is_not_a_change() {
        let before = json!({
            "ExchangeGuid": "1EC059C7-8396-4d0b-af4e-d6bd4c12a8d8", "ExternalEmailAddress": "SMTP:LaraN@contoso.onmicrosoft.com",
            "MailboxMoveCapability": "RemoteOutbound, Inbound", "EmailAddresses": ["SMTP:a@b.c", "X500:/o=A, Inc/cn=x"],
        });
        let arguments = Arguments::new()
            .with("ExchangeGuid", "1ec059c7-8396-4d0b-af4e-d6bd4c12a8d8")
            .with("ExternalEmailAddress", "laran@contoso.onmicrosoft.com")
            .with("MailboxMoveCapability", "Inbound,RemoteOutbound")
            .with("EmailAddresses", json!({"Add": ["x500:/o=a, inc/CN=X"]}));

        assert!(touched(before, arguments).is_empty());
    }

    #[test]
    fn another_word_is_a_change_also_when_it_is_neither_address_nor_flags() {
        let before = json!({"DisplayName": "Lara", "CustomAttribute1": "", "MailboxMoveCapability": "Inbound"});
        let arguments = Arguments::new()
            .with("DisplayName", "Lara Newton")
            .with("CustomAttribute1", "ProjectKermit")
            .with("MailboxMoveCapability", "Inbound,RemoteOutbound");

        assert_eq!(
            touched(before, arguments),
            ["DisplayName", "CustomAttribute1", "MailboxMoveCapability"]
        );
    }

    #[test]
    fn a_new_primary_address_is_a_change_though_only_the_prefix_differs() {
        let before = json!({"EmailAddresses": ["SMTP:a@b.c", "smtp:d@b.c"]});

        let arguments = Arguments::new().with("EmailAddresses", json!(["smtp:a@b.c", "SMTP:d@b.c"]));

        assert_eq!(touched(before, arguments), ["EmailAddresses"]);
    }

    #[test]
    fn a_permission_more_in_a_list_of_objects_is_a_change() {
        let asked = json!([{"resourceAppId": "00000003", "resourceAccess": [{"id": "1", "type": "Role"}]}]);
        let before = json!({"requiredResourceAccess": asked, "web": {"redirectUris": ["https://office.com"], "logoutUrl": null}});
        let same = Arguments::new()
            .with("requiredResourceAccess", asked)
            .with("web", json!({"redirectUris": ["https://office.com"]}));
        let more = Arguments::new().with(
            "requiredResourceAccess",
            json!([{"resourceAppId": "00000003", "resourceAccess": [{"id": "1", "type": "Role"}, {"id": "2", "type": "Role"}]}]),
        );

        assert!(touched(before.clone(), same).is_empty());
        assert_eq!(touched(before, more), ["requiredResourceAccess"]);
    }

    #[test]
    fn removing_an_address_is_shown_with_the_list_before_and_after() {
        let before: Record = json!({"EmailAddresses": ["SMTP:a@b.c", "smtp:d@old.com"]})
            .as_object()
            .cloned()
            .expect("an object")
            .into();

        let change = difference(
            Some(&before),
            &Arguments::new().with("EmailAddresses", json!({"Remove": "smtp:D@old.com"})),
        );

        assert_eq!(
            change,
            [(
                "EmailAddresses".into(),
                json!(["SMTP:a@b.c", "smtp:d@old.com"]),
                json!(["SMTP:a@b.c"])
            )]
        );
    }
}
