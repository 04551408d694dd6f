//! What a run may write: per tenant and service, up to an impact.

use std::collections::HashMap;

use crate::change::Impact;
use crate::change::Operation;
use crate::change::Service;
use crate::change::TenantTag;
use crate::model::Kind;
use crate::model::Record;
use crate::model::Trouble;

/// The grants of a run, from the script's `WRITES`. A tenant that is not granted is open for reading only.
#[derive(Debug, Clone, Default)]
pub struct Permissions(HashMap<(String, Service), Impact>);

impl Permissions {
    /// Nothing may be written.
    pub fn none() -> Self {
        Self::default()
    }

    /// Lets `service` of the tenant with profile `tenant` be written up to `impact`.
    pub fn grant(&mut self, tenant: &str, service: Service, impact: Impact) {
        self.0.insert((tenant.to_owned(), service), impact);
    }

    /// The grants, for the statement before a run: profile, service, highest impact.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Service, Impact)> {
        self.0
            .iter()
            .map(|((tenant, service), impact)| (tenant.as_str(), *service, *impact))
    }

    /// Refuses what the script did not declare; `image` is the object as it is, as far as that is known.
    pub(super) fn check(&self, tenant: &TenantTag, operation: &Operation, image: Option<&Record>) -> Result<(), Trouble> {
        let descriptor = operation.descriptor;
        let refuse = |message: String, remedy: String| {
            Trouble::new(Kind::NotPermitted, message)
                .with_code("not_permitted")
                .with_remedy(remedy)
                .in_tenant(&tenant.name)
                .on_object(operation.label())
        };
        let impact = operation.impact(image);
        match self.0.get(&(tenant.name.clone(), descriptor.service)) {
            None => Err(refuse(
                format!(
                    "`{}` writes to {} of tenant `{}`, which is open for reading only",
                    descriptor.name, descriptor.service, tenant.name
                ),
                format!(
                    "declare it in the script's WRITES: `{}: \"{impact}\"` for the parameter that names this tenant",
                    descriptor.service
                ),
            )),
            Some(granted) if impact > *granted => Err(refuse(
                format!(
                    "`{}` has impact {impact}, above the {granted} that the script declared for {} of tenant `{}`",
                    descriptor.name, descriptor.service, tenant.name
                ),
                format!(
                    "raise it in the script's WRITES to `{}: \"{impact}\"` if that is meant",
                    descriptor.service
                ),
            )),
            Some(_) => Ok(()),
        }
    }
}
