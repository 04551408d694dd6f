//! `xtenant demo`: a whole migration on a fresh sandbox, with the command for each step, so that it can be repeated by hand.
//!
//! Every step is this very program run as the administrator would run it: what the demonstration shows is what there is.

mod classic;
mod plot;

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

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
    /// Leave the sandbox and all files in this new folder, to play with
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// Show the retired procedure of 2020/21, with its credential in an Azure Key Vault
    #[arg(long)]
    classic: bool,
    /// How long a change in the directory takes to be seen everywhere, such as 30s or 2m
    #[arg(long, value_name = "DURATION", default_value = "0s", value_parser = sandbox::duration)]
    replication: Duration,
}

/// Runs the demonstration.
pub fn demo(flags: &HostFlags, args: DemoArgs) -> Result<Status, Failure> {
    let screen = Screen::new(flags.json, flags.quiet);
    let plot = if args.classic { classic::CLASSIC } else { plot::TODAY };
    let temporary = tempfile::tempdir().map_err(|cause| no_folder(Path::new("a temporary folder"), cause))?;
    let folder = match &args.keep {
        Some(folder) if folder.exists() => {
            let message = format!("`{}` exists already", folder.display());
            return Err(Trouble::new(Kind::Invalid, message)
                .with_remedy("name a folder that does not exist yet")
                .into());
        }
        Some(folder) => std::path::absolute(folder).map_err(|cause| no_folder(folder, cause))?,
        None => temporary.path().to_owned(),
    };
    let state = folder.join("sandbox");
    fs::create_dir_all(&state).map_err(|cause| no_folder(&state, cause))?;
    let options = NewOptions {
        era: plot.era,
        replication: args.replication,
        ..NewOptions::default()
    };
    Sandbox::create(&state, &options).map_err(sandbox::trouble)?;
    for (name, text) in plot.files {
        fs::write(folder.join(name), text).map_err(|cause| no_folder(&folder, cause))?;
    }

    screen.note(plot.opening);
    screen.note(
        "At a terminal each run asks before it makes a change that matters. Here every question is answered with yes beforehand, as \
         `--yes-irreversible` does.",
    );
    for (number, step) in plot.steps.iter().enumerate() {
        screen.note(&format!("\n{}. {}: {}", number + 1, step.who, step.tells));
        if let Some((file, user)) = step.adds {
            screen.note(&format!("   $ echo {user} >> {file}"));
            add_user(&folder.join(file), user)?;
        }
        screen.note(&format!("   $ xtenant {}\n", step.command));
        run(&folder, &state, step.command)?;
    }
    match &args.keep {
        Some(kept) => screen.note(&format!(
            "\nIt is all in {0}. To go on: cd {0} && export XTENANT_SANDBOX=sandbox",
            kept.display()
        )),
        None => screen.note("\nThe sandbox is gone; `xtenant demo --keep DIR` leaves it for playing."),
    }
    Ok(Status::Ok)
}

/// Runs this program as the administrator would. Status 4 (partly failed) belongs to the plot: some users are in trouble.
fn run(folder: &Path, state: &Path, command: &str) -> Result<(), Failure> {
    let program: OsString = std::env::current_exe().map_err(|cause| no_folder(folder, cause))?.into();
    let status = Command::new(program)
        .args(shlex::split(command).expect("the plot's commands have their quotes in pairs"))
        .args(command.starts_with("run ").then_some("--yes-irreversible"))
        .current_dir(folder)
        .env("XTENANT_SANDBOX", state)
        .env("XTENANT_CONFIG_DIR", folder.join("config"))
        .env("XTENANT_JOURNAL", folder.join("journal.sqlite"))
        .status()
        .map_err(|cause| no_folder(folder, cause))?;
    match status.code() {
        Some(0 | 4) => Ok(()),
        _ => Err(Trouble::new(Kind::Internal, format!("the demonstration stopped at `xtenant {}`", command)).into()),
    }
}

/// Adds a row that holds nothing but the first column, as somebody with an editor would.
fn add_user(file: &Path, user: &str) -> Result<(), Failure> {
    let mut text = fs::read_to_string(file).map_err(|cause| no_folder(file, cause))?;
    let others = text.lines().next().unwrap_or_default().matches(',').count();
    text.push_str(&format!("{user}{}\n", ",".repeat(others)));
    fs::write(file, text).map_err(|cause| no_folder(file, cause).into())
}

fn no_folder(path: &Path, cause: std::io::Error) -> Trouble {
    Trouble::new(Kind::Invalid, format!("could not use `{}`", path.display())).caused_by(cause)
}

#[cfg(test)]
mod tests {
    use super::classic;
    use super::plot;

    #[test]
    fn the_plots_commands_can_be_read_by_a_shell() {
        let steps = [plot::TODAY, classic::CLASSIC].into_iter().flat_map(|plot| plot.steps);
        assert!(steps.into_iter().all(|step| shlex::split(step.command).is_some()));
    }
}
