//! Where a person enters the code that a program shows, and says that it may sign in.

use crate::sandbox::Object;
use crate::sandbox::Reply;
use crate::sandbox::Request;
use crate::sandbox::Tx;
use crate::sandbox::entra::authority::Authority;
use crate::sandbox::entra::authorize;
use crate::sandbox::entra::client::Client;
use crate::sandbox::entra::client::Standing;
use crate::sandbox::entra::device;
use crate::sandbox::entra::scope::Scope;
use crate::sandbox::entra::session;
use crate::sandbox::web::page;

use super::consent;
use super::login;

/// The address of the page on a login host.
pub const PATH: &str = "/common/oauth2/deviceauth";
const CODE: &str = "otc";
const CONTINUE: &str = "continue";

/// `GET` and `POST` of the page: the code is entered, then somebody signs in, then they say whether the program may.
pub fn answer(tx: &Tx<'_>, request: &Request) -> rusqlite::Result<Reply> {
    let posted = session::field(request, CODE);
    let typed = posted.as_deref().or_else(|| request.parameter(CODE)).unwrap_or_default().trim();
    let signed_in = session::user(tx, request);
    if typed.is_empty() || (posted.is_none() && signed_in.is_none()) {
        return Ok(ask_code(request, typed, ""));
    }
    let Some(code) = device::pending(tx, typed) else {
        let why =
            "That code didn't work. It is wrong, it was used already, or it has expired. Check the code, or get a new one from the app.";
        return Ok(ask_code(request, typed, why));
    };
    let Some(home) = signed_in else {
        return Ok(login::picker(tx, request, None, None, &with_code(request, typed)));
    };
    let found = Authority::named(tx, code.text("tenant")).and_then(|authority| {
        let client = Client::find(tx, &authority, code.text("client_id"))?;
        Ok((authority, client, Scope::parse(code.text("scope"))?))
    });
    let (authority, client, scope) = match found {
        Ok(found) => found,
        Err(refusal) => return Ok(refusal.page(tx.now())),
    };
    let user = match &authority {
        Authority::Tenant(tenant) => match session::user_in(tx, &home, tenant) {
            Some(user) => user,
            None => return Ok(consent::stranger(tx, request, &home, tenant, &client.application)),
        },
        Authority::Home => home.clone(),
    };
    if consent::was_declined(request) {
        return cancel(tx, &code);
    }
    match client.standing(tx, &user, &scope) {
        Ok(Standing::Granted(_)) => {}
        Ok(Standing::NeedsConsent(missing)) => {
            let back = Request {
                method: "GET".into(),
                query: vec![(CODE.into(), typed.into())],
                body: Vec::new(),
                ..request.clone()
            };
            let asked = authorize::ask_for_consent(tx, &back, &client, &user, &scope, &missing);
            return Ok(asked.unwrap_or_else(|refusal| refusal.page(tx.now())));
        }
        Err(refusal) => return Ok(refusal.page(tx.now())),
    }
    let client = &client.application;
    let decision = session::field(request, consent::DECISION);
    match decision.as_deref() {
        None => Ok(confirm(tx, request, typed, &user, client)),
        Some(_) if !session::was_shown(tx, request) => Ok(consent::stale()),
        Some(CONTINUE) => {
            // The account itself, which the program may use in other tenants too.
            device::approve(tx, &code, &home)?;
            let body = format!(
                "<p>You have signed in to the {} application on your device. You may now close this window.</p>",
                page::escape(client.text("displayName"))
            );
            Ok(page::page("You are signed in", &body))
        }
        Some(_) => cancel(tx, &code),
    }
}

fn cancel(tx: &Tx<'_>, code: &Object) -> rusqlite::Result<Reply> {
    device::decline(tx, code)?;
    let body = "<p>The app on your device was told that you do not want to sign in. You may now close this window.</p>";
    Ok(page::page("Sign-in cancelled", body))
}

fn ask_code(request: &Request, typed: &str, why: &str) -> Reply {
    let alert = if why.is_empty() { String::new() } else { page::alert(why) };
    let body = format!(
        "{alert}<p>Enter the code that your app or device shows, to allow access. Do not enter codes from sources you do not trust.</p>\n\
         <form method=\"post\" action=\"{}\">\n<label for=\"{CODE}\">Code</label>\n\
         <input type=\"text\" id=\"{CODE}\" name=\"{CODE}\" value=\"{}\" maxlength=\"18\" autocomplete=\"off\" \
         autocapitalize=\"characters\" spellcheck=\"false\" required>\n<p><button class=\"chief\">Next</button></p>\n</form>",
        page::escape(&action(request)),
        page::escape(typed),
    );
    page::page("Enter code to allow access", &body)
}

fn confirm(tx: &Tx<'_>, request: &Request, typed: &str, user: &Object, client: &Object) -> Reply {
    let name = page::escape(client.text("displayName"));
    let body = format!(
        "<p>{account}</p>\n<p>A device or an app at another place shows the code <code>{code}</code> and wants to sign in to <strong>{name}</strong> \
         as you. Continue only if you started this yourself and trust the device.</p>\n\
         <form method=\"post\" action=\"{action}\">\n{proof}{field}\
         <button name=\"{decision}\" value=\"cancel\">Cancel</button>\n\
         <button class=\"chief\" name=\"{decision}\" value=\"{CONTINUE}\">Continue</button>\n</form>\n\
         <p><a href=\"{other}\">Use another account</a></p>",
        account = page::escape(user.text("userPrincipalName")),
        code = page::escape(typed),
        action = page::escape(&action(request)),
        proof = page::hidden(session::PROOF, &session::proof(tx, request)),
        field = page::hidden(CODE, typed),
        decision = consent::DECISION,
        other = page::escape(&login::other_account(&request.host, &with_code(request, typed))),
    );
    page::page(&format!("Are you trying to sign in to {}?", client.text("displayName")), &body)
}

fn action(request: &Request) -> String {
    format!("https://{}{PATH}", request.host)
}

fn with_code(request: &Request, typed: &str) -> String {
    format!("{}?{CODE}={}", action(request), crate::sandbox::form::encode(typed))
}
