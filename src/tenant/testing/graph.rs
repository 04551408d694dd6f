//! Graph in a few lines: collections by their path, and what lies below an object.

use serde_json::Value;

use crate::cloud::CloudError;
use crate::model::Record;
use crate::tenant::identity::goes_by;
use crate::tenant::testing::Fake;
use crate::tenant::testing::record;
use crate::tenant::testing::refusal;

impl Fake {
    pub(super) fn graph(&self, method: &str, path: &str, query: Value) -> Result<Vec<Record>, CloudError> {
        let call = format!("{method} {path}");
        self.enter(&call, query.clone(), method != "GET")?;
        let path = path.trim_start_matches('/');
        let (shelf, key) = match (path.split_once("(appId='"), path.split_once('/')) {
            (Some((shelf, key)), _) => (shelf, key.trim_end_matches("')")),
            (None, Some((shelf, key))) => (shelf, key),
            (None, None) => (path, ""),
        };
        let (key, part) = key.split_once('/').unwrap_or((key, ""));
        let shelf = if part.is_empty() || method == "POST" && part == "assignLicense" {
            shelf
        } else {
            part
        };
        let shelf = if shelf == "appRoleAssignedTo" {
            "appRoleAssignments"
        } else {
            shelf
        };
        let mut state = self.0.lock().unwrap();
        let objects = state.objects.entry(shelf.to_owned()).or_default();
        match method {
            "POST" if part != "assignLicense" => {
                let made = record(query)
                    .with("id", format!("id-{}", objects.len()))
                    .with("secretText", "k7Q~shown.once");
                let made = if made.has("appId") {
                    made
                } else {
                    made.with("appId", format!("app-{}", objects.len()))
                };
                objects.push(made.clone());
                Ok(vec![made])
            }
            "GET" => {
                let wanted = query["$filter"]
                    .as_str()
                    .map(|filter| filter.split('\'').nth(1).unwrap_or_default().to_owned());
                let is_key = |object: &Record| key.is_empty() || !part.is_empty() || goes_by(object, key);
                let is_wanted = |object: &Record| wanted.as_ref().is_none_or(|name| goes_by(object, name));
                let found: Vec<Record> = objects
                    .iter()
                    .filter(|object| is_key(object) && is_wanted(object))
                    .cloned()
                    .collect();
                match found.is_empty() && !key.is_empty() && part.is_empty() {
                    true => Err(refusal(&call, 404, "Request_ResourceNotFound", key)),
                    false => Ok(found),
                }
            }
            _ => {
                for object in objects.iter_mut().filter(|object| goes_by(object, key)) {
                    for (name, value) in query.as_object().into_iter().flatten() {
                        let name = if name == "addLicenses" { "assignedLicenses" } else { name };
                        object.set(name, value.clone());
                    }
                }
                Ok(Vec::new())
            }
        }
    }
}
