//! A day is a day, however the clock gets through it.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use proptest::prelude::*;
use regex_lite::Regex;
use rusqlite::Connection;
use serde_json::json;
use tempfile::TempDir;

use super::lab;
use super::lab::Lab;
use crate::sandbox::Store;
use crate::sandbox::world::World;

const MINUTES: u64 = 24 * 60;
/// Who may be in the batch: some move, some fail, each at another point of the way.
const PEOPLE: &[&str] = &["LaraN", "HollyH", "NadiaN", "OttoO", "BelaB", "PiaP", "QuentinQ", "MiloM"];
/// Every table, each row as one text that does not depend on the order in which ids were made.
const TABLES: &str = "
    select 'meta' || key || value from meta union all
    select 'object' || o.place || o.tenant || o.kind || o.body from object o union all
    select 'identity' || i.tenant || i.form || i.value || o.place from identity i join object o on o.place = i.place union all
    select 'event' || due || tenant || kind || body from event union all
    select 'request' || id || at || tenant || line from request";

/// A batch under way: who is in it, when it is to be completed, and how many may be copied at once.
fn batch(people: &[&str], complete_after: Option<u8>, at_once: u8) -> TempDir {
    let (folder, world) = lab::world();
    let done: rusqlite::Result<()> = world.store.transaction(|tx| {
        let lab = Lab { tx };
        lab.edit_kind("northwind", "endpoint", "MaxConcurrentMigrations", at_once.to_string());
        let addresses: Vec<_> = people.iter().map(|alias| lab.prepare(alias)).collect();
        let end = complete_after.map(|hours| tx.now() + jiff::SignedDuration::from_hours(hours.into()));
        let more = end.map_or(json!({}), |end| json!({"CompleteAfter": end.to_string()}));
        lab.submit("wave-01", &addresses, more);
        Ok(())
    });
    done.unwrap();
    folder
}

/// The state of a copy of `folder` after these minutes, one advance each.
fn after(folder: &Path, steps: impl IntoIterator<Item = u64>) -> Vec<String> {
    let copy = tempfile::tempdir().unwrap();
    fs::copy(folder.join("state.db"), copy.path().join("state.db")).unwrap();
    let world = World::new(Store::open_finished(copy.path()).unwrap(), copy.path().to_owned(), "control".into()).unwrap();
    for minutes in steps {
        world.advance(Duration::from_secs(60 * minutes)).unwrap();
    }
    drop(world);
    let state = Connection::open(copy.path().join("state.db")).unwrap();
    let mut query = state.prepare(TABLES).unwrap();
    let rows = query.query_map([], |row| row.get::<_, String>(0)).unwrap();
    named_in_order(rows.map(Result::unwrap).collect())
}

/// Ids are random: each is told by the place where it is met first.
fn named_in_order(rows: Vec<String>) -> Vec<String> {
    let id = Regex::new("[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}").unwrap();
    let mut known = HashMap::new();
    let name = |row: String| {
        let named = id.replace_all(&row, |found: &regex_lite::Captures<'_>| {
            let next = known.len();
            format!("id{}", known.entry(found[0].replace('-', "")).or_insert(next))
        });
        named.into_owned()
    };
    let mut rows: Vec<_> = rows.into_iter().map(name).collect();
    rows.sort();
    rows
}

/// The first row in which they differ, if any.
fn difference(one: &[String], other: &[String]) -> Option<(String, String)> {
    let rows = one.len().max(other.len());
    let row = |rows: &[String], at: usize| rows.get(at).cloned().unwrap_or_default();
    (0..rows).map(|at| (row(one, at), row(other, at))).find(|(one, other)| one != other)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_day_leaves_the_same_state_at_once_and_hour_by_hour(
        people in proptest::sample::subsequence(PEOPLE, 1..=PEOPLE.len()),
        complete_after in proptest::option::of(1..24_u8),
        at_once in 1..4_u8,
        cuts in proptest::collection::btree_set(1..MINUTES, 0..6),
    ) {
        let folder = batch(&people, complete_after, at_once);
        let ends: Vec<_> = cuts.into_iter().chain([MINUTES]).collect();
        let pieces = ends.iter().scan(0, |from, end| Some(end - std::mem::replace(from, *end)));

        let jump = after(folder.path(), [MINUTES]);

        prop_assert_eq!(difference(&jump, &after(folder.path(), [60; 24])), None);
        prop_assert_eq!(difference(&jump, &after(folder.path(), pieces)), None);
    }
}
