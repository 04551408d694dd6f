//! `Sandbox`: what the rest of the program holds of the simulated Microsoft 365.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::LoggedRequest;
use super::NewOptions;
use super::clock::Pace;
use super::error::SandboxError;
use super::fault::FaultSpec;
use super::fault::InjectedFault;
use super::open;
use super::open::Role;
use super::open::ServeOptions;
use super::open::TenantInfo;
use super::open::tenant_infos;
use super::tls;

/// An open sandbox. The first handle on a folder owns it and listens; further ones, here or in other processes, are its guests.
/// Dropping the owner stops the listener and frees the folder; the state stays.
pub struct Sandbox {
    role: Role,
    ca_pem: String,
    tenants: Vec<TenantInfo>,
}

impl Sandbox {
    /// The file of the folder with the only certificate a client of the sandbox should trust.
    pub const CA_FILE: &str = tls::CERTIFICATE;

    /// Fills `folder`, which may be missing, with a new sandbox. A folder that holds one is refused.
    pub fn create(folder: &Path, options: &NewOptions) -> Result<(), SandboxError> {
        open::create(folder, options)
    }

    /// Opens the sandbox in `folder`.
    pub async fn open(folder: &Path) -> Result<Self, SandboxError> {
        let role = open::open(folder).await?;
        let tenants = match &role {
            Role::Owner(owner) => owner.world.store.transaction(|tx| Ok::<_, SandboxError>(tenant_infos(tx)))?,
            Role::Guest(guest) => guest.tenants().await?,
        };
        Ok(Self {
            role,
            ca_pem: tls::ca_pem(folder)?,
            tenants,
        })
    }

    /// Opens the sandbox in `folder` as its owner, for clients of any kind, until `stop`.
    pub async fn serve(folder: &Path, options: &ServeOptions) -> Result<Self, SandboxError> {
        let owner = open::serve(folder, options).await?;
        let tenants = owner.world.store.transaction(|tx| Ok::<_, SandboxError>(tenant_infos(tx)))?;
        Ok(Self {
            role: Role::Owner(owner),
            ca_pem: tls::ca_pem(folder)?,
            tenants,
        })
    }

    /// Stops listening once the requests under way are answered, and frees the folder.
    pub async fn stop(self) {
        if let Role::Owner(owner) = self.role {
            owner.listening.stop().await;
        }
    }

    /// Whether this handle owns the folder.
    pub fn is_owner(&self) -> bool {
        matches!(self.role, Role::Owner(_))
    }

    /// Where the simulated services listen.
    pub fn address(&self) -> SocketAddr {
        match &self.role {
            Role::Owner(owner) => owner.listening.address,
            Role::Guest(guest) => guest.address(),
        }
    }

    /// The only certificate a client of the sandbox should trust.
    pub fn ca_pem(&self) -> &str {
        &self.ca_pem
    }

    /// The tenants and how to sign in to them.
    pub fn tenants(&self) -> &[TenantInfo] {
        &self.tenants
    }

    /// The tenant with that short name.
    pub fn tenant(&self, name: &str) -> Option<&TenantInfo> {
        self.tenants.iter().find(|tenant| tenant.name == name)
    }

    /// The sandbox's time.
    pub async fn now(&self) -> Result<Timestamp, SandboxError> {
        Ok(self.clock().await?.time())
    }

    /// How the sandbox's clock goes.
    pub async fn clock(&self) -> Result<Pace, SandboxError> {
        match &self.role {
            Role::Owner(owner) => Ok(owner.world.pace()),
            Role::Guest(guest) => guest.clock().await,
        }
    }

    /// The sandbox's time as far as this handle knows it without asking: exact for the owner, by what was last heard for a guest.
    pub fn last_known_now(&self) -> Timestamp {
        match &self.role {
            Role::Owner(owner) => owner.world.pace().time(),
            Role::Guest(guest) => guest.last_heard().time(),
        }
    }

    /// Lets the clock go at `rate` seconds a second from now on, also when the sandbox is opened again; 0 stops it.
    pub async fn set_rate(&self, rate: f64) -> Result<Pace, SandboxError> {
        match &self.role {
            Role::Owner(owner) => {
                let world = Arc::clone(&owner.world);
                let setting = tokio::task::spawn_blocking(move || world.set_rate(rate));
                Ok(setting.await.map_err(|_| SandboxError::Stopped)??)
            }
            Role::Guest(guest) => guest.set_rate(rate).await,
        }
    }

    /// Moves the clock on, lets happen what falls due on the way, and returns the new time.
    pub async fn advance(&self, duration: Duration) -> Result<Timestamp, SandboxError> {
        match &self.role {
            Role::Owner(owner) => {
                let world = Arc::clone(&owner.world);
                let advancing = tokio::task::spawn_blocking(move || world.advance(duration));
                Ok(advancing.await.map_err(|_| SandboxError::Stopped)??)
            }
            Role::Guest(guest) => Ok(guest.advance(duration).await?.time()),
        }
    }

    /// The requests that the services answered, oldest first: tenant, and method with address and cmdlets.
    pub async fn requests(&self) -> Result<Vec<(String, String)>, SandboxError> {
        let lines = self.log(None, None).await?;
        Ok(lines.into_iter().map(|line| (line.tenant, line.line)).collect())
    }

    /// The newest `last` requests that the services answered, of one tenant or of all, oldest first.
    pub async fn log(&self, tenant: Option<&str>, last: Option<usize>) -> Result<Vec<LoggedRequest>, SandboxError> {
        match &self.role {
            Role::Owner(owner) => {
                let (world, tenant) = (Arc::clone(&owner.world), tenant.map(str::to_owned));
                let reading = tokio::task::spawn_blocking(move || world.store.transaction(|tx| tx.requests(tenant.as_deref(), last)));
                Ok(reading.await.map_err(|_| SandboxError::Stopped)??)
            }
            Role::Guest(guest) => guest.log(tenant, last).await,
        }
    }

    /// Orders a fault.
    pub async fn add_fault(&self, spec: FaultSpec) -> Result<InjectedFault, SandboxError> {
        match &self.role {
            Role::Owner(owner) => Ok(owner.world.add_fault(spec)?),
            Role::Guest(guest) => guest.add_fault(&spec).await,
        }
    }

    /// The faults that were ordered, with what came of them.
    pub async fn faults(&self) -> Result<Vec<InjectedFault>, SandboxError> {
        match &self.role {
            Role::Owner(owner) => Ok(owner.world.faults()?),
            Role::Guest(guest) => guest.faults().await,
        }
    }

    /// Forgets the faults of these numbers, or all when there are none, and returns the numbers of those that are gone.
    pub async fn clear_faults(&self, ids: &[u64]) -> Result<Vec<u64>, SandboxError> {
        match &self.role {
            Role::Owner(owner) => Ok(owner.world.clear_faults(ids)?),
            Role::Guest(guest) => guest.clear_faults(ids).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use secrecy::ExposeSecret;
    use serde_json::Value;
    use serde_json::json;

    use super::*;
    use crate::sandbox::Cut;
    use crate::sandbox::Effect;
    use crate::sandbox::Service;
    use crate::sandbox::Store;
    use crate::sandbox::testing::new_folder;

    const LOGIN: &str = "login.microsoftonline.com";
    const GRAPH: &str = "graph.microsoft.com";

    fn client(sandbox: &Sandbox) -> reqwest::Client {
        let root = reqwest::Certificate::from_pem(sandbox.ca_pem().as_bytes()).unwrap();
        let builder = reqwest::Client::builder().no_proxy().tls_certs_only([root]);
        builder
            .resolve(LOGIN, sandbox.address())
            .resolve(GRAPH, sandbox.address())
            .build()
            .unwrap()
    }

    async fn token(sandbox: &Sandbox, client: &reqwest::Client) -> String {
        let tenant = sandbox.tenant("contoso").unwrap();
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", &tenant.admin_client_id),
            ("client_secret", tenant.admin_client_secret.expose_secret()),
            ("scope", "https://graph.microsoft.com/.default"),
        ];
        let address = format!("https://{LOGIN}/{}/oauth2/v2.0/token", tenant.tenant_id);
        let answer: Value = client.post(address).form(&form).send().await.unwrap().json().await.unwrap();
        answer["access_token"].as_str().unwrap().to_owned()
    }

    async fn graph(client: &reqwest::Client, token: &str, path: &str) -> (reqwest::Version, Value) {
        let answer = client
            .get(format!("https://{GRAPH}/v1.0/{path}"))
            .bearer_auth(token)
            .send()
            .await
            .unwrap();
        (answer.version(), answer.json().await.unwrap())
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_client_that_trusts_only_the_sandbox_reaches_the_services_by_their_real_names() {
        let folder = new_folder();
        let sandbox = Sandbox::open(folder.path()).await.unwrap();
        let client = client(&sandbox);

        let token = token(&sandbox, &client).await;
        let (version, organization) = graph(&client, &token, "organization?$select=displayName,verifiedDomains").await;

        assert_eq!(version, reqwest::Version::HTTP_2);
        let names = organization["value"][0]["verifiedDomains"].as_array().unwrap();
        assert!(
            names
                .iter()
                .any(|domain| domain["name"] == "contoso.onmicrosoft.com" && domain["isInitial"] == true)
        );
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_second_handle_is_a_guest_of_the_first_and_shares_its_clock() {
        let folder = new_folder();
        let owner = Sandbox::open(folder.path()).await.unwrap();
        let guest = Sandbox::open(folder.path()).await.unwrap();
        let before = owner.now().await.unwrap();

        let after = guest.advance(Duration::from_secs(3600)).await.unwrap();

        assert_eq!((owner.is_owner(), guest.is_owner()), (true, false));
        assert_eq!(guest.address(), owner.address());
        assert_eq!(after, before + jiff::SignedDuration::from_hours(1));
        assert_eq!(owner.now().await.unwrap(), after);
        assert_eq!(guest.last_known_now(), after);
        let ids = |sandbox: &Sandbox| -> Vec<String> { sandbox.tenants().iter().map(|tenant| tenant.admin_client_id.clone()).collect() };
        assert_eq!(ids(&guest), ids(&owner));
        assert_eq!(guest.requests().await.unwrap(), owner.requests().await.unwrap());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_was_answered_is_there_when_the_folder_is_opened_again() {
        let folder = new_folder();
        let first = Sandbox::open(folder.path()).await.unwrap();
        let ca_pem = first.ca_pem().to_owned();
        let http = client(&first);
        let token = token(&first, &http).await;
        let made = http
            .post(format!("https://{GRAPH}/v1.0/applications"))
            .bearer_auth(&token)
            .json(&json!({"displayName": "kept"}))
            .send();
        assert_eq!(made.await.unwrap().status(), 201);
        let now = first.advance(Duration::from_secs(60)).await.unwrap();
        drop(first);

        let second = Sandbox::open(folder.path()).await.unwrap();

        assert!(second.is_owner());
        assert_eq!((second.ca_pem(), second.now().await.unwrap()), (ca_pem.as_str(), now));
        let (_, found) = graph(&client(&second), &token, "applications?$filter=displayName eq 'kept'").await;
        assert_eq!(found["value"].as_array().unwrap().len(), 1);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_running_clock_never_goes_back_when_the_folder_is_opened_again() {
        let folder = new_folder();
        let sandbox = Sandbox::open(folder.path()).await.unwrap();
        sandbox.set_rate(1_000_000.0).await.unwrap();
        let seen = sandbox.now().await.unwrap();

        drop(sandbox);

        let store = Store::open_finished(folder.path()).unwrap();
        let kept = store.transaction(|tx| Ok::<_, SandboxError>(tx.now())).unwrap();
        assert!(kept >= seen, "{kept} after {seen}");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_note_left_by_a_dead_owner_leads_nobody_astray() {
        let folder = new_folder();
        fs::write(
            folder.path().join("owner.json"),
            r#"{"pid":1,"listen":"127.0.0.1:9","is_serving":true,"token":"old"}"#,
        )
        .unwrap();
        fs::write(folder.path().join("state.db-wal"), "").unwrap();

        let sandbox = Sandbox::open(folder.path()).await.unwrap();

        assert!(sandbox.is_owner());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_guest_orders_what_cuts_connections_off_and_what_holds_replies_back() {
        let folder = new_folder();
        let owner = Sandbox::open(folder.path()).await.unwrap();
        let guest = Sandbox::open(folder.path()).await.unwrap();
        let order = |effect| FaultSpec {
            service: Some(Service::Entra),
            tenant: None,
            operation: None,
            object: None,
            count: Some(1),
            skip: 0,
            probability: None,
            seed: 1,
            effect,
        };
        let address = format!("https://{LOGIN}/contoso.com/v2.0/.well-known/openid-configuration");
        for over_http2 in [true, false] {
            let root = reqwest::Certificate::from_pem(owner.ca_pem().as_bytes()).unwrap();
            let builder = reqwest::Client::builder().no_proxy().tls_certs_only([root]);
            let builder = builder.resolve(LOGIN, owner.address());
            let http = match over_http2 {
                true => builder.build().unwrap(),
                false => builder.http1_only().build().unwrap(),
            };
            let made = guest.add_fault(order(Effect::Cut { when: Cut::Before })).await.unwrap();

            let lost = http.get(&address).send().await.unwrap_err();
            assert!(!lost.is_timeout() && !lost.is_connect(), "{lost:?}");
            assert_eq!(http.get(&address).send().await.unwrap().status(), 200);

            let slow = Effect::Slow {
                delay: Duration::from_secs(3600),
                per_item: false,
            };
            guest.add_fault(order(slow)).await.unwrap();
            let impatient = http.get(&address).timeout(Duration::from_millis(500));
            assert!(impatient.send().await.unwrap_err().is_timeout());
            assert_eq!(http.get(&address).send().await.unwrap().status(), 200);

            let seen = guest.faults().await.unwrap();
            assert_eq!(seen, owner.faults().await.unwrap());
            assert_eq!((seen[0].id, seen[0].fired, seen.len()), (made.id, 1, 2));
            let refused = guest.clear_faults(&[99]).await.unwrap_err();
            assert_eq!(refused.to_string(), "there is no fault 99");
            assert_eq!(guest.clear_faults(&[]).await.unwrap().len(), 2);
        }
    }

    #[test]
    fn a_folder_that_holds_a_sandbox_is_not_filled_again() {
        let folder = new_folder();

        let refused = Sandbox::create(folder.path(), &NewOptions::default()).unwrap_err();

        assert!(refused.to_string().ends_with("already holds a sandbox"), "{refused}");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_damaged_state_is_refused_and_left_as_it_is() {
        let folder = new_folder();
        let state = folder.path().join("state.db");
        for damage in [
            &b"this is no database, and it is longer than a header would be, to be sure of what it is taken for"[..],
            b"",
        ] {
            fs::write(&state, damage).unwrap();

            let refused = Sandbox::open(folder.path()).await.map(|_| ()).unwrap_err();

            assert!(matches!(refused, SandboxError::Damaged { .. }), "{refused}");
            assert!(refused.to_string().contains("damaged and was left untouched"));
            assert!(fs::read(&state).unwrap() == damage);
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_empty_folder_holds_no_sandbox() {
        let folder = tempfile::tempdir().unwrap();

        let refused = Sandbox::open(folder.path()).await.map(|_| ()).unwrap_err();

        assert!(matches!(refused, SandboxError::NotThere { .. }), "{refused}");
    }
}
