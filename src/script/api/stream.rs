//! `Stream`: a lazy collection. It is a recipe: each loop or terminal call runs it anew and holds one page at a time.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

use rhai::Array;
use rhai::Dynamic;
use rhai::Engine;
use rhai::EvalAltResult;
use rhai::FnPtr;
use rhai::GlobalRuntimeState;
use rhai::NativeCallContext;
use rhai::Position;

use super::describe;
use crate::script::host::Host;
use crate::script::thrown::Fallible;
use crate::script::thrown::Thrown;
use crate::script::thrown::invalid;

/// The items of one pass over a stream.
pub type Items = Box<dyn Iterator<Item = Fallible<Dynamic>> + Send>;

/// A lazy collection.
#[derive(Clone)]
pub struct Stream {
    open: Arc<dyn Fn() -> Items + Send + Sync>,
}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Stream")
    }
}

impl IntoIterator for Stream {
    type Item = Fallible<Dynamic>;
    type IntoIter = Items;

    fn into_iter(self) -> Items {
        self.iter()
    }
}

impl Stream {
    /// A stream whose passes are made by `open`.
    pub fn new(open: impl Fn() -> Items + Send + Sync + 'static) -> Self {
        Self { open: Arc::new(open) }
    }

    /// A stream of pages: `pager` begins a pass and gives the function that fetches the next page.
    pub fn of_pages<P>(pager: impl Fn() -> P + Send + Sync + 'static) -> Self
    where
        P: FnMut() -> Fallible<Option<Vec<Dynamic>>> + Send + 'static,
    {
        Self::new(move || {
            let mut next_page = pager();
            let mut page = VecDeque::new();
            let mut is_over = false;
            Box::new(std::iter::from_fn(move || {
                while page.is_empty() && !is_over {
                    match next_page() {
                        Ok(Some(items)) => page = items.into(),
                        Ok(None) => is_over = true,
                        Err(error) => {
                            is_over = true;
                            return Some(Err(error));
                        }
                    }
                }
                page.pop_front().map(Ok)
            }))
        })
    }

    /// One pass over the items.
    pub fn iter(&self) -> Items {
        (self.open)()
    }

    fn filter(self, keep: Callback) -> Self {
        Self::new(move || {
            let keep = keep.clone();
            Box::new(self.iter().filter_map(move |item| match item {
                Ok(item) => match keep.is_true(item.clone()) {
                    Ok(true) => Some(Ok(item)),
                    Ok(false) => None,
                    Err(error) => Some(Err(error)),
                },
                Err(error) => Some(Err(error)),
            }))
        })
    }

    fn map(self, change: Callback) -> Self {
        Self::new(move || {
            let change = change.clone();
            Box::new(self.iter().map(move |item| change.call(item?)))
        })
    }

    fn take(self, count: i64) -> Self {
        Self::new(move || Box::new(self.iter().take(usize::try_from(count).unwrap_or(0))))
    }
}

/// A closure with the context of the call that received it, so that it can run also where a `for` pulls the stream.
#[derive(Clone)]
pub struct Callback {
    host: Arc<Host>,
    closure: FnPtr,
    function: String,
    source: Option<String>,
    state: GlobalRuntimeState,
    position: Position,
}

impl Callback {
    /// `closure` as it was given to the function that is being called.
    pub fn new(host: &Arc<Host>, ctx: &NativeCallContext, closure: FnPtr) -> Self {
        Self {
            host: host.clone(),
            closure,
            function: ctx.fn_name().to_owned(),
            source: ctx.call_source().map(str::to_owned),
            state: ctx.global_runtime_state().clone(),
            position: ctx.call_position(),
        }
    }

    /// Calls the closure with `item`.
    pub fn call(&self, item: Dynamic) -> Fallible<Dynamic> {
        let Some(engine) = self.host.engine() else {
            return Err(EvalAltResult::ErrorRuntime(Dynamic::from(Thrown::from(invalid("the run is over"))), self.position).into());
        };
        let ctx = NativeCallContext::new_with_all_fields(&engine, &self.function, self.source.as_deref(), &self.state, self.position);
        self.closure.call_within_context(&ctx, (item,))
    }

    /// Calls the closure and takes its answer for a truth.
    pub fn is_true(&self, item: Dynamic) -> Fallible<bool> {
        let answer = self.call(item)?;
        answer.as_bool().map_err(|kind| {
            let trouble = invalid(format!("the closure of `{}` must give true or false, not {kind}", self.function));
            EvalAltResult::ErrorRuntime(Dynamic::from(Thrown::from(trouble)), self.position).into()
        })
    }
}

pub(super) fn register(engine: &mut Engine, host: &Arc<Host>) {
    engine.register_type_with_name::<Stream>("Stream");
    engine.register_iterator_result::<Stream, Dynamic>();
    let h = host.clone();
    describe(
        "filter",
        &["stream: Stream", "keep: closure", "Stream"],
        "The items for which the closure gives true.",
    )
    .register_into_engine(engine, move |ctx: NativeCallContext, stream: Stream, keep: FnPtr| {
        stream.filter(Callback::new(&h, &ctx, keep))
    });
    let h = host.clone();
    describe(
        "map",
        &["stream: Stream", "change: closure", "Stream"],
        "What the closure makes of each item.",
    )
    .register_into_engine(engine, move |ctx: NativeCallContext, stream: Stream, change: FnPtr| {
        stream.map(Callback::new(&h, &ctx, change))
    });
    describe(
        "take",
        &["stream: Stream", "count: int", "Stream"],
        "The first items; no further page is fetched.",
    )
    .register_into_engine(engine, Stream::take);
    describe(
        "first",
        &["stream: Stream", "any"],
        "The first item, or `()`; no further page is fetched.",
    )
    .register_into_engine(engine, |stream: Stream| -> Fallible<Dynamic> {
        Ok(stream.iter().next().transpose()?.unwrap_or_default())
    });
    for name in ["collect", "to_array"] {
        describe(name, &["stream: Stream", "array"], "All items as an array.")
            .register_into_engine(engine, |stream: Stream| stream.iter().collect::<Fallible<Array>>());
    }
    for name in ["count", "len"] {
        describe(name, &["stream: Stream", "int"], "How many items there are; all pages are fetched.")
            .register_into_engine(engine, |stream: Stream| -> Fallible<i64> {
                stream.iter().try_fold(0, |count, item| item.map(|_| count + 1))
            });
    }
    describe(
        "is_empty",
        &["stream: Stream", "bool"],
        "Whether there is no item; at most one page is fetched.",
    )
    .register_into_engine(engine, |stream: Stream| -> Fallible<bool> {
        Ok(stream.iter().next().transpose()?.is_none())
    });
    for (name, wanted, help) in [
        ("any", true, "Whether the closure gives true for any item."),
        ("some", true, "Whether the closure gives true for any item."),
        ("all", false, "Whether the closure gives true for all items."),
    ] {
        let h = host.clone();
        describe(name, &["stream: Stream", "test: closure", "bool"], help).register_into_engine(
            engine,
            move |ctx: NativeCallContext, stream: Stream, test: FnPtr| -> Fallible<bool> {
                let test = Callback::new(&h, &ctx, test);
                for item in stream.iter() {
                    if test.is_true(item?)? == wanted {
                        return Ok(wanted);
                    }
                }
                Ok(!wanted)
            },
        );
    }
    let h = host.clone();
    describe(
        "for_each",
        &["stream: Stream", "closure: closure"],
        "Calls the closure with each item.",
    )
    .register_into_engine(
        engine,
        move |ctx: NativeCallContext, stream: Stream, closure: FnPtr| -> Fallible<()> {
            let closure = Callback::new(&h, &ctx, closure);
            stream.iter().try_for_each(|item| closure.call(item?).map(|_| ()))
        },
    );
    for name in ["to_string", "to_debug"] {
        describe(name, &["stream: Stream", "string"], "`[stream]`.").register_into_engine(engine, |_: Stream| "[stream]");
    }
}
