//! From a script's name to its exit status: load, read the flags, open the tenants, state what may change, run, show the result.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

use crate::change::Gate;
use crate::change::Mode;
use crate::change::Permissions;
use crate::cli::Failure;
use crate::cli::Host;
use crate::cli::HostFlags;
use crate::cli::Status;
use crate::cli::Tenants;
use crate::cli::run::command;
use crate::cli::run::console::ScreenConsole;
use crate::config::Profile;
use crate::model::Kind;
use crate::model::Trouble;
use crate::output;
use crate::output::Screen;
use crate::platform;
use crate::script;
use crate::script::ArgValue;
use crate::script::Outcome;
use crate::script::Run;
use crate::script::Stop;
use crate::tenant::Tenant;

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

    let runtime = Host::runtime()?;
    let tenants = runtime.block_on(open(&host, &profiles))?;
    let mode = match host.flags.what_if {
        true => Mode::WhatIf,
        false => Mode::Apply,
    };
    state(&host.screen, &permissions, mode);

    let narrating = host.screen.clone();
    let gate = Arc::new(Gate::new(mode, permissions, move |change| {
        narrating.remark(&output::narrated(change))
    }));
    let stop = Stop::default();
    let pulled = stop.clone();
    // The first Ctrl-C lets the run end in order, the second ends the program.
    platform::on_interrupt(&runtime, move || match pulled.is_pulled() {
        true => std::process::exit(Status::Stopped.code().into()),
        false => pulled.pull(),
    });
    let console = Arc::new(ScreenConsole(host.screen.clone()));
    let run = Run {
        tenants,
        args,
        stop,
        ..Run::new(gate.clone(), console, runtime.handle().clone(), working_folder()?)
    };
    let ended = script::run(&script, run);
    if mode == Mode::WhatIf {
        host.screen.text(&output::plan(&gate.changes(), host.screen.width()));
    }
    let status = match ended {
        Ok(outcome) => show(&host.screen, &outcome),
        Err(failure) if failure.is_stopped => stopped(&host.screen, &gate),
        Err(failure) => return Err(failure.into()),
    };
    host.screen.finish()?;
    Ok(status)
}

/// The profile of each tenant parameter that was given.
fn profiles<'a>(host: &'a Host, args: &BTreeMap<String, ArgValue>) -> Result<BTreeMap<String, &'a Profile>, Failure> {
    let named = args.iter().filter_map(|(param, value)| match value {
        ArgValue::Tenant(name) => Some((param.clone(), name)),
        _ => None,
    });
    named.map(|(param, name)| Ok((param, host.config.profile(name)?))).collect()
}

async fn open(host: &Host, profiles: &BTreeMap<String, &Profile>) -> Result<BTreeMap<String, Tenant>, Failure> {
    let mut open = Tenants::new(host);
    let mut tenants = BTreeMap::new();
    for (param, profile) in profiles {
        tenants.insert(param.clone(), open.open(profile).await?);
    }
    Ok(tenants)
}

/// The statement before a run that may write.
fn state(screen: &Screen, permissions: &Permissions, mode: Mode) {
    let mut grants: Vec<_> = permissions.iter().collect();
    grants.sort_by_key(|(tenant, service, _)| (*tenant, *service));
    let mut tenants: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (tenant, service, impact) in grants {
        tenants.entry(tenant).or_default().push(format!("{service} ({impact})"));
    }
    if tenants.is_empty() {
        return;
    }
    let tenants: Vec<_> = tenants
        .into_iter()
        .map(|(tenant, grants)| format!("{tenant} {}", grants.join(", ")))
        .collect();
    let word = match mode {
        Mode::Apply => "may change",
        Mode::WhatIf => "what if, changing nothing",
    };
    screen.remark(&format!("{word}: {}", tenants.join("; ")));
}

fn show(screen: &Screen, outcome: &Outcome) -> Status {
    if screen.is_json() {
        screen.data(&outcome.value.to_string());
    } else if let Some(text) = output::rendered(&outcome.value, screen.width()) {
        screen.data(&text);
    }
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

fn stopped(screen: &Screen, gate: &Gate) -> Status {
    let made = gate
        .changes()
        .iter()
        .filter(|change| change.fate == crate::change::Fate::Done)
        .count();
    let changes = if made == 1 { "change" } else { "changes" };
    screen.note(&format!("stopped; {made} {changes} had been made"));
    Status::Stopped
}

fn working_folder() -> Result<PathBuf, Failure> {
    let folder = std::env::current_dir();
    folder.map_err(|cause| Trouble::new(Kind::Invalid, "the working folder is gone").caused_by(cause).into())
}
