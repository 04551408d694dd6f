//! The source tenant's people when somebody brings them: mailboxes from a file in place of made-up ones.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use super::dice::Dice;
use super::person::Person;
use super::site::Account;
use super::site::Site;
use super::source;
use crate::sandbox::directory;
use crate::sandbox::exchange::recipient;
use crate::sandbox::ids::MIGRATION_SKU;

/// Fills the source tenant with `people`, all of them members of the scope group. Their domains become the tenant's.
pub fn fill(site: &Site<'_>, people: &[Person], dice: &mut Dice) -> rusqlite::Result<()> {
    accept_domains(site, people)?;
    let mut members = Vec::new();
    for person in people {
        let account = account(site, person, dice);
        members.push(account.user.text("id").to_owned());
        site.store(&account)?;
    }
    for (details, name, alias) in source::GROUPS {
        site.store_group(details, name, alias, &members)?;
    }
    Ok(())
}

fn accept_domains(site: &Site<'_>, people: &[Person]) -> rusqlite::Result<()> {
    let Some(mut tenant) = directory::tenant(site.tx, site.tenant) else {
        return Ok(());
    };
    let mut known = directory::accepted_domains(site.tx, site.tenant);
    for domain in people.iter().flat_map(Person::domains) {
        if known.contains(&domain) {
            continue;
        }
        if let Some(domains) = tenant.body.get_mut("domains").and_then(Value::as_array_mut) {
            domains.push(json!({"name": domain, "isInitial": false, "isDefault": false}));
        }
        known.push(domain);
    }
    directory::store_tenant(site.tx, &tenant)
}

fn account(site: &Site<'_>, person: &Person, dice: &mut Dice) -> Account {
    let mut user = site.directory_user(&person.display, &person.alias, &person.upn);
    if let Some(id) = &person.directory_id {
        user.set("id", id.as_str());
    }
    let property = |name: &str| person.properties.iter().find(|(known, _)| known == name);
    for (graph, exchange) in [("givenName", "FirstName"), ("surname", "LastName")] {
        if let Some((_, value)) = property(exchange) {
            user.set(graph, value.clone());
        }
    }
    let mut mailbox = site.recipient(person.details, &person.display, &person.alias, Some(&user));
    mailbox.set("Name", person.name.as_str());
    mailbox.set("ExchangeGuid", site.guid(&format!("mailbox/{}", person.name)));
    mailbox.set("WhenMailboxCreated", site.tx.now().to_string());
    mailbox.body.extend(person.properties.iter().cloned().collect::<Map<_, _>>());
    let auxiliary = (1..=person.aux_archives).map(|number| site.guid(&format!("aux archive/{}/{number}", person.name)));
    if person.aux_archives > 0 {
        mailbox.set("_AuxArchives", auxiliary.collect::<Vec<_>>());
    }
    mailbox.set("EmailAddresses", addresses(site, person));
    let mut account = Account { user, recipient: mailbox };
    match person.details {
        "UserMailbox" => account.license(&["SPE_E3", MIGRATION_SKU]),
        _ => account.user.set("accountEnabled", false),
    }
    source::content(dice, &mut account);
    if !recipient::guid(&account.recipient, "ArchiveGuid").eq(recipient::ZERO_GUID) {
        source::fill_archive(dice, &mut account);
    }
    account
}

/// As the service does, everybody has an address in a domain that the service gave.
fn addresses(site: &Site<'_>, person: &Person) -> Vec<String> {
    let mut addresses = person.addresses.clone();
    if !person.domains().any(|domain| domain.ends_with(".onmicrosoft.com")) {
        addresses.push(format!("smtp:{}@{}", person.alias, site.initial));
    }
    addresses
}
