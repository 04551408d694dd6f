//! `Time`, and waiting. Both go by the run's clock, which for tenants of the sandbox is the sandbox's.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use jiff::Span;
use jiff::SpanRelativeTo;
use jiff::Timestamp;
use jiff::fmt::strtime;
use jiff::tz::TimeZone;
use rhai::Dynamic;
use rhai::Engine;
use rhai::FnPtr;
use rhai::ImmutableString;
use rhai::Map;
use rhai::NativeCallContext;

use super::describe;
use crate::model::Kind;
use crate::model::Trouble;
use crate::model::moment;
use crate::script::host::Host;
use crate::script::thrown::At;
use crate::script::thrown::Fallible;
use crate::script::thrown::Thrown;
use crate::script::thrown::invalid;

/// A point in time, UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Time(pub Timestamp);

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.strftime("%Y-%m-%dT%H:%M:%SZ"))
    }
}

pub(super) fn register(engine: &mut Engine, host: &Arc<Host>) {
    engine.register_type_with_name::<Time>("Time");
    let h = host.clone();
    describe("now", &["Time"], "The time now; for tenants of the sandbox that of the sandbox.")
        .register_into_engine(engine, move || Time(h.clock.now()));
    describe(
        "time",
        &["text: string", "Time"],
        "The time that a text such as `2026-03-01T18:00:00Z` means; without a zone it is UTC.",
    )
    .register_into_engine(engine, |ctx: NativeCallContext, text: ImmutableString| parse(&text).at(&ctx));
    for name in ["to_string", "to_debug"] {
        describe(name, &["time: Time", "string"], "Such as `2026-03-01T18:00:00Z`.")
            .register_into_engine(engine, |time: Time| time.to_string());
    }
    describe("format_time", &["time: Time", "string"], "Such as `2026-03-01T18:00:00Z`.")
        .register_into_engine(engine, |time: Time| time.to_string());
    describe(
        "format_time",
        &["time: Time", "format: string", "string"],
        "The time in a format such as `%d.%m.%Y %H:%M`.",
    )
    .register_into_engine(engine, |ctx: NativeCallContext, time: Time, format: ImmutableString| {
        formatted(time, &format).at(&ctx)
    });
    describe(
        "format_time",
        &["time: string", "format: string", "string"],
        "A service's time in a format such as `%d.%m.%Y %H:%M`.",
    )
    .register_into_engine(engine, |ctx: NativeCallContext, time: ImmutableString, format: ImmutableString| {
        parse(&time).and_then(|time| formatted(time, &format)).at(&ctx)
    });
    describe(
        "+",
        &["time: Time", "duration: string", "Time"],
        "So much later, such as `now() + \"24h\"`.",
    )
    .register_into_engine(engine, |ctx: NativeCallContext, time: Time, span: ImmutableString| {
        later(time, &span, 1).at(&ctx)
    });
    describe("-", &["time: Time", "duration: string", "Time"], "So much earlier.")
        .register_into_engine(engine, |ctx: NativeCallContext, time: Time, span: ImmutableString| {
            later(time, &span, -1).at(&ctx)
        });
    describe("-", &["left: Time", "right: Time", "int"], "The seconds between.")
        .register_into_engine(engine, |left: Time, right: Time| left.0.duration_since(right.0).as_secs());
    engine.register_fn("==", |left: Time, right: Time| left == right);
    engine.register_fn("!=", |left: Time, right: Time| left != right);
    engine.register_fn("<", |left: Time, right: Time| left < right);
    engine.register_fn(">", |left: Time, right: Time| left > right);
    engine.register_fn("<=", |left: Time, right: Time| left <= right);
    engine.register_fn(">=", |left: Time, right: Time| left >= right);

    // In place of Rhai's own `sleep`, which knows nothing of the run's clock or its stop; exact types come before any.
    engine.register_fn("sleep", |ctx: NativeCallContext, _: i64| no_sleep(&ctx));
    engine.register_fn("sleep", |ctx: NativeCallContext, _: f64| no_sleep(&ctx));
    let h = host.clone();
    describe("wait_until", &["options: map", "closure: closure", "bool"], "Waits until the closure gives true: `#{ what: \"consent\", timeout: \"1h\", every: \"30s\" }`; under `--what-if` it assumes so. When the time is over it fails with kind `timeout`, or gives `or_else`.")
        .register_into_engine(engine, move |ctx: NativeCallContext, options: Map, closure: FnPtr| wait_until(&h, &ctx, &options, &closure));
}

fn no_sleep(ctx: &NativeCallContext) -> Fallible<()> {
    let trouble = invalid("a script cannot sleep").with_remedy("wait for something with `wait_until`, by the clock of the run");
    Err(Thrown::from(trouble).raise(ctx))
}

fn wait_until(host: &Host, ctx: &NativeCallContext, options: &Map, closure: &FnPtr) -> Fallible<Dynamic> {
    if let Some(unknown) = options
        .keys()
        .find(|key| !["what", "timeout", "every", "or_else"].contains(&key.as_str()))
    {
        return Err(invalid(format!(
            "`wait_until` has no option `{unknown}`; it has what, timeout, every, or_else"
        )))
        .at(ctx);
    }
    let text = |name: &str, default: &str| options.get(name).map_or_else(|| default.to_owned(), ToString::to_string);
    let what = text("what", "it");
    let timeout = duration(&text("timeout", "1h")).at(ctx)?;
    let every = duration(&text("every", "30s")).at(ctx)?.max(Duration::from_millis(100));
    if host.is_what_if() {
        host.console.note(&format!("assumed: {what}"));
        return Ok(Dynamic::TRUE);
    }
    let is_true = || -> Fallible<bool> {
        let answer = closure.call_within_context::<Dynamic>(ctx, ())?;
        let wrong = |kind| Thrown::from(invalid(format!("the closure of `wait_until` must give true or false, not {kind}"))).raise(ctx);
        answer.as_bool().map_err(wrong)
    };
    let _shown = host.begin_to_wait(&format!("waiting for {what}"));
    if is_true()? {
        return Ok(Dynamic::TRUE);
    }
    let begin = host.clock.now();
    loop {
        let left = timeout.saturating_sub(Duration::try_from(host.clock.now().duration_since(begin)).unwrap_or_default());
        if left.is_zero() {
            if let Some(instead) = options.get("or_else") {
                return Ok(instead.clone());
            }
            let trouble = Trouble::new(Kind::Timeout, format!("{what} did not happen within {}", text("timeout", "1h")))
                .with_code("wait_timeout")
                .retryable();
            return Err(Thrown::from(trouble).raise(ctx));
        }
        let slept = host.wait(ctx, async {
            host.clock.sleep(every.min(left)).await;
            Ok::<_, Trouble>(())
        });
        slept?;
        if is_true()? {
            return Ok(Dynamic::TRUE);
        }
    }
}

/// A duration such as `90s`, `10m`, `1h 30m` or `14d`; a day has 24 hours.
fn duration(text: &str) -> Result<Duration, Trouble> {
    let span = text.parse::<Span>().ok();
    let length = span.and_then(|span| span.to_duration(SpanRelativeTo::days_are_24_hours()).ok());
    let parsed = length.and_then(|length| Duration::try_from(length).ok());
    parsed.ok_or_else(|| invalid(format!("`{text}` is no duration; write it as `90s`, `10m`, `1h 30m` or `14d`")))
}

fn parse(text: &str) -> Result<Time, Trouble> {
    let parsed = moment(text).map(Time);
    parsed.ok_or_else(|| invalid(format!("`{text}` is no time; write it as `2026-03-01T18:00:00Z`")))
}

fn formatted(time: Time, format: &str) -> Result<String, Trouble> {
    strtime::format(format, &time.0.to_zoned_datetime(TimeZone::UTC))
        .map_err(|error| invalid(format!("`{format}` is no format of a time: {error}")))
}

fn later(time: Time, span: &str, sign: i32) -> Result<Time, Trouble> {
    let span = SignedDuration::try_from(duration(span)?).map_err(|error| invalid(error.to_string()))?;
    time.0
        .checked_add(span * sign)
        .map(Time)
        .map_err(|error| invalid(error.to_string()))
}
