//! Pages for people that are no service of their own, and the kit that all pages of the sandbox are made with.

mod mail;
pub mod page;

pub use mail::handle as mail;
pub use mail::is_mail;

use super::Reply;
use super::Request;
use super::Tx;
use super::entra::pages::device;
use super::form;

/// Host, path and answer.
type Route = (&'static str, &'static str, fn(&Request) -> Reply);

static ROUTES: &[Route] = &[
    ("microsoft.com", "devicelogin", |_| to_device_page("login.microsoftonline.com")),
    ("microsoft.com", "deviceloginus", |_| to_device_page("login.microsoftonline.us")),
    ("microsoft.com", "deviceloginchina", |_| {
        to_device_page("login.partner.microsoftonline.cn")
    }),
    ("invitations.microsoft.com", "redeem", |request| page::redirect(&redeem(request))),
    ("office.com", "", landing),
];

/// All pages of these hosts and those of the mailbox, as the documentation names them.
pub fn operations() -> impl Iterator<Item = String> {
    let of_hosts = ROUTES.iter().map(|(host, path, _)| format!("GET {host}/{path}"));
    of_hosts.chain(mail::PATHS.iter().map(|path| format!("GET outlook/{path}")))
}

/// Answers a request to one of these hosts.
pub fn handle(_tx: &Tx<'_>, request: &Request) -> Reply {
    let host = request.host.trim_start_matches("www.");
    let path = request.path.trim_matches('/');
    let found = ROUTES.iter().find(|(at, known, _)| *at == host && known.eq_ignore_ascii_case(path));
    match found {
        None => page::not_found(),
        Some(_) if !["GET", "HEAD"].contains(&request.method.as_str()) => Reply::empty(405).with_header("allow", "GET, HEAD"),
        Some((_, _, answer)) => answer(request),
    }
}

fn to_device_page(login: &str) -> Reply {
    page::redirect(&format!("https://{login}{}", device::PATH))
}

/// Where applications send people after consent when nothing of theirs listens.
fn landing(request: &Request) -> Reply {
    let given = request.parameter("admin_consent").is_some();
    let told = match (request.parameter("error"), given) {
        (Some(error), _) => {
            let why = request.parameter("error_description").unwrap_or(error);
            page::alert(&format!("The application was told: {why}"))
        }
        (None, true) => format!(
            "<p>Consent was given in the tenant <code>{}</code>.</p>",
            page::escape(request.parameter("tenant").unwrap_or_default())
        ),
        (None, false) => "<p>There is nothing else here.</p>".to_owned(),
    };
    page::page("Microsoft 365", &format!("{told}\n<p>You may close this window.</p>"))
}

/// The page of the login host at which an invitation is accepted.
fn redeem(request: &Request) -> String {
    let query = form::written(request.query.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    let own = format!("https://invitations.microsoft.com/redeem/?{query}");
    format!("https://login.microsoftonline.com/redeem?rd={}", form::encode(&own))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::testing::Desk;
    use crate::sandbox::testing::request;

    fn location(reply: &Reply) -> &str {
        let found = reply.headers.iter().find(|(name, _)| name == "location");
        found.map_or("", |(_, value)| value)
    }

    #[test]
    fn short_addresses_lead_to_the_device_page_of_their_cloud() {
        let desk = Desk::new();
        for (host, path, expected) in [
            (
                "microsoft.com",
                "/devicelogin",
                "https://login.microsoftonline.com/common/oauth2/deviceauth",
            ),
            (
                "www.microsoft.com",
                "/devicelogin/",
                "https://login.microsoftonline.com/common/oauth2/deviceauth",
            ),
            (
                "microsoft.com",
                "/deviceloginus",
                "https://login.microsoftonline.us/common/oauth2/deviceauth",
            ),
        ] {
            assert_eq!(location(&desk.world.answer(&request("GET", host, path))), expected, "{host}{path}");
        }
        assert_eq!(desk.world.answer(&request("GET", "microsoft.com", "/surface")).status, 404);
    }

    #[test]
    fn the_landing_page_tells_what_the_application_was_told_as_text() {
        let desk = Desk::new();
        let mut request = request("GET", "office.com", "/");
        request.query = vec![
            ("error".into(), "permission_denied".into()),
            ("error_description".into(), "<script>x</script>".into()),
        ];

        let shown = String::from_utf8(desk.world.answer(&request).body).unwrap();

        assert!(shown.contains("role=\"alert\"") && shown.contains("&lt;script&gt;x"), "{shown}");
        assert!(!shown.contains("<script>"), "{shown}");
    }
}
