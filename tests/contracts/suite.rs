//! All that any test of the program sends and is answered, held against what is published when the test's site ends.

use std::collections::BTreeSet;
use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;
use std::sync::Mutex;
use std::sync::PoisonError;

use serde::Deserialize;
use serde_json::Value;

use super::published::Asker;
use super::published::Published;
use super::published::general;
use super::published::published;
use crate::common::ARM;
use crate::common::GRAPH;
use crate::common::Recorded;
use crate::common::Site;

/// A line of the file that the sandbox keeps.
#[derive(Deserialize)]
struct Line {
    client: Option<String>,
    method: String,
    host: String,
    path: String,
    query: Vec<(String, String)>,
    body: Option<Value>,
    status: u16,
    answer: Option<Value>,
}

/// Holds a file of traffic against what is published, and removes it. None is there when nothing was asked.
#[track_caller]
pub fn hold(file: &Path) {
    let Some(published) = published() else { return };
    let Ok(lines) = fs::read_to_string(file) else { return };
    fs::remove_file(file).expect("the file can be removed");

    let faults = faults(published, &lines);
    assert!(faults.is_empty(), "{} are not as published:\n{}", faults.len(), faults.join("\n"));
}

fn faults(published: &Published, lines: &str) -> Vec<String> {
    // Sites that are copies of one are asked the same in many tests.
    static GOOD: LazyLock<Mutex<HashSet<String>>> = LazyLock::new(Mutex::default);
    let good = || GOOD.lock().unwrap_or_else(PoisonError::into_inner);
    let mut told = BTreeSet::new();
    // A process that was killed may have left half a line.
    for line in lines.split_inclusive('\n').filter(|line| line.ends_with('\n')) {
        if good().contains(line) {
            continue;
        }
        let (asker, recorded) = read(serde_json::from_str(line).expect("the traffic is JSON"));
        let mut faults = published.faults(&recorded);
        faults.retain(|fault| asker.answers_for(&recorded, fault));
        if faults.is_empty() {
            good().insert(line.to_owned());
        }
        let Recorded {
            method,
            host,
            path,
            status,
            ..
        } = &recorded;
        told.extend(
            faults
                .iter()
                .map(|fault| format!("{asker:?} {method} {host}/{} {status}: {fault}", general(path))),
        );
    }
    told.into_iter().collect()
}

/// As if it had gone to the hosts of the worldwide cloud, which alone are described.
fn read(line: Line) -> (Asker, Recorded) {
    let is_ours = line.client.is_some_and(|client| client.starts_with("xtenant/"));
    let host = match line.host.split('.').next() {
        Some("graph" | "dod-graph" | "microsoftgraph") => GRAPH.to_owned(),
        Some("management") => ARM.to_owned(),
        _ => line.host,
    };
    let path = match host == GRAPH {
        true => line.path.strip_prefix("/v1.0/").unwrap_or(&line.path),
        false => line.path.trim_start_matches('/'),
    };
    let recorded = Recorded {
        path: path.to_owned(),
        host,
        method: line.method,
        query: line.query,
        body: line.body,
        status: line.status,
        answer: line.answer,
    };
    let asker = if is_ours { Asker::Ours } else { Asker::Stranger };
    (asker, recorded)
}
/// The checks themselves: what a test's site was asked is kept, and a departure in it is noticed.
#[test]
fn a_departure_in_what_a_site_was_asked_is_noticed() {
    let Some(published) = published() else { return };
    let site = Site::new();
    site.northwind().sees("tenant.get_organization().DisplayName");
    site.northwind().sees("tenant.find_subscriptions().first().subscriptionId");

    let kept = fs::read_to_string(site.traffic()).expect("the sandbox kept what it was asked");

    assert_eq!(faults(published, &kept), Vec::<String>::new());
    assert!(!kept.contains("Bearer"), "headers are nobody's business");
    for host in [GRAPH, ARM] {
        let line = kept.lines().find(|line| line.contains(host)).expect("it was asked");
        let mut line: Value = serde_json::from_str(line).expect("the traffic is JSON");
        line["answer"]["value"][0]["id"] = 1.into();
        let told = faults(published, &format!("{line}\n"));
        assert!(told[0].contains("answer.value[].id: 1 is no string"), "{told:?}");
        (line["status"], line["answer"]) = (404.into(), Value::Null);
        line["query"] = serde_json::json!([["$taste", "sweet"], ["api-version", "2022-12-01"]]);
        let told = faults(published, &format!("{line}\n"));
        assert!(
            told.iter().any(|fault| fault.contains("option `$taste` is not documented")),
            "{told:?}"
        );
        line["client"] = "stranger/1".into();
        let told = faults(published, &format!("{line}\n"));
        assert!(told.iter().all(|fault| !fault.contains("request")) && !told.is_empty(), "{told:?}");
    }
}
