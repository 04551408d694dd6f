//! A service in a few lines for the tests here: objects by noun, cmdlets and paths that read and change them, and a clock that
//! jumps. It knows none of the service's rules; the sandbox does.

mod azure;
mod exchange;
mod gate;
mod graph;
mod wire;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::Timestamp;
use secrecy::SecretString;
use serde_json::Value;

use crate::cloud::CloudError;
use crate::cloud::CloudName;
use crate::cloud::Connection;
use crate::cloud::Credential;
use crate::cloud::Fault;
use crate::cloud::Route;
use crate::cloud::cloud;
use crate::model::Kind;
use crate::model::Record;
use crate::platform::Clock;
use crate::tenant::Tenant;

pub(super) use azure::GROUP;
pub(super) use azure::SUBSCRIPTION;
pub(super) use azure::VAULT;
pub(super) use azure::azure;
pub(super) use gate::gate;
pub(super) use gate::open_gate;
pub(super) use gate::told;

/// The properties of a JSON object as a record.
pub(super) fn record(value: Value) -> Record {
    value.as_object().cloned().expect("an object").into()
}

/// A clock that is at the end of each wait at once.
pub(super) struct Jumping(Mutex<Timestamp>);

impl Clock for Jumping {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        let mut now = self.0.lock().unwrap();
        *now = now.checked_add(jiff::SignedDuration::try_from(duration).unwrap()).unwrap();
        std::future::ready(()).boxed()
    }
}

type Refusal = Box<dyn Fn(&str, usize) -> Option<CloudError> + Send>;
type Paging = Box<dyn Fn(usize) -> Option<String> + Send>;

struct State {
    objects: BTreeMap<String, Vec<Record>>,
    calls: Vec<(String, Value)>,
    refusal: Refusal,
    token: Result<Vec<String>, u64>,
    paging: Paging,
    is_terse: bool,
    secret: Option<String>,
    azure: azure::Azure,
    read_refusal: Refusal,
}

/// The service, shared between the test and its tenant.
#[derive(Clone)]
pub(super) struct Fake(Arc<Mutex<State>>, Arc<Jumping>);

impl Fake {
    pub(super) fn new() -> Self {
        let state = State {
            objects: BTreeMap::new(),
            calls: Vec::new(),
            refusal: Box::new(|_, _| None),
            azure: azure::Azure::default(),
            read_refusal: Box::new(|_, _| None),
            token: Err(700016),
            paging: Box::new(|_| None),
            is_terse: false,
            secret: None,
        };
        let start = "2026-01-05T08:00:00Z".parse().unwrap();
        Self(Arc::new(Mutex::new(state)), Arc::new(Jumping(Mutex::new(start))))
    }

    /// With an object; `noun` is that of the cmdlets (`MailUser`) or the collection's path (`applications`).
    pub(super) fn with(self, noun: &str, object: Value) -> Self {
        let mut state = self.0.lock().unwrap();
        state.objects.entry(noun.to_owned()).or_default().push(record(object));
        drop(state);
        self
    }

    /// Refusing writes as `refusal` says, given what is called and how many calls were made before.
    pub(super) fn refusing(self, refusal: impl Fn(&str, usize) -> Option<CloudError> + Send + 'static) -> Self {
        self.0.lock().unwrap().refusal = Box::new(refusal);
        self
    }

    /// Linking each page of Graph to the next as `paging` says, given how many pages came before.
    pub(super) fn paging(self, paging: impl Fn(usize) -> Option<String> + Send + 'static) -> Self {
        self.0.lock().unwrap().paging = Box::new(paging);
        self
    }

    /// Saying of a new MailUser no more than its name, while giving it an address that nobody asked for.
    pub(super) fn terse(self) -> Self {
        self.0.lock().unwrap().is_terse = true;
        self
    }

    /// Answering token requests with these roles, or with an AADSTS number.
    pub(super) fn granting(self, token: Result<&[&str], u64>) -> Self {
        self.0.lock().unwrap().token = token.map(|roles| roles.iter().map(|role| (*role).to_owned()).collect());
        self
    }

    /// The secret that the last token request came with.
    pub(super) fn signed_in_with(&self) -> Option<String> {
        self.0.lock().unwrap().secret.clone()
    }

    pub(super) fn tenant(&self) -> Tenant {
        let credential = Credential::Secret {
            client_id: "admin".into(),
            secret: SecretString::from("secret"),
        };
        let connection = Connection::new(
            cloud(CloudName::Worldwide),
            "northwind.com",
            credential,
            Route::default(),
            self.1.clone(),
        );
        Tenant::scripted(connection.unwrap(), Box::new(self.clone()))
    }

    /// The writes so far: what was called, and with which parameters or body.
    pub(super) fn writes(&self) -> Vec<(String, Value)> {
        let calls = self.0.lock().unwrap().calls.clone();
        calls
            .into_iter()
            .filter(|(call, _)| !call.starts_with("Get-") && !call.starts_with("GET "))
            .collect()
    }

    /// What was called to write, without parameters.
    pub(super) fn written(&self) -> Vec<String> {
        self.writes().into_iter().map(|(call, _)| call).collect()
    }

    /// The reads so far, with their parameters.
    pub(super) fn reads(&self) -> Vec<(String, Value)> {
        let calls = self.0.lock().unwrap().calls.clone();
        calls
            .into_iter()
            .filter(|(call, _)| call.starts_with("Get-") || call.starts_with("GET "))
            .collect()
    }

    pub(super) fn waited(&self) -> Duration {
        let start: Timestamp = "2026-01-05T08:00:00Z".parse().unwrap();
        self.1.now().duration_since(start).try_into().unwrap()
    }

    pub(super) fn change(&self, noun: &str, change: impl FnOnce(&mut Vec<Record>)) {
        change(self.0.lock().unwrap().objects.entry(noun.to_owned()).or_default());
    }

    fn enter(&self, call: &str, parameters: Value, is_write: bool) -> Result<(), CloudError> {
        let mut state = self.0.lock().unwrap();
        let before = state.calls.len();
        state.calls.push((call.to_owned(), parameters));
        let refusal = if is_write { &state.refusal } else { &state.read_refusal };
        match refusal(call, before) {
            Some(refusal) => Err(refusal),
            None => Ok(()),
        }
    }
}

/// A refusal of the service.
pub(super) fn refusal(call: &str, status: u16, code: &str, text: &str) -> CloudError {
    let kind = match status {
        404 => Kind::NotFound,
        403 => Kind::Forbidden,
        _ => Kind::Refused,
    };
    CloudError::from(Fault {
        call: call.to_owned(),
        status,
        code: code.to_owned(),
        text: text.to_owned(),
        details: Vec::new(),
        kind,
        remedy: None,
        retryable: false,
        request_id: None,
    })
}
