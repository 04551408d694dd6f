//! The checks of one user in the order the service makes them: cheap and local ones first, then those that ask the source.
//!
//! The same checks run again at each copy of what is new and at the end, because what was true at the start may no longer be.

use super::authority;
use super::failure::Failure;
use super::failure::Stop;
use super::source_rules;
use super::target_rules;
use crate::sandbox::Object;
use crate::sandbox::Tx;
use crate::sandbox::rule;

/// What is checked.
pub struct Subject<'a> {
    /// The target tenant's short name.
    pub tenant: &'a str,
    /// The endpoint of the batch.
    pub endpoint: &'a Object,
    /// The address in the batch's list.
    pub address: &'a str,
    /// `TargetDeliveryDomain`.
    pub delivery_domain: &'a str,
    /// The user's own move request, which is no obstacle.
    pub request: &'a str,
    /// Whether the mailbox was in scope when the user was first checked; `None` at that first time.
    pub was_in_scope: Option<bool>,
    /// How many auxiliary archives there were when the move began.
    pub aux_archives: Option<usize>,
    /// Whether a certificate in a vault is read: at the start, after a wait for a place, at each copy of what is new and at the end,
    /// but not again when the first copy ends.
    pub reads_vault: bool,
}

/// Both objects of a user that may move.
pub struct Pair {
    /// The mailbox.
    pub source: Object,
    /// The MailUser.
    pub target: Object,
}

/// All checks of a user.
pub fn validate(tx: &Tx<'_>, subject: &Subject<'_>) -> Result<Pair, Stop> {
    let endpoint = subject.endpoint;
    let source = authority::source_tenant(tx, endpoint)?;
    authority::token(tx, endpoint, &source, subject.reads_vault)?;
    authority::inbound(tx, subject.tenant, &source)?;
    let target = target_rules::check(tx, subject.tenant, subject.address, subject.delivery_domain, subject.request)?;
    let guid = target.text("ExchangeGuid");
    let outbound = authority::outbound(tx, &source, subject.tenant, endpoint, guid)?;
    let mailbox = source_rules::find(tx, &source, guid)?;
    if !authority::is_in_scope(tx, &outbound, &mailbox)? {
        return Err(source_rules::not_in_scope(tx, &mailbox).into());
    }
    // Holds have been in the way since July 2023 only.
    if tx.meta("era").as_deref() != Some("2021") {
        source_rules::holds(&mailbox)?;
    }
    source_rules::not_moving(tx, &mailbox)?;
    if let Some(at_start) = subject.aux_archives {
        source_rules::no_new_aux_archive(&mailbox, at_start)?;
    }
    source_rules::archives(&mailbox, &target, subject.was_in_scope.unwrap_or(true))?;
    source_rules::legacy_name(&mailbox, &target)?;
    source_rules::licence(tx, &mailbox, &target)?;
    source_rules::quotas(&mailbox, &target)?;
    Ok(Pair { source: mailbox, target })
}

/// Whether the mailbox is in scope now, when that can be told; asked when the user is first checked.
pub fn is_in_scope(tx: &Tx<'_>, subject: &Subject<'_>) -> rusqlite::Result<Option<bool>> {
    let look = || -> Result<bool, Stop> {
        let source = authority::source_tenant(tx, subject.endpoint)?;
        let target = target_rules::find(tx, subject.tenant, subject.address)?;
        let guid = target.text("ExchangeGuid");
        let outbound = authority::outbound(tx, &source, subject.tenant, subject.endpoint, guid)?;
        let mailbox = source_rules::find(tx, &source, guid)?;
        Ok(authority::is_in_scope(tx, &outbound, &mailbox)?)
    };
    match look() {
        Ok(is_in_scope) => Ok(Some(is_in_scope)),
        Err(Stop::Failure(_)) => Ok(None),
        Err(Stop::Store(cause)) => Err(cause),
    }
}

/// What one user's test answers: connection, relationships and scope, without touching anything.
pub fn test(tx: &Tx<'_>, endpoint: &Object, mailbox: Option<&str>) -> Result<(), Stop> {
    let source = authority::source_tenant(tx, endpoint)?;
    authority::token(tx, endpoint, &source, true)?;
    let Some(address) = mailbox else { return Ok(()) };
    let target = match target_rules::find(tx, &endpoint.tenant, address) {
        Err(Stop::Failure(failure)) if failure.exception == "MigrationRecipientNotFoundException" => {
            return Err(Failure::target(&rule::NOT_FOUND, &[address]).into());
        }
        found => found?,
    };
    authority::inbound(tx, &endpoint.tenant, &source)?;
    let guid = target.text("ExchangeGuid");
    let outbound = authority::outbound(tx, &source, &endpoint.tenant, endpoint, guid)?;
    let mailbox = source_rules::find(tx, &source, guid)?;
    if authority::is_in_scope(tx, &outbound, &mailbox)? {
        return Ok(());
    }
    // The test reaches the source through the endpoint, so it tells less than the move itself would.
    Err(authority::not_authorized(tx, endpoint, &source, guid).into())
}
