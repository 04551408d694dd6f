//! What scripts see, one file an object. Each function is a thin translation: take script values, call the core, give a script
//! value back. `register` makes them all known to the engine of a run.

mod ensures;
mod errors;
mod files;
mod knowhow;
mod lists;
pub(super) mod object;
mod parallel;
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

/// Makes everything that scripts see known to `engine`.
pub(super) fn register(engine: &mut Engine, host: &Arc<Host>) {
    errors::register(engine);
    files::register(engine, host);
    knowhow::register(engine, host);
    lists::register(engine);
    object::register(engine);
    parallel::register(engine, host);
    secret::register(engine);
    shared::register(engine);
    stream::register(engine, host);
    talk::register(engine, host);
    tenant::register(engine);
    text::register(engine);
    time::register(engine, host);
}

/// A function with its parameters as scripts know them (the last entry is what it returns) and one sentence of help.
fn describe(name: &str, parameters: &[&str], help: &str) -> FuncRegistration {
    FuncRegistration::new(name)
        .with_params_info(parameters)
        .with_comments([format!("/// {help}")])
}
