//! `xtenant run`: a script from its name to its exit status.

mod command;
mod console;
mod start;

use std::ffi::OsString;

use clap::Args;
use clap::Subcommand;

pub use start::run_script;

use crate::cli::Failure;
use crate::cli::HostFlags;
use crate::cli::Status;
use crate::model::Kind;
use crate::model::Trouble;

/// What follows `xtenant run`.
#[derive(Args)]
#[command(
    override_usage = "xtenant run [OPTIONS] <NAME_OR_FILE> [FLAGS OF THE SCRIPT]...",
    after_help = "`xtenant scripts` lists the bundled scripts, `xtenant run NAME --help` shows the flags of one."
)]
pub struct RunArgs {
    #[command(subcommand)]
    script: NameAndArguments,
}

#[derive(Subcommand)]
enum NameAndArguments {
    #[command(external_subcommand)]
    Script(Vec<OsString>),
}

/// Runs the script that `args` name.
pub fn run(flags: HostFlags, args: RunArgs) -> Result<Status, Failure> {
    let NameAndArguments::Script(words) = args.script;
    let Some((name, arguments)) = words.split_first() else {
        return Err(Failure::usage(Trouble::new(Kind::Invalid, "no script is named")));
    };
    run_script(flags, &name.to_string_lossy(), arguments)
}
