//! The Rhai engine: its words, its limits, and what its own errors say in ours.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::time::Instant;

use rhai::Dynamic;
use rhai::Engine;
use rhai::EvalAltResult;
use rhai::OptimizationLevel;
use rhai::ParseErrorType;
use rhai::Token;

use crate::model::Kind;
use crate::model::Trouble;
use crate::model::did_you_mean;
use crate::script::Limits;
use crate::script::Stop;
use crate::script::reference::functions;

/// Words that Rhai reserves for later and that properties or functions of ours carry.
const FREED: &[&str] = &[
    "default", "is", "match", "module", "new", "package", "public", "shared", "static", "sync", "use", "var", "with",
];

/// The token of a run that was stopped from outside or ran into a limit; no script can catch it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Interrupted {
    /// From outside.
    Stopped,
    /// By this limit.
    UsedUp(&'static str),
}

impl Interrupted {
    /// What it says.
    pub fn trouble(self) -> Trouble {
        match self {
            Interrupted::Stopped => Trouble::new(Kind::Refused, "the run was stopped").with_code("stopped"),
            Interrupted::UsedUp(what) => Trouble::new(Kind::Refused, format!("the run has used up its {what}")).with_code("limit"),
        }
    }
}

/// The token of `exit(n)` and `exit(n, value)`.
#[derive(Debug, Clone)]
pub(super) struct Exit {
    /// The exit status.
    pub status: u8,
    /// The run's value.
    pub value: Dynamic,
}

/// An engine that compiles, without any host function.
pub(super) fn for_compiling() -> Engine {
    let mut engine = Engine::new();
    // Nothing is folded: maps keep the order of the source, which the declarations need.
    engine.set_optimization_level(OptimizationLevel::None);
    engine.set_strict_variables(true);
    engine.set_max_expr_depths(128, 128);
    engine.set_max_functions(2_000);
    // What `eval` runs was not looked at when the script was compiled.
    engine.disable_symbol("eval");
    free_words(&mut engine);
    engine
}

/// An engine that runs, with the limits of one run.
pub(super) fn for_running(limits: &Limits, stop: Stop) -> Engine {
    let mut engine = for_compiling();
    engine.set_max_call_levels(limits.call_levels);
    engine.set_max_string_size(limits.string_bytes);
    engine.set_max_array_size(limits.array_items);
    engine.set_max_map_size(limits.map_entries);
    engine.set_max_modules(200);
    engine.set_max_variables(2_000);
    // Rhai counts each thread's operations for itself, so the budget of the run is counted here.
    let spent = Arc::new(AtomicU64::new(0));
    let budget = limits.operations;
    let deadline = limits.time.map(|time| Instant::now() + time);
    engine.on_progress(move |count| {
        if stop.is_pulled() {
            return Some(Dynamic::from(Interrupted::Stopped));
        }
        if spent.fetch_add(1, Ordering::Relaxed) >= budget {
            return Some(Dynamic::from(Interrupted::UsedUp("operations")));
        }
        let is_late = count.is_multiple_of(1024) && deadline.is_some_and(|deadline| Instant::now() > deadline);
        is_late.then(|| Dynamic::from(Interrupted::UsedUp("time")))
    });
    engine
}

#[expect(deprecated, reason = "rhai marks the hook as volatile in this way; it is not deprecated")]
fn free_words(engine: &mut Engine) {
    engine.on_parse_token(|token, _, _| match token {
        Token::Reserved(word) if FREED.contains(&word.as_str()) => Token::Identifier(word),
        token => token,
    });
}

/// What the compiler complains about.
pub(super) fn explain_syntax(problem: &ParseErrorType) -> String {
    match problem {
        ParseErrorType::VariableUndefined(name) => {
            format!("unknown variable `{name}` (functions see only their parameters, `args`, and constants as `global::NAME`)")
        }
        ParseErrorType::ModuleUndefined(name) => format!("unknown module `{name}`; import it first"),
        other => other.to_string(),
    }
}

/// What an error of the engine itself means. Host functions are told apart from the user's by the metadata elsewhere.
pub(super) fn explain(error: &EvalAltResult) -> Trouble {
    let trouble = |code: &str, message: String| Trouble::new(Kind::Invalid, message).with_code(code);
    match error {
        EvalAltResult::ErrorParsing(problem, _) => trouble("syntax", explain_syntax(problem)),
        EvalAltResult::ErrorFunctionNotFound(signature, _) => unknown_function(signature),
        EvalAltResult::ErrorVariableNotFound(name, _) => trouble("unknown_variable", format!("there is no variable `{name}`")),
        EvalAltResult::ErrorModuleNotFound(name, _) => trouble("unknown_module", format!("there is no module `{name}`"))
            .with_remedy("modules are `std/NAME` or files beside the script, given without `.rhai`"),
        EvalAltResult::ErrorDataRace(name, _) => trouble(
            "data_race",
            format!("{name} is in use: a closure uses the very variable it is called on"),
        )
        .with_remedy("take what the closure needs into a variable of its own first, such as `let n = list.len();`"),
        EvalAltResult::ErrorTooManyOperations(_) | EvalAltResult::ErrorStackOverflow(_) | EvalAltResult::ErrorDataTooLarge(..) => {
            trouble("limit", lower_first(&plain(error)))
        }
        other => trouble("script", lower_first(&plain(other))),
    }
}

/// `signature` is `name (type, type)`. A known name was called with the wrong arguments, another one is misspelt.
fn unknown_function(signature: &str) -> Trouble {
    let (name, types) = signature.split_once(" (").unwrap_or((signature, ""));
    let types = types
        .trim_end_matches(')')
        .replace("i64", "int")
        .replace("f64", "float")
        .replace("&str | ImmutableString | String", "string");
    let known = functions().unwrap_or_default();
    let forms: Vec<String> = known
        .iter()
        .filter(|known| known.name == name)
        .map(|known| format!("`{}`", known.signature()))
        .collect();
    if !forms.is_empty() {
        return Trouble::new(Kind::Invalid, format!("`{name}` cannot be called with ({types})"))
            .with_code("unknown_function")
            .with_remedy(format!("it is called as {}", forms.join(" or ")));
    }
    let trouble = Trouble::new(Kind::Invalid, format!("there is no function `{name}` for ({types})")).with_code("unknown_function");
    did_you_mean(trouble, name, known.iter().map(|known| known.name.as_str()))
}

/// Whether the error is a mistake in the script, which is no item's fault, and not something that depends on the item.
pub(super) fn is_mistake(error: &EvalAltResult) -> bool {
    match error {
        EvalAltResult::ErrorInFunctionCall(_, _, inner, _) | EvalAltResult::ErrorInModule(_, inner, _) => is_mistake(inner),
        EvalAltResult::ErrorRuntime(..)
        | EvalAltResult::ErrorArithmetic(..)
        | EvalAltResult::ErrorArrayBounds(..)
        | EvalAltResult::ErrorStringBounds(..)
        | EvalAltResult::ErrorIndexNotFound(..)
        | EvalAltResult::ErrorPropertyNotFound(..) => false,
        _ => true,
    }
}

/// The engine's words without its "(line 1, position 2)".
fn plain(error: &EvalAltResult) -> String {
    let text = error.to_string();
    match text.rfind(" (line ") {
        Some(at) => text[..at].to_owned(),
        None => text,
    }
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_lowercase().to_string()).unwrap_or_default();
    format!("{first}{}", letters.as_str())
}
