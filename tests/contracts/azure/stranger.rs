//! A client that is not ours: it asks by hand, for what it may not have too. Before each change it sends everything that the
//! description forbids in its place, which the sandbox then has to refuse.

mod data;
mod refusals;
mod resources;

use std::time::Duration;

use reqwest::Url;
use serde_json::Value;

use super::Azure;
use super::examples::azure;
use super::spoilt::spoilt;
use super::spoilt::varied;
use crate::common::Recorded;
use crate::common::Recorder;

/// Somebody else.
const PRINCIPAL: &str = "11111111-2222-4333-8444-555555555555";

/// A client that is not ours, with what it found out.
pub struct Stranger<'r> {
    recorder: &'r Recorder,
    /// `None` where the description is not at hand.
    azure: Option<&'static Azure>,
    subscription: String,
    tenant: String,
    own_id: String,
}

impl<'r> Stranger<'r> {
    /// Signs in as the administrator of the target and looks around.
    pub fn new(recorder: &'r Recorder) -> Self {
        let mut stranger = Self {
            recorder,
            azure: azure(),
            subscription: String::new(),
            tenant: String::new(),
            own_id: recorder.own_id("northwind"),
        };
        let seen = stranger.arm("GET", "/subscriptions", None);
        let seen = &seen.answer.expect("subscriptions")["value"][0];
        stranger.subscription = text(&seen["id"]);
        stranger.tenant = text(&seen["tenantId"]);
        stranger
    }

    /// Everything, by and by.
    pub fn visits(&self) {
        self.looks_around();
        self.groups();
        self.providers();
        self.vaults();
        self.grants();
        self.logs();
        self.certificates();
        self.other_certificates();
        self.secrets();
        self.leaves();
        self.is_refused();
    }

    fn group(&self) -> String {
        format!("{}/resourcegroups/stranger", self.subscription)
    }

    fn vault(&self) -> String {
        format!("{}/providers/Microsoft.KeyVault/vaults/stranger-kv", self.group())
    }

    fn account(&self) -> String {
        format!("{}/providers/Microsoft.Storage/storageAccounts/strangeraudit", self.group())
    }

    fn arm(&self, method: &str, path: &str, body: Option<Value>) -> Recorded {
        self.asks(method, &address(path), body)
    }

    /// A request to the vault.
    fn data(&self, method: &str, path: &str, body: Option<Value>) -> Recorded {
        let mark = if path.contains('?') { '&' } else { '?' };
        let address = format!("https://stranger-kv.vault.azure.net/{path}{mark}api-version=7.5");
        self.asks(method, &address, body)
    }

    fn asks(&self, method: &str, address: &str, body: Option<Value>) -> Recorded {
        for copy in body.iter().flat_map(|body| self.forbidden(method, address, body)) {
            self.recorder.asks_at("northwind", method, address, Some(copy));
        }
        self.recorder.asks_at("northwind", method, address, body)
    }

    /// Bodies like this one that the description forbids.
    fn forbidden(&self, method: &str, address: &str, body: &Value) -> Vec<Value> {
        let Some(azure) = &self.azure else { return Vec::new() };
        let url = Url::parse(address).expect("an address");
        let mut recorded = Recorded {
            host: url.host_str().expect("an address has a host").to_owned(),
            method: method.to_owned(),
            path: url.path().to_owned(),
            query: url.query_pairs().into_owned().collect(),
            body: None,
            status: 400,
            answer: None,
        };
        let is_request = |fault: &String| fault.starts_with("request");
        let mut copies: Vec<_> = spoilt(body).into_iter().chain(varied(body)).map(|(_, copy)| copy).collect();
        copies.retain(|copy| {
            recorded.body = Some(copy.clone());
            azure.faults(&recorded).iter().any(is_request)
        });
        copies
    }

    /// All pages of a list of the vault, one item each.
    fn pages(&self, path: &str) {
        let mut page = self.data("GET", &format!("{path}?maxresults=1"), None);
        while let Some(next) = page.answer.as_ref().and_then(|answer| answer["nextLink"].as_str()) {
            page = self.recorder.asks_at("northwind", "GET", next, None);
        }
    }

    fn waits(&self, seconds: u64) {
        self.recorder.waits(Duration::from_secs(seconds));
    }
}

/// The address of a path, with the version that the copy of the description has.
fn address(path: &str) -> String {
    let lower = path.to_lowercase();
    let of_provider = lower.rsplit_once("/providers/").and_then(|(_, rest)| rest.split_once('/'));
    let version = match of_provider {
        Some((_, "register" | "unregister")) => "2024-07-01",
        Some(("microsoft.keyvault", _)) => "2023-07-01",
        Some(("microsoft.storage", _)) => "2023-05-01",
        Some(("microsoft.insights", _)) => "2021-05-01-preview",
        Some(("microsoft.authorization", _)) => "2022-04-01",
        _ if lower.contains("/resourcegroups") || lower.contains("/providers") => "2024-07-01",
        _ => "2022-12-01",
    };
    format!("https://management.azure.com{path}?api-version={version}")
}

fn text(value: &Value) -> String {
    value.as_str().expect("it is text").to_owned()
}
