//! What the gate leaves in the journal.

use super::*;
use crate::journal::ChangeState;
use crate::journal::Journal;
use crate::journal::RunLog;
use crate::journal::testing::break_down;
use crate::journal::testing::new_run;

fn recorded() -> (Gate, RunLog) {
    let log = Journal::in_memory().begin(&new_run("x")).unwrap();
    (open(Mode::Apply, Impact::Medium).recording(log.clone()), log)
}

#[tokio::test]
async fn what_is_sent_stands_in_the_journal_with_the_id_of_its_request() {
    let (gate, log) = recorded();
    let desk = lara();

    apply(&gate, &desk, renaming("Lara Newton")).await.unwrap();

    let changes = log.journal().changes(log.id()).unwrap();
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0].state, ChangeState::Done);
    assert_eq!(changes[0].intent.operation, "set_mailuser");
    assert_eq!(changes[0].attempts[0].0, desk.ids.lock().unwrap()[0]);
}

#[tokio::test]
async fn what_cannot_be_recorded_is_not_sent() {
    let (gate, log) = recorded();
    let desk = lara();
    break_down(&log).await;

    let trouble = apply(&gate, &desk, renaming("Lara Newton")).await.unwrap_err();

    assert_eq!((trouble.kind, trouble.code.as_str()), (Kind::NotPermitted, "not_recorded"));
    assert!(
        trouble.message.ends_with("cannot be recorded in the journal, so it is not sent"),
        "{trouble}"
    );
    assert_eq!(desk.sent(), 0);
}

#[tokio::test]
async fn what_is_only_shown_is_not_recorded() {
    let log = Journal::in_memory().begin(&new_run("x")).unwrap();
    let gate = open(Mode::WhatIf, Impact::Medium).recording(log.clone());

    apply(&gate, &lara(), renaming("Lara Newton")).await.unwrap();

    assert_eq!(log.journal().changes(log.id()).unwrap(), []);
}
