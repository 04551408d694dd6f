//! `xtenant sandbox`.

use std::fs;

use serde_json::Value;
use serde_json::json;

use crate::common::Site;

#[test]
fn time_in_the_sandbox_stands_until_it_is_advanced() {
    let site = Site::new();
    let person = site.beginner();

    let before = person.runs(&["sandbox", "status", "--json"]).succeeds().json();
    let after = person.runs(&["sandbox", "advance", "1d", "--json"]).succeeds().json();

    assert_eq!(before["now"], "2026-01-05T08:00:00Z");
    assert_eq!(after["now"], "2026-01-06T08:00:00Z");
}

#[test]
fn a_sandbox_is_not_made_over_another_one() {
    let site = Site::new();

    let ran = site.beginner().runs(&["sandbox", "new"]);

    ran.ends_with(1);
}

#[test]
fn a_reset_makes_a_sandbox_where_there_was_none() {
    let site = Site::empty();
    let person = site.beginner();

    person.runs(&["sandbox", "reset", "--mailboxes", "12"]).succeeds();

    person.runs(&["sandbox", "status"]).succeeds().prints("contoso.onmicrosoft.com");
}

#[test]
fn a_reset_sandbox_is_as_new() {
    let site = Site::new();
    let person = site.beginner();
    person.runs(&["sandbox", "advance", "30m"]).succeeds();

    person.runs(&["sandbox", "reset", "--mailboxes", "12"]).succeeds();

    assert_eq!(person.runs(&["sandbox", "status", "--json"]).json()["now"], "2026-01-05T08:00:00Z");
}

#[test]
fn status_of_no_sandbox_says_how_to_make_one() {
    let site = Site::empty();

    site.beginner()
        .runs(&["sandbox", "status"])
        .ends_with(1)
        .says("xtenant sandbox new");
}

#[test]
fn a_bad_duration_is_a_mistake_of_the_command_line() {
    let site = Site::empty();

    site.beginner()
        .runs(&["sandbox", "advance", "soon"])
        .ends_with(2)
        .says("expected a duration such as 30m, 24h or 2d");
}

#[test]
fn what_if_is_refused_where_it_would_be_passed_over() {
    let site = Site::new();
    let person = site.beginner();

    let ran = person.runs(&["sandbox", "reset", "--what-if"]);

    ran.ends_with(2).says("`--what-if` goes with `xtenant run`, ");
}

/// A file as `Get-Mailbox | Export-Csv` leaves it: the list of addresses is lost.
const PEOPLE: &str = "\u{FEFF}Name,Alias,PrimarySmtpAddress,RecipientTypeDetails,EmailAddresses,CustomAttribute1\r\n\
    ZoeB,ZoeB,zoe.b@fabrikam.example,UserMailbox,System.Collections.ArrayList,WaveOne\r\n\
    Desk,Desk,desk@fabrikam.example,SharedMailbox,System.Collections.ArrayList,\r\n";

#[test]
fn people_from_a_file_live_in_contoso_with_their_domains() {
    let site = Site::empty();
    let cleo = site.contoso();
    cleo.write("people.csv", PEOPLE);

    cleo.runs(&["sandbox", "new", "--from", "people.csv"]).succeeds();

    let found = "tenant.find_mailboxes().map(|m| [m.Alias, m.RecipientTypeDetails, m.PrimarySmtpAddress]).to_array()";
    let mailboxes = json!([
        ["ZoeB", "UserMailbox", "zoe.b@fabrikam.example"],
        ["Desk", "SharedMailbox", "desk@fabrikam.example"]
    ]);
    assert_eq!(cleo.sees(found), mailboxes);
    assert_eq!(cleo.sees("tenant.get_mailbox(\"ZoeB\").CustomAttribute1"), "WaveOne");
    assert_eq!(
        cleo.sees("tenant.get_mailbox(\"ZoeB\").EmailAddresses"),
        json!(["SMTP:zoe.b@fabrikam.example", "smtp:ZoeB@contoso.onmicrosoft.com"])
    );
    let domains = cleo.sees("tenant.find_accepted_domains().map(|d| d.DomainName).to_array()");
    assert!(
        domains.as_array().expect("a list").contains(&json!("fabrikam.example")),
        "{domains}"
    );
    assert_eq!(cleo.sees("tenant.find_group_members(\"kermit-scope\").count()"), 2);
}

#[test]
fn an_export_of_ours_makes_the_same_people_again() {
    let site = Site::new();
    let cleo = site.contoso();
    for file in ["all.csv", "all.json"] {
        let export = [
            "run",
            "export-attributes",
            "--source",
            "contoso",
            "--filter",
            "Alias -ne 'nobody'",
            "--out",
            file,
        ];
        cleo.runs(&export).succeeds();
        let folder = format!("from-{file}");

        cleo.runs(&["sandbox", "new", "--data", &folder, "--from", file]).succeeds();

        let look = "const PARAMS = #{ source: #{ type: \"tenant\", help: \"\" } };\n\
            fn sorted(list) { let list = list.map(|a| to_lower(a)); list.sort(); list }\n\
            args.source.find_mailboxes().map(|m| [m.Name, m.ExchangeGuid, m.ArchiveGuid, m.LegacyExchangeDN, m.UserPrincipalName,\n\
            m.LitigationHoldEnabled, m.CustomAttribute1, sorted(m.EmailAddresses)]).to_array()\n";
        cleo.write("look.rhai", look);
        let run = ["run", "look.rhai", "--source", "contoso", "--json"];
        let sorted = |value: Value| {
            let mut rows: Vec<_> = value.as_array().expect("rows").iter().map(Value::to_string).collect();
            rows.sort();
            rows
        };
        let before = sorted(cleo.runs(&run).succeeds().json());
        let after = sorted(cleo.runs(&[&run[..], &["--sandbox", &folder]].concat()).succeeds().json());
        assert_eq!(before, after, "{file}");
    }
}

#[test]
fn bad_rows_are_told_with_file_line_and_column_before_anything_is_made() {
    let site = Site::empty();
    let cleo = site.contoso();
    cleo.write(
        "people.csv",
        "PrimarySmtpAddress,ExchangeGuid\n\nann@fabrikam.example,nonsense\nann@fabrikam.example,\nbob@northwind.com,\n",
    );
    cleo.write(
        "people.json",
        "[\n {\"PrimarySmtpAddress\": \"ann@fabrikam.example\"},\n {\"Alias\": \"bob\"}\n]",
    );

    let of_csv = cleo.runs(&["sandbox", "new", "--from", "people.csv"]);
    let of_json = cleo.runs(&["sandbox", "new", "--from", "people.json"]);

    of_csv
        .ends_with(2)
        .says("people.csv:3: ExchangeGuid: `nonsense` is no GUID")
        .says("people.csv:4: Name: `ann` is that of row 1 too")
        .says("people.csv:5: PrimarySmtpAddress: `bob@northwind.com` is in a domain of northwind");
    of_json
        .ends_with(2)
        .says("people.json:3:2: PrimarySmtpAddress: there is no address");
    assert!(!site.sandbox().join("state.db").exists());
}

#[test]
fn a_sandbox_is_saved_and_loaded_as_it_was() {
    let site = Site::new();
    let person = site.beginner();
    person.runs(&["sandbox", "advance", "2h"]).succeeds();

    person.runs(&["sandbox", "save", "after-setup.xtenant"]).succeeds();
    person.runs(&["sandbox", "advance", "5h"]).succeeds();
    person.runs(&["sandbox", "load", "after-setup.xtenant"]).succeeds();

    assert_eq!(person.runs(&["sandbox", "status", "--json"]).json()["now"], "2026-01-05T10:00:00Z");
    person
        .runs(&["sandbox", "save", "after-setup.xtenant"])
        .ends_with(1)
        .says("name another file");
}

#[test]
fn conditions_of_tenants_are_chosen_when_a_sandbox_is_made() {
    let site = Site::empty();
    let (nils, cleo) = (site.northwind(), site.contoso());
    let new = "sandbox new --hydrated northwind --unregistered-providers northwind --soft-deleted-vault nwt-old-kv";
    nils.types(new).succeeds();

    let dehydrated = "tenant.get_organization_config().IsDehydrated";
    let provider =
        "tenant.get_resource_provider(`${tenant.find_subscriptions().first().id}/providers/Microsoft.KeyVault`).registrationState";
    let name = "tenant.check_vault_name(tenant.find_subscriptions().first(), \"nwt-old-kv\").nameAvailable";
    assert_eq!((nils.sees(dehydrated), cleo.sees(dehydrated)), (json!(false), json!(true)));
    assert_eq!(
        (nils.sees(provider), cleo.sees(provider)),
        (json!("NotRegistered"), json!("Registered"))
    );
    assert_eq!(cleo.sees(name), false);
}

#[test]
fn a_damaged_folder_is_a_finding_until_what_can_be_read_is_taken_out() {
    let site = Site::new();
    let person = site.beginner();
    let state = fs::OpenOptions::new()
        .write(true)
        .open(site.sandbox().join("state.db"))
        .expect("the state");
    let length = state.metadata().expect("a length").len();
    state.set_len(length - 8192).expect("it can be cut");

    let refused = person.runs(&["sandbox", "status"]);
    let looked = person.runs(&["sandbox", "recover", "--json"]);
    let taken = person.runs(&["sandbox", "recover", "--to", "rescued"]);

    refused
        .ends_with(1)
        .says("`state.db` is cut off")
        .says("xtenant sandbox recover --to DIR");
    assert_eq!(looked.ends_with(3).json()["damage"].as_array().map(Vec::len), Some(1));
    taken.succeeds().prints("objects can be read");
    person.runs(&["sandbox", "status", "--data", "rescued"]).succeeds();
}

#[test]
fn the_log_says_what_was_asked_and_how_it_ended() {
    let site = Site::new();
    let person = site.contoso();
    person.sees("let seen = 0; try { tenant.get_mailbox(\"nobody@contoso.com\"); } catch { seen = 1; } seen");

    let log = person
        .runs(&["sandbox", "log", "--tenant", "contoso", "--last", "1", "--json"])
        .succeeds()
        .json();

    assert_eq!(
        (&log["tenant"], &log["status"], &log["remark"]),
        (&json!("contoso"), &json!(404), &Value::Null)
    );
    let asked = log["request"].as_str().expect("a request");
    assert!(
        asked.starts_with("POST outlook.office365.com/adminapi/") && asked.ends_with(" Get-Mailbox"),
        "{asked}"
    );
    person.runs(&["sandbox", "log"]).succeeds().prints("login.microsoftonline.com/");
    person
        .runs(&["sandbox", "log", "--tenant", "fabrikam"])
        .ends_with(1)
        .says("give one of contoso, northwind");
}
