//! `Session`: what a run needs around it, from the statement of what may change to the last line of its record.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::io;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value;
use serde_json::json;
use tokio::runtime::Runtime;

use crate::change::Ask;
use crate::change::Consent;
use crate::change::Gate;
use crate::change::Impact;
use crate::change::Mode;
use crate::change::Permissions;
use crate::cli::Failure;
use crate::cli::Host;
use crate::cli::Status;
use crate::cli::Tenants;
use crate::cli::prompt::Prompt;
use crate::config::Profile;
use crate::journal::Ending;
use crate::journal::Journal;
use crate::journal::NewRun;
use crate::journal::RunId;
use crate::journal::RunKind;
use crate::journal::RunLog;
use crate::journal::RunTenant;
use crate::model::Kind;
use crate::model::Trouble;
use crate::output;
use crate::output::Screen;
use crate::platform;
use crate::platform::Clock;
use crate::platform::SystemClock;
use crate::script::Stop;
use crate::tenant::Tenant;

/// What a session is for.
pub struct Purpose<'a> {
    /// What kind of run.
    pub kind: RunKind,
    /// The script's name or file, or what stands in its place.
    pub script: String,
    /// The arguments as they were given; a secret by its source.
    pub arguments: Value,
    /// The working folder.
    pub folder: PathBuf,
    /// The hashes of script, imports and input files.
    pub hashes: Value,
    /// The run that this one resumes or undoes.
    pub parent: Option<RunId>,
    /// The profile of each tenant, by parameter.
    pub profiles: BTreeMap<String, &'a Profile>,
    /// What may be written.
    pub permissions: Permissions,
}

/// The open tenants of a run, with its gate and its record.
pub struct Session {
    /// The runtime of the async core.
    pub runtime: Runtime,
    /// The tenants by parameter.
    pub tenants: BTreeMap<String, Tenant>,
    /// The gate that every write passes.
    pub gate: Arc<Gate>,
    /// Ends the run from outside.
    pub stop: Stop,
    /// The undo of which run it is.
    undoes: Option<RunId>,
}

impl Session {
    /// Refuses what could not be asked about, opens the tenants, says what may change, and begins the record.
    pub fn open(host: &Host, purpose: Purpose<'_>) -> Result<Self, Failure> {
        let undoes = purpose.parent.filter(|_| purpose.kind == RunKind::Undo);
        let mode = match host.flags.what_if {
            true => Mode::WhatIf,
            false => Mode::Apply,
        };
        let can_ask = io::stdin().is_terminal() && io::stderr().is_terminal();
        if mode == Mode::Apply && !can_ask {
            refuse_unasked(&consent(host, None), &purpose.permissions)?;
        }
        let runtime = Host::runtime()?;
        let tenants = runtime.block_on(open(host, &purpose.profiles))?;
        state(&host.screen, &purpose.permissions, &tenants, mode);

        let narrating = host.screen.clone();
        let log = match mode {
            Mode::Apply if purpose.permissions.iter().next().is_some() => Some(begin(host, &purpose, &tenants)?),
            _ => None,
        };
        if let Some(log) = &log {
            warn_of_others(&host.screen, log, &purpose.permissions, &tenants)?;
        }
        let stop = Stop::default();
        let undo = log.as_ref().map(|log| format!("xtenant runs undo {}", log.id()));
        let ask = can_ask.then(|| Arc::new(Prompt::new(host.screen.clone(), stop.clone(), undo)) as Arc<dyn Ask>);
        let gate = Gate::new(mode, purpose.permissions, move |change| narrating.remark(&output::narrated(change)));
        let gate = gate.asking(consent(host, ask));
        let gate = match log {
            Some(log) => gate.recording(log),
            None => gate,
        };
        let pulled = stop.clone();
        // The first Ctrl-C lets the run end in order, the second ends the program.
        platform::on_interrupt(&runtime, move || match pulled.is_pulled() {
            true => std::process::exit(Status::Stopped.code().into()),
            false => pulled.pull(),
        });
        Ok(Self {
            runtime,
            tenants,
            gate: Arc::new(gate),
            stop,
            undoes,
        })
    }

    /// Records how the run ended, and says how to go on with one that ended early.
    pub fn close(&self, host: &Host, ended: Result<Status, Failure>) -> Result<Status, Failure> {
        let ended = match ended {
            Ok(Status::Ok | Status::PartlyFailed) if self.gate.declined() > 0 => Ok(Status::Declined),
            ended => ended,
        };
        let status = ended.as_ref().map_or_else(Failure::status, |status| *status);
        if status == Status::Stopped {
            let made = self.gate.done();
            let changes = if made == 1 { "change" } else { "changes" };
            host.screen.note(&format!("stopped; {made} {changes} had been made"));
        }
        if let Some(log) = self.gate.log() {
            let ending = match status {
                Status::Ok | Status::Findings => Ending::Done,
                Status::PartlyFailed => Ending::PartlyFailed,
                Status::Declined => Ending::Declined,
                Status::Stopped => Ending::Stopped,
                Status::Failed | Status::Usage | Status::SignIn => Ending::Failed,
            };
            self.runtime.block_on(log.end(ending, status.code()))?;
            if !matches!(ending, Ending::Done) {
                let again = match self.undoes {
                    Some(undone) => format!("xtenant runs undo {undone}"),
                    None => "run it again, what is so already stays as it is".to_owned(),
                };
                host.screen
                    .note(&format!("run {0} is recorded (xtenant runs show {0}); to go on: {again}", log.id()));
            }
        }
        ended
    }
}

fn consent(host: &Host, ask: Option<Arc<dyn Ask>>) -> Consent {
    let from = host.flags.confirm.unwrap_or(Impact::High);
    Consent::new(from, host.flags.beforehand(), ask)
}

/// Without a terminal nobody can be asked, so what would have to be asked is refused before anything is done.
fn refuse_unasked(consent: &Consent, permissions: &Permissions) -> Result<(), Failure> {
    let highest = permissions.iter().map(|(_, _, impact)| impact).max();
    let Some(highest) = highest.filter(|impact| consent.asks_about(*impact)) else {
        return Ok(());
    };
    let flag = match highest {
        Impact::Irreversible => "--yes-irreversible",
        _ => "--yes",
    };
    let message = format!("this may make changes of impact {highest}, and without a terminal nobody can be asked about them");
    Err(Failure::usage(
        Trouble::new(Kind::Declined, message).with_code("unanswered").with_remedy(format!(
            "look at it with `--what-if` first, then give the answer beforehand with `{flag}`"
        )),
    ))
}

async fn open(host: &Host, profiles: &BTreeMap<String, &Profile>) -> Result<BTreeMap<String, Tenant>, Failure> {
    let mut open = Tenants::new(host);
    let mut tenants = BTreeMap::new();
    for (param, profile) in profiles {
        tenants.insert(param.clone(), open.open(profile).await?);
    }
    Ok(tenants)
}

fn begin(host: &Host, purpose: &Purpose<'_>, tenants: &BTreeMap<String, Tenant>) -> Result<RunLog, Failure> {
    let written: BTreeSet<_> = purpose.permissions.iter().map(|(tenant, _, _)| tenant).collect();
    let tenant = |(param, tenant): (&String, &Tenant)| RunTenant {
        param: param.clone(),
        profile: tenant.tag().name.clone(),
        id: tenant.tag().id,
        domain: tenant.tag().domain.clone(),
        writes: written.contains(tenant.tag().name.as_str()),
    };
    let journal = Journal::open(&host.journal_file()?)?;
    let run = NewRun {
        kind: purpose.kind,
        script: purpose.script.clone(),
        arguments: purpose.arguments.clone(),
        tenants: tenants.iter().map(tenant).collect(),
        hashes: purpose.hashes.clone(),
        folder: purpose.folder.display().to_string(),
        flags: json!({}),
        parent: purpose.parent,
        started: SystemClock.now(),
    };
    Ok(journal.begin(&run)?)
}

/// Says which other runs change the same tenants right now, because the one would see what the other has half done.
fn warn_of_others(screen: &Screen, log: &RunLog, permissions: &Permissions, tenants: &BTreeMap<String, Tenant>) -> Result<(), Failure> {
    let written = |tenant: &&Tenant| permissions.iter().any(|(name, _, _)| name == tenant.tag().name);
    let ids: Vec<_> = tenants.values().filter(written).map(|tenant| tenant.tag().id).collect();
    for other in log.journal().under_way(&ids)?.iter().filter(|other| other.id != log.id()) {
        let shared = other.run.tenants.iter().filter(|tenant| tenant.writes && ids.contains(&tenant.id));
        let names: Vec<_> = shared.map(|tenant| tenant.profile.as_str()).collect();
        screen.note(&format!(
            "warning: run {} (`{}`, begun {}) is changing {} at the same time",
            other.id,
            other.run.script,
            other.run.started.strftime("%Y-%m-%d %H:%M:%S UTC"),
            names.join(" and ")
        ));
    }
    Ok(())
}

/// The statement before a run that may write: each tenant by name, domain and id, and its services up to which impact.
fn state(screen: &Screen, permissions: &Permissions, tenants: &BTreeMap<String, Tenant>, mode: Mode) {
    let word = match mode {
        Mode::Apply => "may change",
        Mode::WhatIf => "what if, changing nothing",
    };
    let mut stated = BTreeSet::new();
    for tag in tenants.values().map(Tenant::tag) {
        let mut grants: Vec<_> = permissions.iter().filter(|(tenant, _, _)| *tenant == tag.name).collect();
        grants.sort_by_key(|(_, service, _)| *service);
        let grants: Vec<_> = grants.iter().map(|(_, service, impact)| format!("{service} ({impact})")).collect();
        if !grants.is_empty() && stated.insert(tag.id) {
            screen.remark(&format!("{word}: {} ({}, {}): {}", tag.name, tag.domain, tag.id, grants.join(", ")));
        }
    }
}
