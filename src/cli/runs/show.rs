//! `xtenant runs show`: one run and its changes.

use clap::Args;
use serde_json::Value;

use super::counted;
use super::export;
use super::export::Format;
use super::journal;
use super::second;
use super::told;
use crate::cli::Failure;
use crate::cli::Host;
use crate::journal::ChangeRow;
use crate::journal::ChangeState;
use crate::journal::RunKind;
use crate::journal::RunRow;
use crate::model::Record;
use crate::output;

/// Which run, and which of its changes.
#[derive(Args)]
pub struct ShowArgs {
    /// The run: its number, or `last`
    run: String,
    /// How many changes; with `--json` all are shown
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,
    /// Only the changes that stand there
    #[arg(long, value_name = "STATE")]
    state: Option<State>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum State {
    Intended,
    Done,
    Refused,
    ToCheck,
    NotDone,
    Differing,
}

impl From<State> for ChangeState {
    fn from(state: State) -> Self {
        match state {
            State::Intended => ChangeState::Intended,
            State::Done => ChangeState::Done,
            State::Refused => ChangeState::Refused,
            State::ToCheck => ChangeState::ToCheck,
            State::NotDone => ChangeState::NotDone,
            State::Differing => ChangeState::Differing,
        }
    }
}

/// Shows a run.
pub fn show(host: &Host, args: &ShowArgs) -> Result<(), Failure> {
    let journal = journal(host)?;
    let run = journal.run(&args.run)?;
    let state = args.state.map(ChangeState::from);
    let screen = &host.screen;
    if screen.is_json() {
        return export::to_output(&journal, &run, Format::Json, state);
    }
    let limit = i64::from(args.limit);
    let mut changes = journal.some_changes(run.id, state, limit + 1)?;
    let has_more = changes.len() > args.limit as usize;
    changes.truncate(args.limit as usize);

    screen.data(&output::properties(&sheet(&run)));
    if !changes.is_empty() {
        let rows: Vec<_> = changes.iter().map(row).collect();
        screen.data(&format!("\n{}", output::table(&rows, screen.width())));
    }
    if has_more {
        screen.remark(&format!(
            "these are the first {}; `--limit N` shows more, `--state` some, `xtenant runs export {}` all",
            args.limit, run.id
        ));
    }
    Ok(())
}

fn sheet(run: &RunRow) -> Record {
    let tenants = run.run.tenants.iter().map(|tenant| {
        let writes = if tenant.writes { "" } else { ", only read" };
        format!("{} = {} ({}, {}{writes})", tenant.param, tenant.profile, tenant.domain, tenant.id)
    });
    let parent = run.run.parent.map(|parent| match run.run.kind {
        RunKind::Undo => ("undoes run", parent.to_string()),
        RunKind::Script | RunKind::Apply => ("resumes run", parent.to_string()),
    });
    let mut sheet = Record::default()
        .with("run", run.id.to_string())
        .with("state", run.state.to_string())
        .with("exit status", run.exit.map(|status| status.to_string()).unwrap_or_default())
        .with(&run.run.kind.to_string(), run.run.script.as_str());
    if let Some((word, parent)) = parent {
        sheet = sheet.with(word, parent);
    }
    sheet
        .with("started", second(run.run.started))
        .with("ended", run.ended.map(second).unwrap_or_default())
        .with("tenants", tenants.collect::<Vec<_>>().join("\n"))
        .with("arguments", members(&run.run.arguments))
        .with("flags", members(&run.run.flags))
        .with("folder", run.run.folder.as_str())
        .with("hashes", members(&run.run.hashes))
        .with("version", run.version.as_str())
        .with("changes", counted(&run.counts))
}

fn members(value: &Value) -> String {
    let members = value.as_object().into_iter().flatten();
    let lines = members.map(|(name, value)| match value {
        Value::Object(_) => format!("{name}: {}", members_of(value)),
        value => format!("{name}: {}", output::shown(value).replace('\n', ", ")),
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn members_of(value: &Value) -> String {
    members(value).replace('\n', ", ")
}

fn row(change: &ChangeRow) -> Record {
    let mut row = Record::default()
        .with("change", change.id.to_string())
        .with("tenant", change.intent.tenant_name.as_str())
        .with("operation", change.intent.operation.as_str())
        .with("object", change.intent.label.as_str())
        .with("state", change.state.to_string());
    if change.attempts.len() > 1 {
        row.set("attempts", change.attempts.len().to_string());
    }
    if let Some(batch) = change.batch {
        row.set("batch", batch.to_string());
    }
    row.set("what", told(change));
    row
}
