//! The authorize endpoint: a browser brings a person here, and takes a code back to the program.
//!
//! What is wrong with the way back is told on a page, as nothing may be sent to an address that the application did not register;
//! everything else is told by the way back.

use super::answer;
use super::authority::Authority;
use super::call::Version;
use super::client::Client;
use super::client::Standing;
use super::code;
use super::code::Promise;
use super::consent;
use super::consent::Asked;
use super::pages::consent::stranger;
use super::redirect::Platform;
use super::refusal::Refusal;
use super::respond::WayBack;
use super::scope::Scope;
use super::session;
use crate::sandbox::Object;
use crate::sandbox::Reply;
use crate::sandbox::Request;
use crate::sandbox::Tx;
use crate::sandbox::directory;
use crate::sandbox::form;

/// Answers `GET` and `POST /{tenant}/oauth2/v2.0/authorize` and `/{tenant}/oauth2/authorize`.
pub fn handle(tx: &Tx<'_>, request: &Request, tenant: &str, version: Version) -> Reply {
    let mut fields = request.query.clone();
    fields.extend(form::pairs(&String::from_utf8_lossy(&request.body)));
    let visit = Visit {
        tx,
        request,
        version,
        fields,
    };
    let (authority, client, platform, back) = match visit.arrive(tenant) {
        Ok(arrived) => arrived,
        Err(refusal) => return refusal.page(tx.now()),
    };
    match visit.decide(&authority, &client, platform, &back) {
        Ok(reply) => reply,
        Err(refusal) => back.send(refusal.parameters(tx.now(), request)),
    }
}

/// One request.
struct Visit<'a> {
    tx: &'a Tx<'a>,
    request: &'a Request,
    version: Version,
    fields: Vec<(String, String)>,
}

impl Visit<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        let found = self.fields.iter().find(|(known, value)| known == name && !value.is_empty());
        found.map(|(_, value)| value.as_str())
    }

    fn needed(&self, name: &str) -> Result<&str, Refusal> {
        self.get(name).ok_or_else(|| Refusal::missing_field(name))
    }

    /// Who sent the person here, and how to send somebody back.
    fn arrive(&self, tenant: &str) -> Result<(Authority, Client, Platform, WayBack), Refusal> {
        let authority = Authority::named(self.tx, tenant)?;
        let client = Client::find(self.tx, &authority, self.needed("client_id")?)?;
        let (platform, address) = client.reply_address(self.get("redirect_uri"))?;
        let back = WayBack::new(&address, self.get("response_mode"), self.get("state"));
        Ok((authority, client, platform, back))
    }

    fn decide(&self, authority: &Authority, client: &Client, platform: Platform, back: &WayBack) -> Result<Reply, Refusal> {
        let scope = self.check(back, platform)?;
        let is_silent = self.get("prompt") == Some("none");
        let Some(home) = self.account() else {
            if is_silent {
                let text =
                    "Session information is not sufficient for single-sign-on: a silent sign-in request was sent but no user is signed in.";
                return Err(Refusal::new(50058, "login_required", text));
            }
            let tenant = match authority {
                Authority::Tenant(tenant) => Some(tenant),
                Authority::Home => None,
            };
            return Ok(session::sign_in(self.tx, self.request, tenant, self.get("login_hint")));
        };
        let user = match answer::person(self.tx, authority, &home, client) {
            Ok(user) => user,
            Err(refusal) if is_silent => return Err(refusal.with_error("interaction_required")),
            Err(refusal) => {
                return Ok(match authority {
                    Authority::Tenant(tenant) => stranger(self.tx, self.request, &home, tenant, &client.application),
                    Authority::Home => refusal.page(self.tx.now()),
                });
            }
        };
        if consent::was_declined(self.request) {
            let text = format!("User declined to consent to access the app '{}'.", client.name());
            return Err(Refusal::new(65004, "access_denied", text));
        }
        let missing = match client.standing(self.tx, &user, &scope)? {
            Standing::NeedsConsent(missing) => Some(missing),
            Standing::Granted(_) if self.get("prompt") == Some("consent") && client.takes_consent(&scope) => {
                Some(scope.permissions.clone())
            }
            Standing::Granted(_) => None,
        };
        if let Some(missing) = missing {
            if is_silent {
                return Err(answer::needs_consent(client).with_error("consent_required"));
            }
            return ask_for_consent(self.tx, self.request, client, &user, &scope, &missing);
        }
        let promise = Promise {
            client_id: client.id(),
            redirect_uri: back.address(),
            platform,
            scope: &scope,
            nonce: self.get("nonce"),
            challenge: self.challenge()?,
            home: &home,
        };
        let code = code::issue(self.tx, &promise).map_err(|_| Refusal::transient())?;
        let mut parameters = vec![("code", code)];
        if self.get("client_info") == Some("1") {
            parameters.push(("client_info", answer::client_info(self.tx, &home)));
        }
        Ok(back.send(parameters))
    }

    /// What is asked for, when the request is in order.
    fn check(&self, back: &WayBack, platform: Platform) -> Result<Scope, Refusal> {
        match self.needed("response_type")? {
            "code" => {}
            kind @ ("id_token" | "token" | "code id_token" | "id_token token") => {
                let text = format!("response_type '{kind}' is not enabled for the application.");
                return Err(Refusal::new(700054, "unsupported_response_type", text));
            }
            kind => {
                let text = format!("The app requested an unsupported response type '{kind}'.");
                return Err(Refusal::new(70005, "unsupported_response_type", text));
            }
        }
        if !back.has_known_mode() {
            let text = "The app returned an unsupported value of response_mode when requesting a token.";
            return Err(Refusal::new(70007, "unsupported_response_mode", text));
        }
        let prompts = ["none", "login", "select_account", "consent", "create"];
        if self.get("prompt").is_some_and(|prompt| !prompts.contains(&prompt)) {
            return Err(Refusal::new(90023, "invalid_request", "Unsupported 'prompt' value."));
        }
        if self.challenge()?.is_none() && platform == Platform::Spa {
            let text = "Proof Key for Code Exchange is required for cross-origin authorization code redemption.";
            return Err(Refusal::new(9002325, "invalid_request", text));
        }
        match self.version {
            Version::V1 => Ok(Scope::of_resource(self.get("resource").unwrap_or("https://graph.microsoft.com"))),
            Version::V2 => Scope::parse(self.needed("scope")?),
        }
    }

    /// The challenge that the one who redeems the code must have the answer to.
    fn challenge(&self) -> Result<Option<(&str, &str)>, Refusal> {
        let Some(challenge) = self.get("code_challenge") else {
            return Ok(None);
        };
        if !(43..=128).contains(&challenge.len()) {
            return Err(Refusal::new(501491, "invalid_request", "Invalid size of Code_Challenge parameter."));
        }
        match self.get("code_challenge_method").unwrap_or("plain") {
            method @ ("S256" | "plain") => Ok(Some((challenge, method))),
            _ => Err(Refusal::new(50149, "invalid_request", "Invalid Code_Challenge_method parameter.")),
        }
    }

    /// The account to go on with; none when somebody has to choose first.
    fn account(&self) -> Option<Object> {
        if matches!(self.get("prompt"), Some("login" | "select_account")) {
            return None;
        }
        let user = session::user(self.tx, self.request)?;
        let names = [user.text("userPrincipalName"), user.text("mail")];
        let is_hinted = self
            .get("login_hint")
            .is_none_or(|hint| names.iter().any(|name| name.eq_ignore_ascii_case(hint)));
        is_hinted.then_some(user)
    }
}

/// The dialog in which `user` consents to what is missing, and which comes back to the address of `request`.
pub fn ask_for_consent(
    tx: &Tx<'_>,
    request: &Request,
    client: &Client,
    user: &Object,
    scope: &Scope,
    missing: &[String],
) -> Result<Reply, Refusal> {
    let tenant = directory::tenant(tx, &user.tenant).ok_or_else(Refusal::transient)?;
    let of_resource = match scope.is_default {
        true => vec![format!("{}/.default", scope.audience)],
        false => missing.iter().map(|name| format!("{}/{name}", scope.audience)).collect(),
    };
    let scopes: Vec<_> = of_resource.into_iter().chain(scope.openid.iter().cloned()).collect();
    let asked = Asked {
        client: &client.application,
        tenant: &tenant,
        user,
        scopes: &scopes,
        admin: false,
    };
    Ok(consent::ask(tx, request, &asked))
}
