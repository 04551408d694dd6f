//! What a page of mailboxes costs: building records that share their key list, and comparing them at the gate.

use divan::Bencher;
use divan::black_box;
use serde_json::Map;
use serde_json::Value;
use xtenant::change::difference;
use xtenant::model::Arguments;
use xtenant::model::KeyCache;
use xtenant::model::Record;
use xtenant::tenant::operations;

const PAGE: usize = 1000;
const PROPERTIES: usize = 200;

fn main() {
    divan::main();
}

fn mailbox(number: usize) -> Map<String, Value> {
    (0..PROPERTIES)
        .map(|property| (format!("Property{property}"), format!("{number}").into()))
        .collect()
}

/// A page whose records share one key list, as `cloud` builds them.
#[divan::bench]
fn page_with_shared_keys(bencher: Bencher) {
    bencher
        .with_inputs(|| (0..PAGE).map(mailbox).collect::<Vec<_>>())
        .bench_values(|page| {
            let mut keys = KeyCache::default();
            page.into_iter().map(|map| keys.record(map)).collect::<Vec<_>>()
        });
}

/// The same page with a key list each, for the ratio.
#[divan::bench]
fn page_with_own_keys(bencher: Bencher) {
    bencher
        .with_inputs(|| (0..PAGE).map(mailbox).collect::<Vec<_>>())
        .bench_values(|page| page.into_iter().map(Record::from).collect::<Vec<_>>());
}

/// What the gate adds to an update that changes nothing.
#[divan::bench]
fn unchanged_update(bencher: Bencher) {
    let write = operations::find("set_mailbox").expect("the table of operations has it");
    let names: Vec<String> = (1..=15).map(|number| format!("CustomAttribute{number}")).collect();
    let before: Record = names.iter().map(|name| (name.clone(), Value::from("7"))).collect();
    let arguments = names.iter().fold(Arguments::new(), |arguments, name| arguments.with(name, "7"));
    bencher.bench(|| difference(black_box(Some(&before)), write, black_box(&arguments)));
}
