//! What programs can ask of a login host, below the name of a tenant. All else is for people, and a page.

use super::authorize;
use super::call::Call;
use super::call::Version;
use super::device_grant;
use super::instance;
use super::metadata;
use super::refusal::Refusal;
use super::sign_in;
use crate::sandbox::Reply;
use crate::sandbox::Request;
use crate::sandbox::Tx;
use crate::sandbox::web::page;

/// One request on its way.
struct Visit<'a> {
    tx: &'a Tx<'a>,
    request: &'a Request,
    /// The tenant as the address names it.
    tenant: &'a str,
    /// What stands where the path has a placeholder.
    last: &'a str,
}

impl Visit<'_> {
    fn call(&self, version: Version) -> Call<'_> {
        Call::of(self.tx, self.request, self.tenant, version)
    }

    fn metadata(&self, version: Version) -> Result<Reply, Refusal> {
        metadata::configuration(self.tx, &self.request.host, self.tenant, version)
    }

    fn keys(&self, version: Version) -> Result<Reply, Refusal> {
        metadata::keys(self.tx, &self.request.host, version)
    }

    fn authorize(&self, version: Version) -> Result<Reply, Refusal> {
        Ok(authorize::handle(self.tx, self.request, self.tenant, version))
    }
}

struct Route {
    method: &'static str,
    path: &'static str,
    answer: fn(&Visit<'_>) -> Result<Reply, Refusal>,
}

const USER: &str = "{user}";

static ROUTES: &[Route] = &[
    of("GET", "v2.0/.well-known/openid-configuration", |visit| visit.metadata(Version::V2)),
    of("GET", ".well-known/openid-configuration", |visit| visit.metadata(Version::V1)),
    of("GET", "discovery/v2.0/keys", |visit| visit.keys(Version::V2)),
    of("GET", "discovery/keys", |visit| visit.keys(Version::V1)),
    of("GET", "discovery/instance", |visit| instance::discovery(visit.tx, visit.request)),
    of("GET", "userrealm", |visit| instance::realm(visit.tx, visit.request, "")),
    of("GET", "userrealm/{user}", |visit| {
        instance::realm(visit.tx, visit.request, visit.last)
    }),
    of("GET", "oauth2/v2.0/authorize", |visit| visit.authorize(Version::V2)),
    of("POST", "oauth2/v2.0/authorize", |visit| visit.authorize(Version::V2)),
    of("GET", "oauth2/authorize", |visit| visit.authorize(Version::V1)),
    of("POST", "oauth2/authorize", |visit| visit.authorize(Version::V1)),
    of("GET", "oauth2/nativeclient", |_| {
        Ok(page::page(
            "Signed in",
            "<p>Go back to the application. You may now close this window.</p>",
        ))
    }),
    of("POST", "oauth2/v2.0/devicecode", |visit| {
        device_grant::start(&visit.call(Version::V2))
    }),
    of("POST", "oauth2/devicecode", |visit| device_grant::start(&visit.call(Version::V1))),
    of("POST", "oauth2/v2.0/token", |visit| sign_in::token(&visit.call(Version::V2))),
    of("POST", "oauth2/token", |visit| sign_in::token(&visit.call(Version::V1))),
];

const fn of(method: &'static str, path: &'static str, answer: fn(&Visit<'_>) -> Result<Reply, Refusal>) -> Route {
    Route { method, path, answer }
}

/// All of them, as the documentation names them.
pub fn operations() -> impl Iterator<Item = String> {
    ROUTES.iter().map(|route| format!("{} /{{tenant}}/{}", route.method, route.path))
}

/// The answer to a program; `None` when the path is none of these.
pub fn answer(tx: &Tx<'_>, request: &Request, tenant: &str, rest: &str) -> Option<Result<Reply, Refusal>> {
    let fit = || ROUTES.iter().filter_map(|route| Some((route, place(route.path, rest)?)));
    let Some((route, last)) = fit().find(|(route, _)| route.method == request.method) else {
        // A person who opens the address of a form is told in the words of the form.
        fit().find(|(route, _)| route.method == "POST")?;
        let text = format!("The endpoint only accepts POST requests. Received a {} request.", request.method);
        return Some(Err(Refusal::new(900561, "invalid_request", text)));
    };
    let visit = Visit { tx, request, tenant, last };
    Some((route.answer)(&visit))
}

/// What stands at the placeholder when `rest` is of this path, whatever its case.
fn place<'a>(path: &str, rest: &'a str) -> Option<&'a str> {
    let Some(fixed) = path.strip_suffix(USER) else {
        return path.eq_ignore_ascii_case(rest).then_some("");
    };
    let (start, last) = rest.split_at_checked(fixed.len())?;
    (start.eq_ignore_ascii_case(fixed) && !last.is_empty()).then_some(last)
}
