//! `Thrown`: an error as scripts see it, caught by `catch` or as the result of one item of a parallel loop.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

use rhai::Dynamic;
use rhai::EvalAltResult;
use rhai::Map;
use rhai::NativeCallContext;
use rhai::Position;

use crate::model::Kind;
use crate::model::Trouble;
use crate::script::engine;
use crate::script::known::explained;

/// What a host function returns.
pub type Fallible<T> = Result<T, Box<EvalAltResult>>;

/// Trouble, and whether the script has looked at it. Copies share both.
#[derive(Debug, Clone)]
pub struct Thrown {
    /// What happened.
    pub trouble: Trouble,
    is_seen: Arc<AtomicBool>,
    is_deliberate: bool,
}

impl From<Trouble> for Thrown {
    fn from(trouble: Trouble) -> Self {
        Self::unseen(explained(trouble))
    }
}

impl fmt::Display for Thrown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.trouble.object {
            Some(object) => write!(f, "error on {object}: {}", self.trouble),
            None => write!(f, "error: {}", self.trouble),
        }
    }
}

impl Thrown {
    /// What an error of the engine says in our words. The position stays with the caller.
    pub fn of(error: EvalAltResult) -> Self {
        match error {
            EvalAltResult::ErrorRuntime(value, _) | EvalAltResult::ErrorTerminated(value, _) => Self::of_value(value),
            other => engine::explain(&other).into(),
        }
    }

    /// What was thrown: one of ours again, a map with the fields of one, or any text.
    pub fn of_value(value: Dynamic) -> Self {
        if value.is::<Thrown>() {
            return value.cast();
        }
        if value.is::<engine::Interrupted>() {
            return value.cast::<engine::Interrupted>().trouble().into();
        }
        let text = match value.is_unit() {
            true => "the script gave up".to_owned(),
            false => value.to_string(),
        };
        match value.try_cast::<Map>() {
            Some(map) => trouble_of(&map).into(),
            None => Trouble::new(Kind::Refused, text).with_code("thrown").into(),
        }
    }

    /// The same trouble, not yet seen by the script.
    pub fn afresh(self) -> Self {
        Self::unseen(self.trouble)
    }

    fn unseen(trouble: Trouble) -> Self {
        Self {
            trouble,
            is_seen: Arc::default(),
            is_deliberate: false,
        }
    }

    /// The same trouble as the script's own verdict, put in words with `fail`.
    pub fn deliberate(self) -> Self {
        Self {
            is_deliberate: true,
            ..self
        }
    }

    /// Whether it is the script's own verdict.
    pub fn is_deliberate(&self) -> bool {
        self.is_deliberate
    }

    /// Takes note that the script knows of this error.
    pub fn see(&self) {
        self.is_seen.store(true, Ordering::Relaxed);
    }

    /// Whether the script knows of it.
    pub fn is_seen(&self) -> bool {
        self.is_seen.load(Ordering::Relaxed)
    }

    /// The error as a value to throw.
    pub fn raise(self, ctx: &NativeCallContext) -> Box<EvalAltResult> {
        self.raise_at(ctx.call_position())
    }

    /// The error as a value to throw at `position`.
    pub fn raise_at(self, position: Position) -> Box<EvalAltResult> {
        EvalAltResult::ErrorRuntime(Dynamic::from(self), position).into()
    }
}

/// A map that a script threw: its fields where it has them.
fn trouble_of(map: &Map) -> Trouble {
    let text = |name: &str| map.get(name).filter(|value| !value.is_unit()).map(ToString::to_string);
    let message = text("message").unwrap_or_else(|| format!("{map:?}"));
    let mut trouble = Trouble::new(Kind::Refused, message).with_code(text("code").unwrap_or_else(|| "thrown".into()));
    trouble.remedy = text("remedy");
    trouble.tenant = text("tenant");
    trouble.object = text("object");
    trouble
}

/// Turns our errors into ones that carry the position of the call.
pub trait At<T> {
    /// The value, or the error at the position of the call.
    fn at(self, ctx: &NativeCallContext) -> Fallible<T>;
}

impl<T, E: Into<Trouble>> At<T> for Result<T, E> {
    fn at(self, ctx: &NativeCallContext) -> Fallible<T> {
        self.map_err(|error| Thrown::from(error.into()).raise(ctx))
    }
}

/// An argument of a host function that does not fit.
pub fn invalid(message: impl Into<String>) -> Trouble {
    Trouble::new(Kind::Invalid, message).with_code("invalid_argument")
}
