//! The source tenant's people: the cast first, then as many others as the sandbox was asked for.

use std::collections::HashSet;

use serde_json::json;

use super::cast;
use super::cast::HardCase;
use super::cast::Trouble;
use super::dice::Dice;
use super::names;
use super::names::Name;
use super::site::Account;
use super::site::Site;
use crate::sandbox::ids::MIGRATION_SKU;

const MEBIBYTE: u64 = 1 << 20;
const GIBIBYTE: u64 = 1 << 30;
/// The groups that nobody is nested in: type, name and alias.
pub const GROUPS: [(&str, &str, &str); 2] = [
    ("MailUniversalSecurityGroup", "Kermit Scope", "kermit-scope"),
    ("MailUniversalDistributionGroup", "Kermit Announcements", "kermit-announcements"),
];
/// An administrative group of the on-premises organization that contoso once was.
const OLD_RECIPIENTS: &str = "/o=First Organization/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients";

/// Fills the source tenant with that many mailboxes, and with its groups.
pub fn fill(site: &Site<'_>, mailboxes: usize, dice: &mut Dice) -> rusqlite::Result<()> {
    let mut accounts = vec![lara(site)];
    for (first, last, trouble) in cast::PROJECT_TROUBLES {
        accounts.push(troubled(site, dice, first, last, *trouble));
    }
    let (first, last, trouble) = cast::PREPARED_BY_HAND;
    accounts.push(troubled(site, dice, first, last, trouble));
    for (first, last, case) in cast::CASES {
        accounts.push(hard_case(site, dice, first, last, *case));
    }
    accounts.truncate(mailboxes);
    let mut taken = accounts.iter().map(alias).collect::<HashSet<_>>();
    for number in 0..mailboxes.saturating_sub(accounts.len()) {
        let account = made_up(site, dice, number, &taken);
        taken.insert(alias(&account));
        accounts.push(account);
    }
    delegate(&mut accounts);
    for account in &accounts {
        site.store(account)?;
    }
    groups(site, &accounts)
}

fn alias(account: &Account) -> String {
    account.recipient.text("Alias").to_lowercase()
}

fn lara(site: &Site<'_>) -> Account {
    let (first, last) = cast::LARA;
    let mut lara = site.mailbox(&Name::new(first, last));
    lara.recipient.set("ExchangeGuid", "1ec059c7-8396-4d0b-af4e-d6bd4c12a8d8");
    lara.recipient.set(
        "LegacyExchangeDN",
        format!("{OLD_RECIPIENTS}/cn=d11ec1a2cacd4f81858c81907273f1f9-Lara"),
    );
    lara.recipient.set("CustomAttribute1", cast::PROJECT);
    lara.recipient.set("_Size", 3_451_013_234_u64);
    lara.recipient.set("_Items", 18_236);
    lara.user.set("department", "Legal");
    lara.license(&["SPE_E3", MIGRATION_SKU]);
    lara
}

fn ordinary(site: &Site<'_>, dice: &mut Dice, name: &Name) -> Account {
    let mut account = site.mailbox(name);
    account.add_proxy(&format!("SIP:{}@{}", name.local_part(), site.domain));
    account.user.set("department", *dice.pick(names::DEPARTMENTS));
    account.license(&["SPE_E3", MIGRATION_SKU]);
    content(dice, &mut account);
    account
}

/// Gives the mailbox mail of some size.
pub fn content(dice: &mut Dice, account: &mut Account) {
    let size = 180 * MEBIBYTE + dice.roll(6 * GIBIBYTE);
    let deleted = dice.roll(400 * MEBIBYTE);
    let mailbox = &mut account.recipient;
    mailbox.set("_Size", size);
    mailbox.set("_Items", size / (190 * 1024));
    mailbox.set("_DeletedSize", deleted);
    mailbox.set("_DeletedItems", deleted / (130 * 1024));
}

/// Gives the archive that is there mail of some size.
pub fn fill_archive(dice: &mut Dice, account: &mut Account) {
    set_archive_size(account, GIBIBYTE + dice.roll(12 * GIBIBYTE));
}

fn add_archive(site: &Site<'_>, account: &mut Account, size: u64) {
    let guid = site.guid(&format!("archive/{}", account.recipient.text("Alias")));
    account.recipient.set("ArchiveGuid", guid);
    set_archive_size(account, size);
}

fn set_archive_size(account: &mut Account, size: u64) {
    account.recipient.set("_ArchiveSize", size);
    account.recipient.set("_ArchiveItems", size / (190 * 1024));
}

fn troubled(site: &Site<'_>, dice: &mut Dice, first: &str, last: &str, trouble: Trouble) -> Account {
    let mut account = ordinary(site, dice, &Name::new(first, last));
    account.recipient.set("CustomAttribute1", cast::PROJECT);
    match trouble {
        Trouble::LitigationHold => {
            account.recipient.set("LitigationHoldEnabled", true);
            account.recipient.set("LitigationHoldOwner", format!("legal@{}", site.domain));
        }
        Trouble::NoLicence => account.license(&["SPE_E3"]),
        Trouble::ForeignProxy => {
            account.recipient.body.shift_remove("CustomAttribute1");
        }
        _ => {}
    }
    account
}

fn hard_case(site: &Site<'_>, dice: &mut Dice, first: &str, last: &str, case: HardCase) -> Account {
    let mut account = ordinary(site, dice, &Name::new(first, last));
    account.recipient.set("CustomAttribute1", cast::HARD_CASES);
    match case {
        HardCase::DelayHold => account.recipient.set("DelayHoldApplied", true),
        HardCase::DelayReleaseHold => account.recipient.set("DelayReleaseHoldApplied", true),
        HardCase::RetentionLabel => account.recipient.set("ComplianceTagHoldApplied", true),
        HardCase::InPlaceHold => {
            let policy = site.guid("retention policy").replace('-', "");
            account.recipient.set("InPlaceHolds", json!([format!("mbx{policy}:2")]));
        }
        HardCase::AuxArchives => {
            add_archive(site, &mut account, 96 * GIBIBYTE);
            let auxiliary = (1..=13).map(|number| site.guid(&format!("aux archive/{number}")));
            account.recipient.set("_AuxArchives", auxiliary.collect::<Vec<_>>());
        }
        HardCase::DisabledArchive => account.recipient.set("DisabledArchiveGuid", site.guid("disabled archive")),
        HardCase::RecoverableItems => account.recipient.set("_DeletedSize", 45 * GIBIBYTE),
        HardCase::DamagedItems => account.recipient.set("_BadItems", 12),
        HardCase::RuinedItems => account.recipient.set("_BadItems", 60),
        HardCase::Moving => {
            account.recipient.set("_Moving", true);
            account.recipient.set("MailboxMoveStatus", "InProgress");
        }
        HardCase::SubstrateHolds => {
            add_archive(site, &mut account, 2 * GIBIBYTE);
            account.recipient.set("_SubstrateHolds", 7);
        }
        HardCase::OverQuota => {
            account.recipient.set("_ProhibitSendReceiveQuota", 2 * GIBIBYTE);
            account.recipient.set("_Size", 2 * GIBIBYTE + 40 * MEBIBYTE);
        }
    }
    account
}

/// The `number`th of those who are there only because a company has more than its troubles.
fn made_up(site: &Site<'_>, dice: &mut Dice, number: usize, taken: &HashSet<String>) -> Account {
    let mut account = match number % 10 {
        4 => site.unattended("SharedMailbox", &names::shared(number / 10)),
        6 => site.unattended("RoomMailbox", &names::room(number / 10)),
        9 if number % 20 == 9 => site.unattended("EquipmentMailbox", &names::equipment(number / 20)),
        _ => someone(site, dice, number, taken),
    };
    if account.recipient.text("RecipientTypeDetails") != "UserMailbox" {
        content(dice, &mut account);
    }
    if !stays_behind(number) && !account.recipient.flag("LitigationHoldEnabled") {
        account.recipient.set("CustomAttribute1", cast::PROJECT);
    }
    account
        .recipient
        .set("CustomAttribute2", *dice.pick(&["Berlin", "Dublin", "Toronto", "Osaka"]));
    account
}

/// Whether the `number`th made-up mailbox is none of the project's.
fn stays_behind(number: usize) -> bool {
    matches!(number % 10, 2 | 3 | 7 | 8 | 9)
}

fn someone(site: &Site<'_>, dice: &mut Dice, number: usize, taken: &HashSet<String>) -> Account {
    let mut name = names::person(dice, number);
    while taken.contains(&name.alias().to_lowercase()) {
        let middle = dice.pick(&["A", "B", "C", "D", "E", "F", "G", "H", "J", "K", "L", "M"]);
        name = Name::new(&format!("{} {middle}.", name.first), &name.last);
    }
    let mut account = ordinary(site, dice, &name);
    if dice.once_in(5) {
        add_archive(site, &mut account, GIBIBYTE + dice.roll(12 * GIBIBYTE));
    }
    if dice.once_in(4) {
        let old = site.guid(&format!("old dn/{}", account.recipient.text("Alias"))).replace('-', "");
        account.add_proxy(&format!("X500:{OLD_RECIPIENTS}/cn={old}"));
        let bought = account.recipient.text("Alias").to_owned();
        account.add_proxy(&format!(
            "X500:/o=Fourth Coffee, Inc./ou=First Administrative Group/cn=Recipients/cn={bought}"
        ));
    }
    if dice.once_in(6) {
        let short = format!("smtp:{}@{}", account.recipient.text("Alias"), site.domain);
        account.add_proxy(&short);
    }
    if dice.once_in(7) {
        account.recipient.set("_BadItems", 1 + dice.roll(3));
    }
    if dice.once_in(9) {
        // Excluded from a policy, which looks like a hold and is none.
        let policy = site.guid("retention policy").replace('-', "");
        account.recipient.set("InPlaceHolds", json!([format!("-mbx{policy}")]));
    }
    if number % 11 == 8 {
        account.recipient.set("LitigationHoldEnabled", true);
    }
    if stays_behind(number) {
        account.license(&["SPE_E3"]);
    }
    account
}

/// Gives each shared mailbox two delegates and some people an assistant.
fn delegate(accounts: &mut [Account]) {
    let people = accounts
        .iter()
        .filter(|account| account.recipient.text("RecipientTypeDetails") == "UserMailbox")
        .skip(1)
        .map(Account::guid)
        .collect::<Vec<_>>();
    if people.len() < 3 {
        return;
    }
    for (number, account) in accounts.iter_mut().enumerate() {
        let helper = &people[(number * 5 + 2) % people.len()];
        let deputy = &people[(number * 3 + 1) % people.len()];
        if account.recipient.text("RecipientTypeDetails") == "SharedMailbox" {
            let full_access =
                |guid: &String| json!({"_Trustee": guid, "AccessRights": ["FullAccess"], "Deny": false, "InheritanceType": "All"});
            account
                .recipient
                .set("_MailboxPermissions", json!([full_access(helper), full_access(deputy)]));
            account
                .recipient
                .set("_RecipientPermissions", json!([{"_Trustee": helper, "AccessRights": ["SendAs"]}]));
        } else if number % 9 == 8 && *helper != account.guid() {
            account.recipient.set("GrantSendOnBehalfTo", json!([helper]));
        }
    }
}

/// The scope group of the project, with a nested group for rooms and equipment, and an ordinary distribution group.
fn groups(site: &Site<'_>, accounts: &[Account]) -> rusqlite::Result<()> {
    let outside = cast::PROJECT_TROUBLES
        .iter()
        .find(|(_, _, trouble)| *trouble == Trouble::OutsideScope);
    let outside = outside.map(|(first, last, _)| format!("{first} {last}")).unwrap_or_default();
    let (prepared_first, prepared_last, _) = cast::PREPARED_BY_HAND;
    let prepared = format!("{prepared_first} {prepared_last}");
    let moves =
        |account: &&Account| !account.recipient.text("CustomAttribute1").is_empty() || account.recipient.text("DisplayName") == prepared;
    let is_resource = |account: &&Account| ["RoomMailbox", "EquipmentMailbox"].contains(&account.recipient.text("RecipientTypeDetails"));
    let id = |account: &Account| account.user.text("id").to_owned();
    let resources = accounts.iter().filter(moves).filter(is_resource).map(id).collect::<Vec<_>>();
    let nested = site.store_group("MailUniversalSecurityGroup", "Kermit Resources", "kermit-resources", &resources)?;
    let people = accounts.iter().filter(moves).filter(|account| !is_resource(account));
    let mut members = people
        .filter(|account| account.recipient.text("DisplayName") != outside)
        .map(id)
        .collect::<Vec<_>>();
    let everyone = members.clone();
    members.push(nested.text("ExternalDirectoryObjectId").to_owned());
    for ((details, name, alias), members) in GROUPS.into_iter().zip([members, everyone]) {
        site.store_group(details, name, alias, &members)?;
    }
    Ok(())
}
