//! Trouble of the service that moves mailboxes: no request meets it, a move does.

use super::ledger;
use super::pattern::Pattern;
use crate::sandbox::Tx;

/// The failure that befalls a move of `tenant`'s at the end of a copy, of those that `fits` says can befall it there.
pub fn trouble(tx: &Tx<'_>, tenant: &str, address: &str, fits: impl Fn(&str) -> bool) -> rusqlite::Result<Option<String>> {
    for mut kept in ledger::kept(tx)? {
        let spec = &kept.fault.spec;
        let is_meant = spec.service.is_none()
            && spec.tenant.as_ref().is_none_or(|meant| meant == tenant)
            && spec.object.as_ref().is_none_or(|object| Pattern::of_object(object).covers(address));
        let Some(number) = spec.operation.clone().filter(|number| is_meant && fits(number)) else {
            continue;
        };
        let happens = kept.happens();
        ledger::store(tx, &kept)?;
        if happens {
            return Ok(Some(number));
        }
    }
    Ok(None)
}
