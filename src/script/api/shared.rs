//! `counter()` and `collector()`: sums and lists that the threads of `parallel` share.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::AtomicI64;
use std::sync::atomic::Ordering;

use rhai::Array;
use rhai::Dynamic;
use rhai::Engine;
use rhai::FuncRegistration;

use super::describe;
use crate::script::host::lock;

/// A number that threads add to; copies are the same number.
#[derive(Debug, Clone, Default)]
struct Counter(Arc<AtomicI64>);

/// A list that threads add to; copies are the same list.
#[derive(Debug, Clone, Default)]
struct Collector(Arc<Mutex<Array>>);

pub(super) fn register(engine: &mut Engine) {
    engine.register_type_with_name::<Counter>("Counter");
    engine.register_type_with_name::<Collector>("Collector");
    describe("counter", &["Counter"], "A number that the threads of `parallel` share.").register_into_engine(engine, Counter::default);
    describe("add", &["counter: Counter", "number: int"], "Adds to the number.").register_into_engine(
        engine,
        |counter: Counter, number: i64| {
            counter.0.fetch_add(number, Ordering::Relaxed);
        },
    );
    FuncRegistration::new_getter("value")
        .with_params_info(["counter: Counter", "int"])
        .with_comments(["/// The number now."])
        .register_into_engine(engine, |counter: &mut Counter| counter.0.load(Ordering::Relaxed));
    describe("to_string", &["counter: Counter", "string"], "The number now.")
        .register_into_engine(engine, |counter: Counter| counter.0.load(Ordering::Relaxed).to_string());
    describe("collector", &["Collector"], "A list that the threads of `parallel` share.").register_into_engine(engine, Collector::default);
    describe(
        "add",
        &["collector: Collector", "value: any"],
        "Adds to the list; the order is that of arrival.",
    )
    .register_into_engine(engine, |collector: Collector, value: Dynamic| {
        lock(&collector.0).push(value.flatten())
    });
    describe("to_array", &["collector: Collector", "array"], "What was collected so far.")
        .register_into_engine(engine, |collector: Collector| lock(&collector.0).clone());
    describe("len", &["collector: Collector", "int"], "How many were collected so far.")
        .register_into_engine(engine, |collector: Collector| lock(&collector.0).len() as i64);
}
