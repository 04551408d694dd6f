//! Scripts run without tenants, on a bench that hears what they say.

mod host;
mod language;
mod stopping;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use futures::future::BoxFuture;
use jiff::Timestamp;
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::change::Gate;
use crate::change::Mode;
use crate::change::Permissions;
use crate::model::Record;
use crate::platform::Clock;
use crate::script::Console;
use crate::script::Limits;
use crate::script::Outcome;
use crate::script::Progress;
use crate::script::Run;
use crate::script::Script;
use crate::script::ScriptFailure;
use crate::script::Stop;
use crate::script::load_source;

/// What a script said.
#[derive(Default)]
struct Said(Mutex<Vec<String>>);

impl Said {
    fn say(&self, text: String) {
        self.0.lock().expect("no test panics in here").push(text);
    }

    fn all(&self) -> Vec<String> {
        self.0.lock().expect("no test panics in here").clone()
    }
}

struct Listener(Arc<Said>);

impl Console for Listener {
    fn print(&self, text: &str) {
        self.0.say(format!("out {text}"));
    }

    fn note(&self, text: &str) {
        self.0.say(format!("err {text}"));
    }

    fn table(&self, rows: &[Record]) {
        for row in rows {
            self.0.say(format!("row {}", Value::Object(row.to_map())));
        }
    }

    fn progress(&self, title: &str, _: Option<u64>) -> Box<dyn Progress> {
        self.0.say(format!("bar {title}"));
        Box::new(Listener(self.0.clone()))
    }
}

impl Progress for Listener {
    fn advance(&self, _: u64) {}

    fn say(&self, text: &str) {
        self.0.say(format!("now {text}"));
    }

    fn finish(&self) {}
}

/// Sleeping moves this clock instead of taking time.
struct Hourglass(Mutex<Timestamp>);

impl Clock for Hourglass {
    fn now(&self) -> Timestamp {
        *self.0.lock().expect("no test panics in here")
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            let mut now = self.0.lock().expect("no test panics in here");
            *now += duration;
        })
    }
}

struct Bench {
    runtime: Runtime,
    folder: tempfile::TempDir,
    said: Arc<Said>,
    mode: Mode,
    limits: Limits,
    stop: Stop,
}

impl Bench {
    fn new() -> Self {
        Self {
            runtime: tokio::runtime::Builder::new_multi_thread()
                .worker_threads(1)
                .enable_all()
                .build()
                .expect("a runtime"),
            folder: tempfile::tempdir().expect("a temporary folder"),
            said: Arc::default(),
            mode: Mode::Apply,
            limits: Limits::default(),
            stop: Stop::default(),
        }
    }

    fn in_what_if() -> Self {
        Self {
            mode: Mode::WhatIf,
            ..Self::new()
        }
    }

    fn with_file(self, name: &str, text: &str) -> Self {
        std::fs::write(self.folder.path().join(name), text).expect("a file");
        self
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, source: &str) -> Result<Outcome, ScriptFailure> {
        self.run_script(&load_source("test.rhai", source)?)
    }

    fn run_script(&self, script: &Script) -> Result<Outcome, ScriptFailure> {
        let gate = Arc::new(Gate::new(self.mode, Permissions::none(), |_| {}));
        let start: Timestamp = "2026-01-05T08:00:00Z".parse().expect("a time");
        let console = Arc::new(Listener(self.said.clone()));
        let mut run = Run::new(gate, console, self.runtime.handle().clone(), self.folder.path().to_owned());
        run.clock = Some(Arc::new(Hourglass(Mutex::new(start))));
        run.limits = self.limits.clone();
        run.stop = self.stop.clone();
        crate::script::run(script, run)
    }

    fn value(&self, source: &str) -> Value {
        self.run(source).unwrap_or_else(|failure| panic!("{failure}\n{failure:#?}")).value
    }

    fn fails(&self, source: &str) -> ScriptFailure {
        self.run(source).expect_err("the script is to fail")
    }
}
