//! The set-up of the target tenant.

use crate::migrate::finding::Finding;
use crate::migrate::setup::application::consent;
use crate::migrate::setup::application::invitation;
use crate::migrate::setup::application::registration;
use crate::migrate::setup::certificate::certificate;
use crate::migrate::setup::common::domains_differ;
use crate::migrate::setup::common::is_customized;
use crate::migrate::setup::common::tenants_differ;
use crate::migrate::setup::endpoint::endpoint;
use crate::migrate::setup::relationship::relationship;
use crate::migrate::setup::seen::Seen;
use crate::migrate::setup::vault::vault;
use crate::model::Record;

/// Findings about the target tenant from what was `seen` of it; an empty map gives all of them as `not checked`.
pub fn target_setup(seen: &Record) -> Vec<Record> {
    let seen = Seen::new("target", seen);
    let mut findings = vec![tenants_differ(&seen), is_customized(&seen)];
    findings.extend(registration(&seen));
    findings.extend(consent(&seen));
    findings.extend(invitation(&seen));
    findings.extend(relationship(&seen));
    findings.extend(vault(&seen));
    findings.extend(certificate(&seen));
    findings.extend(endpoint(&seen));
    findings.push(domains_differ(&seen));
    findings.iter().map(Finding::to_record).collect()
}
