//! What a write would really change: the touched properties, compared by meaning.

use serde_json::Value;

use crate::change::ArgumentType;
use crate::change::Descriptor;
use crate::model::Arguments;
use crate::model::CertificateUrl;
use crate::model::Given;
use crate::model::Record;
use crate::model::moment;
use crate::model::without_prefix;

/// The properties that an operation would change on `before`: name, old value, new value. Without an image from before every
/// argument counts. Secrets and bytes always count, because they cannot be compared.
pub fn difference(before: Option<&Record>, descriptor: &Descriptor, arguments: &Arguments) -> Vec<(String, Value, Value)> {
    let mut touched = Vec::new();
    for (name, given) in arguments.iter() {
        let old = before.and_then(|record| record.get(name)).cloned().unwrap_or(Value::Null);
        let new = match given {
            Given::Plain(value) => merged(Some(&old), value),
            other => other.shown(),
        };
        let kind = descriptor.argument(name).map_or(ArgumentType::Text, |argument| argument.kind);
        let is_known = before.is_some_and(|record| record.has(name)) && matches!(given, Given::Plain(_));
        if !is_known || !same(name, kind, &old, &new) {
            touched.push((name.to_owned(), old, new));
        }
    }
    touched
}

/// The value after a write: a list edit (`Add`, `Remove`) applied to the old list, members laid over those that were there,
/// anything else as given.
pub(super) fn merged(old: Option<&Value>, new: &Value) -> Value {
    let Value::Object(edit) = new else { return new.clone() };
    let is_word = |key: &str, word: &str| key.eq_ignore_ascii_case(word);
    if edit.is_empty() || !edit.keys().all(|key| is_word(key, "add") || is_word(key, "remove")) {
        let mut members = old.and_then(Value::as_object).cloned().unwrap_or_default();
        members.extend(edit.clone());
        return Value::Object(members);
    }
    let part = |word: &str| edit.iter().find(|(key, _)| is_word(key, word)).map(|(_, value)| texts(value));
    let mut list: Vec<String> = old.map(texts).unwrap_or_default();
    let removed = part("remove").unwrap_or_default();
    list.retain(|entry| !removed.iter().any(|gone| gone.eq_ignore_ascii_case(entry)));
    for entry in part("add").unwrap_or_default() {
        add(&mut list, entry);
    }
    list.into()
}

/// Adds to a list what is not in it. A new primary address takes the place of the secondary one and demotes the old primary.
fn add(list: &mut Vec<String>, entry: String) {
    let is_primary = |text: &str| text.starts_with("SMTP:");
    if is_primary(&entry) && !list.iter().any(|known| is_primary(known) && known.eq_ignore_ascii_case(&entry)) {
        list.retain(|known| !known.eq_ignore_ascii_case(&entry));
        for known in list.iter_mut().filter(|known| is_primary(known)) {
            known.replace_range(..5, "smtp:");
        }
        list.push(entry);
    } else if !list.iter().any(|known| known.eq_ignore_ascii_case(&entry)) {
        list.push(entry);
    }
}

pub(super) fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Value::String(text) if !text.is_empty() => vec![text.clone()],
        _ => Vec::new(),
    }
}

/// Equal in meaning, as the argument's type has it: only where case, order or spelling say nothing are they passed over.
pub(super) fn same(name: &str, kind: ArgumentType, old: &Value, new: &Value) -> bool {
    match (kind, old, new) {
        (ArgumentType::Flags(_), old, new) => same_set(&flags(old), &flags(new)),
        (ArgumentType::List, old, new) if is_plain(old) && is_plain(new) => same_set(&entries(old), &entries(new)),
        (ArgumentType::Guid, Value::String(old), Value::String(new)) => both(guid(old), guid(new)),
        (ArgumentType::DateTime, Value::String(old), Value::String(new)) => both(moment(old), moment(new)),
        (ArgumentType::CertificateUrl, Value::String(old), Value::String(new)) => {
            both(CertificateUrl::parse(old).ok(), CertificateUrl::parse(new).ok())
        }
        (ArgumentType::Choice(_), Value::String(old), Value::String(new)) => old.eq_ignore_ascii_case(new),
        (ArgumentType::Text, Value::String(old), Value::String(new)) if is_address(name) => {
            without_prefix(old).eq_ignore_ascii_case(without_prefix(new))
        }
        _ => same_value(old, new),
    }
}

/// Equal values; `Null` and empty alike, truths and numbers also as text. Members that a new object leaves out stay as they are.
pub(super) fn same_value(old: &Value, new: &Value) -> bool {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => new
            .iter()
            .all(|(name, value)| same_value(old.get(name).unwrap_or(&Value::Null), value)),
        (Value::Array(old), Value::Array(new)) => {
            let holds = |list: &[Value], item: &Value| list.iter().any(|known| same_value(known, item));
            old.len() == new.len()
                && new.iter().all(|item| holds(old, item))
                && old.iter().all(|item| new.iter().any(|other| same_value(item, other)))
        }
        (Value::String(text), Value::Bool(flag)) | (Value::Bool(flag), Value::String(text)) => text.eq_ignore_ascii_case(&flag.to_string()),
        (Value::String(text), Value::Number(number)) | (Value::Number(number), Value::String(text)) => *text == number.to_string(),
        (Value::Null, Value::String(text)) | (Value::String(text), Value::Null) => text.is_empty(),
        (Value::Null, Value::Array(list)) | (Value::Array(list), Value::Null) => list.is_empty(),
        (old, new) => old == new,
    }
}

/// Whether there are two values and they are equal; two values that are not there say nothing.
fn both<T: PartialEq>(old: Option<T>, new: Option<T>) -> bool {
    old.zip(new).is_some_and(|(old, new)| old == new)
}

fn same_set(old: &[String], new: &[String]) -> bool {
    old.len() == new.len() && old.iter().all(|entry| new.contains(entry)) && new.iter().all(|entry| old.contains(entry))
}

fn is_plain(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().all(Value::is_string),
        Value::String(_) | Value::Null => true,
        _ => false,
    }
}

/// List entries for comparing: a proxy address keeps the case of its prefix, because `SMTP:` is the primary and `smtp:` is not.
pub(super) fn entries(value: &Value) -> Vec<String> {
    let entry = |entry: String| match entry.split_once(':') {
        Some(("SMTP", rest)) => format!("SMTP:{}", rest.to_lowercase()),
        _ => entry.to_lowercase(),
    };
    texts(value).into_iter().map(entry).collect()
}

/// The members of a flags enum, in a list or joined by commas.
fn flags(value: &Value) -> Vec<String> {
    let members = texts(value).join(",").to_lowercase();
    members
        .split(',')
        .map(|part| part.trim().to_owned())
        .filter(|part| !part.is_empty())
        .collect()
}

fn guid(text: &str) -> Option<uuid::Uuid> {
    uuid::Uuid::parse_str(text.trim_matches(['{', '}'])).ok()
}

/// The single addresses and sign-in names, in which case says nothing and which Exchange shows with `SMTP:` in front.
fn is_address(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with("address") || name == "microsoftonlineservicesid" || name == "userprincipalname"
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::change::Argument;
    use crate::change::Call;
    use crate::change::Impact;
    use crate::change::Inverse;
    use crate::change::PowerShell;
    use crate::change::Retry;
    use crate::change::Service;
    use crate::change::Verb;

    const fn argument(name: &'static str, kind: ArgumentType) -> Argument {
        Argument {
            name,
            kind,
            required: false,
        }
    }

    static WRITE: Descriptor = Descriptor {
        name: "set_mailuser",
        noun: "MailUser",
        verb: Verb::Update,
        help: "Changes a MailUser.",
        service: Service::Exchange,
        call: Call::Cmdlet("Set-MailUser"),
        resource: None,
        identity: Some("Identity"),
        label: "Name",
        arguments: &[
            argument("ExchangeGuid", ArgumentType::Guid),
            argument("ExternalEmailAddress", ArgumentType::Text),
            argument("MailboxMoveCapability", ArgumentType::Flags(&["Inbound", "RemoteOutbound"])),
            argument("EmailAddresses", ArgumentType::List),
            argument("DisplayName", ArgumentType::Text),
            argument("CustomAttribute1", ArgumentType::Text),
            argument("requiredResourceAccess", ArgumentType::Object),
            argument("web", ArgumentType::Object),
            argument("AppSecretKeyVaultUrl", ArgumentType::CertificateUrl),
        ],
        impact: |_, _| Impact::Medium,
        loses: |_, _| None,
        before: None,
        keeps: &[],
        made: None,
        evidence: None,
        inverse: Inverse::Restore,
        reversed: None,
        permission: "Mail Recipients",
        batchable: true,
        retry: Retry::Safe,
        secret_reply: None,
        powershell: PowerShell::Cmdlet { asks: false, then: None },
    };

    fn record(value: Value) -> Record {
        value.as_object().cloned().expect("an object").into()
    }

    fn touched(before: Value, arguments: Arguments) -> Vec<String> {
        let changes = difference(Some(&record(before)), &WRITE, &arguments);
        changes.into_iter().map(|(name, _, _)| name).collect()
    }

    #[test]
    fn what_is_so_already_in_another_spelling_is_not_a_change() {
        let before = json!({
            "ExchangeGuid": "1EC059C7-8396-4d0b-af4e-d6bd4c12a8d8", "ExternalEmailAddress": "SMTP:LaraN@contoso.onmicrosoft.com",
            "MailboxMoveCapability": "RemoteOutbound, Inbound", "EmailAddresses": ["SMTP:a@b.c", "X500:/o=A, Inc/cn=x"],
            "AppSecretKeyVaultUrl": "https://Keys.vault.azure.net:443/certificates/move/1",
        });
        let arguments = Arguments::new()
            .with("ExchangeGuid", "1ec059c7-8396-4d0b-af4e-d6bd4c12a8d8")
            .with("ExternalEmailAddress", "laran@contoso.onmicrosoft.com")
            .with("MailboxMoveCapability", "Inbound,RemoteOutbound")
            .with("EmailAddresses", json!({"Add": ["x500:/o=a, inc/CN=X"]}))
            .with("AppSecretKeyVaultUrl", "https://keys.vault.azure.net/certificates/move/1/");

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
        let before = record(json!({"EmailAddresses": ["SMTP:a@b.c", "smtp:d@old.com"]}));

        let edit = Arguments::new().with("EmailAddresses", json!({"Remove": "smtp:D@old.com"}));
        let change = difference(Some(&before), &WRITE, &edit);

        assert_eq!(
            change,
            [(
                "EmailAddresses".into(),
                json!(["SMTP:a@b.c", "smtp:d@old.com"]),
                json!(["SMTP:a@b.c"])
            )]
        );
    }

    #[test]
    fn the_order_of_a_name_is_a_change() {
        let before = json!({"DisplayName": "newton, lara", "CustomAttribute1": "A@B"});

        let arguments = Arguments::new().with("DisplayName", "Lara, Newton").with("CustomAttribute1", "a@b");

        assert_eq!(touched(before, arguments), ["DisplayName", "CustomAttribute1"]);
    }

    #[test]
    fn adding_a_primary_address_demotes_the_one_before() {
        let before = record(json!({"EmailAddresses": ["SMTP:a@b.c", "smtp:d@b.c"]}));

        let edit = Arguments::new().with("EmailAddresses", json!({"Add": ["SMTP:d@b.c"]}));
        let change = difference(Some(&before), &WRITE, &edit);

        assert_eq!(change[0].2, json!(["smtp:a@b.c", "SMTP:d@b.c"]));
    }

    #[test]
    fn a_list_that_names_one_entry_twice_is_not_the_list_of_both() {
        let before = json!({"EmailAddresses": ["smtp:a@b.c", "smtp:d@b.c"]});

        let arguments = Arguments::new().with("EmailAddresses", json!(["smtp:a@b.c", "smtp:a@b.c"]));

        assert_eq!(touched(before, arguments), ["EmailAddresses"]);
    }
}
