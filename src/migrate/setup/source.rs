//! The set-up of the source tenant.

use crate::migrate::finding::Finding;
use crate::migrate::setup::application::consent;
use crate::migrate::setup::common::domains_differ;
use crate::migrate::setup::common::is_customized;
use crate::migrate::setup::common::tenants_differ;
use crate::migrate::setup::relationship::relationship;
use crate::migrate::setup::seen::Seen;
use crate::model::Record;

/// Findings about the source tenant from what was `seen` of it; an empty map gives all of them as `not checked`.
pub fn source_setup(seen: &Record) -> Vec<Record> {
    let seen = Seen::new("source", seen);
    let mut findings = vec![tenants_differ(&seen), is_customized(&seen)];
    findings.extend(consent(&seen));
    findings.extend(relationship(&seen));
    findings.push(scope_groups(&seen));
    findings.push(domains_differ(&seen));
    findings.iter().map(Finding::to_record).collect()
}

fn scope_groups(seen: &Seen<'_>) -> Finding {
    let finding = Finding::of("source", "scope.groups", "every scope is a mail-enabled security group")
        .fails_as("F-27")
        .mend("publish mail-enabled security groups: `setup-source --scope-group NAME --create-scope-group`");
    let Some(groups) = seen.objects("scope_groups") else {
        return finding;
    };
    let missing = seen.missing_in("scope_groups");
    let kind = |group: &Record| group.text("RecipientTypeDetails").unwrap_or("unknown").to_owned();
    let name = |group: &Record| {
        group
            .text("Name")
            .or_else(|| group.text("Identity"))
            .unwrap_or("a group")
            .to_owned()
    };
    let wrong: Vec<String> = groups
        .iter()
        .filter(|group| kind(group) != "MailUniversalSecurityGroup")
        .map(|group| format!("{} is a {}", name(group), kind(group)))
        .collect();
    match (groups.is_empty() && missing == 0, missing, wrong.as_slice()) {
        (true, _, _) => finding.found("no scope group", false),
        (_, 0, []) => finding.found(groups.iter().map(name).collect::<Vec<_>>().join(", "), true),
        (_, 0, _) => finding.found(wrong.join(", "), false),
        (_, missing, _) => finding.found(format!("{missing} of them do not exist"), false),
    }
}
