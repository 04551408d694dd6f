//! What the MailUser in the target has to be.

use super::failure::Failure;
use super::failure::Stop;
use super::request;
use crate::sandbox::Object;
use crate::sandbox::Tx;
use crate::sandbox::directory;
use crate::sandbox::exchange::recipient;
use crate::sandbox::rule;

/// Finds the MailUser that is to become the mailbox, and holds it against the contract.
pub fn check(tx: &Tx<'_>, tenant: &str, address: &str, delivery_domain: &str, request_id: &str) -> Result<Object, Stop> {
    let target = find(tx, tenant, address)?;
    if recipient::guid(&target, "ExchangeGuid") == recipient::ZERO_GUID {
        return Err(Failure::target(&rule::NO_EXCHANGE_GUID, &[address]).into());
    }
    had_no_other_mailbox(&target, address)?;
    accepted_domains(tx, &target)?;
    delivery_address(&target, delivery_domain)?;
    twins(tx, &target, address)?;
    pending_request(tx, &target, request_id)?;
    Ok(target)
}

/// The recipient with that address, when it is of the type that can become a mailbox.
pub fn find(tx: &Tx<'_>, tenant: &str, address: &str) -> Result<Object, Stop> {
    let found = recipient::resolve(tx, tenant, address)?.into_iter().next();
    match found {
        Some(found) if recipient::is_mailbox(&found) => Err(already_a_mailbox(address).into()),
        Some(found) if found.text("RecipientTypeDetails") == "MailUser" => Ok(found),
        _ => Err(Failure::target(&rule::NO_RECIPIENT, &[address]).into()),
    }
}

fn already_a_mailbox(address: &str) -> Failure {
    Failure::target(&rule::HAS_MAILBOX, &[address])
}

/// A MailUser that was a mailbox is still tied to the old one, until that is cleared. After a completed move away the old one is
/// the very mailbox that now comes back, which is no obstacle.
fn had_no_other_mailbox(target: &Object, address: &str) -> Result<(), Failure> {
    let was_mailbox = target.text("PreviousRecipientTypeDetails").ends_with("Mailbox");
    let is_same = target
        .text("_PreviousExchangeGuid")
        .eq_ignore_ascii_case(target.text("ExchangeGuid"));
    match was_mailbox && !is_same {
        true => Err(already_a_mailbox(address)),
        false => Ok(()),
    }
}

/// Every SMTP address must be in a domain of the target.
pub fn accepted_domains(tx: &Tx<'_>, target: &Object) -> Result<(), Failure> {
    let accepted = directory::accepted_domains(tx, &target.tenant);
    let is_accepted = |address: &String| {
        let domain = address.rsplit_once('@').map(|(_, domain)| domain).unwrap_or_default();
        accepted.iter().any(|known| known.eq_ignore_ascii_case(domain))
    };
    match recipient::smtp_addresses(target).iter().all(is_accepted) {
        true => Ok(()),
        false => Err(Failure::target(&rule::FOREIGN_DOMAIN, &[])),
    }
}

/// The address that the source will forward to.
pub fn delivery_address(target: &Object, delivery_domain: &str) -> Result<String, Failure> {
    let is_in_domain = |address: &String| {
        let domain = address.rsplit_once('@').map(|(_, domain)| domain);
        domain.is_some_and(|domain| domain.eq_ignore_ascii_case(delivery_domain))
    };
    let addresses = recipient::smtp_addresses(target);
    let found = addresses.into_iter().find(is_in_domain);
    found.ok_or_else(|| Failure::target(&rule::NO_DELIVERY_ADDRESS, &[delivery_domain]))
}

/// Soft-deleted remains with the same address or mailbox make the name ambiguous.
fn twins(tx: &Tx<'_>, target: &Object, address: &str) -> Result<(), Stop> {
    for name in [address, target.text("ExchangeGuid")] {
        let found = recipient::resolve_with_deleted(tx, &target.tenant, name)?;
        if found.iter().any(|other| other.id != target.id && recipient::is_soft_deleted(other)) {
            return Err(Failure::target(&rule::AMBIGUOUS, &[target.text("DisplayName")]).into());
        }
    }
    Ok(())
}

/// A move request that is left from another attempt.
fn pending_request(tx: &Tx<'_>, target: &Object, request_id: &str) -> Result<(), Stop> {
    let requests = request::of_recipient(tx, target)?;
    let Some(other) = requests.into_iter().find(|other| other.text("RequestGuid") != request_id) else {
        return Ok(());
    };
    let (name, database) = (target.text("Name"), other.text("TargetDatabase"));
    Err(Failure::target(&rule::PENDING_REQUEST, &[name, name, database]).into())
}
