//! The TLS listener on loopback. It accepts every host name of the simulated services; the name decides which face answers.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::body::to_bytes;
use axum::extract::Request as HttpRequest;
use axum::extract::State;
use axum::http::HeaderName;
use axum::http::HeaderValue;
use axum::http::header::DATE;
use axum::http::header::HOST;
use axum::response::Response;
use axum::serve::Listener;
use rustls::ServerConfig;
use tokio::net::TcpListener;
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::Reply;
use super::Request;
use super::answering;
use super::form;
use super::world::World;

const LARGEST_BODY: usize = 64 * 1024 * 1024;

/// The running listener. It stops when this is dropped.
pub struct Listening {
    /// Where it listens.
    pub address: SocketAddr,
    _stop: oneshot::Sender<()>,
}

/// Starts listening on a free port of loopback.
pub async fn start(world: Arc<World>, tls: Arc<ServerConfig>) -> io::Result<Listening> {
    let tcp = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = tcp.local_addr()?;
    let (handshaken, incoming) = mpsc::channel(64);
    tokio::spawn(accept(tcp, TlsAcceptor::from(tls), handshaken));
    let (stop, stopped) = oneshot::channel::<()>();
    let router = Router::new().fallback(serve).with_state(world);
    let server = axum::serve(Incoming { incoming, address }, router).with_graceful_shutdown(async move {
        // Nothing is ever sent: the handle's end is the signal.
        stopped.await.unwrap_or_default();
    });
    tokio::spawn(async move { server.await });
    Ok(Listening { address, _stop: stop })
}

/// Accepts connections and shakes hands with each on its own, so that a slow client holds up nobody.
async fn accept(tcp: TcpListener, tls: TlsAcceptor, handshaken: mpsc::Sender<(TlsStream<TcpStream>, SocketAddr)>) {
    loop {
        let accepted = tokio::select! {
            accepted = tcp.accept() => accepted,
            () = handshaken.closed() => return,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(cause) => {
                tracing::debug!(%cause, "a connection could not be accepted");
                continue;
            }
        };
        let (tls, handshaken) = (tls.clone(), handshaken.clone());
        tokio::spawn(async move {
            if let Err(cause) = stream.set_nodelay(true) {
                tracing::debug!(%cause, "a connection keeps its delay");
            }
            match tls.accept(stream).await {
                // Nobody receives any more only when the sandbox is stopping.
                Ok(stream) => handshaken.send((stream, peer)).await.unwrap_or_default(),
                Err(cause) => tracing::debug!(%cause, "a client does not trust the sandbox, or does not speak TLS"),
            }
        });
    }
}

/// Connections after the handshake.
struct Incoming {
    incoming: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
    address: SocketAddr,
}

impl Listener for Incoming {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.incoming.recv().await {
            Some(connection) => connection,
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }
}

async fn serve(State(world): State<Arc<World>>, request: HttpRequest) -> Response {
    let request = match read(request).await {
        Ok(request) => request,
        Err(cause) => {
            tracing::debug!(%cause, "a request could not be read");
            return response(Reply::empty(400), &world);
        }
    };
    let reply = answering::answer(&world, request).await;
    response(reply, &world)
}

async fn read(request: HttpRequest) -> Result<Request, axum::Error> {
    let (parts, body) = request.into_parts();
    let named = parts
        .uri
        .host()
        .or_else(|| parts.headers.get(HOST)?.to_str().ok())
        .unwrap_or_default();
    let host = named.rsplit_once(':').map_or(named, |(host, _)| host).to_ascii_lowercase();
    let headers = parts
        .headers
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
    Ok(Request {
        method: parts.method.to_string(),
        host,
        path: form::decode(parts.uri.path()),
        query: form::pairs(parts.uri.query().unwrap_or_default()),
        headers: headers.collect(),
        body: to_bytes(body, LARGEST_BODY).await?.to_vec(),
    })
}

fn response(reply: Reply, world: &World) -> Response {
    let mut response = Response::new(Body::from(reply.body));
    *response.status_mut() = reply.status.try_into().unwrap_or_default();
    for (name, value) in reply.headers {
        match (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            (Ok(name), Ok(value)) => {
                response.headers_mut().append(name, value);
            }
            _ => tracing::error!("a rule of the sandbox made a header that cannot be sent"),
        }
    }
    // The service's idea of time is the sandbox's, not the machine's.
    let date = world.now().strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    if let Ok(date) = HeaderValue::try_from(date) {
        response.headers_mut().insert(DATE, date);
    }
    response
}
