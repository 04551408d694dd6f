//! Whether a fault can ever happen as it is ordered: one for a misspelt cmdlet would be waited for in vain.

use super::pattern::Pattern;
use super::spec::Effect;
use super::spec::FaultSpec;
use super::spec::MIGRATION;
use super::spec::Service;
use crate::model::nearest;
use crate::sandbox::Tx;
use crate::sandbox::arm_operations;
use crate::sandbox::blob_operations;
use crate::sandbox::directory;
use crate::sandbox::error::SandboxError;
use crate::sandbox::exchange;
use crate::sandbox::graph_operations;
use crate::sandbox::migration;
use crate::sandbox::vault_operations;

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/// Why an order about faults cannot be carried out.
#[derive(Debug, thiserror::Error)]
pub enum Unfit {
    /// The sandbox has no such tenant.
    #[error("the sandbox has no tenant `{name}`, only {known}")]
    Tenant {
        /// As it was given.
        name: String,
        /// Those it has.
        known: String,
    },
    /// No operation of the service is covered.
    #[error("the sandbox has no operation `{given}` of {service}{}", meant(near.as_deref()))]
    Operation {
        /// The service.
        service: &'static str,
        /// As it was given.
        given: String,
        /// The nearest that it has.
        near: Option<String>,
    },
    /// It is no likelihood.
    #[error("a probability is a number from 0 to 1, not {given}")]
    Probability {
        /// As it was given.
        given: f64,
    },
    /// A refusal has the status of one.
    #[error("an error has a status from 400 to 599, not {given}")]
    Status {
        /// As it was given.
        given: u16,
    },
    /// Only the service that moves mailboxes has trouble of its own.
    #[error("`trouble` goes with `--service migration` and one of these as `--operation`: {known}")]
    Trouble {
        /// The failures that can be ordered.
        known: String,
    },
    /// There is no fault of that number.
    #[error("there is no fault {id}")]
    Number {
        /// As it was given.
        id: u64,
    },
    /// The state could not be used.
    #[error("the state of the sandbox could not be used")]
    State(#[from] rusqlite::Error),
}

impl From<Unfit> for SandboxError {
    fn from(unfit: Unfit) -> Self {
        match unfit {
            Unfit::State(cause) => Self::State(cause),
            other => Self::Refused { what: other.to_string() },
        }
    }
}

fn meant(near: Option<&str>) -> String {
    near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default()
}

/// The order with the tenant's short name, if it can happen.
pub fn fitting(tx: &Tx<'_>, spec: FaultSpec) -> Result<FaultSpec, Unfit> {
    if let Some(given) = spec.probability.filter(|likely| !(0.0..=1.0).contains(likely)) {
        return Err(Unfit::Probability { given });
    }
    if let Effect::Error { status, .. } = spec.effect
        && !(400..600).contains(&status)
    {
        return Err(Unfit::Status { given: status });
    }
    let is_trouble = spec.effect == Effect::Trouble;
    if is_trouble != spec.service.is_none() || is_trouble && spec.operation.is_none() {
        return Err(Unfit::Trouble {
            known: migration::mishaps().collect::<Vec<_>>().join(", "),
        });
    }
    if let Some(operation) = &spec.operation {
        check_operation(spec.service, operation)?;
    }
    let tenant = spec.tenant.as_deref().map(|name| short_name(tx, name)).transpose()?;
    Ok(FaultSpec { tenant, ..spec })
}

fn short_name(tx: &Tx<'_>, name: &str) -> Result<String, Unfit> {
    let unknown = || Unfit::Tenant {
        name: name.to_owned(),
        known: directory::tenants(tx).join(" and "),
    };
    directory::tenant(tx, name).map(|found| found.tenant).ok_or_else(unknown)
}

fn check_operation(service: Option<Service>, given: &str) -> Result<(), Unfit> {
    let known = match service {
        None => Some(migration::mishaps().map(str::to_owned).collect()),
        Some(service) => known(service),
    };
    // What people and applications do to sign in is many pages and their forms: no list has them all.
    let Some(known) = known else { return Ok(()) };
    let pattern = Pattern::of_operation(given);
    let example = filled(given);
    let examples = match given.starts_with('/') {
        true => METHODS.map(|method| format!("{method} {example}")).to_vec(),
        false => vec![example],
    };
    let is_meant = |operation: &String| {
        let is_among = Pattern::of_operation(operation);
        pattern.covers(&filled(operation)) || examples.iter().any(|example| is_among.covers(example))
    };
    if known.iter().any(is_meant) {
        return Ok(());
    }
    Err(Unfit::Operation {
        service: service.map_or(MIGRATION, Service::name),
        given: given.to_owned(),
        near: nearest(given, known.iter().map(String::as_str)).map(str::to_owned),
    })
}

/// The operations of a service by name.
fn known(service: Service) -> Option<Vec<String>> {
    let named = |method: &str, path: &str| format!("{method} /{}", path.trim_start_matches('/'));
    Some(match service {
        Service::Entra => return None,
        Service::Exchange => {
            let cmdlets = exchange::cmdlets().map(|cmdlet| cmdlet.name.to_owned());
            cmdlets.chain(["$batch".to_owned(), "EXOModuleFile".to_owned()]).collect()
        }
        Service::Graph => {
            let operations = graph_operations().map(|operation| named(operation.method, operation.path));
            operations.chain(["POST /$batch".to_owned()]).collect()
        }
        Service::Arm => arm_operations().map(|operation| named(operation.method, operation.path)).collect(),
        Service::Vault => vault_operations()
            .map(|operation| named(operation.method, operation.path))
            .collect(),
        Service::Blob => blob_operations()
            .map(|operation| operation.split('?').next().unwrap_or_default().to_owned())
            .collect(),
    })
}

/// An operation that the pattern covers.
fn filled(pattern: &str) -> String {
    let mut example = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        example.push_str(before);
        example.push('x');
        rest = after.split_once('}').map_or("", |(_, rest)| rest);
    }
    example.push_str(rest);
    example.replace('*', "x")
}
