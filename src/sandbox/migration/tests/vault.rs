//! The flow of 2021: an endpoint with a certificate in a vault, which the service reads again and again.

use std::time::Duration;

use jiff::SignedDuration;
use serde_json::Value;
use serde_json::json;

use super::lab;
use super::lab::APP;
use super::lab::Lab;
use super::lab::lab;
use super::outcome::expect;
use crate::sandbox::azure;
use crate::sandbox::directory;
use crate::sandbox::ids;
use crate::sandbox::vault::tests::room;
use crate::sandbox::vault::tests::room::permit_exchange;

const READS: &[&str] = &["get", "list"];
const EXCEPTION: &str = "KeyVaultFailureErrorException";

/// Runs a test in a lab of 2021 whose endpoint has the address of a certificate, which is given to the test.
fn classic(test: impl FnOnce(&Lab<'_>, &str)) {
    lab(|lab| {
        let url = set_up(lab);
        test(lab, &url);
    });
}

/// Makes it a world of 2021 whose endpoint has the address of a certificate, and returns the address.
fn set_up(lab: &Lab<'_>) -> String {
    lab.tx.set_meta("era", "2021").unwrap();
    room::vault(lab.tx, json!({})).unwrap();
    room::audited(lab.tx);
    permit_exchange(lab.tx, READS, READS);
    let url = room::certificate_of(lab.tx, APP, json!({}));
    lab.cmdlet("northwind", "Remove-MigrationEndpoint", json!({"Identity": "from-contoso"}));
    lab.cmdlet(
        "northwind",
        "New-MigrationEndpoint",
        json!({
            "Name": "from-contoso", "ExchangeRemoteMove": true, "RemoteServer": "outlook.office.com",
            "RemoteTenant": "contoso.onmicrosoft.com", "ApplicationId": APP, "AppSecretKeyVaultUrl": url,
        }),
    );
    url
}

/// How often Exchange has read the certificate and the secret behind it.
fn reads(lab: &Lab<'_>) -> (usize, usize) {
    answered(lab, 200)
}

/// How often Exchange was refused the certificate and the secret behind it.
fn refusals(lab: &Lab<'_>) -> (usize, usize) {
    answered(lab, 403)
}

fn answered(lab: &Lab<'_>, status: u16) -> (usize, usize) {
    let events = azure::events(lab.tx, &azure::account(lab.tx, "nwtaudit").unwrap());
    let exchange = directory::service_principal(lab.tx, "northwind", ids::EXCHANGE).unwrap();
    let count = |operation: &str| {
        let own = events.iter().filter(|event| event.text("objectId") == exchange.text("id"));
        own.filter(|event| event.text("operation") == operation && event.body["status"] == status)
            .count()
    };
    (count("CertificateGet"), count("SecretGet"))
}

#[test]
fn the_certificate_is_read_at_the_endpoint_at_the_start_each_day_and_at_the_end() {
    classic(|lab, _| {
        assert_eq!(reads(lab), (1, 1));
        let lara = lab.prepare("LaraN");

        lab.submit("wave-01", &[&lara], json!({}));
        lab.hours(6);
        assert_eq!((lab.status(&lara).as_str(), reads(lab)), ("Synced", (2, 2)));
        lab.hours(24);
        assert_eq!((lab.status(&lara).as_str(), reads(lab)), ("Synced", (3, 3)));
        lab.hours(24);
        assert_eq!(reads(lab), (4, 4));
        lab.run("Complete-MigrationBatch", json!({"Identity": "wave-01"})).unwrap();
        lab.hours(1);
        assert_eq!((lab.status(&lara).as_str(), reads(lab)), ("Completed", (5, 5)));
    });
}

#[test]
fn f87_a_policy_that_is_taken_away_fails_the_daily_copy_and_the_end_until_it_is_back() {
    classic(|lab, url| {
        let lara = lab.prepare("LaraN");
        let text = format!(
            "Error finding certificate '{url}' from azure key vault for tenant '0d0d0d0d-2222-4222-8222-c0ffee000002'. --> \
             KeyVaultFailureException: The user, group or application 'appid=00000002-0000-0ff1-ce00-000000000000;oid="
        );
        permit_exchange(lab.tx, &[], &[]);
        lab.submit("wave-01", &[&lara], json!({}));
        lab.hours(1);
        expect(lab, &lara, "Failed", EXCEPTION, &text);
        assert_eq!(refusals(lab), (1, 0));

        permit_exchange(lab.tx, READS, READS);
        lab.run("Start-MigrationBatch", json!({"Identity": "wave-01"})).unwrap();
        lab.hours(6);
        assert_eq!(lab.status(&lara), "Synced");
        permit_exchange(lab.tx, READS, &[]);
        lab.hours(24);
        expect(lab, &lara, "IncrementalFailed", EXCEPTION, "does not have secrets get permission");
        assert_eq!(refusals(lab), (1, 1));

        permit_exchange(lab.tx, READS, READS);
        lab.run("Start-MigrationUser", json!({"Identity": lara})).unwrap();
        lab.hours(1);
        assert_eq!(lab.status(&lara), "Synced");
        permit_exchange(lab.tx, &[], READS);
        lab.run("Complete-MigrationBatch", json!({"Identity": "wave-01"})).unwrap();
        lab.hours(1);
        expect(
            lab,
            &lara,
            "CompletionFailed",
            EXCEPTION,
            "does not have certificates get permission",
        );
        assert_eq!(refusals(lab), (2, 1));

        permit_exchange(lab.tx, READS, READS);
        lab.run("Start-MigrationBatch", json!({"Identity": "wave-01"})).unwrap();
        lab.hours(1);
        assert_eq!(lab.status(&lara), "Completed");
    });
}

#[test]
fn who_has_waited_for_a_place_is_checked_anew_and_hands_the_place_on() {
    classic(|lab, _| {
        lab.edit_kind("northwind", "endpoint", "MaxConcurrentMigrations", "1");
        let [lara, holly, petra] = ["LaraN", "HollyH", "PetraP"].map(|alias| lab.prepare(alias));
        lab.submit("wave-01", &[&lara, &holly, &petra], json!({}));
        lab.advance(SignedDuration::from_mins(30));
        let states = || [&lara, &holly, &petra].map(|address| lab.status(address));
        assert_eq!((states(), reads(lab)), (["Syncing", "Queued", "Queued"].map(str::to_owned), (4, 4)));

        permit_exchange(lab.tx, READS, &[]);
        lab.hours(6);
        // Nobody is left to wait, and the first copy ends without a read.
        assert_eq!(states(), ["Synced", "Failed", "Failed"]);
        expect(lab, &holly, "Failed", EXCEPTION, "does not have secrets get permission");
        assert_eq!(refusals(lab), (0, 2));

        permit_exchange(lab.tx, READS, READS);
        lab.run("Start-MigrationBatch", json!({"Identity": "wave-01"})).unwrap();
        lab.hours(12);
        assert_eq!(states(), ["Synced", "Synced", "Synced"]);
    });
}

#[test]
fn one_long_advance_is_the_same_as_many_short_ones_with_a_vault_too() {
    let outcome = |minutes: u64| {
        let (_folder, world) = lab::world();
        let act = |work: &dyn Fn(&Lab<'_>)| {
            let done: rusqlite::Result<()> = world.store.transaction(|tx| {
                work(&Lab { tx });
                Ok(())
            });
            done.unwrap();
        };
        let day = || {
            for _ in 0..24 * 60 / minutes {
                world.advance(Duration::from_secs(minutes * 60)).unwrap();
            }
        };
        act(&|lab| {
            set_up(lab);
            lab.edit_kind("northwind", "endpoint", "MaxConcurrentMigrations", "1");
            let addresses = ["LaraN", "HollyH", "PetraP"].map(|alias| lab.prepare(alias));
            lab.submit("wave-01", &addresses, json!({}));
            world.clock_moved(lab.tx.now());
            // This one is still being made when the clock begins to move.
            room::call_in(lab.tx, "POST", "/certificates/next/create", room::self_signed(json!({})));
        });
        day();
        act(&|lab| permit_exchange(lab.tx, READS, &[]));
        day();
        act(&|lab| {
            permit_exchange(lab.tx, READS, READS);
            lab.run("Start-MigrationBatch", json!({"Identity": "wave-01"})).unwrap();
        });
        day();
        act(&|lab| {
            lab.run("Complete-MigrationBatch", json!({"Identity": "wave-01"})).unwrap();
        });
        day();
        let seen = world.store.transaction(|tx| {
            let lab = Lab { tx };
            let users = lab.run("Get-MigrationUser", json!({"BatchId": "wave-01"})).unwrap().value;
            let users = users.into_iter().map(|mut user| {
                user.retain(|name, _| !["Guid", "RequestGuid", "MailboxLegacyDN", "ErrorSummary"].contains(&name.as_str()));
                Value::Object(user)
            });
            let lines = azure::events(tx, &azure::account(tx, "nwtaudit").unwrap());
            let lines = lines
                .iter()
                .map(|line| json!([line.body["time"], line.body["operation"], line.body["status"]]));
            let made = room::call_in(tx, "GET", "/certificates/next", json!({}));
            Ok::<_, rusqlite::Error>((users.collect::<Vec<_>>(), lines.collect::<Vec<_>>(), made["attributes"].clone()))
        });
        seen.unwrap()
    };

    let (users, lines, made) = outcome(24 * 60);
    let short = outcome(30);

    assert_eq!(users, short.0);
    assert_eq!(lines, short.1);
    assert_eq!(made, short.2);
    assert!(lines.iter().any(|line| line[2] == 403), "{lines:?}");
    assert!(users.iter().all(|user| user["Status"] == "Completed"), "{users:?}");
    assert!(made["nbf"].is_i64(), "{made}");
}

#[test]
fn the_endpoint_is_made_before_the_source_consents_and_the_move_waits_for_it() {
    classic(|lab, url| {
        let principal = directory::service_principal(lab.tx, "contoso", APP).unwrap();
        directory::remove_service_principal(lab.tx, &principal).unwrap();
        let set = json!({"Identity": "from-contoso", "AppSecretKeyVaultUrl": url});

        lab.cmdlet("northwind", "Set-MigrationEndpoint", set);
        let lara = lab.prepare("LaraN");
        lab.submit("wave-01", &[&lara], json!({}));
        lab.hours(1);

        expect(lab, &lara, "Failed", "MigrationServerConnectionFailedException", "AADSTS700016");
    });
}

#[test]
fn the_one_kind_of_secret_takes_the_place_of_the_other() {
    classic(|lab, url| {
        let shown = || {
            lab.cmdlet("northwind", "Get-MigrationEndpoint", json!({"Identity": "from-contoso"}))
                .remove(0)
        };
        let credentials = json!({"UserName": APP, "Password": super::lab::SECRET});

        lab.cmdlet(
            "northwind",
            "Set-MigrationEndpoint",
            json!({"Identity": "from-contoso", "Credentials": credentials}),
        );
        assert_eq!(
            (&shown()["Username"], &shown()["AppSecretKeyVaultUrl"]),
            (&json!(APP), &Value::Null)
        );
        lab.cmdlet(
            "northwind",
            "Set-MigrationEndpoint",
            json!({"Identity": "from-contoso", "AppSecretKeyVaultUrl": url}),
        );
        assert_eq!(
            (&shown()["Username"], &shown()["AppSecretKeyVaultUrl"]),
            (&Value::Null, &json!(url))
        );
    });
}
