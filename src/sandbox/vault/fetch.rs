//! How Exchange reads the certificate of a migration endpoint: as its own principal in the target tenant, through the same doors
//! as any other caller.

use serde_json::Value;

use super::at;
use super::container;
use super::fault::Fault;
use super::gate;
use super::log;
use super::material;
use crate::sandbox::Caller;
use crate::sandbox::Request;
use crate::sandbox::Tx;
use crate::sandbox::directory;
use crate::sandbox::hosts;
use crate::sandbox::ids;

/// Why the certificate cannot be used.
#[derive(Debug)]
pub enum Refused {
    /// Something of the set-up is not as it has to be.
    Because(String),
    /// The state could not be read.
    Store(rusqlite::Error),
}

impl From<rusqlite::Error> for Refused {
    fn from(cause: rusqlite::Error) -> Self {
        Self::Store(cause)
    }
}

/// Reads the certificate at `url` and the secret behind it as the Exchange of `tenant`, and checks that its key is one that the
/// application signs in with.
pub fn fetch(tx: &Tx<'_>, tenant: &str, url: &str, app_id: &str) -> Result<(), Refused> {
    let because = |why: String| Err(Refused::Because(why));
    let Some((host, name, version)) = parts(url) else {
        return because("Value cannot be null. Parameter name: certificateIdentifier".into());
    };
    let reader = Reader { tx, tenant, host: &host };
    let certificate = reader.read(&format!("/certificates/{name}/{version}"))?;
    let secret = reader.read(&format!("/secrets/{name}/{version}"))?;
    let thumbprint = certificate["x5t"].as_str().unwrap_or_default();
    // The policy tells of the next version; whether this one has brought its key is seen in its secret alone.
    let text = |name: &str| secret[name].as_str().unwrap_or_default();
    let held = container::read(text("contentType"), text("value"), "");
    if held.is_none_or(|(held, _)| material::thumbprint(&held) != thumbprint) {
        return because(format!("The certificate '{name}' has no private key that can be read."));
    }
    match is_key_of(tx, app_id, thumbprint) {
        true => Ok(()),
        false => because(format!(
            "AADSTS700027: The certificate with identifier used to sign the client assertion is not registered on application. \
             [Reason - The key was not found., Thumbprint of key used by client: '{thumbprint}', application '{app_id}'.]"
        )),
    }
}

/// Host, name and version of `https://VAULT.SUFFIX[:443]/certificates/NAME/VERSION`.
fn parts(url: &str) -> Option<(String, &str, &str)> {
    let (host, path) = url.trim().strip_prefix("https://")?.split_once('/')?;
    let host = host.strip_suffix(":443").unwrap_or(host).to_lowercase();
    let mut segments = path.trim_end_matches('/').split('/');
    let (container, name, version) = (segments.next()?, segments.next()?, segments.next()?);
    let is_certificate = container.eq_ignore_ascii_case("certificates") && !version.is_empty() && segments.next().is_none();
    is_certificate.then_some((host, name, version))
}

struct Reader<'a> {
    tx: &'a Tx<'a>,
    tenant: &'a str,
    host: &'a str,
}

impl Reader<'_> {
    fn read(&self, path: &str) -> Result<Value, Refused> {
        let because = |why: String| Refused::Because(why);
        let vault = hosts::vault(self.host).and_then(|(name, _)| at(self.tx, name));
        let vault = vault.ok_or_else(|| because(format!("The remote name could not be resolved: '{}'", self.host)))?;
        let principal = directory::service_principal(self.tx, self.tenant, ids::EXCHANGE);
        let principal = principal.ok_or_else(|| because("Tenant does not have Exchange enabled".into()))?;
        let caller = Caller {
            tenant: self.tenant.to_owned(),
            app_id: ids::EXCHANGE.to_owned(),
            object_id: principal.text("id").to_owned(),
            roles: Vec::new(),
            directory_roles: Vec::new(),
            scopes: None,
        };
        let request = Request {
            method: "GET".into(),
            host: self.host.to_owned(),
            path: path.to_owned(),
            query: vec![("api-version".into(), "7.1".into())],
            headers: Vec::new(),
            body: Vec::new(),
        };
        let answered = gate::tenant(self.tx, &vault, self.tenant)
            .and_then(|()| gate::firewall_for_service(&vault))
            .and_then(|()| super::answer(self.tx, &vault, &caller, &request));
        let (status, read) = match answered {
            Ok(reply) => (reply.status, Ok(serde_json::from_slice(&reply.body).unwrap_or_default())),
            Err(Fault::Refused { status, message, .. }) => (status, Err(because(message))),
            Err(Fault::Store(cause)) => return Err(Refused::Store(cause)),
        };
        log(self.tx, &vault, Some(&caller), &request, status)?;
        read
    }
}

/// Whether the application holds the certificate with that thumbprint and it is in time.
fn is_key_of(tx: &Tx<'_>, app_id: &str, thumbprint: &str) -> bool {
    let application = directory::known_application(tx, app_id);
    let keys = application.map(|application| directory::keys_in_time(tx, &application));
    keys.into_iter().flatten().any(|key| material::thumbprint(&key) == thumbprint)
}
