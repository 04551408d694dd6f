//! Makes both tenants: domains, products, administrators, people.

use serde_json::Map;
use serde_json::json;

use super::TARGET_DOMAINS;
use super::dice::Dice;
use super::given;
use super::site::Site;
use super::source;
use super::staff;
use super::target;
use crate::sandbox::NewOptions;
use crate::sandbox::Object;
use crate::sandbox::Tx;
use crate::sandbox::azure;
use crate::sandbox::directory;
use crate::sandbox::ids::MIGRATION_SKU;

/// When a sandbox begins unless its maker says otherwise: on a Monday morning.
pub const START: &str = "2026-01-05T08:00:00Z";

/// Fills an empty sandbox: `contoso` with the people that were given or with that many made-up ones, `northwind` with its own staff
/// and with what occupies places.
pub fn seed(tx: &Tx<'_>, options: &NewOptions) -> rusqlite::Result<()> {
    let NewOptions { people, seed, .. } = options;
    let mailboxes = if people.is_empty() { options.mailboxes } else { people.len() };
    let seed = *seed;
    let contoso = Site {
        tx,
        tenant: "contoso",
        domain: "contoso.com",
        initial: "contoso.onmicrosoft.com",
        usage_location: "US",
        seed,
    };
    let northwind = Site {
        tx,
        tenant: "northwind",
        domain: TARGET_DOMAINS[0],
        initial: TARGET_DOMAINS[1],
        usage_location: "DE",
        seed,
    };
    let seats = mailboxes as u64 + 40;
    found(&contoso, "Contoso", "0c0c0c0c-1111-4111-8111-c0ffee000001")?;
    found(&northwind, "Northwind Traders", "0d0d0d0d-2222-4222-8222-c0ffee000002")?;
    for (tenant, part_number, seats) in [
        ("contoso", "SPE_E3", seats),
        ("contoso", MIGRATION_SKU, seats),
        ("northwind", "SPE_E5", seats),
        ("northwind", "EXCHANGESTANDARD", 25),
        ("northwind", MIGRATION_SKU, 25),
    ] {
        directory::store_sku(tx, tenant, part_number, seats)?;
    }
    staff::hire(&contoso)?;
    staff::hire(&northwind)?;
    let dice = &mut Dice::new(seed);
    match people.is_empty() {
        true => source::fill(&contoso, mailboxes, dice)?,
        false => given::fill(&contoso, people, dice)?,
    }
    target::fill(&northwind, &contoso, 12, &mut Dice::new(seed.wrapping_add(1)))
}

/// A tenant with its two domains, Microsoft's service principals, its administrator's application and its subscription. It was
/// never customized.
fn found(site: &Site<'_>, display_name: &str, id: &str) -> rusqlite::Result<()> {
    let mut tenant = Object::new(site.tenant, "tenant", Map::new());
    tenant.set("name", site.tenant);
    tenant.set("id", id);
    tenant.set("displayName", display_name);
    tenant.set(
        "domains",
        json!([
            {"name": site.initial, "isInitial": true, "isDefault": false},
            {"name": site.domain, "isInitial": false, "isDefault": true},
        ]),
    );
    tenant.set("isDehydrated", true);
    directory::store_tenant(site.tx, &tenant)?;
    directory::install_microsoft(site.tx, site.tenant)?;
    directory::install_admin(site.tx, site.tenant)?;
    azure::install(site.tx, site.tenant)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::sandbox::Store;
    use crate::sandbox::exchange::recipient;
    use crate::sandbox::population::cast;

    fn seeded<T>(mailboxes: usize, number: u64, read: impl FnOnce(&Tx<'_>) -> T) -> T {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = Store::open(folder.path()).expect("a store");
        let result: rusqlite::Result<T> = store.transaction(|tx| {
            let options = NewOptions {
                mailboxes,
                seed: number,
                ..NewOptions::default()
            };
            tx.set_now(options.start)?;
            seed(tx, &options)?;
            Ok(read(tx))
        });
        result.expect("a population")
    }

    fn bodies(tx: &Tx<'_>) -> Vec<String> {
        let people = ["contoso", "northwind"].map(|tenant| {
            let users = directory::users(tx, tenant);
            let recipients = tx.list(tenant, recipient::KIND).unwrap();
            users.into_iter().chain(recipients)
        });
        people
            .into_iter()
            .flatten()
            .map(|object| serde_json::to_string(&object.body).unwrap())
            .collect()
    }

    #[test]
    fn the_same_seed_makes_the_same_people_and_another_seed_makes_others() {
        assert_eq!(seeded(60, 1, bodies), seeded(60, 1, bodies));
        assert_ne!(seeded(60, 1, bodies), seeded(60, 2, bodies));
    }

    #[test]
    fn contoso_has_as_many_mailboxes_as_were_asked_for_of_all_types() {
        for mailboxes in [1, 10, 60, 400] {
            seeded(mailboxes, 7, |tx| {
                let all = recipient::all(tx, "contoso").unwrap();
                assert_eq!(all.iter().filter(|each| recipient::is_mailbox(each)).count(), mailboxes);
                let mut addresses = HashSet::new();
                for each in &all {
                    for address in recipient::smtp_addresses(each) {
                        assert!(addresses.insert(address.to_lowercase()), "{address} twice");
                    }
                }
            });
        }
        seeded(60, 1, |tx| {
            let all = recipient::all(tx, "contoso").unwrap();
            for details in [
                "UserMailbox",
                "SharedMailbox",
                "RoomMailbox",
                "EquipmentMailbox",
                "MailUniversalSecurityGroup",
            ] {
                assert!(all.iter().any(|each| each.text("RecipientTypeDetails") == details), "no {details}");
            }
            assert!(all.iter().any(|each| !each.text("DisplayName").is_ascii()));
            assert!(
                all.iter()
                    .any(|each| !each.text("ArchiveGuid").is_empty() && each.text("CustomAttribute1") == cast::PROJECT)
            );
            assert!(
                all.iter()
                    .any(|each| each.list("EmailAddresses").iter().any(|proxy| proxy.contains("Inc./")))
            );
        });
    }

    #[test]
    fn lara_newton_is_who_she_is_in_the_worked_example() {
        seeded(1, 99, |tx| {
            let lara = recipient::by_address(tx, "contoso", "Lara.Newton@contoso.com")
                .unwrap()
                .expect("Lara");
            assert_eq!(lara.text("Alias"), "LaraN");
            assert_eq!(lara.text("ExchangeGuid"), "1ec059c7-8396-4d0b-af4e-d6bd4c12a8d8");
            assert!(
                lara.text("LegacyExchangeDN")
                    .ends_with("(FYDIBOHF23SPDLT)/cn=Recipients/cn=d11ec1a2cacd4f81858c81907273f1f9-Lara")
            );
            assert_eq!(
                lara.list("EmailAddresses"),
                ["SMTP:Lara.Newton@contoso.com", "smtp:LaraN@contoso.onmicrosoft.com"]
            );
            assert!(directory::has_migration_licence(
                tx,
                "contoso",
                lara.text("ExternalDirectoryObjectId")
            ));
        });
    }

    #[test]
    fn the_target_is_occupied_in_every_way_that_happens() {
        seeded(60, 1, |tx| {
            let at = |address: &str| recipient::by_address(tx, "northwind", address).unwrap();
            let details = |address: &str| at(address).map(|found| found.text("RecipientTypeDetails").to_owned());
            assert!(directory::user(tx, "northwind", "Petra.Plank@northwind.com").is_some());
            assert_eq!(details("Petra.Plank@northwind.com"), None);
            assert_eq!(details("Greta.Gantt@northwind.com").as_deref(), Some("GuestMailUser"));
            assert_eq!(details("Cora.Conti@northwind.com").as_deref(), Some("MailContact"));
            assert_eq!(details("Mara.Mailler@northwind.com").as_deref(), Some("UserMailbox"));
            assert_eq!(details("Elena.Exner@contoso.com").as_deref(), Some("MailUser"));
            assert_eq!(details("Fiona.Forbes@northwind.com").as_deref(), Some("MailUser"));
            assert_eq!(details("Sven.Sorg@northwind.com"), None);
            assert_eq!(
                recipient::resolve_with_deleted(tx, "northwind", "Sven.Sorg@northwind.com")
                    .unwrap()
                    .len(),
                1
            );
        });
    }

    #[test]
    fn all_of_the_project_but_one_are_in_the_scope_group() {
        seeded(60, 1, |tx| {
            let scope = recipient::resolve(tx, "contoso", "kermit-scope@contoso.com").unwrap().remove(0);
            let outside = recipient::all(tx, "contoso")
                .unwrap()
                .into_iter()
                .filter(|each| each.text("CustomAttribute1") == cast::PROJECT && !recipient::is_in_group(tx, &scope, each).unwrap());
            assert_eq!(
                outside.map(|each| each.text("DisplayName").to_owned()).collect::<Vec<_>>(),
                ["Otto Outram"]
            );
        });
    }
}
