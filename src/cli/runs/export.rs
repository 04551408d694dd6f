//! `xtenant runs export`: a run with all its changes, for files and other programs. It never holds more than a page of changes.

use std::io;
use std::io::BufWriter;
use std::io::ErrorKind;
use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use super::differing;
use super::journal;
use super::second;
use crate::cli::Failure;
use crate::cli::Host;
use crate::files;
use crate::journal::ChangeRow;
use crate::journal::ChangeState;
use crate::journal::Journal;
use crate::journal::RunRow;
use crate::model::Kind;
use crate::model::Trouble;
use crate::output;

/// Which run, how and where to.
#[derive(Args)]
pub struct ExportArgs {
    /// The run: its number, or `last`
    run: String,
    /// How to write it
    #[arg(long, value_name = "FORMAT")]
    format: Format,
    /// File to write; standard output unless given
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// How a run is written.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub enum Format {
    /// One JSON value: the run, with its changes
    Json,
    /// A row for each touched property, for a spreadsheet
    Csv,
}

/// Writes a run to a file, whole or not at all, or to standard output.
pub fn export(host: &Host, args: &ExportArgs) -> Result<(), Failure> {
    let journal = journal(host)?;
    let run = journal.run(&args.run)?;
    let Some(path) = &args.out else {
        return to_output(&journal, &run, args.format, None);
    };
    let mut stopped = None;
    let written = files::write_all_or_nothing(path, |file| {
        write(&journal, &run, args.format, None, file).map_err(|cause| match cause {
            Unwritten::Output(cause) => cause,
            Unwritten::Journal(trouble) => {
                stopped = Some(trouble);
                io::Error::other("the journal could not be read")
            }
        })
    });
    match (written, stopped) {
        (_, Some(trouble)) => Err(trouble.into()),
        (written, None) => Ok(written.map_err(Trouble::from)?),
    }
}

/// Writes a run to standard output.
pub fn to_output(journal: &Journal, run: &RunRow, format: Format, state: Option<ChangeState>) -> Result<(), Failure> {
    let mut output = BufWriter::new(io::stdout().lock());
    match write(journal, run, format, state, &mut output) {
        Ok(()) => Ok(()),
        // Who went away early (`| head`) has had what was wanted.
        Err(Unwritten::Output(cause)) if cause.kind() == ErrorKind::BrokenPipe => Ok(()),
        Err(Unwritten::Output(cause)) => Err(cause.into()),
        Err(Unwritten::Journal(trouble)) => Err(trouble.into()),
    }
}

/// Why an export came to no end.
enum Unwritten {
    Output(io::Error),
    Journal(Trouble),
}

impl From<io::Error> for Unwritten {
    fn from(cause: io::Error) -> Self {
        Self::Output(cause)
    }
}

fn write(journal: &Journal, run: &RunRow, format: Format, state: Option<ChangeState>, output: &mut dyn Write) -> Result<(), Unwritten> {
    match format {
        Format::Json => write_json(journal, run, state, output)?,
        Format::Csv => write_csv(journal, run, state, output)?,
    }
    Ok(output.flush()?)
}

fn write_json(journal: &Journal, run: &RunRow, state: Option<ChangeState>, output: &mut dyn Write) -> Result<(), Unwritten> {
    let head = run.to_json().to_string();
    let head = head.strip_suffix('}').unwrap_or(&head);
    write!(output, "{head},\"changes\":[")?;
    let mut comma = "";
    each(journal, run, state, |change| {
        write!(output, "{comma}{}", change.to_json())?;
        comma = ",";
        Ok(())
    })?;
    Ok(writeln!(output, "]}}")?)
}

const COLUMNS: [&str; 17] = [
    "run",
    "change",
    "time",
    "tenant",
    "service",
    "operation",
    "object",
    "impact",
    "state",
    "attribute",
    "old",
    "new",
    "code",
    "message",
    "note",
    "batch",
    "requests",
];

fn write_csv(journal: &Journal, run: &RunRow, state: Option<ChangeState>, output: &mut dyn Write) -> Result<(), Unwritten> {
    let mut csv = files::csv::Table::begin(output, &COLUMNS)?;
    each(journal, run, state, |change| {
        rows(run, change).into_iter().try_for_each(|row| csv.row(&row))
    })?;
    Ok(csv.finish()?)
}

/// A row for each touched property, and one for a change that touches none.
fn rows(run: &RunRow, change: &ChangeRow) -> Vec<[String; COLUMNS.len()]> {
    let intent = &change.intent;
    let nothing = [(String::new(), serde_json::Value::Null, serde_json::Value::Null)];
    let mut touched: Vec<_> = differing(intent).collect();
    if touched.is_empty() {
        touched.extend(&nothing);
    }
    let (code, message) = change.error.clone().unwrap_or_default();
    let requests: Vec<_> = change.attempts.iter().map(|(id, _)| id.to_string()).collect();
    let row = |(name, old, new): &(String, serde_json::Value, serde_json::Value)| {
        [
            run.id.to_string(),
            change.id.to_string(),
            second(intent.at),
            intent.tenant_name.clone(),
            intent.service.clone(),
            intent.operation.clone(),
            intent.label.clone(),
            intent.impact.clone(),
            change.state.to_string(),
            name.clone(),
            output::shown(old),
            output::shown(new),
            code.clone(),
            message.clone(),
            change.note.clone().unwrap_or_default(),
            change.batch.map(|batch| batch.to_string()).unwrap_or_default(),
            requests.join("\n"),
        ]
    };
    touched.into_iter().map(row).collect()
}

fn each(
    journal: &Journal,
    run: &RunRow,
    state: Option<ChangeState>,
    mut act: impl FnMut(&ChangeRow) -> io::Result<()>,
) -> Result<(), Unwritten> {
    let mut unwritten = None;
    let read = journal.each_change(run.id, |change| {
        if state.is_some_and(|state| state != change.state) {
            return Ok(());
        }
        act(&change).map_err(|cause| {
            let trouble = Trouble::new(Kind::Internal, "the output could not be written").caused_by(&cause);
            unwritten = Some(cause);
            trouble
        })
    });
    match unwritten {
        Some(cause) => Err(Unwritten::Output(cause)),
        None => read.map_err(Unwritten::Journal),
    }
}
