//! What a licence does to a recipient: it makes mailboxes, it scrubs addresses, and taking it away takes the mailbox.

use serde_json::Value;
use serde_json::json;
use uuid::Uuid;

use crate::sandbox::Object;
use crate::sandbox::Tx;
use crate::sandbox::directory;
use crate::sandbox::exchange::address;
use crate::sandbox::exchange::mail_user;
use crate::sandbox::exchange::recipient;

/// Compliance plans that come with Exchange and scrub addresses without making a mailbox; all plans named `EXCHANGE_*` do too.
const SCRUBBING_PLANS: &[&str] = &[
    "LOCKBOX_ENTERPRISE",
    "INFORMATION_BARRIERS",
    "MIP_S_CLP1",
    "MIP_S_CLP2",
    "MYANALYTICS_P2",
    "EQUIVIO_ANALYTICS",
    "THREAT_INTELLIGENCE",
    "ATP_ENTERPRISE",
    "PAM_ENTERPRISE",
    "PREMIUM_ENCRYPTION",
    "RECORDS_MANAGEMENT",
    "INFO_GOVERNANCE",
    "CUSTOMER_KEY",
    "M365_ADVANCED_AUDITING",
];

/// Follows a change of the user's licences; the user is stored with the new ones already.
///
/// A mailbox plan gives a plain user a mailbox, and a mail user without `ExchangeGuid` a fresh one, which spoils a migration; a
/// stamped mail user stays what it is. Addresses in foreign domains go as soon as any Exchange plan comes.
pub fn licence_changed(tx: &Tx<'_>, tenant: &str, user_id: &str) -> rusqlite::Result<()> {
    let Some(user) = directory::user(tx, tenant, user_id) else {
        return Ok(());
    };
    let has_plan = directory::has_exchange_mailbox_plan(tx, tenant, user_id);
    match recipient::by_directory_id(tx, tenant, user_id)? {
        None if has_plan && user.text("userType") != "Guest" => provision(tx, &user),
        None => Ok(()),
        Some(mut row) => match row.text("RecipientTypeDetails") {
            // What forwards from a mailbox that moved away lives on its licence.
            "MailUser" if !row.text("_PreviousExchangeGuid").is_empty() && row.flag("_Licensed") && !has_plan => soft_delete(tx, &row),
            "MailUser" => {
                if has_plan && recipient::guid(&row, "ExchangeGuid") == recipient::ZERO_GUID {
                    row.set("_WasMailUser", row.text("ExternalEmailAddress").to_owned());
                    become_mailbox(tx, &mut row);
                }
                scrub(tx, &mut row);
                recipient::store(tx, &row)
            }
            "UserMailbox" if row.flag("_Licensed") && !has_plan && !mail_user::is_held(&row) => disconnect(tx, row),
            _ => {
                scrub(tx, &mut row);
                recipient::store(tx, &row)
            }
        },
    }
}

/// Follows the deletion of an Entra user, whose row is gone already: what it had in Exchange is soft-deleted.
pub fn user_deleted(tx: &Tx<'_>, tenant: &str, user_id: &str) -> rusqlite::Result<()> {
    match recipient::by_directory_id(tx, tenant, user_id)? {
        Some(row) => soft_delete(tx, &row),
        None => Ok(()),
    }
}

/// Keeps only soft-deleted remains of the recipient, and takes it out of the groups it was in.
pub fn soft_delete(tx: &Tx<'_>, row: &Object) -> rusqlite::Result<()> {
    let (guid, id) = (row.text("Guid"), row.text("ExternalDirectoryObjectId"));
    for mut group in tx.list(&row.tenant, recipient::KIND)? {
        let mut members = group.list("_Members");
        let count = members.len();
        members.retain(|member| member != guid && (id.is_empty() || member != id));
        if members.len() < count {
            group.set("_Members", members);
            recipient::store(tx, &group)?;
        }
    }
    let mut row = row.clone();
    row.set("_SoftDeleted", true);
    row.set("WhenSoftDeleted", tx.now().to_string());
    recipient::store(tx, &row)
}

/// A plain user gets a mailbox: the one of former days while it is soft-deleted, else a new one.
fn provision(tx: &Tx<'_>, user: &Object) -> rusqlite::Result<()> {
    let id = user.text("id");
    let remains = tx.find(&user.tenant, "directory-id", id)?;
    let former = remains
        .into_iter()
        .find(|row| row.kind == recipient::KIND && recipient::is_soft_deleted(row) && recipient::is_mailbox(row));
    let mut row = match former {
        Some(mut former) => {
            former.body.shift_remove("_SoftDeleted");
            former.body.shift_remove("WhenSoftDeleted");
            former
        }
        None => {
            let upn = user.text("userPrincipalName");
            let local_part = upn.split('@').next().unwrap_or_default();
            let nickname = match user.text("mailNickname") {
                "" => local_part,
                nickname => nickname,
            };
            let mut row = recipient::new(tx, &user.tenant, "UserMailbox", id, &address::alias_from(nickname));
            row.set("DisplayName", user.text("displayName"));
            row.set("UserPrincipalName", upn);
            row.set("ExternalDirectoryObjectId", id);
            row.set("EmailAddresses", json!([format!("SMTP:{upn}")]));
            row
        }
    };
    become_mailbox(tx, &mut row);
    scrub(tx, &mut row);
    recipient::store(tx, &row)
}

fn become_mailbox(tx: &Tx<'_>, row: &mut Object) {
    row.set("RecipientTypeDetails", "UserMailbox");
    if recipient::guid(row, "ExchangeGuid") == recipient::ZERO_GUID {
        row.set("ExchangeGuid", Uuid::new_v4().to_string());
    }
    row.body.shift_remove("ExternalEmailAddress");
    row.set("WhenMailboxCreated", tx.now().to_string());
}

/// The licence went away: the mailbox stays 30 days as soft-deleted remains, the account remembers that it had one.
fn disconnect(tx: &Tx<'_>, row: Object) -> rusqlite::Result<()> {
    let former = row.body.get("_WasMailUser").and_then(Value::as_str).map(str::to_owned);
    if let Some(external) = former {
        let mut remains = Object::new(&row.tenant, recipient::KIND, row.body.clone());
        remains.set("_SoftDeleted", true);
        remains.set("WhenSoftDeleted", tx.now().to_string());
        let mut mail_user = row;
        mail_user.set("RecipientTypeDetails", "MailUser");
        mail_user.set("PreviousRecipientTypeDetails", "UserMailbox");
        mail_user.set("ExternalEmailAddress", external);
        for property in ["ExchangeGuid", "ArchiveGuid", "_WasMailUser", "_Licensed", "WhenMailboxCreated"] {
            mail_user.body.shift_remove(property);
        }
        recipient::store(tx, &mail_user)?;
        return recipient::store(tx, &remains);
    }
    let id = row.text("ExternalDirectoryObjectId").to_owned();
    soft_delete(tx, &row)?;
    if let Some(mut user) = directory::user(tx, &row.tenant, &id) {
        user.set("_PreviousRecipientTypeDetails", "UserMailbox");
        directory::store_user(tx, &user)?;
    }
    Ok(())
}

/// Removes the SMTP addresses in foreign domains when an Exchange plan is on, and adds what such a plan brings: the sign-in name
/// as an address, and the address in the initial domain.
pub fn scrub(tx: &Tx<'_>, row: &mut Object) {
    let Some(user) = directory::user(tx, &row.tenant, row.text("ExternalDirectoryObjectId")) else {
        return;
    };
    let plans = directory::service_plans(&user);
    let is_scrubbing = |plan: &&str| plan.starts_with("EXCHANGE_") || SCRUBBING_PLANS.contains(plan);
    if !plans.iter().any(is_scrubbing) {
        return;
    }
    let is_kept = |proxy: &String| recipient::smtp_address(proxy).is_none_or(|held| address::is_accepted(tx, &row.tenant, held));
    let mut proxies: Vec<String> = row.list("EmailAddresses").into_iter().filter(is_kept).collect();
    if directory::has_exchange_mailbox_plan(tx, &row.tenant, user.text("id")) {
        let routing = format!("{}@{}", row.text("Alias"), directory::initial_domain(tx, &row.tenant));
        for wanted in [row.text("UserPrincipalName").to_owned(), routing] {
            let proxy = format!("smtp:{wanted}");
            let is_held = proxies.iter().any(|held| held.eq_ignore_ascii_case(&proxy));
            let is_free = tx.sound(address::owner(tx, &row.tenant, &proxy, &row.id)).is_none();
            if !is_held && is_free && address::is_accepted(tx, &row.tenant, &wanted) {
                proxies.push(proxy);
            }
        }
    }
    if !proxies.iter().any(|proxy| proxy.starts_with("SMTP:")) {
        let first = proxies.iter().find_map(|proxy| recipient::smtp_address(proxy)).map(str::to_owned);
        if let Some(first) = first {
            proxies = address::with_primary(&proxies, &first);
        }
    }
    row.set("EmailAddresses", proxies);
}
