//! The journal from outside: what is written is read back, by this process and by others.

mod bad_file;
mod death;
mod full;
mod pruning;
mod round_trip;

use std::collections::HashSet;

use serde_json::Value;
use serde_json::json;
use tempfile::TempDir;
use uuid::Uuid;

use super::testing::NORTHWIND;
use super::testing::at;
use super::testing::intent;
use super::testing::new_run;
use super::*;

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn done(reply: Value) -> Outcome {
    Outcome::Done {
        reply,
        warnings: Vec::new(),
        at: at(2),
    }
}

fn lost() -> Outcome {
    Outcome::ToCheck {
        code: "reply_lost".to_owned(),
        message: "the connection was cut".to_owned(),
        at: at(2),
    }
}

fn refused() -> Outcome {
    Outcome::Refused {
        code: "InvalidOperationException".to_owned(),
        message: "no".to_owned(),
        at: at(2),
    }
}

#[tokio::test]
async fn a_run_and_its_changes_are_read_back_as_they_were_written() {
    let folder = folder();
    let file = folder.path().join("deep/journal.sqlite");
    let log = Journal::open(&file).unwrap().begin(&new_run("import-mailusers")).unwrap();
    let (ann, bob) = (intent("ann"), intent("bob"));
    let again = Uuid::now_v7();

    let ids = log.intend(vec![ann.clone(), bob.clone()], true).await.unwrap();
    log.attempt(ids[1], again).await.unwrap();
    let warned = Outcome::Done {
        reply: json!({"Guid": "77"}),
        warnings: vec!["slow".to_owned()],
        at: at(3),
    };
    log.outcomes(vec![(ids[0], warned), (ids[1], refused())]).await.unwrap();
    log.end(Ending::PartlyFailed, 4).await.unwrap();
    let id = log.id();
    drop(log);

    let journal = Journal::open(&file).unwrap();
    let run = journal.run("last").unwrap();
    assert_eq!((run.id, &run.run), (id, &new_run("import-mailusers")));
    assert_eq!((run.state, run.exit), (RunState::Ended(Ending::PartlyFailed), Some(4)));
    assert_eq!((run.counts.done, run.counts.refused, run.counts.to_check), (1, 1, 0));
    let changes = journal.changes(id).unwrap();
    let (first, second) = (&changes[0], &changes[1]);
    // Times are kept to the microsecond; these are whole seconds.
    assert_eq!((&first.intent, first.state, first.ended), (&ann, ChangeState::Done, Some(at(3))));
    assert_eq!((&first.reply, &first.warnings), (&json!({"Guid": "77"}), &vec!["slow".to_owned()]));
    assert_eq!(second.intent, bob);
    assert_eq!(second.error, Some(("InvalidOperationException".to_owned(), "no".to_owned())));
    assert_eq!(
        second.attempts.iter().map(|(id, _)| *id).collect::<Vec<_>>(),
        [bob.request_id, again]
    );
    assert!(first.batch.is_some() && first.batch == second.batch);
}

#[tokio::test]
async fn a_change_that_goes_alone_is_in_no_batch() {
    let log = Journal::in_memory().begin(&new_run("x")).unwrap();

    log.intend(vec![intent("ann")], false).await.unwrap();

    assert_eq!(log.journal().changes(log.id()).unwrap()[0].batch, None);
}

#[tokio::test]
async fn a_run_is_under_way_until_its_last_hold_is_gone() {
    let folder = folder();
    let file = folder.path().join("journal.sqlite");
    let (mine, others) = (Journal::open(&file).unwrap(), Journal::open(&file).unwrap());
    let log = mine.begin(&new_run("x")).unwrap();
    let second = log.clone();
    let state = || others.run("last").unwrap().state;
    drop(log);
    assert_eq!(state(), RunState::UnderWay);
    assert_eq!(others.under_way(&[NORTHWIND]).unwrap().len(), 1);
    assert_eq!(others.under_way(&[Uuid::nil()]).unwrap().len(), 0);

    drop(second);

    assert_eq!(state(), RunState::Crashed);
    assert_eq!(others.under_way(&[NORTHWIND]).unwrap().len(), 0);
}

#[tokio::test]
async fn only_what_dead_runs_left_without_an_outcome_is_unsettled() {
    let journal = Journal::in_memory();
    let dead = journal.begin(&new_run("x")).unwrap();
    let ids = dead.intend(["ann", "bob", "eve"].map(intent).to_vec(), false).await.unwrap();
    dead.outcomes(vec![(ids[0], done(Value::Null)), (ids[1], lost())]).await.unwrap();
    drop(dead);
    let alive = journal.begin(&new_run("y")).unwrap();
    alive.intend(vec![intent("joe")], false).await.unwrap();
    let unsettled = || journal.unsettled(&[NORTHWIND]).unwrap();

    let objects: Vec<_> = unsettled().into_iter().map(|change| change.intent.label).collect();
    assert_eq!(objects, ["bob", "eve"]);

    alive.settle(ids[1], ChangeState::Done, "it is there").await.unwrap();
    alive.settle(ids[2], ChangeState::NotDone, "it is as before").await.unwrap();

    assert_eq!(unsettled(), []);
    let counts = journal.run("1").unwrap().counts;
    assert_eq!((counts.done, counts.not_done, counts.to_check), (2, 1, 0));
}

#[tokio::test]
async fn a_change_that_was_taken_back_is_counted_and_names_the_change_that_did_it() {
    let log = Journal::in_memory().begin(&new_run("x")).unwrap();
    let ids = log.intend(["ann", "bob"].map(intent).to_vec(), false).await.unwrap();
    log.outcomes(ids.iter().map(|id| (*id, done(Value::Null))).collect()).await.unwrap();

    log.undone(ids[0], ids[1]).await.unwrap();

    let counts = log.journal().run("last").unwrap().counts;
    assert_eq!((counts.done, counts.undone), (2, 1));
    assert_eq!(log.journal().changes(log.id()).unwrap()[0].undone_by, Some(ids[1]));
}

#[tokio::test]
async fn the_items_of_a_loop_are_those_of_the_run_and_of_what_it_resumes() {
    let journal = Journal::in_memory();
    let first = journal.begin(&new_run("x")).unwrap();
    first.item("x:3", "ann", &json!("first")).await.unwrap();
    first.item("x:3", "bob", &json!("first")).await.unwrap();
    first.item("x:9", "eve", &json!("elsewhere")).await.unwrap();
    let resumes = NewRun {
        parent: Some(first.id()),
        ..new_run("x")
    };
    let second = journal.begin(&resumes).unwrap();
    second.item("x:3", "bob", &json!("second")).await.unwrap();
    let other = journal.begin(&new_run("x")).unwrap();

    let items = journal.items(second.id(), "x:3").unwrap();

    assert_eq!(
        items,
        [("ann".to_owned(), json!("first")), ("bob".to_owned(), json!("second"))].into()
    );
    assert!(journal.items(other.id(), "x:3").unwrap().is_empty());
}

#[tokio::test]
async fn a_message_that_fails_does_not_spoil_those_that_share_its_transaction() {
    let log = Journal::in_memory().begin(&new_run("x")).unwrap();
    let id = log.intend(vec![intent("ann")], false).await.unwrap()[0];
    let nobody = ChangeId(99);

    let (good, bad) = tokio::join!(log.outcomes(vec![(id, lost())]), log.outcomes(vec![(nobody, lost())]));

    assert!(good.is_ok());
    assert!(bad.is_err());
    assert_eq!(log.journal().changes(log.id()).unwrap()[0].state, ChangeState::ToCheck);
}

#[test]
fn a_run_that_does_not_exist_is_answered_with_the_newest() {
    let journal = Journal::in_memory();
    assert!(journal.run("last").unwrap_err().remedy.as_ref().unwrap().contains("no runs yet"));
    for _ in 0..7 {
        journal.begin(&new_run("x")).unwrap();
    }

    let trouble = journal.run("99").unwrap_err();

    assert_eq!(
        (trouble.kind, trouble.message.as_str()),
        (crate::model::Kind::NotFound, "there is no run `99`")
    );
    assert!(trouble.remedy.as_ref().unwrap().contains("7, 6, 5, 4, 3"), "{:?}", trouble.remedy);
    assert!(journal.run("seven").is_err());
    assert_eq!(journal.run("7").unwrap().id, RunId(7));
}

#[test]
fn two_processes_write_one_file_and_nothing_is_lost() {
    let folder = folder();
    let file = folder.path().join("journal.sqlite");
    let write = |name: &'static str| {
        // Each has a handle of its own, as a process of its own would; the first to come makes the file.
        let log = Journal::open(&file).unwrap().begin(&new_run(name)).unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).build().unwrap();
        let changes = runtime.block_on(async {
            let tasks = (0..100).map(|number| {
                let log = log.clone();
                tokio::spawn(async move {
                    let ids = log
                        .intend(vec![intent(&format!("{name}{number}"))], number % 10 == 0)
                        .await
                        .unwrap();
                    log.outcomes(vec![(ids[0], done(json!(number)))]).await.unwrap();
                    ids[0]
                })
            });
            let mut ids = HashSet::new();
            for task in tasks.collect::<Vec<_>>() {
                ids.insert(task.await.unwrap());
            }
            ids
        });
        (log.id(), changes)
    };

    let (first, second) = std::thread::scope(|scope| {
        let (first, second) = (scope.spawn(|| write("a")), scope.spawn(|| write("b")));
        (first.join().unwrap(), second.join().unwrap())
    });

    assert!(first.1.is_disjoint(&second.1));
    let journal = Journal::open(&file).unwrap();
    for (run, ids) in [first, second] {
        assert_eq!(journal.run(&run.to_string()).unwrap().counts.done, 100);
        let read: HashSet<_> = journal.changes(run).unwrap().into_iter().map(|change| change.id).collect();
        assert_eq!(read, ids);
    }
}
