//! `ScriptFailure`: why a script could not be loaded or did not come to its end, with the place in the script.

use std::fmt;

use rhai::EvalAltResult;
use rhai::Position;

use crate::model::Kind;
use crate::model::Trouble;
use crate::script::engine::Interrupted;
use crate::script::thrown::Thrown;

/// A place in a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The script's or module's file name.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    /// The text of the line.
    pub text: String,
    /// How many characters from the column on belong together, for underlining.
    pub width: usize,
}

/// A call on the way to the failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// The function that was called; a closure is called `closure`.
    pub function: String,
    /// Where it was called.
    pub place: Option<Place>,
}

/// What kept a script from its end.
#[derive(Debug, Clone, PartialEq)]
pub struct ScriptFailure {
    /// The script's name.
    pub script: String,
    /// Where it happened, when that is known.
    pub place: Option<Box<Place>>,
    /// The calls that led there, innermost first.
    pub frames: Vec<Frame>,
    /// What happened.
    pub trouble: Trouble,
    /// Whether the script itself ended with `fail`: then its words say what is wrong, and its source says nothing more.
    pub is_deliberate: bool,
    /// Whether the script was wrong before it ran: unknown, unreadable, bad syntax, bad declaration, missing parameter.
    pub is_usage: bool,
    /// Whether it was stopped from outside.
    pub is_stopped: bool,
}

impl fmt::Display for ScriptFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Some(place) => write!(f, "{}:{}:{}: {}", place.file, place.line, place.column, self.trouble),
            None => write!(f, "{}: {}", self.script, self.trouble),
        }
    }
}

impl std::error::Error for ScriptFailure {}

impl ScriptFailure {
    /// A failure before the first line ran that has no place in the script.
    pub fn without_place(script: &str, trouble: Trouble) -> Self {
        Self {
            script: script.to_owned(),
            place: None,
            frames: Vec::new(),
            trouble,
            is_deliberate: false,
            is_usage: true,
            is_stopped: false,
        }
    }

    /// What the compiler or the declarations complain about.
    pub(super) fn syntax(file: &str, source: &str, message: String, position: Position) -> Self {
        Self {
            place: place(file, source, position).map(Box::new),
            ..Self::without_place(file, Trouble::new(Kind::Invalid, message).with_code("syntax"))
        }
    }

    /// What ended a running script. `source` gives the text of the script or of a module by its name.
    pub(super) fn of_run(script: &str, error: EvalAltResult, source: impl Fn(&str) -> Option<String>) -> Self {
        let mut file = script.to_owned();
        let mut frames = Vec::new();
        let mut inner = error;
        let at = |file: &str, position: Position| place(file, &source(file)?, position);
        let (position, thrown, is_stopped) = loop {
            match inner {
                EvalAltResult::ErrorInFunctionCall(function, callee_file, cause, position) => {
                    let function = match function.starts_with("anon$") {
                        true => "closure".to_owned(),
                        false => function,
                    };
                    frames.push(Frame {
                        function,
                        place: at(&file, position),
                    });
                    if !callee_file.is_empty() {
                        file = callee_file;
                    }
                    inner = *cause;
                }
                EvalAltResult::ErrorInModule(module, cause, position) => {
                    frames.push(Frame {
                        function: format!("import \"{module}\""),
                        place: at(&file, position),
                    });
                    file = module;
                    inner = *cause;
                }
                last => {
                    let position = last.position();
                    let is_stopped = match &last {
                        EvalAltResult::ErrorTerminated(token, _) => {
                            token.read_lock::<Interrupted>().is_some_and(|token| *token == Interrupted::Stopped)
                        }
                        _ => false,
                    };
                    break (position, Thrown::of(last), is_stopped);
                }
            }
        };
        frames.reverse();
        Self {
            script: script.to_owned(),
            place: at(&file, position)
                .or_else(|| frames.iter().find_map(|frame| frame.place.clone()))
                .map(Box::new),
            frames,
            is_deliberate: thrown.is_deliberate(),
            trouble: thrown.trouble,
            is_usage: false,
            is_stopped,
        }
    }
}

fn place(file: &str, source: &str, position: Position) -> Option<Place> {
    let line = position.line()?;
    let text = source.lines().nth(line - 1).unwrap_or_default().trim_end().to_owned();
    let column = position.position().unwrap_or(1).max(1);
    // Of a property the engine gives the place of the dot.
    let column = column + usize::from(text.chars().nth(column - 1) == Some('.'));
    let rest = || text.chars().skip(column - 1);
    let width = match rest().next() {
        Some('"') => rest().skip(1).position(|c| c == '"').map_or(1, |end| end + 2),
        _ => rest().take_while(|c| c.is_alphanumeric() || *c == '_').count().max(1),
    };
    Some(Place {
        file: file.to_owned(),
        line,
        column,
        text,
        width,
    })
}
