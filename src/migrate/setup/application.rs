//! The migration application: registered, owned, consented to, and asking for no more than it needs.

use serde_json::Value;

use crate::migrate::finding::Finding;
use crate::migrate::seen::records;
use crate::migrate::setup::certificate;
use crate::migrate::setup::seen::KNOWN_ROLES;
use crate::migrate::setup::seen::Look;
use crate::migrate::setup::seen::Seen;
use crate::model::Record;
use crate::model::same_text;

pub(super) const ROLE: &str = "Mailbox.Migration";

/// What an application needs that sends the invitation of the classic flow itself.
const INVITE: &str = "User.Invite.All";

/// What the application may hold: the move itself, the invitation of the other administrator, and the portal's default.
const ALLOWED: [&str; 3] = [ROLE, INVITE, "User.Read"];

/// In the target: the registration itself.
pub(super) fn registration(seen: &Seen<'_>) -> Vec<Finding> {
    let id = seen.text("application_id").unwrap_or("the migration application");
    let registered = Finding::of(seen.side, "application.registered", format!("application {id}"))
        .fails_as("F-28")
        .mend("run `setup-target`, or give the right `--application-id`");
    let audience = Finding::of(seen.side, "application.audience", "signInAudience AzureADMultipleOrgs")
        .fails_as("F-23")
        .mend("make the application multi-tenant; otherwise the source cannot consent to it");
    let requests = Finding::of(seen.side, "application.permission", format!("requests {ROLE}"))
        .fails_as("F-29")
        .mend(format!("add the application permission `{ROLE}` of Office 365 Exchange Online"));
    let credential = credential(seen);
    match seen.object("application") {
        Look::NotLooked => vec![registered, audience, requests, credential],
        Look::Missing => vec![
            registered.found("not registered in this tenant", false),
            audience,
            requests,
            credential,
        ],
        Look::Found(application) => {
            let name = application.text("displayName").unwrap_or(id).to_owned();
            let who = application.text("signInAudience").unwrap_or("not set").to_owned();
            let is_open = matches!(who.as_str(), "AzureADMultipleOrgs" | "AzureADandPersonalMicrosoftAccount");
            let asks = requested(&application);
            let found = if asks.is_empty() {
                "no permission".to_owned()
            } else {
                asks.join(", ")
            };
            vec![
                registered.found(name, true),
                audience.found(format!("signInAudience {who}"), is_open),
                requests.found(found, asks.iter().any(|role| role == ROLE)),
                credential,
            ]
        }
    }
}

/// In both: the service principal and what it was given.
pub(super) fn consent(seen: &Seen<'_>) -> Vec<Finding> {
    let (failure, remedy) = match seen.side {
        "source" => ("F-23", "open the consent link of the target's hand-off, or run `setup-source`"),
        _ => ("F-29", "consent to the application in this tenant, or run `setup-target`"),
    };
    let owner_id = match seen.side {
        "source" => seen.text("partner_id"),
        _ => seen.text("tenant_id"),
    };
    let owner = Finding::of(seen.side, "application.owner", "published by the target tenant")
        .fails_as("F-28")
        .mend("do not consent to it; use the application of the target tenant");
    let consented = Finding::of(seen.side, "application.consent", format!("{ROLE} consented"))
        .fails_as(failure)
        .mend(remedy);
    let excess = Finding::of(seen.side, "application.excess", format!("nothing but {}", ALLOWED.join(", ")))
        .mend("take back the other permissions: moving mailboxes does not need them");
    match seen.object("service_principal") {
        Look::NotLooked => vec![owner, consented, excess],
        Look::Missing => vec![
            owner.unseen("no service principal"),
            consented.found("no service principal: nobody consented", false),
            excess,
        ],
        Look::Found(principal) => {
            let owner = match principal.text("appOwnerOrganizationId").zip(owner_id) {
                Some((found, wanted)) => owner.found(format!("published by {found}"), same_text(found, wanted)),
                None => owner,
            };
            let Some(roles) = seen.roles() else {
                return vec![owner, consented, excess];
            };
            let shown = if roles.is_empty() {
                "no permission".to_owned()
            } else {
                roles.join(", ")
            };
            let others = excess_roles(&roles);
            vec![
                owner,
                consented.found(shown, roles.iter().any(|role| role == ROLE)),
                excess.found(
                    if others.is_empty() {
                        "nothing else".to_owned()
                    } else {
                        others.join(", ")
                    },
                    others.is_empty(),
                ),
            ]
        }
    }
}

/// Whether an application that is to send the invitation may; none when the set-up has no vault. Moves do without.
pub(super) fn invitation(seen: &Seen<'_>) -> Option<Finding> {
    seen.text("key_vault_url")?;
    let finding = Finding::of(
        seen.side,
        "application.invitation",
        format!("{INVITE} consented, if it is requested"),
    )
    .fails_as("F-29")
    .mend(format!(
        "consent to {INVITE} with `setup-target`, or take it off the application: moves do without"
    ));
    let Look::Found(application) = seen.object("application") else {
        return Some(finding);
    };
    if !requested(&application).iter().any(|role| role == INVITE) {
        return Some(finding.found("not requested", true));
    }
    Some(match seen.roles() {
        Some(roles) if roles.iter().any(|role| role == INVITE) => finding.found("consented", true),
        Some(_) => finding.found("requested, and not consented", false),
        None => finding,
    })
}

/// Those of `roles` that an application which moves mailboxes has no use for.
pub fn excess_roles(roles: &[String]) -> Vec<String> {
    roles.iter().filter(|role| !ALLOWED.contains(&role.as_str())).cloned().collect()
}

/// The permissions in `requiredResourceAccess`, by name where it is known.
fn requested(application: &Record) -> Vec<String> {
    let resources = records(application.get("requiredResourceAccess"));
    let access = resources.iter().flat_map(|resource| records(resource.get("resourceAccess")));
    let name = |entry: Record| {
        let id = entry.text("id")?.to_owned();
        let known = KNOWN_ROLES.iter().find(|(known, _)| same_text(known, &id));
        Some(known.map_or(id, |(_, name)| (*name).to_owned()))
    };
    access.filter_map(name).collect()
}

/// How the application proves who it is: by a client secret, or by the certificate of the key vault when the set-up has one.
fn credential(seen: &Seen<'_>) -> Finding {
    if seen.text("key_vault_url").is_some() {
        return certificate::on_application(seen);
    }
    let finding = Finding::of(seen.side, "application.secret", "a client secret that is valid")
        .fails_as("F-24")
        .mend("run `setup-target --new-secret`");
    match seen.object("application") {
        Look::Found(application) => secret_finding(finding, &application, seen.text("now")),
        _ => finding,
    }
}

/// Whether one of the secrets outlives `now`. Times are compared as text: both are UTC in the same form, to the second.
fn secret_finding(finding: Finding, application: &Record, now: Option<&str>) -> Finding {
    let secrets = records(application.get("passwordCredentials"));
    let ends: Vec<&str> = secrets
        .iter()
        .filter_map(|secret| secret.get("endDateTime").and_then(Value::as_str))
        .collect();
    let Some(latest) = ends.iter().max() else {
        return finding.found("no client secret", false);
    };
    let second = |text: &str| text.get(..19).unwrap_or(text).to_owned();
    match now {
        Some(now) => finding.found(format!("valid until {latest}"), second(latest) > second(now)),
        None => finding.unseen(format!("the last one ends {latest}")),
    }
}
