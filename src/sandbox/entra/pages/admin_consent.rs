//! The addresses at which an administrator consents for the whole organization: the older one and that of the second version.

use crate::sandbox::Object;
use crate::sandbox::Reply;
use crate::sandbox::Request;
use crate::sandbox::Tx;
use crate::sandbox::directory;
use crate::sandbox::entra::authority::Authority;
use crate::sandbox::entra::client::Client;
use crate::sandbox::entra::consent as grants;
use crate::sandbox::entra::consent::Asked;
use crate::sandbox::entra::redirect;
use crate::sandbox::entra::refusal::Refusal;
use crate::sandbox::entra::session;
use crate::sandbox::form;
use crate::sandbox::web::page;

use super::consent;

/// Which of the two addresses was called. They differ in how they answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// `/{tenant}/adminconsent`
    One,
    /// `/{tenant}/v2.0/adminconsent`
    Two,
}

/// Shows the dialog, and does what was decided in it.
pub fn answer(tx: &Tx<'_>, request: &Request, tenant: &str, version: Version) -> rusqlite::Result<Reply> {
    let question = match Question::read(tx, request, tenant, version) {
        Ok(question) => question,
        Err(refusal) => return Ok(refusal.page(tx.now())),
    };
    let Some(home) = session::user(tx, request) else {
        return Ok(session::sign_in(
            tx,
            request,
            question.tenant.as_ref(),
            request.parameter("login_hint"),
        ));
    };
    match question.put(tx, request, &home) {
        Ok(reply) => reply,
        Err(refusal) => Ok(refusal.page(tx.now())),
    }
}

/// What the address asks.
struct Question<'a> {
    version: Version,
    /// `None` for whichever the administrator's is.
    tenant: Option<Object>,
    client: Object,
    redirect: String,
    scopes: Vec<String>,
    state: Option<&'a str>,
}

impl<'a> Question<'a> {
    fn read(tx: &Tx<'_>, request: &'a Request, tenant: &str, version: Version) -> Result<Self, Refusal> {
        let authority = Authority::named(tx, tenant)?;
        let needed = |name: &'static str| request.parameter(name).filter(|value| !value.is_empty());
        let client_id = needed("client_id").ok_or_else(|| Refusal::missing_field("client_id"))?;
        let scope = needed("scope").unwrap_or_default();
        if version == Version::Two && scope.is_empty() {
            return Err(Refusal::missing_field("scope"));
        }
        let client = Client::find(tx, &authority, client_id)?;
        let (_, redirect) = client.reply_address(needed("redirect_uri"))?;
        let tenant = match authority {
            Authority::Tenant(tenant) => Some(tenant),
            Authority::Home => None,
        };
        Ok(Self {
            version,
            tenant,
            client: client.application,
            redirect,
            scopes: scope.split_whitespace().map(str::to_owned).collect(),
            state: request.parameter("state"),
        })
    }

    /// Puts the question to the person with the account `home`, or takes their decision.
    fn put(&self, tx: &Tx<'_>, request: &Request, home: &Object) -> Result<rusqlite::Result<Reply>, Refusal> {
        let tenant = match &self.tenant {
            Some(tenant) => tenant.clone(),
            None => directory::tenant(tx, &home.tenant).ok_or_else(|| Refusal::unknown_tenant(&home.tenant))?,
        };
        let Some(user) = session::user_in(tx, home, &tenant) else {
            return Ok(Ok(consent::stranger(tx, request, home, &tenant, &self.client)));
        };
        let asked = Asked {
            client: &self.client,
            tenant: &tenant,
            user: &user,
            scopes: &self.scopes,
            admin: true,
        };
        let permissions = grants::permissions(tx, &asked)?;
        if !grants::may_grant(tx, &asked, &permissions) {
            let here = session::address_again(request, &[]);
            return Ok(Ok(consent::needs_approval(request, &asked, &here, None)));
        }
        if request.method != "POST" {
            let here = session::address_again(request, &[]);
            return Ok(Ok(consent::dialog(tx, request, &asked, &permissions, &here, "")));
        }
        if !session::was_shown(tx, request) {
            return Ok(Ok(consent::stale()));
        }
        Ok(match session::field(request, consent::DECISION).as_deref() {
            Some(consent::ACCEPT) => grants::apply(tx, &asked, &permissions).map(|()| page::redirect(&self.granted(tenant.text("id")))),
            _ => Ok(page::redirect(&self.refused(tx, request, tenant.text("id")))),
        })
    }

    fn granted(&self, tenant_id: &str) -> String {
        let mut told = vec![("admin_consent", "True"), ("tenant", tenant_id)];
        let scope = self.scopes.join(" ");
        if self.version == Version::Two {
            told.push(("scope", &scope));
        }
        told.extend(self.state.map(|state| ("state", state)));
        redirect::with_parameters(&self.redirect, told)
    }

    fn refused(&self, tx: &Tx<'_>, request: &Request, tenant_id: &str) -> String {
        if self.version == Version::One {
            let told = [
                ("error", "permission_denied"),
                ("error_description", "The admin canceled the request"),
            ];
            // Spaces are plus signs here, as the older address has always written them.
            let told = form::written(told).replace("%20", "+");
            let start = redirect::with_parameters(&self.redirect, []);
            return format!("{start}{told}");
        }
        let text = "The resource owner or authorization server denied the request.";
        let parameters = Refusal::new(65004, "consent_required", text).parameters(tx.now(), request);
        let mut told = vec![("admin_consent", "True"), ("tenant", tenant_id)];
        told.extend(
            parameters
                .iter()
                .filter(|(name, _)| *name != "error_uri")
                .map(|(name, value)| (*name, value.as_str())),
        );
        told.extend(self.state.map(|state| ("state", state)));
        redirect::with_parameters(&self.redirect, told)
    }
}
