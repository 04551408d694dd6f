//! Client and sandbox against the description.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;
use xtenant::change::Call;
use xtenant::sandbox;
use xtenant::tenant::From;
use xtenant::tenant::operations;
use xtenant::tenant::readings;

use super::super::published::Asker;
use super::super::published::contracts;
use super::Azure;
use super::examples::azure;
use super::excuses::OLDER;
use super::excuses::UNDESCRIBED;
use super::excuses::UNLISTED_ROLES;
use super::excuses::ends_at;
use super::excuses::is_at;
use super::excuses::is_undescribed;
use super::excuses::older;
use super::traffic;
use crate::common::ARM;
use crate::common::GRAPH;
use crate::common::Recorded;

#[test]
fn what_the_program_asks_of_azure_and_is_answered_is_as_published() {
    let Some(azure) = azure() else { return };

    hold(azure, traffic::of_the_program(), Asker::Ours);
}

#[test]
fn what_the_sandbox_answers_to_any_client_of_azure_is_as_published() {
    let Some(azure) = azure() else { return };

    hold(azure, traffic::of_strangers(), Asker::Stranger);
}

#[track_caller]
fn hold(azure: &Azure, traffic: &[Recorded], asker: Asker) {
    let mut faults = BTreeSet::new();
    for recorded in of_azure(traffic) {
        let Recorded { method, path, status, .. } = recorded;
        let found = azure
            .unexcused(recorded)
            .into_iter()
            .filter(|fault| asker.answers_for(recorded, fault));
        faults.extend(found.map(|fault| format!("{method} {path} {status}: {fault}")));
    }

    let faults: Vec<_> = faults.into_iter().collect();
    assert!(faults.is_empty(), "{} are not as published:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn what_is_excused_was_seen() {
    let Some(azure) = azure() else { return };
    let traffic = || of_azure(traffic::of_strangers()).chain(of_azure(traffic::of_the_program()));
    let mut seen = BTreeSet::new();
    for recorded in traffic().filter(|recorded| !is_undescribed(recorded)) {
        let faults = azure.faults(recorded);
        seen.extend(faults.iter().flat_map(|fault| older(recorded, fault)));
    }
    for (method, path) in UNDESCRIBED {
        let mut asked = traffic().filter(|recorded| recorded.method == *method);
        assert!(asked.any(|recorded| is_at(path, &recorded.path)), "{method} {path}");
    }

    let all = OLDER
        .iter()
        .flat_map(|(fault, places)| places.iter().map(move |(method, path)| (*fault, *method, *path)));
    let idle: Vec<_> = all.filter(|excuse| !seen.contains(excuse)).collect();
    assert!(idle.is_empty(), "{idle:?}");
}

#[test]
fn every_operation_of_the_sandbox_for_azure_is_described_and_was_seen_to_work() {
    let Some(azure) = azure() else { return };
    let arm = sandbox::arm_operations().map(|operation| (ARM, operation.method, operation.path));
    let vault = sandbox::vault_operations().map(|operation| ("vault", operation.method, operation.path));
    let traffic = || traffic::of_strangers().iter().chain(traffic::of_the_program());
    let mut faults = Vec::new();
    for (host, method, path) in arm.chain(vault) {
        let is_listed = UNDESCRIBED.iter().any(|(known, pattern)| *known == method && is_at(pattern, path));
        if !is_listed && azure.operation(host, method, &filled(path)).is_none() {
            faults.push(format!("{method} {path} is not described"));
        }
        let mut worked = traffic().filter(|recorded| recorded.succeeded() && (recorded.host == ARM) == (host == ARM));
        if !worked.any(|recorded| recorded.method == method && is_at(path, &recorded.path)) {
            faults.push(format!("{method} {path} was never seen to work"));
        }
    }

    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_operation_of_the_program_in_azure_was_seen_to_work() {
    let writes = operations::all().iter().filter_map(|descriptor| match descriptor.call {
        Call::Arm { method, path, .. } | Call::Vault { method, path } => Some((descriptor.name, method, path)),
        Call::Http { .. } | Call::Cmdlet(_) => None,
    });
    let reads = readings().iter().filter_map(|reading| match reading.from {
        From::Arm { path, .. } | From::Vault { path } => Some((reading.name, "GET", path)),
        From::Graph { .. } | From::Cmdlet { .. } => None,
    });
    for (name, method, path) in writes.chain(reads) {
        // A whole id stands first.
        let tail = path.split_once('/').map(|(_, tail)| tail);
        let is_seen = |tail: &str| {
            let mut worked = traffic::of_the_program().iter().filter(|recorded| recorded.succeeded());
            worked.any(|recorded| recorded.method == method && ends_at(tail, &recorded.path))
        };
        let is_called = traffic::TOUR.contains(&format!("t.{name}("));
        assert!(is_called || tail.is_some_and(is_seen), "`{name}` was never seen to work");
    }
}

#[test]
fn the_roles_that_the_sandbox_knows_have_their_published_ids() {
    let Some(folder) = contracts() else { return };
    let published = fs::read_to_string(folder.join("well-known-ids.json")).expect("the ids can be read");
    let published: Value = serde_json::from_str(&published).expect("they are JSON");
    let mut lists = traffic::of_strangers()
        .iter()
        .filter(|recorded| recorded.path.ends_with("/roleDefinitions"));
    let roles = lists
        .next()
        .and_then(|recorded| recorded.answer.clone())
        .expect("the roles were listed");
    let published = published["azureRoleDefinitions"].as_object().expect("roles");
    let roles = roles["value"].as_array().expect("roles");
    let mut left: BTreeSet<&str> = UNLISTED_ROLES.iter().copied().collect();
    assert!(!published.is_empty() && !roles.is_empty());
    for role in roles {
        let name = role["properties"]["roleName"].as_str().expect("a role has a name");
        match published.get(name) {
            Some(id) => assert_eq!(role["name"], *id, "{name}"),
            None => assert!(left.remove(name), "{name} is neither published nor known to be left out"),
        }
    }
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn only_what_is_not_described_is_listed_as_such() {
    let Some(azure) = azure() else { return };
    for (method, path) in UNDESCRIBED {
        let host = if path.starts_with("/subscriptions") { ARM } else { "vault" };
        assert!(azure.operation(host, method, &filled(path)).is_none(), "{method} {path}");
    }
}

fn of_azure(traffic: &[Recorded]) -> impl Iterator<Item = &Recorded> {
    traffic.iter().filter(|recorded| recorded.host != GRAPH && !is_blob(&recorded.host))
}

/// Blobs are XML and files, described elsewhere.
fn is_blob(host: &str) -> bool {
    host.contains(".blob.")
}

/// A path with something at its open places.
fn filled(path: &str) -> String {
    let segments = path.split('/').map(|segment| if segment.starts_with('{') { "x" } else { segment });
    segments.collect::<Vec<_>>().join("/")
}
