//! `xtenant explain`: from an error to what to do.

use crate::common::Site;

#[test]
fn a_failure_is_explained_by_number_exception_and_text_alike() {
    let site = Site::empty();
    let person = site.beginner();

    for what in ["F-54", "Target user 'LaraN@northwind.com' already has a primary mailbox."] {
        let ran = person.runs(&["explain", what]);
        ran.succeeds()
            .prints("F-54")
            .prints("cause")
            .prints("remedy")
            .prints("target")
            .prints("resume:");
    }
    person.runs(&["explain", "MissingExchangeGuidException"]).succeeds().prints("F-52");
    person
        .runs(&["explain", "f71"])
        .succeeds()
        .prints("new batch: remove the migration user");
}

#[test]
fn an_exception_of_several_failures_lists_them_and_no_word_lists_all() {
    let site = Site::empty();
    let person = site.beginner();

    let ran = person.runs(&["explain", "NotAcceptedDomainException"]);
    ran.succeeds().prints("F-55").prints("F-93").says("xtenant explain NUMBER");

    let all = person.runs(&["explain", "--json"]).json();
    assert_eq!(all.as_array().map(Vec::len), Some(xtenant::migrate::all_failures().count()));
    assert_eq!(person.runs(&["explain", "F-57", "--json"]).json()["then"], "resume");
}

#[test]
fn what_nobody_knows_is_answered_with_what_is_like_it() {
    let site = Site::empty();

    let ran = site.beginner().runs(&["explain", "MissingExchangeGuidsException"]);

    ran.ends_with(2).says("did you mean `MissingExchangeGuidException`?");
}
