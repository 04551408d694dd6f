//! `xtenant scripts`.

use crate::common::Site;

#[test]
fn a_bundled_script_can_be_copied_changed_and_run_by_its_path() {
    let site = Site::empty();
    let person = site.beginner();

    person.runs(&["scripts", "copy", "export-attributes", "mine.rhai"]).succeeds();

    assert_eq!(
        person.read("mine.rhai").trim_end(),
        person.runs(&["scripts", "show", "export-attributes"]).stdout().trim_end()
    );
    person
        .runs(&["run", "./mine.rhai", "--help"])
        .succeeds()
        .prints("--source <PROFILE>");
    assert!(!site.sandbox().exists(), "looking at scripts starts no sandbox");
}

#[test]
fn copying_never_overwrites() {
    let site = Site::empty();
    let person = site.beginner();
    person.write("export-attributes.rhai", "my own work");

    let ran = person.runs(&["scripts", "copy", "export-attributes"]);

    ran.ends_with(1)
        .says("could not write `export-attributes.rhai`")
        .says("never overwritten");
    assert_eq!(person.read("export-attributes.rhai"), "my own work");
}

#[test]
fn the_list_says_what_each_script_does_and_may_change() {
    let site = Site::empty();

    let ran = site.beginner().runs(&["scripts", "list", "--json"]);

    let rows = ran.succeeds().json();
    let names: Vec<_> = rows.as_array().expect("a list").iter().map(|row| row["script"].clone()).collect();
    assert!(names.contains(&"export-attributes".into()), "{names:?}");
    assert!(rows.as_array().expect("a list").iter().all(|row| row["does"] != ""), "{rows}");
}

#[test]
fn an_unknown_script_is_answered_with_what_there_is() {
    let site = Site::empty();
    let person = site.beginner();

    person
        .runs(&["run", "export-attribute"])
        .ends_with(2)
        .says("did you mean `export-attributes`?");
    person
        .runs(&["scripts", "show", "nothing-like-it"])
        .ends_with(2)
        .says("`xtenant scripts` lists them");
}
