//! Where somebody who was invited as a guest reviews what that means, and accepts.

use crate::sandbox::Object;
use crate::sandbox::Reply;
use crate::sandbox::Request;
use crate::sandbox::Tx;
use crate::sandbox::directory;
use crate::sandbox::entra::session;
use crate::sandbox::form;
use crate::sandbox::invitation;
use crate::sandbox::web::page;

use super::consent;
use super::login;

/// `/redeem?rd=...`
pub fn answer(tx: &Tx<'_>, request: &Request) -> rusqlite::Result<Reply> {
    let invitation = request.parameter("rd").and_then(|address| named_by(tx, address));
    let Some((invitation, guest)) = invitation else {
        let why = "This invitation is not valid any more. Ask the organization that invited you for a new one.";
        return Ok(page::page_with_status(400, "Invitation", &page::alert(why)));
    };
    let here = session::address_again(request, &[]);
    let address = invitation.text("address");
    let Some(user) = session::user(tx, request) else {
        return Ok(login::picker(tx, request, None, Some(address), &here));
    };
    if !invitation::addresses(tx, &user)
        .iter()
        .any(|known| known.eq_ignore_ascii_case(address))
    {
        return Ok(another_account(request, &user, address, &here));
    }
    if guest.text("externalUserState") == "Accepted" {
        return Ok(page::redirect(invitation.text("redirect")));
    }
    if request.method != "POST" {
        return Ok(review(tx, request, &user, &guest.tenant, &here));
    }
    if !session::was_shown(tx, request) {
        return Ok(consent::stale());
    }
    if session::field(request, consent::DECISION).as_deref() != Some(consent::ACCEPT) {
        let told = "<p>You did not accept the invitation, and nothing has changed. You may close this window.</p>";
        return Ok(page::page("Invitation", told));
    }
    invitation::accept(tx, guest)?;
    Ok(page::redirect(invitation.text("redirect")))
}

/// The invitation that an address of `invitations.microsoft.com` names, and the guest it made.
fn named_by(tx: &Tx<'_>, address: &str) -> Option<(Object, Object)> {
    let query = address.strip_prefix("https://invitations.microsoft.com/redeem")?.split_once('?')?.1;
    let fields = form::pairs(query);
    let field = |name: &str| fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let tenant = directory::tenant(tx, field("tenant")?)?;
    let invitation = invitation::find(tx, &tenant.tenant, field("user")?).filter(|found| Some(found.text("ticket")) == field("ticket"))?;
    let guest = directory::user(tx, &tenant.tenant, invitation.text("guest"))?;
    Some((invitation, guest))
}

fn review(tx: &Tx<'_>, request: &Request, user: &Object, tenant: &str, here: &str) -> Reply {
    let tenant = directory::tenant(tx, tenant);
    let name = page::escape(tenant.as_ref().map_or("", |tenant| tenant.text("displayName")));
    let domain = page::escape(tenant.as_ref().map_or("", |tenant| tenant.text("id")));
    let body = format!(
        "<p>{account}</p>\n<h2>{name}</h2>\n<p>Tenant <code>{domain}</code>. This resource is not shared by Microsoft.</p>\n\
         <p>The organization {name} would like to:</p>\n<ul>\n<li>Receive your profile data: your name, email address and photo</li>\n\
         <li>Collect and log your activity</li>\n<li>Use your profile data and activity data</li>\n</ul>\n\
         <p>You should only accept if you trust {name}. By accepting, you let this organization keep an account for you and manage it by its \
         own rules.</p>\n\
         <form method=\"post\" action=\"{action}\">\n{proof}\
         <button name=\"{decision}\" value=\"cancel\">Cancel</button>\n\
         <button class=\"chief\" name=\"{decision}\" value=\"{accept}\">Accept</button>\n</form>",
        account = page::escape(user.text("userPrincipalName")),
        action = page::escape(here),
        proof = page::hidden(session::PROOF, &session::proof(tx, request)),
        decision = consent::DECISION,
        accept = consent::ACCEPT,
    );
    page::page("Review permissions", &body)
}

fn another_account(request: &Request, user: &Object, address: &str, here: &str) -> Reply {
    let why = format!(
        "You are signed in as {}, and this invitation is for {address}. Sign in with that account to accept it.",
        user.text("userPrincipalName")
    );
    let other = format!("{}&login_hint={}", login::other_account(&request.host, here), form::encode(address));
    let body = format!(
        "{}<p><a href=\"{}\">Sign in with another account</a></p>",
        page::alert(&why),
        page::escape(&other)
    );
    page::page("Invitation", &body)
}
