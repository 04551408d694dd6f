//! Who is signed in to the browser: a cookie names a session in the state, and the session a person.
//!
//! Nobody in the sandbox has a password. What a session protects is the order of things: that a decision is made on the page that
//! asked for it, by the person who was asked.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::Map;
use uuid::Uuid;

use super::pages::login;
use crate::sandbox::Object;
use crate::sandbox::Reply;
use crate::sandbox::Request;
use crate::sandbox::Tx;
use crate::sandbox::directory;
use crate::sandbox::form;

const KIND: &str = "session";
const TICKET: &str = "sessionTicket";
const COOKIE: &str = "ESTSAUTH";
const LIFE: Duration = Duration::from_hours(24);
const TICKET_LIFE: Duration = Duration::from_secs(60);

/// What an address carries when a person came back from the consent dialog without granting anything.
pub const DECLINED: &str = "consent_declined";

/// The field of a form that proves that this session was shown it.
pub const PROOF: &str = "canary";

/// The person who is signed in to the browser that sent `request`, in their own tenant.
pub fn user(tx: &Tx<'_>, request: &Request) -> Option<Object> {
    let session = session(tx, request)?;
    let user = directory::user(tx, &session.tenant, session.text("user"))?;
    is_enabled(&user).then_some(user)
}

/// Who `user` is in `tenant`: themselves at home, the guest who accepted an invitation elsewhere.
pub fn user_in(tx: &Tx<'_>, user: &Object, tenant: &Object) -> Option<Object> {
    if user.tenant == tenant.tenant {
        return Some(user.clone());
    }
    let initial = directory::initial_domain(tx, &tenant.tenant);
    let addresses = [user.text("userPrincipalName"), user.text("mail")];
    let guest = addresses.iter().filter(|address| !address.is_empty()).find_map(|address| {
        let name = format!("{}#EXT#@{initial}", address.replace('@', "_"));
        directory::user(tx, &tenant.tenant, &name)
    })?;
    (guest.text("externalUserState") == "Accepted" && is_enabled(&guest)).then_some(guest)
}

/// Asks who wants to sign in, and comes back to the address of `request`. `hint` is the account that is expected.
pub fn sign_in(tx: &Tx<'_>, request: &Request, tenant: Option<&Object>, hint: Option<&str>) -> Reply {
    login::picker(tx, request, tenant, hint, &address_again(request, &["login", "select_account"]))
}

/// Signs `user` in, and returns the header that tells the browser.
pub fn begin(tx: &Tx<'_>, user: &Object) -> rusqlite::Result<String> {
    let mut session = Object::new(&user.tenant, KIND, Map::new());
    // Not the time-ordered kind that other objects have: this one must not be guessed.
    session.id = Uuid::new_v4().to_string();
    session.set("user", user.text("id"));
    session.set("proof", Uuid::new_v4().to_string());
    session.set("ends", (tx.now() + LIFE).to_string());
    tx.put(&session, [])?;
    Ok(cookie(&session.id))
}

/// Ends the session of the browser that sent `request`, and returns the header that tells it.
pub fn end(tx: &Tx<'_>, request: &Request) -> rusqlite::Result<String> {
    if let Some(session) = session(tx, request) {
        tx.delete(&session.id)?;
    }
    Ok(format!("{}; Max-Age=0", cookie("")))
}

/// The value of [`PROOF`] for forms that this browser is shown; empty when nobody is signed in.
pub fn proof(tx: &Tx<'_>, request: &Request) -> String {
    session(tx, request)
        .map(|session| session.text("proof").to_owned())
        .unwrap_or_default()
}

/// Whether a form that was posted is one that this session was shown.
pub fn was_shown(tx: &Tx<'_>, request: &Request) -> bool {
    let proof = proof(tx, request);
    !proof.is_empty() && field(request, PROOF).as_deref() == Some(proof.as_str())
}

/// Whether a form that was posted came from a page of the same host, as far as the browser tells.
pub fn is_same_origin(request: &Request) -> bool {
    let own = format!("https://{}", request.host);
    request.header("origin").is_none_or(|origin| origin.eq_ignore_ascii_case(&own))
}

/// A word with which another host of ours can sign the same person in to its own pages, once and soon.
pub fn ticket(tx: &Tx<'_>, user: &Object) -> rusqlite::Result<String> {
    let mut ticket = Object::new(&user.tenant, TICKET, Map::new());
    ticket.id = Uuid::new_v4().to_string();
    ticket.set("user", user.text("id"));
    ticket.set("ends", (tx.now() + TICKET_LIFE).to_string());
    tx.put(&ticket, [])?;
    Ok(ticket.id)
}

/// The person whom a ticket is for, which is used up by this.
pub fn redeem_ticket(tx: &Tx<'_>, word: &str) -> rusqlite::Result<Option<Object>> {
    let Some(ticket) = tx.get(word)?.filter(|object| object.kind == TICKET) else {
        return Ok(None);
    };
    tx.delete(&ticket.id)?;
    Ok(directory::user(tx, &ticket.tenant, ticket.text("user")).filter(|user| lasts(tx, &ticket) && is_enabled(user)))
}

/// The field of a posted form.
pub fn field(request: &Request, name: &str) -> Option<String> {
    let fields = form::pairs(&String::from_utf8_lossy(&request.body));
    fields.into_iter().find(|(known, _)| known == name).map(|(_, value)| value)
}

/// Whether the account may sign in.
pub fn is_enabled(user: &Object) -> bool {
    user.body.get("accountEnabled").is_none_or(|enabled| enabled != false)
}

/// The address of `request` as one that can be followed, without a `prompt` of those that are done by then, and without the account
/// that was expected, as another may have been chosen.
pub fn address_again(request: &Request, done: &[&str]) -> String {
    // Only what applications send to this address comes with a body that belongs to the question. Other bodies are answers.
    let posted = match request.method == "POST" && request.path.ends_with("/authorize") {
        true => form::pairs(&String::from_utf8_lossy(&request.body)),
        false => Vec::new(),
    };
    let fields = request.query.iter().chain(&posted);
    let kept = fields.filter(|(name, value)| match name.as_str() {
        "prompt" => !done.contains(&value.as_str()),
        "login_hint" | DECLINED => false,
        _ => true,
    });
    address(request, kept)
}

/// The address of `request` with these parameters.
fn address<'a>(request: &Request, parameters: impl Iterator<Item = &'a (String, String)>) -> String {
    let path: Vec<_> = request.path.split('/').map(form::encode).collect();
    let query = form::written(parameters.map(|(name, value)| (name.as_str(), value.as_str())));
    let mark = if query.is_empty() { "" } else { "?" };
    format!("https://{}{}{mark}{}", request.host, path.join("/"), query)
}

fn session(tx: &Tx<'_>, request: &Request) -> Option<Object> {
    let cookies = request.headers.iter().filter(|(name, _)| name == "cookie");
    let mut named = cookies.flat_map(|(_, value)| value.split(';')).filter_map(|cookie| {
        let (name, value) = cookie.trim().split_once('=')?;
        (name == COOKIE).then_some(value)
    });
    let session = named.find_map(|id| tx.sound(tx.get(id)).filter(|object| object.kind == KIND))?;
    lasts(tx, &session).then_some(session)
}

fn lasts(tx: &Tx<'_>, object: &Object) -> bool {
    object.text("ends").parse::<Timestamp>().is_ok_and(|end| tx.now() < end)
}

fn cookie(value: &str) -> String {
    format!("{COOKIE}={value}; Path=/; Secure; HttpOnly; SameSite=Lax")
}
