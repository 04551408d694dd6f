//! The worked example: Lara Newton's mailbox, attribute by attribute, from Contoso to Northwind.

use std::fs;

use serde_json::Value;
use serde_json::json;

use crate::common::Administrator;
use crate::common::Site;

const GUID: &str = "1ec059c7-8396-4d0b-af4e-d6bd4c12a8d8";
const LEGACY_DN: &str =
    "/o=First Organization/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn=d11ec1a2cacd4f81858c81907273f1f9-Lara";
const NO_GUID: &str = "00000000-0000-0000-0000-000000000000";
const SOURCE_MAILBOX: &str = "tenant.get_mailbox(\"LaraN\")";
const TARGET_MAILUSER: &str = "tenant.get_mailuser(\"Lara.Newton@northwind.com\")";
const TARGET_USER: &str = "tenant.get_user(\"Lara.Newton@northwind.com\")";

/// What the MailUser contract is about, and what people see of her.
const CONTRACT: &[&str] = &[
    "RecipientTypeDetails",
    "UserPrincipalName",
    "PrimarySmtpAddress",
    "ExternalEmailAddress",
    "ExchangeGuid",
    "ArchiveGuid",
    "EmailAddresses",
    "Alias",
    "Name",
    "DisplayName",
    "CustomAttribute1",
];

/// Exports Lara and sends the file to the other administrator.
fn export(site: &Site, file: &str) {
    let contoso = site.contoso();
    contoso
        .runs(&[
            "run",
            "export-attributes",
            "--source",
            "contoso",
            "--filter",
            "Alias -eq 'LaraN'",
            "--out",
            file,
        ])
        .succeeds();
    contoso.sends(file, &site.northwind());
}

fn import(northwind: &Administrator, file: &str) {
    let ran = northwind.runs(&[
        "run",
        "import-attributes",
        "--target",
        "northwind",
        "--users",
        file,
        "--upn-domain",
        "northwind.com",
        "--primary-domain",
        "northwind.com",
        "--target-delivery-domain",
        "northwindtraders.onmicrosoft.com",
    ]);
    ran.succeeds().says("created MailUser `Lara.Newton@northwind.com`");
}

/// The attributes of the contract, addresses in order of their text.
fn contract(northwind: &Administrator) -> Value {
    let seen = northwind.sees(TARGET_MAILUSER);
    let mut contract: serde_json::Map<String, Value> = CONTRACT.iter().map(|name| ((*name).to_owned(), seen[*name].clone())).collect();
    contract["EmailAddresses"] = sorted(&seen["EmailAddresses"]).into();
    contract.into()
}

fn sorted(list: &Value) -> Vec<String> {
    let items = list.as_array().expect("a list").iter();
    let mut texts: Vec<String> = items.map(|item| item.as_str().expect("texts").to_owned()).collect();
    texts.sort();
    texts
}

/// Section 2.1 of the contract for her.
fn expected() -> Value {
    json!({
        "RecipientTypeDetails": "MailUser",
        "UserPrincipalName": "Lara.Newton@northwind.com",
        "PrimarySmtpAddress": "Lara.Newton@northwind.com",
        "ExternalEmailAddress": "SMTP:LaraN@contoso.onmicrosoft.com",
        "ExchangeGuid": GUID,
        "ArchiveGuid": NO_GUID,
        "EmailAddresses": ["SMTP:Lara.Newton@northwind.com", format!("X500:{LEGACY_DN}"), "smtp:LaraN@northwindtraders.onmicrosoft.com"],
        "Alias": "LaraN",
        "Name": "LaraN",
        "DisplayName": "Lara Newton",
        "CustomAttribute1": "ProjectKermit",
    })
}

#[test]
fn lara_newton_moves_from_contoso_to_northwind() {
    let site = Site::set_up();
    let (contoso, northwind) = (site.contoso(), site.northwind());

    // Before.
    let before = contoso.sees(SOURCE_MAILBOX);
    assert_eq!(before["RecipientTypeDetails"], "UserMailbox");
    assert_eq!(before["PrimarySmtpAddress"], "Lara.Newton@contoso.com");
    assert_eq!(before["ExchangeGuid"], GUID);
    assert_eq!(before["LegacyExchangeDN"], LEGACY_DN);
    assert_eq!(
        sorted(&before["EmailAddresses"]),
        ["SMTP:Lara.Newton@contoso.com", "smtp:LaraN@contoso.onmicrosoft.com"]
    );
    let items = contoso.sees("tenant.get_mailbox_statistics(\"LaraN\").ItemCount");

    // Prepared: everything that the contract asks for, and no address of the source.
    export(&site, "users.csv");
    import(&northwind, "users.csv");
    assert_eq!(contract(&northwind), expected());
    let names = northwind.sees(TARGET_USER);
    assert_eq!((&names["FirstName"], &names["LastName"]), (&json!("Lara"), &json!("Newton")));
    let licences = "tenant.get_entra_user(\"Lara.Newton@northwind.com\").assignedLicenses";
    assert_eq!(
        northwind.sees(licences),
        json!([]),
        "a licence before the GUID would make a mailbox"
    );

    // Moved.
    let migrate: &[&str] = &[
        "run",
        "migrate",
        "--target",
        "northwind",
        "--name",
        "lara",
        "--users",
        "mailusers.csv",
        "--target-delivery-domain",
        "northwindtraders.onmicrosoft.com",
        "--auto-complete",
        "--watch",
    ];
    northwind.runs(migrate).succeeds().prints("Completed");
    assert_eq!(
        northwind.sees("tenant.get_migration_batch(\"lara\").TargetDeliveryDomain"),
        "northwindtraders.onmicrosoft.com"
    );

    // The target has the mailbox.
    let mailbox = northwind.sees("tenant.get_mailbox(\"Lara.Newton@northwind.com\")");
    assert_eq!(mailbox["RecipientTypeDetails"], "UserMailbox");
    assert_eq!(mailbox["ExchangeGuid"], GUID);
    assert_eq!(mailbox["PrimarySmtpAddress"], "Lara.Newton@northwind.com");
    assert_eq!(mailbox["UserPrincipalName"], "Lara.Newton@northwind.com");
    assert_eq!(sorted(&mailbox["EmailAddresses"]), sorted(&expected()["EmailAddresses"]));
    assert_eq!(
        northwind.sees("tenant.get_mailbox_statistics(\"Lara.Newton@northwind.com\").ItemCount"),
        items
    );

    // The source forwards to her address in the delivery domain, and keeps her old addresses.
    let after = contoso.sees("tenant.get_mailuser(\"LaraN\")");
    assert_eq!(after["RecipientTypeDetails"], "MailUser");
    assert_eq!(after["ExternalEmailAddress"], "SMTP:LaraN@northwindtraders.onmicrosoft.com");
    assert_eq!(after["PrimarySmtpAddress"], "Lara.Newton@contoso.com");
    let kept = sorted(&after["EmailAddresses"]);
    for address in ["SMTP:Lara.Newton@contoso.com", "smtp:LaraN@contoso.onmicrosoft.com"] {
        assert!(kept.iter().any(|known| known == address), "{kept:?}");
    }
    assert_eq!(contoso.sees("tenant.find_mailboxes(\"Alias -eq 'LaraN'\").count()"), 0);
}

#[test]
fn every_kind_of_export_leads_to_the_same_mailuser() {
    for file in ["users.xml", "users.json"] {
        let site = Site::new();

        export(&site, file);
        import(&site.northwind(), file);

        assert_eq!(contract(&site.northwind()), expected(), "{file}");
    }
}

/// What `Get-Mailbox ... | Select-Object ... | Export-Clixml` writes: PowerShell 7 in UTF-8, Windows PowerShell in UTF-16.
#[test]
fn powershells_own_export_leads_to_the_same_mailuser() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/project-kermit.clixml");
    let text = fs::read_to_string(path).expect("the fixture is there").replace('\n', "\r\n");
    let wide: Vec<u8> = ["\u{feff}", &text].concat().encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (file, bytes) in [("kermit.xml", text.into_bytes()), ("kermit-5.1.clixml", wide)] {
        let site = Site::new();
        let northwind = site.northwind();
        northwind.write(file, bytes);

        import(&northwind, file);

        assert_eq!(contract(&northwind), expected(), "{file}");
        assert_eq!(northwind.sees(&format!("{TARGET_USER}.FirstName")), "Lara");
    }
}

/// A list of users as Excel saves it: byte order mark, CRLF, quoted commas, a blank line at the end.
#[test]
fn a_list_of_users_from_a_spreadsheet_is_read() {
    let site = Site::new();
    let contoso = site.contoso();
    let list = "\u{feff}SourceUser,DisplayName,Remark\r\n\
        Lara.Newton@contoso.com,\"Newton, Lara\",\"says \"\"soon\"\"\"\r\n\
        \"Otto.Outram@contoso.com\",\"Outram, Otto\",\r\n\
        \r\n";
    contoso.write("list.csv", list);

    let ran = contoso.runs(&[
        "run",
        "export-attributes",
        "--source",
        "contoso",
        "--users",
        "list.csv",
        "--out",
        "users.json",
        "--json",
    ]);

    assert_eq!(ran.succeeds().json()["exported"], 2);
    let rows: Value = serde_json::from_str(&contoso.read("users.json")).expect("JSON");
    let aliases: Vec<&Value> = rows.as_array().expect("rows").iter().map(|row| &row["Alias"]).collect();
    assert_eq!(aliases, ["LaraN", "OttoO"]);
}

/// An export that went through a spreadsheet on its way.
#[test]
fn an_export_that_a_spreadsheet_has_saved_again_leads_to_the_same_mailuser() {
    let site = Site::new();
    let (contoso, northwind) = (site.contoso(), site.northwind());
    export(&site, "users.csv");
    let plain = contoso.read("users.csv").replace('\u{feff}', "").replace("\r\n", "\n");
    let (head, rows) = plain.split_once('\n').expect("a header");
    let rows: String = rows.lines().map(|row| format!("{row},\"moved, but \"\"later\"\"\"\r\n")).collect();
    northwind.write("users.csv", format!("\u{feff}{head},Remark\r\n{rows}\r\n"));

    import(&northwind, "users.csv");

    assert_eq!(contract(&northwind), expected());
}
