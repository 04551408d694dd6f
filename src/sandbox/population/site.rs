//! One tenant while it is being filled: makes users and recipients whose ids follow from the seed.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;
use uuid::Uuid;

use super::names::Name;
use crate::sandbox::Object;
use crate::sandbox::Tx;
use crate::sandbox::directory;
use crate::sandbox::exchange::recipient;
use crate::sandbox::ids;

/// A tenant that is being filled.
pub struct Site<'a> {
    /// The state.
    pub tx: &'a Tx<'a>,
    /// The tenant's short name.
    pub tenant: &'a str,
    /// Its default domain.
    pub domain: &'a str,
    /// Its initial domain.
    pub initial: &'a str,
    /// Where its people work, for licences.
    pub usage_location: &'a str,
    /// The seed of the sandbox.
    pub seed: u64,
}

/// An Entra user and the recipient that belongs to it.
pub struct Account {
    /// The user, with Graph's names.
    pub user: Object,
    /// The recipient, with Exchange's names.
    pub recipient: Object,
}

impl Account {
    /// Gives the user one of each product.
    pub fn license(&mut self, part_numbers: &[&str]) {
        let products = part_numbers.iter().filter_map(|part_number| ids::sku(part_number));
        let licences = products
            .map(|sku| json!({"skuId": sku.id, "disabledPlans": []}))
            .collect::<Vec<_>>();
        self.user.set("assignedLicenses", licences);
    }

    /// Adds a proxy address behind the others.
    pub fn add_proxy(&mut self, proxy: &str) {
        let mut proxies = self.recipient.list("EmailAddresses");
        proxies.push(proxy.to_owned());
        self.recipient.set("EmailAddresses", proxies);
    }

    /// The recipient's own GUID, by which permissions name it.
    pub fn guid(&self) -> String {
        self.recipient.text("Guid").to_owned()
    }
}

impl Site<'_> {
    /// A GUID that follows from the seed and `what`.
    pub fn guid(&self, what: &str) -> String {
        let tenant = directory::tenant_id(self.tx, self.tenant);
        let namespace = Uuid::parse_str(&tenant).unwrap_or_default();
        Uuid::new_v5(&namespace, format!("{}/{what}", self.seed).as_bytes()).to_string()
    }

    /// A plain Entra user in the default domain, who may sign in and has no licence.
    pub fn user(&self, name: &Name) -> Object {
        let upn = format!("{}@{}", name.local_part(), self.domain);
        let mut user = self.directory_user(&name.display(), &name.alias(), &upn);
        user.set("givenName", name.first.as_str());
        user.set("surname", name.last.as_str());
        user
    }

    /// A user with these names, who may sign in and has no licence.
    pub fn directory_user(&self, display: &str, alias: &str, upn: &str) -> Object {
        let mut user = Object::new(self.tenant, "user", Map::new());
        user.set("id", self.guid(&format!("user/{upn}")));
        user.set("userPrincipalName", upn);
        user.set("displayName", display);
        user.set("givenName", Value::Null);
        user.set("surname", Value::Null);
        user.set("mailNickname", alias);
        user.set("userType", "Member");
        user.set("accountEnabled", true);
        user.set("usageLocation", self.usage_location);
        user.set("assignedLicenses", json!([]));
        user.set("createdDateTime", self.tx.now().to_string());
        user
    }

    /// A recipient without addresses, linked to `user` when there is one.
    pub fn recipient(&self, details: &str, display: &str, alias: &str, user: Option<&Object>) -> Object {
        let guid = self.guid(&format!("recipient/{details}/{alias}"));
        let mut made = recipient::new(self.tx, self.tenant, details, alias, alias);
        made.set("Guid", guid.as_str());
        made.set("DisplayName", display);
        let unique = guid.replace('-', "");
        made.set(
            "LegacyExchangeDN",
            format!("/o=ExchangeLabs/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn={unique}-{alias}"),
        );
        if let Some(user) = user {
            made.set("ExternalDirectoryObjectId", user.text("id"));
            made.set("UserPrincipalName", user.text("userPrincipalName"));
            for (graph, exchange) in [("givenName", "FirstName"), ("surname", "LastName")] {
                made.set(exchange, user.text(graph));
            }
        }
        made
    }

    /// A person with a mailbox: primary address in the default domain, a secondary one in the initial domain.
    pub fn mailbox(&self, name: &Name) -> Account {
        let user = self.user(name);
        let recipient = self.mailbox_of(&user, "UserMailbox", &name.display(), &name.alias(), &name.local_part());
        Account { user, recipient }
    }

    /// A mailbox that nobody signs in to: `SharedMailbox`, `RoomMailbox` or `EquipmentMailbox`.
    pub fn unattended(&self, details: &str, display: &str) -> Account {
        let alias = super::names::plain(display);
        let upn = format!("{alias}@{}", self.domain);
        let mut user = self.directory_user(display, &alias, &upn);
        user.set("accountEnabled", false);
        let recipient = self.mailbox_of(&user, details, display, &alias, &alias);
        Account { user, recipient }
    }

    fn mailbox_of(&self, user: &Object, details: &str, display: &str, alias: &str, local_part: &str) -> Object {
        let mut mailbox = self.recipient(details, display, alias, Some(user));
        mailbox.set(
            "EmailAddresses",
            json!([
                format!("SMTP:{local_part}@{}", self.domain),
                format!("smtp:{alias}@{}", self.initial)
            ]),
        );
        mailbox.set("ExchangeGuid", self.guid(&format!("mailbox/{details}/{alias}")));
        mailbox.set("WhenMailboxCreated", self.tx.now().to_string());
        mailbox
    }

    /// Stores a user with their recipient; the user carries the addresses too, as Entra shows them.
    pub fn store(&self, account: &Account) -> rusqlite::Result<()> {
        let mut user = account.user.clone();
        let primary = recipient::primary_address(&account.recipient);
        if !primary.is_empty() {
            user.set("mail", primary);
        }
        user.set("proxyAddresses", account.recipient.list("EmailAddresses"));
        directory::store_user(self.tx, &user)?;
        recipient::store(self.tx, &account.recipient)
    }

    /// Stores a group with these members (recipients' GUIDs or directory ids).
    pub fn store_group(&self, details: &str, display: &str, alias: &str, members: &[String]) -> rusqlite::Result<Object> {
        let mut group = self.recipient(details, display, alias, None);
        group.set("Name", display);
        group.set("ExternalDirectoryObjectId", self.guid(&format!("group/{alias}")));
        group.set("EmailAddresses", json!([format!("SMTP:{alias}@{}", self.domain)]));
        group.set("_Members", members);
        recipient::store(self.tx, &group)?;
        Ok(group)
    }
}
