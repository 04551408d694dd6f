//! The catalogue of failures.
use crate::model::Record;

/// Which tenant's administrator mends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// source
    Source,
    /// target
    Target,
    /// either
    Either,
    /// setup
    Setup,
}
/// What to do with the user once the cause is mended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// resume
    Resume,
    /// new batch
    NewBatch,
    /// retry
    Retry,
    /// nothing
    Nothing,
    /// fix
    Fix,
}
/// One failure.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    /// number
    pub id: &'static str,
    /// title
    pub title: &'static str,
    /// types
    pub exceptions: &'static [&'static str],
    /// texts
    pub patterns: &'static [&'static str],
    /// side
    pub side: Side,
    /// cause
    pub cause: &'static str,
    /// remedy
    pub remedy: &'static str,
    /// then
    pub then: Then,
}
/// All.
pub fn all() -> impl Iterator<Item = &'static Failure> {
    [].iter()
}
/// By number.
pub fn find(id: &str) -> Option<&'static Failure> {
    all().find(|f| f.id == id)
}
/// By the text of an error.
pub fn explain(text: &str) -> Option<&'static Failure> {
    let _ = text;
    None
}
/// `explain` as a record: id, title, side, cause, remedy, then.
pub fn explain_failure(text: &str) -> Option<Record> {
    explain(text).map(|_| Record::default())
}
