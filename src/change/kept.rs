//! What is recorded of an object besides what a change touches: its lasting id and type, and what the way back needs.

use serde_json::Value;
use serde_json::json;

use crate::change::Operation;
use crate::change::Verb;
use crate::change::difference::merged;
use crate::model::Record;

/// The properties to record of the image from before: name, before, after.
pub(super) fn kept(before: Option<&Record>, operation: &Operation) -> Vec<(String, Value, Value)> {
    let (Some(image), descriptor) = (before, operation.descriptor) else {
        return Vec::new();
    };
    let is_known = |name: &&str| !matches!(image.get(name), None | Some(Value::Null));
    let id = ["ExchangeObjectId", "Guid", "id"].into_iter().find(is_known);
    let kind = Some("RecipientTypeDetails").filter(is_known);
    let mut kept = Vec::new();
    for name in id.iter().chain(&kind).chain(descriptor.keeps).filter(|name| is_known(name)) {
        let value = image.get(name).cloned().unwrap_or_default();
        let after = match descriptor.verb {
            Verb::Remove => Value::Null,
            _ => value.clone(),
        };
        kept.push(((*name).to_owned(), value, after));
    }
    // A new primary address changes the list, too, in which the old one stays.
    let primary = ["PrimarySmtpAddress", "WindowsEmailAddress"];
    if let (Some(address), Some(list), Verb::Update) = (
        primary.iter().find_map(|name| operation.arguments.text(name)),
        image.get("EmailAddresses"),
        descriptor.verb,
    ) && operation.arguments.get("EmailAddresses").is_none()
    {
        let after = merged(Some(list), &json!({"Add": [format!("SMTP:{address}")]}));
        kept.push(("EmailAddresses".to_owned(), list.clone(), after));
    }
    kept
}
