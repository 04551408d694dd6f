//! Opening the tenants of profiles. One sandbox serves all of a run's sandbox tenants and is started for the first of them.

use std::sync::Arc;

use crate::cli::Failure;
use crate::cli::Host;
use crate::cli::clock::SandboxClock;
use crate::cli::sandbox;
use crate::cloud;
use crate::cloud::Connection;
use crate::cloud::Credential;
use crate::cloud::Route;
use crate::config::Profile;
use crate::model::Kind;
use crate::model::Trouble;
use crate::platform::Clock;
use crate::platform::SystemClock;
use crate::sandbox::TenantInfo;
use crate::tenant::Era;
use crate::tenant::Tenant;

/// Opens tenants for one run.
pub struct Tenants<'a> {
    host: &'a Host,
    sandbox: Option<OpenSandbox>,
}

struct OpenSandbox {
    tenants: Vec<TenantInfo>,
    route: Route,
    clock: Arc<dyn Clock>,
    era: Era,
}

impl<'a> Tenants<'a> {
    /// No tenant is open yet.
    pub fn new(host: &'a Host) -> Self {
        Self { host, sandbox: None }
    }

    /// Connects to the tenant of `profile` and finds out who it is.
    pub async fn open(&mut self, profile: &Profile) -> Result<Tenant, Failure> {
        let cloud = cloud::cloud(profile.cloud);
        let named = |trouble: Trouble| trouble.in_tenant(&profile.name);
        let own = match &profile.sign_in {
            Some(sign_in) => Some(sign_in.credential(&profile.name).map_err(Failure::sign_in)?),
            None => None,
        };
        let (credential, route, clock, era) = match profile.is_sandbox {
            false => (own, Route::default(), Arc::new(SystemClock) as Arc<dyn Clock>, Era::Today),
            true => {
                let sandbox = self.sandbox().await?;
                let credential = match own {
                    Some(credential) => credential,
                    None => administrator(&sandbox.tenants, profile)?,
                };
                (Some(credential), sandbox.route.clone(), sandbox.clock.clone(), sandbox.era)
            }
        };
        let Some(credential) = credential else {
            let trouble = Trouble::new(Kind::SignIn, format!("profile `{}` does not say how to sign in", profile.name));
            return Err(trouble.into());
        };
        let connection = Connection::new(cloud, &profile.domain, credential, route, clock).map_err(|error| named(error.into()))?;
        let tenant = Tenant::open(&profile.name, &profile.domain, era, connection).await;
        Ok(tenant.map_err(named)?)
    }

    async fn sandbox(&mut self) -> Result<&OpenSandbox, Failure> {
        if self.sandbox.is_none() {
            let sandbox = Arc::new(sandbox::open(self.host).await?);
            let is_preview = sandbox.tenants().iter().any(|tenant| tenant.era == Era::Y2021.as_str());
            self.sandbox = Some(OpenSandbox {
                tenants: sandbox.tenants().to_vec(),
                era: if is_preview { Era::Y2021 } else { Era::Today },
                route: Route {
                    connect_to: Some(sandbox.address()),
                    only_root_pem: Some(sandbox.ca_pem().to_owned()),
                },
                clock: Arc::new(SandboxClock(sandbox)),
            });
        }
        Ok(self.sandbox.as_ref().expect("it was opened above"))
    }
}

/// The sandbox's own administrator of the tenant that `profile` names.
fn administrator(tenants: &[TenantInfo], profile: &Profile) -> Result<Credential, Trouble> {
    let is_meant = |tenant: &&TenantInfo| {
        let names = tenant.domains.iter().chain([&tenant.tenant_id]);
        names.into_iter().any(|name| name.eq_ignore_ascii_case(&profile.domain))
    };
    let Some(tenant) = tenants.iter().find(is_meant) else {
        let known: Vec<_> = tenants.iter().map(|tenant| tenant.domain.as_str()).collect();
        return Err(
            Trouble::new(Kind::SignIn, format!("the sandbox has no tenant `{}`", profile.domain))
                .with_code("unknown_tenant")
                .with_remedy(format!("its tenants are {}", known.join(" and "))),
        );
    };
    Ok(Credential::Secret {
        client_id: tenant.admin_client_id.clone(),
        secret: tenant.admin_client_secret.clone(),
    })
}
