//! `Record`: the property bag that tenant, migrate, files and scripts exchange.
//!
//! Records of one kind share their list of keys, because a tenant has a hundred thousand of them and two hundred keys each.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Serialize;
use serde::ser::SerializeMap;
use serde_json::Map;
use serde_json::Value;
use uuid::Uuid;

/// The names of a record's properties, in the order the service gave them; looked up without case.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Keys {
    names: Vec<String>,
    index: HashMap<String, usize>,
}

impl Keys {
    fn new(names: Vec<String>) -> Self {
        let index = names.iter().enumerate().map(|(at, name)| (name.to_ascii_lowercase(), at)).collect();
        Self { names, index }
    }

    fn position(&self, name: &str) -> Option<usize> {
        self.index.get(name).or_else(|| self.index.get(&name.to_ascii_lowercase())).copied()
    }
}

/// Hands the previous record's key list to the next one when their properties are the same.
#[derive(Debug, Default)]
pub struct KeyCache(Option<Arc<Keys>>);

impl KeyCache {
    /// Builds a record from `map`, sharing the key list with the record built before when it fits.
    pub fn record(&mut self, map: Map<String, Value>) -> Record {
        let known = self.0.as_ref().filter(|keys| keys.names.iter().eq(map.keys()));
        let keys = known.cloned().unwrap_or_else(|| Arc::new(Keys::new(map.keys().cloned().collect())));
        self.0 = Some(keys.clone());
        Record {
            keys,
            values: map.into_iter().map(|(_, value)| value).collect(),
        }
    }
}

/// The properties of one object, named as the service names them and read without case.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Record {
    keys: Arc<Keys>,
    values: Vec<Value>,
}

impl From<Map<String, Value>> for Record {
    fn from(map: Map<String, Value>) -> Self {
        KeyCache::default().record(map)
    }
}

impl FromIterator<(String, Value)> for Record {
    fn from_iter<I: IntoIterator<Item = (String, Value)>>(pairs: I) -> Self {
        pairs.into_iter().collect::<Map<_, _>>().into()
    }
}

impl Serialize for Record {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.values.len()))?;
        for (name, value) in self.iter() {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl Record {
    /// The value of `name`, whatever its case; `None` when the object has no such property.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.keys.position(name).map(|at| &self.values[at])
    }

    /// Whether the object has a property of that name, set or not.
    pub fn has(&self, name: &str) -> bool {
        self.keys.position(name).is_some()
    }

    /// A non-empty text. Enums arrive as text or as `{"Value": ...}`, so both are read.
    pub fn text(&self, name: &str) -> Option<&str> {
        let value = self.get(name)?;
        let value = value.get("Value").unwrap_or(value);
        value.as_str().filter(|text| !text.is_empty())
    }

    /// A truth: `true`, or the text `True` that permission objects and CLIXML carry.
    pub fn flag(&self, name: &str) -> Option<bool> {
        match self.get(name)? {
            Value::Bool(flag) => Some(*flag),
            Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        }
    }

    /// A whole number, also when it arrives as text.
    pub fn number(&self, name: &str) -> Option<i64> {
        match self.get(name)? {
            Value::Number(number) => number.as_i64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// The entries of a multi-valued property; a single text counts as one entry. Never split at commas: X500 names hold them.
    pub fn list(&self, name: &str) -> Vec<String> {
        match self.get(name) {
            Some(Value::Array(items)) => items.iter().filter_map(|item| item.as_str()).map(str::to_owned).collect(),
            Some(Value::String(text)) if !text.is_empty() => vec![text.clone()],
            _ => Vec::new(),
        }
    }

    /// The members of a flags enum, which arrives as an array or as one text joined by commas.
    pub fn flags(&self, name: &str) -> Vec<String> {
        let split = |text: String| text.split(',').map(|part| part.trim().to_owned()).collect::<Vec<_>>();
        self.list(name)
            .into_iter()
            .flat_map(split)
            .filter(|part| !part.is_empty())
            .collect()
    }

    /// A GUID that is set: the all-zero one means "none" to Exchange.
    pub fn guid(&self, name: &str) -> Option<Uuid> {
        let guid = Uuid::parse_str(self.text(name)?.trim_matches(['{', '}'])).ok()?;
        (!guid.is_nil()).then_some(guid)
    }

    /// Names and values in the service's order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.keys.names.iter().map(String::as_str).zip(&self.values)
    }

    /// The property names in the service's order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.keys.names.iter().map(String::as_str)
    }

    /// This record with `name` set; the key list is copied only when the name is new.
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.set(name, value);
        self
    }

    /// Sets `name`, adding the property when the record lacks it.
    pub fn set(&mut self, name: &str, value: impl Into<Value>) {
        match self.keys.position(name) {
            Some(at) => self.values[at] = value.into(),
            None => {
                let mut names = self.keys.names.clone();
                names.push(name.to_owned());
                self.keys = Arc::new(Keys::new(names));
                self.values.push(value.into());
            }
        }
    }

    /// A JSON object with the same properties in the same order.
    pub fn to_map(&self) -> Map<String, Value> {
        self.iter().map(|(name, value)| (name.to_owned(), value.clone())).collect()
    }

    /// Whether both records share one key list, which is what keeps a large tenant small.
    pub fn shares_keys_with(&self, other: &Record) -> bool {
        Arc::ptr_eq(&self.keys, &other.keys)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn record(value: Value) -> Record {
        value.as_object().cloned().expect("an object").into()
    }

    #[test]
    fn properties_are_read_without_case_and_in_every_shape_the_service_sends() {
        let read = record(json!({
            "Status": {"Value": "Syncing"}, "Deny": "False", "ItemCount": "12",
            "ExchangeGuid": "00000000-0000-0000-0000-000000000000", "MailboxMoveCapability": "Inbound, RemoteOutbound",
        }));

        assert_eq!(read.text("status"), Some("Syncing"));
        assert_eq!(read.flag("DENY"), Some(false));
        assert_eq!(read.number("itemcount"), Some(12));
        assert_eq!(read.guid("ExchangeGuid"), None);
        assert_eq!(read.flags("MailboxMoveCapability"), ["Inbound", "RemoteOutbound"]);
    }

    #[test]
    fn records_with_the_same_properties_share_their_key_list() {
        let mut cache = KeyCache::default();
        let maps = ["Ann", "Bob"].map(|name| json!({"Name": name}).as_object().cloned().expect("an object"));

        let [ann, bob] = maps.map(|map| cache.record(map));

        assert!(ann.shares_keys_with(&bob));
        assert_eq!(bob.text("Name"), Some("Bob"));
    }
}
