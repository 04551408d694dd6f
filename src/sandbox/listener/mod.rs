//! The listener on loopback. One port speaks TLS under every host name of the simulated services, and is an HTTPS proxy that leads
//! to them and nowhere else; the first byte of a connection tells which of the two a client means.

mod call;
mod connection;
mod proxy;
#[cfg(test)]
mod tests;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rustls::ServerConfig;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

use super::world::World;
use connection::Visit;

/// Connections at a time. Further ones wait in the system's queue, so that clients that forget theirs fill nothing up.
const CONNECTIONS: usize = 1024;
/// How long requests under way may take when the listener stops.
const FAREWELL: Duration = Duration::from_secs(5);

/// The running listener. It stops when this is dropped.
pub struct Listening {
    /// Where it listens.
    pub address: SocketAddr,
    stop: watch::Sender<bool>,
    places: Arc<Semaphore>,
}

impl Listening {
    /// Accepts nothing more, and waits until what was asked is answered.
    pub async fn stop(&self) {
        self.stop.send_replace(true);
        if tokio::time::timeout(FAREWELL, self.stop.closed()).await.is_err() {
            let held = CONNECTIONS - self.places.available_permits();
            tracing::debug!(held, "requests were still under way when the listener stopped");
        }
    }
}

/// Starts listening at `address`; its port 0 stands for any that is free.
pub async fn start(world: Arc<World>, tls: Arc<ServerConfig>, address: SocketAddr) -> io::Result<Listening> {
    let tcp = TcpListener::bind(address).await?;
    let address = tcp.local_addr()?;
    let (stop, stopping) = watch::channel(false);
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    tokio::spawn(accept(tcp, Arc::clone(&places), world, TlsAcceptor::from(tls), stopping));
    Ok(Listening { address, stop, places })
}

/// Accepts connections, and sees to each on its own, so that a slow client holds up nobody.
async fn accept(tcp: TcpListener, places: Arc<Semaphore>, world: Arc<World>, tls: TlsAcceptor, mut stopping: watch::Receiver<bool>) {
    loop {
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await.expect("nobody closes it");
            (place, tcp.accept().await)
        };
        let (place, accepted) = tokio::select! {
            next = next => next,
            _ = stopping.wait_for(|is_stopping| *is_stopping) => return,
        };
        match accepted {
            Ok((stream, _)) => {
                let visit = Visit {
                    world: Arc::clone(&world),
                    tls: tls.clone(),
                    stopping: stopping.clone(),
                    _place: Arc::new(place),
                };
                tokio::spawn(visit.receive(stream));
            }
            Err(cause) => {
                tracing::debug!(%cause, "a connection could not be accepted");
                // Out of files, most likely: the next try fails as well until a connection has ended.
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}
