//! `Failure`: why a command ended early, ready to be shown, with its exit status.

use std::io;

use crate::cli::Status;
use crate::config::ConfigError;
use crate::model::Kind;
use crate::model::Trouble;
use crate::output::Place;
use crate::output::Problem;
use crate::output::Screen;
use crate::script;
use crate::script::ScriptFailure;

/// Why a command ended early.
#[derive(Debug)]
pub enum Failure {
    /// The command line is not understood, or help was asked for.
    Usage(clap::Error),
    /// Anything else.
    Problem {
        /// What to show.
        problem: Box<Problem>,
        /// How the program ends.
        status: Status,
    },
}

impl Failure {
    /// Something the user gave is wrong and nothing was begun.
    pub fn usage(trouble: impl Into<Trouble>) -> Self {
        Self::of(trouble, Status::Usage)
    }

    /// Signing in was not possible.
    pub fn sign_in(trouble: impl Into<Trouble>) -> Self {
        Self::of(trouble, Status::SignIn)
    }

    fn of(trouble: impl Into<Trouble>, status: Status) -> Self {
        Self::Problem {
            problem: Box::new(Problem::from(&trouble.into())),
            status,
        }
    }

    /// How the program ends.
    pub fn status(&self) -> Status {
        match self {
            Failure::Usage(error) if !error.use_stderr() => Status::Ok,
            Failure::Usage(_) => Status::Usage,
            Failure::Problem { status, .. } => *status,
        }
    }

    /// Shows it and tells how the program ends.
    pub fn report(&self) -> Status {
        match self {
            Failure::Usage(error) => {
                // Help is printed to standard output; nobody is left to be told when that is closed.
                let _ = error.print();
            }
            Failure::Problem { problem, .. } => Screen::new(false, false).note(&problem.render()),
        }
        self.status()
    }
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        let status = status_of(&trouble);
        Self::of(trouble, status)
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::usage(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Trouble::new(Kind::Internal, "could not write the output").caused_by(error).into()
    }
}

impl From<ScriptFailure> for Failure {
    fn from(failure: ScriptFailure) -> Self {
        let status = match failure.is_usage {
            true => Status::Usage,
            false => status_of(&failure.trouble),
        };
        let mut problem = Problem::from(&failure.trouble);
        problem.place = failure.place.map(|found| place(*found));
        match (failure.is_deliberate, &mut problem.place) {
            // What a script says in words of its own is not explained by its source.
            (true, Some(place)) => place.text.clear(),
            (true, None) => {}
            (false, _) => problem.frames = failure.frames.iter().map(frame).collect(),
        }
        Self::Problem {
            problem: Box::new(problem),
            status,
        }
    }
}

/// The exit status for trouble that nobody handled.
fn status_of(trouble: &Trouble) -> Status {
    match trouble.kind {
        Kind::SignIn => Status::SignIn,
        Kind::Declined | Kind::Drifted => Status::Declined,
        _ => Status::Failed,
    }
}

fn place(place: script::Place) -> Place {
    Place {
        file: place.file,
        line: place.line,
        column: place.column,
        text: place.text,
        width: place.width,
    }
}

fn frame(frame: &script::Frame) -> String {
    match &frame.place {
        Some(place) => format!("`{}`, called at {}:{}:{}", frame.function, place.file, place.line, place.column),
        None => format!("`{}`", frame.function),
    }
}
