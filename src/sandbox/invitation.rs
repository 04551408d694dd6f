//! Invitations: who was asked to become a guest, and the message that told them.

use serde_json::Map;
use uuid::Uuid;

use super::Object;
use super::Tx;
use super::directory;
use super::exchange::recipient;

const KIND: &str = "invitation";
const MESSAGE: &str = "message";

/// Keeps the invitation `id` of `guest`, who is led to `redirect` afterwards, and returns it with the `ticket` that its link carries.
pub fn add(tx: &Tx<'_>, id: &str, guest: &Object, address: &str, redirect: &str) -> rusqlite::Result<Object> {
    let mut invitation = Object::new(&guest.tenant, KIND, Map::new());
    invitation.set("id", id);
    invitation.set("guest", guest.text("id"));
    invitation.set("address", address);
    invitation.set("redirect", redirect);
    invitation.set("ticket", Uuid::new_v4().simple().to_string());
    tx.put(&invitation, [(KIND, id.to_owned())])?;
    Ok(invitation)
}

/// The tenant's invitation with that id.
pub fn find(tx: &Tx<'_>, tenant: &str, id: &str) -> Option<Object> {
    tx.sound(tx.find(tenant, KIND, id)).into_iter().next()
}

/// The guest accepts.
pub fn accept(tx: &Tx<'_>, mut guest: Object) -> rusqlite::Result<()> {
    guest.set("externalUserState", "Accepted");
    guest.set("externalUserStateChangeDateTime", tx.now().to_string());
    directory::store_user(tx, &guest)
}

/// Sends the message with the link `redeem` to whom `invitation` is for. Where no tenant of the sandbox has the address, nobody gets it.
pub fn send(tx: &Tx<'_>, invitation: &Object, redeem: &str, text: &str) -> rusqlite::Result<()> {
    let address = invitation.text("address");
    let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain);
    let Some(to) = directory::tenant(tx, domain) else {
        return Ok(());
    };
    let from = directory::tenant(tx, &invitation.tenant);
    let mut message = Object::new(&to.tenant, MESSAGE, Map::new());
    message.set("to", address);
    message.set("organization", from.as_ref().map_or("", |tenant| tenant.text("displayName")));
    message.set("domain", directory::default_domain(tx, &invitation.tenant));
    message.set("sent", tx.now().to_string());
    message.set("text", text);
    message.set("link", redeem);
    tx.put(&message, [("addressee", address.to_owned())])
}

/// The messages to any of the person's addresses, newest first.
pub fn messages(tx: &Tx<'_>, user: &Object) -> Vec<Object> {
    let addresses = addresses(tx, user);
    let found = addresses
        .iter()
        .flat_map(|address| tx.sound(tx.find(&user.tenant, "addressee", address)));
    let mut found: Vec<_> = found.collect();
    // Ids grow with time.
    found.sort_by(|one, other| other.id.cmp(&one.id));
    found
}

/// The person's message with that key.
pub fn message(tx: &Tx<'_>, user: &Object, id: &str) -> Option<Object> {
    messages(tx, user).into_iter().find(|message| message.id == id)
}

/// All addresses at which the person is reached: the account's, and those of the mailbox or mail user.
pub fn addresses(tx: &Tx<'_>, user: &Object) -> Vec<String> {
    let mut addresses = vec![user.text("userPrincipalName").to_lowercase(), user.text("mail").to_lowercase()];
    if let Some(recipient) = tx.sound(recipient::by_directory_id(tx, &user.tenant, user.text("id"))) {
        addresses.extend(recipient::smtp_addresses(&recipient).iter().map(|address| address.to_lowercase()));
    }
    addresses.retain(|address| !address.is_empty());
    addresses.sort_unstable();
    addresses.dedup();
    addresses
}
