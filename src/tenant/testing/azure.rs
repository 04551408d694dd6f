//! Azure in a few lines: resources and what is in vaults by path or URL, lists of what lies below, and things that take a moment.

use serde_json::Value;
use serde_json::json;

use crate::cloud::ArmQuestion;
use crate::cloud::CloudError;
use crate::model::Record;
use crate::model::same_text;
use crate::tenant::testing::Fake;
use crate::tenant::testing::record;
use crate::tenant::testing::refusal;

pub(in crate::tenant) const SUBSCRIPTION: &str = "/subscriptions/3c3c3c3c-3333-4ccc-8333-e0e0e0e0e003";
pub(in crate::tenant) const GROUP: &str = "/subscriptions/3c3c3c3c-3333-4ccc-8333-e0e0e0e0e003/resourceGroups/rg-xtmove";
pub(in crate::tenant) const VAULT: &str =
    "/subscriptions/3c3c3c3c-3333-4ccc-8333-e0e0e0e0e003/resourceGroups/rg-xtmove/providers/Microsoft.KeyVault/vaults/nwt-kv";

/// What Azure holds.
#[derive(Default)]
pub(super) struct Azure {
    resources: Vec<(String, Record)>,
    taken: Vec<String>,
    blobs: Vec<(String, String, String)>,
}

/// A subscription with two locations.
pub(in crate::tenant) fn azure() -> Fake {
    Fake::new()
        .with_resource(SUBSCRIPTION, json!({"displayName": "Northwind production"}))
        .with_resource(
            &format!("{SUBSCRIPTION}/locations/westeurope"),
            json!({"displayName": "West Europe", "metadata": {"regionType": "Physical"}}),
        )
        .with_resource(
            &format!("{SUBSCRIPTION}/locations/northeurope"),
            json!({"displayName": "North Europe", "metadata": {"regionType": "Physical"}}),
        )
}

impl Fake {
    /// With a resource at that path, or something in a vault at that URL.
    pub(in crate::tenant) fn with_resource(self, path: &str, object: Value) -> Self {
        self.0.lock().unwrap().azure.put(path, record(object));
        self
    }

    /// With a vault or storage account of that name in somebody else's hands.
    pub(in crate::tenant) fn with_taken_name(self, name: &str) -> Self {
        self.0.lock().unwrap().azure.taken.push(name.to_owned());
        self
    }

    /// With a blob of the audit log.
    pub(in crate::tenant) fn with_blob(self, account: &str, name: &str, text: &str) -> Self {
        let blob = (account.to_owned(), name.to_owned(), text.to_owned());
        self.0.lock().unwrap().azure.blobs.push(blob);
        self
    }

    /// Refusing reads as `refusal` says, given what is called and how many calls were made before.
    pub(in crate::tenant) fn refusing_reads(self, refusal: impl Fn(&str, usize) -> Option<CloudError> + Send + 'static) -> Self {
        self.0.lock().unwrap().read_refusal = Box::new(refusal);
        self
    }

    pub(super) fn azure_get(&self, path: &str) -> Result<Record, CloudError> {
        let call = format!("GET {path}");
        self.enter(&call, Value::Null, false)?;
        let mut state = self.0.lock().unwrap();
        let found = state.azure.get(path).ok_or_else(|| refusal(&call, 404, "ResourceNotFound", path))?;
        state.azure.go_on(path);
        Ok(found)
    }

    pub(super) fn azure_list(&self, path: &str) -> Result<Vec<Record>, CloudError> {
        self.enter(&format!("GET {path}"), Value::Null, false)?;
        Ok(self.0.lock().unwrap().azure.below(path))
    }

    pub(super) fn azure_write(&self, method: &str, path: &str, body: Option<Value>) -> Result<Option<Record>, CloudError> {
        let body = body.unwrap_or(Value::Null);
        self.enter(&format!("{method} {path}"), body.clone(), true)?;
        let mut state = self.0.lock().unwrap();
        Ok(Some(state.azure.write(method, path, body)))
    }

    pub(super) fn azure_ask(&self, question: ArmQuestion, subscription: &str, name: &str) -> Result<Record, CloudError> {
        self.enter(&format!("GET {subscription} {question:?} {name}"), Value::Null, false)?;
        let is_taken = self.0.lock().unwrap().azure.taken.iter().any(|taken| taken == name);
        Ok(record(
            json!({"nameAvailable": !is_taken, "message": is_taken.then_some("The name is in use.")}),
        ))
    }

    pub(super) fn blobs(&self, account: &str, prefix: &str) -> Result<Vec<String>, CloudError> {
        self.enter(&format!("GET blobs {prefix}"), Value::Null, false)?;
        let state = self.0.lock().unwrap();
        let of = state
            .azure
            .blobs
            .iter()
            .filter(|(of, name, _)| of == account && name.starts_with(prefix));
        Ok(of.map(|(_, name, _)| name.clone()).collect())
    }

    pub(super) fn blob(&self, account: &str, name: &str) -> Result<Vec<u8>, CloudError> {
        self.enter(&format!("GET blob {name}"), Value::Null, false)?;
        let state = self.0.lock().unwrap();
        let blob = state.azure.blobs.iter().find(|(of, known, _)| of == account && known == name);
        Ok(blob.map(|(_, _, text)| text.clone().into_bytes()).unwrap_or_default())
    }
}

impl Azure {
    fn get(&self, path: &str) -> Option<Record> {
        let is_it = |(known, record): &&(String, Record)| same_text(known, path) || record.text("id") == Some(path);
        self.resources.iter().find(is_it).map(|(_, record)| record.clone())
    }

    fn put(&mut self, path: &str, mut record: Record) {
        if !record.has("id") {
            record.set("id", path);
        }
        if !record.has("name") {
            record.set("name", path.rsplit('/').next().unwrap_or_default());
        }
        self.resources.retain(|(known, _)| !same_text(known, path));
        self.resources.push((path.to_owned(), record));
    }

    /// What lies directly below a path; of a provider's kind of resource also what lies in groups.
    fn below(&self, path: &str) -> Vec<Record> {
        let path = path.to_lowercase();
        let (scope, kind) = path.rfind("/providers/").map_or(("", &*path), |at| path.split_at(at));
        let is_below = |(known, _): &&(String, Record)| {
            let known = known.to_lowercase();
            let parent = known.rsplit_once('/').map_or("", |(parent, _)| parent);
            parent == path || !scope.is_empty() && parent.starts_with(scope) && parent.ends_with(kind)
        };
        self.resources.iter().filter(is_below).map(|(_, record)| record.clone()).collect()
    }

    fn write(&mut self, method: &str, path: &str, body: Value) -> Record {
        if let Some(id) = path.strip_suffix("/register") {
            self.put(id, record(json!({"registrationState": "Registering"})));
        } else if let Some(id) = path.strip_suffix("/accessPolicies/add") {
            let vault = self.get(id).unwrap();
            let mut properties = vault.get("properties").unwrap().clone();
            let known = properties["accessPolicies"].as_array_mut().unwrap();
            for policy in body["properties"]["accessPolicies"].as_array().unwrap() {
                let own = known.iter_mut().find(|other| other["objectId"] == policy["objectId"]);
                let Some(own) = own else {
                    known.push(policy.clone());
                    continue;
                };
                for (container, words) in policy["permissions"].as_object().unwrap() {
                    let mut all = own["permissions"][container].as_array().cloned().unwrap_or_default();
                    all.extend(words.as_array().unwrap().iter().cloned());
                    own["permissions"][container] = Value::Array(all);
                }
            }
            self.put(id, vault.with("properties", properties));
        } else if let Some(url) = path.strip_suffix("/create") {
            self.put(&format!("{url}/pending"), record(json!({"status": "inProgress"})));
        } else if method == "PUT" {
            let mut body = body;
            if path.contains("/vaults/") && !path.contains("Microsoft.Insights") && !path.contains("Authorization") {
                body["properties"]["provisioningState"] = "RegisteringDns".into();
            }
            self.put(path, record(body));
        }
        self.get(path).unwrap_or_default()
    }

    /// What takes a moment is done after the first look.
    fn go_on(&mut self, path: &str) {
        let Some(mut found) = self.get(path) else { return };
        if found.text("registrationState") == Some("Registering") {
            found.set("registrationState", "Registered");
        } else if found.get("properties").is_some_and(|properties| {
            ["RegisteringDns", "ResolvingDns"]
                .iter()
                .any(|state| properties["provisioningState"] == *state)
        }) {
            let mut properties = found.get("properties").unwrap().clone();
            properties["provisioningState"] = "Succeeded".into();
            found.set("properties", properties);
        } else if found.text("status") == Some("inProgress") && !found.has("issuer") {
            found.set("status", "completed");
            let url = path.trim_end_matches("/pending");
            let certificate = json!({"id": format!("{url}/0a1b"), "cer": "MIID", "x5t": "XyyaCx0-T2BxgpOktcbX6PkBI0U",
                "attributes": {"enabled": true, "nbf": 1_767_599_400, "exp": 1_799_136_000},
                "policy": {"x509_props": {"subject": "CN=move"}}});
            self.put(url, record(certificate));
        }
        self.put(path, found);
    }
}
