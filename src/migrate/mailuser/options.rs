//! How source addresses become target addresses.

use crate::migrate::DomainMap;
use crate::migrate::attributes::is_onmicrosoft;
use crate::migrate::seen::domains;
use crate::migrate::seen::records;
use crate::model::Kind;
use crate::model::Record;
use crate::model::Trouble;
use crate::model::domain_of;
use crate::model::local_part_of;

/// What the target administrator decided, read from the map scripts give.
pub(super) struct Options {
    pub map: DomainMap,
    pub upn_domain: Option<String>,
    pub primary_domain: Option<String>,
    pub target_delivery_domain: String,
    /// `None` when they were not read; then nothing is held against them.
    pub accepted: Option<Vec<String>>,
    /// Custom attributes to set on every MailUser.
    pub marks: Vec<(String, String)>,
}

/// What becomes of one SMTP address.
pub(super) enum Mapped {
    /// This address in the target.
    To(String),
    /// It belongs to the source tenant for good and is left behind.
    LeftBehind,
    /// Nobody said what becomes of its domain.
    Unmapped(String),
}

impl Options {
    pub(super) fn read(given: &Record) -> Result<Self, Trouble> {
        let domain = |name: &str| given.text(name).map(|text| text.trim().trim_start_matches('@').to_lowercase());
        let target_delivery_domain = domain("target_delivery_domain").ok_or_else(|| {
            Trouble::new(Kind::Invalid, "no target delivery domain was given")
                .with_code("MissingOption")
                .with_remedy("give `target_delivery_domain`, as a rule the target's onmicrosoft.com domain")
        })?;
        let options = Self {
            map: DomainMap::from_rows(&records(given.get("domain_map")))?,
            upn_domain: domain("upn_domain"),
            primary_domain: domain("primary_domain"),
            accepted: given.has("accepted_domains").then(|| domains(given.get("accepted_domains"))),
            marks: marks(given)?,
            target_delivery_domain,
        };
        match &options.accepted {
            Some(accepted) if !accepted.contains(&options.target_delivery_domain) => Err(not_accepted(&[options.target_delivery_domain])),
            _ => Ok(options),
        }
    }

    /// These options for a mailbox whose addresses are in the domains of `primary` and `upn`: without a line in the map they go
    /// where the primary domain goes.
    pub(super) fn for_mailbox(&self, primary: &str, upn: Option<&str>) -> Result<DomainMap, Trouble> {
        let mut map = self.map.clone();
        if let Some(target) = &self.primary_domain {
            for domain in [Some(primary), upn].into_iter().flatten().filter_map(domain_of) {
                if !map.has_source(&domain) && !is_onmicrosoft(&domain) && !self.is_of_target(&domain) {
                    map.add(&domain, target)?;
                }
            }
        }
        Ok(map)
    }

    pub(super) fn map_address(&self, map: &DomainMap, address: &str) -> Mapped {
        let domain = domain_of(address).unwrap_or_default();
        match map.map(address) {
            Some(mapped) => Mapped::To(mapped),
            // T2T files hold addresses that were mapped when they were exported.
            None if self.is_of_target(&domain) || map.has_target(&domain) => Mapped::To(address.to_owned()),
            None if is_onmicrosoft(&domain) => Mapped::LeftBehind,
            None => Mapped::Unmapped(domain),
        }
    }

    /// Whether a domain is known to belong to the target tenant.
    pub(super) fn is_of_target(&self, domain: &str) -> bool {
        let is_accepted = self
            .accepted
            .as_ref()
            .is_some_and(|accepted| accepted.iter().any(|known| known == domain));
        is_accepted || domain == self.target_delivery_domain
    }
}

/// The address with another domain.
pub(super) fn moved_to(address: &str, domain: &str) -> Option<String> {
    Some(format!("{}@{domain}", local_part_of(address)?))
}

pub(super) fn not_accepted(domains: &[String]) -> Trouble {
    let names = domains.iter().map(|domain| format!("`{domain}`")).collect::<Vec<_>>().join(", ");
    Trouble::new(Kind::Invalid, format!("{names} is not an accepted domain of the target tenant"))
        .with_code("NotAcceptedDomain")
        .with_remedy("map to a domain that the target tenant owns, or verify the domain there first (F-55)")
}

fn marks(given: &Record) -> Result<Vec<(String, String)>, Trouble> {
    let mut marks = Vec::new();
    for mark in given.list("mark") {
        let parts = mark.split_once('=').map(|(name, value)| (name.trim(), value.trim()));
        let number = parts.and_then(|(name, _)| {
            let digits = name
                .get(..15)
                .filter(|start| start.eq_ignore_ascii_case("CustomAttribute"))
                .map(|_| &name[15..]);
            digits?.parse::<u8>().ok().filter(|number| (1..=15).contains(number))
        });
        let Some((number, (_, value))) = number.zip(parts) else {
            return Err(Trouble::new(Kind::Invalid, format!("`{mark}` is no mark"))
                .with_code("BadMark")
                .with_remedy("write it as `CustomAttribute1=ProjectKermit`, with a number from 1 to 15"));
        };
        marks.push((format!("CustomAttribute{number}"), value.to_owned()));
    }
    Ok(marks)
}
