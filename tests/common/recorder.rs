//! `Recorder`: stands between the program and its sandbox, passes everything on unchanged, and keeps what it saw of Graph.
//!
//! It owns the sandbox and announces itself in the sandbox's place, so that the real program meets it without knowing.

use std::fs;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::Mutex;

use axum::Router;
use axum::body::Body;
use axum::body::to_bytes;
use axum::extract::Request;
use axum::extract::State;
use axum::http::header::ACCEPT_ENCODING;
use axum::http::header::HOST;
use axum::http::header::TRANSFER_ENCODING;
use axum::response::Response;
use axum::serve::Listener;
use rcgen::BasicConstraints;
use rcgen::CertificateParams;
use rcgen::IsCa;
use rcgen::Issuer;
use rcgen::KeyPair;
use reqwest::Certificate;
use reqwest::Client;
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::PrivateKeyDer;
use secrecy::ExposeSecret;
use serde_json::Value;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::net::TcpStream;
use tokio::runtime::Runtime;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use xtenant::sandbox::Sandbox;

use crate::common::Site;

const LOGIN: &str = "login.microsoftonline.com";
const GRAPH: &str = "graph.microsoft.com";
const HOSTS: [&str; 4] = [LOGIN, GRAPH, "outlook.office365.com", "sandbox.localhost"];

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
}

struct Relay {
    client: Client,
    seen: Arc<Mutex<Vec<Recorded>>>,
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
        let port = runtime.block_on(listen(relay, config)).port();
        // Others find the owner by its note and trust what lies beside it.
        let note = folder.join("owner.json");
        let mut owner: Value = serde_json::from_slice(&fs::read(&note).expect("the owner has announced itself")).expect("its note is JSON");
        owner["port"] = port.into();
        fs::write(&note, owner.to_string()).expect("the note can be written");
        fs::write(folder.join("ca.pem"), root_pem).expect("the certificate can be written");
        Self {
            runtime,
            sandbox,
            client,
            seen,
        }
    }

    /// What was seen so far, oldest first.
    pub fn seen(&self) -> Vec<Recorded> {
        self.seen.lock().expect("nobody panicked").clone()
    }

    /// A request that no script makes, as the administrator of `tenant`, recorded like all others; `address` may have options.
    pub fn asks(&self, tenant: &str, method: &str, address: &str, body: Option<Value>) -> Recorded {
        let recorded = self.runtime.block_on(async {
            let token = self.token(tenant).await;
            let url = format!("https://{GRAPH}/v1.0/{address}");
            let method = method.parse().expect("a method");
            let mut request = self.client.request(method, &url).bearer_auth(token);
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

    async fn token(&self, tenant: &str) -> String {
        let tenant = self.sandbox.tenant(tenant).expect("a tenant of the sandbox");
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", &tenant.admin_client_id),
            ("client_secret", tenant.admin_client_secret.expose_secret()),
            ("scope", "https://graph.microsoft.com/.default"),
        ];
        let url = format!("https://{LOGIN}/{}/oauth2/v2.0/token", tenant.tenant_id);
        let answer = self.client.post(url).form(&form).send().await.expect("the sandbox answers");
        let answer: Value = answer.json().await.expect("tokens are JSON");
        answer["access_token"].as_str().expect("the administrator may sign in").to_owned()
    }
}

fn client(sandbox: &Sandbox) -> Client {
    let root = Certificate::from_pem(sandbox.ca_pem().as_bytes()).expect("the sandbox's certificate");
    let builder = Client::builder().no_proxy().no_gzip().tls_certs_only([root]);
    let resolved = HOSTS.iter().fold(builder, |builder, host| builder.resolve(host, sandbox.address()));
    resolved.build().expect("a client")
}

async fn listen(relay: Relay, config: ServerConfig) -> SocketAddr {
    let tcp = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
    let address = tcp.local_addr().expect("it listens");
    let tls = Tls {
        tcp,
        acceptor: TlsAcceptor::from(Arc::new(config)),
    };
    let router = Router::new().fallback(pass_on).with_state(Arc::new(relay));
    tokio::spawn(async move { axum::serve(tls, router).await });
    address
}

async fn pass_on(State(relay): State<Arc<Relay>>, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.expect("a request has an end");
    let host = parts.headers[HOST].to_str().expect("a host name").to_owned();
    let host = host.split(':').next().unwrap_or_default();
    let url = format!("https://{host}{}", parts.uri);
    for hop in [HOST, TRANSFER_ENCODING, ACCEPT_ENCODING] {
        parts.headers.remove(hop);
    }
    let sent = relay.client.request(parts.method.clone(), &url).headers(parts.headers);
    let answer = sent.body(body.clone()).send().await.expect("the sandbox answers");
    let mut response = Response::builder().status(answer.status());
    for (name, value) in answer.headers().iter().filter(|(name, _)| *name != TRANSFER_ENCODING) {
        response = response.header(name, value);
    }
    let (status, url) = (answer.status().as_u16(), answer.url().clone());
    let answered = answer.bytes().await.expect("an answer has an end");
    if host == GRAPH {
        let sent = (!body.is_empty()).then(|| serde_json::from_slice(&body).expect("Graph is sent JSON"));
        let seen = recorded(parts.method.to_string(), &url, sent, status, &answered);
        relay.seen.lock().expect("nobody panicked").push(seen);
    }
    response.body(Body::from(answered)).expect("a response")
}

fn recorded(method: String, url: &reqwest::Url, body: Option<Value>, status: u16, answer: &[u8]) -> Recorded {
    let host = url.host_str().expect("an address has a host").to_owned();
    let path = url.path().strip_prefix("/v1.0/").expect("everything is asked of version 1.0");
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

fn certificates() -> (String, ServerConfig) {
    let root_key = KeyPair::generate().expect("a key");
    let mut root = CertificateParams::default();
    root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let root_pem = root.self_signed(&root_key).expect("a certificate").pem();
    let issuer = Issuer::new(root, root_key);
    let key = KeyPair::generate().expect("a key");
    let leaf = CertificateParams::new(HOSTS.map(str::to_owned)).and_then(|leaf| leaf.signed_by(&key, &issuer));
    let leaf = leaf.expect("a certificate");
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("the provider knows TLS 1.3")
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], PrivateKeyDer::Pkcs8(key.serialize_der().into()))
        .expect("the key belongs to the certificate");
    (root_pem, config)
}

/// Connections after the handshake.
struct Tls {
    tcp: TcpListener,
    acceptor: TlsAcceptor,
}

impl Listener for Tls {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let (stream, address) = self.tcp.accept().await.expect("loopback works");
            if let Ok(stream) = self.acceptor.accept(stream).await {
                return (stream, address);
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<Self::Addr> {
        self.tcp.local_addr()
    }
}
