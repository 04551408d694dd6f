//! The result of a script as people read it: objects as properties, lists of objects as tables.

use serde_json::Value;

use crate::model::Record;
use crate::output::properties;
use crate::output::table;

/// A value in a cell: texts plain, nothing empty, lists one entry a line.
pub fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(shown).collect::<Vec<_>>().join("\n"),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => value.to_string(),
    }
}

/// A whole result; `None` when there is nothing to show.
pub fn rendered(value: &Value, width: u16) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Array(items) if items.is_empty() => None,
        Value::Array(items) => Some(match rows(items) {
            Some(rows) => table(&rows, width),
            None => shown(value),
        }),
        Value::Object(members) => {
            let (tables, plain): (Vec<_>, Vec<_>) = members.iter().partition(|(_, value)| nested(value).is_some());
            let plain: Record = plain.into_iter().map(|(name, value)| (name.clone(), value.clone())).collect();
            let tables = tables
                .into_iter()
                .filter_map(|(name, value)| Some(format!("{name}:\n{}", table(&nested(value)?, width))));
            // The sum comes last, where a terminal has not scrolled it away.
            let parts: Vec<_> = tables
                .chain(std::iter::once(properties(&plain)))
                .filter(|part| !part.is_empty())
                .collect();
            (!parts.is_empty()).then(|| parts.join("\n\n"))
        }
        Value::Bool(_) | Value::Number(_) | Value::String(_) => Some(shown(value)),
    }
}

fn nested(value: &Value) -> Option<Vec<Record>> {
    value.as_array().filter(|items| !items.is_empty()).and_then(|items| rows(items))
}

fn rows(items: &[Value]) -> Option<Vec<Record>> {
    items.iter().map(|item| item.as_object().cloned().map(Record::from)).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_result_with_lists_of_objects_shows_a_table_for_each_list_and_its_properties_last() {
        let result = json!({"findings": [{"id": "target.application", "state": "ok"}], "ok": true, "domains": ["contoso.com", "contoso.onmicrosoft.com"]});

        let seen = rendered(&result, 80).expect("something to show");

        insta::assert_snapshot!(seen, @r"
        findings:
        id                  state
        ──────────────────────────
        target.application  ok

        ok       true
        domains  contoso.com
                 contoso.onmicrosoft.com
        ");
    }

    #[test]
    fn nothing_is_shown_as_nothing() {
        assert_eq!(rendered(&Value::Null, 80), None);
        assert_eq!(rendered(&json!([]), 80), None);
    }
}
