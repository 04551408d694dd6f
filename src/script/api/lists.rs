//! What arrays lack to be used like streams, and grouping.

use std::collections::BTreeMap;
use std::collections::HashSet;

use rhai::Array;
use rhai::Dynamic;
use rhai::Engine;
use rhai::FnPtr;
use rhai::ImmutableString;
use rhai::Map;
use rhai::NativeCallContext;

use super::describe;
use super::stream::Stream;
use crate::script::thrown::Fallible;

pub(super) fn register(engine: &mut Engine) {
    describe("first", &["list: array", "any"], "The first entry, or `()`.")
        .register_into_engine(engine, |list: Array| list.into_iter().next().unwrap_or_default());
    describe("last", &["list: array", "any"], "The last entry, or `()`.")
        .register_into_engine(engine, |list: Array| list.into_iter().next_back().unwrap_or_default());
    describe("take", &["list: array", "count: int", "array"], "The first entries.")
        .register_into_engine(engine, |list: Array, count: i64| {
            list.into_iter().take(usize::try_from(count).unwrap_or(0)).collect::<Array>()
        });
    describe("count", &["list: array", "int"], "How many entries there are.").register_into_engine(engine, |list: Array| list.len() as i64);
    describe(
        "count",
        &["list: array", "test: closure", "int"],
        "For how many entries the closure gives true.",
    )
    .register_into_engine(engine, |ctx: NativeCallContext, list: Array, test: FnPtr| -> Fallible<i64> {
        list.into_iter().try_fold(0, |count, item| {
            let is_counted = test.call_within_context::<bool>(&ctx, (item,))?;
            Ok(count + i64::from(is_counted))
        })
    });
    describe(
        "any",
        &["list: array", "test: closure", "bool"],
        "Whether the closure gives true for any entry.",
    )
    .register_into_engine(engine, |ctx: NativeCallContext, list: Array, test: FnPtr| -> Fallible<bool> {
        for item in list {
            if test.call_within_context::<bool>(&ctx, (item,))? {
                return Ok(true);
            }
        }
        Ok(false)
    });
    // Rhai's own `for_each` passes the number and binds the entry to `this`; here closures always get the entry, as with streams.
    describe(
        "for_each",
        &["list: array", "closure: closure"],
        "Calls the closure with each entry.",
    )
    .register_into_engine(engine, |ctx: NativeCallContext, list: Array, closure: FnPtr| -> Fallible<()> {
        list.into_iter()
            .try_for_each(|item| closure.call_within_context::<Dynamic>(&ctx, (item,)).map(|_| ()))
    });
    for name in ["collect", "to_array"] {
        describe(
            name,
            &["list: array", "array"],
            "The array itself, so that arrays and streams can be used alike.",
        )
        .register_into_engine(engine, |list: Array| list);
    }
    describe("stream", &["list: array", "Stream"], "The entries as a stream.").register_into_engine(engine, |list: Array| {
        Stream::new(move || Box::new(list.clone().into_iter().map(Ok)))
    });
    describe(
        "flatten",
        &["list: array", "array"],
        "The entries of all arrays in the list, one after another.",
    )
    .register_into_engine(engine, |list: Array| {
        list.into_iter()
            .flat_map(|item| match item.is_array() {
                true => item.into_array().unwrap_or_default(),
                false => vec![item],
            })
            .collect::<Array>()
    });
    describe(
        "unique",
        &["list: array", "array"],
        "The entries without repetition, the first of each kept; texts are compared without case.",
    )
    .register_into_engine(engine, |ctx: NativeCallContext, list: Array| unique(&ctx, list));
    describe(
        "group_by",
        &["list: array", "key: closure", "map"],
        "A map from what the closure gives for an entry to the array of those entries.",
    )
    .register_into_engine(engine, |ctx: NativeCallContext, list: Array, key: FnPtr| -> Fallible<Map> {
        let mut groups: BTreeMap<_, Array> = BTreeMap::new();
        for item in list {
            let key = key.call_within_context::<Dynamic>(&ctx, (item.clone(),))?;
            let name: ImmutableString = ctx.call_native_fn("to_string", (key,))?;
            groups.entry(name.as_str().into()).or_default().push(item);
        }
        Ok(groups.into_iter().map(|(name, items)| (name, items.into())).collect())
    });
}

fn unique(ctx: &NativeCallContext, list: Array) -> Fallible<Array> {
    let mut seen = HashSet::new();
    let mut kept = Array::new();
    for item in list {
        let key: ImmutableString = ctx.call_native_fn("to_debug", (item.clone(),))?;
        if seen.insert(key.to_lowercase()) {
            kept.push(item);
        }
    }
    Ok(kept)
}
