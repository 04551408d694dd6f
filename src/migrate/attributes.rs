//! stub
use crate::model::Record;
use crate::model::Trouble;
/// The row of the attribute file for a source mailbox. `tenant` may hold `tenant_id` and `initial_domain`.
pub fn exported(mailbox: &Record, user: &Record, tenant: &Record) -> Record {
    let _ = (user, tenant);
    mailbox.clone()
}
/// A row of any attribute file in one shape.
pub fn source_row(row: &Record) -> Result<Record, Trouble> {
    Ok(row.clone())
}
/// The row of the result file that `migrate` takes.
pub fn prepared_row(row: &Record, plan: &Record, outcome: &str, remedy: &str) -> Record {
    let _ = (plan, outcome, remedy);
    row.clone()
}
