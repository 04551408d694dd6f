//! People from a file, for `xtenant sandbox new --from FILE`.

use std::path::Path;

use crate::cli::Failure;
use crate::files::Place;
use crate::files::rows;
use crate::model::Kind;
use crate::model::Record;
use crate::model::Trouble;
use crate::sandbox::BadValue;
use crate::sandbox::Person;

/// How many bad values are told one by one.
const TOLD: usize = 20;

/// The people in `path`, a CSV or JSON file with Exchange's property names.
pub fn read(path: &Path) -> Result<Vec<Person>, Failure> {
    let placed = rows::read_placed(path).map_err(|cause| Failure::usage(Trouble::from(cause)))?;
    let (places, rows): (Vec<Place>, Vec<Record>) = placed.into_iter().unzip();
    if rows.is_empty() {
        let trouble = Trouble::new(Kind::Invalid, format!("there is nobody in `{}`", path.display()));
        return Err(Failure::usage(
            trouble.with_remedy("give it a row for each mailbox, at least with `PrimarySmtpAddress`"),
        ));
    }
    Person::read_all(&rows).map_err(|bad| Failure::usage(told(path, &places, &bad)))
}

fn told(path: &Path, places: &[Place], bad: &[BadValue]) -> Trouble {
    let message = format!("`{}` has {} that no mailbox can be made of", path.display(), counted(bad.len()));
    let mut trouble = Trouble::new(Kind::Invalid, message).with_remedy("mend the file and run this again; nothing was made");
    for value in bad.iter().take(TOLD) {
        let place = places.get(value.row).copied();
        let line = place.map_or(0, |place| place.line);
        let column = place
            .and_then(|place| place.column)
            .map_or_else(String::new, |column| format!(":{column}"));
        trouble
            .causes
            .push(format!("{}:{line}{column}: {}: {}", path.display(), value.column, value.what));
    }
    if bad.len() > TOLD {
        trouble.causes.push(format!("and {} more", bad.len() - TOLD));
    }
    trouble
}

fn counted(number: usize) -> String {
    match number {
        1 => "a value".to_owned(),
        _ => format!("{number} values"),
    }
}
