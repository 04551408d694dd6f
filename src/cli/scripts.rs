//! `xtenant scripts`: the bundled scripts, to read, and to copy out and change.

use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

use clap::Args;
use clap::Subcommand;
use serde_json::Value;

use crate::cli::Failure;
use crate::cli::Host;
use crate::cli::Status;
use crate::model::Kind;
use crate::model::Record;
use crate::model::Trouble;
use crate::output;
use crate::script;

/// What follows `xtenant scripts`.
#[derive(Args)]
pub struct ScriptsArgs {
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Subcommand)]
enum Action {
    /// List the bundled scripts (also without a word)
    List,
    /// Print the text of a bundled script
    Show {
        /// The script
        name: String,
    },
    /// Write a bundled script to a file of your own, to be changed and run by its path
    Copy {
        /// The script
        name: String,
        /// File or folder; the working folder unless given
        destination: Option<PathBuf>,
    },
}

/// Lists, shows or copies.
pub fn scripts(host: &Host, args: ScriptsArgs) -> Result<Status, Failure> {
    match args.action.unwrap_or(Action::List) {
        Action::List => list(host)?,
        Action::Show { name } => host.screen.data(text(&name)?.trim_end()),
        Action::Copy { name, destination } => copy(host, &name, destination.unwrap_or_default())?,
    }
    host.screen.finish()?;
    Ok(Status::Ok)
}

fn list(host: &Host) -> Result<(), Failure> {
    let mut rows = Vec::new();
    for (name, _) in script::bundled() {
        let script = script::load(name)?;
        let writes = script
            .writes
            .iter()
            .map(|(param, service, impact)| format!("{param} {service} ({impact})"));
        rows.push(
            Record::default()
                .with("script", *name)
                .with("does", script.help.summary.as_str())
                .with("may change", writes.collect::<Vec<_>>().join(", ")),
        );
    }
    match host.screen.is_json() {
        true => {
            let rows = rows.iter().map(|row| Value::Object(row.to_map())).collect();
            host.screen.data(&Value::Array(rows).to_string());
        }
        false => host.screen.data(&output::table(&rows, host.screen.width())),
    }
    Ok(())
}

fn copy(host: &Host, name: &str, destination: PathBuf) -> Result<(), Failure> {
    let text = text(name)?;
    let path = match destination.as_os_str().is_empty() || destination.is_dir() {
        true => destination.join(format!("{name}.rhai")),
        false => destination,
    };
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&path)
        .and_then(|mut file| file.write_all(text.as_bytes()));
    match written {
        Ok(()) => {
            let run = match path.is_absolute() || path.components().count() > 1 {
                true => path.display().to_string(),
                false => Path::new(".").join(&path).display().to_string(),
            };
            host.screen.data(&format!("{}", path.display()));
            host.screen.remark(&format!("run it with `xtenant run {run}`"));
            Ok(())
        }
        Err(cause) => {
            let trouble = Trouble::new(Kind::Invalid, format!("could not write `{}`", path.display()));
            let trouble = match cause.kind() {
                ErrorKind::AlreadyExists => trouble.with_remedy("name another file; an existing one is never overwritten"),
                _ => trouble,
            };
            Err(trouble.caused_by(cause).into())
        }
    }
}

fn text(name: &str) -> Result<&'static str, Failure> {
    match script::bundled().iter().find(|(known, _)| *known == name) {
        Some((_, text)) => Ok(text),
        None => {
            let trouble = Trouble::new(Kind::NotFound, format!("there is no bundled script `{name}`")).with_code("unknown_script");
            Err(Failure::usage(trouble.with_remedy("`xtenant scripts` lists them")))
        }
    }
}
