//! What may be forgotten, and what may not.

use super::*;

fn everything() -> Pruning {
    Pruning {
        before: jiff::Timestamp::MAX,
        with_resumable: false,
        only_shown: false,
    }
}

/// A run that ended as given, with one change that was made.
async fn ended(journal: &Journal, run: &NewRun, ending: Ending) -> RunId {
    let log = journal.begin(run).unwrap();
    let id = log.intend(vec![intent("ann")], false).await.unwrap()[0];
    log.attempt(id, Uuid::now_v7()).await.unwrap();
    log.outcomes(vec![(id, done(Value::Null))]).await.unwrap();
    log.item("x:1", "ann", &Value::Null).await.unwrap();
    log.end(ending, 0).await.unwrap();
    log.id()
}

fn left(journal: &Journal) -> Vec<RunId> {
    journal.runs().unwrap().iter().map(|run| run.id).collect()
}

#[tokio::test]
async fn a_finished_run_goes_with_all_that_belongs_to_it() {
    let folder = folder();
    let journal = Journal::open(&folder.path().join("journal.sqlite")).unwrap();
    let run = ended(&journal, &new_run("x"), Ending::Done).await;

    let pruned = journal.prune(everything()).unwrap();

    assert_eq!(pruned.runs.iter().map(|run| run.id).collect::<Vec<_>>(), [run]);
    for table in ["run", "run_tenant", "tally", "change", "attempt", "item"] {
        let count = journal.reading(|connection| connection.query_row(&format!("select count(*) from {table}"), [], |row| row.get(0)));
        assert_eq!(count, Ok(0), "{table}");
    }
    // Its number is never used for another.
    assert_eq!(journal.begin(&new_run("y")).unwrap().id(), RunId(2));
}

#[tokio::test]
async fn a_run_that_may_still_be_needed_stays() {
    let journal = Journal::in_memory();
    let done = ended(&journal, &new_run("done"), Ending::Done).await;
    let stopped = ended(&journal, &new_run("stopped"), Ending::Stopped).await;
    let dead = journal.begin(&new_run("unsettled")).unwrap();
    dead.intend(vec![intent("bob")], false).await.unwrap();
    let unsettled = dead.id();
    drop(dead);
    let alive = journal.begin(&new_run("alive")).unwrap();

    let pruned = journal.prune(everything()).unwrap();

    assert_eq!(pruned.runs.iter().map(|run| run.id).collect::<Vec<_>>(), [done]);
    let kept = [
        (alive.id(), "is under way"),
        (unsettled, "has changes that are still to be checked"),
        (stopped, "can be resumed"),
    ];
    assert_eq!(pruned.kept, kept);

    let pruned = journal.prune(Pruning {
        with_resumable: true,
        ..everything()
    });

    assert_eq!(pruned.unwrap().runs.len(), 1);
    assert_eq!(left(&journal), [alive.id(), unsettled]);
}

#[tokio::test]
async fn what_a_run_that_can_be_resumed_builds_upon_stays() {
    let journal = Journal::in_memory();
    let first = ended(&journal, &new_run("x"), Ending::Stopped).await;
    let resumes = NewRun {
        parent: Some(first),
        ..new_run("x")
    };
    let second = ended(&journal, &resumes, Ending::Failed).await;

    let kept = journal.prune(everything()).unwrap().kept;
    assert_eq!(kept, [(second, "can be resumed"), (first, "is part of a run that can be resumed")]);

    let resumes = NewRun {
        parent: Some(second),
        ..new_run("x")
    };
    ended(&journal, &resumes, Ending::Done).await;

    journal.prune(everything()).unwrap();
    assert_eq!(left(&journal), []);
}

#[tokio::test]
async fn a_run_that_ended_later_stays_and_what_is_only_shown_stays_too() {
    let journal = Journal::in_memory();
    ended(&journal, &new_run("x"), Ending::Done).await;
    let before = Pruning {
        before: at(1),
        ..everything()
    };
    let shown = Pruning {
        only_shown: true,
        ..everything()
    };

    assert_eq!(journal.prune(before).unwrap(), Pruned::default());
    assert_eq!(journal.prune(shown).unwrap().runs.len(), 1);
    assert_eq!(left(&journal).len(), 1);
}
