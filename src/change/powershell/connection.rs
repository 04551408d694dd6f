//! Signing in: once for each service of each tenant that the changes lead to, as they lead there.

use super::quoting::comment;
use super::quoting::quoted;
use crate::change::Service;
use crate::change::TenantTag;

/// Services that share a sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    Exchange,
    Graph,
    Azure,
}

impl Family {
    pub(super) fn of(service: Service) -> Self {
        match service {
            Service::Exchange => Family::Exchange,
            Service::Graph => Family::Graph,
            Service::Arm | Service::KeyVault => Family::Azure,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Family::Exchange => "Exchange Online",
            Family::Graph => "Microsoft Graph",
            Family::Azure => "Azure",
        }
    }
}

/// Where the modules are signed in as far as the script is written.
#[derive(Debug, Default)]
pub(super) struct Connections {
    exchange: Option<TenantTag>,
    graph: Option<TenantTag>,
    azure: Option<(TenantTag, String)>,
}

impl Connections {
    /// The lines that lead to `tenant`, none when the script is there. Azure's cmdlets work in one subscription at a time; of
    /// Graph `scopes` are all permissions that the script needs in this tenant.
    pub(super) fn lead<'s>(
        &mut self,
        family: Family,
        tenant: &TenantTag,
        subscription: Option<&str>,
        scopes: impl FnOnce() -> Vec<&'s str>,
    ) -> String {
        let title = comment(&format!("{} of {} ({})", family.name(), tenant.name, tenant.domain));
        let lines = match family {
            Family::Exchange if self.exchange.as_ref() == Some(tenant) => return String::new(),
            Family::Exchange => {
                self.exchange = Some(tenant.clone());
                exchange(tenant)
            }
            Family::Graph if self.graph.as_ref() == Some(tenant) => return String::new(),
            Family::Graph => {
                self.graph = Some(tenant.clone());
                let scopes: Vec<_> = scopes().into_iter().map(quoted).collect();
                format!(
                    "Connect-MgGraph -TenantId '{}' -Scopes {} -NoWelcome\n",
                    tenant.id,
                    scopes.join(", ")
                )
            }
            Family::Azure => match self.azure(tenant, subscription.unwrap_or_default()) {
                Some(lines) => lines,
                None => return String::new(),
            },
        };
        format!("\n# {title}\n{lines}")
    }

    fn azure(&mut self, tenant: &TenantTag, subscription: &str) -> Option<String> {
        let verb = match &self.azure {
            Some((known, _)) if known == tenant && subscription.is_empty() => return None,
            Some((known, current)) if known == tenant && current == subscription => return None,
            Some((known, _)) if known == tenant => "Set-AzContext",
            _ => "Connect-AzAccount",
        };
        self.azure = Some((tenant.clone(), subscription.to_owned()));
        let subscription = match subscription {
            "" => String::new(),
            subscription => format!(" -Subscription {}", quoted(subscription)),
        };
        Some(format!("{verb} -Tenant '{}'{subscription} | Out-Null\n", tenant.id))
    }
}

/// The others are told which tenant to sign in to; here the tenant is that of whoever signs in, so it is looked at.
fn exchange(tenant: &TenantTag) -> String {
    let stranger = quoted(&format!(
        "this is not {} ({}): sign in as an administrator of it",
        tenant.name, tenant.domain
    ));
    format!(
        "Disconnect-ExchangeOnline -Confirm:$false\nConnect-ExchangeOnline -Organization {} -ShowBanner:$false\n\
         if ((Get-ConnectionInformation).TenantID -ne '{}') {{ throw {stranger} }}\n",
        quoted(&tenant.domain),
        tenant.id
    )
}
