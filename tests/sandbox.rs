//! `xtenant sandbox`.

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

    ran.ends_with(2).says("`--what-if` goes with `xtenant run` only");
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
