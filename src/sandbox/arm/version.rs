//! Versions of the interface: any date, with or without a suffix such as `-preview`.

use jiff::civil::Date;

use super::fault::Fault;
use crate::sandbox::Request;

/// From this version on, a new vault uses roles unless its maker says otherwise.
const ROLES_BY_DEFAULT: &str = "2026-02-01";

/// The version that the request asks for.
pub fn of(request: &Request) -> Result<&str, Fault> {
    let missing = || {
        let message = "The api-version query parameter (?api-version=) is required for all requests.";
        Fault::new(400, "MissingApiVersionParameter", message)
    };
    let version = request
        .parameter("api-version")
        .filter(|version| !version.is_empty())
        .ok_or_else(missing)?;
    match is_well_formed(version) {
        true => Ok(version),
        false => {
            let message = format!("The api-version '{version}' is invalid. It has to be a date, such as '2023-07-01'.");
            Err(Fault::new(400, "InvalidApiVersionParameter", message))
        }
    }
}

/// Whether a new vault of that version uses roles when nothing is said.
pub fn uses_roles_by_default(version: &str) -> bool {
    version.get(..10).unwrap_or(version) >= ROLES_BY_DEFAULT
}

fn is_well_formed(version: &str) -> bool {
    let (Some(date), Some(suffix)) = (version.get(..10), version.get(10..)) else {
        return false;
    };
    let is_suffix = |suffix: &str| suffix.is_empty() || suffix.starts_with('-') && suffix[1..].chars().all(|c| c.is_ascii_lowercase());
    date.parse::<Date>().is_ok() && is_suffix(suffix)
}
