//! All findings about one user.

use crate::migrate::finding::Finding;
use crate::migrate::holds::entries;
use crate::migrate::preflight::source;
use crate::migrate::preflight::target;
use crate::model::Record;

/// How Exchange shows the licence Cross-tenant User Data Migration.
const LICENCE: &str = "ExchangeT2TMbxMove";

/// What is known of one user. The source is a mailbox, or a row of an attribute or result file.
pub(super) struct User<'a> {
    pub target: &'a Record,
    pub source: Option<&'a Record>,
    pub context: &'a Record,
}

/// Findings about one user: `target` is the recipient found in the target tenant (nothing when there is none), `source` the mailbox
/// or its row in a file (nothing when it was not seen). `context` may hold `target_delivery_domain accepted_domains batch
/// migration_users move_requests scope_members`.
pub fn user_findings(target: Option<&Record>, source: Option<&Record>, context: &Record) -> Vec<Record> {
    let exists = Finding::of("target", "user.exists", "a MailUser with this address")
        .fails_as("F-50")
        .mend("create it with `import-attributes`, and list target addresses");
    let Some(target) = target else {
        return vec![exists.found("no recipient", false).to_record()];
    };
    let user = User { target, source, context };
    let mut findings = target::findings(&user);
    findings.push(licence(&user));
    findings.extend(source::findings(&user));
    findings.iter().map(Finding::to_record).collect()
}

/// The licence may be on either side; only what was seen of both can be a problem.
fn licence(user: &User<'_>) -> Finding {
    let finding = Finding::of(
        "target",
        "user.licence",
        "Cross-tenant User Data Migration on the source or the target user",
    )
    .fails_as("F-57")
    .mend("assign the licence to the source or the target user");
    let kind = user.source.and_then(|source| source.text("RecipientTypeDetails"));
    if let Some(kind) = kind.filter(|kind| *kind != "UserMailbox") {
        return finding.found(format!("not needed for a {kind}"), true);
    }
    match (has_licence(user.target), user.source.and_then(has_licence)) {
        (Some(true), _) => finding.found("on the target user", true),
        (_, Some(true)) => finding.found("on the source user", true),
        (Some(false), Some(false)) => finding.found("on neither", false),
        (Some(false), None) => finding.unseen("not on the target user; the source was not seen"),
        (None, _) => finding,
    }
}

/// Whether a user has the licence; `None` when nothing tells.
fn has_licence(user: &Record) -> Option<bool> {
    if let Some(told) = user.flag("MigrationLicence") {
        return Some(told);
    }
    let names = ["PersistedCapabilities", "Capabilities"];
    let is_told = names.iter().any(|name| user.has(name));
    is_told.then(|| names.iter().any(|name| entries(user, name).iter().any(|held| held == LICENCE)))
}
