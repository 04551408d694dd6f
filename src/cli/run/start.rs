//! From a script's name to its exit status: load, read the flags, open the tenants, state what may change, run, show the result.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::json;

use crate::change::Mode;
use crate::cli::Failure;
use crate::cli::Host;
use crate::cli::HostFlags;
use crate::cli::Status;
use crate::cli::plan;
use crate::cli::run::command;
use crate::cli::run::console::ScreenConsole;
use crate::cli::session::Purpose;
use crate::cli::session::Session;
use crate::config::Profile;
use crate::journal::RunKind;
use crate::model::Kind;
use crate::model::Trouble;
use crate::output;
use crate::output::Screen;
use crate::script;
use crate::script::ArgValue;
use crate::script::Outcome;
use crate::script::Run;

/// Runs the script called `name` (a bundled one or a file) with the arguments that follow it.
pub fn run_script(flags: HostFlags, name: &str, arguments: &[OsString]) -> Result<Status, Failure> {
    let script = script::load(name)?;
    let given = command::parse(&script, arguments)?;
    let host = Host::new(flags.then(given.host))?;
    let args = script.arguments(&given.texts).map_err(Failure::usage)?;
    let profiles = profiles(&host, &args)?;
    let permissions = script
        .writes
        .permissions(|param| profiles.get(param).map(|profile| profile.name.as_str()));
    let folder = working_folder()?;
    let session = Session::open(
        &host,
        Purpose {
            kind: RunKind::Script,
            script: name.to_owned(),
            arguments: json!(given.texts),
            folder: folder.clone(),
            hashes: json!({}),
            parent: None,
            profiles,
            permissions,
        },
    )?;
    let console = Arc::new(ScreenConsole(host.screen.clone()));
    let run = Run {
        tenants: session.tenants.clone(),
        args,
        stop: session.stop.clone(),
        ..Run::new(session.gate.clone(), console, session.runtime.handle().clone(), folder)
    };
    let ended = script::run(&script, run);
    if session.gate.mode() == Mode::WhatIf {
        plan::show(&host, &session, name, json!(given.texts))?;
    }
    let ended = match ended {
        Ok(outcome) => {
            if !plan::is_data(&host) {
                show(&host.screen, &outcome);
            }
            Ok(status(&host.screen, &outcome))
        }
        Err(failure) if failure.is_stopped => Ok(Status::Stopped),
        Err(failure) => Err(failure.into()),
    };
    let ended = session.close(&host, ended)?;
    host.screen.finish()?;
    Ok(ended)
}

/// The profile of each tenant parameter that was given.
fn profiles<'a>(host: &'a Host, args: &BTreeMap<String, ArgValue>) -> Result<BTreeMap<String, &'a Profile>, Failure> {
    let named = args.iter().filter_map(|(param, value)| match value {
        ArgValue::Tenant(name) => Some((param.clone(), name)),
        _ => None,
    });
    named.map(|(param, name)| Ok((param, host.config.profile(name)?))).collect()
}

fn show(screen: &Screen, outcome: &Outcome) {
    if screen.is_json() {
        screen.data(&outcome.value.to_string());
    } else if let Some(text) = output::rendered(&outcome.value, screen.width()) {
        screen.data(&text);
    }
}

fn status(screen: &Screen, outcome: &Outcome) -> Status {
    match outcome.failed_items {
        0 => {}
        1 => screen.note("1 item failed"),
        failed => screen.note(&format!("{failed} items failed")),
    }
    match (outcome.exit, outcome.failed_items) {
        (0, 0) => Status::Ok,
        (0, _) => Status::PartlyFailed,
        (code, _) => Status::asked_for(code),
    }
}

fn working_folder() -> Result<PathBuf, Failure> {
    let folder = std::env::current_dir();
    folder.map_err(|cause| Trouble::new(Kind::Invalid, "the working folder is gone").caused_by(cause).into())
}
