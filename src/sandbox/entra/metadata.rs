//! OpenID metadata and published keys. None of it needs a sign-in.

use serde_json::Value;
use serde_json::json;

use super::authority;
use super::call::Version;
use super::keys;
use super::refusal::Refusal;
use crate::sandbox::Reply;
use crate::sandbox::Tx;
use crate::sandbox::hosts;

/// What a cloud calls itself, by its login host.
struct Cloud {
    login: &'static str,
    old_graph: &'static str,
    graph: &'static str,
    rbac: &'static str,
    /// Who signs the tokens of the v1 addresses.
    sts: &'static str,
}

static CLOUDS: &[Cloud] = &[
    Cloud {
        login: "login.microsoftonline.com",
        old_graph: "graph.windows.net",
        graph: "graph.microsoft.com",
        rbac: "https://pas.windows.net",
        sts: "sts.windows.net",
    },
    Cloud {
        login: "login.microsoftonline.us",
        old_graph: "graph.microsoftazure.us",
        graph: "graph.microsoft.us",
        rbac: "https://pasff.usgovcloudapi.net",
        sts: "sts.windows.net",
    },
    Cloud {
        login: "login.partner.microsoftonline.cn",
        old_graph: "graph.chinacloudapi.cn",
        graph: "microsoftgraph.chinacloudapi.cn",
        rbac: "https://pas.chinacloudapi.cn",
        sts: "sts.windows.net",
    },
];

/// The OpenID configuration of a tenant, which tells its id to whoever knows one of its domains.
pub fn configuration(tx: &Tx<'_>, host: &str, tenant: &str, version: Version) -> Result<Reply, Refusal> {
    let is_alias = authority::is_alias(tenant);
    let id = match is_alias {
        true => "{tenantid}".to_owned(),
        false => authority::tenant(tx, tenant)?.text("id").to_owned(),
    };
    let login = hosts::login_of(host);
    let cloud = CLOUDS.iter().find(|cloud| cloud.login == login).unwrap_or(&CLOUDS[0]);
    let base = match is_alias {
        true => format!("https://{login}/{}", tenant.to_ascii_lowercase()),
        false => format!("https://{login}/{id}"),
    };
    let mut body = json!({
        "token_endpoint": format!("{base}/oauth2/v2.0/token"),
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
        "jwks_uri": format!("{base}/discovery/v2.0/keys"),
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "issuer": format!("https://{login}/{id}/v2.0"),
        "request_uri_parameter_supported": false,
        "userinfo_endpoint": format!("https://{}/oidc/userinfo", cloud.graph),
        "authorization_endpoint": format!("{base}/oauth2/v2.0/authorize"),
        "device_authorization_endpoint": format!("{base}/oauth2/v2.0/devicecode"),
        "http_logout_supported": true,
        "frontchannel_logout_supported": true,
        "end_session_endpoint": format!("{base}/oauth2/v2.0/logout"),
        "tenant_region_scope": if is_alias { Value::Null } else { json!("EU") },
        "cloud_instance_name": cloud.login.strip_prefix("login."),
        "cloud_graph_host_name": cloud.old_graph,
        "msgraph_host": cloud.graph,
        "rbac_url": cloud.rbac,
    });
    if version == Version::V1 {
        body["token_endpoint"] = json!(format!("{base}/oauth2/token"));
        body["jwks_uri"] = json!(format!("https://{login}/common/discovery/keys"));
        body["issuer"] = json!(format!("https://{}/{id}/", cloud.sts));
        body["authorization_endpoint"] = json!(format!("{base}/oauth2/authorize"));
        body["device_authorization_endpoint"] = json!(format!("{base}/oauth2/devicecode"));
        body["end_session_endpoint"] = json!(format!("{base}/oauth2/logout"));
        body["userinfo_endpoint"] = json!(format!("{base}/openid/userinfo"));
        body["microsoft_multi_refresh_token"] = json!(true);
        body["scopes_supported"] = json!(["openid"]);
    }
    Ok(Reply::json(200, &body).with_header("cache-control", "max-age=86400, private"))
}

/// The keys that sign the tokens of all tenants.
pub fn keys(tx: &Tx<'_>, host: &str, version: Version) -> Result<Reply, Refusal> {
    let mut key = keys::published(tx);
    if version == Version::V2 {
        key["issuer"] = json!(format!("https://{}/{{tenantid}}/v2.0", hosts::login_of(host)));
    }
    Ok(Reply::json(200, &json!({"keys": [key]})).with_header("cache-control", "max-age=86400, private"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::testing::Desk;
    use crate::sandbox::testing::read;
    use crate::sandbox::testing::request;

    #[test]
    fn each_cloud_and_each_generation_of_addresses_has_its_own_metadata() {
        let desk = Desk::new();
        let id = desk.tenant("contoso").tenant_id.clone();
        let ask = |host: &str, path: &str| read(&desk.world.answer(&request("GET", host, path))).1;
        let v2 = "/common/v2.0/.well-known/openid-configuration";

        let own = ask("login.windows.net", "/contoso.com/.well-known/openid-configuration");
        assert_eq!(own["issuer"], format!("https://sts.windows.net/{id}/"));
        assert_eq!(
            own["token_endpoint"],
            format!("https://login.microsoftonline.com/{id}/oauth2/token")
        );
        let common = ask("login.microsoftonline.com", v2);
        assert_eq!(common["issuer"], "https://login.microsoftonline.com/{tenantid}/v2.0");
        assert_eq!(
            common["token_endpoint"],
            "https://login.microsoftonline.com/common/oauth2/v2.0/token"
        );
        let of_gov = ask("login.microsoftonline.us", v2);
        assert_eq!(of_gov["issuer"], "https://login.microsoftonline.us/{tenantid}/v2.0");
        assert_eq!(of_gov["msgraph_host"], "graph.microsoft.us");
        let of_china = ask("login.chinacloudapi.cn", v2);
        assert_eq!(of_china["issuer"], "https://login.partner.microsoftonline.cn/{tenantid}/v2.0");
        assert_eq!(of_china["msgraph_host"], "microsoftgraph.chinacloudapi.cn");
        assert_eq!(
            ask("login.microsoftonline.com", "/consumers/v2.0/.well-known/openid-configuration")["error_codes"],
            json!([90002])
        );
    }
}
