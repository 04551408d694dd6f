//! The sandbox's own controls, for a second process that opened the same folder.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use jiff::Timestamp;
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::Reply;
use super::Request;
use super::TenantInfo;
use super::clock::Pace;
use super::error::SandboxError;
use super::hosts;
use super::lock::OwnerNote;
use super::open::tenant_infos;
use super::world::World;

#[derive(Serialize, Deserialize)]
struct Advance {
    milliseconds: u64,
}

#[derive(Serialize, Deserialize)]
struct Clock {
    now: Timestamp,
    rate: f64,
}

impl From<Pace> for Clock {
    fn from(pace: Pace) -> Self {
        Self {
            now: pace.time(),
            rate: pace.rate(),
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Rate {
    rate: f64,
}

#[derive(Serialize, Deserialize)]
struct TenantCard {
    name: String,
    display_name: String,
    domain: String,
    domains: Vec<String>,
    tenant_id: String,
    admin_client_id: String,
    admin_client_secret: String,
    admin_user: String,
    subscription_id: String,
    era: String,
}

/// Answers a request to the control host.
pub fn answer(world: &World, request: &Request) -> Reply {
    if request.header("authorization") != Some(&format!("Bearer {}", world.control_token)) {
        return Reply::json(401, &json!({"error": "the controls ask for the token in `owner.json`"}));
    }
    let answered = match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/clock") => Ok(json!(Clock::from(world.pace()))),
        ("POST", "/advance") => match serde_json::from_slice::<Advance>(&request.body) {
            Ok(by) => world
                .advance(Duration::from_millis(by.milliseconds))
                .map(|_| json!(Clock::from(world.pace()))),
            Err(cause) => return Reply::json(400, &json!({"error": cause.to_string()})),
        },
        ("POST", "/rate") => match serde_json::from_slice::<Rate>(&request.body) {
            Ok(to) => world.set_rate(to.rate).map(|pace| json!(Clock::from(pace))),
            Err(cause) => return Reply::json(400, &json!({"error": cause.to_string()})),
        },
        ("GET", "/tenants") => world.store.transaction(|tx| Ok(tenant_infos(tx))).map(|tenants| {
            let cards = tenants.into_iter().map(TenantCard::from);
            json!(cards.collect::<Vec<_>>())
        }),
        ("GET", "/requests") => world.store.transaction(|tx| tx.requests()).map(|lines| json!(lines)),
        _ => return Reply::empty(404),
    };
    match answered {
        Ok(body) => Reply::json(200, &body),
        Err(cause) => world.unusable(&cause),
    }
}

/// A handle on a sandbox that another process owns.
pub struct Guest {
    folder: PathBuf,
    client: reqwest::Client,
    note: OwnerNote,
    pace: Mutex<Pace>,
}

impl Guest {
    /// Connects to the owner that `note` tells of, and asks it for the time.
    pub async fn connect(folder: PathBuf, note: OwnerNote, ca_pem: &str) -> Result<Self, SandboxError> {
        let silent = |cause: reqwest::Error| SandboxError::OwnerSilent {
            folder: folder.clone(),
            what: cause.to_string(),
        };
        let root = reqwest::Certificate::from_pem(ca_pem.as_bytes()).map_err(silent)?;
        let client = reqwest::Client::builder()
            .tls_certs_only([root])
            .no_proxy()
            .resolve(hosts::CONTROL, note.listen)
            .connect_timeout(Duration::from_secs(5))
            .build()
            .map_err(silent)?;
        let guest = Self {
            folder: folder.clone(),
            client,
            note,
            pace: Mutex::new(Pace::new(Timestamp::UNIX_EPOCH, 0.0)),
        };
        guest.clock().await?;
        Ok(guest)
    }

    /// Where the owner listens.
    pub fn address(&self) -> SocketAddr {
        self.note.listen
    }

    /// How the clock goes, as last heard from the owner.
    pub fn last_heard(&self) -> Pace {
        *self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How the sandbox's clock goes.
    pub async fn clock(&self) -> Result<Pace, SandboxError> {
        let clock: Clock = self.ask(self.client.get(address_of("clock"))).await?;
        Ok(self.heard(clock))
    }

    /// Lets the sandbox's clock go at `rate`.
    pub async fn set_rate(&self, rate: f64) -> Result<Pace, SandboxError> {
        let clock: Clock = self.ask(self.client.post(address_of("rate")).json(&Rate { rate })).await?;
        Ok(self.heard(clock))
    }

    /// Moves the sandbox's clock.
    pub async fn advance(&self, duration: Duration) -> Result<Pace, SandboxError> {
        let milliseconds = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        let clock: Clock = self
            .ask(self.client.post(address_of("advance")).json(&Advance { milliseconds }))
            .await?;
        Ok(self.heard(clock))
    }

    /// The tenants.
    pub async fn tenants(&self) -> Result<Vec<TenantInfo>, SandboxError> {
        let cards: Vec<TenantCard> = self.ask(self.client.get(address_of("tenants"))).await?;
        Ok(cards.into_iter().map(TenantInfo::from).collect())
    }

    /// The log of requests.
    pub async fn requests(&self) -> Result<Vec<(String, String)>, SandboxError> {
        self.ask(self.client.get(address_of("requests"))).await
    }

    fn heard(&self, clock: Clock) -> Pace {
        let pace = Pace::new(clock.now, clock.rate);
        *self.pace.lock().unwrap_or_else(PoisonError::into_inner) = pace;
        pace
    }

    async fn ask<T: DeserializeOwned>(&self, request: reqwest::RequestBuilder) -> Result<T, SandboxError> {
        let silent = |cause: reqwest::Error| SandboxError::OwnerSilent {
            folder: self.folder.clone(),
            what: cause.to_string(),
        };
        let answer = request.bearer_auth(&self.note.token).send().await.map_err(silent)?;
        answer.error_for_status().map_err(silent)?.json().await.map_err(silent)
    }
}

fn address_of(what: &str) -> String {
    format!("https://{}/{what}", hosts::CONTROL)
}

impl From<TenantInfo> for TenantCard {
    fn from(info: TenantInfo) -> Self {
        Self {
            name: info.name,
            display_name: info.display_name,
            domain: info.domain,
            domains: info.domains,
            tenant_id: info.tenant_id,
            admin_client_id: info.admin_client_id,
            admin_client_secret: info.admin_client_secret.expose_secret().to_owned(),
            admin_user: info.admin_user,
            subscription_id: info.subscription_id,
            era: info.era,
        }
    }
}

impl From<TenantCard> for TenantInfo {
    fn from(card: TenantCard) -> Self {
        Self {
            name: card.name,
            display_name: card.display_name,
            domain: card.domain,
            domains: card.domains,
            tenant_id: card.tenant_id,
            admin_client_id: card.admin_client_id,
            admin_client_secret: card.admin_client_secret.into(),
            admin_user: card.admin_user,
            subscription_id: card.subscription_id,
            era: card.era,
        }
    }
}
