//! The subcommands, and turning what became of one into an exit status.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::CommandFactory;
use clap::Parser;
use clap::Subcommand;
use clap::error::ErrorKind;

use crate::cli::Failure;
use crate::cli::Host;
use crate::cli::HostFlags;
use crate::cli::Status;
use crate::cli::demo;
use crate::cli::explain;
use crate::cli::profiles;
use crate::cli::run;
use crate::cli::runs;
use crate::cli::sandbox;
use crate::cli::scripts;

/// A scriptable host for cross-tenant Exchange Online mailbox migrations.
#[derive(Parser)]
#[command(name = "xtenant", version, propagate_version = false)]
struct App {
    #[command(flatten)]
    host: HostFlags,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Run a bundled script by its name, or a script file.
    Run(run::RunArgs),
    /// What was done and what became of it: list the runs, show one, take one back, write one to a file, forget old ones.
    Runs(runs::RunsArgs),
    /// List the bundled scripts, show one, or copy it out to edit.
    Scripts(scripts::ScriptsArgs),
    /// List the profiles: the names for tenants.
    Profiles,
    /// The simulated Microsoft 365: make it, look at it, move its clock.
    Sandbox(sandbox::SandboxArgs),
    /// What an error of the service means, whose it is, and what to do: by number, exception or text.
    Explain(explain::ExplainArgs),
    /// A whole migration on a fresh sandbox, step by step.
    Demo(demo::DemoArgs),
}

impl Command {
    /// Whether it can show first what it would do.
    fn knows_what_if(&self) -> bool {
        match self {
            Command::Run(_) => true,
            Command::Runs(args) => args.knows_what_if(),
            _ => false,
        }
    }
}

/// Runs the program with `arguments`, the program's own name first.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let outcome = match App::try_parse_from(arguments) {
        Ok(app) => dispatch(app),
        Err(error) => Err(Failure::Usage(error)),
    };
    match outcome {
        Ok(status) => status.into(),
        Err(failure) => failure.report().into(),
    }
}

fn dispatch(app: App) -> Result<Status, Failure> {
    let flags = app.host;
    // Clap's own help for an empty command line does not come when the environment sets a flag.
    let Some(command) = app.command else {
        anstream::eprint!("{}", App::command().render_help().ansi());
        return Ok(Status::Usage);
    };
    // A flag that promises to change nothing must not be passed over where something is changed.
    if flags.what_if && !command.knows_what_if() {
        let goes_with = "`--what-if` goes with `xtenant run`, `xtenant runs undo` and `xtenant runs prune` only";
        let error = App::command().error(ErrorKind::ArgumentConflict, goes_with);
        return Err(Failure::Usage(error));
    }
    match command {
        Command::Run(args) => run::run(flags, args),
        Command::Runs(args) => runs::runs(&Host::new(flags)?, args),
        Command::Scripts(args) => scripts::scripts(&Host::new(flags)?, args),
        Command::Profiles => profiles::profiles(&Host::new(flags)?),
        Command::Sandbox(args) => sandbox::sandbox(&Host::new(flags)?, args),
        Command::Explain(args) => explain::explain(&Host::new(flags)?, args),
        Command::Demo(args) => demo::demo(&flags, args),
    }
}
