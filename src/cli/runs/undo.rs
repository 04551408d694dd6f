//! `xtenant runs undo`: the changes of a run are taken back in reverse order, as far as they can and may be.

use std::collections::BTreeMap;
use std::collections::HashMap;

use clap::Args;
use serde_json::Value;
use serde_json::json;

use super::journal;
use crate::change::Mode;
use crate::change::settle;
use crate::cli::Failure;
use crate::cli::Host;
use crate::cli::Status;
use crate::cli::session::Purpose;
use crate::cli::session::Session;
use crate::config::Profile;
use crate::journal::ChangeId;
use crate::journal::ChangeRow;
use crate::journal::ChangeState;
use crate::journal::Journal;
use crate::journal::RunKind;
use crate::journal::RunRow;
use crate::journal::RunState;
use crate::model::Kind;
use crate::model::Trouble;
use crate::output;
use crate::output::Screen;
use crate::tenant::Note;
use crate::tenant::Step;
use crate::tenant::Survey;
use crate::tenant::Tenant;
use crate::tenant::operations;
use crate::tenant::undo_permissions;

/// The parameter under which the partner's tenant is opened, to read there.
const PARTNER: &str = "partner";

/// Which run, and what of it.
#[derive(Args)]
pub struct UndoArgs {
    /// The run: its number, or `last`
    #[arg(value_name = "RUN")]
    run: String,
    /// Only what was changed on this object; may be given several times
    #[arg(long, value_name = "OBJECT")]
    only: Vec<String>,
    /// Write over what was changed since, too
    #[arg(long)]
    force: bool,
    /// Profile of the other tenant, to see whether moves under way there rely on what is taken back
    #[arg(long, value_name = "PROFILE")]
    partner: Option<String>,
}

/// Takes the run back.
pub fn undo(host: &Host, args: &UndoArgs) -> Result<Status, Failure> {
    let journal = journal(host)?;
    let run = journal.run(&args.run)?;
    if run.state == RunState::UnderWay {
        let trouble = Trouble::new(Kind::Conflict, format!("run {} is still under way", run.id)).with_code("under_way");
        return Err(trouble.with_remedy("wait until it has ended, or stop it with Ctrl-C").into());
    }
    let mut rows = rows(&journal, &run, &args.only)?;
    if rows.is_empty() {
        host.screen.text(&format!("run {} has no changes that are not taken back", run.id));
        return Ok(Status::Ok);
    }
    let origins = origins(&journal, &run)?;
    let session = Session::open(
        host,
        Purpose {
            kind: RunKind::Undo,
            script: format!("undo of run {}", run.id),
            arguments: json!({"run": run.id, "only": args.only, "force": args.force}),
            folder: run.run.folder.clone().into(),
            hashes: json!({}),
            parent: Some(run.id),
            profiles: profiles(host, &run, args.partner.as_deref())?,
            permissions: undo_permissions(&rows, &origins),
        },
    )?;
    let ended = taken_back(host, args, &session, &run, &mut rows, &origins);
    session.close(host, ended)
}

fn taken_back(
    host: &Host,
    args: &UndoArgs,
    session: &Session,
    run: &RunRow,
    rows: &mut Vec<ChangeRow>,
    origins: &HashMap<ChangeId, ChangeRow>,
) -> Result<Status, Failure> {
    let (partners, tenants): (Vec<_>, Vec<_>) = session.tenants.iter().partition(|(param, _)| *param == PARTNER);
    let of = |found: Vec<(&String, &Tenant)>| found.into_iter().map(|(_, tenant)| tenant.clone()).collect::<Vec<_>>();
    let (partners, tenants) = (of(partners), of(tenants));
    refuse_others(run, &tenants)?;
    let runtime = &session.runtime;
    runtime.block_on(settled(session, &tenants, rows))?;
    let survey = runtime.block_on(Survey::of(&tenants, &partners, rows, origins, args.force))?;
    tell(&host.screen, run, &survey);
    if let Some(first) = survey.refused.first() {
        let trouble = Trouble::new(
            Kind::Refused,
            format!("run {} is not taken back: {}: {}", run.id, first.object, first.text),
        );
        return Err(trouble
            .with_code("undo_refused")
            .with_remedy("nothing was touched; `--only OBJECT` takes back what can be")
            .in_tenant(&first.tenant)
            .into());
    }
    let failed = runtime.block_on(walk(host, session, &survey.steps))?;
    if session.gate.mode() == Mode::WhatIf {
        host.screen.text(&output::plan(&session.gate.planned(), host.screen.width()));
    }
    if host.screen.is_json() {
        host.screen.data(&told(run, &survey, failed).to_string());
    }
    Ok(match (session.stop.is_pulled(), failed, survey.conflicts.is_empty()) {
        (true, _, _) => Status::Stopped,
        (_, _, false) => Status::Declined,
        (_, 0, true) => Status::Ok,
        _ => Status::PartlyFailed,
    })
}

/// The changes that were made, or may have been, and are not taken back.
fn rows(journal: &Journal, run: &RunRow, only: &[String]) -> Result<Vec<ChangeRow>, Failure> {
    let mut rows = Vec::new();
    let mut missing: Vec<&String> = only.iter().collect();
    journal.each_change(run.id, |row| {
        let names = [Some(row.intent.label.as_str()), row.intent.object.as_deref()];
        let has = |wanted: &str| names.iter().flatten().any(|name| name.eq_ignore_ascii_case(wanted));
        missing.retain(|wanted| !has(wanted));
        let is_wanted = only.is_empty() || only.iter().any(|wanted| has(wanted));
        let is_made = !matches!(row.state, ChangeState::Refused | ChangeState::NotDone);
        if is_wanted && is_made && row.undone_by.is_none() {
            rows.push(row);
        }
        Ok(())
    })?;
    match missing.first() {
        Some(unknown) => {
            let trouble = Trouble::new(Kind::NotFound, format!("run {} changed nothing called `{unknown}`", run.id));
            Err(Failure::usage(
                trouble.with_remedy(format!("`xtenant runs show {}` lists its objects", run.id)),
            ))
        }
        None => Ok(rows),
    }
}

/// For a run that took another one back: the changes of that one, by what took them back.
fn origins(journal: &Journal, run: &RunRow) -> Result<HashMap<ChangeId, ChangeRow>, Failure> {
    let mut origins = HashMap::new();
    if let (RunKind::Undo, Some(parent)) = (run.run.kind, run.run.parent) {
        journal.each_change(parent, |row| {
            origins.extend(row.undone_by.map(|by| (by, row)));
            Ok(())
        })?;
    }
    Ok(origins)
}

fn profiles<'h>(host: &'h Host, run: &RunRow, partner: Option<&str>) -> Result<BTreeMap<String, &'h Profile>, Failure> {
    let own = run.run.tenants.iter().map(|tenant| (tenant.param.clone(), tenant.profile.as_str()));
    let partner = partner.map(|partner| (PARTNER.to_owned(), partner));
    own.chain(partner)
        .map(|(param, profile)| Ok((param, host.config.profile(profile)?)))
        .collect()
}

/// A profile may name another tenant by now than it did when the run was made.
fn refuse_others(run: &RunRow, tenants: &[Tenant]) -> Result<(), Trouble> {
    for recorded in &run.run.tenants {
        if !tenants.iter().any(|tenant| tenant.tag().id == recorded.id) {
            let message = format!(
                "profile `{}` is another tenant now than the {} of run {}",
                recorded.profile, recorded.domain, run.id
            );
            return Err(Trouble::new(Kind::Conflict, message)
                .with_code("other_tenant")
                .with_remedy(format!("let the profile name {} ({})", recorded.domain, recorded.id)));
        }
    }
    Ok(())
}

/// Finds out by reading what became of the changes of which no answer told it.
async fn settled(session: &Session, tenants: &[Tenant], rows: &mut Vec<ChangeRow>) -> Result<(), Trouble> {
    for row in rows.iter_mut().filter(|row| row.state != ChangeState::Done) {
        let tenant = tenants.iter().find(|tenant| tenant.tag().id == row.intent.tenant);
        if let (Some(tenant), Some(descriptor)) = (tenant, operations::find(&row.intent.operation)) {
            row.state = settle(&session.gate, tenant, row, descriptor).await?;
        }
    }
    if let Some(differing) = rows
        .iter()
        .find(|row| !matches!(row.state, ChangeState::Done | ChangeState::NotDone))
    {
        let message = format!("nobody can tell whether `{}` was made", differing.intent.operation);
        return Err(Trouble::new(Kind::Conflict, message)
            .with_code("unsettled")
            .with_remedy("look at the object, and name the others with `--only OBJECT`")
            .in_tenant(&differing.intent.tenant_name)
            .on_object(&differing.intent.label));
    }
    rows.retain(|row| row.state == ChangeState::Done);
    Ok(())
}

/// Goes back step by step. What the service refuses is told, and the others go on.
async fn walk(host: &Host, session: &Session, steps: &[Step]) -> Result<u64, Trouble> {
    let mut renamed = HashMap::new();
    let mut failed = 0;
    for step in steps {
        if session.stop.is_pulled() {
            break;
        }
        match step.take_back(&session.gate, &mut renamed).await {
            Ok(applied) => {
                if let (Some(log), Some(by)) = (session.gate.log(), applied.change) {
                    for change in &step.changes {
                        log.undone(*change, by).await?;
                    }
                }
            }
            Err(trouble) if trouble.kind == Kind::Declined => {}
            Err(trouble) => {
                failed += 1;
                host.screen.note(&format!("{}  {}: {trouble}", step.note.tenant, step.note.object));
            }
        }
    }
    Ok(failed)
}

/// What is known beforehand, in words.
fn tell(screen: &Screen, run: &RunRow, survey: &Survey) {
    let steps = survey.steps.len();
    screen.note(&format!(
        "run {} ({}): {steps} {} take it back",
        run.id,
        run.run.script,
        if steps == 1 { "write" } else { "writes" }
    ));
    let lists = [
        ("these have no way back:", &survey.without),
        ("these leave something behind:", &survey.remains),
        (
            "these were changed since and are left alone (`--force` writes over them):",
            &survey.conflicts,
        ),
        ("these are as they were before:", &survey.settled),
        ("these must not be touched:", &survey.refused),
    ];
    for (title, notes) in lists.into_iter().filter(|(_, notes)| !notes.is_empty()) {
        screen.note(title);
        for note in notes {
            screen.note(&format!("  {}  {}: {}", note.tenant, note.object, note.text));
        }
    }
    for unchecked in &survey.not_checked {
        screen.note(&format!("not checked: {unchecked}"));
    }
}

fn told(run: &RunRow, survey: &Survey, failed: u64) -> Value {
    let list = |notes: &[Note]| -> Value {
        let note = |note: &Note| json!({"change": note.change, "tenant": note.tenant, "object": note.object, "text": note.text});
        notes.iter().map(note).collect()
    };
    json!({
        "run": run.id,
        "steps": survey.steps.iter().map(|step| json!({
            "operation": step.descriptor.name, "tenant": step.note.tenant, "object": step.note.object, "undoes": step.changes,
        })).collect::<Vec<_>>(),
        "no_way_back": list(&survey.without),
        "leaves_behind": list(&survey.remains),
        "conflicts": list(&survey.conflicts),
        "settled": list(&survey.settled),
        "failed": failed,
    })
}
