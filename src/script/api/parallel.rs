//! `parallel(n, closure)`: one closure on up to n threads, the results in order. A failing item is a result, not the end.

use std::num::NonZeroUsize;
use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;
use std::sync::Arc;
use std::sync::Mutex;
use std::thread;

use rhai::Array;
use rhai::Dynamic;
use rhai::Engine;
use rhai::EvalAltResult;
use rhai::FnPtr;
use rhai::Map;
use rhai::NativeCallContext;

use super::describe;
use super::stream::Items;
use super::stream::Stream;
use crate::model::Kind;
use crate::model::Trouble;
use crate::script::captures::CapturedWrite;
use crate::script::engine::is_mistake;
use crate::script::host::Host;
use crate::script::host::lock;
use crate::script::run::SCRIPT_STACK_BYTES;
use crate::script::thrown::At;
use crate::script::thrown::Fallible;
use crate::script::thrown::Thrown;
use crate::script::thrown::invalid;

/// More threads than any tenant's throttle lets work.
const MAX_WIDTH: i64 = 256;

pub(super) fn register(engine: &mut Engine, host: &Arc<Host>) {
    const HELP: &str = "Calls the closure with each item on up to n threads and gives the results in the order of the items; \
                        an item that fails gives an error (see `is_error`), and the others go on.";
    const TITLED: &str = "The same with options: `#{ progress: \"Importing\" }` shows how far it is.";
    let h = host.clone();
    describe("parallel", &["list: array", "n: int", "closure: closure", "array"], HELP)
        .register_into_engine(engine, move |ctx: NativeCallContext, list: Array, n: i64, closure: FnPtr| {
            of_array(&h, &ctx, list, n, &closure, &Map::new())
        });
    let h = host.clone();
    describe(
        "parallel",
        &["list: array", "n: int", "closure: closure", "options: map", "array"],
        TITLED,
    )
    .register_into_engine(
        engine,
        move |ctx: NativeCallContext, list: Array, n: i64, closure: FnPtr, options: Map| of_array(&h, &ctx, list, n, &closure, &options),
    );
    let h = host.clone();
    describe("parallel", &["stream: Stream", "n: int", "closure: closure", "array"], HELP).register_into_engine(
        engine,
        move |ctx: NativeCallContext, stream: Stream, n: i64, closure: FnPtr| {
            fan_out(&h, &ctx, stream.iter(), None, n, &closure, &Map::new())
        },
    );
    let h = host.clone();
    describe(
        "parallel",
        &["stream: Stream", "n: int", "closure: closure", "options: map", "array"],
        TITLED,
    )
    .register_into_engine(
        engine,
        move |ctx: NativeCallContext, stream: Stream, n: i64, closure: FnPtr, options: Map| {
            fan_out(&h, &ctx, stream.iter(), None, n, &closure, &options)
        },
    );
}

fn of_array(host: &Arc<Host>, ctx: &NativeCallContext, list: Array, n: i64, closure: &FnPtr, options: &Map) -> Fallible<Array> {
    let total = list.len();
    fan_out(host, ctx, Box::new(list.into_iter().map(Ok)), Some(total), n, closure, options)
}

/// What the threads share.
struct Work {
    items: Mutex<(usize, Items)>,
    results: Mutex<Vec<Option<Dynamic>>>,
    /// What ended the whole loop: a mistake in the script, a page that could not be read, or the stop.
    end: Mutex<Option<Box<EvalAltResult>>>,
}

fn fan_out(
    host: &Arc<Host>,
    ctx: &NativeCallContext,
    items: Items,
    total: Option<usize>,
    n: i64,
    closure: &FnPtr,
    options: &Map,
) -> Fallible<Array> {
    if let Some(write) = captured_write(host, closure, &mut Vec::new()) {
        return Err(invalid(write.explain()).with_code("captured_write")).at(ctx);
    }
    if closure.iter_curry().any(Dynamic::is_locked) {
        return Err(EvalAltResult::ErrorDataRace("the list".into(), ctx.call_position()).into());
    }
    let width = usize::try_from(n.min(MAX_WIDTH)).ok().and_then(NonZeroUsize::new);
    let Some(width) = width.filter(|_| n <= MAX_WIDTH) else {
        return Err(invalid(format!("`parallel` takes from 1 to {MAX_WIDTH} threads, got {n}"))).at(ctx);
    };
    if let Some(unknown) = options.keys().find(|key| *key != "progress") {
        return Err(invalid(format!("`parallel` has no option `{unknown}`; it has `progress`"))).at(ctx);
    }
    let progress = options
        .get("progress")
        .map(|title| host.console.progress(&title.to_string(), total.map(|n| n as u64)));
    let work = Work {
        items: Mutex::new((0, items)),
        results: Mutex::default(),
        end: Mutex::default(),
    };
    thread::scope(|scope| {
        for worker in 0..width.get().min(total.unwrap_or(usize::MAX)) {
            let body = || {
                let closure = private_copy(closure, &mut Vec::new());
                while lock(&work.end).is_none() {
                    let Some((at, item)) = next(&work) else { break };
                    let result = call(ctx, &closure, item);
                    keep(host, &work, at, result);
                    progress.as_ref().inspect(|progress| progress.advance(1));
                }
            };
            let thread = thread::Builder::new()
                .name(format!("parallel-{worker}"))
                .stack_size(SCRIPT_STACK_BYTES);
            if let Err(error) = thread.spawn_scoped(scope, body) {
                // The threads that could be had do the work; without any, that is the end.
                if worker == 0 {
                    let trouble = Trouble::new(Kind::Internal, "no thread could be had for `parallel`").caused_by(error);
                    lock(&work.end).get_or_insert(Thrown::from(trouble).raise(ctx));
                }
                break;
            }
        }
    });
    progress.inspect(|progress| progress.finish());
    if let Some(error) = lock(&work.end).take() {
        return Err(error);
    }
    let results = std::mem::take(&mut *lock(&work.results));
    Ok(results.into_iter().map(Option::unwrap_or_default).collect())
}

/// The next item with its number. A page that cannot be read ends the loop.
fn next(work: &Work) -> Option<(usize, Dynamic)> {
    let mut items = lock(&work.items);
    match items.1.next()? {
        Ok(item) => {
            let at = items.0;
            items.0 += 1;
            Some((at, item))
        }
        Err(error) => {
            lock(&work.end).get_or_insert(error);
            None
        }
    }
}

fn call(ctx: &NativeCallContext, closure: &FnPtr, item: Dynamic) -> Fallible<Dynamic> {
    catch_unwind(AssertUnwindSafe(|| closure.call_within_context(ctx, (item,)))).unwrap_or_else(|_| {
        let trouble = Trouble::new(Kind::Internal, "a function of the host broke down inside `parallel`");
        Err(Thrown::from(trouble).raise(ctx))
    })
}

/// Keeps a result in its place; an error that depends on the item is a result too.
fn keep(host: &Host, work: &Work, at: usize, result: Fallible<Dynamic>) {
    let value = match result {
        Ok(value) => value.flatten(),
        Err(error) if is_mistake(&error) => {
            lock(&work.end).get_or_insert(error);
            return;
        }
        Err(error) => {
            let error = Thrown::of(innermost(*error)).afresh();
            host.note_failed(error.clone());
            Dynamic::from(error)
        }
    };
    let mut results = lock(&work.results);
    if results.len() <= at {
        results.resize_with(at + 1, || None);
    }
    results[at] = Some(value);
}

/// The write to a captured variable in the closure, or in one that it has captured itself. `path` holds the closures on the way: a
/// closure in a variable may have captured that very variable.
fn captured_write(host: &Host, closure: &FnPtr, path: &mut Vec<String>) -> Option<CapturedWrite> {
    let name = closure.fn_name();
    if path.iter().any(|known| known == name) {
        return None;
    }
    path.push(name.to_owned());
    let inner = |value: &Dynamic| captured_write(host, &*value.read_lock::<FnPtr>()?, path);
    let found = host.captured_write(name).or_else(|| closure.iter_curry().find_map(inner));
    path.pop();
    found
}

/// The closure with captures that no other thread can lock, also those of closures among them. Host objects stay the same objects.
fn private_copy(closure: &FnPtr, path: &mut Vec<String>) -> FnPtr {
    let mut own = closure.clone();
    if path.iter().any(|known| known == closure.fn_name()) {
        return own;
    }
    path.push(closure.fn_name().to_owned());
    let private = |value: &Dynamic| match value.flatten_clone().try_cast_result::<FnPtr>() {
        Ok(inner) => Dynamic::from(private_copy(&inner, path)).into_shared(),
        Err(value) => value.into_shared(),
    };
    own.set_curry(closure.iter_curry().map(private).collect::<Vec<_>>());
    path.pop();
    own
}

fn innermost(error: EvalAltResult) -> EvalAltResult {
    match error {
        EvalAltResult::ErrorInFunctionCall(_, _, inner, _) | EvalAltResult::ErrorInModule(_, inner, _) => innermost(*inner),
        error => error,
    }
}
