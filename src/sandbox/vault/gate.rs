//! Who calls a vault: the challenge for those who show no token, and the check of the token of those who do.

use std::net::Ipv4Addr;

use super::fault::Fault;
use crate::sandbox::Caller;
use crate::sandbox::Object;
use crate::sandbox::Reply;
use crate::sandbox::Request;
use crate::sandbox::Tx;
use crate::sandbox::azure;
use crate::sandbox::azure::Visitor;
use crate::sandbox::directory;
use crate::sandbox::entra::token;
use crate::sandbox::entra::token::BadToken;
use crate::sandbox::hosts::Azure;

/// The caller of a vault at a host of `cloud`. Its token is for the vaults of that cloud and of the vault's own tenant.
pub fn caller(tx: &Tx<'_>, vault: &Object, cloud: &Azure, request: &Request) -> Result<Caller, Fault> {
    let resource = cloud.vault_audience;
    let caller = token::check(tx, request, &[resource]).map_err(|bad| {
        Fault::unauthorized(match bad {
            BadToken::Missing => "AKV10000: Request is missing a Bearer or PoP token.".to_owned(),
            BadToken::Audience(found) => format!("AKV10022: Invalid audience. Expected {resource}, found: {found}."),
            BadToken::Expired(end) => {
                format!("Error validating token: IDX10223: Lifetime validation failed. The token is expired. ValidTo: '{end}'.")
            }
            BadToken::Invalid | BadToken::Tenant => "AKV10046: Unable to resolve the key used for signature validation.".to_owned(),
        })
    })?;
    tenant(tx, vault, &caller.tenant).map(|()| caller)
}

/// Refuses a caller of another tenant than the vault's.
pub fn tenant(tx: &Tx<'_>, vault: &Object, tenant: &str) -> Result<(), Fault> {
    let issuer = |tenant: &str| format!("https://sts.windows.net/{}/", directory::tenant_id(tx, tenant));
    match tenant == vault.tenant {
        true => Ok(()),
        false => Err(Fault::unauthorized(format!(
            "AKV10032: Invalid issuer. Expected one of {}, found {}.",
            issuer(&vault.tenant),
            issuer(tenant)
        ))),
    }
}

/// The reply to a caller without a good token: it names the tenant and the resource to ask for.
pub fn challenged(tx: &Tx<'_>, vault: &Object, cloud: &Azure, reply: Reply) -> Reply {
    let tenant_id = directory::tenant_id(tx, &vault.tenant);
    let challenge = format!(
        "Bearer authorization=\"https://{}/{tenant_id}\", resource=\"{}\"",
        cloud.login, cloud.vault_audience
    );
    reply.with_header("www-authenticate", challenge)
}

/// Refuses callers from where the vault is not open to. All callers of the sandbox are on its own computer.
pub fn firewall(vault: &Object) -> Result<(), Fault> {
    passed(vault, Visitor::From(Ipv4Addr::LOCALHOST))
}

/// As [`firewall`], for a service of Microsoft.
pub fn firewall_for_service(vault: &Object) -> Result<(), Fault> {
    passed(vault, Visitor::TrustedService)
}

fn passed(vault: &Object, visitor: Visitor) -> Result<(), Fault> {
    match azure::admits(vault, visitor) {
        true => Ok(()),
        false => Err(Fault::forbidden(
            "ForbiddenByFirewall",
            format!(
                "Client address is not authorized and caller is not a trusted service.\r\nVault: {};location={}",
                vault.text("name"),
                vault.text("location")
            ),
        )),
    }
}
