//! The listening side of the recorder: TLS under the names of the services, and each request passed on and kept.

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
use reqwest::Client;
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::PrivateKeyDer;
use tokio::net::TcpListener;
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::recorder::ARM;
use super::recorder::GRAPH;
use super::recorder::LOGIN;
use super::recorder::Recorded;
use super::recorder::is_kept;
use super::recorder::recorded;

/// The names on the recorder's certificate.
const HOSTS: [&str; 7] = [
    LOGIN,
    GRAPH,
    ARM,
    "outlook.office365.com",
    "sandbox.localhost",
    "*.vault.azure.net",
    "*.blob.core.windows.net",
];

/// Where requests are passed on to, and where they are kept.
pub struct Relay {
    pub client: Client,
    pub seen: Arc<Mutex<Vec<Recorded>>>,
}

/// Starts to listen on a free port.
pub async fn listen(relay: Relay, config: ServerConfig) -> SocketAddr {
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
    if is_kept(host) {
        let sent = (!body.is_empty()).then(|| serde_json::from_slice(&body).expect("they are sent JSON"));
        let seen = recorded(parts.method.to_string(), &url, sent, status, &answered);
        relay.seen.lock().expect("nobody panicked").push(seen);
    }
    response.body(Body::from(answered)).expect("a response")
}

/// A root, and the certificate under it for all names.
pub fn certificates() -> (String, ServerConfig) {
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
