//! `Recorder`: stands between the program and its sandbox, passes everything on unchanged, and keeps what it saw of Graph and Azure.
//!
//! It owns the sandbox and announces itself in the sandbox's place, so that the real program meets it without knowing.

use std::collections::HashMap;
use std::fs;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use reqwest::Certificate;
use reqwest::Client;
use reqwest::dns::Addrs;
use reqwest::dns::Name;
use reqwest::dns::Resolve;
use reqwest::dns::Resolving;
use reqwest::redirect::Policy;
use secrecy::ExposeSecret;
use serde_json::Value;
use serde_json::json;
use tokio::runtime::Runtime;
use xtenant::sandbox::Sandbox;

use super::relay::Relay;
use super::relay::certificates;
use super::relay::listen;
use crate::common::Site;

/// Where to sign in.
pub const LOGIN: &str = "login.microsoftonline.com";
/// Where Graph answers.
pub const GRAPH: &str = "graph.microsoft.com";
/// Where Azure Resource Manager answers.
pub const ARM: &str = "management.azure.com";
const VAULTS: &str = ".vault.azure.net";
const BLOBS: &str = ".blob.core.windows.net";
/// One request and its answer.
#[derive(Debug, Clone)]
pub struct Recorded {
    pub host: String,
    pub method: String,
    /// Decoded; of Graph below the version.
    pub path: String,
    /// The options, decoded.
    pub query: Vec<(String, String)>,
    pub body: Option<Value>,
    pub status: u16,
    /// `None` when nothing came back but the status.
    pub answer: Option<Value>,
}

impl Recorded {
    pub fn succeeded(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// The recorder of one site.
pub struct Recorder {
    runtime: Runtime,
    sandbox: Sandbox,
    client: Client,
    seen: Arc<Mutex<Vec<Recorded>>>,
    /// By tenant and audience; a recording is shorter than their hour.
    tokens: Mutex<HashMap<(String, &'static str), String>>,
}

impl Recorder {
    /// Opens the sandbox of `site` and steps in front of it.
    pub fn start(site: &Site) -> Self {
        let runtime = Runtime::new().expect("threads can be started");
        let folder = site.sandbox();
        let sandbox = runtime.block_on(Sandbox::open(&folder)).expect("a sandbox");
        let client = client(&sandbox);
        let seen = Arc::default();
        let relay = Relay {
            client: client.clone(),
            seen: Arc::clone(&seen),
        };
        let (root_pem, config) = certificates();
        let address = runtime.block_on(listen(relay, config));
        // Others find the owner by its note and trust what lies beside it.
        let note = folder.join("owner.json");
        let mut owner: Value = serde_json::from_slice(&fs::read(&note).expect("the owner has announced itself")).expect("its note is JSON");
        owner["listen"] = address.to_string().into();
        fs::write(&note, owner.to_string()).expect("the note can be written");
        fs::write(folder.join("ca.pem"), root_pem).expect("the certificate can be written");
        Self {
            runtime,
            sandbox,
            client,
            seen,
            tokens: Mutex::default(),
        }
    }

    /// What was seen so far, oldest first.
    pub fn seen(&self) -> Vec<Recorded> {
        self.seen.lock().expect("nobody panicked").clone()
    }

    /// A request to Graph that no script makes, as the administrator of `tenant`, recorded like all others; `address` may have
    /// options.
    pub fn asks(&self, tenant: &str, method: &str, address: &str, body: Option<Value>) -> Recorded {
        self.asks_at(tenant, method, &format!("https://{GRAPH}/v1.0/{address}"), body)
    }

    /// A request to Graph, Resource Manager or a vault.
    pub fn asks_at(&self, tenant: &str, method: &str, address: &str, body: Option<Value>) -> Recorded {
        let recorded = self.runtime.block_on(async {
            let token = self.token(tenant, audience(address)).await;
            let method = method.parse().expect("a method");
            let mut request = self.client.request(method, address).bearer_auth(token);
            if address.contains("$count=true") {
                request = request.header("ConsistencyLevel", "eventual");
            }
            if let Some(body) = &body {
                request = request.json(body);
            }
            let request = request.build().expect("a request");
            let (method, url) = (request.method().to_string(), request.url().clone());
            let answer = self.client.execute(request).await.expect("the sandbox answers");
            let status = answer.status().as_u16();
            let answered = answer.bytes().await.expect("an answer has an end");
            recorded(method, &url, body, status, &answered)
        });
        self.seen.lock().expect("nobody panicked").push(recorded.clone());
        recorded
    }

    /// The object id of the administrator's application in `tenant`.
    pub fn own_id(&self, tenant: &str) -> String {
        let token = self.runtime.block_on(self.token(tenant, audience(ARM)));
        let claims = token.split('.').nth(1).expect("a token has claims");
        let claims = BASE64_URL_SAFE_NO_PAD.decode(claims).expect("they are base64url");
        let claims: Value = serde_json::from_slice(&claims).expect("they are JSON");
        claims["oid"].as_str().expect("whose token it is").to_owned()
    }

    /// Moves the sandbox's clock.
    pub fn waits(&self, time: Duration) {
        self.runtime.block_on(self.sandbox.advance(time)).expect("the clock can be moved");
    }

    async fn token(&self, tenant: &str, audience: &'static str) -> String {
        let key = (tenant.to_owned(), audience);
        if let Some(token) = self.tokens.lock().expect("nobody panicked").get(&key) {
            return token.clone();
        }
        let tenant = self.sandbox.tenant(tenant).expect("a tenant of the sandbox");
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", &tenant.admin_client_id),
            ("client_secret", tenant.admin_client_secret.expose_secret()),
            ("scope", &format!("{audience}/.default")),
        ];
        let url = format!("https://{LOGIN}/{}/oauth2/v2.0/token", tenant.tenant_id);
        let answer = self.client.post(url).form(&form).send().await.expect("the sandbox answers");
        let answer: Value = answer.json().await.expect("tokens are JSON");
        let token = answer["access_token"].as_str().expect("the administrator may sign in").to_owned();
        self.tokens.lock().expect("nobody panicked").insert(key, token.clone());
        token
    }
}

fn client(sandbox: &Sandbox) -> Client {
    let root = Certificate::from_pem(sandbox.ca_pem().as_bytes()).expect("the sandbox's certificate");
    let builder = Client::builder()
        .no_proxy()
        .no_gzip()
        .redirect(Policy::none())
        .tls_certs_only([root]);
    builder.dns_resolver(Everything(sandbox.address())).build().expect("a client")
}

/// A resolver that answers every name with one address.
struct Everything(SocketAddr);

impl Resolve for Everything {
    fn resolve(&self, _: Name) -> Resolving {
        let only: Addrs = Box::new(std::iter::once(self.0));
        Box::pin(std::future::ready(Ok(only)))
    }
}

/// Whether what goes to that host is kept.
pub fn is_kept(host: &str) -> bool {
    [GRAPH, ARM].contains(&host) || host.ends_with(VAULTS) || host.ends_with(BLOBS)
}

/// Whose token an address takes.
fn audience(address: &str) -> &'static str {
    match address {
        _ if address.contains(ARM) => "https://management.azure.com",
        _ if address.contains(VAULTS) => "https://vault.azure.net",
        _ => "https://graph.microsoft.com",
    }
}

/// What is kept of a request and its answer.
pub fn recorded(method: String, url: &reqwest::Url, body: Option<Value>, status: u16, answer: &[u8]) -> Recorded {
    let host = url.host_str().expect("an address has a host").to_owned();
    let path = match host == GRAPH {
        true => url.path().strip_prefix("/v1.0/").expect("everything is asked of version 1.0"),
        false => url.path().trim_start_matches('/'),
    };
    Recorded {
        host,
        method,
        path: decoded(path),
        query: url.query_pairs().into_owned().collect(),
        body,
        status,
        answer: (!answer.is_empty()).then(|| serde_json::from_slice(answer).unwrap_or_else(|_| json!("not JSON"))),
    }
}

fn decoded(path: &str) -> String {
    let mut parts = path.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let (hex, rest) = part.split_at(2);
        bytes.push(u8::from_str_radix(hex, 16).expect("two hex digits"));
        bytes.extend(rest.as_bytes());
    }
    String::from_utf8(bytes).expect("paths are UTF-8")
}
