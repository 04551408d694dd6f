//! `xtenant runs`: what was done, when, by which script, to which objects, and what became of each change.

mod undo;

use clap::Args;
use clap::Subcommand;

use crate::cli::Failure;
use crate::cli::Host;
use crate::cli::Status;
use crate::journal::Journal;
use crate::model::Kind;
use crate::model::Trouble;

/// What follows `xtenant runs`.
#[derive(Args)]
pub struct RunsArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Take the changes of a run back
    Undo(undo::UndoArgs),
}

impl RunsArgs {
    /// Whether it can show first what it would do.
    pub fn knows_what_if(&self) -> bool {
        matches!(self.action, Action::Undo(_))
    }
}

/// Looks into the journal, or takes a run back.
pub fn runs(host: &Host, args: RunsArgs) -> Result<Status, Failure> {
    let status = match args.action {
        Action::Undo(args) => undo::undo(host, &args)?,
    };
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
