//! `Host`: the one run that every host function works for.

use std::collections::HashMap;
use std::future::Future;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::OnceLock;
use std::sync::PoisonError;
use std::sync::Weak;

use rhai::AST;
use rhai::Dynamic;
use rhai::Engine;
use rhai::EvalAltResult;
use rhai::NativeCallContext;
use rhai::Position;
use serde_json::Value;
use tokio::runtime::Handle;

use crate::change;
use crate::change::Gate;
use crate::change::Mode;
use crate::model::Record;
use crate::model::Trouble;
use crate::platform::Clock;
use crate::script::Console;
use crate::script::Progress;
use crate::script::Stop;
use crate::script::captures::CapturedWrite;
use crate::script::engine::Interrupted;
use crate::script::jail::Jail;
use crate::script::thrown::Fallible;
use crate::script::thrown::Thrown;
use crate::script::value::to_json;
use crate::script::value::to_records;
use crate::script::written_order::WrittenOrder;

/// What host functions need of their run.
pub(super) struct Host {
    pub gate: Arc<Gate>,
    pub console: Arc<dyn Console>,
    pub clock: Arc<dyn Clock>,
    pub jail: Jail,
    pub stop: Stop,
    handle: Handle,
    failed: Mutex<Vec<Thrown>>,
    captured_writes: Mutex<HashMap<String, CapturedWrite>>,
    sources: Mutex<HashMap<String, Arc<str>>>,
    written_order: Mutex<WrittenOrder>,
    engine: OnceLock<Weak<Engine>>,
    waiting: Mutex<Option<Arc<dyn Progress>>>,
}

impl Host {
    pub fn new(gate: Arc<Gate>, console: Arc<dyn Console>, clock: Arc<dyn Clock>, handle: Handle, jail: Jail, stop: Stop) -> Self {
        Self {
            gate,
            console,
            clock,
            jail,
            stop,
            handle,
            failed: Mutex::default(),
            captured_writes: Mutex::default(),
            sources: Mutex::default(),
            written_order: Mutex::default(),
            engine: OnceLock::new(),
            waiting: Mutex::default(),
        }
    }

    /// Waits for the service, unless the run is stopped meanwhile; then only for the end of a write that is under way.
    pub fn wait<T, E: Into<Trouble>>(&self, ctx: &NativeCallContext, work: impl Future<Output = Result<T, E>>) -> Fallible<T> {
        self.wait_at(ctx.call_position(), work)
    }

    /// The same where there is no call, as when a `for` asks a stream for its next page.
    pub fn wait_at<T, E: Into<Trouble>>(&self, position: Position, work: impl Future<Output = Result<T, E>>) -> Fallible<T> {
        match self.handle.block_on(change::until(self.stop.pulled(), work)) {
            Some(done) => done.map_err(|error| Thrown::from(error.into()).raise_at(position)),
            None => Err(EvalAltResult::ErrorTerminated(Dynamic::from(Interrupted::Stopped), position).into()),
        }
    }

    /// Whether the run only shows what it would do.
    pub fn is_what_if(&self) -> bool {
        self.gate.mode() == Mode::WhatIf
    }

    /// Shows that the run waits for something, until the answer is dropped.
    pub fn begin_to_wait(&self, what: &str) -> Waiting<'_> {
        let progress: Arc<dyn Progress> = self.console.progress(what, None).into();
        let before = lock(&self.waiting).replace(progress.clone());
        Waiting {
            host: self,
            progress,
            before,
        }
    }

    /// Says what is being done right now: beside what is waited for, or as a note.
    pub fn say(&self, text: &str) {
        let progress = lock(&self.waiting).clone();
        match progress {
            Some(progress) => progress.say(text),
            None => self.console.note(text),
        }
    }

    /// Takes note of an item that failed; whether the script looks at it decides over the exit status.
    pub fn note_failed(&self, error: Thrown) {
        lock(&self.failed).push(error);
    }

    /// How many failed items the script never looked at.
    pub fn unseen_failures(&self) -> u64 {
        lock(&self.failed).iter().filter(|error| !error.is_seen()).count() as u64
    }

    /// Remembers what has to be known of a script or module while it runs.
    pub fn learn(&self, ast: &AST, source: Arc<str>, captured_writes: impl IntoIterator<Item = CapturedWrite>) {
        lock(&self.sources).insert(ast.source().unwrap_or_default().to_owned(), source);
        lock(&self.written_order).learn(ast);
        let mut known = lock(&self.captured_writes);
        known.extend(captured_writes.into_iter().map(|write| (write.closure.clone(), write)));
    }

    /// A script's value as JSON, its maps in the order they were written in.
    pub fn to_json(&self, value: &Dynamic) -> Result<Value, Trouble> {
        let value = to_json(value)?;
        Ok(lock(&self.written_order).restore(value))
    }

    /// A script's rows, their columns in the order they were written in.
    pub fn to_records(&self, rows: &Dynamic) -> Result<Vec<Record>, Trouble> {
        let records = to_records(rows)?;
        Ok(lock(&self.written_order).restore_records(records))
    }

    /// The text of a script or module.
    pub fn source(&self, file: &str) -> Option<String> {
        lock(&self.sources).get(file).map(ToString::to_string)
    }

    /// The write to a captured variable in a closure, if it has one.
    pub fn captured_write(&self, closure: &str) -> Option<CapturedWrite> {
        lock(&self.captured_writes).get(closure).cloned()
    }

    /// Streams call closures also where the engine gives no context, so the run's engine can be had from here.
    pub fn set_engine(&self, engine: &Arc<Engine>) {
        self.engine.get_or_init(|| Arc::downgrade(engine));
    }

    /// The run's engine while it runs.
    pub fn engine(&self) -> Option<Arc<Engine>> {
        self.engine.get()?.upgrade()
    }
}

/// The run waits for something.
pub(super) struct Waiting<'h> {
    host: &'h Host,
    progress: Arc<dyn Progress>,
    before: Option<Arc<dyn Progress>>,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.progress.finish();
        *lock(&self.host.waiting) = self.before.take();
    }
}

/// These lists are only added to, so a thread that panicked leaves nothing half done.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
