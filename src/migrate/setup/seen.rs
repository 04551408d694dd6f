//! What a script saw of one tenant.

use serde_json::Value;

use crate::migrate::seen::domains;
use crate::migrate::seen::records;
use crate::model::Record;
use crate::model::same_text;

/// The map a script hands over, with the side it is about.
pub(super) struct Seen<'a> {
    pub side: &'static str,
    given: &'a Record,
}

/// An object that was looked for.
pub(super) enum Look {
    /// Nobody looked.
    NotLooked,
    /// It is not there.
    Missing,
    /// It is there.
    Found(Record),
}

impl<'a> Seen<'a> {
    pub(super) fn new(side: &'static str, given: &'a Record) -> Self {
        Self { side, given }
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.given.has(name)
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.given.text(name)
    }

    pub(super) fn object(&self, name: &str) -> Look {
        match self.given.get(name) {
            None => Look::NotLooked,
            Some(Value::Object(map)) => Look::Found(map.clone().into()),
            Some(_) => Look::Missing,
        }
    }

    /// The objects of an array; `None` when nobody looked.
    pub(super) fn objects(&self, name: &str) -> Option<Vec<Record>> {
        self.has(name).then(|| records(self.given.get(name)))
    }

    /// How many entries of an array are no objects: something was looked for and is not there.
    pub(super) fn missing_in(&self, name: &str) -> usize {
        let items = self.given.get(name).and_then(Value::as_array);
        items.map_or(0, |items| items.iter().filter(|item| !item.is_object()).count())
    }

    /// Domains; `None` when they are not known.
    pub(super) fn domains(&self, name: &str) -> Option<Vec<String>> {
        self.given
            .get(name)
            .filter(|value| !value.is_null())
            .map(|value| domains(Some(value)))
    }

    /// The names of app roles the application holds in this tenant. Assignments carry ids; unknown ones stay ids.
    pub(super) fn roles(&self) -> Option<Vec<String>> {
        let value = self.given.get("roles").or_else(|| self.given.get("role_assignments"))?;
        let name = |item: &Value| {
            let id = || item.get("appRoleId").and_then(Value::as_str);
            let text = item.as_str().or_else(|| item.get("value").and_then(Value::as_str)).or_else(id)?;
            let known = KNOWN_ROLES.iter().find(|(id, _)| same_text(id, text));
            Some(known.map_or(text, |(_, name)| name).to_owned())
        };
        Some(
            value
                .as_array()
                .map(Vec::as_slice)
                .unwrap_or_default()
                .iter()
                .filter_map(name)
                .collect(),
        )
    }

    /// The partner as people know it.
    pub(super) fn partner_name(&self) -> &str {
        self.text("partner_domain")
            .or_else(|| self.text("partner_id"))
            .unwrap_or("the partner")
    }
}

/// Microsoft's own ids of the roles that matter.
pub(super) const KNOWN_ROLES: [(&str, &str); 2] = [
    ("f7264778-fba9-422d-8e9e-2675a2c4b513", "Mailbox.Migration"),
    ("09850681-111b-4a89-9bed-3f2cae46d706", "User.Invite.All"),
];
