//! The challenge by which a vault says whose it is and which token it wants.
//!
//! It is looked at before the first token goes to a host. The name of a vault comes from a user or a script: a host that asks
//! for anything but a token of our tenant for Key Vault itself gets none.

use std::sync::PoisonError;

use reqwest::Url;
use uuid::Uuid;

use crate::cloud::CloudError;
use crate::cloud::Connection;
use crate::cloud::answer::Answer;
use crate::cloud::challenge::parameter;
use crate::cloud::request::Call;
use crate::cloud::vault::address::Address;
use crate::cloud::vault::fault;

impl Connection {
    /// Fails unless the vault at `address` is one of our tenant. Asked once a host.
    pub(super) async fn vault_is_ours(&self, address: &Address) -> Result<(), CloudError> {
        let known = || self.0.known_vaults.lock().unwrap_or_else(PoisonError::into_inner);
        if known().contains(&address.host) {
            return Ok(());
        }
        let mut url = address.url.clone();
        url.set_path("/certificates");
        let call = Call::get(format!("the challenge of vault `{}`", address.host), url).of_azure();
        let answer = self.vault_challenge(&call, &address.host).await?;
        if answer.status.as_u16() != 401 {
            return Err(match answer.status.is_success() {
                true => answer.unreadable(&call, "it wants no token"),
                false => fault::read(&call, &answer),
            });
        }
        let resource = parameter(&answer, "resource").or_else(|| parameter(&answer, "scope"));
        let resource = resource.map(|resource| resource.trim_end_matches("/.default").trim_end_matches('/'));
        let ours = format!("https://{}", self.cloud().vault_suffix);
        if !resource.is_some_and(|resource| resource.eq_ignore_ascii_case(&ours)) {
            let why = match resource {
                Some(resource) => format!("it wants a token for `{resource}`, and Key Vault's is for `{ours}`"),
                None => "it does not say which token it wants".to_owned(),
            };
            return Err(answer.unreadable(&call, &why));
        }
        let Some(owner) = owner(&answer) else {
            return Err(answer.unreadable(&call, "it does not say whose vault this is"));
        };
        let own = self.tenant_id().await?;
        if owner != own {
            let host = address.host.clone();
            return Err(CloudError::ForeignVault { host, owner, own });
        }
        known().insert(address.host.clone());
        Ok(())
    }

    async fn vault_challenge(&self, call: &Call, host: &str) -> Result<Answer, CloudError> {
        match self.send_once(call, None).await {
            Ok(answer) if answer.status.as_u16() == 401 => Ok(answer),
            // No patience for a name that is not known: a new vault's takes minutes, a misspelt one's is never.
            Err(CloudError::Unreachable { why, .. }) if is_unknown_name(&why) => Err(CloudError::UnknownHost {
                call: call.name.clone(),
                host: host.to_owned(),
            }),
            _ => self.send_patiently(call, None).await,
        }
    }
}

/// The tenant in the address to sign in at, whose first segment is its id.
fn owner(answer: &Answer) -> Option<Uuid> {
    let address = parameter(answer, "authorization").or_else(|| parameter(answer, "authorization_uri"))?;
    Url::parse(address).ok()?.path_segments()?.next()?.parse().ok()
}

/// Whether `why` says that a name does not exist, and not that names cannot be looked up at the moment. The words are those of
/// Linux, macOS and Windows.
fn is_unknown_name(why: &str) -> bool {
    let definite = [
        "service not known",
        "servname provided, or not known",
        "No such host is known",
        "No address associated",
    ];
    why.contains("dns error") && definite.iter().any(|words| why.contains(words))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::cloud::testing::Reply;
    use crate::cloud::testing::Seen;
    use crate::cloud::testing::Site;
    use crate::cloud::testing::TENANT;
    use crate::model::Kind;
    use crate::model::Trouble;

    const CERTIFICATE: &str = "https://nwt-xtmove-kv.vault.azure.net/certificates/contoso-move-cert";

    fn challenge(tenant: &str, resource: &str) -> Reply {
        let header = format!(r#"Bearer authorization="https://login.windows.net/{tenant}", resource="{resource}""#);
        Reply::json(401, json!({"error": {"code": "Unauthorized", "message": "AKV10000"}})).with("www-authenticate", &header)
    }

    #[tokio::test]
    async fn a_vault_is_challenged_once_without_a_token_and_then_gets_one() {
        let site = Site::start(|seen: &Seen| match seen.header("authorization") {
            "" => challenge(TENANT, "https://vault.azure.net"),
            _ => Reply::json(200, json!({"id": CERTIFICATE})),
        })
        .await;
        let connection = site.connection();

        connection.vault_get(CERTIFICATE).await.unwrap();
        connection.vault_get(CERTIFICATE).await.unwrap();

        let [asked, first, second] = &site.requests()[..] else { panic!() };
        assert_eq!((asked.header("authorization"), &asked.body[..]), ("", &b""[..]));
        assert_eq!(asked.query, "api-version=7.5");
        assert!(first.header("authorization").starts_with("Bearer "));
        assert_eq!(second.path, "/certificates/contoso-move-cert");
        let [token] = &site.token_requests()[..] else { panic!() };
        assert_eq!(token.form("scope").unwrap(), "https://vault.azure.net/.default");
    }

    #[tokio::test]
    async fn no_token_goes_to_a_vault_of_another_tenant() {
        let other = "0c0c0c0c-1111-4111-8111-c0ffee000001";
        let site = Site::start(move |_: &Seen| challenge(other, "https://vault.azure.net")).await;

        let trouble = Trouble::from(site.connection().vault_get(CERTIFICATE).await.unwrap_err());

        assert_eq!((trouble.kind, &trouble.code[..]), (Kind::Forbidden, "foreign_vault"));
        assert!(trouble.message.contains(other), "{trouble}");
        assert_eq!(site.token_requests().len(), 0);
    }

    #[tokio::test]
    async fn no_token_is_fetched_for_what_is_not_key_vault() {
        for resource in [
            "https://graph.microsoft.com",
            "https://azure.net",
            "https://vault.azure.net.evil.example",
        ] {
            let site = Site::start(move |_: &Seen| challenge(TENANT, resource)).await;

            let error = site.connection().vault_get(CERTIFICATE).await.unwrap_err();

            assert!(matches!(error, CloudError::Unreadable { status: 401, .. }), "{resource}");
            assert_eq!(site.token_requests().len(), 0);
        }
    }

    #[tokio::test]
    async fn a_vault_that_is_not_there_has_a_code_of_its_own() {
        let site = Site::start(|_: &Seen| Reply::json(404, json!({"error": {"code": "UnknownHost", "message": "no"}}))).await;

        let trouble = Trouble::from(site.connection().vault_get(CERTIFICATE).await.unwrap_err());

        assert_eq!((trouble.kind, &trouble.code[..]), (Kind::NotFound, "UnknownHost"));
        assert!(trouble.retryable);
        assert!(is_unknown_name(
            "client error (Connect): dns error: failed to lookup address information: Name or service not known"
        ));
        assert!(!is_unknown_name(
            "client error (Connect): dns error: failed to lookup address information: Temporary failure in name resolution"
        ));
    }
}
