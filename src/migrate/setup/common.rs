//! Checks that both sides share: the tenants themselves and their domains.

use crate::migrate::finding::Finding;
use crate::migrate::setup::seen::Look;
use crate::migrate::setup::seen::Seen;
use crate::model::same_text;

pub(super) fn tenants_differ(seen: &Seen<'_>) -> Finding {
    let finding = Finding::of(seen.side, "tenants.distinct", "two different tenants")
        .fails_as("F-20")
        .mend("name the partner's tenant; source and target must differ");
    match seen.text("tenant_id").zip(seen.text("partner_id")) {
        Some((own, partner)) => finding.found(format!("{own} and {partner}"), !same_text(own, partner)),
        None => finding,
    }
}

pub(super) fn is_customized(seen: &Seen<'_>) -> Finding {
    let finding = Finding::of(seen.side, "organization.customized", "IsDehydrated is False")
        .fails_as("F-03")
        .mend("run `Enable-OrganizationCustomization`, or the set-up script, which does it and waits");
    match seen.object("organization_config") {
        Look::Found(config) => match config.flag("IsDehydrated") {
            Some(is_dehydrated) => finding.found(format!("IsDehydrated is {}", capital(is_dehydrated)), !is_dehydrated),
            None => finding.unseen("the service did not say"),
        },
        _ => finding,
    }
}

/// A domain is verified in one tenant only; the same one on both sides means that one side was mixed up or a domain is moving.
pub(super) fn domains_differ(seen: &Seen<'_>) -> Finding {
    let finding = Finding::of(seen.side, "domains.distinct", "no accepted domain in both tenants")
        .mend("remove the domain from one of the tenants; a domain can be verified in one only");
    let Some((own, partner)) = seen.domains("accepted_domains").zip(seen.domains("partner_domains")) else {
        return finding;
    };
    let shared: Vec<String> = own.into_iter().filter(|domain| partner.contains(domain)).collect();
    match shared.as_slice() {
        [] => finding.found("none", true),
        _ => finding.found(format!("{} in both", shared.join(", ")), false),
    }
}

/// `True` or `False`, as the service's own tools write it.
pub(super) fn capital(flag: bool) -> &'static str {
    if flag { "True" } else { "False" }
}
