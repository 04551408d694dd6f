//! Errors as values: what `catch (e)` receives, and what a failing item of a parallel loop becomes.

use rhai::Dynamic;
use rhai::Engine;
use rhai::FuncRegistration;
use rhai::ImmutableString;
use rhai::Map;
use rhai::NativeCallContext;

use super::describe;
use crate::model::Kind;
use crate::model::Trouble;
use crate::script::thrown::Fallible;
use crate::script::thrown::Thrown;
use crate::script::thrown::invalid;

pub(super) fn register(engine: &mut Engine) {
    engine.register_type_with_name::<Thrown>("Error");
    properties(engine);

    describe("is_error", &["value: any", "bool"], "Says whether `value` is an error, such as the result of an item that failed; an error that was asked about no longer counts as one that the script missed.")
        .register_into_engine(engine, |value: Dynamic| match value.read_lock::<Thrown>() {
            Some(error) => {
                error.see();
                true
            }
            None => false,
        });
    describe(
        "handled",
        &["error: Error"],
        "Takes note that the script has dealt with a failed item.",
    )
    .register_into_engine(engine, |error: Thrown| error.see());
    describe("to_string", &["error: Error", "string"], "What happened, in one line.")
        .register_into_engine(engine, |error: Thrown| error.to_string());
    describe("to_debug", &["error: Error", "string"], "What happened, in one line.")
        .register_into_engine(engine, |error: Thrown| error.to_string());
    describe("to_map", &["error: Error", "map"], "The fields of an error as a map.").register_into_engine(engine, |error: Thrown| {
        let trouble = &error.trouble;
        Map::from([
            ("kind".into(), trouble.kind.as_str().into()),
            ("code".into(), trouble.code.clone().into()),
            ("message".into(), trouble.message.clone().into()),
            ("remedy".into(), or_unit(&trouble.remedy)),
            ("tenant".into(), or_unit(&trouble.tenant)),
            ("object".into(), or_unit(&trouble.object)),
            ("retryable".into(), trouble.retryable.into()),
        ])
    });
    describe("fail", &["message: string"], "Ends the script, or the item, with `message`.")
        .register_into_engine(engine, |ctx: NativeCallContext, message: ImmutableString| -> Fallible<()> {
            Err(refused(&message).deliberate().raise(&ctx))
        });
    describe(
        "fail",
        &["message: string", "remedy: string"],
        "Ends the script, or the item, with `message` and what the reader can do about it.",
    )
    .register_into_engine(
        engine,
        |ctx: NativeCallContext, message: ImmutableString, remedy: ImmutableString| -> Fallible<()> {
            let Thrown { trouble, .. } = refused(&message);
            Err(Thrown::from(trouble.with_remedy(remedy.as_str())).deliberate().raise(&ctx))
        },
    );
    describe(
        "fail",
        &["error: Error"],
        "Ends the script, or the item, with an error that was caught before.",
    )
    .register_into_engine(engine, |ctx: NativeCallContext, error: Thrown| -> Fallible<()> {
        Err(error.deliberate().raise(&ctx))
    });
    describe(
        "assert_eq",
        &["left: any", "right: any"],
        "Ends the script when the two differ; for tests of scripts.",
    )
    .register_into_engine(engine, |ctx: NativeCallContext, left: Dynamic, right: Dynamic| -> Fallible<()> {
        let debug = |value: &Dynamic| {
            ctx.call_native_fn::<ImmutableString>("to_debug", (value.clone(),))
                .unwrap_or_default()
        };
        let is_equal: bool = ctx.call_native_fn("==", (left.clone(), right.clone()))?;
        match is_equal {
            true => Ok(()),
            false => Err(Thrown::from(invalid(format!("{} is not {}", debug(&left), debug(&right)))).raise(&ctx)),
        }
    });
}

fn refused(message: &str) -> Thrown {
    Trouble::new(Kind::Refused, message).with_code("failed").into()
}

fn properties(engine: &mut Engine) {
    fn property<T: Into<Dynamic> + 'static>(engine: &mut Engine, name: &str, kind: &str, help: &str, get: fn(&Trouble) -> T) {
        FuncRegistration::new_getter(name)
            .with_params_info(["error: Error", kind])
            .with_comments([format!("/// {help}")])
            .register_into_engine(engine, move |error: &mut Thrown| -> Dynamic { get(&error.trouble).into() });
    }
    property(
        engine,
        "kind",
        "string",
        "What sort of error it is: `not_found`, `already_exists`, `forbidden`, `sign_in`, `throttled`, `invalid`, `refused`, `conflict`, `timeout`, `network`, `not_permitted`, `internal`.",
        |trouble| trouble.kind.as_str(),
    );
    property(engine, "code", "string", "The service's own code or exception type.", |trouble| {
        trouble.code.clone()
    });
    property(engine, "message", "string", "What happened.", |trouble| trouble.message.clone());
    property(engine, "remedy", "string", "What the reader can do, or `()`.", |trouble| {
        or_unit(&trouble.remedy)
    });
    property(engine, "tenant", "string", "The tenant, or `()`.", |trouble| {
        or_unit(&trouble.tenant)
    });
    property(engine, "object", "string", "The object, or `()`.", |trouble| {
        or_unit(&trouble.object)
    });
    property(engine, "retryable", "bool", "Whether trying again later may help.", |trouble| {
        trouble.retryable
    });
}

fn or_unit(text: &Option<String>) -> Dynamic {
    text.clone().map_or(Dynamic::UNIT, Dynamic::from)
}
