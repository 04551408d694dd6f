//! `xtenant runs`: what was done can be looked up, taken along, and forgotten.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::common::Administrator;
use crate::common::Ran;
use crate::common::Site;

const SCRIPT: &str = r#"const PARAMS = #{ target: #{ type: "tenant", help: "" } };
const WRITES = #{ target: #{ exchange: "medium" } };
args.target.set_user("LaraN", #{ Department: "Moved" });
args.target.set_user("LaraN", #{ DisplayName: "Lara Moved" });
"#;

/// A person who has changed one user twice.
fn changed(site: &Site) -> Administrator {
    let person = site.beginner();
    person.write("move.rhai", SCRIPT);
    person.runs(&["run", "move.rhai", "--target", "contoso"]).succeeds();
    person
}

fn journal(person: &Administrator) -> PathBuf {
    person.folder().join("../.local/share/xtenant/journal.sqlite")
}

/// One JSON value a line.
fn lines(ran: &Ran) -> Vec<Value> {
    ran.stdout().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn before_the_first_run_there_is_nothing_to_show() {
    let site = Site::empty();
    let person = site.beginner();

    person.runs(&["runs"]).succeeds().prints("there are no runs");
    person.runs(&["runs", "list", "--json"]).succeeds();
    person
        .runs(&["runs", "show", "last"])
        .ends_with(1)
        .says("there is no journal")
        .says("--journal FILE");
    assert!(!journal(&person).exists());
}

#[test]
fn a_run_is_listed_and_its_changes_are_shown_with_old_and_new() {
    let site = Site::new();
    let person = changed(&site);

    person.runs(&["runs", "list"]).succeeds().prints("move.rhai").prints("2 done");
    let shown = person.runs(&["runs", "show", "1"]);

    shown
        .succeeds()
        .prints("contoso")
        .prints("set_user")
        .prints("-> Moved")
        .prints("-> Lara Moved");
    let listed = lines(&person.runs(&["runs", "list", "--json"]));
    assert_eq!((&listed[0]["run"], &listed[0]["counts"]["done"]), (&1.into(), &2.into()));
    assert_eq!(listed[0]["state"], "done");
}

#[test]
fn a_run_that_only_reads_or_only_shows_is_not_recorded() {
    let site = Site::new();
    let person = site.beginner();
    person.write("move.rhai", SCRIPT);

    person.runs(&["run", "move.rhai", "--target", "contoso", "--what-if"]).succeeds();

    person.runs(&["runs"]).succeeds().prints("there are no runs");
}

#[test]
fn many_changes_are_shown_in_part_and_that_is_said() {
    let site = Site::new();
    let person = changed(&site);

    let shown = person.runs(&["runs", "show", "last", "--limit", "1"]);

    shown.succeeds().prints("-> Moved").says("these are the first 1");
    assert!(!shown.stdout().contains("Lara Moved"), "{shown:?}");
    let refused = person.runs(&["runs", "show", "last", "--state", "refused"]);
    assert!(!refused.succeeds().stdout().contains("set_user"), "{refused:?}");
}

#[test]
fn an_export_holds_every_change_as_json_and_as_a_table() {
    let site = Site::new();
    let person = changed(&site);

    person
        .runs(&["runs", "export", "last", "--format", "json", "--out", "run.json"])
        .succeeds();
    person
        .runs(&["runs", "export", "last", "--format", "csv", "--out", "run.csv"])
        .succeeds();

    let exported: Value = serde_json::from_str(&person.read("run.json")).unwrap();
    assert_eq!(exported["changes"].as_array().unwrap().len(), 2);
    assert_eq!(exported["changes"][0]["touched"][0]["new"], "Moved");
    assert_eq!(
        exported["changes"],
        person.runs(&["runs", "show", "last", "--json"]).json()["changes"]
    );
    let table = person.read("run.csv");
    let mut rows = csv::Reader::from_reader(table.trim_start_matches('\u{feff}').as_bytes());
    let rows: Vec<_> = rows.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 2);
    assert!(rows[0].iter().any(|cell| cell == "Moved") && rows[1].iter().any(|cell| cell == "Lara Moved"));
}

#[test]
fn a_run_that_does_not_exist_is_answered_with_those_that_do() {
    let site = Site::new();
    let person = changed(&site);

    for action in [&["show", "7"][..], &["export", "7", "--format", "json"]] {
        let ran = person.runs(&[&["runs"], action].concat());
        ran.ends_with(1).says("there is no run `7`").says("the newest are 1");
    }
}

#[test]
fn old_runs_are_forgotten_and_what_if_only_says_which() {
    let site = Site::new();
    let person = changed(&site);
    let listed = || lines(&person.runs(&["runs", "--json"])).len();

    person.runs(&["runs", "prune"]).ends_with(2).says("--before");
    person
        .runs(&["runs", "prune", "--keep", "1"])
        .succeeds()
        .prints("nothing to forget");
    person
        .runs(&["runs", "prune", "--keep", "0", "--what-if"])
        .succeeds()
        .prints("1 run would be forgotten: 1");
    assert_eq!(listed(), 1);

    person
        .runs(&["runs", "prune", "--before", "2999-01-01"])
        .succeeds()
        .prints("1 run forgotten: 1");

    assert_eq!(listed(), 0);
}

#[test]
fn a_run_whose_process_died_is_listed_with_the_way_to_go_on() {
    let site = Site::new();
    let person = site.beginner();
    person.write("move.rhai", SCRIPT);
    // The run, the first intent, its outcome, the second intent.
    let died = person.runs_with(&["run", "move.rhai", "--target", "contoso"], &[("XTENANT_CRASH_AT", "4+")]);
    died.ends_with(-1);

    let listed = person.runs(&["runs"]);

    listed
        .succeeds()
        .prints("crashed")
        .prints("1 done, 1 to check")
        .says("xtenant runs show 1");
    person
        .runs(&["runs", "prune", "--keep", "0", "--all"])
        .says("has changes that are still to be checked");
}

#[test]
fn with_a_journal_that_cannot_be_used_nothing_is_begun() {
    let site = Site::new();
    let person = site.beginner();
    person.write("move.rhai", SCRIPT);
    person.write("notes.txt", "no journal at all\n".repeat(100));

    let writes = site.writes_during(|| {
        let ran = person.runs(&["run", "move.rhai", "--target", "contoso", "--journal", "notes.txt"]);
        ran.ends_with(1).says("`notes.txt` is no journal").says("--journal FILE");
    });

    assert!(writes.is_empty(), "{writes:?}");
    let whole = fs::read_to_string(person.folder().join("notes.txt")).unwrap();
    assert!(whole.starts_with("no journal at all"));
    person.runs(&["runs", "--journal", "notes.txt"]).ends_with(1).says("is no journal");
}
