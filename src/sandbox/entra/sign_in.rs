//! The token endpoint: which grant is asked for, and the one for applications that sign in as themselves.

use serde_json::json;

use super::authority;
use super::call::Call;
use super::client;
use super::code;
use super::device_grant;
use super::proof;
use super::refresh;
use super::refusal::Refusal;
use super::resource;
use super::token;
use crate::sandbox::Object;
use crate::sandbox::Reply;
use crate::sandbox::Tx;
use crate::sandbox::directory;

/// Answers `POST /{tenant}/oauth2/v2.0/token` and `POST /{tenant}/oauth2/token`.
pub fn token(call: &Call<'_>) -> Result<Reply, Refusal> {
    match call.needed("grant_type")? {
        "client_credentials" => as_application(call),
        "urn:ietf:params:oauth:grant-type:device_code" | "device_code" => device_grant::redeem(call),
        "authorization_code" => code::redeem(call),
        "refresh_token" => refresh::redeem(call),
        other => {
            let text = format!("The app requested an unsupported grant type '{other}'.");
            Err(Refusal::new(70003, "unsupported_grant_type", text))
        }
    }
}

fn as_application(call: &Call<'_>) -> Result<Reply, Refusal> {
    let tx = call.tx;
    if authority::is_alias(call.tenant) || authority::is_consumers(call.tenant) {
        let text = "No tenant-identifying information found in either the request or implied by any provided credentials.";
        return Err(Refusal::new(50059, "invalid_request", text));
    }
    let tenant = authority::tenant(tx, call.tenant)?;
    let (application, principal) = client(tx, &tenant, call.needed("client_id")?)?;
    let presented = call.presented(proof::prove(call, &application)?);
    let audience = audience(call, &tenant, &application)?;
    let token = token::issue(tx, &application, &principal, audience, presented).ok_or_else(Refusal::transient)?;
    let body = match call.is_v1() {
        false => json!({"token_type": "Bearer", "expires_in": token::LIFE, "ext_expires_in": token::LIFE, "access_token": token}),
        true => call.v1_answer(audience, &token),
    };
    Ok(Reply::json(200, &body))
}

/// The application and its service principal in the tenant. A multi-tenant application is known where it has one.
fn client(tx: &Tx<'_>, tenant: &Object, client_id: &str) -> Result<(Object, Object), Refusal> {
    let unknown = || client::unknown(client_id, tenant.text("displayName"));
    let application = directory::known_application(tx, client_id).ok_or_else(unknown)?;
    let is_multi_tenant = application.text("signInAudience") != "AzureADMyOrg";
    if application.tenant != tenant.tenant && !is_multi_tenant {
        return Err(unknown());
    }
    let principal = directory::known_principal(tx, &tenant.tenant, client_id).ok_or_else(unknown)?;
    client::check_enabled(&application, &principal)?;
    Ok((application, principal))
}

fn audience<'a>(call: &'a Call<'_>, tenant: &Object, application: &Object) -> Result<&'a str, Refusal> {
    let audience = match call.is_v1() {
        true => call.needed("resource")?,
        false => {
            let scope = call.needed("scope")?;
            let named = scope.trim().strip_suffix("/.default").filter(|rest| !rest.contains(' '));
            named.ok_or_else(|| {
                let text = format!(
                    "The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is \
                     not valid. The scope {scope} is not valid."
                );
                Refusal::new(70011, "invalid_scope", text)
            })?
        }
    };
    let principal = resource::app_id(audience).and_then(|app_id| directory::service_principal(call.tx, &tenant.tenant, app_id));
    match principal {
        Some(_) => Ok(audience),
        None => Err(client::no_resource(audience, tenant.text("displayName"), application.text("appId"))),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::Value;
    use serde_json::json;

    use crate::sandbox::entra::keys;
    use crate::sandbox::ids;
    use crate::sandbox::testing::Desk;
    use crate::sandbox::testing::read;
    use crate::sandbox::testing::request;

    fn number(body: &Value) -> u64 {
        let number = body["error_codes"][0].as_u64().unwrap();
        assert!(
            body["error_description"]
                .as_str()
                .unwrap()
                .starts_with(&format!("AADSTS{number}: "))
        );
        number
    }

    #[test]
    fn an_administrator_gets_a_token_that_says_what_it_may() {
        let desk = Desk::new();

        let token = desk.token("contoso", "https://outlook.office365.com/.default");

        let claims = keys::claims(&token).unwrap();
        assert_eq!(claims["aud"], "https://outlook.office365.com");
        assert_eq!(claims["tid"], desk.tenant("contoso").tenant_id);
        assert_eq!(claims["roles"], json!(["Exchange.ManageAsApp"]));
        assert_eq!(claims["exp"].as_i64().unwrap(), desk.world.now().as_second() + 3599);
        assert_eq!(claims["wids"], json!([ids::GLOBAL_ADMINISTRATOR, ids::NO_DIRECTORY_ROLE]));
    }

    #[test]
    fn each_way_to_fail_has_its_number_and_status() {
        let desk = Desk::new();
        let cases = [
            (
                ("client_id", "9d9d9d9d-4444-4ddd-8444-f0f0f0f0f004"),
                400,
                700016,
                "unauthorized_client",
            ),
            (("client_secret", "wrong"), 401, 7000215, "invalid_client"),
            (("client_secret", ""), 401, 7000218, "invalid_client"),
            (("scope", "https://nowhere.example/.default"), 400, 500011, "invalid_resource"),
            (("scope", "User.Read"), 400, 70011, "invalid_scope"),
            (("grant_type", ""), 400, 900144, "invalid_request"),
            (("grant_type", "password"), 400, 70003, "unsupported_grant_type"),
        ];
        for (field, status, expected, error) in cases {
            let (answered, body) = desk.sign_in("contoso", &[field]);

            assert_eq!((answered, number(&body)), (status, expected), "{field:?}: {body}");
            assert_eq!(body["error"], error);
        }
    }

    #[test]
    fn a_tenant_is_known_by_id_and_domain_but_not_by_our_short_name() {
        let desk = Desk::new();
        let ask = |tenant: &str| {
            let path = format!("/{tenant}/v2.0/.well-known/openid-configuration");
            read(&desk.world.answer(&request("GET", "login.microsoftonline.com", &path)))
        };
        let issuer = format!("https://login.microsoftonline.com/{}/v2.0", desk.tenant("contoso").tenant_id);

        assert_eq!(ask("contoso.com").1["issuer"], issuer.as_str());
        assert_eq!(ask(&desk.tenant("contoso").tenant_id).1["issuer"], issuer.as_str());
        let (status, body) = ask("contoso");
        assert_eq!((status, number(&body)), (400, 90002));
        let (status, body) = ask("fabrikam.com");
        assert_eq!((status, number(&body)), (400, 90002));
    }

    #[test]
    fn a_secret_expires_by_the_clock_of_the_sandbox() {
        let desk = Desk::new();
        let end = desk.world.now() + jiff::SignedDuration::from_hours(48);
        let (_, application) = desk.graph("contoso", "POST", "applications", json!({"displayName": "short-lived"}));
        desk.graph("contoso", "POST", "servicePrincipals", json!({"appId": application["appId"]}));
        let address = format!("applications/{}/addPassword", application["id"].as_str().unwrap());
        let wanted = json!({"passwordCredential": {"endDateTime": end.to_string()}});
        let (_, added) = desk.graph("contoso", "POST", &address, wanted);
        let sign_in = || {
            let id = application["appId"].as_str().unwrap();
            desk.sign_in(
                "contoso",
                &[("client_id", id), ("client_secret", added["secretText"].as_str().unwrap())],
            )
        };
        assert_eq!(sign_in().0, 200);

        desk.world.advance(Duration::from_secs(49 * 3600)).unwrap();

        let (status, body) = sign_in();
        assert_eq!((status, number(&body)), (401, 7000222));
    }

    #[test]
    fn a_multi_tenant_application_signs_in_where_it_was_consented_to() {
        let desk = Desk::new();
        let (app_id, secret) = desk.migration_application();
        let fields = [
            ("client_id", app_id.as_str()),
            ("client_secret", secret.as_str()),
            ("scope", "https://outlook.office365.com/.default"),
        ];
        let (status, body) = desk.sign_in("contoso", &fields);
        assert_eq!((status, number(&body)), (400, 700016));

        let (status, principal) = desk.graph("contoso", "POST", "servicePrincipals", json!({"appId": app_id}));
        assert_eq!(status, 201, "{principal}");
        let (_, exchange) = desk.graph(
            "contoso",
            "GET",
            &format!("servicePrincipals(appId='{}')", ids::EXCHANGE),
            Value::Null,
        );
        let grant = json!({"principalId": principal["id"], "resourceId": exchange["id"], "appRoleId": ids::MAILBOX_MIGRATION});
        let address = format!("servicePrincipals/{}/appRoleAssignedTo", exchange["id"].as_str().unwrap());
        let (status, granted) = desk.graph("contoso", "POST", &address, grant);
        assert_eq!(status, 201, "{granted}");

        let (status, body) = desk.sign_in("contoso", &fields);
        assert_eq!(status, 200, "{body}");
        let claims = keys::claims(body["access_token"].as_str().unwrap()).unwrap();
        assert_eq!(claims["roles"], json!(["Mailbox.Migration"]));
        assert_eq!(claims["oid"], principal["id"]);
    }
}
