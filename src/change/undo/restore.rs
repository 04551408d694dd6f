//! Values from before, laid over an object as it is now. Of a list only what the change added or removed goes back, so that what
//! others added since stays.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::change::ArgumentType;
use crate::change::Call;
use crate::change::Descriptor;
use crate::change::difference::entries;
use crate::change::difference::merged;
use crate::change::difference::same;
use crate::change::difference::same_value;
use crate::change::difference::texts;
use crate::model::Arguments;
use crate::model::Record;

/// A touched property that is no longer as the change left it.
#[derive(Debug, Clone, PartialEq)]
pub struct Conflict {
    /// The property.
    pub property: String,
    /// How the change left it.
    pub left: Value,
    /// How it is now.
    pub found: Value,
}

/// What puts an object back.
#[derive(Debug, Default)]
pub struct Restoration {
    /// The arguments of the write; none when everything is as it was before.
    pub arguments: Arguments,
    /// What was changed since.
    pub conflicts: Vec<Conflict>,
    /// What cannot be put back, and why.
    pub without: Vec<(String, &'static str)>,
    /// The object afterwards.
    pub after: Record,
}

/// What puts `touched` (name, before, after) back on an object that is as `now` shows it.
pub fn restoration(descriptor: &Descriptor, touched: &[(String, Value, Value)], now: &Record) -> Restoration {
    let mut found = Restoration {
        after: now.clone(),
        ..Restoration::default()
    };
    let has_addresses = touched.iter().any(|(name, old, new)| name == "EmailAddresses" && old != new);
    for (name, old, new) in touched.iter().filter(|(_, old, new)| old != new) {
        let Some(argument) = descriptor.argument(name) else { continue };
        // The list says which of its addresses is the primary one.
        if has_addresses && matches!(name.as_str(), "PrimarySmtpAddress" | "WindowsEmailAddress") {
            continue;
        }
        match argument.kind {
            ArgumentType::Secret | ArgumentType::Credential => {
                found.without.push((name.clone(), "a secret cannot be read back"));
                continue;
            }
            ArgumentType::Bytes => {
                found.without.push((name.clone(), "what a file added cannot be taken out again"));
                continue;
            }
            _ if !now.has(name) => {
                found.without.push((name.clone(), "it is a switch, which has no way back"));
                continue;
            }
            _ => {}
        }
        let is = now.get(name).unwrap_or(&Value::Null);
        let back = match argument.kind {
            ArgumentType::List => entries_back(descriptor, old, new, is),
            ArgumentType::Flags(_) => Ok(flags_back(old, new, is)),
            ArgumentType::Object => members_back(old, new, is),
            kind if same(name, kind, is, old) => Ok(None),
            kind if same(name, kind, is, new) => Ok(Some(old.clone())),
            _ => Err(old.clone()),
        };
        let back = back.unwrap_or_else(|forced| {
            found.conflicts.push(Conflict {
                property: name.clone(),
                left: new.clone(),
                found: is.clone(),
            });
            Some(forced)
        });
        if let Some(back) = back {
            found.after.set(name, merged(Some(is), &back));
            found.arguments.set(name, back);
        }
    }
    found
}

type Back = Result<Option<Value>, Value>;

/// A list without what was added and with what was removed; a conflict when its primary address is another one now.
fn entries_back(descriptor: &Descriptor, old: &Value, new: &Value, is: &Value) -> Back {
    let has = |list: &Value, entry: &str| entries(list).contains(&entries(&json!([entry]))[0]);
    let added: Vec<_> = texts(new).into_iter().filter(|entry| !has(old, entry)).collect();
    let removed: Vec<_> = texts(old).into_iter().filter(|entry| !has(new, entry)).collect();
    let gone: Vec<_> = texts(is).into_iter().filter(|entry| has(&json!(added), entry)).collect();
    let lacking: Vec<_> = removed.into_iter().filter(|entry| !has(is, entry)).collect();
    if gone.is_empty() && lacking.is_empty() {
        return Ok(None);
    }
    let mut list: Vec<_> = texts(is).into_iter().filter(|entry| !has(&json!(gone), entry)).collect();
    list.extend(lacking.iter().cloned());
    let is_primary = |entry: &String| entry.starts_with("SMTP:");
    if list.iter().filter(|entry| is_primary(entry)).count() > 1 {
        return Err(old.clone());
    }
    let is_edit = matches!(descriptor.call, Call::Cmdlet(_)) && !gone.iter().chain(&lacking).any(is_primary);
    if !is_edit {
        return Ok(Some(json!(list)));
    }
    let sides = [("Add", lacking), ("Remove", gone)]
        .into_iter()
        .filter(|(_, side)| !side.is_empty());
    Ok(Some(sides.map(|(side, entries)| (side.to_owned(), json!(entries))).collect()))
}

fn flags_back(old: &Value, new: &Value, is: &Value) -> Option<Value> {
    let words = |value: &Value| Record::default().with("words", value.clone()).flags("words");
    let has = |list: &[String], word: &String| list.iter().any(|known| known.eq_ignore_ascii_case(word));
    let (old, new, is) = (words(old), words(new), words(is));
    let was_none = |word: &&String| !word.eq_ignore_ascii_case("none");
    let mut back: Vec<_> = is
        .iter()
        .filter(|word| has(&old, word) || !has(&new, word))
        .filter(was_none)
        .cloned()
        .collect();
    let lacking = old.iter().filter(|word| !has(&new, word) && !has(&back, word)).filter(was_none);
    back.extend(lacking.cloned().collect::<Vec<_>>());
    let is_same = back.len() == is.len() && back.iter().all(|word| has(&is, word));
    if back.is_empty() {
        back.push("None".to_owned());
    }
    (!is_same).then(|| json!(back))
}

/// The members of an object that were changed, as they were.
fn members_back(old: &Value, new: &Value, is: &Value) -> Back {
    let (Some(before), Some(after)) = (old.as_object(), new.as_object()) else {
        return match (same_value(is, old), same_value(is, new)) {
            (true, _) => Ok(None),
            (_, true) => Ok(Some(old.clone())),
            _ => Err(old.clone()),
        };
    };
    let mut back = Map::new();
    let mut is_conflict = false;
    for (name, value) in after {
        let (was, now) = (before.get(name).unwrap_or(&Value::Null), is.get(name).unwrap_or(&Value::Null));
        if !same_value(was, value) && !same_value(now, was) {
            is_conflict |= !same_value(now, value);
            back.insert(name.clone(), was.clone());
        }
    }
    match (back.is_empty(), is_conflict) {
        (true, _) => Ok(None),
        (_, true) => Err(Value::Object(back)),
        (_, false) => Ok(Some(Value::Object(back))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::Argument;
    use crate::change::Impact;
    use crate::change::Inverse;
    use crate::change::Retry;
    use crate::change::Service;
    use crate::change::Verb;

    static SET: Descriptor = Descriptor {
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
            Argument::optional("EmailAddresses", ArgumentType::List),
            Argument::optional("CustomAttribute1", ArgumentType::Text),
            Argument::optional("Alias", ArgumentType::Text),
            Argument::optional("Password", ArgumentType::Secret),
        ],
        impact: |_, _| Impact::Medium,
        loses: |_, _| None,
        before: Some("get_mailuser"),
        keeps: &[],
        made: None,
        evidence: None,
        inverse: Inverse::Restore,
        reversed: None,
        permission: "",
        batchable: true,
        retry: Retry::Safe,
        secret_reply: None,
        powershell: crate::change::PowerShell::Cmdlet { asks: false, then: None },
    };

    fn back(touched: Value, now: Value) -> Restoration {
        let touched: Vec<(String, Value, Value)> = serde_json::from_value(touched).unwrap();
        let now: Record = now.as_object().cloned().unwrap().into();
        restoration(&SET, &touched, &now)
    }

    fn argument(found: &Restoration, name: &str) -> Value {
        found
            .arguments
            .get(name)
            .and_then(|given| given.plain().cloned())
            .unwrap_or_default()
    }

    #[test]
    fn of_a_list_only_what_was_added_or_removed_goes_back() {
        let found = back(
            json!([["EmailAddresses", ["SMTP:a@x", "smtp:b@x"], ["SMTP:a@x", "x500:/o=1"]]]),
            json!({"EmailAddresses": ["SMTP:a@x", "X500:/o=1", "smtp:later@x"]}),
        );

        assert_eq!(
            argument(&found, "EmailAddresses"),
            json!({"Add": ["smtp:b@x"], "Remove": ["X500:/o=1"]})
        );
        assert!(found.conflicts.is_empty());
    }

    #[test]
    fn another_primary_address_is_a_conflict() {
        let found = back(
            json!([["EmailAddresses", ["SMTP:a@x"], ["SMTP:b@x", "smtp:a@x"]]]),
            json!({"EmailAddresses": ["SMTP:c@x", "smtp:b@x", "smtp:a@x"]}),
        );

        assert_eq!(found.conflicts.len(), 1);
    }

    #[test]
    fn a_property_that_somebody_changed_since_is_a_conflict_and_one_that_is_back_needs_nothing() {
        let touched = json!([["CustomAttribute1", "a", "b"], ["Alias", "x", "y"], ["Password", null, "‹secret›"]]);

        let found = back(touched, json!({"CustomAttribute1": "c", "Alias": "x"}));

        assert_eq!(found.conflicts[0].property, "CustomAttribute1");
        assert!(found.arguments.get("Alias").is_none());
        assert_eq!(found.without[0].0, "Password");
    }
}
