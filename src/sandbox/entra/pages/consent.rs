//! The dialog that asks for permissions, for a person or for a whole organization.

use crate::sandbox::Object;
use crate::sandbox::Reply;
use crate::sandbox::Request;
use crate::sandbox::Tx;
use crate::sandbox::directory;
use crate::sandbox::entra::answer;
use crate::sandbox::entra::authority::Authority;
use crate::sandbox::entra::client::Client;
use crate::sandbox::entra::consent;
use crate::sandbox::entra::consent::Asked;
use crate::sandbox::entra::consent::Permission;
use crate::sandbox::entra::session;
use crate::sandbox::web::page;

use super::login;

/// The field that says which button was pressed.
pub const DECISION: &str = "decision";
/// Its value for the button that grants.
pub const ACCEPT: &str = "accept";
const CLIENT: &str = "client_id";
const SCOPE: &str = "scope";
const FOR_ALL: &str = "for_all";
const RETURN: &str = "return";

/// Asks the person for consent, and comes back to the address of `request`, with consent given or [`was_declined`].
pub fn ask(tx: &Tx<'_>, request: &Request, asked: &Asked<'_>) -> Reply {
    let permissions = match consent::permissions(tx, asked) {
        Ok(permissions) => permissions,
        Err(refusal) => return refusal.page(tx.now()),
    };
    let come_back = session::address_again(request, &["consent"]);
    if !consent::may_grant(tx, asked, &permissions) {
        return needs_approval(request, asked, &come_back, Some(&declined(&come_back)));
    }
    let action = format!("https://{}/{}/consent", request.host, asked.tenant.text("id"));
    let fields = [
        page::hidden(CLIENT, asked.client.text("appId")),
        page::hidden(SCOPE, &asked.scopes.join(" ")),
        page::hidden(RETURN, &come_back),
    ];
    let choice = match !asked.admin && consent::may_grant_for_all(tx, asked, &permissions) {
        true => format!(
            "<p><label><input type=\"checkbox\" name=\"{FOR_ALL}\" value=\"1\"> Consent on behalf of your organization</label></p>\n"
        ),
        false => String::new(),
    };
    dialog(tx, request, asked, &permissions, &action, &format!("{}{choice}", fields.concat()))
}

/// `POST /{tenant}/consent`: a button of the dialog was pressed.
pub fn decide(tx: &Tx<'_>, request: &Request, tenant: &str) -> rusqlite::Result<Reply> {
    let field = |name: &str| session::field(request, name).unwrap_or_default();
    let come_back = field(RETURN);
    let home = session::user(tx, request).filter(|_| session::was_shown(tx, request) && login::is_ours(&come_back));
    let (Some(home), Some(tenant)) = (home, directory::tenant(tx, tenant)) else {
        return Ok(stale());
    };
    // The form may be forged: an application of another tenant alone is none of this one's.
    let client = match Client::find(tx, &Authority::Tenant(tenant.clone()), &field(CLIENT)) {
        Ok(client) => client.application,
        Err(refusal) => return Ok(refusal.page(tx.now())),
    };
    let Some(user) = session::user_in(tx, &home, &tenant) else {
        return Ok(stale());
    };
    if field(DECISION) != ACCEPT {
        return Ok(page::redirect(&declined(&come_back)));
    }
    let scopes: Vec<_> = field(SCOPE).split_whitespace().map(str::to_owned).collect();
    let mut asked = Asked {
        client: &client,
        tenant: &tenant,
        user: &user,
        scopes: &scopes,
        admin: false,
    };
    // What the dialog listed, also when it is granted for everybody.
    let listed = consent::permissions(tx, &asked);
    asked.admin = !field(FOR_ALL).is_empty();
    match listed {
        Ok(permissions) if consent::may_grant(tx, &asked, &permissions) => {
            consent::apply(tx, &asked, &permissions)?;
            Ok(page::redirect(&come_back))
        }
        Ok(_) => Ok(needs_approval(request, &asked, &come_back, Some(&declined(&come_back)))),
        Err(refusal) => Ok(refusal.page(tx.now())),
    }
}

/// Whether the person comes back from the dialog without having granted anything.
pub fn was_declined(request: &Request) -> bool {
    request.parameter(session::DECLINED).is_some()
}

/// The dialog itself: what `asked` is about, and a form of `fields` with the two buttons.
pub fn dialog(tx: &Tx<'_>, request: &Request, asked: &Asked<'_>, permissions: &[Permission], action: &str, fields: &str) -> Reply {
    let client = asked.client;
    let publisher = match client.text("publisherDomain") {
        "" => "Microsoft Corporation".to_owned(),
        domain => format!("{} <strong>(unverified)</strong>", page::escape(domain)),
    };
    let list: String = permissions.iter().map(line).collect();
    let list = match list.is_empty() {
        true => "<p>This application asks for no permissions.</p>\n".to_owned(),
        false => format!("<p>This app would like to:</p>\n<ul>\n{list}</ul>\n"),
    };
    let scope = match asked.admin {
        true => {
            "<p>If you accept, this app will get access to the specified resources for all users in your organization. \
                  No one else will be prompted to review these permissions.</p>\n"
        }
        false => "",
    };
    let body = format!(
        "<p>{account}<br>{organization}{for_whom}</p>\n<h2>{name}</h2>\n<p>Publisher: {publisher}<br>Application id: <code>{app_id}</code></p>\n\
         {list}{scope}<p>Only accept if you trust the publisher and if you selected this app from a store or website you trust.</p>\n\
         <form method=\"post\" action=\"{action}\">\n{proof}{fields}\
         <button name=\"{DECISION}\" value=\"cancel\">Cancel</button>\n\
         <button class=\"chief\" name=\"{DECISION}\" value=\"{ACCEPT}\">Accept</button>\n</form>\n\
         <p><a href=\"{other}\">Use another account</a></p>",
        account = page::escape(asked.user.text("userPrincipalName")),
        organization = page::escape(asked.tenant.text("displayName")),
        for_whom = if asked.admin { " — review for your organization" } else { "" },
        name = page::escape(client.text("displayName")),
        app_id = page::escape(client.text("appId")),
        action = page::escape(action),
        proof = page::hidden(session::PROOF, &session::proof(tx, request)),
        other = page::escape(&login::other_account(&request.host, &session::address_again(request, &[]))),
    );
    page::page("Permissions requested", &body)
}

/// The page for a person who may not grant what is asked.
pub fn needs_approval(request: &Request, asked: &Asked<'_>, come_back: &str, declined: Option<&str>) -> Reply {
    let leave = declined.map(|address| {
        format!(
            "<p><a href=\"{}\">Return to the application without granting consent</a></p>",
            page::escape(address)
        )
    });
    let body = format!(
        "<p>{account}</p>\n<h2>{name}</h2>\n\
         <p>{name} needs permission to access resources in your organization that only an admin can grant. Please ask an admin to grant \
         permission to this app before you can use it.</p>\n<p>AADSTS90094: An administrator of {organization} has to consent.</p>\n\
         <p><a href=\"{other}\">Have an admin account? Sign in with that account</a></p>\n{leave}",
        account = page::escape(asked.user.text("userPrincipalName")),
        name = page::escape(asked.client.text("displayName")),
        organization = page::escape(asked.tenant.text("displayName")),
        other = page::escape(&login::other_account(&request.host, come_back)),
        leave = leave.unwrap_or_default(),
    );
    page::page("Need admin approval", &body)
}

/// What a form is answered with that this session was not shown.
pub fn stale() -> Reply {
    let why = "This page is out of date, or it was not opened here. Go back to the application and start again.";
    page::page_with_status(400, "Start again", &page::alert(why))
}

/// What is told to somebody who has no account in the tenant.
pub fn stranger(tx: &Tx<'_>, request: &Request, home: &Object, tenant: &Object, client: &Object) -> Reply {
    let why = answer::stranger(tx, home, tenant, client).message();
    let other = login::other_account(&request.host, &session::address_again(request, &[]));
    let body = format!(
        "{}<p><a href=\"{}\">Sign in with another account</a></p>",
        page::alert(&why),
        page::escape(&other)
    );
    page::page_with_status(400, "Selected user account does not exist in tenant", &body)
}

fn line(permission: &Permission) -> String {
    let kind = if permission.is_role {
        "without a signed-in user"
    } else {
        "as the signed-in user"
    };
    let more = match permission.description == permission.name {
        true => String::new(),
        false => format!("{}<br>", page::escape(&permission.description)),
    };
    format!(
        "<li><details><summary>{}</summary>{more}<code>{}</code> of {}, {kind}</details></li>\n",
        page::escape(&permission.name),
        page::escape(&permission.value),
        page::escape(permission.resource.text("displayName")),
    )
}

fn declined(come_back: &str) -> String {
    let mark = if come_back.contains('?') { '&' } else { '?' };
    format!("{come_back}{mark}{}=1", session::DECLINED)
}
