//! The mailbox that a person reads in the browser. It holds invitations, as nothing else is ever sent.

use jiff::Timestamp;

use crate::sandbox::Object;
use crate::sandbox::Reply;
use crate::sandbox::Request;
use crate::sandbox::Tx;
use crate::sandbox::entra::session;
use crate::sandbox::form;
use crate::sandbox::invitation;

use super::page;

const TICKET: &str = "code";
const MESSAGES: &str = "mail/id/";
const LOG_OUT: &str = "mail/logout";
const LOG_OFF: &str = "owa/logoff.owa";

/// Where the pages are.
pub const PATHS: &[&str] = &["mail", "mail/inbox", "mail/id/{message}", LOG_OUT, "owa", LOG_OFF];

/// Whether a request to an Exchange host is for the mailbox page.
pub fn is_mail(request: &Request) -> bool {
    let root = request.path.trim_start_matches('/').split('/').next().unwrap_or_default();
    ["mail", "owa"].iter().any(|known| known.eq_ignore_ascii_case(root))
}

/// Answers a request for the mailbox page.
pub fn handle(tx: &Tx<'_>, request: &Request) -> Reply {
    tx.sound(answer(tx, request).map(Some)).unwrap_or_default()
}

fn answer(tx: &Tx<'_>, request: &Request) -> rusqlite::Result<Reply> {
    if request.method != "GET" {
        return Ok(Reply::empty(405).with_header("allow", "GET"));
    }
    let here = format!("https://{}/mail/", request.host);
    if let Some(word) = request.parameter(TICKET) {
        let Some(user) = session::redeem_ticket(tx, word)? else {
            return Ok(page::redirect(&here));
        };
        session::end(tx, request)?;
        return Ok(page::redirect(&here).with_header("set-cookie", session::begin(tx, &user)?));
    }
    let path = request.path.trim_matches('/').to_ascii_lowercase();
    let message = path.strip_prefix(MESSAGES);
    if message.is_none() && !PATHS.contains(&path.as_str()) {
        return Ok(page::not_found());
    }
    if [LOG_OUT, LOG_OFF].contains(&path.as_str()) {
        let out = format!("https://{}/common/oauth2/v2.0/logout", login_host(&request.host));
        return Ok(page::redirect(&out).with_header("set-cookie", session::end(tx, request)?));
    }
    let Some(user) = session::user(tx, request) else {
        let login = format!("https://{}/common/login?return={}", login_host(&request.host), form::encode(&here));
        return Ok(page::redirect(&login));
    };
    let Some(id) = message else {
        return Ok(inbox(&user, &invitation::messages(tx, &user)));
    };
    Ok(match invitation::message(tx, &user, id) {
        Some(message) => open(&user, &message),
        None => page::not_found(),
    })
}

fn inbox(user: &Object, messages: &[Object]) -> Reply {
    let rows: String = messages.iter().map(row).collect();
    let list = match messages.is_empty() {
        true => "<p>There are no messages.</p>".to_owned(),
        false => format!(
            "<table>\n<thead><tr><th scope=\"col\">From</th><th scope=\"col\">Subject</th><th scope=\"col\">Received</th></tr></thead>\n\
             <tbody>\n{rows}</tbody>\n</table>"
        ),
    };
    page::page("Inbox", &format!("{}\n{list}", account(user)))
}

fn row(message: &Object) -> String {
    format!(
        "<tr><td>{}</td><td><a href=\"/{MESSAGES}{}\">{}</a></td><td>{}</td></tr>\n",
        page::escape(&sender(message)),
        page::escape(&message.id),
        page::escape(&subject(message)),
        page::escape(&sent(message)),
    )
}

fn open(user: &Object, message: &Object) -> Reply {
    let organization = page::escape(message.text("organization"));
    let text = match message.text("text") {
        "" => String::new(),
        text => format!("<h2>Message from {organization}</h2>\n<pre>{}</pre>\n", page::escape(text)),
    };
    let body = format!(
        "{account}\n<dl>\n<dt>From</dt><dd>{from}</dd>\n<dt>To</dt><dd>{to}</dd>\n<dt>Received</dt><dd>{sent}</dd>\n</dl>\n\
         <p>Only act on this message if you trust the organization below, and expected the invitation.</p>\n\
         <p>Organization: {organization}<br>Domain: {domain}</p>\n{text}\
         <p><a class=\"button chief\" href=\"{link}\">Accept invitation</a></p>\n<p><a href=\"/mail/\">Back to the inbox</a></p>",
        account = account(user),
        from = page::escape(&sender(message)),
        to = page::escape(message.text("to")),
        sent = page::escape(&sent(message)),
        domain = page::escape(message.text("domain")),
        link = page::escape(message.text("link")),
    );
    page::page(&subject(message), &body)
}

fn account(user: &Object) -> String {
    format!(
        "<p>{} · <a href=\"/mail/logout\">Sign out</a></p>",
        page::escape(user.text("userPrincipalName"))
    )
}

fn sender(message: &Object) -> String {
    format!("Microsoft Invitations on behalf of {}", message.text("organization"))
}

fn subject(message: &Object) -> String {
    format!(
        "{} invited you to access applications within their organization",
        message.text("organization")
    )
}

fn sent(message: &Object) -> String {
    let time = message.text("sent").parse::<Timestamp>();
    time.map_or_else(|_| String::new(), |time| time.strftime("%Y-%m-%d %H:%M UTC").to_string())
}

/// Where people of that Exchange host's cloud sign in.
fn login_host(host: &str) -> &'static str {
    match host {
        _ if host.ends_with(".cn") => "login.partner.microsoftonline.cn",
        _ if host.ends_with(".us") || host.ends_with(".mil") => "login.microsoftonline.us",
        _ => "login.microsoftonline.com",
    }
}
