//! OpenID metadata, published keys and instance discovery. None of it needs a sign-in.

use serde_json::json;

use super::keys;
use super::refusal::Refusal;
use crate::sandbox::Reply;
use crate::sandbox::Request;
use crate::sandbox::Tx;
use crate::sandbox::directory;

const ALIASES: &[&str] = &["common", "organizations"];
const LOGIN_HOSTS: &[&[&str]] = &[
    &[
        "login.microsoftonline.com",
        "login.windows.net",
        "login.microsoft.com",
        "sts.windows.net",
    ],
    &["login.partner.microsoftonline.cn", "login.chinacloudapi.cn"],
    &["login.microsoftonline.us", "login.usgovcloudapi.net"],
];

/// The OpenID configuration of a tenant, which tells its id to whoever knows one of its domains.
pub fn configuration(tx: &Tx<'_>, host: &str, tenant: &str) -> Result<Reply, Refusal> {
    let id = match ALIASES.iter().any(|alias| alias.eq_ignore_ascii_case(tenant)) {
        true => "{tenantid}".to_owned(),
        false => {
            let found = directory::tenant(tx, tenant).filter(|object| !object.text("name").eq_ignore_ascii_case(tenant));
            found
                .map(|object| object.text("id").to_owned())
                .ok_or_else(|| Refusal::unknown_tenant(tenant))?
        }
    };
    let base = match id.starts_with('{') {
        true => format!("https://{host}/{tenant}"),
        false => format!("https://{host}/{id}"),
    };
    let body = json!({
        "token_endpoint": format!("{base}/oauth2/v2.0/token"),
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
        "jwks_uri": format!("{base}/discovery/v2.0/keys"),
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "issuer": format!("https://{host}/{id}/v2.0"),
        "request_uri_parameter_supported": false,
        "userinfo_endpoint": "https://graph.microsoft.com/oidc/userinfo",
        "authorization_endpoint": format!("{base}/oauth2/v2.0/authorize"),
        "device_authorization_endpoint": format!("{base}/oauth2/v2.0/devicecode"),
        "end_session_endpoint": format!("{base}/oauth2/v2.0/logout"),
        "tenant_region_scope": "EU",
        "cloud_instance_name": host.strip_prefix("login.").unwrap_or(host),
        "cloud_graph_host_name": "graph.windows.net",
        "msgraph_host": "graph.microsoft.com",
        "rbac_url": "https://pas.windows.net",
    });
    Ok(Reply::json(200, &body).with_header("cache-control", "max-age=86400, private"))
}

/// The keys that sign the tokens of all tenants.
pub fn keys(tx: &Tx<'_>) -> Result<Reply, Refusal> {
    Ok(Reply::json(200, &json!({"keys": [keys::published(tx)]})))
}

/// Whether a login host is a genuine one.
pub fn instance(tx: &Tx<'_>, request: &Request) -> Result<Reply, Refusal> {
    let endpoint = request.parameter("authorization_endpoint").unwrap_or_default();
    let address = endpoint.strip_prefix("https://").unwrap_or(endpoint);
    let (host, path) = address.split_once('/').unwrap_or((address, ""));
    let host = host.to_ascii_lowercase();
    if !LOGIN_HOSTS.iter().flat_map(|group| group.iter()).any(|known| *known == host) {
        return Err(Refusal::new(
            50049,
            "invalid_instance",
            format!("Unknown or invalid instance '{host}'."),
        ));
    }
    let tenant = path.split('/').next().unwrap_or_default();
    let id = directory::tenant(tx, tenant).map_or(tenant.to_owned(), |object| object.text("id").to_owned());
    let metadata = LOGIN_HOSTS
        .iter()
        .map(|hosts| json!({"preferred_network": hosts[0], "preferred_cache": hosts.get(1).unwrap_or(&hosts[0]), "aliases": hosts}));
    let body = json!({
        "tenant_discovery_endpoint": format!("https://{host}/{id}/v2.0/.well-known/openid-configuration"),
        "api-version": request.parameter("api-version").unwrap_or("1.1"),
        "metadata": metadata.collect::<Vec<_>>(),
    });
    Ok(Reply::json(200, &body))
}
