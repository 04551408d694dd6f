//! The organization relationship with the partner, which is matched by the partner's tenant id.

use crate::migrate::finding::Finding;
use crate::migrate::setup::common::capital;
use crate::migrate::setup::seen::Seen;
use crate::model::Record;
use crate::model::same_text;

pub(super) fn relationship(seen: &Seen<'_>) -> Vec<Finding> {
    let source = seen.side == "source";
    let wanted = if source { "RemoteOutbound" } else { "Inbound" };
    let script = if source { "setup-source" } else { "setup-target" };
    let of = |check: &str, expected: String| {
        Finding::of(seen.side, &format!("relationship.{check}"), expected)
            .fails_as("F-30")
            .mend(format!("run `{script}`; it sets what lacks"))
    };
    let partner = seen.text("partner_id").unwrap_or("the partner's tenant id").to_owned();
    let mut findings = vec![
        of("exists", format!("a relationship whose DomainNames hold {partner}")),
        of("enabled", "Enabled is True".into()),
        of("move", "MailboxMoveEnabled is True".into()),
        of("capability", format!("MailboxMoveCapability holds {wanted}")),
    ];
    if source {
        let application = seen.text("application_id").unwrap_or("the application's");
        findings.push(of("application", format!("OAuthApplicationId is {application}")).mend(
            "set it with `Set-OrganizationRelationship -OAuthApplicationId`, if nobody moves mailboxes with the other one; `setup-source` \
             leaves it alone",
        ));
        findings.push(of("scope", "MailboxMovePublishedScopes names a group".into()));
    }
    findings.push(alone(seen));
    let (Some(relationships), Some(_)) = (seen.objects("relationships"), seen.text("partner_id")) else {
        return findings;
    };
    let Some(found) = relationships.iter().find(|relationship| names(relationship, &partner)) else {
        findings[0] = findings[0].clone().found("none", false);
        return findings;
    };
    let flag = |name: &str| found.flag(name).unwrap_or(false);
    let shown = |name: &str| format!("{name} is {}", capital(flag(name)));
    let capability = found.flags("MailboxMoveCapability");
    let judged = [
        (
            found.text("Name").or_else(|| found.text("Identity")).unwrap_or("one").to_owned(),
            true,
        ),
        (shown("Enabled"), flag("Enabled")),
        (shown("MailboxMoveEnabled"), flag("MailboxMoveEnabled")),
        (listed(&capability), capability.iter().any(|held| same_text(held, wanted))),
    ];
    for (finding, (text, is_ok)) in findings.iter_mut().zip(judged) {
        *finding = finding.clone().found(text, is_ok);
    }
    if source {
        let application = found.text("OAuthApplicationId");
        if let Some(wanted) = seen.text("application_id") {
            let is_same = application.is_some_and(|found| same_text(found, wanted));
            findings[4] = findings[4].clone().found(application.unwrap_or("none"), is_same);
        }
        let scopes = found.list("MailboxMovePublishedScopes");
        findings[5] = findings[5].clone().found(listed(&scopes), !scopes.is_empty());
    }
    findings
}

/// Of two relationships with the same partner the service may take the one that allows no moves.
fn alone(seen: &Seen<'_>) -> Finding {
    let finding = Finding::of(
        seen.side,
        "relationship.alone",
        "no second relationship with the partner that forbids moves",
    )
    .fails_as("F-42")
    .mend("set `MailboxMoveEnabled` on the other relationship as well, or disable it; it is not changed for you");
    let (Some(relationships), Some(domains)) = (seen.objects("relationships"), seen.domains("partner_domains")) else {
        return finding;
    };
    let partner = seen.text("partner_id").unwrap_or_default();
    let is_second = |relationship: &&Record| !names(relationship, partner) && domains.iter().any(|domain| names(relationship, domain));
    let others: Vec<&Record> = relationships.iter().filter(is_second).collect();
    let forbids =
        |relationship: &&Record| relationship.flag("Enabled") != Some(false) && relationship.flag("MailboxMoveEnabled") != Some(true);
    let shown: Vec<String> = others
        .iter()
        .filter_map(|other| other.text("Name").or_else(|| other.text("Identity")))
        .map(str::to_owned)
        .collect();
    finding.found(listed(&shown), !others.iter().any(forbids))
}

fn names(relationship: &Record, domain: &str) -> bool {
    !domain.is_empty() && relationship.list("DomainNames").iter().any(|name| same_text(name, domain))
}

fn listed(names: &[String]) -> String {
    if names.is_empty() { "none".into() } else { names.join(", ") }
}
