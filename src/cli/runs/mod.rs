//! `xtenant runs`: what was done, when, by which script, to which objects, and what became of each change.

mod export;
mod list;
mod prune;
mod show;
mod undo;

use clap::Args;
use clap::Subcommand;
use serde_json::Value;

use crate::cli::Failure;
use crate::cli::Host;
use crate::cli::Status;
use crate::journal::ChangeRow;
use crate::journal::Counts;
use crate::journal::Intent;
use crate::journal::Journal;
use crate::model::Kind;
use crate::model::Trouble;
use crate::output;

/// What follows `xtenant runs`.
#[derive(Args)]
pub struct RunsArgs {
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Subcommand)]
enum Action {
    /// List the runs, newest first (also without a word)
    List(list::ListArgs),
    /// Show a run and its changes
    Show(show::ShowArgs),
    /// Take the changes of a run back
    Undo(undo::UndoArgs),
    /// Write a run with all its changes as JSON or CSV
    Export(export::ExportArgs),
    /// Forget old runs
    Prune(prune::PruneArgs),
}

impl RunsArgs {
    /// Whether it can show first what it would do.
    pub fn knows_what_if(&self) -> bool {
        matches!(self.action, Some(Action::Prune(_) | Action::Undo(_)))
    }
}

/// Looks into the journal, or clears it up.
pub fn runs(host: &Host, args: RunsArgs) -> Result<Status, Failure> {
    let mut status = Status::Ok;
    match args.action.unwrap_or(Action::List(list::ListArgs::default())) {
        Action::List(args) => list::list(host, &args)?,
        Action::Show(args) => show::show(host, &args)?,
        Action::Undo(args) => status = undo::undo(host, &args)?,
        Action::Export(args) => export::export(host, &args)?,
        Action::Prune(args) => prune::prune(host, &args)?,
    }
    host.screen.finish()?;
    Ok(status)
}

/// The journal to look into, which has to be there.
fn journal(host: &Host) -> Result<Journal, Failure> {
    let file = host.journal_file()?;
    Journal::existing(&file)?.ok_or_else(|| {
        let trouble = Trouble::new(Kind::NotFound, format!("there is no journal `{}`", file.display())).with_code("journal");
        trouble
            .with_remedy("the first run that may change something begins one; `--journal FILE` names another")
            .into()
    })
}

/// The changes of a run in words.
fn counted(counts: &Counts) -> String {
    let parts = [
        (counts.done, "done"),
        (counts.refused, "refused"),
        (counts.to_check, "to check"),
        (counts.not_done, "not done"),
        (counts.undone, "undone"),
    ];
    let parts = parts.iter().filter(|(count, _)| *count > 0);
    parts.map(|(count, word)| format!("{count} {word}")).collect::<Vec<_>>().join(", ")
}

/// The touched properties that differ; beside them stands what the way back needs to know of the object.
fn differing(intent: &Intent) -> impl Iterator<Item = &(String, Value, Value)> {
    intent.touched.iter().filter(|(_, old, new)| old != new)
}

/// What a change does to its object and what stood in its way, in words.
fn told(change: &ChangeRow) -> String {
    let touched = differing(&change.intent).map(|(name, old, new)| match output::shown(old) {
        old if old.is_empty() => format!("{name}: {}", output::shown(new)),
        old => format!("{name}: {old} -> {}", output::shown(new)),
    });
    let error = change.error.iter().map(|(code, message)| format!("{code}: {message}"));
    let undone = change.undone_by.iter().map(|by| format!("undone by change {by}"));
    let parts = touched.chain(error).chain(change.note.clone()).chain(undone);
    parts.collect::<Vec<_>>().join("\n")
}

/// A point in time as people read it.
fn second(time: jiff::Timestamp) -> String {
    jiff::Timestamp::from_second(time.as_second()).map_or_else(|_| time.to_string(), |time| time.to_string())
}
