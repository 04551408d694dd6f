//! `xtenant sandbox fault`, and how our own client lives with what it orders.

use serde_json::Value;

use crate::common::Administrator;
use crate::common::Ran;
use crate::common::Site;

fn order(person: &Administrator, line: &str) -> Ran {
    person.types(&format!("sandbox fault add {line}"))
}

/// The faults, as `fault list` has them.
fn faults(person: &Administrator) -> Vec<Value> {
    let ran = person.runs(&["sandbox", "fault", "list", "--json"]);
    let list = ran.succeeds().json();
    list.as_array().expect("a list").clone()
}

#[test]
fn faults_are_ordered_listed_and_forgotten() {
    let site = Site::new();
    let person = site.beginner();

    order(
        &person,
        "--service exchange --operation Get-Mailbox --tenant contoso --count 2 throttle --retry-after 12.5",
    )
    .succeeds()
    .prints("fault 1: exchange Get-Mailbox in contoso: throttled for 12.5 s, 2 times");
    order(&person, "--service graph --probability 0.25 --seed 7 cut --after").succeeds();

    person
        .runs(&["sandbox", "fault", "list"])
        .succeeds()
        .prints("graph: cut after the work, probability 0.25 with seed 7");
    person.runs(&["sandbox", "fault", "clear", "1"]).succeeds();
    assert_eq!(faults(&person)[0]["id"], 2);
    person.runs(&["sandbox", "fault", "clear"]).succeeds().says("1 fault forgotten");
    person.runs(&["sandbox", "fault", "list"]).succeeds().says("no fault is ordered");
}

#[test]
fn an_order_that_makes_no_sense_is_refused() {
    let site = Site::new();
    let person = site.beginner();

    order(&person, "--service exchange --operation Get-Mailbx throttle")
        .ends_with(1)
        .says("did you mean `Get-Mailbox`?");
    order(&person, "--service exchange cut").ends_with(2).says("--before");
    order(&person, "--service teams throttle").ends_with(2).says("exchange");
    person
        .runs(&["sandbox", "fault", "clear", "4"])
        .ends_with(1)
        .says("there is no fault 4");
}

/// Exports the mailboxes of the project.
const EXPORT: &str = "run export-attributes --source contoso --filter \"CustomAttribute1 -eq 'ProjectKermit'\" --out";

#[test]
fn an_export_under_faults_of_all_kinds_waits_as_asked_and_is_complete() {
    let site = Site::new();
    let contoso = site.contoso();
    contoso.types(&format!("{EXPORT} calm.csv")).succeeds();
    for order_for in [
        "entra --count 1 throttle --retry-after 20",
        "exchange --skip 4 --count 3 throttle --retry-after 45",
        "exchange --operation Get-Mailbox* --skip 9 --count 2 unavailable",
        "exchange --skip 30 --count 2 cut --before",
        "exchange --skip 12 --count 1 expired-token",
    ] {
        order(&contoso, &format!("--service {order_for}")).succeeds();
    }

    contoso.types(&format!("{EXPORT} stormy.csv")).succeeds();

    assert_eq!(contoso.read("stormy.csv"), contoso.read("calm.csv"));
    for fault in faults(&contoso) {
        assert!(fault["fired"].as_u64() > Some(0), "{fault}");
        assert_eq!(fault["too_early"], 0, "{fault}");
    }
}

#[test]
fn a_mail_user_whose_making_was_not_heard_of_is_not_made_twice() {
    let site = Site::set_up();
    let (contoso, northwind) = (site.contoso(), site.northwind());
    contoso.types(&format!("{EXPORT} users.csv")).succeeds();
    contoso.sends("users.csv", &northwind);
    northwind.write("domains.csv", "source,target\ncontoso.com,northwind.com\n");
    let import = "run import-attributes --target northwind --users users.csv --domain-map domains.csv --skip-occupied";
    order(
        &northwind,
        "--service exchange --operation New-MailUser --object lara* --count 1 cut --after",
    )
    .succeeds();
    let made_by = |ran: &dyn Fn()| {
        let writes = site.writes_during(ran);
        writes.iter().filter(|line| line.ends_with("New-MailUser")).count()
    };

    let first = made_by(&|| {
        northwind.types(import).succeeds().says("the answer was lost");
    });
    let second = made_by(&|| {
        northwind.types(import).succeeds();
    });

    assert!(first > 1, "{first} were made");
    assert_eq!(second, 0);
    let found = northwind.sees(r#"tenant.find_mailusers("Alias -like 'LaraN*'").map(|user| user.Alias).to_array()"#);
    assert_eq!(found, serde_json::json!(["LaraN"]));
    assert_eq!(faults(&northwind)[0]["fired"], 1);
}
