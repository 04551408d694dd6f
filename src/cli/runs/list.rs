//! `xtenant runs list`: the runs, newest first.

use clap::Args;

use super::counted;
use super::second;
use crate::cli::Failure;
use crate::cli::Host;
use crate::journal::Journal;
use crate::journal::RunKind;
use crate::journal::RunRow;
use crate::journal::RunState;
use crate::model::Record;
use crate::output;

/// How many runs to show.
#[derive(Args)]
pub struct ListArgs {
    /// How many of the newest runs
    #[arg(long, value_name = "N", default_value_t = NEWEST)]
    limit: usize,
}

const NEWEST: usize = 20;

impl Default for ListArgs {
    fn default() -> Self {
        Self { limit: NEWEST }
    }
}

/// Shows the newest runs, and how to go on with those whose process died.
pub fn list(host: &Host, args: &ListArgs) -> Result<(), Failure> {
    let file = host.journal_file()?;
    let runs = match Journal::existing(&file)? {
        Some(journal) => journal.runs()?,
        None => Vec::new(),
    };
    let shown = &runs[..runs.len().min(args.limit)];
    let screen = &host.screen;
    match (screen.is_json(), shown) {
        (true, _) => shown.iter().for_each(|run| screen.data(&run.to_json().to_string())),
        (false, []) => screen.data(&format!("there are no runs in the journal `{}`", file.display())),
        (false, _) => {
            let rows: Vec<_> = shown.iter().map(row).collect();
            screen.data(&output::table(&rows, screen.width()));
        }
    }
    if shown.len() < runs.len() {
        screen.remark(&format!(
            "{} older runs; `--limit {}` shows all",
            runs.len() - shown.len(),
            runs.len()
        ));
    }
    let is_taken_up = |run: &RunRow| {
        runs.iter()
            .any(|other| other.run.parent == Some(run.id) && other.run.kind == run.run.kind)
    };
    for run in shown.iter().filter(|run| run.state == RunState::Crashed && !is_taken_up(run)) {
        let again = match (run.run.kind, run.run.parent) {
            (RunKind::Undo, Some(undone)) => format!("xtenant runs undo {undone}"),
            _ => format!("look at it with `xtenant runs show {}`, and run it again", run.id),
        };
        screen.remark(&format!("run {} did not come to its end; to go on: {again}", run.id));
    }
    Ok(())
}

fn row(run: &RunRow) -> Record {
    let tenants = run.run.tenants.iter().map(|tenant| tenant.profile.as_str());
    Record::default()
        .with("run", run.id.to_string())
        .with("started", second(run.run.started))
        .with("kind", run.run.kind.to_string())
        .with("script", run.run.script.as_str())
        .with("tenants", tenants.collect::<Vec<_>>().join(", "))
        .with("state", run.state.to_string())
        .with("changes", counted(&run.counts))
}
