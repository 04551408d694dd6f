//! `Call`: what the functions of a tenant that are no plain reading or write have in common.

use std::future::Future;
use std::sync::Mutex;

use rhai::Dynamic;
use rhai::Map;
use rhai::NativeCallContext;

use super::object::Object;
use super::tenant::TenantHandle;
use crate::change::Gate;
use crate::model::Arguments;
use crate::model::Record;
use crate::model::Trouble;
use crate::script::host::Host;
use crate::script::host::Waiting;
use crate::script::host::lock;
use crate::script::thrown::At;
use crate::script::thrown::Fallible;
use crate::script::value::to_arguments;
use crate::script::value::to_record;
use crate::tenant::Ensured;
use crate::tenant::Tenant;

/// One call of a function of a tenant.
pub(super) struct Call<'c> {
    /// The engine's side of the call.
    pub ctx: &'c NativeCallContext<'c>,
    /// The tenant in the hands of the script.
    pub handle: &'c TenantHandle,
    /// The function's name.
    pub function: &'static str,
    /// The noun of the object that comes back.
    pub noun: &'static str,
}

impl Call<'_> {
    /// The tenant.
    pub fn tenant(&self) -> &Tenant {
        &self.handle.tenant
    }

    /// The gate of the run.
    pub fn gate(&self) -> &Gate {
        &self.handle.host.gate
    }

    /// What names an object that the script gave; `preferred` is the argument that takes it.
    pub fn identity(&self, value: &Dynamic, preferred: &str) -> Fallible<String> {
        self.handle.identity(value, preferred, self.function).at(self.ctx)
    }

    /// The arguments that the script gave in a map.
    pub fn arguments(&self, map: &Map) -> Fallible<Arguments> {
        to_arguments(None, map).at(self.ctx)
    }

    /// The properties of a map or object that the script gave.
    pub fn record(&self, value: &Dynamic) -> Fallible<Record> {
        to_record(value).at(self.ctx)
    }

    /// Shows `what` from the moment on at which there is something to say of it, until the answer is dropped.
    pub fn waiting(&self, what: impl Into<String>) -> LaterShown<'_> {
        LaterShown {
            host: &self.handle.host,
            what: what.into(),
            shown: Mutex::default(),
        }
    }

    /// Waits for the service.
    pub fn read<T>(&self, work: impl Future<Output = Result<T, Trouble>>) -> Fallible<T> {
        self.handle.host.wait(self.ctx, work)
    }

    /// What was read, as an object of the tenant.
    pub fn found(&self, record: Record) -> Object {
        self.handle.object(record, self.noun, "read")
    }

    /// Makes it so, and says what was noticed on the way.
    pub fn ensured(&self, work: impl Future<Output = Result<Ensured, Trouble>>) -> Fallible<Object> {
        let ensured = self.read(work)?;
        for note in &ensured.notes {
            self.handle.host.console.note(note);
        }
        let object = self.handle.object(ensured.record, self.noun, ensured.outcome.as_str());
        Ok(object.with_secret(ensured.secret).with_notes(ensured.notes))
    }
}

/// A wait that is shown only when it turns out to be one.
pub(super) struct LaterShown<'h> {
    host: &'h Host,
    what: String,
    shown: Mutex<Option<Waiting<'h>>>,
}

impl LaterShown<'_> {
    /// Says how far it has come.
    pub fn say(&self, text: &str) {
        lock(&self.shown).get_or_insert_with(|| self.host.begin_to_wait(&self.what));
        self.host.say(text);
    }
}

/// Makes a function of a tenant known: its name, its parameters with what it returns, its help, the noun of the object that comes
/// back, and what it does with its `Call` and the arguments.
macro_rules! function {
    ($engine:expr, $name:literal, [$($parameter:literal),*], $help:expr, $noun:literal,
     |$call:ident $(, $argument:ident: $kind:ty)*| -> $value:ty $body:block) => {{
        use $crate::script::api;
        api::describe($name, &["tenant: Tenant", $($parameter),*], $help).register_into_engine(
            $engine,
            |ctx: rhai::NativeCallContext,
             handle: api::tenant::TenantHandle
             $(, $argument: $kind)*|
             -> $crate::script::thrown::Fallible<$value> {
                let $call = api::call::Call {
                    ctx: &ctx,
                    handle: &handle,
                    function: $name,
                    noun: $noun,
                };
                $body
            },
        )
    }};
}

pub(super) use function;
