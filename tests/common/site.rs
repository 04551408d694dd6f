//! `Site`: one sandbox with its two companies.

use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::Weak;

use rusqlite::Connection;
use tempfile::TempDir;
use xtenant::sandbox::Era;
use xtenant::sandbox::NewOptions;
use xtenant::sandbox::Sandbox;

use crate::common::Administrator;
use crate::common::Traffic;

/// A fresh sandbox in a folder of its own, removed at the end of the test.
pub struct Site {
    // Before the folder, which it is in.
    _traffic: Traffic,
    folder: TempDir,
    _copied_from: Option<Arc<TempDir>>,
}

/// The target asks the source.
const ASK: &str = "run setup-target --target northwind --source-domain contoso.onmicrosoft.com";
/// The source admits the target.
pub const ADMIT: &str = "run setup-source --source contoso --handoff to-source.json --scope-group 'Kermit Scope'";
/// The target finishes.
const FINISH: &str = "run setup-target --target northwind --continue to-target.json";
/// The set-up of the target with a key vault.
pub const CLASSIC: &str = "run setup-target --target northwind --source-domain contoso.onmicrosoft.com --auth key-vault \
    --resource-group rg-xtmove --key-vault-name nwt-xtmove-kv --location 'West Europe' --audit-storage-account nwtxtaudit";

/// A folder that takes a while to make, so that tests that run together start from copies of one. The last of them removes it, which
/// a plain static would never do.
struct Shared(Mutex<Weak<TempDir>>);

impl Shared {
    fn get(&self, make: impl FnOnce() -> TempDir) -> Arc<TempDir> {
        let mut shared = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = shared.upgrade().unwrap_or_else(|| Arc::new(make()));
        *shared = Arc::downgrade(&folder);
        folder
    }
}

impl Site {
    /// A sandbox as `xtenant sandbox new` makes it, with the default population and seed.
    pub fn new() -> Self {
        static FRESH: Shared = Shared(Mutex::new(Weak::new()));
        Self::fresh(&FRESH, Era::Today)
    }

    /// A sandbox of the year 2021.
    pub fn of_2021() -> Self {
        static FRESH: Shared = Shared(Mutex::new(Weak::new()));
        Self::fresh(&FRESH, Era::Y2021)
    }

    /// A sandbox of its own, made with these options.
    pub fn with(options: &NewOptions) -> Self {
        let site = Self::empty();
        Sandbox::create(&site.sandbox(), options).expect("a sandbox");
        site
    }

    fn fresh(shared: &Shared, era: Era) -> Self {
        let fresh = shared.get(|| {
            let folder = tempfile::tempdir().expect("a temporary folder");
            let options = NewOptions {
                era,
                ..NewOptions::default()
            };
            Sandbox::create(folder.path(), &options).expect("a sandbox");
            folder
        });
        let mut site = Self::empty();
        copy(fresh.path(), &site.sandbox());
        site._copied_from = Some(fresh);
        site
    }

    /// Both tenants set up as in the walkthrough up to its step 3, each administrator with the hand-offs in the working folder.
    pub fn set_up() -> Self {
        static READY: Shared = Shared(Mutex::new(Weak::new()));
        let ready = READY.get(|| {
            let site = Self::new();
            let (contoso, northwind) = (site.contoso(), site.northwind());
            northwind.types(ASK).succeeds();
            northwind.sends("to-source.json", &contoso);
            contoso.types(ADMIT).succeeds();
            contoso.sends("to-target.json", &northwind);
            northwind.types(FINISH).succeeds();
            site.folder
        });
        let mut site = Self::empty();
        copy(ready.path(), site.folder.path());
        site._copied_from = Some(ready);
        site
    }

    /// Both tenants set up with a key vault and its log in a sandbox of 2021, each administrator with the hand-offs in the working folder.
    pub fn set_up_in_2021() -> Self {
        static READY: Shared = Shared(Mutex::new(Weak::new()));
        let ready = READY.get(|| {
            let site = Self::of_2021();
            let (contoso, northwind) = (site.contoso(), site.northwind());
            northwind.types(CLASSIC).succeeds();
            northwind.sends("to-source.json", &contoso);
            contoso.types(ADMIT).succeeds();
            contoso.sends("to-target.json", &northwind);
            site.folder
        });
        let mut site = Self::empty();
        copy(ready.path(), site.folder.path());
        site._copied_from = Some(ready);
        site
    }

    /// No sandbox yet; the first command that needs one makes it.
    pub fn empty() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        Self {
            _traffic: Traffic::of(folder.path()),
            folder,
            _copied_from: None,
        }
    }

    /// The writes that reach the tenants while `act` goes on: method and address, or cmdlet.
    pub fn writes_during(&self, act: impl FnOnce()) -> Vec<String> {
        let before = self.requests().len();
        act();
        let lines = self.requests().into_iter().skip(before);
        lines.filter(|line| is_write(line)).collect()
    }

    /// Brings about by SQL what nobody can do through the services.
    pub fn alters(&self, statement: &str) {
        let state = Connection::open(self.sandbox().join("state.db")).expect("the state");
        let altered = state.execute(statement, []).expect("a statement");
        assert_ne!(altered, 0, "`{statement}` altered nothing");
    }

    /// Where its sandboxes keep what Graph and Azure were asked.
    pub fn traffic(&self) -> PathBuf {
        Traffic::file(self.folder.path())
    }

    /// The display names of all objects of a kind in the state.
    pub fn names_of(&self, kind: &str) -> Vec<String> {
        let state = Connection::open(self.sandbox().join("state.db")).expect("the state");
        let mut query = state
            .prepare("select body ->> '$.displayName' from object where kind = ?")
            .expect("a query");
        let names = query.query_map([kind], |row| row.get::<_, Option<String>>(0)).expect("rows");
        names.filter_map(|name| name.expect("a row")).collect()
    }

    /// Everything that the sandbox was asked so far.
    pub fn requests(&self) -> Vec<String> {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let log = runtime.block_on(async { Sandbox::open(&self.sandbox()).await?.requests().await });
        let log = log.expect("the sandbox keeps a log");
        log.into_iter().map(|(tenant, line)| format!("{tenant}: {line}")).collect()
    }

    /// Another site that is as this one is now, with the folders of its people.
    pub fn copied(&self) -> Self {
        let site = Self::empty();
        copy(self.folder.path(), site.folder.path());
        site
    }

    /// The sandbox's folder.
    pub fn sandbox(&self) -> PathBuf {
        self.folder.path().join("sandbox")
    }

    /// Somebody without settings, who has the built-in profiles of both tenants.
    pub fn beginner(&self) -> Administrator {
        Administrator::new(self.folder.path(), "beginner", None)
    }

    /// The administrator of the source tenant: only profile `contoso`.
    pub fn contoso(&self) -> Administrator {
        Administrator::new(self.folder.path(), "contoso", Some("contoso.onmicrosoft.com"))
    }

    /// Somebody else at the target tenant, who has no right of any kind until one is given.
    pub fn newcomer(&self, name: &str) -> Administrator {
        Administrator::new(self.folder.path(), name, Some("northwindtraders.onmicrosoft.com"))
    }

    /// The administrator of the target tenant: only profile `northwind`.
    pub fn northwind(&self) -> Administrator {
        Administrator::new(self.folder.path(), "northwind", Some("northwindtraders.onmicrosoft.com"))
    }
}

/// `TENANT: METHOD ADDRESS CMDLET...`, as the sandbox's log has it. Exchange is asked by POST for reads too, and signing in
/// changes nothing, nor does the question whether a name can be had.
fn is_write(line: &str) -> bool {
    let mut words = line.split(' ').skip(1);
    let (method, address) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let is_reading = |cmdlet: &str| cmdlet.starts_with("Get-") || cmdlet.starts_with("Test-");
    match address {
        _ if address.starts_with("login.") => false,
        _ if address.contains("/adminapi/") => words.any(|cmdlet| !is_reading(cmdlet)),
        // Azure is asked by POST whether a name can be had.
        _ if address.ends_with("/checkNameAvailability") => false,
        _ => method != "GET",
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("the folder can be made");
    for entry in fs::read_dir(from).expect("the folder can be listed") {
        let entry = entry.expect("the entry can be read").path();
        let name = entry.file_name().expect("an entry has a name");
        match entry.is_dir() {
            true => copy(&entry, &to.join(name)),
            false => {
                fs::copy(&entry, to.join(name)).expect("the file can be copied");
            }
        }
    }
}
