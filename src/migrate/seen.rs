//! Reading what scripts hand over: maps in arrays, and domains in the two shapes they come in.

use serde_json::Value;

use crate::model::Record;
use crate::model::split_list;

/// Maps in an array.
pub(super) fn records(value: Option<&Value>) -> Vec<Record> {
    let items = value.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    items.iter().filter_map(Value::as_object).cloned().map(Record::from).collect()
}

/// Domains given as texts or as the objects of `Get-AcceptedDomain`, in lower case.
pub(super) fn domains(value: Option<&Value>) -> Vec<String> {
    let items = match value {
        Some(Value::Array(items)) => items.clone(),
        Some(Value::String(text)) => split_list(text).into_iter().map(Value::String).collect(),
        _ => Vec::new(),
    };
    let name = |item: &Value| {
        let text = item
            .as_str()
            .or_else(|| item.get("DomainName").or_else(|| item.get("id")).and_then(Value::as_str));
        text.map(str::to_lowercase)
    };
    items.iter().filter_map(name).collect()
}
