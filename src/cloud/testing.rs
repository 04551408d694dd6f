//! A stand-in for Microsoft 365 on loopback for this area's tests: real TLS for the real host names, tokens of its own making, and
//! whatever answers a test wants. It knows no rules.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use axum::body::Body;
use axum::body::to_bytes;
use axum::extract::Request;
use axum::response::Response;
use axum::serve::Listener;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use futures::future::BoxFuture;
use jiff::Timestamp;
use rcgen::BasicConstraints;
use rcgen::CertificateParams;
use rcgen::IsCa;
use rcgen::Issuer;
use rcgen::KeyPair;
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::PrivateKeyDer;
use serde_json::Value;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::cloud::CloudName;
use crate::cloud::Connection;
use crate::cloud::Credential;
use crate::cloud::Route;
use crate::cloud::cloud;
use crate::platform::Clock;

pub(super) const TENANT: &str = "0d0d0d0d-2222-4222-8222-c0ffee000002";
pub(super) const DOMAIN: &str = "northwindtraders.onmicrosoft.com";
const START: &str = "2026-01-05T08:00:00Z";

/// A request as it arrived.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) method: String,
    pub(super) host: String,
    pub(super) path: String,
    pub(super) query: String,
    headers: HashMap<String, String>,
    pub(super) body: Vec<u8>,
    /// How many came before it that were no sign-in.
    pub(super) count: usize,
}

impl Seen {
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(super) fn form(&self, name: &str) -> Option<String> {
        let url = reqwest::Url::parse(&format!("https://x/?{}", String::from_utf8_lossy(&self.body))).unwrap();
        url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }
}

/// What a test answers.
pub(super) struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
}

impl Reply {
    pub(super) fn bytes(status: u16, body: Vec<u8>) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Some(body),
        }
    }

    pub(super) fn text(status: u16, text: &str) -> Self {
        Self::bytes(status, text.as_bytes().to_vec())
    }

    pub(super) fn json(status: u16, body: Value) -> Self {
        Self::text(status, &body.to_string()).with("content-type", "application/json")
    }

    pub(super) fn value(records: Value) -> Self {
        Self::json(200, json!({"@odata.context": "c", "@adminapi.warnings": [], "value": records}))
    }

    /// Ends the connection without an answer.
    pub(super) fn hang_up() -> Self {
        Self {
            status: 200,
            headers: Vec::new(),
            body: None,
        }
    }

    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    fn response(self) -> Response {
        let mut response = Response::builder().status(self.status);
        for (name, value) in &self.headers {
            response = response.header(name, value);
        }
        match self.body {
            Some(body) => response.body(Body::from(body)).unwrap(),
            None => {
                let cut = futures::stream::iter([Err::<Vec<u8>, _>(std::io::Error::other("hung up"))]);
                response.body(Body::from_stream(cut)).unwrap()
            }
        }
    }
}

/// Stands still except while someone sleeps.
pub(super) struct FakeClock {
    now: Mutex<Timestamp>,
    waits: Mutex<Vec<Duration>>,
}

impl Clock for FakeClock {
    fn now(&self) -> Timestamp {
        *self.now.lock().unwrap()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        self.waits.lock().unwrap().push(duration);
        *self.now.lock().unwrap() += duration;
        Box::pin(std::future::ready(()))
    }
}

type Answering = Arc<dyn Fn(&Seen) -> Reply + Send + Sync>;

/// The stand-in, with what it has seen.
pub(super) struct Site {
    address: SocketAddr,
    root_pem: String,
    seen: Arc<Mutex<Vec<Seen>>>,
    clock: Arc<FakeClock>,
}

impl Site {
    /// Starts a site that signs everyone in with a permission that Exchange does not want, and answers the rest with `answer`.
    pub(super) async fn start(answer: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        Self::with_sign_in(issue, answer).await
    }

    /// Starts a site with its own sign-in.
    pub(super) async fn with_sign_in(
        sign_in: impl Fn(&Seen) -> Reply + Send + Sync + 'static,
        answer: impl Fn(&Seen) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let (root_pem, config) = certificates();
        let listener = Tls {
            listener: TcpListener::bind("127.0.0.1:0").await.unwrap(),
            acceptor: TlsAcceptor::from(Arc::new(config)),
        };
        let address = listener.listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (sign_in, answer): (Answering, Answering) = (Arc::new(sign_in), Arc::new(answer));
        let log = seen.clone();
        let router = axum::Router::new().fallback(move |request: Request| respond(request, log.clone(), sign_in.clone(), answer.clone()));
        tokio::spawn(async move { axum::serve(listener, router).await });
        let clock = FakeClock {
            now: Mutex::new(START.parse().unwrap()),
            waits: Mutex::new(Vec::new()),
        };
        Self {
            address,
            root_pem,
            seen,
            clock: Arc::new(clock),
        }
    }

    pub(super) fn connection(&self) -> Connection {
        let secret = Credential::Secret {
            client_id: "app".into(),
            secret: "s3cret".into(),
        };
        self.connection_with(secret)
    }

    pub(super) fn connection_with(&self, credential: Credential) -> Connection {
        let route = Route {
            connect_to: Some(self.address),
            only_root_pem: Some(self.root_pem.clone()),
        };
        Connection::new(cloud(CloudName::Worldwide), DOMAIN, credential, route, self.clock.clone()).unwrap()
    }

    pub(super) fn clock(&self) -> &FakeClock {
        &self.clock
    }

    pub(super) fn waits(&self) -> Vec<Duration> {
        self.clock.waits.lock().unwrap().clone()
    }

    /// Everything but sign-in.
    pub(super) fn requests(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().iter().filter(|seen| !is_login(seen)).cloned().collect()
    }

    pub(super) fn last(&self) -> Seen {
        self.requests().pop().unwrap()
    }

    pub(super) fn token_requests(&self) -> Vec<Seen> {
        let is_token = |seen: &&Seen| seen.path.ends_with("/oauth2/v2.0/token");
        self.seen.lock().unwrap().iter().filter(is_token).cloned().collect()
    }
}

fn is_login(seen: &Seen) -> bool {
    seen.host.starts_with("login.")
}

/// The metadata of our tenant, and an unsigned token that is different each time.
pub(super) fn issue(seen: &Seen) -> Reply {
    if seen.path.ends_with("openid-configuration") {
        return Reply::json(200, json!({"issuer": format!("https://login.microsoftonline.com/{TENANT}/v2.0")}));
    }
    let claims = json!({"appid": seen.form("client_id"), "oid": "6a6a", "roles": ["User.Invite.All"],
        "wids": ["29232cdf-9323-42fd-ade2-1d097af3e4de"], "jti": uuid::Uuid::new_v4()});
    let token = format!("e30.{}.c2ln", BASE64_URL_SAFE_NO_PAD.encode(claims.to_string()));
    Reply::json(
        200,
        json!({"token_type": "Bearer", "expires_in": 3600, "ext_expires_in": 3600, "access_token": token}),
    )
}

async fn respond(request: Request, log: Arc<Mutex<Vec<Seen>>>, sign_in: Answering, answer: Answering) -> Response {
    let (parts, body) = request.into_parts();
    let headers: HashMap<String, String> = parts
        .headers
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .collect();
    let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
    let seen = {
        let mut log = log.lock().unwrap();
        let seen = Seen {
            method: parts.method.to_string(),
            host: headers["host"].clone(),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            headers,
            body,
            count: log.iter().filter(|seen| !is_login(seen)).count(),
        };
        log.push(seen.clone());
        seen
    };
    let reply = if is_login(&seen) { sign_in(&seen) } else { answer(&seen) };
    reply.response()
}

fn certificates() -> (String, ServerConfig) {
    let root_key = KeyPair::generate().unwrap();
    let mut root = CertificateParams::new(vec![]).unwrap();
    root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let root_pem = root.self_signed(&root_key).unwrap().pem();
    let issuer = Issuer::new(root, root_key);
    let hosts = [
        "login.microsoftonline.com",
        "graph.microsoft.com",
        "outlook.office365.com",
        "management.azure.com",
        "*.vault.azure.net",
        "*.blob.core.windows.net",
    ]
    .map(str::to_owned);
    let key = KeyPair::generate().unwrap();
    let leaf = CertificateParams::new(hosts).unwrap().signed_by(&key, &issuer).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], PrivateKeyDer::Pkcs8(key.serialize_der().into()))
        .unwrap();
    (root_pem, config)
}

struct Tls {
    listener: TcpListener,
    acceptor: TlsAcceptor,
}

impl Listener for Tls {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let (stream, address) = self.listener.accept().await.unwrap();
            if let Ok(stream) = self.acceptor.accept(stream).await {
                return (stream, address);
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}
