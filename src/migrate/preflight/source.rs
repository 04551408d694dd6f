//! The source mailbox: holds, archives, scope.

use crate::migrate::attributes::aux_archives;
use crate::migrate::finding::Finding;
use crate::migrate::holds::holds;
use crate::migrate::preflight::user::User;
use crate::model::same_text;

/// A move takes no more auxiliary archives.
const MOST_AUX_ARCHIVES: i64 = 12;

/// Types that standalone moves take.
const MOVABLE: [&str; 4] = ["UserMailbox", "SharedMailbox", "RoomMailbox", "EquipmentMailbox"];

pub(super) fn findings(user: &User<'_>) -> Vec<Finding> {
    vec![kind(user), hold(user), archives(user), disabled_archive(user), scope(user)]
}

fn of(check: &str, expected: impl Into<String>, remedy: &str) -> Finding {
    Finding::of("source", &format!("user.{check}"), expected).mend(remedy)
}

fn kind(user: &User<'_>) -> Finding {
    let finding = of(
        "type",
        "a user, shared, room or equipment mailbox",
        "leave it out: mailboxes of this type cannot move",
    );
    match user.source.and_then(|source| source.text("RecipientTypeDetails")) {
        Some(kind) => finding.found(kind, MOVABLE.contains(&kind)),
        None => finding,
    }
}

fn hold(user: &User<'_>) -> Finding {
    let finding = of(
        "hold",
        "no hold",
        "have the source administrator release the hold and then the delay holds",
    )
    .fails_as("F-63");
    match user.source.and_then(holds).as_deref() {
        None => finding,
        Some([]) => finding.found("none", true),
        Some(found) => finding.found(found.join(", "), false),
    }
}

fn archives(user: &User<'_>) -> Finding {
    let finding = of(
        "archives",
        format!("up to {MOST_AUX_ARCHIVES} auxiliary archives"),
        "reduce the archive in the source",
    )
    .fails_as("F-65");
    match user.source.and_then(aux_archives) {
        Some(count) => finding.found(count.to_string(), count <= MOST_AUX_ARCHIVES),
        None => finding,
    }
}

fn disabled_archive(user: &User<'_>) -> Finding {
    let remedy = "remove it (`Set-Mailbox -RemoveDisabledArchive`, irreversible), or enable it again and export once more";
    let finding = of("disabled_archive", "no disabled archive", remedy).fails_as("F-62");
    let Some(source) = user.source.filter(|source| source.has("DisabledArchiveGuid")) else {
        return finding;
    };
    // While the archive is in use the service keeps showing the GUID it once had.
    let disabled = source.guid("DisabledArchiveGuid").filter(|_| source.guid("ArchiveGuid").is_none());
    finding.found(disabled.map_or("none".into(), |guid| guid.to_string()), disabled.is_none())
}

fn scope(user: &User<'_>) -> Finding {
    let finding = of(
        "scope",
        "member of a published scope group",
        "have the source administrator add the mailbox to the scope group",
    )
    .fails_as("F-51");
    let id = user.source.and_then(|source| source.text("ExternalDirectoryObjectId"));
    let (Some(id), true) = (id, user.context.has("scope_members")) else {
        return finding;
    };
    let is_member = user.context.list("scope_members").iter().any(|member| same_text(member, id));
    finding.found(if is_member { "a member" } else { "no member" }, is_member)
}
