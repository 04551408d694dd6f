//! What every command has: the flags of the program, the settings and the screen.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use clap::ColorChoice;

use crate::change::Impact;
use crate::cli::Failure;
use crate::config::Config;
use crate::model::Kind;
use crate::model::Trouble;
use crate::output::Screen;
use crate::platform;

/// The flags of the program itself; they may stand before or after the subcommand, and among the flags of a script.
#[derive(Args, Debug, Clone, Default)]
#[command(next_help_heading = "Host options")]
pub struct HostFlags {
    /// Folder with `config.toml`
    #[arg(long, global = true, value_name = "DIR", env = "XTENANT_CONFIG_DIR", hide_env_values = true)]
    pub config: Option<PathBuf>,
    /// Folder of the sandbox
    #[arg(long, global = true, value_name = "DIR", env = "XTENANT_SANDBOX", hide_env_values = true)]
    pub sandbox: Option<PathBuf>,
    /// Write the result as one line of JSON
    #[arg(long, global = true)]
    pub json: bool,
    /// Show what would be changed and change nothing
    #[arg(long, global = true)]
    pub what_if: bool,
    /// With `--what-if`: write the plan to this file, as JSON
    #[arg(long, global = true, value_name = "FILE", requires = "what_if")]
    pub save: Option<PathBuf>,
    /// Ask before changes of this impact and above [default: high]
    #[arg(long, global = true, value_name = "LEVEL")]
    pub confirm: Option<Impact>,
    /// Answer yes to every question but those about what has no way back
    #[arg(long, global = true)]
    pub yes: bool,
    /// Answer yes to every question, also to those about what has no way back
    #[arg(long, global = true)]
    pub yes_irreversible: bool,
    /// File of the journal
    #[arg(long, global = true, value_name = "FILE", env = "XTENANT_JOURNAL", hide_env_values = true)]
    pub journal: Option<PathBuf>,
    /// Leave out remarks and progress
    #[arg(long, global = true)]
    pub quiet: bool,
    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN")]
    pub color: Option<ColorChoice>,
}

impl HostFlags {
    /// The highest impact that is agreed to beforehand.
    pub fn beforehand(&self) -> Option<Impact> {
        match (self.yes_irreversible, self.yes) {
            (true, _) => Some(Impact::Irreversible),
            (false, true) => Some(Impact::High),
            (false, false) => None,
        }
    }

    /// These flags with those that stood further right, which win.
    pub fn then(self, later: HostFlags) -> Self {
        Self {
            config: later.config.or(self.config),
            sandbox: later.sandbox.or(self.sandbox),
            json: self.json || later.json,
            what_if: self.what_if || later.what_if,
            save: later.save.or(self.save),
            confirm: later.confirm.or(self.confirm),
            yes: self.yes || later.yes,
            yes_irreversible: self.yes_irreversible || later.yes_irreversible,
            journal: later.journal.or(self.journal),
            quiet: self.quiet || later.quiet,
            color: later.color.or(self.color),
        }
    }
}

/// What every command has.
pub struct Host {
    /// The flags.
    pub flags: HostFlags,
    /// The settings.
    pub config: Config,
    /// The outputs.
    pub screen: Arc<Screen>,
}

impl Host {
    /// Reads the settings and prepares the outputs.
    pub fn new(flags: HostFlags) -> Result<Self, Failure> {
        match flags.color {
            Some(ColorChoice::Always) => anstream::ColorChoice::Always.write_global(),
            Some(ColorChoice::Never) => anstream::ColorChoice::Never.write_global(),
            Some(ColorChoice::Auto) | None => {}
        }
        let folder = match &flags.config {
            Some(folder) => folder.clone(),
            None => platform::config_folder().ok_or_else(|| homeless("--config DIR"))?,
        };
        Ok(Self {
            config: Config::load(&folder)?,
            // A script of cmdlets stands alone on standard output, as JSON does.
            screen: Arc::new(Screen::new(flags.json, flags.quiet)),
            flags,
        })
    }

    /// The sandbox's folder: the flag, the environment, the settings, or the user's data folder.
    pub fn sandbox_folder(&self) -> Result<PathBuf, Failure> {
        match self.flags.sandbox.clone().or_else(|| self.config.sandbox_folder.clone()) {
            Some(folder) => Ok(folder),
            None => {
                let data = platform::data_folder().ok_or_else(|| homeless("--sandbox DIR"))?;
                Ok(data.join("sandbox"))
            }
        }
    }

    /// The journal's file: the flag, the environment, or the user's data folder.
    pub fn journal_file(&self) -> Result<PathBuf, Failure> {
        match &self.flags.journal {
            Some(file) => Ok(file.clone()),
            None => {
                let data = platform::data_folder().ok_or_else(|| homeless("--journal FILE"))?;
                Ok(data.join("journal.sqlite"))
            }
        }
    }

    /// The runtime that carries requests and the sandbox; made only by commands that need one.
    pub fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|cause| {
            Trouble::new(Kind::Internal, "could not start the threads for requests")
                .caused_by(cause)
                .into()
        })
    }
}

fn homeless(flag: &str) -> Failure {
    let trouble = Trouble::new(Kind::Invalid, "could not find your home folder");
    Failure::usage(trouble.with_remedy(format!("set HOME, or give `{flag}`")))
}
