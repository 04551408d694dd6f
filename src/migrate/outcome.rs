//! stub
use crate::model::Record;
/// How a migration user came out.
pub fn outcome_row(user: &Record, statistics: Option<&Record>) -> Record {
    let _ = statistics;
    user.clone()
}
/// How all users of a batch came out; statistics are matched by Identity.
pub fn outcome_rows(users: &[Record], statistics: &[Record]) -> Vec<Record> {
    let _ = statistics;
    users.to_vec()
}
