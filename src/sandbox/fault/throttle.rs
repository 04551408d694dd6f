//! Clients that were asked to stay away. While that lasts, all calls of the client that the fault is about are refused again; a call
//! that had been refused already is on the record as too early. One that had not may have been under way, and is no offence.

use jiff::SignedDuration;
use jiff::Timestamp;
use serde::Deserialize;
use serde::Serialize;

use std::time::Duration;

use super::ledger::EarlyReturn;
use super::ledger::Kept;
use super::target;
use super::target::Target;
use crate::sandbox::Tx;

/// A client that should stay away.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Window {
    tenant: String,
    client: String,
    until: Timestamp,
    /// The calls that were refused meanwhile.
    calls: Vec<String>,
}

/// A refusal in the time that a client should have stayed away.
pub struct Refusal {
    /// What is left of it.
    pub left: Duration,
    /// By how much the call was too early, when it is one that had been refused.
    pub is_too_early: bool,
}

/// Lets the client of `target` stay away for `wait`.
pub fn begin(tx: &Tx<'_>, kept: &mut Kept, target: &Target<'_>, wait: Duration) {
    let until = tx.now().saturating_add(wait).unwrap_or(Timestamp::MAX);
    kept.windows.push(Window {
        tenant: target.tenant.clone(),
        client: target.client.clone(),
        until,
        calls: vec![target.call()],
    });
}

/// The refusal of a call whose client should have stayed away.
pub fn again(tx: &Tx<'_>, kept: &mut Kept, target: &Target<'_>) -> Option<Refusal> {
    let now = tx.now();
    kept.windows.retain(|window| now < window.until);
    let is_its = |window: &&mut Window| window.tenant == target.tenant && window.client == target.client;
    let window = kept.windows.iter_mut().find(is_its)?;
    let left = window.until.duration_since(now);
    let call = target.call();
    let is_too_early = window.calls.contains(&call);
    if !is_too_early {
        window.calls.push(call);
    }
    kept.fault.refused_meanwhile += 1;
    if is_too_early {
        kept.note_early(EarlyReturn {
            at: now,
            seconds: left.as_secs_f64(),
            tenant: target.tenant.clone(),
            client: target::client_name(tx, &target.client),
            operation: target.operation().to_owned(),
        });
    }
    Some(Refusal {
        left: Duration::try_from(left.max(SignedDuration::ZERO)).unwrap_or_default(),
        is_too_early,
    })
}
