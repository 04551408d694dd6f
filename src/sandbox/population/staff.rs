//! Those who run the tenants: accounts of the cloud without a mailbox, one for each directory role that a rehearsal meets.

use uuid::Uuid;

use super::names::Name;
use super::site::Site;
use crate::sandbox::azure;
use crate::sandbox::directory;
use crate::sandbox::ids;

/// The administrators of one tenant: name and directory role. The first is its Global Administrator, the last holds no role.
pub type Staff = [(&'static str, &'static str, Option<&'static str>)];

/// Those of contoso.
pub const CONTOSO: &Staff = &[
    ("Cleo", "Castell", Some(ids::GLOBAL_ADMINISTRATOR)),
    ("Edgar", "Eames", Some(ids::EXCHANGE_ADMINISTRATOR)),
    ("Rhea", "Rossi", Some(ids::EXCHANGE_RECIPIENT_ADMINISTRATOR)),
    ("Arno", "Abt", Some(ids::APPLICATION_ADMINISTRATOR)),
    ("Gwen", "Gray", Some(ids::GLOBAL_READER)),
    ("Ulla", "Unger", None),
];

/// Those of northwind, each with the role of the one of contoso in that place.
pub const NORTHWIND: &Staff = &[
    ("Nils", "Nordin", Some(ids::GLOBAL_ADMINISTRATOR)),
    ("Edda", "Ekdahl", Some(ids::EXCHANGE_ADMINISTRATOR)),
    ("Runa", "Rask", Some(ids::EXCHANGE_RECIPIENT_ADMINISTRATOR)),
    ("Alma", "Ahlgren", Some(ids::APPLICATION_ADMINISTRATOR)),
    ("Greger", "Grahn", Some(ids::GLOBAL_READER)),
    ("Ulf", "Uhrberg", None),
];

/// Gives the tenant its administrators; the first owns the subscription.
pub fn hire(site: &Site<'_>) -> rusqlite::Result<()> {
    let staff = if site.tenant == "contoso" { CONTOSO } else { NORTHWIND };
    for (number, (first, last, role)) in staff.iter().enumerate() {
        let mut user = site.user(&Name::new(first, last));
        let principal_name = format!("{}@{}", first.to_lowercase(), site.initial);
        let id = site.guid(&format!("user/{principal_name}"));
        user.set("id", id.as_str());
        user.set("userPrincipalName", principal_name.as_str());
        user.set("mailNickname", first.to_lowercase());
        directory::store_user(site.tx, &user)?;
        if let Some(role) = role {
            directory::assign_directory_role(site.tx, site.tenant, &id, role)?;
        }
        if number == 0 {
            directory::set_admin_user(site.tx, site.tenant, &principal_name)?;
            own_subscriptions(site, &id)?;
        }
    }
    Ok(())
}

fn own_subscriptions(site: &Site<'_>, user_id: &str) -> rusqlite::Result<()> {
    for subscription in azure::subscriptions(site.tx, site.tenant) {
        let id = subscription.text("subscriptionId");
        let namespace = Uuid::parse_str(id).unwrap_or_default();
        let name = Uuid::new_v5(&namespace, b"owner by name").to_string();
        let scope = format!("/subscriptions/{id}");
        azure::assign(site.tx, site.tenant, &name, &scope, azure::OWNER, user_id, "User")?;
    }
    Ok(())
}
