//! Tenant ids, from the OpenID metadata that Entra shows to everyone.

use reqwest::Url;
use uuid::Uuid;

use crate::cloud::CloudError;
use crate::cloud::Connection;
use crate::cloud::SignInRefusal;
use crate::cloud::answer::text;
use crate::cloud::link::url;
use crate::cloud::refusal;
use crate::cloud::request::Call;

/// Entra's numbers for a tenant that does not exist, or cannot; without a number the OAuth error decides.
const NO_SUCH_TENANT: [u64; 3] = [90002, 900021, 900023];

/// Whether `text` can name a tenant: a domain or an id, nothing that would change the URL it becomes part of.
pub(super) fn is_tenant_name(text: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
    !text.is_empty() && text.len() <= 255 && text.chars().all(is_plain) && !text.split('.').any(str::is_empty)
}

impl Connection {
    /// The id of our own tenant.
    pub async fn tenant_id(&self) -> Result<Uuid, CloudError> {
        let resolve = async || {
            let tenant = &self.0.tenant;
            self.resolve_tenant(tenant).await?.ok_or_else(|| {
                CloudError::SignIn(SignInRefusal {
                    number: NO_SUCH_TENANT[0],
                    error: "invalid_tenant".into(),
                    description: format!("there is no tenant `{tenant}` in the {} cloud", self.cloud().name),
                    tenant: tenant.clone(),
                    client_id: self.0.credential.client_id().to_owned(),
                })
            })
        };
        self.0.tenant_id.get_or_try_init(resolve).await.copied()
    }

    /// The id of any tenant of this cloud by domain or id, asked without signing in; `None` when there is no such tenant.
    pub async fn resolve_tenant(&self, domain_or_id: &str) -> Result<Option<Uuid>, CloudError> {
        if !is_tenant_name(domain_or_id) {
            return Ok(None);
        }
        let name = format!("the metadata of tenant `{domain_or_id}`");
        let call = Call::get(
            name,
            url(
                self.cloud().login,
                &format!("/{domain_or_id}/v2.0/.well-known/openid-configuration"),
            )?,
        );
        let answer = self.send_patiently(&call, None).await?;
        if !answer.status.is_success() {
            return match refusal::read(&answer, domain_or_id, self.0.credential.client_id(), &call.name) {
                CloudError::SignIn(refusal) if NO_SUCH_TENANT.contains(&refusal.number) => Ok(None),
                CloudError::SignIn(refusal) if refusal.number == 0 && refusal.error == "invalid_tenant" => Ok(None),
                error => Err(error),
            };
        }
        let metadata = answer.expect_json(&call)?;
        // `organizations` and `common` are answered too, with a placeholder in place of the id: they are no tenants.
        Ok(text(&metadata, "issuer").and_then(issuer_tenant))
    }
}

fn issuer_tenant(issuer: &str) -> Option<Uuid> {
    Url::parse(issuer).ok()?.path_segments()?.find_map(|segment| segment.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_change_the_url_names_no_tenant() {
        assert!(is_tenant_name("contoso.onmicrosoft.com"));
        assert!(is_tenant_name("0c0c0c0c-1111-4111-8111-c0ffee000001"));
        for text in ["", "..", "contoso.com/../x", "contoso.com?x=1", "a b", "contoso..com"] {
            assert!(!is_tenant_name(text), "{text}");
        }
    }

    #[test]
    fn the_tenant_stands_in_the_issuer() {
        let id = "7b7b7b7b-2222-4bbb-8222-d0d0d0d0d002";

        assert_eq!(
            issuer_tenant(&format!("https://login.microsoftonline.com/{id}/v2.0")),
            id.parse().ok()
        );
        assert_eq!(issuer_tenant("https://login.microsoftonline.com/{tenantid}/v2.0"), None);
    }
}
