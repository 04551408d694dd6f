//! Sign-in with client credentials, and the tokens that came of it.
//!
//! Tokens live in memory only, one a resource, and age by the connection's clock. A caller that finds one being fetched waits
//! for it, so that a fan-out does not ask for the same token sixteen times.

use jiff::SignedDuration;
use jiff::Timestamp;
use reqwest::Method;
use reqwest::Url;
use secrecy::ExposeSecret;
use secrecy::SecretString;
use serde::Deserialize;
use tokio::sync::Mutex;

use crate::cloud::Cloud;
use crate::cloud::CloudError;
use crate::cloud::Connection;
use crate::cloud::Credential;
use crate::cloud::Identity;
use crate::cloud::SignInRefusal;
use crate::cloud::assertion::Signer;
use crate::cloud::link::url;
use crate::cloud::refusal;
use crate::cloud::request::Call;
use crate::cloud::tenant_id::is_tenant_name;

/// How long before its end a token is renewed.
const RENEW_BEFORE_SECONDS: i64 = 300;

/// What a token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Resource {
    Exchange,
    Graph,
    Arm,
    Vault,
    Storage,
}

impl Resource {
    fn scope(self, cloud: &Cloud) -> &'static str {
        match self {
            Resource::Exchange => cloud.exchange_scope,
            Resource::Graph => cloud.graph_scope,
            Resource::Arm => cloud.arm_scope,
            Resource::Vault => cloud.vault_scope,
            Resource::Storage => cloud.storage_scope,
        }
    }
}

/// What goes into a token request as proof.
pub(super) enum Proof {
    Secret(SecretString),
    Certificate(Signer),
    Nothing,
}

impl Proof {
    pub(super) fn new(credential: &Credential) -> Result<Self, CloudError> {
        match credential {
            Credential::Secret { secret, .. } => Ok(Proof::Secret(secret.clone())),
            Credential::Certificate {
                client_id,
                certificate_pem,
                key_pem,
            } => Signer::new(certificate_pem, key_pem)
                .map(Proof::Certificate)
                .map_err(|why| unusable(client_id, why)),
        }
    }
}

fn unusable(client_id: &str, why: String) -> CloudError {
    CloudError::Credential {
        client_id: client_id.to_owned(),
        why,
    }
}

#[derive(Debug, Clone)]
struct Token {
    value: SecretString,
    renew_at: Timestamp,
}

/// The tokens of one connection.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    exchange: Mutex<Option<Token>>,
    graph: Mutex<Option<Token>>,
    arm: Mutex<Option<Token>>,
    vault: Mutex<Option<Token>>,
    storage: Mutex<Option<Token>>,
}

#[derive(Deserialize)]
struct TokenAnswer {
    access_token: SecretString,
    expires_in: i64,
}

impl Connection {
    /// Who we are to Graph: the claims of our own token.
    pub async fn identity(&self) -> Result<Identity, CloudError> {
        identity_of(&self.token(Resource::Graph).await?, &self.0.tenant)
    }

    /// Asks for an Exchange token of the application `client_id` at `tenant`'s authority: what comes back tells whether that tenant
    /// has consented. Outer error: the question could not be put. Inner error: Entra said no.
    pub async fn try_application_token(
        &self,
        tenant: &str,
        client_id: &str,
        secret: Option<&SecretString>,
    ) -> Result<Result<Identity, SignInRefusal>, CloudError> {
        let proof = secret.map_or(Proof::Nothing, |secret| Proof::Secret(secret.clone()));
        match self.fetch_token(tenant, client_id, &proof, Resource::Exchange, None).await {
            Ok(token) => identity_of(&token.access_token, tenant).map(Ok),
            Err(CloudError::SignIn(refusal)) => Ok(Err(refusal)),
            Err(error) => Err(error),
        }
    }

    /// A token for `resource` that is good for some minutes at least.
    pub(super) async fn token(&self, resource: Resource) -> Result<SecretString, CloudError> {
        self.cached_token(resource, None, None).await
    }

    /// A token for `resource` that is not `refused`, with the claims that the refusal asked for.
    pub(super) async fn token_instead_of(
        &self,
        resource: Resource,
        refused: &SecretString,
        claims: Option<String>,
    ) -> Result<SecretString, CloudError> {
        self.cached_token(resource, Some(refused), claims).await
    }

    async fn cached_token(
        &self,
        resource: Resource,
        refused: Option<&SecretString>,
        claims: Option<String>,
    ) -> Result<SecretString, CloudError> {
        let tokens = &self.0.tokens;
        let slot = match resource {
            Resource::Exchange => &tokens.exchange,
            Resource::Graph => &tokens.graph,
            Resource::Arm => &tokens.arm,
            Resource::Vault => &tokens.vault,
            Resource::Storage => &tokens.storage,
        };
        let mut slot = slot.lock().await;
        if let Some(token) = slot.as_ref() {
            let is_refused = refused.is_some_and(|refused| refused.expose_secret() == token.value.expose_secret());
            if !is_refused && self.clock().now() < token.renew_at {
                return Ok(token.value.clone());
            }
        }
        let client_id = self.0.credential.client_id();
        let answer = self.fetch_token(&self.0.tenant, client_id, &self.0.proof, resource, claims).await?;
        let good_for = (answer.expires_in - RENEW_BEFORE_SECONDS).max(answer.expires_in / 2);
        *slot = Some(Token {
            value: answer.access_token.clone(),
            renew_at: self
                .clock()
                .now()
                .saturating_add(SignedDuration::from_secs(good_for))
                .unwrap_or(Timestamp::MAX),
        });
        Ok(answer.access_token)
    }

    async fn fetch_token(
        &self,
        tenant: &str,
        client_id: &str,
        proof: &Proof,
        resource: Resource,
        claims: Option<String>,
    ) -> Result<TokenAnswer, CloudError> {
        let name = format!("sign-in to `{tenant}`");
        if !is_tenant_name(tenant) {
            let why = "a tenant is named by a domain or an id".to_owned();
            return Err(CloudError::Invalid { call: name, why });
        }
        let endpoint = url(self.cloud().login, &format!("/{tenant}/oauth2/v2.0/token"))?;
        let form = self.token_form(&endpoint, client_id, proof, resource, claims)?;
        let call = Call {
            method: Method::POST,
            headers: vec![("content-type", "application/x-www-form-urlencoded".to_owned())],
            body: Some(form.into()),
            ..Call::get(name, endpoint)
        };
        let answer = self.send_patiently(&call, None).await?;
        if !answer.status.is_success() {
            return Err(refusal::read(&answer, tenant, client_id, &call.name));
        }
        serde_json::from_slice(&answer.body).map_err(|error| CloudError::Unreadable {
            call: call.name,
            status: answer.status.as_u16(),
            // The category alone: the text of a JSON error may quote the token.
            why: format!("not a token answer ({:?} error)", error.classify()),
            may_be_done: false,
            request_id: answer.request_id(),
        })
    }

    fn token_form(
        &self,
        endpoint: &Url,
        client_id: &str,
        proof: &Proof,
        resource: Resource,
        claims: Option<String>,
    ) -> Result<String, CloudError> {
        let mut form = endpoint.clone();
        {
            let mut pairs = form.query_pairs_mut();
            pairs
                .append_pair("grant_type", "client_credentials")
                .append_pair("client_id", client_id)
                .append_pair("scope", resource.scope(self.cloud()));
            match proof {
                Proof::Secret(secret) => {
                    pairs.append_pair("client_secret", secret.expose_secret());
                }
                Proof::Certificate(signer) => {
                    let assertion = signer
                        .assertion(client_id, endpoint.as_str(), self.clock().now())
                        .map_err(|why| unusable(client_id, why))?;
                    pairs
                        .append_pair("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
                        .append_pair("client_assertion", assertion.expose_secret());
                }
                Proof::Nothing => {}
            }
            if let Some(claims) = &claims {
                pairs.append_pair("claims", claims);
            }
        }
        Ok(form.query().unwrap_or_default().to_owned())
    }
}

fn identity_of(token: &SecretString, tenant: &str) -> Result<Identity, CloudError> {
    Identity::from_token(token.expose_secret()).ok_or_else(|| CloudError::Unreadable {
        call: format!("sign-in to `{tenant}`"),
        status: 200,
        why: "the access token is not a JSON web token".into(),
        may_be_done: false,
        request_id: None,
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use base64::Engine;
    use base64::prelude::BASE64_URL_SAFE_NO_PAD;
    use serde_json::Value;
    use serde_json::json;

    use super::*;
    use crate::cloud::testing::DOMAIN;
    use crate::cloud::testing::Reply;
    use crate::cloud::testing::Seen;
    use crate::cloud::testing::Site;
    use crate::cloud::testing::TENANT;
    use crate::cloud::testing::issue;
    use crate::model::Kind;
    use crate::model::Trouble;
    use crate::platform::Clock;

    fn refused(number: u64, error: &str) -> Reply {
        let description = format!("AADSTS{number}: No. Trace ID: 0d0d0d0d-0001-4000-8000-000000000001 Correlation ID: 0d0d");
        Reply::json(
            400,
            json!({"error": error, "error_description": description, "error_codes": [number]}),
        )
    }

    fn answer(_: &Seen) -> Reply {
        Reply::json(200, json!({"value": []}))
    }

    #[tokio::test]
    async fn one_token_a_resource_serves_until_five_minutes_before_its_end() {
        let site = Site::start(answer).await;
        let connection = site.connection();
        let read = async || connection.graph_page("/users", &[], None).await.unwrap();

        let (_, _) = tokio::join!(read(), read());
        site.clock().sleep(Duration::from_secs(3299)).await;
        read().await;
        assert_eq!(site.token_requests().len(), 1);
        site.clock().sleep(Duration::from_secs(2)).await;
        read().await;

        let asked = site.token_requests();
        assert_eq!(asked.len(), 2);
        assert_eq!(asked[0].path, format!("/{DOMAIN}/oauth2/v2.0/token"));
        let form = ["grant_type", "client_id", "client_secret", "scope"].map(|name| asked[0].form(name).unwrap());
        assert_eq!(
            form,
            ["client_credentials", "app", "s3cret", "https://graph.microsoft.com/.default"]
        );
    }

    #[tokio::test]
    async fn our_own_token_says_who_we_are() {
        let site = Site::start(answer).await;

        let own = site.connection().identity().await.unwrap();

        assert_eq!((&own.app_id[..], &own.object_id[..]), ("app", "6a6a"));
        assert!(own.has_role("User.Invite.All"));
        assert_eq!(own.directory_roles, ["29232cdf-9323-42fd-ade2-1d097af3e4de"]);
    }

    #[tokio::test]
    async fn a_certificate_signs_for_the_token_endpoint_that_is_asked() {
        let key = rcgen::KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, rcgen::RsaKeySize::_2048).unwrap();
        let certificate = rcgen::CertificateParams::new(vec![]).unwrap().self_signed(&key).unwrap();
        let site = Site::start(answer).await;
        let connection = site.connection_with(Credential::Certificate {
            client_id: "app".into(),
            certificate_pem: certificate.pem(),
            key_pem: key.serialize_pem().into(),
        });

        connection.identity().await.unwrap();

        let asked = &site.token_requests()[0];
        assert_eq!(asked.form("client_secret"), None);
        assert_eq!(
            asked.form("client_assertion_type").unwrap(),
            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        );
        let assertion = asked.form("client_assertion").unwrap();
        let claims = BASE64_URL_SAFE_NO_PAD.decode(assertion.split('.').nth(1).unwrap()).unwrap();
        let claims: Value = serde_json::from_slice(&claims).unwrap();
        assert_eq!(
            claims["aud"],
            format!("https://login.microsoftonline.com/{DOMAIN}/oauth2/v2.0/token")
        );
        assert_eq!((&claims["iss"], &claims["sub"]), (&json!("app"), &json!("app")));
        assert_eq!(claims["iat"], site.clock().now().as_second());
    }

    #[tokio::test]
    async fn a_wrong_secret_is_told_as_such_and_never_shown() {
        let sign_in = |_: &Seen| refused(7000215, "invalid_client");
        let site = Site::with_sign_in(sign_in, answer).await;
        let connection = site.connection();

        let trouble = Trouble::from(connection.identity().await.unwrap_err());

        assert_eq!((trouble.kind, &trouble.code[..]), (Kind::SignIn, "AADSTS7000215"));
        assert_eq!(
            trouble.message,
            format!("sign-in of application `app` to `{DOMAIN}` was refused: No")
        );
        assert!(trouble.remedy.as_deref().unwrap().contains("secret"));
        assert!(!format!("{connection:?}").contains("s3cret"));
    }

    #[tokio::test]
    async fn another_tenants_refusal_is_told_apart_from_trouble_on_the_way() {
        let site = Site::with_sign_in(
            |seen| match seen.path.split('/').nth(1).unwrap() {
                "contoso.onmicrosoft.com" => issue(seen),
                "fabrikam.onmicrosoft.com" => refused(700016, "unauthorized_client"),
                _ => Reply::text(500, "<html>"),
            },
            answer,
        )
        .await;
        let connection = site.connection();
        let secret = SecretString::from("of the other");

        let granted = connection
            .try_application_token("contoso.onmicrosoft.com", "move", Some(&secret))
            .await;
        let refused = connection.try_application_token("fabrikam.onmicrosoft.com", "move", None).await;
        let broken = connection.try_application_token("broken.onmicrosoft.com", "move", None).await;

        assert_eq!(granted.unwrap().unwrap().app_id, "move");
        let asked = site.token_requests();
        assert_eq!(asked[0].form("client_secret").as_deref(), Some("of the other"));
        assert_eq!(asked[0].form("scope").as_deref(), Some("https://outlook.office365.com/.default"));
        let refused = refused.unwrap().unwrap_err();
        assert_eq!((refused.number, &refused.error[..]), (700016, "unauthorized_client"));
        assert_eq!(asked[1].form("client_secret"), None);
        assert!(matches!(broken, Err(CloudError::Unreadable { status: 500, .. })));
    }

    #[tokio::test]
    async fn any_tenant_is_found_by_domain_and_a_missing_one_is_none() {
        let site = Site::with_sign_in(
            |seen| match seen.path.split('/').nth(1).unwrap() {
                "nobody.example" => refused(90002, "invalid_tenant"),
                "gov.example" => refused(90038, "invalid_tenant"),
                _ => issue(seen),
            },
            answer,
        )
        .await;
        let connection = site.connection();

        assert_eq!(connection.tenant_id().await.unwrap().to_string(), TENANT);
        assert_eq!(
            connection.resolve_tenant("northwind.com").await.unwrap().unwrap().to_string(),
            TENANT
        );
        assert_eq!(connection.resolve_tenant("nobody.example").await.unwrap(), None);
        assert_eq!(connection.resolve_tenant("not a domain").await.unwrap(), None);
        let elsewhere = connection.resolve_tenant("gov.example").await.unwrap_err();
        assert!(Trouble::from(elsewhere).remedy.as_deref().unwrap().contains("cloud"));
    }
}
