//! A process that dies. The tests that die are run by the others, in processes of their own.

use std::path::Path;
use std::process::Command;

use super::*;

const FILE: &str = "XTENANT_TEST_JOURNAL";

/// Writes a run in another process, which dies at the given transaction.
fn die_at(file: &Path, transaction: &str) {
    let ended = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "--ignored", "journal::tests::death::writes_a_run"])
        .env(FILE, file)
        .env("XTENANT_CRASH_AT", transaction)
        .output()
        .unwrap();
    assert!(!ended.status.success(), "it is still alive");
}

#[tokio::test]
#[ignore = "is run by the tests below"]
async fn writes_a_run() {
    let file = std::env::var_os(FILE).expect("the tests below name the journal");
    // First transaction: the run. Second: the intents. Third: the outcomes.
    let log = Journal::open(Path::new(&file)).unwrap().begin(&new_run("x")).unwrap();
    let ids = log.intend(vec![intent("ann"), intent("bob")], false).await.unwrap();
    log.outcomes(ids.into_iter().map(|id| (id, done(Value::Null))).collect())
        .await
        .unwrap();
}

#[test]
fn whatever_was_written_survives_the_process_and_the_run_counts_as_crashed() {
    let states = |transaction| {
        let folder = folder();
        let file = folder.path().join("journal.sqlite");
        die_at(&file, transaction);
        let journal = Journal::open(&file).unwrap();
        let runs = journal.runs().unwrap();
        let states = runs.iter().flat_map(|run| {
            assert_eq!(run.state, RunState::Crashed);
            journal.changes(run.id).unwrap()
        });
        (runs.len(), states.map(|change| change.state).collect::<Vec<_>>())
    };

    assert_eq!(states("1-"), (0, vec![]));
    assert_eq!(states("1+"), (1, vec![]));
    assert_eq!(states("2-"), (1, vec![]));
    assert_eq!(states("2+"), (1, vec![ChangeState::Intended; 2]));
    assert_eq!(states("3-"), (1, vec![ChangeState::Intended; 2]));
    assert_eq!(states("3+"), (1, vec![ChangeState::Done; 2]));
}
