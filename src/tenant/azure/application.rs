//! The same tenant in the hands of another application.

use std::time::Duration;

use secrecy::SecretString;
use uuid::Uuid;

use crate::change::Gate;
use crate::change::Mode;
use crate::cloud::Credential;
use crate::cloud::Identity;
use crate::cloud::certificate_from_pfx;
use crate::model::Kind;
use crate::model::Trouble;
use crate::tenant::Tenant;
use crate::tenant::reading;
use crate::tenant::waiting::Progress;
use crate::tenant::waiting::Wait;

const EVERY: Duration = Duration::from_secs(10);
/// How long sign-in may not know a key that was just given to an application, or leave a role out that it was just granted.
const AT_MOST: Duration = Duration::from_secs(300);

const GRAPH: &str = "00000003-0000-0000-c000-000000000000";
const ROLES_LATE: &str = "roles_not_in_token";

impl Tenant {
    /// This tenant, signed in as the application `app_id` by the certificate in `secret`: the secret of a certificate in a key
    /// vault. A run that only plans stays who it is, because the application does not know that key yet.
    pub async fn as_application(
        &self,
        gate: &Gate,
        app_id: &str,
        secret: &SecretString,
        progress: Progress<'_>,
    ) -> Result<Tenant, Trouble> {
        if gate.mode() == Mode::WhatIf {
            return Ok(self.clone());
        }
        let named = |trouble: Trouble| trouble.in_tenant(&self.tag().name).on_object(app_id);
        let (certificate_pem, key_pem) = certificate_from_pfx(secret).map_err(|why| {
            named(
                Trouble::new(Kind::Invalid, format!("the secret is no certificate with its private key: {why}"))
                    .with_code("no_certificate")
                    .with_remedy("give the secret behind an exportable certificate of a key vault, as `get_vault_secret` reads it"),
            )
        })?;
        // What was granted shows in tokens that are issued afterwards only, so each try has a connection without any.
        let sign_in = async || {
            let credential = Credential::Certificate {
                client_id: app_id.to_owned(),
                certificate_pem: certificate_pem.clone(),
                key_pem: key_pem.clone(),
            };
            let tenant = self.connected_by(self.connection().as_application(credential)?);
            let identity = tenant.caller().await?;
            Ok((tenant, identity))
        };
        self.until_granted(app_id, progress, sign_in).await.map_err(named)
    }

    /// Signs in until sign-in knows the application, and gives it all that it was granted.
    async fn until_granted(
        &self,
        app_id: &str,
        progress: Progress<'_>,
        mut sign_in: impl AsyncFnMut() -> Result<(Tenant, Identity), Trouble>,
    ) -> Result<Tenant, Trouble> {
        let wait = Wait::new("sign-in to know the application and its permissions", EVERY, AT_MOST);
        let passes = |trouble: &Trouble| is_fresh(trouble) || trouble.code == ROLES_LATE;
        self.wait_out(&wait, progress, passes, async || {
            let (tenant, identity) = sign_in().await?;
            let granted = self.granted(app_id).await?;
            match granted.iter().find(|role| !identity.has_role(role)) {
                None => Ok(tenant),
                Some(role) => Err(roles_late(app_id, role)),
            }
        })
        .await
    }

    /// What of Graph the application was granted here; nothing, where that may not be read.
    async fn granted(&self, app_id: &str) -> Result<Vec<String>, Trouble> {
        let principals = reading("get_service_principal").expect("the table of readings has it");
        let held = async {
            let principal = self.get(principals, Some(app_id)).await?;
            self.held_roles(principal.text("id").unwrap_or_default()).await
        };
        match held.await {
            Err(trouble) if matches!(trouble.kind, Kind::Forbidden | Kind::NotFound) => Ok(Vec::new()),
            held => {
                // One that Graph no longer offers has no name, and no token will ever hold it.
                let counts = |(of, role): &(String, String)| of == GRAPH && Uuid::parse_str(role).is_err();
                Ok(held?.into_iter().filter(counts).map(|(_, role)| role).collect())
            }
        }
    }
}

fn roles_late(app_id: &str, role: &str) -> Trouble {
    let message = format!("sign-in does not give the application `{app_id}` its permission {role}, though it was granted");
    Trouble::new(Kind::Timeout, message)
        .with_code(ROLES_LATE)
        .with_remedy("wait some minutes and run this again; nothing has to be undone")
        .retryable()
}

/// Whether sign-in does not know the application or its key yet.
fn is_fresh(trouble: &Trouble) -> bool {
    ["AADSTS700027", "AADSTS700016", "AADSTS7000229"]
        .iter()
        .any(|code| trouble.code == *code)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::change::Impact;
    use crate::tenant::testing::Fake;
    use crate::tenant::testing::gate;
    use crate::tenant::waiting::SILENT;

    /// An application that was granted a permission of Graph and one of Exchange.
    fn consented() -> Fake {
        Fake::new()
            .with("servicePrincipals", json!({"id": "p", "appId": "5e5e"}))
            .with(
                "servicePrincipals",
                json!({"id": "g", "appId": GRAPH, "appRoles": [{"id": "09", "value": "User.Invite.All"}]}),
            )
            .with(
                "servicePrincipals",
                json!({"id": "e", "appId": "00000002-0000-0ff1-ce00-000000000000", "appRoles": [{"id": "f7", "value": "Mailbox.Migration"}]}),
            )
            .with("appRoleAssignments", json!({"appRoleId": "09", "resourceId": "g"}))
            .with("appRoleAssignments", json!({"appRoleId": "f7", "resourceId": "e"}))
            .with(
                "appRoleAssignments",
                json!({"appRoleId": "0a0a0a0a-0001-4000-8000-000000000001", "resourceId": "g"}),
            )
    }

    /// Signs in with tokens whose roles, or whose refusals, come one after the other; the last stays.
    async fn signed_in(fake: &Fake, mut tokens: Vec<Result<&'static str, &'static str>>) -> Result<usize, Trouble> {
        let tenant = fake.tenant();
        let mut tries = 0;
        let sign_in = async || {
            tries += 1;
            let token = if tokens.len() > 1 { tokens.remove(0) } else { tokens[0] };
            let roles = token.map_err(|code| Trouble::new(Kind::SignIn, "no").with_code(code))?;
            let roles = roles.split(' ').map(str::to_owned).collect();
            Ok((
                tenant.clone(),
                Identity {
                    roles,
                    ..Identity::default()
                },
            ))
        };
        tenant.until_granted("5e5e", SILENT, sign_in).await?;
        Ok(tries)
    }

    #[tokio::test]
    async fn sign_in_is_repeated_until_the_token_holds_what_was_granted() {
        let late = vec![
            Err("AADSTS700027"),
            Ok(""),
            Ok("User.Read.All"),
            Ok("User.Read.All User.Invite.All"),
        ];

        assert_eq!(signed_in(&consented(), late).await.unwrap(), 4);
        assert_eq!(signed_in(&consented(), vec![Ok("User.Invite.All")]).await.unwrap(), 1);
        // Nobody granted it anything.
        assert_eq!(signed_in(&Fake::new(), vec![Ok("")]).await.unwrap(), 1);
    }

    #[tokio::test]
    async fn a_permission_that_never_comes_and_a_refusal_that_does_not_pass_are_told() {
        let (never, refused) = (consented(), consented());

        let late = signed_in(&never, vec![Ok("User.Read.All")]).await.unwrap_err();
        let wrong = signed_in(&refused, vec![Err("AADSTS7000215")]).await.unwrap_err();

        assert_eq!((late.kind, &*late.code), (Kind::Timeout, ROLES_LATE));
        assert!(late.message.contains("User.Invite.All"));
        assert_eq!((never.waited(), refused.waited()), (AT_MOST, Duration::ZERO));
        assert_eq!(wrong.code, "AADSTS7000215");
    }

    #[tokio::test]
    async fn a_plan_signs_in_as_nobody_else() {
        let fake = Fake::new();
        let planning = gate(Mode::WhatIf, Impact::High);

        let tenant = fake
            .tenant()
            .as_application(&planning, "5e5e", &"no certificate".into(), SILENT)
            .await
            .unwrap();

        assert_eq!(tenant.caller().await.unwrap().app_id, "admin");
        assert!(fake.reads().is_empty());
    }
}
