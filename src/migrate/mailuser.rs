//! stub
use crate::model::Record;
use crate::model::Trouble;
/// The MailUser that a source row needs. Options: `domain_map` (array of {source,target}), `upn_domain`, `primary_domain`,
/// `target_delivery_domain`, `accepted_domains` (texts or objects with DomainName), `mark` ("CustomAttribute1=value").
pub fn plan(row: &Record, options: &Record) -> Result<Record, Trouble> {
    let _ = options;
    Ok(row.clone())
}
/// The plan's properties that `ensure_mailuser(upn, ...)` takes.
pub fn mailuser_arguments(plan: &Record) -> Record {
    plan.clone()
}
