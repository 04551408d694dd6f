//! `FileError`: why a file could not be read or written, with the place in it where there is one.

use std::fmt;
use std::io;
use std::path::Path;
use std::path::PathBuf;

use crate::model::Kind;
use crate::model::Trouble;

/// A place in a file as editors count it, from 1. A column is known for what a parser stumbled over, not for a whole row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The line.
    pub line: u64,
    /// The column in characters.
    pub column: Option<u64>,
}

impl Place {
    /// The place of the byte at `offset` of `text`.
    pub fn of_offset(text: &str, offset: usize) -> Self {
        let before = &text.as_bytes()[..offset.min(text.len())];
        let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        Self {
            line: 1 + before.iter().filter(|byte| **byte == b'\n').count() as u64,
            column: Some(1 + String::from_utf8_lossy(&before[line_start..]).chars().count() as u64),
        }
    }
}

/// Why a file could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It could not be opened or read.
    #[error("could not read `{}`", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// It could not be written; the old file, if any, is as it was.
    #[error("could not write `{}`", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// It was read but is not what its ending says.
    #[error("{}: {what}", shown(path, *place))]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Where.
        place: Place,
        /// What is wrong there.
        what: String,
        /// What to do about it.
        remedy: Option<&'static str>,
    },
    /// Its ending names no form that rows can be written in.
    #[error("the ending of `{}` says no form to write rows in", path.display())]
    UnknownEnding {
        /// The file.
        path: PathBuf,
    },
    /// Its ending names no form that rows with their places can be read from.
    #[error("the ending of `{}` is neither `.csv` nor `.json`", path.display())]
    UnreadableEnding {
        /// The file.
        path: PathBuf,
    },
    /// The header lacks columns.
    #[error("{}: the column {} is missing; there are {}", shown(path, Place { line: *line, column: None }), ticked(missing), ticked(present))]
    MissingColumn {
        /// The file.
        path: PathBuf,
        /// The line of the header.
        line: u64,
        /// The columns that are needed.
        missing: Vec<String>,
        /// The columns that are there.
        present: Vec<String>,
    },
}

impl FileError {
    pub(super) fn unreadable(path: &Path, cause: io::Error) -> Self {
        Self::Unreadable {
            path: path.to_owned(),
            cause,
        }
    }

    pub(super) fn unwritable(path: &Path, cause: io::Error) -> Self {
        Self::Unwritable {
            path: path.to_owned(),
            cause,
        }
    }

    pub(super) fn malformed(path: &Path, place: Place, what: impl Into<String>) -> Self {
        Self::Malformed {
            path: path.to_owned(),
            place,
            what: what.into(),
            remedy: None,
        }
    }

    pub(super) fn with_remedy(mut self, text: &'static str) -> Self {
        if let Self::Malformed { remedy, .. } = &mut self {
            *remedy = Some(text);
        }
        self
    }

    fn remedy(&self) -> Option<String> {
        match self {
            Self::Unreadable { cause, .. } if cause.kind() == io::ErrorKind::NotFound => {
                Some("check the name; it is looked up from the folder the run was started in".into())
            }
            Self::Malformed { remedy, .. } => remedy.map(str::to_owned),
            Self::Unwritable { cause, .. } if cause.kind() == io::ErrorKind::NotFound => Some("make its folder first".into()),
            Self::UnknownEnding { .. } => Some("use `.csv`, `.xml` or `.json`".into()),
            Self::MissingColumn { .. } => Some("the first line must name the columns".into()),
            _ => None,
        }
    }
}

impl From<FileError> for Trouble {
    fn from(error: FileError) -> Self {
        let (kind, code) = match &error {
            FileError::Unreadable { cause, .. } if cause.kind() == io::ErrorKind::NotFound => (Kind::NotFound, "FileNotFound"),
            FileError::Unreadable { .. } => (Kind::Invalid, "FileUnreadable"),
            FileError::Unwritable { .. } => (Kind::Invalid, "FileUnwritable"),
            FileError::Malformed { .. } => (Kind::Invalid, "FileMalformed"),
            FileError::UnknownEnding { .. } | FileError::UnreadableEnding { .. } => (Kind::Invalid, "UnknownEnding"),
            FileError::MissingColumn { .. } => (Kind::Invalid, "MissingColumn"),
        };
        let mut trouble = Trouble::new(kind, error.to_string()).with_code(code);
        if let Some(cause) = std::error::Error::source(&error) {
            trouble = trouble.caused_by(cause);
        }
        trouble.remedy = error.remedy();
        trouble
    }
}

fn shown(path: &Path, place: Place) -> String {
    let column = place.column.map_or_else(String::new, |column| format!(":{column}"));
    format!("{}:{}{column}", path.display(), place.line)
}

fn ticked(names: &[String]) -> impl fmt::Display {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
