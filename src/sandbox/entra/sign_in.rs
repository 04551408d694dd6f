//! The token endpoint, for applications that sign in as themselves.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::assertion;
use super::refusal::Refusal;
use super::resource;
use super::token;
use super::token::Proof;
use crate::sandbox::Object;
use crate::sandbox::Reply;
use crate::sandbox::Request;
use crate::sandbox::Tx;
use crate::sandbox::directory;
use crate::sandbox::directory::SecretState;
use crate::sandbox::form;

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Answers `POST /{tenant}/oauth2/v2.0/token`.
pub fn token(tx: &Tx<'_>, request: &Request, tenant: &str) -> Result<Reply, Refusal> {
    let form = Form::of(request);
    if ["common", "organizations", "consumers"].contains(&tenant.to_ascii_lowercase().as_str()) {
        let text = "No tenant-identifying information found in either the request or implied by any provided credentials.";
        return Err(Refusal::new(50059, "invalid_request", text));
    }
    let found = directory::tenant(tx, tenant).filter(|object| !object.text("name").eq_ignore_ascii_case(tenant));
    let tenant = found.ok_or_else(|| Refusal::unknown_tenant(tenant))?;
    match form.needed("grant_type")? {
        "client_credentials" => {}
        other => {
            let text = format!("The app requested an unsupported grant type '{other}'.");
            return Err(Refusal::new(70003, "unsupported_grant_type", text));
        }
    }
    let (application, principal) = client(tx, &tenant, form.needed("client_id")?)?;
    let proof = prove(tx, request, &form, &tenant, &application)?;
    let audience = audience(tx, &tenant, &application, form.needed("scope")?)?;
    let unreadable = || {
        Refusal::new(
            90033,
            "temporarily_unavailable",
            "A transient error has occurred. Please try again.",
        )
    };
    let token = token::issue(tx, &application, &principal, audience, proof).ok_or_else(unreadable)?;
    let body = json!({"token_type": "Bearer", "expires_in": token::LIFE, "ext_expires_in": token::LIFE, "access_token": token});
    Ok(Reply::json(200, &body).with_header("cache-control", "no-store, no-cache"))
}

/// The application and its service principal in the tenant. A multi-tenant application is known where it has one.
fn client(tx: &Tx<'_>, tenant: &Object, client_id: &str) -> Result<(Object, Object), Refusal> {
    let unknown = || {
        let text = format!(
            "Application with identifier '{client_id}' was not found in the directory '{}'. This can happen if the application has \
             not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent \
             your authentication request to the wrong tenant.",
            tenant.text("displayName")
        );
        Refusal::new(700016, "unauthorized_client", text)
    };
    let application = directory::known_application(tx, client_id).ok_or_else(unknown)?;
    let is_multi_tenant = application.text("signInAudience") != "AzureADMyOrg";
    if application.tenant != tenant.tenant && !is_multi_tenant {
        return Err(unknown());
    }
    let principal = directory::known_principal(tx, &tenant.tenant, client_id).ok_or_else(unknown)?;
    if principal.body.get("accountEnabled").is_some_and(|enabled| enabled == false) {
        let text = format!("Application '{client_id}'({}) is disabled.", application.text("displayName"));
        return Err(Refusal::new(7000112, "unauthorized_client", text));
    }
    Ok((application, principal))
}

fn prove(tx: &Tx<'_>, request: &Request, form: &Form, tenant: &Object, application: &Object) -> Result<Proof, Refusal> {
    let app_id = application.text("appId");
    if let Some(assertion) = form.get("client_assertion") {
        if form.get("client_assertion_type") != Some(ASSERTION_TYPE) {
            return Err(Refusal::missing_field("client_assertion_type"));
        }
        assertion::check(tx, request, tenant, application, assertion)?;
        return Ok(Proof::Certificate);
    }
    let Some(secret) = form.get("client_secret") else {
        let text = "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.";
        return Err(Refusal::new(7000218, "invalid_client", text));
    };
    match directory::check_secret(tx, app_id, secret) {
        SecretState::Valid => Ok(Proof::Secret),
        SecretState::Expired => {
            let text = format!(
                "The provided client secret keys for app '{app_id}' are expired. Visit the Azure portal to create new keys for your \
                 app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: \
                 https://aka.ms/certCreds."
            );
            Err(Refusal::new(7000222, "invalid_client", text))
        }
        SecretState::Wrong => {
            let text = format!(
                "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the \
                 client secret ID, for a secret added to app '{app_id}'."
            );
            Err(Refusal::new(7000215, "invalid_client", text))
        }
    }
}

fn audience<'a>(tx: &Tx<'_>, tenant: &Object, application: &Object, scope: &'a str) -> Result<&'a str, Refusal> {
    let Some(audience) = scope.trim().strip_suffix("/.default").filter(|rest| !rest.contains(' ')) else {
        let text = format!(
            "The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not \
             valid. The scope {scope} is not valid."
        );
        return Err(Refusal::new(70011, "invalid_scope", text));
    };
    let principal = resource::app_id(audience).and_then(|app_id| directory::service_principal(tx, &tenant.tenant, app_id));
    if principal.is_none() {
        let text = format!(
            "The resource principal named {audience} was not found in the tenant named {}. This can happen if the application has not \
             been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your \
             authentication request to the wrong tenant. The request was made by '{}'.",
            tenant.text("displayName"),
            application.text("appId"),
        );
        return Err(Refusal::new(500011, "invalid_resource", text));
    }
    Ok(audience)
}

/// The fields of the body, and of the Basic header that may stand for two of them.
struct Form(Vec<(String, String)>);

impl Form {
    fn of(request: &Request) -> Self {
        let mut fields = form::pairs(&String::from_utf8_lossy(&request.body));
        let basic = request.header("authorization").and_then(|header| header.strip_prefix("Basic "));
        let decoded = basic
            .and_then(|basic| STANDARD.decode(basic).ok())
            .and_then(|bytes| String::from_utf8(bytes).ok());
        if let Some((id, secret)) = decoded.as_deref().and_then(|pair| pair.split_once(':')) {
            fields.push(("client_id".into(), form::decode(id)));
            fields.push(("client_secret".into(), form::decode(secret)));
        }
        Self(fields)
    }

    fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, value)| known == name && !value.is_empty());
        found.map(|(_, value)| value.as_str())
    }

    fn needed(&self, name: &str) -> Result<&str, Refusal> {
        self.get(name).ok_or_else(|| Refusal::missing_field(name))
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
