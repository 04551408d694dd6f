//! A service in a few lines for the tests here: objects by noun, cmdlets and paths that read and change them, and a clock that
//! jumps. It knows none of the service's rules; the sandbox does.

mod azure;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::Timestamp;
use secrecy::ExposeSecret;
use secrecy::SecretString;
use serde_json::Value;
use serde_json::json;
use uuid::Uuid;

use crate::change::Change;
use crate::change::Fate;
use crate::change::Gate;
use crate::change::Impact;
use crate::change::Mode;
use crate::change::Permissions;
use crate::change::Permit;
use crate::change::Service;
use crate::cloud::ArmQuestion;
use crate::cloud::CloudError;
use crate::cloud::CloudName;
use crate::cloud::Connection;
use crate::cloud::Credential;
use crate::cloud::ExchangePage;
use crate::cloud::ExchangePageToken;
use crate::cloud::Fault;
use crate::cloud::Identity;
use crate::cloud::LinkedPage;
use crate::cloud::Route;
use crate::cloud::SignInRefusal;
use crate::cloud::VaultSecret;
use crate::cloud::cloud;
use crate::model::Arguments;
use crate::model::Kind;
use crate::model::Record;
use crate::platform::Clock;
use crate::tenant::Tenant;
use crate::tenant::identity::goes_by;
use crate::tenant::wire::Wire;

pub(super) use azure::GROUP;
pub(super) use azure::SUBSCRIPTION;
pub(super) use azure::VAULT;
pub(super) use azure::azure;

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

    fn cmdlet(&self, cmdlet: &str, parameters: &Arguments, is_write: bool) -> Result<Vec<Record>, CloudError> {
        let shown: serde_json::Map<_, _> = parameters.iter().map(|(name, given)| (name.to_owned(), given.shown())).collect();
        self.enter(cmdlet, Value::Object(shown.clone()), is_write)?;
        let (verb, noun) = cmdlet.split_once('-').unwrap();
        // A recipient and a user are the same objects seen from elsewhere.
        let shelves: &[&str] = match noun {
            "Recipient" => &["MailUser", "Mailbox", "DistributionGroup"],
            "User" => &["MailUser"],
            _ => &[noun],
        };
        let mut state = self.0.lock().unwrap();
        let identity = parameters.text("Identity");
        let is_it = |object: &Record| identity.is_none_or(|identity| goes_by(object, identity));
        match verb {
            "New" => {
                let mut made: Record = record(Value::Object(shown));
                let name = made.text("Name").unwrap_or_default().to_owned();
                made.set("Identity", name);
                made.set(
                    "RecipientTypeDetails",
                    if noun == "MailUser" {
                        "MailUser"
                    } else {
                        "MailUniversalSecurityGroup"
                    },
                );
                if let Some(primary) = made.text("PrimarySmtpAddress").map(str::to_owned) {
                    let given = state.is_terse.then(|| "smtp:given@northwind.com".to_owned());
                    let addresses: Vec<String> = std::iter::once(format!("SMTP:{primary}")).chain(given).collect();
                    made.set("EmailAddresses", addresses);
                }
                if let Some(upn) = made.text("MicrosoftOnlineServicesID").map(str::to_owned) {
                    made.set("UserPrincipalName", upn);
                }
                state.objects.entry(noun.to_owned()).or_default().push(made.clone());
                Ok(vec![match state.is_terse {
                    true => record(json!({"Identity": made.text("Identity")})),
                    false => made,
                }])
            }
            "Get" | "Set" | "Remove" | "Add" if noun == "DistributionGroupMember" => {
                let members = state.objects.entry(noun.to_owned()).or_default();
                if let Some(member) = parameters.text("Member") {
                    members.push(record(json!({"Identity": member})));
                }
                Ok(members.clone())
            }
            _ => {
                let mut found = Vec::new();
                for shelf in shelves {
                    let objects = state.objects.entry((*shelf).to_owned()).or_default();
                    found.extend(objects.iter().filter(|object| is_it(object)).cloned());
                    if verb == "Remove" {
                        objects.retain(|object| !is_it(object));
                    }
                    for object in objects.iter_mut().filter(|object| verb == "Set" && is_it(object)) {
                        for (name, value) in shown.iter().filter(|(name, _)| *name != "Identity") {
                            object.set(name, value.clone());
                        }
                    }
                }
                // The service's trap: a batch that is not there is answered with all that are.
                if noun == "MigrationBatch" && !is_write && found.is_empty() {
                    found = state.objects.entry(noun.to_owned()).or_default().clone();
                }
                match identity {
                    Some(identity) if found.is_empty() => Err(refusal(cmdlet, 404, "ManagementObjectNotFoundException", identity)),
                    _ if is_write => Ok(Vec::new()),
                    _ => Ok(found),
                }
            }
        }
    }

    fn graph(&self, method: &str, path: &str, query: Value) -> Result<Vec<Record>, CloudError> {
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

fn ready<'a, T: Send + 'a>(answer: Result<T, CloudError>) -> BoxFuture<'a, Result<T, CloudError>> {
    std::future::ready(answer).boxed()
}

fn options(query: &[(&str, &str)]) -> Value {
    query.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect()
}

impl Wire for Fake {
    fn clock(&self) -> &dyn Clock {
        &*self.1
    }

    fn exchange_read<'a>(
        &'a self,
        cmdlet: &'a str,
        parameters: &'a Arguments,
        _: Option<&'a ExchangePageToken>,
    ) -> BoxFuture<'a, Result<ExchangePage, CloudError>> {
        ready(self.cmdlet(cmdlet, parameters, false).map(|records| ExchangePage {
            records,
            ..ExchangePage::default()
        }))
    }

    fn exchange_write<'a>(
        &'a self,
        cmdlet: &'a str,
        parameters: &'a Arguments,
        _: Permit,
    ) -> BoxFuture<'a, Result<ExchangePage, CloudError>> {
        ready(self.cmdlet(cmdlet, parameters, true).map(|records| ExchangePage {
            records,
            ..ExchangePage::default()
        }))
    }

    fn graph_get<'a>(&'a self, path: &'a str, query: &'a [(&'a str, &'a str)]) -> BoxFuture<'a, Result<Record, CloudError>> {
        ready(self.graph("GET", path, options(query)).map(|mut found| found.remove(0)))
    }

    fn graph_page<'a>(
        &'a self,
        path: &'a str,
        query: &'a [(&'a str, &'a str)],
        _: Option<&'a str>,
    ) -> BoxFuture<'a, Result<LinkedPage, CloudError>> {
        let page = self.reads().len();
        let records = self.graph("GET", path, options(query));
        let next = (self.0.lock().unwrap().paging)(page);
        ready(records.map(|records| LinkedPage { records, next }))
    }

    fn graph_write<'a>(
        &'a self,
        method: &'a str,
        path: &'a str,
        body: Option<Value>,
        _: Permit,
    ) -> BoxFuture<'a, Result<Option<Record>, CloudError>> {
        ready(
            self.graph(method, path, body.unwrap_or(Value::Null))
                .map(|made| made.into_iter().next()),
        )
    }

    fn arm_get<'a>(&'a self, path: &'a str, _: &'a str) -> BoxFuture<'a, Result<Record, CloudError>> {
        ready(self.azure_get(path))
    }

    fn arm_page<'a>(
        &'a self,
        path: &'a str,
        _: &'a str,
        _: &'a [(&'a str, &'a str)],
        _: Option<&'a str>,
    ) -> BoxFuture<'a, Result<LinkedPage, CloudError>> {
        ready(self.azure_list(path).map(|records| LinkedPage { records, next: None }))
    }

    fn arm_ask<'a>(&'a self, question: ArmQuestion, subscription: &'a str, name: &'a str) -> BoxFuture<'a, Result<Record, CloudError>> {
        ready(self.azure_ask(question, subscription, name))
    }

    fn arm_write<'a>(
        &'a self,
        method: &'a str,
        path: &'a str,
        _: &'a str,
        body: Option<Value>,
        _: Permit,
    ) -> BoxFuture<'a, Result<Option<Record>, CloudError>> {
        ready(self.azure_write(method, path, body))
    }

    fn vault_get<'a>(&'a self, url: &'a str) -> BoxFuture<'a, Result<Record, CloudError>> {
        ready(self.azure_get(url))
    }

    fn vault_secret<'a>(&'a self, url: &'a str) -> BoxFuture<'a, Result<VaultSecret, CloudError>> {
        let value = SecretString::from("the certificate with its key");
        ready(self.azure_get(url).map(|record| VaultSecret { record, value }))
    }

    fn vault_page<'a>(&'a self, url: &'a str, _: Option<&'a str>) -> BoxFuture<'a, Result<LinkedPage, CloudError>> {
        ready(self.azure_list(url).map(|records| LinkedPage { records, next: None }))
    }

    fn vault_write<'a>(
        &'a self,
        method: &'a str,
        url: &'a str,
        body: Option<Value>,
        _: Permit,
    ) -> BoxFuture<'a, Result<Option<Record>, CloudError>> {
        ready(self.azure_write(method, url, body))
    }

    fn blob_list<'a>(&'a self, account: &'a str, _: &'a str, prefix: &'a str) -> BoxFuture<'a, Result<Vec<String>, CloudError>> {
        ready(self.blobs(account, prefix))
    }

    fn blob_get<'a>(&'a self, account: &'a str, _: &'a str, name: &'a str) -> BoxFuture<'a, Result<Vec<u8>, CloudError>> {
        ready(self.blob(account, name))
    }

    fn identity(&self) -> BoxFuture<'_, Result<Identity, CloudError>> {
        ready(Ok(Identity {
            app_id: "admin".into(),
            object_id: "id-admin".into(),
            ..Identity::default()
        }))
    }

    /// All domains of a tenant begin alike.
    fn resolve_tenant<'a>(&'a self, domain: &'a str) -> BoxFuture<'a, Result<Option<Uuid>, CloudError>> {
        let is_partner = domain.to_lowercase().starts_with("contoso.");
        ready(Ok(Some(Uuid::from_u128(if is_partner { 0x1111 } else { 0x3333 }))))
    }

    fn application_token<'a>(
        &'a self,
        tenant: &'a str,
        client_id: &'a str,
        secret: Option<&'a SecretString>,
    ) -> BoxFuture<'a, Result<Result<Identity, SignInRefusal>, CloudError>> {
        let mut state = self.0.lock().unwrap();
        state.secret = secret.map(|secret| secret.expose_secret().to_owned());
        let token = state.token.clone();
        drop(state);
        ready(Ok(match token {
            Ok(roles) => Ok(Identity {
                roles,
                ..Identity::default()
            }),
            Err(number) => Err(SignInRefusal {
                number,
                error: "unauthorized_client".into(),
                description: "application was not found".into(),
                tenant: tenant.into(),
                client_id: client_id.into(),
            }),
        }))
    }
}

/// A gate that lets everything through.
pub(super) fn open_gate() -> Gate {
    gate(Mode::Apply, Impact::Irreversible)
}

/// A gate for everything up to `impact`.
pub(super) fn gate(mode: Mode, impact: Impact) -> Gate {
    let mut permissions = Permissions::none();
    for service in [Service::Exchange, Service::Graph, Service::Arm, Service::KeyVault] {
        permissions.grant("northwind", service, impact);
    }
    Gate::new(mode, permissions, |_| ())
}

/// What the changes of `gate` did, as `set_mailuser done`.
pub(super) fn told(gate: &Gate) -> Vec<String> {
    let line = |change: &Change| {
        let fate = match change.fate {
            Fate::Done => "done",
            Fate::Planned => "planned",
            Fate::Failed => "failed",
            Fate::Unchanged => "unchanged",
        };
        format!("{} {fate}", change.operation.descriptor.name)
    };
    gate.changes().iter().map(line).collect()
}
