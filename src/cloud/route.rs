//! `Route`: how host names are reached. The hosts and TLS are always the real ones; a sandbox only changes where names lead and
//! whose certificates count.

use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use reqwest::Certificate;
use reqwest::Client;
use reqwest::dns::Addrs;
use reqwest::dns::Name;
use reqwest::dns::Resolve;
use reqwest::dns::Resolving;
use reqwest::redirect::Policy;

use crate::cloud::CloudError;

/// Where connections go and whom they trust; the default is the real world.
#[derive(Clone, Default)]
pub struct Route {
    /// Every host name leads here, port included.
    pub connect_to: Option<SocketAddr>,
    /// The only root that is trusted, in PEM.
    pub only_root_pem: Option<String>,
}

impl fmt::Debug for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.connect_to {
            Some(address) => write!(f, "everything to {address}"),
            None => f.write_str("the real world"),
        }
    }
}

impl Route {
    pub(super) fn client(&self) -> Result<Client, CloudError> {
        let setup = |why: String| CloudError::Setup { why };
        let mut builder = Client::builder()
            .user_agent(concat!("xtenant/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(Duration::from_secs(30))
            .https_only(true)
            // A redirect that is followed turns a POST into a GET and may take the token to another host.
            .redirect(Policy::none());
        if let Some(pem) = &self.only_root_pem {
            let root =
                Certificate::from_pem(pem.as_bytes()).map_err(|error| setup(format!("the trusted root is not readable: {error}")))?;
            builder = builder.tls_certs_only([root]);
        }
        if let Some(address) = self.connect_to {
            builder = builder.no_proxy().dns_resolver(Everything(address));
        }
        builder.build().map_err(|error| setup(chain(&error)))
    }
}

/// A resolver that answers every name with one address.
struct Everything(SocketAddr);

impl Resolve for Everything {
    fn resolve(&self, _: Name) -> Resolving {
        let only: Addrs = Box::new(std::iter::once(self.0));
        Box::pin(std::future::ready(Ok(only)))
    }
}

/// An error with its causes in one sentence; the outermost message of an HTTP error says too little.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text = format!("{text}: {cause}");
        next = cause.source();
    }
    text
}
