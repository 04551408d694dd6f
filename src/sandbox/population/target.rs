//! The target tenant's people: its own staff, and whatever occupies the places of those who are to come.

use serde_json::json;

use super::cast;
use super::cast::Trouble;
use super::dice::Dice;
use super::names;
use super::names::Name;
use super::site::Account;
use super::site::Site;
use crate::sandbox::exchange::recipient;

/// Fills the target tenant with that many own mailboxes, and with the occupants of others' places.
pub fn fill(site: &Site<'_>, source: &Site<'_>, staff: usize, dice: &mut Dice) -> rusqlite::Result<()> {
    let mut members = Vec::new();
    let mut taken = Vec::new();
    for number in 0..staff {
        let name = names::person(dice, number + 17);
        if taken.contains(&name.alias()) {
            continue;
        }
        taken.push(name.alias());
        let mut account = site.mailbox(&name);
        account.license(&["SPE_E5"]);
        account.user.set("department", *dice.pick(names::DEPARTMENTS));
        account.recipient.set("_Size", (200 << 20) + dice.roll(4 << 30));
        account.recipient.set("_Items", 900 + dice.roll(20_000));
        members.push(account.user.text("id").to_owned());
        site.store(&account)?;
    }
    site.store_group("MailUniversalDistributionGroup", "All Northwind", "all-northwind", &members)?;
    for (first, last, trouble) in cast::PROJECT_TROUBLES {
        occupy(site, source, &Name::new(first, last), *trouble)?;
    }
    let (first, last, trouble) = cast::PREPARED_BY_HAND;
    occupy(site, source, &Name::new(first, last), trouble)
}

/// Puts into the target what is in the way of `name`, when anything is.
fn occupy(site: &Site<'_>, source: &Site<'_>, name: &Name, trouble: Trouble) -> rusqlite::Result<()> {
    let old_address = format!("{}@{}", name.local_part(), source.domain);
    let new_address = format!("{}@{}", name.local_part(), site.domain);
    match trouble {
        Trouble::PlainUser => crate::sandbox::directory::store_user(site.tx, &site.user(name)),
        Trouble::Guest => site.store(&invited(site, name, "Guest", "GuestMailUser", &old_address, &new_address)),
        Trouble::ExternalMember => site.store(&invited(site, name, "Member", "MailUser", &old_address, &new_address)),
        Trouble::Contact => {
            let mut contact = site.recipient("MailContact", &name.display(), &name.alias(), None);
            contact.set("ExternalEmailAddress", format!("SMTP:{old_address}"));
            contact.set(
                "EmailAddresses",
                json!([format!("SMTP:{old_address}"), format!("smtp:{new_address}")]),
            );
            recipient::store(site.tx, &contact)
        }
        Trouble::Mailbox => {
            let mut account = site.mailbox(name);
            account.license(&["SPE_E5"]);
            account.recipient.set("_Size", 2 << 20);
            account.recipient.set("_Items", 14);
            site.store(&account)
        }
        Trouble::SoftDeletedTwin => {
            // An earlier attempt's mail user. Its Entra user is gone already; the recipient remains until it is purged.
            let user = site.user(name);
            let mut twin = site.recipient("MailUser", &name.display(), &name.alias(), Some(&user));
            twin.set("EmailAddresses", json!([format!("SMTP:{new_address}")]));
            twin.set("ExternalEmailAddress", format!("SMTP:{old_address}"));
            twin.set("_SoftDeleted", true);
            twin.set("WhenSoftDeleted", site.tx.now().to_string());
            recipient::store(site.tx, &twin)
        }
        Trouble::ForeignProxy => prepared_by_hand(site, source, name, &old_address),
        Trouble::LitigationHold | Trouble::OutsideScope | Trouble::NoLicence => Ok(()),
    }
}

/// Somebody of the source who was invited: their user name is the foreign address in disguise.
fn invited(site: &Site<'_>, name: &Name, user_type: &str, details: &str, old_address: &str, new_address: &str) -> Account {
    let disguise = format!("{}#EXT#@{}", old_address.replace('@', "_"), site.initial);
    let mut user = site.user(name);
    user.set("userPrincipalName", disguise);
    user.set("userType", user_type);
    user.set("creationType", "Invitation");
    user.set("externalUserState", "Accepted");
    user.set("mail", old_address);
    let mut recipient = site.recipient(details, &name.display(), &name.alias(), Some(&user));
    recipient.set("ExternalEmailAddress", format!("SMTP:{old_address}"));
    let mut proxies = vec![format!("SMTP:{old_address}")];
    if user_type == "Guest" {
        proxies.push(format!("smtp:{new_address}"));
    }
    recipient.set("EmailAddresses", proxies);
    Account { user, recipient }
}

/// A mail user that is complete but for an address in a domain of the source, which only the directory could have given it.
fn prepared_by_hand(site: &Site<'_>, source: &Site<'_>, name: &Name, old_address: &str) -> rusqlite::Result<()> {
    let found = recipient::by_address(site.tx, source.tenant, old_address)?;
    let Some(mailbox) = found else { return Ok(()) };
    let mut account = site.mailbox(name);
    account.recipient = site.recipient("MailUser", &name.display(), &name.alias(), Some(&account.user));
    let proxies = json!([
        format!("SMTP:{}@{}", name.local_part(), site.domain),
        format!("smtp:{}@{}", name.alias(), site.initial),
        format!("smtp:{old_address}"),
        format!("X500:{}", mailbox.text("LegacyExchangeDN")),
    ]);
    account.recipient.set("EmailAddresses", proxies);
    account.recipient.set("ExchangeGuid", mailbox.text("ExchangeGuid"));
    account
        .recipient
        .set("ExternalEmailAddress", format!("SMTP:{}@{}", name.alias(), source.initial));
    site.store(&account)
}
