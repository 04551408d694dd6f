use super::*;

const GUID: &str = "1ec059c7-8396-4d0b-af4e-d6bd4c12a8d8";

fn id_of(lara: &Value) -> String {
    lara["ExternalDirectoryObjectId"].as_str().unwrap().to_owned()
}

#[test]
fn a_licence_before_the_stamp_makes_a_mailbox_and_after_it_none() {
    let site = Site::new();
    let lara = site.new_lara();
    site.done("northwind", "Set-MailUser", json!({"Identity": "LaraN", "ExchangeGuid": GUID}));
    site.license("northwind", &id_of(&lara), &["SPE_E3", ids::MIGRATION_SKU]);
    let stamped = site.get("northwind", "Get-MailUser", "LaraN");
    assert_eq!(stamped["RecipientTypeDetails"], "MailUser");
    assert_eq!(stamped["PersistedCapabilities"], json!(["BPOS_S_Enterprise", "ExchangeT2TMbxMove"]));

    let other = Site::new();
    let lara = other.new_lara();
    other.license("northwind", &id_of(&lara), &["SPE_E3"]);
    let spoilt = other.get("northwind", "Get-Mailbox", "LaraN");
    assert_ne!(spoilt["ExchangeGuid"], recipient::ZERO_GUID);
    assert_eq!(spoilt["RecipientTypeDetails"], "UserMailbox");
}

#[test]
fn a_spoilt_mail_user_recovers_by_losing_licence_and_memory() {
    let site = Site::new();
    let id = id_of(&site.new_lara());
    site.license("northwind", &id, &["SPE_E3"]);

    site.license("northwind", &id, &[]);

    let user = site.get("northwind", "Get-User", &id);
    assert_eq!(user["RecipientTypeDetails"], "MailUser");
    assert_eq!(user["PreviousRecipientTypeDetails"], "UserMailbox");
    assert_eq!(
        site.done("northwind", "Get-Mailbox", json!({"SoftDeletedMailbox": true}))
            .value
            .len(),
        1
    );
    let stamp = json!({"Identity": id, "ExchangeGuid": GUID});
    site.run("northwind", "Set-MailUser", stamp.clone())
        .is_refused(400, "RecipientTaskException");

    site.done(
        "northwind",
        "Set-User",
        json!({"Identity": id, "PermanentlyClearPreviousMailboxInfo": true}),
    );
    site.done("northwind", "Set-MailUser", stamp);
    assert!(
        site.done("northwind", "Get-Mailbox", json!({"SoftDeletedMailbox": true}))
            .value
            .is_empty()
    );
}

#[test]
fn a_plain_user_gets_a_mailbox_loses_it_and_gets_it_back() {
    let site = Site::new();
    let user = site.write(|tx| site.user(tx, "northwind", "plain", ""));
    let id = user.text("id");
    let details = || site.get("northwind", "Get-User", id)["RecipientTypeDetails"].clone();
    assert_eq!(details(), "User");

    site.license("northwind", id, &["EXCHANGESTANDARD"]);
    let first = site.get("northwind", "Get-Mailbox", "plain@northwind.com");
    assert_eq!(
        first["EmailAddresses"],
        json!(["SMTP:plain@northwind.com", "smtp:plain@northwindtraders.onmicrosoft.com"])
    );

    site.license("northwind", id, &[]);
    assert_eq!(details(), "User");
    assert_eq!(site.get("northwind", "Get-User", id)["PreviousRecipientTypeDetails"], "UserMailbox");
    site.run("northwind", "Get-Mailbox", json!({"Identity": id}))
        .is_refused(404, "ManagementObjectNotFoundException");

    site.license("northwind", id, &["EXCHANGESTANDARD"]);
    assert_eq!(site.get("northwind", "Get-Mailbox", id)["ExchangeGuid"], first["ExchangeGuid"]);
}

#[test]
fn an_exchange_plan_scrubs_foreign_addresses_but_not_x500() {
    let site = Site::new();
    let id = id_of(&site.new_lara());
    site.write(|tx| {
        let mut row = recipient::by_directory_id(tx, "northwind", &id).unwrap().unwrap();
        row.set("ExchangeGuid", GUID);
        row.set(
            "EmailAddresses",
            json!(["SMTP:lara@contoso.com", "X500:/o=First/cn=Lara", "smtp:lara@northwind.com"]),
        );
        recipient::store(tx, &row).unwrap();
    });

    site.license("northwind", &id, &["SPE_E3"]);

    let held = site.get("northwind", "Get-MailUser", &id);
    let held: Vec<&str> = held["EmailAddresses"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    assert_eq!(held[0], "SMTP:lara@northwind.com");
    assert!(held.contains(&"X500:/o=First/cn=Lara"));
    assert!(held.contains(&"smtp:LaraN@northwindtraders.onmicrosoft.com"));
    assert!(!held.iter().any(|proxy| proxy.contains("contoso.com")));
}
