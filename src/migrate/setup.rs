//! stub
use crate::model::Record;
/// Findings about the target tenant.
pub fn target_setup(seen: &Record) -> Vec<Record> {
    let _ = seen;
    Vec::new()
}
/// Findings about the source tenant.
pub fn source_setup(seen: &Record) -> Vec<Record> {
    let _ = seen;
    Vec::new()
}
