//! `xtenant sandbox`: make the simulated Microsoft 365, look at it, move its clock, start over.

mod advance;
mod clock;
mod fault;
mod log;
mod new;
mod people;
mod recover;
mod save;
mod serve;
mod status;
mod variables;

pub use advance::duration;

use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use clap::Subcommand;

use crate::cli::Failure;
use crate::cli::Host;
use crate::cli::Status;
use crate::model::Kind;
use crate::model::Trouble;
use crate::sandbox::NewOptions;
use crate::sandbox::Sandbox;
use crate::sandbox::SandboxError;

/// What follows `xtenant sandbox`.
#[derive(Args)]
pub struct SandboxArgs {
    /// Folder of the sandbox; the same as `--sandbox`
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Make a sandbox with two linked tenants, contoso and northwind
    New(new::NewArgs),
    /// Serve it to other programs, as an HTTPS proxy in front of Microsoft's hosts, until Ctrl-C
    Serve(serve::ServeArgs),
    /// Show the tenants and the time
    Status,
    /// Move the clock; what was due in between happens in order
    Advance {
        /// How far, such as 30m, 24h or 2d
        #[arg(value_parser = advance::duration)]
        duration: Duration,
    },
    /// Show how the clock goes, let it run, or stop it
    Clock(clock::ClockArgs),
    /// Order faults: throttling, lost replies, expired tokens and more
    #[command(subcommand)]
    Fault(fault::FaultAction),
    /// Write the state to one file; the sandbox may be in use
    Save {
        /// File to write; it must not be there yet
        file: PathBuf,
    },
    /// Put a saved state in place of the one that is there, if any
    Load {
        /// File that `save` wrote
        file: PathBuf,
    },
    /// Look for damage, and take out what can be read
    Recover {
        /// Folder to make a sandbox in of what can be read
        #[arg(long, value_name = "DIR")]
        to: Option<PathBuf>,
    },
    /// Show what the services were asked and how it ended, without queries, headers and bodies
    Log(log::LogArgs),
    /// Make a new sandbox in place of the one that is there, if any
    Reset(new::NewArgs),
}

/// Makes, shows, advances or replaces the sandbox.
pub fn sandbox(host: &Host, args: SandboxArgs) -> Result<Status, Failure> {
    let folder = match args.data {
        Some(folder) => folder,
        None => host.sandbox_folder()?,
    };
    match args.action {
        Action::New(options) => new::new(host, &folder, options)?,
        Action::Reset(options) => new::reset(host, &folder, options)?,
        Action::Serve(args) => Host::runtime()?.block_on(serve::serve(host, &folder, args))?,
        Action::Save { file } => save::save(host, &folder, &file)?,
        Action::Load { file } => save::load(host, &folder, &file)?,
        Action::Recover { to } => {
            let status = recover::recover(host, &folder, to.as_deref())?;
            host.screen.finish()?;
            return Ok(status);
        }
        Action::Status => Host::runtime()?.block_on(status::status(host, &folder))?,
        Action::Clock(args) => Host::runtime()?.block_on(clock::clock(host, &folder, args))?,
        Action::Fault(action) => Host::runtime()?.block_on(fault::fault(host, &folder, action))?,
        Action::Log(args) => Host::runtime()?.block_on(log::log(host, &folder, args))?,
        Action::Advance { duration } => Host::runtime()?.block_on(advance::advance(host, &folder, duration))?,
    }
    host.screen.finish()?;
    Ok(Status::Ok)
}

/// Opens the sandbox of `host`; on first use it is made.
pub async fn open(host: &Host) -> Result<Sandbox, Failure> {
    let folder = host.sandbox_folder()?;
    match Sandbox::open(&folder).await {
        Err(SandboxError::NotThere { .. }) => {
            make(host, &folder, &NewOptions::default())?;
            Ok(Sandbox::open(&folder).await.map_err(trouble)?)
        }
        opened => Ok(opened.map_err(trouble)?),
    }
}

/// Makes the sandbox that was not there a moment ago, unless another process was faster.
fn make(host: &Host, folder: &Path, options: &NewOptions) -> Result<(), Failure> {
    match Sandbox::create(folder, options) {
        Err(SandboxError::AlreadyThere { .. }) => {}
        made => {
            made.map_err(trouble)?;
            let text = format!("made a sandbox with {} mailboxes in {}", options.mailboxes, folder.display());
            host.screen.remark(&text);
        }
    }
    Ok(())
}

/// Why the sandbox could not be used.
pub fn trouble(error: SandboxError) -> Trouble {
    let mut trouble = Trouble::new(Kind::Invalid, error.to_string()).with_code("sandbox");
    if let Some(cause) = std::error::Error::source(&error) {
        trouble = trouble.caused_by(cause);
    }
    match error.remedy() {
        Some(remedy) => trouble.with_remedy(remedy),
        None => trouble,
    }
}
