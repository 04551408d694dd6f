//! The client of both servers: HTTP/1.1 over TLS with keep-alive, and nothing more than that takes.

use std::sync::Arc;

use rustls::ClientConfig;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::ServerName;
use rustls::pki_types::pem::PemObject;
use serde_json::Value;
use tokio::io::AsyncReadExt;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// One connection.
pub struct Connection {
    stream: TlsStream<TcpStream>,
    received: Vec<u8>,
}

impl Connection {
    /// Connects to the server that said `said` of itself, under the name of `host`.
    pub async fn open(said: &Value, host: &str) -> Self {
        let pem = said["ca"].as_str().expect("a certificate");
        let mut roots = RootCertStore::empty();
        let certificate = CertificateDer::from_pem_slice(pem.as_bytes()).expect("a certificate");
        roots.add(certificate).expect("a certificate");
        let config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
        let tcp = TcpStream::connect(said["address"].as_str().expect("an address"))
            .await
            .expect("a connection");
        tcp.set_nodelay(true).expect("a socket");
        let name = ServerName::try_from(host.to_owned()).expect("a host name");
        let stream = TlsConnector::from(Arc::new(config)).connect(name, tcp).await.expect("a handshake");
        Self {
            stream,
            received: Vec::new(),
        }
    }

    /// Sends a request and returns the whole reply, with its headers.
    pub async fn call(&mut self, request: &[u8]) -> &[u8] {
        self.stream.write_all(request).await.expect("a request");
        self.stream.flush().await.expect("a request");
        self.received.clear();
        loop {
            let length = self.stream.read_buf(&mut self.received).await.expect("a reply");
            assert_ne!(length, 0, "the connection was closed");
            if self.whole().is_some_and(|whole| self.received.len() >= whole) {
                return &self.received;
            }
        }
    }

    fn whole(&self) -> Option<usize> {
        let end = self.received.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
        let head = std::str::from_utf8(&self.received[..end]).expect("headers are text");
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        Some(end + length.expect("a length").parse::<usize>().expect("a number"))
    }
}

/// A `POST` as it is sent.
pub fn post(host: &str, path: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("POST {path} HTTP/1.1\r\nhost: {host}\r\ncontent-length: {length}\r\n{headers}\r\n{body}").into_bytes()
}

/// The status of a reply, and its body.
pub fn parts(reply: &[u8]) -> (&str, &[u8]) {
    let end = reply.windows(4).position(|four| four == b"\r\n\r\n").expect("headers end") + 4;
    let status = std::str::from_utf8(&reply[9..12]).expect("a status");
    (status, &reply[end..])
}
