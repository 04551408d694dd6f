//! stub
use crate::model::Record;
/// Findings about one user.
pub fn user_findings(target: Option<&Record>, source: Option<&Record>, context: &Record) -> Vec<Record> {
    let _ = (target, source, context);
    Vec::new()
}
/// Findings about the list of users as a whole.
pub fn batch_findings(rows: &[Record], context: &Record) -> Vec<Record> {
    let _ = (rows, context);
    Vec::new()
}
