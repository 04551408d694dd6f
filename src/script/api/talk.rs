//! What a script says: `print`, `note`, `table`, `progress`, and `exit`.

use std::sync::Arc;

use rhai::Dynamic;
use rhai::Engine;
use rhai::EvalAltResult;
use rhai::ImmutableString;
use rhai::Map;
use rhai::NativeCallContext;
use rhai::Position;

use super::describe;
use crate::script::Progress;
use crate::script::engine::Exit;
use crate::script::host::Host;
use crate::script::thrown::At;
use crate::script::thrown::Fallible;
use crate::script::thrown::Thrown;
use crate::script::thrown::invalid;

/// Shows how far long work is; copies are the same bar.
#[derive(Clone)]
struct Bar(Arc<dyn Progress>);

pub(super) fn register(engine: &mut Engine, host: &Arc<Host>) {
    let h = host.clone();
    engine.on_print(move |text| h.console.print(text));
    let h = host.clone();
    engine.on_debug(move |text, source, position| h.console.note(&place(source, position, text)));

    let h = host.clone();
    describe("note", &["value: any"], "Says something on standard error, apart from the data.").register_into_engine(
        engine,
        move |ctx: NativeCallContext, value: Dynamic| -> Fallible<()> {
            let text: ImmutableString = ctx.call_native_fn("to_string", (value,))?;
            h.console.note(&text);
            Ok(())
        },
    );
    let h = host.clone();
    describe(
        "table",
        &["rows: array"],
        "Shows maps, objects or rows as a table; with `--json` on standard error, where it is not in the way of the result.",
    )
    .register_into_engine(engine, move |ctx: NativeCallContext, rows: Dynamic| -> Fallible<()> {
        h.console.table(&h.to_records(&rows).at(&ctx)?);
        Ok(())
    });
    const JSON: &str = "The value as JSON; secrets stay hidden.";
    let h = host.clone();
    describe("to_json", &["value: any", "string"], JSON).register_into_engine(engine, move |ctx: NativeCallContext, value: Dynamic| {
        h.to_json(&value).map(|json| json.to_string()).at(&ctx)
    });
    // Rhai has one for maps, which would win over the one above and knows none of our objects.
    let h = host.clone();
    describe("to_json", &["value: map", "string"], JSON).register_into_engine(engine, move |ctx: NativeCallContext, map: Map| {
        h.to_json(&map.into()).map(|json| json.to_string()).at(&ctx)
    });
    describe(
        "exit",
        &["status: int", "value: any"],
        "Ends the run with status 0, 1, 3 (findings) or 4 (partly failed) and this value.",
    )
    .register_into_engine(engine, exit);
    describe(
        "exit",
        &["status: int"],
        "Ends the run with status 0, 1, 3 (findings) or 4 (partly failed).",
    )
    .register_into_engine(engine, |ctx: NativeCallContext, status: i64| exit(ctx, status, Dynamic::UNIT));
    describe("exit", &["()"], "Ends the run with status 0.")
        .register_into_engine(engine, |ctx: NativeCallContext| exit(ctx, 0, Dynamic::UNIT));
    let h = host.clone();
    describe(
        "progress_note",
        &["text: string"],
        "Says what is being done right now; inside `wait_until` beside what is waited for.",
    )
    .register_into_engine(engine, move |text: ImmutableString| h.say(&text));
    bars(engine, host);
}

fn bars(engine: &mut Engine, host: &Arc<Host>) {
    engine.register_type_with_name::<Bar>("Progress");
    let h = host.clone();
    describe(
        "progress",
        &["title: string", "total: int", "Progress"],
        "Begins to show how far long work is.",
    )
    .register_into_engine(engine, move |title: ImmutableString, total: i64| {
        Bar(Arc::from(h.console.progress(&title, u64::try_from(total).ok())))
    });
    let h = host.clone();
    describe(
        "progress",
        &["title: string", "Progress"],
        "Begins to show long work of unknown length.",
    )
    .register_into_engine(engine, move |title: ImmutableString| {
        Bar(Arc::from(h.console.progress(&title, None)))
    });
    describe("step", &["progress: Progress"], "One more piece is done.").register_into_engine(engine, |bar: Bar| bar.0.advance(1));
    describe("step", &["progress: Progress", "pieces: int"], "So many more pieces are done.")
        .register_into_engine(engine, |bar: Bar, pieces: i64| bar.0.advance(u64::try_from(pieces).unwrap_or(0)));
    describe("say", &["progress: Progress", "text: string"], "Says what is being done right now.")
        .register_into_engine(engine, |bar: Bar, text: ImmutableString| bar.0.say(&text));
    describe("done", &["progress: Progress"], "The work is over.").register_into_engine(engine, |bar: Bar| bar.0.finish());
}

/// No script can catch this, so whatever comes after `exit` is not run.
fn exit(ctx: NativeCallContext, status: i64, value: Dynamic) -> Fallible<()> {
    match u8::try_from(status) {
        Ok(status @ (0 | 1 | 3 | 4)) => {
            let exit = Exit { status, value };
            Err(EvalAltResult::ErrorTerminated(Dynamic::from(exit), ctx.call_position()).into())
        }
        _ => Err(Thrown::from(invalid(format!("a script may exit with 0, 1, 3 or 4, not {status}"))).raise(&ctx)),
    }
}

fn place(source: Option<&str>, position: Position, text: &str) -> String {
    match (source, position.line()) {
        (Some(source), Some(line)) => format!("{source}:{line}: {text}"),
        _ => text.to_owned(),
    }
}
