//! Making a sandbox, and opening one as its owner or as the guest of its owner.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use uuid::Uuid;

use super::Era;
use super::NewOptions;
use super::Store;
use super::Tx;
use super::azure;
use super::clock;
use super::conditions;
use super::control::Guest;
use super::damage;
use super::directory;
use super::entra;
use super::error::SandboxError;
use super::exchange;
use super::listener;
use super::listener::Listening;
use super::lock;
use super::lock::Lock;
use super::lock::OwnerNote;
use super::population;
use super::private;
use super::tls;
use super::world::World;

/// The state of a folder.
pub const STATE: &str = "state.db";
/// Set in the transaction that fills the state: without it, the state was never finished or was emptied since.
const MADE: &str = "made";
const FORMAT: &str = "4";
/// How long a guest waits for an owner that is only just starting.
const PATIENCE: Duration = Duration::from_secs(10);

/// One tenant of the sandbox and how to sign in to it.
#[derive(Debug, Clone)]
pub struct TenantInfo {
    /// Its short name: `contoso`, `northwind`.
    pub name: String,
    /// Its display name.
    pub display_name: String,
    /// Its initial domain.
    pub domain: String,
    /// All its domains.
    pub domains: Vec<String>,
    /// Its id.
    pub tenant_id: String,
    /// The administrator's application.
    pub admin_client_id: String,
    /// Its secret.
    pub admin_client_secret: SecretString,
    /// The administrator's user principal name.
    pub admin_user: String,
    /// Its subscription of Azure.
    pub subscription_id: String,
    /// Which rules are in force: `today` or `2021`.
    pub era: String,
}

/// The tenants of an open state.
pub fn tenant_infos(tx: &Tx<'_>) -> Vec<TenantInfo> {
    let names = directory::tenants(tx);
    let infos = names.iter().filter_map(|name| {
        let tenant = directory::tenant(tx, name)?;
        let admin = directory::admin(tx, name)?;
        Some(TenantInfo {
            name: name.clone(),
            display_name: tenant.text("displayName").to_owned(),
            domain: directory::initial_domain(tx, name),
            domains: directory::accepted_domains(tx, name),
            tenant_id: tenant.text("id").to_owned(),
            admin_client_id: admin.client_id,
            admin_client_secret: admin.secret,
            admin_user: directory::admin_user(tx, name)?.text("userPrincipalName").to_owned(),
            subscription_id: azure::subscriptions(tx, name).first()?.text("subscriptionId").to_owned(),
            era: tx.meta("era").unwrap_or_else(|| Era::Today.name().to_owned()),
        })
    });
    infos.collect()
}

/// Fills `folder` with a new sandbox.
pub fn create(folder: &Path, options: &NewOptions) -> Result<(), SandboxError> {
    fs::create_dir_all(folder).map_err(SandboxError::file(folder))?;
    let there = || SandboxError::AlreadyThere { folder: folder.to_owned() };
    let lock = Lock::take(folder)?.ok_or_else(there)?;
    // It holds secrets, and SQLite gives its journals the mode of the file that is there.
    private::make(&folder.join(STATE))?;
    let store = Store::open(folder).map_err(|cause| unreadable(folder, &cause))?;
    let is_made = store.transaction(|tx| Ok(tx.meta(MADE).is_some()));
    if is_made.map_err(|cause| unreadable(folder, &cause))? {
        return Err(there());
    }
    tls::install(folder)?;
    lock.forget_the_past()?;
    store.transaction::<_, rusqlite::Error>(|tx| {
        tx.set_meta("era", options.era.name())?;
        entra::keys::install(tx)?;
        exchange::install(tx)?;
        tx.set_now(options.start)?;
        population::seed(tx, options)?;
        conditions::install(tx, options)?;
        tx.set_meta(MADE, FORMAT)
    })?;
    drop(lock);
    Ok(())
}

/// How the sandbox is served for clients of any kind.
#[derive(Debug, Clone)]
pub struct ServeOptions {
    /// Where to listen, on loopback. Port 0 stands for any that is free.
    pub listen: SocketAddr,
    /// How many seconds of the sandbox go by in one; without it as many as were set and kept, or else 1.
    pub rate: Option<f64>,
}

/// The owner's side of an open sandbox. What is dropped first stops the listener; the lock goes last.
pub struct Owner {
    pub(super) world: Arc<World>,
    pub(super) listening: Listening,
    _lock: Lock,
}

impl Drop for Owner {
    fn drop(&mut self) {
        // While the folder is still ours.
        if let Err(cause) = self.world.keep_time() {
            tracing::warn!(%cause, "the time of the sandbox could not be kept");
        }
    }
}

/// An open sandbox, by who owns it.
pub enum Role {
    /// This process.
    Owner(Owner),
    /// Another process, or another handle of this one.
    Guest(Guest),
}

/// Opens the sandbox in `folder`: as its owner when it has none, otherwise as guest of the owner.
pub async fn open(folder: &Path) -> Result<Role, SandboxError> {
    if !folder.join(STATE).exists() {
        return Err(SandboxError::NotThere { folder: folder.to_owned() });
    }
    let deadline = tokio::time::Instant::now() + PATIENCE;
    loop {
        if let Some(lock) = Lock::take(folder)? {
            let owner = own(folder.to_owned(), lock, SocketAddr::from(([127, 0, 0, 1], 0)), false).await?;
            owner.world.start_clock(0.0)?;
            return Ok(Role::Owner(owner));
        }
        // Before the owner says where it listens it may still be making the sandbox, with its certificate.
        let connected = match lock::read_note(folder) {
            Some(_) if !folder.join(tls::CERTIFICATE).exists() => return Err(damage::told(folder, &damage::without(tls::CERTIFICATE))),
            Some(note) => Guest::connect(folder.to_owned(), note, &tls::ca_pem(folder)?).await,
            None => Err(SandboxError::OwnerSilent {
                folder: folder.to_owned(),
                what: "it has not said where it listens".into(),
            }),
        };
        match connected {
            Ok(guest) => return Ok(Role::Guest(guest)),
            Err(silent) if tokio::time::Instant::now() >= deadline => return Err(silent),
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

/// Opens the sandbox in `folder` as its owner, unless it has one.
pub async fn serve(folder: &Path, options: &ServeOptions) -> Result<Owner, SandboxError> {
    if !folder.join(STATE).exists() {
        return Err(SandboxError::NotThere { folder: folder.to_owned() });
    }
    let deadline = tokio::time::Instant::now() + PATIENCE;
    loop {
        if let Some(lock) = Lock::take(folder)? {
            let owner = own(folder.to_owned(), lock, options.listen, true).await?;
            match options.rate {
                Some(rate) => owner.world.go_at(rate),
                None => owner.world.start_clock(1.0)?,
            }
            return Ok(owner);
        }
        match lock::read_note(folder) {
            Some(note) if note.is_serving => {
                return Err(SandboxError::Served {
                    folder: folder.to_owned(),
                    pid: note.pid,
                    listen: note.listen,
                });
            }
            // A command that is at work with the sandbox, and may be about to end.
            _ if tokio::time::Instant::now() >= deadline => return Err(SandboxError::InUse { folder: folder.to_owned() }),
            _ => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

async fn own(folder: PathBuf, lock: Lock, listen: SocketAddr, is_serving: bool) -> Result<Owner, SandboxError> {
    let token = Uuid::new_v4().simple().to_string();
    let (opened, kept) = (folder.clone(), token.clone());
    let loading = tokio::task::spawn_blocking(move || load(&opened, &lock, kept).map(|world| (world, lock)));
    let (world, lock) = loading.await.map_err(|_| SandboxError::Stopped)??;
    let world = Arc::new(world);
    tokio::spawn(clock::drive(Arc::downgrade(&world)));
    let listening = listener::start(Arc::clone(&world), tls::server(&folder)?, listen).await;
    let listening = listening.map_err(|cause| SandboxError::Address { address: listen, cause })?;
    lock.announce(&OwnerNote {
        pid: std::process::id(),
        listen: listening.address,
        is_serving,
        token,
    })?;
    Ok(Owner {
        world,
        listening,
        _lock: lock,
    })
}

fn load(folder: &Path, lock: &Lock, token: String) -> Result<World, SandboxError> {
    let store = finished(folder, lock)?;
    World::new(store, folder.to_owned(), token).map_err(|cause| damage::told(folder, &cause.to_string()))
}

/// Opens a state that was finished once, and refuses anything else without touching it.
pub fn finished(folder: &Path, lock: &Lock) -> Result<Store, SandboxError> {
    if !folder.join(STATE).exists() {
        return Err(SandboxError::NotThere { folder: folder.to_owned() });
    }
    damage::check_files(folder, lock)?;
    let store = readable(folder)?;
    lock.forget_the_past()?;
    Ok(store)
}

/// The state of a folder that somebody else may have.
pub fn readable(folder: &Path) -> Result<Store, SandboxError> {
    let store = Store::open_finished(folder).map_err(|cause| damage::told(folder, &cause.to_string()))?;
    check_finished(&store).map_err(|what| SandboxError::Damaged {
        folder: folder.to_owned(),
        what,
    })?;
    Ok(store)
}

/// Says what keeps a state from being used.
pub fn check_finished(store: &Store) -> Result<(), String> {
    let unfinished = || "it was never finished, or was emptied since".to_owned();
    // The format comes first: nothing else can be read of a state that has another one.
    let format = store.transaction(|tx| Ok::<_, rusqlite::Error>(tx.meta(MADE)));
    let format = format.map_err(|cause| cause.to_string())?.ok_or_else(unfinished)?;
    if format != FORMAT {
        return Err(format!("it has format {format}, and this program reads format {FORMAT}"));
    }
    let tenants = store.transaction(|tx| Ok::<_, rusqlite::Error>(directory::tenants(tx)));
    match tenants.map_err(|cause| cause.to_string())?.is_empty() {
        true => Err(unfinished()),
        false => Ok(()),
    }
}

fn unreadable(folder: &Path, cause: &rusqlite::Error) -> SandboxError {
    damage::told(folder, &cause.to_string())
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::super::testing::new_folder;
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn whoever_opens_a_sandbox_that_is_being_made_waits_for_it() {
        let folder = tempfile::tempdir().unwrap();
        let options = NewOptions {
            mailboxes: 1,
            ..NewOptions::default()
        };
        let maker = Lock::take(folder.path()).unwrap().unwrap();
        private::make(&folder.path().join(STATE)).unwrap();
        let mut opening = std::pin::pin!(open(folder.path()));

        assert!(futures::poll!(opening.as_mut()).is_pending());
        drop(maker);
        create(folder.path(), &options).unwrap();

        assert!(matches!(opening.await, Ok(Role::Owner(_))));
    }

    #[test]
    fn a_state_of_another_format_is_refused_by_its_number() {
        let folder = new_folder();
        let state = rusqlite::Connection::open(folder.path().join(STATE)).unwrap();
        state
            .execute_batch("update meta set value = '2' where key = 'made'; drop table object")
            .unwrap();
        drop(state);

        let refused = readable(folder.path()).map(|_| ()).unwrap_err();

        assert!(refused.to_string().contains("it has format 2"), "{refused}");
    }

    #[test]
    fn the_state_is_private_like_the_key_beside_it() {
        let folder = new_folder();

        for name in [STATE, "ca.key.pem"] {
            let mode = folder.path().join(name).metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0, "{name}");
        }
    }
}
