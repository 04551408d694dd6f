//! What scripts see, one file an object. Each function is a thin translation: take script values, call the core, give a script
//! value back. `register` makes them all known to the engine of a run.

mod azure;
mod azure_ensures;
mod call;
mod ensures;
mod errors;
mod files;
mod knowhow;
mod lists;
pub(super) mod object;
mod parallel;
mod partner;
pub(super) mod secret;
mod shared;
pub(super) mod stream;
mod talk;
pub(super) mod tenant;
mod text;
pub(super) mod time;

use std::sync::Arc;

use rhai::Engine;
use rhai::FuncRegistration;

use crate::script::host::Host;

/// What makes the functions of a topic known.
type Register = fn(&mut Engine, &Arc<Host>);

/// Everything that scripts see by topic, in the order of the reference.
pub(super) const TOPICS: &[(&str, Register)] = &[
    ("Tenants", |engine, _| tenant::register(engine)),
    ("Objects", |engine, _| object::register(engine)),
    ("Streams", stream::register),
    ("Lists", |engine, _| lists::register(engine)),
    ("Parallel work", parallel::register),
    ("Shared by threads", |engine, _| shared::register(engine)),
    ("Files", files::register),
    ("Words, progress and the end", talk::register),
    ("Errors", |engine, _| errors::register(engine)),
    ("Time and waiting", time::register),
    ("Secrets", |engine, _| secret::register(engine)),
    ("Texts and maps", |engine, _| text::register(engine)),
    ("The know-how of a migration", knowhow::register),
];

/// Makes everything that scripts see known to `engine`.
pub(super) fn register(engine: &mut Engine, host: &Arc<Host>) {
    for (_, register) in TOPICS {
        register(engine, host);
    }
}

/// A function with its parameters as scripts know them (the last entry is what it returns) and one sentence of help.
fn describe(name: &str, parameters: &[&str], help: &str) -> FuncRegistration {
    FuncRegistration::new(name)
        .with_params_info(parameters)
        .with_comments([format!("/// {help}")])
}
