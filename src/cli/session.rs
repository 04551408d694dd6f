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

use crate::change::Consent;
use crate::change::Gate;
use crate::change::Impact;
use crate::change::Mode;
use crate::change::Permissions;
use crate::cli::Failure;
use crate::cli::Host;
use crate::cli::Status;
use crate::cli::Tenants;
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
        let consent = consent(host);
        if mode == Mode::Apply {
            refuse_unasked(&consent, &purpose.permissions)?;
        }
        let runtime = Host::runtime()?;
        let tenants = runtime.block_on(open(host, &purpose.profiles))?;
        state(&host.screen, &purpose.permissions, mode);

        let narrating = host.screen.clone();
        let log = match mode {
            Mode::Apply if purpose.permissions.iter().next().is_some() => Some(begin(host, &purpose, &tenants)?),
            _ => None,
        };
        let gate = Gate::new(mode, purpose.permissions, move |change| narrating.remark(&output::narrated(change))).asking(consent);
        let gate = match log {
            Some(log) => gate.recording(log),
            None => gate,
        };
        let stop = Stop::default();
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
                    Some(undone) => format!("undo {undone}"),
                    None => format!("resume {}", log.id()),
                };
                host.screen.note(&format!("run {}; to go on: xtenant runs {again}", log.id()));
            }
        }
        ended
    }
}

fn consent(host: &Host) -> Consent {
    let from = host.flags.confirm.unwrap_or(Impact::High);
    Consent::new(from, host.flags.beforehand(), None)
}

/// Without a terminal nobody can be asked, so what would have to be asked is refused before anything is done.
fn refuse_unasked(consent: &Consent, permissions: &Permissions) -> Result<(), Failure> {
    let highest = permissions.iter().map(|(_, _, impact)| impact).max();
    let Some(highest) = highest.filter(|impact| consent.asks_about(*impact)) else {
        return Ok(());
    };
    if io::stdin().is_terminal() && io::stderr().is_terminal() {
        return Ok(());
    }
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
