//! One connection, from its first byte to its end.

use std::convert::Infallible;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::time::Duration;

use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::TokioExecutor;
use hyper_util::rt::TokioIo;
use hyper_util::rt::TokioTimer;
use hyper_util::server::graceful::GracefulConnection;
use tokio::io::AsyncRead;
use tokio::io::AsyncWrite;
use tokio::net::TcpStream;
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

use super::super::world::World;
use super::call;
use super::proxy;

/// What a TLS connection begins with: a record of the handshake.
const HANDSHAKE: u8 = 0x16;
/// How long a client may take for its first byte, and for each half of shaking hands.
const GREETING: Duration = Duration::from_secs(15);
/// How long a connection may stand without a request. Longer than our own client keeps one for later use, so that it never meets
/// one that is just being closed.
const IDLE: Duration = Duration::from_secs(120);
/// How often a connection of HTTP/2 is asked whether anybody is there.
const PING: Duration = Duration::from_secs(60);

/// What a connection needs. Its clones are one visit, which has one place.
#[derive(Clone)]
pub struct Visit {
    pub world: Arc<World>,
    pub tls: TlsAcceptor,
    pub stopping: watch::Receiver<bool>,
    pub _place: Arc<OwnedSemaphorePermit>,
}

impl Visit {
    /// Serves a connection until its end.
    pub async fn receive(self, stream: TcpStream) {
        if let Err(cause) = stream.set_nodelay(true) {
            tracing::debug!(%cause, "a connection keeps its delay");
        }
        let mut first = [0];
        let peeked = self.in_time(stream.peek(&mut first)).await;
        match peeked {
            Some(Ok(1)) if first[0] == HANDSHAKE => self.secure(stream).await,
            Some(Ok(1)) => self.plain(stream).await,
            _ => tracing::debug!("a client said nothing"),
        }
    }

    /// Speaks to the services' client, TLS first.
    pub async fn secure(self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
        let stream = match self.in_time(self.tls.accept(stream)).await {
            Some(Ok(stream)) => stream,
            Some(Err(cause)) => {
                tracing::debug!(%cause, "a client does not trust the sandbox, or does not speak TLS");
                return;
            }
            None => return,
        };
        let is_http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
        let is_used = Arc::new(AtomicBool::new(false));
        let (world, used) = (Arc::clone(&self.world), Arc::clone(&is_used));
        let service = service_fn(move |request: Request<Incoming>| {
            used.store(true, Ordering::Relaxed);
            call::answer(Arc::clone(&world), request)
        });
        match is_http2 {
            true => {
                let mut http = http2::Builder::new(TokioExecutor::new());
                http.timer(TokioTimer::new()).keep_alive_interval(PING);
                self.carry(http.serve_connection(TokioIo::new(stream), service), &is_used).await;
            }
            false => self.carry(http1().serve_connection(TokioIo::new(stream), service), &is_used).await,
        }
    }

    /// Speaks to a client of the proxy. What it is led to is a connection of its own.
    async fn plain(self, stream: TcpStream) {
        let visit = self.clone();
        let service = service_fn(move |request: Request<Incoming>| {
            let response = proxy::answer(&visit, request);
            async move { Ok::<_, Infallible>(response) }
        });
        let connection = http1().serve_connection(TokioIo::new(stream), service).with_upgrades();
        let mut stopping = self.stopping.clone();
        tokio::select! {
            served = connection => note(served),
            _ = stopping.wait_for(|is_stopping| *is_stopping) => {}
        }
    }

    /// Serves requests until the client ends, or the listener and the last request under way.
    async fn carry<C: GracefulConnection>(&self, connection: C, is_used: &AtomicBool)
    where
        C::Error: std::fmt::Display,
    {
        let mut stopping = self.stopping.clone();
        let mut connection = pin!(connection);
        // Without it, a client that shakes hands for HTTP/2 and says nothing more would keep its place for good.
        let mut unused = pin!(async {
            tokio::time::sleep(IDLE).await;
            if is_used.load(Ordering::Relaxed) {
                std::future::pending::<()>().await;
            }
        });
        tokio::select! {
            served = connection.as_mut() => return note(served),
            _ = unused.as_mut() => return,
            _ = stopping.wait_for(|is_stopping| *is_stopping) => connection.as_mut().graceful_shutdown(),
        }
        note(connection.await);
    }

    /// What comes of a step of the greeting; nothing when it takes too long, or the listener stops.
    async fn in_time<T>(&self, step: impl Future<Output = io::Result<T>>) -> Option<io::Result<T>> {
        let mut stopping = self.stopping.clone();
        tokio::select! {
            done = timeout(GREETING, step) => done.ok(),
            _ = stopping.wait_for(|is_stopping| *is_stopping) => None,
        }
    }
}

fn http1() -> http1::Builder {
    let mut http = http1::Builder::new();
    // A client may end its side of the connection with its request.
    http.timer(TokioTimer::new()).header_read_timeout(IDLE).half_close(true);
    http
}

fn note(served: Result<(), impl std::fmt::Display>) {
    if let Err(cause) = served {
        tracing::debug!(%cause, "a connection ended early");
    }
}
