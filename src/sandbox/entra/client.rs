//! The program that a person signs in to, and what it may do in that person's name.

use serde_json::Value;

use super::authority::Authority;
use super::first_party;
use super::first_party::FirstParty;
use super::redirect;
use super::redirect::Platform;
use super::refusal::Refusal;
use super::resource;
use super::scope::Scope;
use crate::sandbox::Object;
use crate::sandbox::Tx;
use crate::sandbox::directory;
use crate::sandbox::scopes;

/// A program.
#[derive(Debug, Clone)]
pub struct Client {
    /// Its registration.
    pub application: Object,
    first_party: Option<&'static FirstParty>,
}

/// How what a client asks for stands with a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// These permissions are its own.
    Granted(Vec<String>),
    /// Nobody has consented to these yet.
    NeedsConsent(Vec<String>),
}

impl Client {
    /// The client with that application id, when it may be signed in to there.
    pub fn find(tx: &Tx<'_>, authority: &Authority, client_id: &str) -> Result<Self, Refusal> {
        if let Some(client) = first_party::find(client_id) {
            return Ok(Self {
                application: client.application(),
                first_party: Some(client),
            });
        }
        let place = match authority {
            Authority::Tenant(tenant) => tenant.text("displayName"),
            Authority::Home => "common",
        };
        let application = directory::known_application(tx, client_id).ok_or_else(|| unknown(client_id, place))?;
        let is_multi_tenant = application.text("signInAudience") != "AzureADMyOrg";
        match authority {
            Authority::Tenant(tenant) if tenant.tenant != application.tenant && !is_multi_tenant => Err(unknown(client_id, place)),
            Authority::Home if !is_multi_tenant => {
                let text = format!(
                    "Application '{client_id}'({}) is not configured as a multi-tenant application. Usage of the /common endpoint is not \
                     supported for such apps created after '10/15/2018'. Use a tenant-specific endpoint or configure the application to \
                     be multi-tenant.",
                    application.text("displayName")
                );
                Err(Refusal::new(50194, "invalid_request", text))
            }
            _ => Ok(Self {
                application,
                first_party: None,
            }),
        }
    }

    /// Its application id.
    pub fn id(&self) -> &str {
        self.application.text("appId")
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.application.text("displayName")
    }

    /// Whether it may sign people in without proving who it is, where no address says more.
    pub fn is_public(&self) -> bool {
        self.application.flag("isFallbackPublicClient")
    }

    /// The address to answer at, and for which kind of program it is registered: `asked`, or the first one when none was asked for.
    pub fn reply_address(&self, asked: Option<&str>) -> Result<(Platform, String), Refusal> {
        let registered = redirect::registered(&self.application);
        let Some((_, first)) = registered.first() else {
            let text = "No reply address is registered for the application.";
            return Err(Refusal::new(500113, "invalid_request", text));
        };
        let address = asked.unwrap_or(first);
        let Some(platform) = self.platform(address) else {
            let text = format!(
                "The redirect URI '{address}' specified in the request does not match the redirect URIs configured for the application '{}'. \
                 Make sure the redirect URI sent in the request matches one added to your application in the Azure portal. Navigate to \
                 https://aka.ms/redirectUriMismatchError to learn more about how to troubleshoot this error.",
                self.id()
            );
            return Err(Refusal::new(50011, "invalid_request", text));
        };
        Ok((platform, address.to_owned()))
    }

    /// For which kind of program the asked address is registered; `None` when it is not.
    pub fn platform(&self, redirect_uri: &str) -> Option<Platform> {
        let registered = redirect::registered(&self.application);
        let mut fit = registered.iter().filter(|(_, known)| redirect::is_same(known, redirect_uri));
        fit.next().map(|(platform, _)| *platform)
    }

    /// Whether a tenant decides what it may ask for.
    pub fn takes_consent(&self, scope: &Scope) -> bool {
        let of = |client: &FirstParty| resource::app_id(&scope.audience).is_some_and(|resource| client.takes_consent(resource));
        self.first_party.is_none_or(of)
    }

    /// How what it asks for stands with `user`, in the tenant whose object that is.
    pub fn standing(&self, tx: &Tx<'_>, user: &Object, scope: &Scope) -> Result<Standing, Refusal> {
        let resource = resource::app_id(&scope.audience)
            .and_then(|app_id| directory::service_principal(tx, &user.tenant, app_id))
            .ok_or_else(|| self.no_resource(tx, user, scope))?;
        match self.first_party {
            Some(client) if !self.takes_consent(scope) => preauthorized(client, resource.text("appId"), scope).map(Standing::Granted),
            _ => self.consented(tx, user, &resource, scope),
        }
    }

    fn consented(&self, tx: &Tx<'_>, user: &Object, resource: &Object, scope: &Scope) -> Result<Standing, Refusal> {
        let resource_id = resource.text("appId");
        if let Some(odd) = scope.permissions.iter().find(|name| scopes::scope(resource_id, name).is_none()) {
            let text = format!(
                "The application '{}' asked for scope '{odd}' that doesn't exist on the resource '{resource_id}'. Contact the app vendor.",
                self.name()
            );
            return Err(Refusal::new(650053, "invalid_client", text));
        }
        let principal = directory::service_principal(tx, &user.tenant, self.id());
        if let Some(principal) = &principal {
            check_enabled(&self.application, principal)?;
        }
        let granted = principal.as_ref().map_or(Vec::new(), |principal| {
            let granted = directory::delegated_scopes(tx, &user.tenant, principal.text("id"), resource_id, user.text("id"));
            granted.into_iter().filter(|name| !Scope::is_openid(name)).collect()
        });
        let lacks = |name: &&String| !granted.iter().any(|held: &String| held.eq_ignore_ascii_case(name));
        let missing: Vec<_> = match scope.is_default {
            true if granted.is_empty() => self.listed(resource_id, scope)?,
            true => Vec::new(),
            false => scope.permissions.iter().filter(lacks).cloned().collect(),
        };
        match missing.is_empty() && principal.is_some() {
            true => Ok(Standing::Granted(granted)),
            false => Ok(Standing::NeedsConsent(missing)),
        }
    }

    /// The permissions of the resource that its registration lists.
    fn listed(&self, resource_id: &str, scope: &Scope) -> Result<Vec<String>, Refusal> {
        let accesses = self.application.body.get("requiredResourceAccess").and_then(Value::as_array);
        let of_resource = accesses
            .into_iter()
            .flatten()
            .filter(|access| access["resourceAppId"] == resource_id);
        let listed = of_resource.flat_map(|access| access["resourceAccess"].as_array().into_iter().flatten());
        let named: Vec<_> = listed
            .filter(|access| access["type"] == "Scope")
            .filter_map(|access| scopes::scope(resource_id, access["id"].as_str()?))
            .map(|permission| permission.value.to_owned())
            .collect();
        if named.is_empty() {
            let text = format!(
                "Invalid resource. The client has requested access to a resource which is not listed in the requested permissions in the \
                 client's application registration. Client app ID: {}({}). Resource value from request: {}. Resource app ID: {resource_id}.",
                self.id(),
                self.name(),
                scope.audience,
            );
            return Err(Refusal::new(650057, "invalid_resource", text));
        }
        Ok(named)
    }

    fn no_resource(&self, tx: &Tx<'_>, user: &Object, scope: &Scope) -> Refusal {
        let tenant = directory::tenant(tx, &user.tenant);
        no_resource(
            &scope.audience,
            tenant.as_ref().map_or("", |tenant| tenant.text("displayName")),
            self.id(),
        )
    }
}

/// The application is none of the tenant's.
pub fn unknown(client_id: &str, tenant: &str) -> Refusal {
    let text = format!(
        "Application with identifier '{client_id}' was not found in the directory '{tenant}'. This can happen if the application has \
         not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent \
         your authentication request to the wrong tenant.",
    );
    Refusal::new(700016, "unauthorized_client", text)
}

/// Refuses a client that the tenant switched off.
pub fn check_enabled(application: &Object, principal: &Object) -> Result<(), Refusal> {
    if principal.body.get("accountEnabled").is_none_or(|enabled| enabled != false) {
        return Ok(());
    }
    let text = format!(
        "Application '{}'({}) is disabled.",
        application.text("appId"),
        application.text("displayName")
    );
    Err(Refusal::new(7000112, "unauthorized_client", text))
}

/// The resource is none of the tenant's.
pub fn no_resource(audience: &str, tenant: &str, client_id: &str) -> Refusal {
    let text = format!(
        "The resource principal named {audience} was not found in the tenant named {tenant}. This can happen if the application has not \
         been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your \
         authentication request to the wrong tenant. The request was made by '{client_id}'.",
    );
    Refusal::new(500011, "invalid_resource", text)
}

fn preauthorized(client: &FirstParty, resource_id: &str, scope: &Scope) -> Result<Vec<String>, Refusal> {
    let allowed = client.scopes(resource_id);
    let has = |name: &String| allowed.iter().any(|known| known.eq_ignore_ascii_case(name));
    if (allowed.is_empty() && !scope.is_about_person()) || !scope.permissions.iter().all(has) {
        let text = format!(
            "Consent between first party application '{}' and first party resource '{resource_id}' must be configured via \
             preauthorization - applications owned and operated by Microsoft must get approval from the API owner before requesting tokens \
             for that API.",
            client.app_id
        );
        return Err(Refusal::new(65002, "invalid_grant", text));
    }
    Ok(allowed.iter().map(|name| (*name).to_owned()).collect())
}
