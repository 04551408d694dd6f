//! Client and sandbox, each held against what Microsoft published, so that one mistake cannot agree with itself.

mod azure;
mod identifiers;
mod metadata;
mod published;
mod specification;
mod suite;
mod traffic;

use std::collections::BTreeSet;
use std::sync::Arc;

use published::Published;
use published::general;
use published::is_undescribed;
use published::published;
pub use suite::hold as hold_traffic;
use xtenant::change::Call;
use xtenant::cloud::CloudName;
use xtenant::cloud::Connection;
use xtenant::cloud::Credential;
use xtenant::cloud::Route;
use xtenant::cloud::api_version;
use xtenant::cloud::cloud;
use xtenant::model::Arguments;
use xtenant::platform::SystemClock;
use xtenant::sandbox;
use xtenant::sandbox::Sandbox;
use xtenant::tenant::From;
use xtenant::tenant::operations;
use xtenant::tenant::readings;

use crate::common::GRAPH;
use crate::common::Recorded;
use crate::common::Site;

#[test]
fn what_the_program_asks_of_graph_and_is_answered_is_as_published() {
    let Some(published) = published() else { return };

    let traffic = traffic::of_the_program().iter().chain(azure::of_the_program());
    hold(published, traffic);
}

#[test]
fn what_the_sandbox_answers_to_any_client_is_as_published() {
    let Some(published) = published() else { return };

    hold(published, traffic::of_strangers().iter());
}

#[test]
fn every_operation_of_the_program_by_graph_was_seen_to_work() {
    let writes = operations::all().iter().filter_map(|descriptor| match descriptor.call {
        Call::Http { method, path } => Some((method, path)),
        _ => None,
    });
    let reads = readings().iter().filter_map(|reading| match reading.from {
        From::Graph { path, .. } => Some(("GET", path)),
        _ => None,
    });

    unseen(writes.chain(reads), traffic::of_the_program().iter());
}

#[test]
fn every_operation_of_the_sandbox_was_seen_to_work() {
    let operations = sandbox::graph_operations().map(|operation| (operation.method, operation.path));
    let described = operations.filter(|(_, path)| !is_undescribed(path));

    unseen(described, traffic::of_the_program().iter().chain(traffic::of_strangers()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sandbox_answers_at_every_host_of_every_cloud_of_the_client() {
    let site = Site::new();
    // The program keeps the traffic, which the end of the site looks at.
    let _served = site.contoso().serves(&["--stopped"]);
    let sandbox = Sandbox::open(&site.sandbox()).await.expect("a sandbox");
    let contoso = sandbox.tenant("contoso").expect("a tenant of the sandbox");
    for name in CloudName::ALL {
        let administrator = Credential::Secret {
            client_id: contoso.admin_client_id.clone(),
            secret: contoso.admin_client_secret.clone(),
        };
        let route = Route {
            connect_to: Some(sandbox.address()),
            only_root_pem: Some(sandbox.ca_pem().to_owned()),
        };
        let connection = Connection::new(cloud(name), &contoso.domain, administrator, route, Arc::new(SystemClock));
        let connection = connection.expect("a connection");

        let organization = connection.graph_page("/organization", &[], None).await.expect("Graph answers");
        let subscriptions = connection.arm_page("/subscriptions", api_version::SUBSCRIPTIONS, &[], None).await;
        let vault = format!("https://nobody-kv.{}/certificates", cloud(name).vault_suffix);
        let nobody = connection.vault_page(&vault, None).await.expect_err("there is no such vault");
        let configuration = connection.exchange_read("Get-OrganizationConfig", &Arguments::new(), None).await;

        assert_eq!(organization.records[0].text("id"), Some(contoso.tenant_id.as_str()), "{name}");
        assert_eq!(subscriptions.expect("Azure answers").records.len(), 1, "{name}");
        assert!(nobody.to_string().contains("there is no host"), "{name}: {nobody}");
        assert_eq!(configuration.expect("Exchange answers").records.len(), 1, "{name}");
    }
}

#[track_caller]
fn hold<'r>(published: &Published, traffic: impl Iterator<Item = &'r Recorded>) {
    let of_graph = traffic.filter(|recorded| recorded.host == GRAPH);
    let told = of_graph.flat_map(|recorded| {
        let faults = published.faults(recorded).into_iter();
        faults.map(|fault| format!("{} {}: {fault}", recorded.method, general(&recorded.path)))
    });

    let faults: Vec<_> = told.collect::<BTreeSet<_>>().into_iter().collect();
    assert!(faults.is_empty(), "{} are not as published:\n{}", faults.len(), faults.join("\n"));
}

#[track_caller]
fn unseen<'r>(operations: impl Iterator<Item = (&'static str, &'static str)>, traffic: impl Iterator<Item = &'r Recorded> + Clone) {
    let was_seen = |(method, path): &(&str, &str)| {
        let mut worked = traffic.clone().filter(|recorded| recorded.succeeded());
        worked.any(|recorded| recorded.method == *method && is_at(path, &recorded.path))
    };
    let unseen: Vec<_> = operations.filter(|operation| !was_seen(operation)).collect();

    assert!(unseen.is_empty(), "these never succeeded: {unseen:?}");
}

/// Whether a path is at a pattern of ours, where `{...}` is open.
fn is_at(pattern: &str, path: &str) -> bool {
    let segments = |path: &str| -> Vec<String> { path.trim_start_matches('/').split('/').map(str::to_owned).collect() };
    let (pattern, path) = (segments(pattern), segments(path));
    pattern.len() == path.len()
        && pattern
            .iter()
            .zip(&path)
            .all(|(open, segment)| open.starts_with('{') || open == segment)
}
