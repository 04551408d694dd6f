//! Values with one thing changed, of which the description must not allow all.

use serde_json::Value;
use serde_json::json;

/// Copies of a value with one part of another type, or one property too many: nothing that is described has room for either.
pub fn spoilt(value: &Value) -> Vec<(String, Value)> {
    changed(value, &|value| {
        let mut copies = vec![("another type", json!([[value]]))];
        if let Value::Object(object) = value {
            let mut more = object.clone();
            more.insert("surplus".into(), json!([1]));
            copies.push(("a property too many", more.into()));
        }
        copies
    })
}

/// Copies of a value with a property less, or another word, which may be allowed.
pub fn varied(value: &Value) -> Vec<(String, Value)> {
    changed(value, &|value| match value {
        Value::String(_) => vec![("another word", json!("surplus"))],
        Value::Number(_) => vec![("another number", json!(4_711_000_000_000_u64)), ("another sign", json!(-1))],
        Value::Object(object) => object
            .keys()
            .map(|name| {
                let mut less = object.clone();
                less.remove(name);
                ("a property less", less.into())
            })
            .collect(),
        _ => Vec::new(),
    })
}

/// Copies of a value in which one part is changed in one of the ways that `change` gives, each with the place and the way.
fn changed(value: &Value, change: &dyn Fn(&Value) -> Vec<(&'static str, Value)>) -> Vec<(String, Value)> {
    let own = change(value).into_iter();
    let mut copies: Vec<_> = own.map(|(what, copy)| (format!(": {what}"), copy)).collect();
    match value {
        Value::Object(object) => {
            for (name, part) in object {
                copies.extend(changed(part, change).into_iter().map(|(what, part)| {
                    let mut copy = object.clone();
                    copy.insert(name.clone(), part);
                    (format!(".{name}{what}"), copy.into())
                }));
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                copies.extend(changed(item, change).into_iter().map(|(what, item)| {
                    let mut copy = items.clone();
                    copy[index] = item;
                    (format!("[{index}]{what}"), copy.into())
                }));
            }
        }
        _ => {}
    }
    copies
}
