//! Parameters that several cmdlets share, and how tables of them are put together.

use crate::sandbox::exchange::Parameter;
use crate::sandbox::exchange::Parameter::Multi;
use crate::sandbox::exchange::Parameter::Number;
use crate::sandbox::exchange::Parameter::Text;

/// A table of parameters.
pub type Parameters = [(&'static str, Parameter)];

/// What every cmdlet that lists recipients takes.
pub const LISTING: &Parameters = &[
    ("Identity", Text),
    ("Anr", Text),
    ("Filter", Text),
    ("ResultSize", Number),
    ("SortBy", Text),
    ("OrganizationalUnit", Text),
];

/// The attributes an organization may use as it likes.
pub const CUSTOM_ATTRIBUTES: &Parameters = &[
    ("CustomAttribute1", Text),
    ("CustomAttribute2", Text),
    ("CustomAttribute3", Text),
    ("CustomAttribute4", Text),
    ("CustomAttribute5", Text),
    ("CustomAttribute6", Text),
    ("CustomAttribute7", Text),
    ("CustomAttribute8", Text),
    ("CustomAttribute9", Text),
    ("CustomAttribute10", Text),
    ("CustomAttribute11", Text),
    ("CustomAttribute12", Text),
    ("CustomAttribute13", Text),
    ("CustomAttribute14", Text),
    ("CustomAttribute15", Text),
    ("ExtensionCustomAttribute1", Multi),
    ("ExtensionCustomAttribute2", Multi),
    ("ExtensionCustomAttribute3", Multi),
    ("ExtensionCustomAttribute4", Multi),
    ("ExtensionCustomAttribute5", Multi),
];

/// One table of several; `N` is the sum of their lengths.
pub const fn joined<const N: usize>(parts: &[&Parameters]) -> [(&'static str, Parameter); N] {
    let mut all = [("", Text); N];
    let mut filled = 0;
    let mut part = 0;
    while part < parts.len() {
        let mut at = 0;
        while at < parts[part].len() {
            all[filled] = parts[part][at];
            filled += 1;
            at += 1;
        }
        part += 1;
    }
    assert!(filled == N, "the length given is not the sum of the parts");
    all
}
