//! What arrives when the other side is broken, in a hurry to leave, or means harm.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use rustls::ClientConfig;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::ServerName;
use rustls::pki_types::pem::PemObject;
use secrecy::ExposeSecret;
use serde_json::Value;
use tokio::io::AsyncReadExt;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::CONNECTIONS;
use super::Listening;
use crate::sandbox::Store;
use crate::sandbox::open::tenant_infos;
use crate::sandbox::testing::new_folder;
use crate::sandbox::tls;
use crate::sandbox::world::World;

const GRAPH: &str = "graph.microsoft.com";
const LOGIN: &str = "login.microsoftonline.com";

/// A listener and its world.
struct Inn {
    listening: Listening,
    world: Arc<World>,
    connector: TlsConnector,
    _folder: tempfile::TempDir,
}

impl Inn {
    async fn new() -> Self {
        let folder = new_folder();
        let store = Store::open_finished(folder.path()).unwrap();
        let world = Arc::new(World::new(store, folder.path().to_owned(), "control".into()).unwrap());
        let address = "127.0.0.1:0".parse().unwrap();
        let listening = super::start(Arc::clone(&world), tls::server(folder.path()).unwrap(), address)
            .await
            .unwrap();
        Self {
            listening,
            world,
            connector: connector(folder.path()),
            _folder: folder,
        }
    }

    fn address(&self) -> SocketAddr {
        self.listening.address
    }

    async fn plain(&self) -> TcpStream {
        TcpStream::connect(self.address()).await.unwrap()
    }

    async fn secure(&self, host: &'static str) -> TlsStream<TcpStream> {
        let name = ServerName::try_from(host).unwrap();
        self.connector.connect(name, self.plain().await).await.unwrap()
    }

    /// The head and the text of the answer to bytes over TLS, after which nothing more is asked.
    async fn asked(&self, host: &'static str, bytes: &[u8]) -> String {
        let mut stream = self.secure(host).await;
        stream.write_all(bytes).await.unwrap();
        answer(&mut stream).await
    }

    /// What a good client gets.
    async fn token(&self) -> String {
        let infos = self
            .world
            .store
            .transaction(|tx| Ok::<_, rusqlite::Error>(tenant_infos(tx)))
            .unwrap();
        let (id, secret) = (&infos[1].admin_client_id, infos[1].admin_client_secret.expose_secret());
        let form = format!(
            "grant_type=client_credentials&client_id={id}&client_secret={}&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default",
            crate::sandbox::form::encode(secret)
        );
        let asked = format!(
            "POST /{}/oauth2/v2.0/token HTTP/1.1\r\nHost: {LOGIN}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{form}",
            infos[1].tenant_id,
            form.len()
        );
        let answer = self.asked(LOGIN, asked.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        let body: Value = serde_json::from_str(answer.split("\r\n\r\n").nth(1).unwrap_or_default()).unwrap();
        body["access_token"].as_str().unwrap().to_owned()
    }

    /// Waits until nobody is connected. The listener keeps a place ready for who comes next.
    async fn is_empty(&self) {
        let all = u32::try_from(CONNECTIONS - 1).unwrap();
        drop(self.listening.places.acquire_many(all).await.unwrap());
    }
}

fn connector(folder: &Path) -> TlsConnector {
    let mut roots = RootCertStore::empty();
    let pem = tls::ca_pem(folder).unwrap();
    roots.add(CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap();
    TlsConnector::from(Arc::new(config.with_root_certificates(roots).with_no_client_auth()))
}

/// All that comes until the other side closes. A connection that is reset has said all that it will.
async fn answer(stream: &mut (impl AsyncReadExt + Unpin)) -> String {
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes).await;
    String::from_utf8_lossy(&bytes).into_owned()
}

/// What a hundred ways to be broken come to: each is a first message without TLS.
fn broken(number: usize) -> Vec<u8> {
    let hello = [0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3];
    let connect = format!("CONNECT {GRAPH}:443 HTTP/1.1\r\nHost: {GRAPH}:443\r\n\r\n").into_bytes();
    match number % 10 {
        0 => Vec::new(),
        1 => hello.to_vec(),
        2 => [&hello[..], &[0xff; 600]].concat(),
        3 => connect,
        4 => [&connect[..], b"GET / HTTP/1.1\r\n\r\n"].concat(),
        5 => [&connect[..], &hello].concat(),
        6 => b"CONNECT ".to_vec(),
        7 => b"GET / HTTP/1.1\r\nx: ".to_vec(),
        8 => [b"GET /".as_slice(), &vec![b'a'; 100_000]].concat(),
        _ => vec![0xff; 64],
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hundreds_of_broken_connections_hold_up_nobody_and_leave_nothing_behind() {
    let inn = Inn::new().await;
    let mut open = Vec::new();
    for number in 0..400 {
        let mut stream = inn.plain().await;
        // It may have been closed at once.
        let _ = stream.write_all(&broken(number)).await;
        open.push(stream);
    }
    let mut secure = Vec::new();
    for number in 0..60 {
        let mut stream = inn.secure(GRAPH).await;
        let sent: &[u8] = match number % 4 {
            0 => b"",
            1 => b"POST /v1.0/applications HTTP/1.1\r\nHost: graph.microsoft.com\r\nContent-Length: 100\r\n\r\n{",
            2 => b"POST /v1.0/applications HTTP/1.1\r\nHost: graph.microsoft.com\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            _ => b"\xff\xfe no HTTP\r\n\r\n",
        };
        stream.write_all(sent).await.unwrap();
        secure.push(stream);
    }

    inn.token().await;

    assert!(
        inn.listening.places.available_permits() < CONNECTIONS - 100,
        "half-open ones are held"
    );
    drop((open, secure));
    inn.is_empty().await;
    inn.token().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_arrives_without_tls_is_refused_in_http_or_not_at_all() {
    let inn = Inn::new().await;
    let pieces: [&[u8]; 14] = [
        b"CONNECT ",
        b"graph.microsoft.com",
        b":443",
        b":99999",
        b" HTTP/1.1",
        b"\r\n",
        b"\r\n\r\n",
        b"Host: ",
        b"\xff\xfe",
        b"GET ",
        b"/",
        b"pypi.org:443",
        b"\0",
        b"Content-Length: 18446744073709551616\r\n",
    ];
    let mut number = 7_u64;
    for case in 0..300 {
        let mut sent = Vec::new();
        for _ in 0..=case % 12 {
            number = number
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            sent.extend_from_slice(pieces[(number >> 33) as usize % pieces.len()]);
        }
        let mut stream = inn.plain().await;
        let _ = stream.write_all(&sent).await;
        let _ = stream.shutdown().await;

        let told = answer(&mut stream).await;

        let is_refused = told.is_empty() || told.starts_with("HTTP/1.1 4") || told.starts_with("HTTP/1.0 4");
        let is_led = told.starts_with("HTTP/1.1 200 ") && sent.windows(27).any(|part| part == b"CONNECT graph.microsoft.com");
        assert!(is_refused || is_led, "{:?}: {told}", String::from_utf8_lossy(&sent));
    }
    inn.is_empty().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_are_no_text_are_refused_wherever_they_stand() {
    let inn = Inn::new().await;
    let token = inn.token().await;
    let get = |path: &[u8], header: &[u8]| {
        let head = [
            b"GET ".as_slice(),
            path,
            b" HTTP/1.1\r\nHost: graph.microsoft.com\r\nConnection: close\r\n",
        ]
        .concat();
        [&head[..], format!("Authorization: Bearer {token}\r\n").as_bytes(), header, b"\r\n"].concat()
    };
    for (bytes, status) in [
        (get(b"/v1.0/users/%FF%FE", b""), "404"),
        (get(b"/v1.0/\xff\xfe", b""), "400"),
        (get(b"/v1.0/users?$filter=%FF", b""), "400"),
        (get(b"/v1.0/users?\xff=\xff", b""), "400"),
        (get(b"/v1.0/domains", b"client-request-id: \xff\xfe\r\n"), "200"),
    ] {
        let told = inn.asked(GRAPH, &bytes).await;
        assert!(
            told.starts_with(&format!("HTTP/1.1 {status} ")),
            "{}: {told}",
            String::from_utf8_lossy(&bytes)
        );
    }
    let body = b"{\"displayName\": \"\xff\xfe\"}";
    let head = format!(
        "POST /v1.0/applications HTTP/1.1\r\nHost: {GRAPH}\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let told = inn.asked(GRAPH, &[head.as_bytes(), body].concat()).await;
    assert!(
        told.starts_with("HTTP/1.1 400 ") && told.contains("Unable to read JSON request payload"),
        "{told}"
    );
}
