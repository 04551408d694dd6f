//! What cannot be recorded is not sent.

use super::*;
use crate::journal::testing::break_down;
use crate::journal::testing::hinder;
use crate::model::Kind;

#[tokio::test]
async fn on_a_full_disk_a_change_is_not_recorded_and_that_is_said() {
    let folder = folder();
    let file = folder.path().join("journal.sqlite");
    let log = Journal::open(&file).unwrap().begin(&new_run("x")).unwrap();
    let known = log.intend(vec![intent("ann")], false).await.unwrap()[0];
    // SQLite goes no lower than what is there.
    hinder(&log, |connection| connection.pragma_update(None, "max_page_count", 1)).await;
    let big = Intent {
        arguments: json!({"text": "x".repeat(100_000)}),
        ..intent("bob")
    };

    let refused = log.intend(vec![big.clone()], true).await.unwrap_err();

    assert_eq!((refused.kind, refused.code.as_str()), (Kind::NotPermitted, "not_recorded"));
    assert_eq!(
        refused.message,
        "`Set-MailUser` of `bob` cannot be recorded in the journal, so it is not sent"
    );
    assert!(refused.remedy.as_ref().unwrap().starts_with("make room on the disk"), "{refused:?}");
    assert_eq!(log.journal().changes(log.id()).unwrap().len(), 1);

    // What is small still has room, and when there is room again all goes on.
    log.outcomes(vec![(known, lost())]).await.unwrap();
    hinder(&log, |connection| connection.pragma_update(None, "max_page_count", 1_000_000)).await;
    log.intend(vec![big], true).await.unwrap();
    assert_eq!(log.journal().changes(log.id()).unwrap().len(), 2);
}

#[tokio::test]
async fn a_journal_that_became_read_only_records_nothing_more_and_says_so() {
    let folder = folder();
    let log = Journal::open(&folder.path().join("journal.sqlite"))
        .unwrap()
        .begin(&new_run("x"))
        .unwrap();
    let id = log.intend(vec![intent("ann")], false).await.unwrap()[0];
    break_down(&log).await;

    let change = log.intend(vec![intent("bob")], false).await.unwrap_err();
    let attempt = log.attempt(id, Uuid::now_v7()).await.unwrap_err();
    let outcome = log.outcomes(vec![(id, done(Value::Null))]).await.unwrap_err();

    assert!(change.message.ends_with("so it is not sent"), "{change}");
    assert!(attempt.message.ends_with("so it is not sent"), "{attempt}");
    assert!(outcome.message.ends_with("it stands there as still to be checked"), "{outcome}");
    for trouble in [change, attempt, outcome] {
        assert!(trouble.remedy.as_ref().unwrap().contains("writable"), "{trouble:?}");
    }
}
