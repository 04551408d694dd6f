//! The account picker: who wants to sign in. It offers those who hold a directory role, and takes any account by its name.

use crate::sandbox::Object;
use crate::sandbox::Reply;
use crate::sandbox::Request;
use crate::sandbox::Tx;
use crate::sandbox::directory;
use crate::sandbox::entra::session;
use crate::sandbox::form;
use crate::sandbox::hosts;
use crate::sandbox::hosts::Face;
use crate::sandbox::ids;
use crate::sandbox::web::page;

const RETURN: &str = "return";
const LOGIN: &str = "login";

/// The page that asks, and then goes to `come_back`.
pub fn picker(tx: &Tx<'_>, request: &Request, tenant: Option<&Object>, hint: Option<&str>, come_back: &str) -> Reply {
    let name = tenant.map_or("common", |tenant| tenant.text("id"));
    ask(tx, request, name, hint.unwrap_or_default(), come_back, "")
}

/// `GET /{tenant}/login`: other hosts of ours send people here. Whoever is signed in already goes straight back.
pub fn show(tx: &Tx<'_>, request: &Request, tenant: &str) -> rusqlite::Result<Reply> {
    let come_back = request.parameter(RETURN).unwrap_or_default();
    if !is_ours(come_back) {
        return Ok(stray());
    }
    match session::user(tx, request).filter(|_| request.parameter("prompt").is_none()) {
        Some(user) => go_back(tx, request, &user, come_back),
        None => Ok(ask(
            tx,
            request,
            tenant,
            request.parameter("login_hint").unwrap_or_default(),
            come_back,
            "",
        )),
    }
}

/// `POST /{tenant}/login`: the account was chosen.
pub fn choose(tx: &Tx<'_>, request: &Request, tenant: &str) -> rusqlite::Result<Reply> {
    let come_back = session::field(request, RETURN).unwrap_or_default();
    if !is_ours(&come_back) || !session::is_same_origin(request) {
        return Ok(stray());
    }
    let typed = session::field(request, LOGIN).unwrap_or_default();
    let typed = typed.trim();
    let again = |why: &str| Ok(ask(tx, request, tenant, typed, &come_back, why));
    let Some(user) = account(tx, typed) else {
        return match typed.is_empty() {
            true => again("Enter the account to sign in with."),
            false => again(&format!(
                "AADSTS50034: The user account {typed} does not exist in any tenant of the sandbox."
            )),
        };
    };
    if !session::is_enabled(&user) {
        return again("AADSTS50057: The user account is disabled.");
    }
    session::end(tx, request)?;
    let cookie = session::begin(tx, &user)?;
    Ok(go_back(tx, request, &user, &come_back)?.with_header("set-cookie", cookie))
}

/// `/{tenant}/oauth2/v2.0/logout`
pub fn sign_out(tx: &Tx<'_>, request: &Request) -> rusqlite::Result<Reply> {
    let cookie = session::end(tx, request)?;
    let next = request.parameter("post_logout_redirect_uri");
    let answer = match next.filter(|address| is_ours(address)) {
        Some(address) => page::redirect(address),
        None => page::page("You signed out", "<p>It is a good idea to close all browser windows.</p>"),
    };
    Ok(answer.with_header("set-cookie", cookie))
}

/// The address at which a person chooses another account, and then comes back to `come_back`.
pub fn other_account(host: &str, come_back: &str) -> String {
    format!(
        "https://{host}/common/login?prompt=select_account&{RETURN}={}",
        form::encode(come_back)
    )
}

/// The account of that name in its own tenant, where no guest is at home.
fn account(tx: &Tx<'_>, name: &str) -> Option<Object> {
    let all = directory::tenants(tx);
    let found = all.iter().filter_map(|tenant| directory::user(tx, tenant, name));
    found
        .filter(is_at_home)
        .find(|user| user.text("userPrincipalName").eq_ignore_ascii_case(name))
}

fn is_at_home(user: &Object) -> bool {
    !user.text("userPrincipalName").contains("#EXT#")
}

fn ask(tx: &Tx<'_>, request: &Request, tenant: &str, typed: &str, come_back: &str, why: &str) -> Reply {
    let action = format!("https://{}/{}/login", request.host, form::encode(tenant));
    let open = format!(
        "<form method=\"post\" action=\"{}\">\n{}",
        page::escape(&action),
        page::hidden(RETURN, come_back)
    );
    let offered: String = offered(tx, tenant).iter().map(button).collect();
    let alert = if why.is_empty() { String::new() } else { page::alert(why) };
    let list = match offered.is_empty() {
        true => String::new(),
        false => format!("<h2>Administrators</h2>\n{open}{offered}</form>\n"),
    };
    let body = format!(
        "{alert}<p>Nobody in the sandbox has a password: whoever chooses an account is signed in with it.</p>\n{open}\
         <label for=\"{LOGIN}\">Account</label>\n\
         <input type=\"email\" id=\"{LOGIN}\" name=\"{LOGIN}\" value=\"{}\" autocomplete=\"username\" required>\n\
         <p><button class=\"chief\">Sign in</button></p>\n</form>\n{list}",
        page::escape(typed),
    );
    page::page("Sign in", &body)
}

/// The people with a directory role, each with its name: of `tenant` or, where it names none, of all.
fn offered(tx: &Tx<'_>, tenant: &str) -> Vec<(Object, String)> {
    let named = directory::tenant(tx, tenant).map(|tenant| vec![tenant.tenant]);
    let mut people: Vec<(Object, String)> = Vec::new();
    for tenant in named.unwrap_or_else(|| directory::tenants(tx)) {
        for assignment in directory::role_assignments(tx, &tenant) {
            let holder = directory::user(tx, &tenant, assignment.text("principalId"));
            let Some(user) = holder.filter(|user| is_at_home(user) && session::is_enabled(user)) else {
                continue;
            };
            let role = role_name(assignment.text("roleDefinitionId"));
            match people.iter_mut().find(|(known, _)| known.id == user.id) {
                Some((_, roles)) => *roles = format!("{roles}, {role}"),
                None => people.push((user, role.to_owned())),
            }
        }
    }
    people
}

fn role_name(template: &str) -> &'static str {
    let known = ids::DIRECTORY_ROLES.iter().find(|(_, id)| *id == template);
    known.map_or("administrator", |(name, _)| name)
}

fn button((user, roles): &(Object, String)) -> String {
    let name = page::escape(user.text("userPrincipalName"));
    let shown = page::escape(user.text("displayName"));
    format!("<button class=\"account\" name=\"{LOGIN}\" value=\"{name}\">{shown}, {roles}<br>{name}</button>\n")
}

/// Back to where somebody came from. Hosts that cannot read this host's cookie are told by a ticket who it is.
fn go_back(tx: &Tx<'_>, request: &Request, user: &Object, come_back: &str) -> rusqlite::Result<Reply> {
    let host = host_of(come_back).unwrap_or_default();
    if host == request.host || hosts::face(&host) != Some(Face::Exchange) {
        return Ok(page::redirect(come_back));
    }
    let mark = if come_back.contains('?') { '&' } else { '?' };
    Ok(page::redirect(&format!("{come_back}{mark}code={}", session::ticket(tx, user)?)))
}

/// Whether an address lies on a host that shows pages of the sandbox, so that nobody is sent to a stranger.
pub fn is_ours(address: &str) -> bool {
    let face = host_of(address).and_then(|host| hosts::face(&host));
    let is_plain = address.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    is_plain && matches!(face, Some(Face::Entra | Face::Exchange | Face::Web))
}

fn host_of(address: &str) -> Option<String> {
    let rest = address.strip_prefix("https://")?;
    rest.split(['/', '?', '#']).next().map(str::to_ascii_lowercase)
}

fn stray() -> Reply {
    let why = "This form does not lead back to a page of the sandbox. Start again from the application.";
    page::page_with_status(400, "Sign in", &page::alert(why))
}
