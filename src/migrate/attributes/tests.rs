//! What goes out of the source comes back in one shape, whoever wrote the file.

use serde_json::Value;
use serde_json::json;

use crate::migrate::attributes::exported;
use crate::migrate::attributes::prepared_row;
use crate::migrate::attributes::source_row;
use crate::model::Record;
use crate::model::join_list;

const LEGACY_DN: &str =
    "/o=First Organization/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn=d11ec1a2cacd4f81858c81907273f1f9-Lara";

fn record(value: Value) -> Record {
    value.as_object().cloned().expect("an object").into()
}

fn lara() -> Record {
    let mailbox = record(json!({
        "PrimarySmtpAddress": "Lara.Newton@contoso.com", "Alias": "LaraN", "DisplayName": "Lara Newton", "Name": "LaraN",
        "UserPrincipalName": "LaraN@contoso.com", "RecipientTypeDetails": "UserMailbox", "LegacyExchangeDN": LEGACY_DN,
        "ExchangeGuid": "1ec059c7-8396-4d0b-af4e-d6bd4c12a8d8", "ArchiveGuid": "00000000-0000-0000-0000-000000000000",
        "EmailAddresses": ["SMTP:Lara.Newton@contoso.com", "smtp:LaraN@contoso.mail.onmicrosoft.com", "smtp:LaraN@contoso.onmicrosoft.com"],
        "LitigationHoldEnabled": true, "SingleItemRecoveryEnabled": true, "CustomAttribute1": "ProjectKermit",
        "PersistedCapabilities": ["ExchangeT2TMbxMove"],
        "MailboxLocations": ["1;7f3c;Primary;x;y", "1;b81e;AuxArchive;x;y", "1;b81f;AuxArchive;x;y"],
    }));
    let user = record(json!({"FirstName": "Lara", "LastName": "Newton"}));
    let tenant = record(json!({"id": "0c0c0c0c-1111-4111-8111-c0ffee000001", "initial_domain": "contoso.onmicrosoft.com"}));
    exported(&mailbox, &user, &tenant)
}

#[test]
fn an_exported_row_has_the_names_the_routing_address_and_the_hold_bits() {
    let row = lara();

    assert_eq!(row.text("FirstName"), Some("Lara"));
    assert_eq!(row.text("ExternalEmailAddress"), Some("LaraN@contoso.onmicrosoft.com"));
    assert_eq!(row.number("ELCValue"), Some(24));
    assert_eq!(row.number("AuxArchives"), Some(2));
    assert_eq!(row.text("ArchiveGuid"), None);
    assert_eq!(row.text("SourceTenantId"), Some("0c0c0c0c-1111-4111-8111-c0ffee000001"));
}

#[test]
fn what_a_csv_flattened_is_the_same_again() {
    let row = lara();
    let flat: Record = row
        .iter()
        .map(|(name, value)| {
            let cell = match value {
                Value::Array(items) => join_list(&items.iter().filter_map(Value::as_str).collect::<Vec<_>>()),
                Value::Bool(flag) => if *flag { "True" } else { "False" }.to_owned(),
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            (name.to_owned(), Value::String(cell))
        })
        .collect();

    assert_eq!(source_row(&flat).expect("read").to_map(), row.to_map());
    assert_eq!(source_row(&row).expect("read").to_map(), row.to_map());
}

#[test]
fn a_row_of_the_t2t_scripts_is_understood() {
    let row = source_row(&record(json!({
        "alias": "LaraN", "FirstName": "Lara", "PrimarySMTPAddress": "Lara.Newton@northwind.com", "legacyExchangeDN": LEGACY_DN,
        "ExchangeGuid": "1EC059C7-8396-4D0B-AF4E-D6BD4C12A8D8", "ELCValue": "16", "ArchiveGuid": "",
        "EmailAddresses": "smtp:lara.newton@northwind.com;smtp:LaraN@contoso.onmicrosoft.com;X500:/o=A--- Inc/cn=x",
        "ExternalEmailAddress": "smtp:LaraN@contoso.onmicrosoft.com", "ExternalEmailAddressPostMove": "LaraN@northwind.onmicrosoft.com",
        "extensionAttribute1": "ProjectKermit",
    })))
    .expect("read");

    assert_eq!(
        row.list("EmailAddresses"),
        [
            "SMTP:Lara.Newton@northwind.com",
            "smtp:LaraN@contoso.onmicrosoft.com",
            "X500:/o=A, Inc/cn=x"
        ]
    );
    assert_eq!(source_row(&row).expect("read again").to_map(), row.to_map());
    assert_eq!(row.text("ExternalEmailAddress"), Some("LaraN@contoso.onmicrosoft.com"));
    assert_eq!(row.text("ExchangeGuid"), Some("1ec059c7-8396-4d0b-af4e-d6bd4c12a8d8"));
    assert_eq!(row.text("CustomAttribute1"), Some("ProjectKermit"));
    assert_eq!(
        (row.flag("SingleItemRecoveryEnabled"), row.flag("LitigationHoldEnabled")),
        (Some(true), Some(false))
    );
}

#[test]
fn a_row_that_cannot_be_used_names_the_user_and_what_it_lacks() {
    let base = json!({"Alias": "LaraN", "EmailAddresses": ["SMTP:a@contoso.com"], "ExchangeGuid": "1ec059c7-8396-4d0b-af4e-d6bd4c12a8d8", "LegacyExchangeDN": "/o=x"});
    let with = |name: &str, value: Value| source_row(&record(base.clone()).with(name, value)).expect_err("refused");

    assert_eq!(
        with("ExchangeGuid", json!("00000000-0000-0000-0000-000000000000")).message,
        "`LaraN` has no `ExchangeGuid`"
    );
    assert_eq!(
        with("ExchangeGuid", json!("1ec0")).message,
        "`1ec0` in `ExchangeGuid` of `LaraN` is no GUID"
    );
    let lost = with("EmailAddresses", json!("System.Collections.ArrayList"));
    assert!(lost.remedy.as_deref().is_some_and(|remedy| remedy.contains("loses lists")));
    assert_eq!(
        source_row(&record(json!({"Alias": "LaraN"}))).expect_err("refused").code,
        "MissingAttribute"
    );
}

#[test]
fn the_result_row_leads_with_the_target_address_and_keeps_the_source() {
    let plan = record(json!({"PrimarySmtpAddress": "Lara.Newton@northwind.com", "UserPrincipalName": "Lara.Newton@northwind.com"}));

    let row = prepared_row(&lara(), &plan, "created", "");

    assert_eq!(row.names().next(), Some("EmailAddress"));
    assert_eq!(row.text("EmailAddress"), Some("Lara.Newton@northwind.com"));
    assert_eq!(row.text("PrimarySmtpAddress"), Some("Lara.Newton@contoso.com"));
    assert_eq!(row.list("PersistedCapabilities"), ["ExchangeT2TMbxMove"]);
}
