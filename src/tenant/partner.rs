//! What can be learnt of the partner from this side: who it is, whether it has consented, whether the endpoint reaches it.

use secrecy::ExposeSecret;
use secrecy::SecretString;
use uuid::Uuid;

use crate::change::escaped;
use crate::model::Arguments;
use crate::model::Kind;
use crate::model::Record;
use crate::model::Trouble;
use crate::model::is_placeholder;
use crate::tenant::REDIRECT;
use crate::tenant::Tenant;

/// What a partner's tenant thinks of the migration application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConsentState {
    /// The application is there and may move mailboxes.
    Consented,
    /// The application is not there, or may not move mailboxes.
    NotConsented,
    /// The application is there; what it may do shows only to its own secret.
    PrincipalOnly,
}

impl ConsentState {
    /// The word that scripts see.
    pub fn as_str(self) -> &'static str {
        match self {
            ConsentState::Consented => "consented",
            ConsentState::NotConsented => "not_consented",
            ConsentState::PrincipalOnly => "principal_only",
        }
    }
}

/// What a partner's tenant thinks of the migration application, and how we know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// What it thinks.
    pub state: ConsentState,
    /// How we know.
    pub detail: String,
}

/// The application permission that a move needs.
const ROLE: &str = "Mailbox.Migration";

impl Tenant {
    /// Whether `partner` (domain or id) has consented to the application `app_id`, found out without access to that tenant: by
    /// asking its sign-in for a token of the application.
    pub async fn application_consent(&self, app_id: &str, partner: &str, secret: Option<&SecretString>) -> Result<Consent, Trouble> {
        let known = |state: ConsentState, detail: String| Ok(Consent { state, detail });
        if is_placeholder(app_id) {
            return known(ConsentState::NotConsented, "the application does not exist yet".into());
        }
        // Who merely shows what it would do has no secret yet, and what stands in for one is not to be tried.
        let secret = secret.filter(|secret| !is_placeholder(secret.expose_secret()));
        let refusal = match self.wire().application_token(partner, app_id, secret).await? {
            Ok(identity) if identity.has_role(ROLE) => {
                return known(ConsentState::Consented, format!("a token of `{partner}` holds {ROLE}"));
            }
            Ok(_) => {
                let detail = format!("roles missing: a token of `{partner}` lacks {ROLE}");
                return known(ConsentState::NotConsented, detail);
            }
            Err(refusal) => refusal,
        };
        let detail = format!("AADSTS{}: {}", refusal.number, refusal.description);
        match refusal.number {
            // Not known there, no service principal there, not consented to.
            700016 | 7000229 | 65001 => known(ConsentState::NotConsented, detail),
            // Known there; only the secret is missing, wrong or expired.
            7000218 | 7000215 | 7000222 => known(ConsentState::PrincipalOnly, detail),
            90002 => Err(Trouble::new(Kind::NotFound, format!("there is no tenant `{partner}`"))
                .with_code("AADSTS90002")
                .with_remedy("check the partner's domain or tenant id")
                .on_object(partner)),
            _ => Err(Trouble::from(refusal).in_tenant(partner)),
        }
    }

    /// The link by which an administrator of `partner` gives consent to the application `app_id`.
    pub fn consent_link(&self, app_id: &str, partner: &str) -> String {
        let login = self.connection().cloud().login;
        format!("https://{login}/{partner}/adminconsent?client_id={app_id}&redirect_uri={REDIRECT}")
    }

    /// `tenantId`, `displayName` and `defaultDomainName` of any tenant, by domain or id. Where Graph may not be asked, the sign-in
    /// metadata gives the id at least.
    pub async fn find_tenant(&self, domain_or_id: &str) -> Result<Record, Trouble> {
        let key = escaped(&domain_or_id.trim().replace('\'', "''"));
        let is_id = Uuid::parse_str(domain_or_id.trim()).is_ok();
        let path = match is_id {
            true => format!("/tenantRelationships/findTenantInformationByTenantId(tenantId='{key}')"),
            false => format!("/tenantRelationships/findTenantInformationByDomainName(domainName='{key}')"),
        };
        let absent = || {
            Trouble::new(Kind::NotFound, format!("there is no tenant `{domain_or_id}`"))
                .with_code("AADSTS90002")
                .with_remedy("check the partner's domain or tenant id, and its cloud")
                .on_object(domain_or_id)
        };
        match self.wire().graph_get(&path, &[]).await.map_err(Trouble::from) {
            Ok(record) => return Ok(record),
            Err(trouble) if trouble.kind == Kind::NotFound => return Err(absent()),
            Err(trouble) if matches!(trouble.kind, Kind::Forbidden | Kind::Refused | Kind::Invalid) => {}
            Err(trouble) => return Err(trouble.in_tenant(&self.tag().name)),
        }
        let id = self.wire().resolve_tenant(domain_or_id).await?.ok_or_else(absent)?;
        let domain = (!is_id).then(|| domain_or_id.trim().to_lowercase());
        Ok(Record::default()
            .with("tenantId", id.to_string())
            .with("displayName", serde_json::Value::Null)
            .with("defaultDomainName", domain))
    }

    /// The service's own test of the endpoint `name`, with `mailbox` (the address of a target MailUser) of that user's move too.
    /// A failed test is an answer (`Result` is `Failed`), not an error.
    pub async fn test_migration_endpoint(&self, name: &str, mailbox: Option<&str>) -> Result<Record, Trouble> {
        let named = |trouble: Trouble| trouble.in_tenant(&self.tag().name).on_object(name);
        if is_placeholder(name) || mailbox.is_some_and(is_placeholder) {
            return Err(named(Trouble::new(
                Kind::NotFound,
                format!("the migration endpoint `{name}` does not exist yet"),
            )));
        }
        let mut parameters = Arguments::new().with("Endpoint", name);
        if let Some(mailbox) = mailbox {
            parameters.set("TestMailbox", mailbox);
        }
        let answer = self
            .wire()
            .exchange_read("Test-MigrationServerAvailability", &parameters, None)
            .await;
        let page = answer.map_err(|error| named(error.into()))?;
        page.records
            .into_iter()
            .next()
            .ok_or_else(|| named(Trouble::new(Kind::Network, format!("the test of endpoint `{name}` gave no result"))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tenant::testing::Fake;

    async fn consent(token: Result<&[&str], u64>) -> Result<Consent, Trouble> {
        Fake::new()
            .granting(token)
            .tenant()
            .application_consent("5e5e", "contoso.onmicrosoft.com", None)
            .await
    }

    #[tokio::test]
    async fn consent_is_read_from_what_the_partners_sign_in_answers() {
        assert_eq!(consent(Err(700016)).await.unwrap().state, ConsentState::NotConsented);
        assert_eq!(consent(Err(7000218)).await.unwrap().state, ConsentState::PrincipalOnly);
        assert_eq!(consent(Ok(&["Mailbox.Migration"])).await.unwrap().state, ConsentState::Consented);
        let without_role = consent(Ok(&["User.Invite.All"])).await.unwrap();
        assert_eq!(without_role.state, ConsentState::NotConsented);
        assert!(without_role.detail.contains("roles missing"));
        assert_eq!(consent(Err(90002)).await.unwrap_err().kind, Kind::NotFound);
        assert_eq!(consent(Err(50076)).await.unwrap_err().kind, Kind::SignIn);
    }

    #[tokio::test]
    async fn an_application_that_is_only_planned_is_not_asked_for() {
        let consent = Fake::new()
            .tenant()
            .application_consent("‹application id of x›", "contoso.com", None)
            .await
            .unwrap();

        assert_eq!(consent.state, ConsentState::NotConsented);
    }

    #[tokio::test]
    async fn a_secret_that_is_only_planned_is_never_sent() {
        for (given, sent) in [("‹secret›", None), ("hunter2", Some("hunter2"))] {
            let fake = Fake::new().granting(Err(7000218));
            let secret = SecretString::from(given);

            let consent = fake
                .tenant()
                .application_consent("5e5e", "contoso.com", Some(&secret))
                .await
                .unwrap();

            assert_eq!(consent.state, ConsentState::PrincipalOnly);
            assert_eq!(fake.signed_in_with().as_deref(), sent);
        }
    }

    #[test]
    fn the_consent_link_leads_to_the_partners_sign_in() {
        assert_eq!(
            Fake::new().tenant().consent_link("5e5e", "contoso.onmicrosoft.com"),
            "https://login.microsoftonline.com/contoso.onmicrosoft.com/adminconsent?client_id=5e5e&redirect_uri=https://office.com"
        );
    }
}
