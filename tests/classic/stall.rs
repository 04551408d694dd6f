//! The vault is closed in the middle of a migration: everybody stands still at the next daily copy, is told why, and goes on once
//! Exchange Online may read the certificate again.

use serde_json::json;

use super::desk::Desk;
use super::desk::VAULT;
use crate::common::CLASSIC;

const WAVE: &str = "run migrate --target northwind --name wave1 --users mailusers.csv";
const LARA: &str = "Lara.Newton@northwind.com";
const EXCHANGE: &str = "00000002-0000-0ff1-ce00-000000000000";

/// Lara and Otto's batch is copied, and is copied again every day.
fn under_way() -> Desk {
    let desk = Desk::set_up();
    desk.cleo.write("people.txt", "LaraN\nNadiaN\n");
    desk.cleo
        .types("run export-attributes --source contoso --users people.txt --out users.csv")
        .succeeds();
    desk.cleo.sends("users.csv", &desk.nils);
    desk.nils.write("domains.csv", "source,target\ncontoso.com,northwind.com\n");
    desk.nils
        .types("run import-attributes --target northwind --users users.csv --domain-map domains.csv")
        .succeeds();
    desk.nils.types(&format!("{WAVE} --refused submit --watch")).prints("Synced");
    desk
}

/// The row of Lara in `outcome.csv`.
fn outcome(desk: &Desk) -> String {
    let rows = desk.nils.read("outcome.csv");
    let row = rows.lines().find(|line| line.contains(LARA));
    row.unwrap_or_else(|| panic!("no row of Lara in {rows}")).to_owned()
}

#[test]
fn a_closed_vault_stalls_the_migration_until_the_set_up_opens_it_again() {
    let desk = under_way();
    desk.nils.makes(&format!(
        "let exchange = tenant.get_service_principal(\"{EXCHANGE}\");\n\
         let own = {VAULT}.properties.accessPolicies.filter(|policy| policy.objectId == exchange.id);\n\
         tenant.remove_access_policy({VAULT}, #{{ properties: #{{ accessPolicies: own }} }});\n0"
    ));

    // It goes well until the next daily copy.
    desk.nils.types("sandbox advance 26h").succeeds();
    desk.nils.types(WAVE).ends_with(4).prints("IncrementalFailed");
    let stalled = outcome(&desk);
    for part in [
        "IncrementalFailed",
        "F-87",
        "Error finding certificate 'https://nwt-xtmove-kv.vault.azure.net:443/certificates/northwindtraders-contoso/",
        "does not have certificates get permission on key vault 'nwt-xtmove-kv",
    ] {
        assert!(stalled.contains(part), "no `{part}` in {stalled}");
    }
    let verified = desk.nils.types("run verify-setup --target northwind --partner to-target.json");
    verified.ends_with(3).prints("F-32");

    let (writes, mended) = desk.watched(CLASSIC);
    mended.succeeds().says("vault `nwt-xtmove-kv` given an access policy");
    assert_eq!(writes.len(), 1, "only the access was lacking: {writes:?}");
    assert!(writes[0].contains("/accessPolicies/add"), "{writes:?}");

    desk.nils.types(&format!("{WAVE} --restart --watch")).prints("Synced");
    assert!(!outcome(&desk).contains("Failed"), "{}", outcome(&desk));
    desk.nils.types(&format!("{WAVE} --complete --watch")).prints("Completed");
    assert_eq!(
        desk.nils.sees(&format!("tenant.get_mailbox(\"{LARA}\").RecipientTypeDetails")),
        "UserMailbox"
    );
    reads_are_in_the_log(&desk);
}

/// Who may read the log sees when Exchange read the certificate, and when it could not.
#[track_caller]
fn reads_are_in_the_log(desk: &Desk) {
    const ACCOUNT: &str = "tenant.find_storage_accounts(tenant.find_subscriptions().first()).first()";
    let look = format!("let account = {ACCOUNT};\ntenant.find_audit_events(account).to_array()");
    desk.nils.does(&look).ends_with(1).says("remedy: ").says("Storage Blob Data Reader");
    desk.nils.makes(&format!(
        "tenant.ensure_role_assignment({ACCOUNT}, tenant.caller.object_id, \"Storage Blob Data Reader\");\n0"
    ));

    let events = desk.nils.sees(&look);
    let events = events.as_array().expect("events");
    let of_exchange: Vec<_> = events.iter().filter(|event| event["caller"] == EXCHANGE).collect();
    let count = |operation: &str, status: u16| {
        let of = |event: &&&serde_json::Value| event["operation"] == operation && event["status"] == json!(status);
        of_exchange.iter().filter(of).count()
    };
    // The endpoint, two users at their start, the restart and the end.
    assert!(count("CertificateGet", 200) >= 5, "{of_exchange:#?}");
    assert_eq!(count("CertificateGet", 200), count("SecretGet", 200));
    assert!(count("CertificateGet", 403) >= 1, "{of_exchange:#?}");
    assert!(events.iter().any(|event| event["operation"] == "CertificateCreate"), "{events:#?}");
    let times: Vec<_> = events.iter().map(|event| event["time"].as_str().unwrap_or_default()).collect();
    assert!(times.is_sorted(), "{times:?}");
    for event in &of_exchange {
        assert_eq!(event["vault"], "nwt-xtmove-kv");
        let uri = event["uri"].as_str().unwrap_or_default();
        assert!(uri.starts_with("https://nwt-xtmove-kv.vault.azure.net/"), "{event}");
    }
}
