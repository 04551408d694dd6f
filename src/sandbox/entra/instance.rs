//! Which login hosts are genuine, and what kind of account a name is. Clients ask before they sign in.

use serde_json::Value;
use serde_json::json;

use super::refusal::Refusal;
use crate::sandbox::Reply;
use crate::sandbox::Request;
use crate::sandbox::Tx;
use crate::sandbox::directory;
use crate::sandbox::hosts;

/// `GET /{tenant}/discovery/instance`: whether a login host is a genuine one.
pub fn discovery(tx: &Tx<'_>, request: &Request) -> Result<Reply, Refusal> {
    let endpoint = request.parameter("authorization_endpoint").unwrap_or_default();
    let address = endpoint.strip_prefix("https://").unwrap_or(endpoint);
    let (host, path) = address.split_once('/').unwrap_or((address, ""));
    let host = host.to_ascii_lowercase();
    if !hosts::LOGIN.iter().any(|group| group.contains(&host.as_str())) {
        return Err(Refusal::new(
            50049,
            "invalid_instance",
            format!("Unknown or invalid instance '{host}'."),
        ));
    }
    let tenant = path.split('/').next().unwrap_or_default();
    let id = directory::tenant(tx, tenant).map_or(tenant.to_owned(), |object| object.text("id").to_owned());
    let metadata = hosts::LOGIN.iter().map(|hosts| {
        // Worldwide, caches go by a name that is no longer used otherwise.
        let cache = if hosts.contains(&"login.windows.net") {
            "login.windows.net"
        } else {
            hosts[0]
        };
        json!({"preferred_network": hosts[0], "preferred_cache": cache, "aliases": hosts})
    });
    let body = json!({
        "tenant_discovery_endpoint": format!("https://{host}/{id}/v2.0/.well-known/openid-configuration"),
        "api-version": request.parameter("api-version").unwrap_or("1.1"),
        "metadata": metadata.collect::<Vec<_>>(),
    });
    Ok(Reply::json(200, &body))
}

/// `GET /common/userrealm/{name}` and `GET /common/userrealm?user={name}`: all domains of the sandbox are managed, none federated.
pub fn realm(tx: &Tx<'_>, request: &Request, name: &str) -> Result<Reply, Refusal> {
    let name = if name.is_empty() {
        request.parameter("user").unwrap_or_default()
    } else {
        name
    };
    let domain = name.rsplit_once('@').map_or("", |(_, domain)| domain);
    let tenant = directory::tenant(tx, domain).filter(|_| domain.contains('.'));
    let login = hosts::login_of(&request.host);
    let cloud = login.strip_prefix("login.").unwrap_or(login);
    let audience = match cloud {
        "microsoftonline.us" => "urn:federation:MicrosoftOnline.us",
        "partner.microsoftonline.cn" => "urn:federation:partner.microsoftonline.cn",
        _ => "urn:federation:MicrosoftOnline",
    };
    let kind = if tenant.is_some() { "Managed" } else { "Unknown" };
    let brand = tenant.map_or(Value::Null, |tenant| json!(tenant.text("displayName")));
    let body = match request.parameter("api-version") {
        Some("2.0" | "2.1") => json!({
            "NameSpaceType": kind, "Login": name, "DomainName": domain, "FederationBrandName": brand,
            "CloudInstanceName": cloud, "CloudInstanceIssuerUri": audience,
        }),
        _ => json!({
            "ver": "1.0", "account_type": kind, "domain_name": domain,
            "cloud_instance_name": cloud, "cloud_audience_urn": audience,
        }),
    };
    Ok(Reply::json(200, &body))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::testing::Desk;
    use crate::sandbox::testing::read;
    use crate::sandbox::testing::request;

    #[test]
    fn an_account_is_managed_when_its_domain_is_one_of_the_tenants() {
        let desk = Desk::new();
        let ask = |path: &str| read(&desk.world.answer(&request("GET", "login.microsoftonline.com", path)));

        let (status, own) = ask("/common/userrealm/cleo@contoso.onmicrosoft.com");
        assert_eq!((status, &own["account_type"]), (200, &json!("Managed")));
        assert_eq!(own["cloud_audience_urn"], "urn:federation:MicrosoftOnline");
        assert_eq!(ask("/common/UserRealm/ann@fabrikam.com").1["account_type"], "Unknown");
    }
}
