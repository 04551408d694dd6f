//! stub
use crate::model::Record;
/// What occupies the place of a planned MailUser: `{state, identity, matched, usable, remedy}`.
pub fn judge(plan: &Record, recipients: &[Record], users: &[Record]) -> Record {
    let _ = (recipients, users);
    plan.clone()
}
