//! What the journal costs a bulk run, against the same run with the journal in memory; and how soon a big journal is open.
//! `cargo bench --bench journal`

use std::path::Path;
use std::time::Duration;
use std::time::Instant;

use jiff::Timestamp;
use serde_json::json;
use tokio::runtime::Runtime;
use uuid::Uuid;
use xtenant::journal::Ending;
use xtenant::journal::Intent;
use xtenant::journal::Journal;
use xtenant::journal::NewRun;
use xtenant::journal::Outcome;
use xtenant::journal::RunKind;
use xtenant::journal::RunLog;

const CHANGES: usize = 10_000;
const UNDER_WAY: usize = 16;
const MANY: usize = 1_000_000;
const ROUNDS: usize = 5;

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let mut has_failed = false;
    let mut judge = |what: &str, is_good: bool| {
        has_failed |= !is_good;
        println!("{}  {what}", if is_good { "pass" } else { "FAIL" });
    };

    for (latency, rounds, most) in [(Duration::ZERO, ROUNDS, 25.0), (Duration::from_millis(50), 1, 2.0)] {
        let (mut in_file, mut in_memory) = (Duration::MAX, Duration::MAX);
        for round in 0..rounds {
            let file = folder.path().join(format!("{}-{round}.sqlite", latency.as_millis()));
            in_memory = in_memory.min(bulk_run(&runtime, &Journal::in_memory(), latency));
            in_file = in_file.min(bulk_run(&runtime, &Journal::open(&file).expect("a journal"), latency));
        }
        let cost = 100.0 * (in_file.as_secs_f64() / in_memory.as_secs_f64() - 1.0);
        let text = format!("{CHANGES} changes at {latency:?}: {in_file:.2?}, in memory {in_memory:.2?}: {cost:+.1} % (at most {most} %)");
        judge(&text, cost <= most);
    }

    let file = folder.path().join("many.sqlite");
    fill(&runtime, &file);
    let (runs, took) = timed(|| Journal::open(&file).and_then(|journal| journal.runs()).expect("runs"));
    let size = std::fs::metadata(&file).expect("the file").len() / 1_000_000;
    let text = format!(
        "{MANY} changes ({size} MB): opened and {} runs listed in {took:.1?} (at most 100 ms)",
        runs.len()
    );
    judge(&text, took < Duration::from_millis(100));
    std::process::exit(i32::from(has_failed));
}

/// The changes of a run that has so many under way, each sent to a service that answers after `latency`.
fn bulk_run(runtime: &Runtime, journal: &Journal, latency: Duration) -> Duration {
    let log = journal.begin(&new_run()).expect("a run");
    let work = async {
        let workers = (0..UNDER_WAY).map(|worker| {
            let log = log.clone();
            tokio::spawn(async move {
                for number in (worker..CHANGES).step_by(UNDER_WAY) {
                    let id = log.intend(vec![intent(number)], false).await.expect("recorded")[0];
                    if !latency.is_zero() {
                        tokio::time::sleep(latency).await;
                    }
                    log.outcomes(vec![(id, outcome())]).await.expect("recorded");
                }
            })
        });
        for worker in workers.collect::<Vec<_>>() {
            worker.await.expect("a worker");
        }
    };
    let ((), took) = timed(|| runtime.block_on(work));
    took
}

fn fill(runtime: &Runtime, file: &Path) {
    const TOGETHER: usize = 1_000;
    let journal = Journal::open(file).expect("a journal");
    for _ in 0..10 {
        let log: RunLog = journal.begin(&new_run()).expect("a run");
        runtime.block_on(async {
            for _ in 0..MANY / 10 / TOGETHER {
                let ids = log.intend((0..TOGETHER).map(intent).collect(), false).await.expect("recorded");
                let outcomes = ids.into_iter().map(|id| (id, outcome())).collect();
                log.outcomes(outcomes).await.expect("recorded");
            }
            log.end(Ending::Done, 0).await.expect("recorded");
        });
    }
}

fn new_run() -> NewRun {
    NewRun {
        kind: RunKind::Script,
        script: "import-mailusers".to_owned(),
        arguments: json!({"target": "northwind", "users": "users.csv"}),
        tenants: Vec::new(),
        hashes: json!({}),
        folder: "/home/ann".to_owned(),
        flags: json!({}),
        parent: None,
        started: Timestamp::now(),
    }
}

/// A MailUser of the usual size.
fn intent(number: usize) -> Intent {
    let address = format!("user{number}@northwindtraders.onmicrosoft.com");
    let arguments = json!({
        "Name": format!("User {number}"),
        "DisplayName": format!("User {number}"),
        "MicrosoftOnlineServicesID": address,
        "ExternalEmailAddress": format!("user{number}@contoso.onmicrosoft.com"),
        "ExchangeGuid": Uuid::nil(),
        "EmailAddresses": [format!("SMTP:{address}"), "X500:/o=First Organization/ou=Exchange/cn=Recipients/cn=d11ec1a2"],
        "Password": {"$secret": "password"},
    });
    let members = arguments.as_object().expect("an object");
    Intent {
        tenant: Uuid::nil(),
        tenant_name: "northwind".to_owned(),
        service: "exchange".to_owned(),
        operation: "new_mailuser".to_owned(),
        noun: "MailUser".to_owned(),
        object: Some(address.clone()),
        label: address,
        touched: members.iter().map(|(name, new)| (name.clone(), json!(null), new.clone())).collect(),
        arguments,
        impact: "medium".to_owned(),
        request_id: Uuid::now_v7(),
        at: Timestamp::now(),
    }
}

fn outcome() -> Outcome {
    Outcome::Done {
        reply: json!({"Guid": Uuid::nil(), "Name": "User", "RecipientTypeDetails": "MailUser"}),
        warnings: Vec::new(),
        at: Timestamp::now(),
    }
}

fn timed<T>(act: impl FnOnce() -> T) -> (T, Duration) {
    let begun = Instant::now();
    (act(), begun.elapsed())
}
