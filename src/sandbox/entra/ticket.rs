//! Opaque values that stand for something in the state: device codes, authorization codes and refresh tokens.
//!
//! They belong to no tenant. Each is forgotten some time after its end, so that a late one is told from one that never was.

use aws_lc_rs::digest;
use aws_lc_rs::rand;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::SignedDuration;
use jiff::Timestamp;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use super::refusal::Refusal;
use crate::sandbox::Event;
use crate::sandbox::Object;
use crate::sandbox::Tx;
use crate::sandbox::directory;

/// The tenant that tickets are kept in.
pub const TENANT: &str = "";
/// The event that forgets one.
pub const FORGET: &str = "entra-forget";
/// How long a ticket is still known after its end.
const AFTERLIFE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A new value that nobody guesses.
pub fn make() -> String {
    let mut bytes = [0; 48];
    rand::fill(&mut bytes).expect("the system has random numbers");
    format!("1.{}", URL_SAFE_NO_PAD.encode(bytes))
}

/// Keeps what a new value stands for, and returns the value. The state holds only its digest.
pub fn keep(tx: &Tx<'_>, kind: &'static str, body: Map<String, Value>, life: SignedDuration) -> rusqlite::Result<String> {
    let value = make();
    let mut ticket = Object::new(TENANT, kind, body);
    begin(tx, &mut ticket, life)?;
    tx.put(&ticket, [(kind, digest_of(&value))])?;
    Ok(value)
}

/// Sets a new ticket's times, and sees to it that it is forgotten.
pub fn begin(tx: &Tx<'_>, ticket: &mut Object, life: SignedDuration) -> rusqlite::Result<()> {
    let end = tx.now().saturating_add(life).unwrap_or(Timestamp::MAX);
    ticket.set("made", tx.now().to_string());
    ticket.set("end", end.to_string());
    let due = end.saturating_add(AFTERLIFE).unwrap_or(Timestamp::MAX);
    tx.schedule(due, TENANT, FORGET, &json!(ticket.id))
}

/// What `value` stands for.
pub fn find(tx: &Tx<'_>, kind: &str, value: &str) -> Option<Object> {
    tx.sound(tx.find(TENANT, kind, &digest_of(value))).into_iter().next()
}

/// Whether the ticket's time is over.
pub fn is_over(tx: &Tx<'_>, ticket: &Object) -> bool {
    ticket.text("end").parse::<Timestamp>().is_ok_and(|end| tx.now() >= end)
}

/// How long ago the time in that property was.
pub fn age(tx: &Tx<'_>, ticket: &Object, property: &str) -> Option<SignedDuration> {
    let then = ticket.text(property).parse::<Timestamp>().ok()?;
    Some(tx.now().duration_since(then))
}

/// Notes whose ticket it is.
pub fn set_user(ticket: &mut Map<String, Value>, user: &Object) {
    ticket.insert("user".into(), user.text("id").into());
    ticket.insert("user_tenant".into(), user.tenant.as_str().into());
}

/// Whose ticket it is, when that account is still there.
pub fn user(tx: &Tx<'_>, ticket: &Object) -> Result<Object, Refusal> {
    directory::user(tx, ticket.text("user_tenant"), ticket.text("user")).ok_or_else(|| {
        let text = "The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or \
                    reset their password, or is no longer there.";
        Refusal::new(50173, "invalid_grant", text)
    })
}

/// Forgets a ticket when its time has come.
pub fn forget(tx: &Tx<'_>, event: &Event) -> rusqlite::Result<()> {
    event.body.as_str().map_or(Ok(()), |id| tx.delete(id))
}

fn digest_of(value: &str) -> String {
    // In hexadecimal, because identities are compared without case.
    let digest = digest::digest(&digest::SHA256, value.as_bytes());
    digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}
