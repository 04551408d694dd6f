//! What the sandbox is compared with: axum and rustls, and a handler that always returns the same bytes.

use std::io::Read;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::http::HeaderName;
use axum::http::HeaderValue;
use axum::serve::Listener;
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::PrivatePkcs8KeyDer;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// Serves the reply in that file, headers included, until its input ends.
pub fn serve(reply: &Path) {
    let reply = std::fs::read(reply).expect("the reply");
    let end = reply.windows(4).position(|four| four == b"\r\n\r\n").expect("headers end");
    let head = std::str::from_utf8(&reply[..end]).expect("headers are text");
    let headers: HeaderMap = head.lines().skip(1).filter_map(header).collect();
    let body = Bytes::copy_from_slice(&reply[end + 4..]);
    let key = rcgen::generate_simple_self_signed(vec!["outlook.office365.com".to_owned()]).expect("a certificate");
    let private = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.signing_key.serialize_der()));
    let tls = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![key.cert.der().clone()], private)
        .expect("a configuration");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let address = runtime.block_on(async {
        let tcp = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = tcp.local_addr().expect("an address");
        let (sender, connections) = mpsc::channel(64);
        tokio::spawn(accept(tcp, TlsAcceptor::from(Arc::new(tls)), sender));
        // The request is taken in whole, as the sandbox has to.
        let handler = move |_: Bytes| async move { (headers, body) };
        let router = Router::new().fallback(handler);
        tokio::spawn(async move { axum::serve(Connections { connections, address }, router).await });
        address
    });
    println!("{}", json!({"address": address.to_string(), "ca": key.cert.pem()}));
    std::io::stdin().read_to_end(&mut Vec::new()).expect("the input ends");
}

fn header(line: &str) -> Option<(HeaderName, HeaderValue)> {
    let (name, value) = line.split_once(": ")?;
    // The server writes these itself.
    if ["date", "content-length"].contains(&name) {
        return None;
    }
    Some((name.parse().ok()?, value.parse().ok()?))
}

async fn accept(tcp: TcpListener, tls: TlsAcceptor, sender: mpsc::Sender<(TlsStream<TcpStream>, SocketAddr)>) {
    while let Ok((stream, peer)) = tcp.accept().await {
        stream.set_nodelay(true).expect("a socket");
        if let Ok(stream) = tls.accept(stream).await {
            sender.send((stream, peer)).await.expect("somebody receives");
        }
    }
}

struct Connections {
    connections: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
    address: SocketAddr,
}

impl Listener for Connections {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        self.connections.recv().await.expect("the acceptor lives as long")
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        Ok(self.address)
    }
}
