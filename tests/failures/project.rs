//! `Project`: a migration that got so far, with the administrators of both tenants.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::Weak;

use serde_json::Value;
use serde_json::json;

use crate::common::Administrator;
use crate::common::Ran;
use crate::common::Site;
use crate::failures::Outcome;
use crate::failures::Verified;

/// The person of the worked example, in the target.
pub const LARA: &str = "Lara.Newton@northwind.com";
/// What application, relationships and endpoint are called.
pub const NAME: &str = "northwindtraders_contoso";
/// The migration application, in statements of Northwind's administrator.
pub const APPLICATION: &str = r#"tenant.find_applications("displayName eq 'northwindtraders_contoso'").first()"#;

/// Those whose MailUsers can be made: Lara, and everyone in trouble whose place in the target is free.
const MOVABLE: &str =
    "LaraN\nHollyH\nOttoO\nNadiaN\nDanaD\nRitaR\nTamarT\nInesI\nAxelA\nDemiD\nRolfR\nBelaB\nPiaP\nMiloM\nSukiS\nQuentinQ\n";

/// A migration under way.
pub struct Project {
    /// Of the source.
    pub contoso: Administrator,
    /// Of the target.
    pub northwind: Administrator,
    site: Site,
    _stage: Option<Arc<Site>>,
}

/// A stage that tests which run together start from; the last of them removes it.
type Stage = Mutex<Weak<Site>>;

static CONSENTED: Stage = Mutex::new(Weak::new());
static LINKED: Stage = Mutex::new(Weak::new());
static PREPARED: Stage = Mutex::new(Weak::new());

impl Project {
    /// Nothing is done yet.
    pub fn fresh() -> Self {
        Self::on(Site::new())
    }

    /// The application is made and consented to, and the source is set up.
    pub fn consented() -> Self {
        Self::at(&CONSENTED, || {
            let project = Self::fresh();
            let begin = [
                "run",
                "setup-target",
                "--target",
                "northwind",
                "--source-domain",
                "contoso.onmicrosoft.com",
            ];
            project.northwind.runs(&begin).succeeds();
            project.northwind.sends("to-source.json", &project.contoso);
            project.sets_up_source(&[]).succeeds();
            project.contoso.sends("to-target.json", &project.northwind);
            project
        })
    }

    /// Both tenants are set up.
    pub fn linked() -> Self {
        Self::at(&LINKED, || {
            let project = Self::consented();
            project.sets_up_target(&[]).succeeds();
            project
        })
    }

    /// The MailUsers are made, and nobody has moved yet.
    pub fn prepared() -> Self {
        Self::at(&PREPARED, || {
            let project = Self::linked();
            let (contoso, northwind) = (&project.contoso, &project.northwind);
            contoso.write("movable.txt", MOVABLE);
            let export = [
                "run",
                "export-attributes",
                "--source",
                "contoso",
                "--users",
                "movable.txt",
                "--out",
                "users.csv",
            ];
            contoso.runs(&export).succeeds();
            contoso.sends("users.csv", northwind);
            northwind.write("domains.csv", "source,target\ncontoso.com,northwind.com\n");
            project.imports().succeeds();
            project
        })
    }

    fn on(site: Site) -> Self {
        Self {
            contoso: site.contoso(),
            northwind: site.northwind(),
            site,
            _stage: None,
        }
    }

    fn at(stage: &'static Stage, make: impl FnOnce() -> Self) -> Self {
        let mut shared = stage.lock().unwrap_or_else(PoisonError::into_inner);
        let made = shared.upgrade().unwrap_or_else(|| Arc::new(make().site));
        *shared = Arc::downgrade(&made);
        drop(shared);
        Self {
            _stage: Some(Arc::clone(&made)),
            ..Self::on(made.copied())
        }
    }

    /// Runs setup-target with the hand-off of the source.
    pub fn sets_up_target(&self, flags: &[&str]) -> Ran {
        let command = ["run", "setup-target", "--target", "northwind", "--continue", "to-target.json"];
        self.northwind.runs(&[&command, flags].concat())
    }

    /// Runs setup-source with the hand-off of the target.
    pub fn sets_up_source(&self, flags: &[&str]) -> Ran {
        let command = [
            "run",
            "setup-source",
            "--source",
            "contoso",
            "--handoff",
            "to-source.json",
            "--scope-group",
            "Kermit Scope",
        ];
        self.contoso.runs(&[&command, flags].concat())
    }

    /// Makes the MailUsers, or makes them right again.
    pub fn imports(&self) -> Ran {
        let command = [
            "run",
            "import-attributes",
            "--target",
            "northwind",
            "--users",
            "users.csv",
            "--domain-map",
            "domains.csv",
        ];
        self.northwind.runs(&command)
    }

    /// Lets the service test the target's side of the set-up.
    pub fn verifies_target(&self, flags: &[&str]) -> Verified {
        let command = [
            "run",
            "verify-setup",
            "--target",
            "northwind",
            "--partner",
            "to-target.json",
            "--json",
        ];
        Verified::new(self.northwind.runs(&[&command, flags].concat()))
    }

    /// Looks at the source's side of the set-up.
    pub fn verifies_source(&self) -> Verified {
        Verified::new(self.contoso.runs(&[
            "run",
            "verify-setup",
            "--source",
            "contoso",
            "--partner",
            "to-source.json",
            "--json",
        ]))
    }

    /// What the tool says of a user before it submits anything, with what the export told of the mailbox.
    #[track_caller]
    pub fn is_warned_of(&self, user: &str, failure: &str) {
        self.list(user);
        let ran = self
            .northwind
            .runs(&["run", "migrate", "--target", "northwind", "--name", "wave1", "--users", "list.json"]);
        ran.ends_with(1).says(&format!("({failure})")).says("nothing was submitted");
    }

    /// Submits one user in the batch `wave1`, whatever the tool says of it, and waits until it is synced or has failed.
    #[track_caller]
    pub fn moves(&self, user: &str) -> Outcome {
        self.moves_in("wave1", user)
    }

    /// The same in a batch of that name.
    #[track_caller]
    pub fn moves_in(&self, batch: &str, user: &str) -> Outcome {
        self.list(user);
        self.migrates(batch, user, &["--refused", "submit"])
    }

    /// Starts the failed users of the batch again.
    #[track_caller]
    pub fn restarts(&self, user: &str) -> Outcome {
        self.migrates("wave1", user, &["--restart"])
    }

    /// Completes the batch.
    #[track_caller]
    pub fn completes(&self, user: &str) -> Outcome {
        self.migrates("wave1", user, &["--complete"])
    }

    #[track_caller]
    fn migrates(&self, batch: &str, user: &str, flags: &[&str]) -> Outcome {
        let command = [
            "run",
            "migrate",
            "--target",
            "northwind",
            "--name",
            batch,
            "--users",
            "list.json",
            "--watch",
        ];
        let ran = self.northwind.runs(&[&command[..], &["--out", "outcome.json"], flags].concat());
        let outcomes = match self.northwind.has("outcome.json") {
            true => serde_json::from_str(&self.northwind.read("outcome.json")).expect("the outcome file is JSON"),
            false => Value::Null,
        };
        Outcome::new(user, &outcomes, ran)
    }

    /// Lets that much time go by, such as `25h`.
    pub fn waits(&self, time: &str) {
        self.northwind.runs(&["sandbox", "advance", time]).succeeds();
    }

    /// Writes the list of the batch: the user's row of the result of `import-attributes`, or the address alone.
    fn list(&self, user: &str) {
        let prepared = self.northwind.has("mailusers.csv").then(|| self.northwind.read("mailusers.csv"));
        let mut rows = Vec::new();
        if let Some(prepared) = &prepared {
            let mut reader = csv::Reader::from_reader(prepared.trim_start_matches('\u{feff}').as_bytes());
            let read: Result<Vec<BTreeMap<String, String>>, _> = reader.deserialize().collect();
            rows = read.expect("the result of `import-attributes` is CSV");
            rows.retain(|row| row["EmailAddress"] == user);
        }
        let list = match rows.is_empty() {
            true => json!([{"EmailAddress": user}]),
            false => json!(rows),
        };
        self.northwind.write("list.json", list.to_string());
    }
}
