//! What SQLite says, in words of what was to be done, what stands in the way, and what helps.

use rusqlite::Error;
use rusqlite::ErrorCode;

use crate::journal::place::Place;
use crate::model::Kind;
use crate::model::Trouble;

/// The journal cannot be opened or read.
pub fn unreadable(place: &Place, cause: &Error) -> Trouble {
    let file = place.shown();
    let sentence = match cause.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => format!("`{file}` is no journal"),
        Some(ErrorCode::DatabaseCorrupt) => format!("the journal `{file}` is damaged"),
        _ => format!("could not read the journal `{file}`"),
    };
    explained(Trouble::new(Kind::Invalid, sentence), place, cause)
}

/// The journal cannot be written.
pub fn unwritable(place: &Place, cause: &Error) -> Trouble {
    let sentence = format!("could not write to the journal `{}`", place.shown());
    explained(Trouble::new(Kind::Invalid, sentence), place, cause)
}

/// A change that cannot be recorded.
pub fn unrecorded(what: &str, place: &Place, cause: &Error) -> Trouble {
    let sentence = format!("{what} cannot be recorded in the journal, so it is not sent");
    explained(Trouble::new(Kind::NotPermitted, sentence), place, cause).with_code("not_recorded")
}

/// An outcome that cannot be recorded.
pub fn outcome_unrecorded(place: &Place, cause: &Error) -> Trouble {
    let sentence = "what became of a change cannot be recorded in the journal; it stands there as still to be checked";
    explained(Trouble::new(Kind::Invalid, sentence), place, cause).with_code("not_recorded")
}

fn explained(trouble: Trouble, place: &Place, cause: &Error) -> Trouble {
    let file = place.shown();
    let trouble = trouble.with_code("journal");
    let trouble = match cause.sqlite_error_code() {
        Some(ErrorCode::DiskFull | ErrorCode::SystemIoFailure) => trouble.with_remedy(format!(
            "make room on the disk of `{file}`, or name a journal elsewhere with `--journal FILE`"
        )),
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => trouble.with_remedy(format!(
            "make `{file}` and its folder writable for you, or name another journal with `--journal FILE`"
        )),
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => trouble.with_remedy(format!(
            "move `{file}` aside and keep it, then a new journal is begun; or name another with `--journal FILE`"
        )),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            trouble.with_remedy("another process has been writing to it for long; try again when that is done")
        }
        _ => trouble,
    };
    trouble.caused_by(cause)
}
