//! `Script`: a compiled script with what it says about itself.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use rhai::AST;
use rhai::ParseError;
use rhai::Position;
use rhai::Scope;

use crate::model::Kind;
use crate::model::Trouble;
use crate::model::did_you_mean;
use crate::script::ArgValue;
use crate::script::Param;
use crate::script::ScriptFailure;
use crate::script::Writes;
use crate::script::bundled::bundled;
use crate::script::captures;
use crate::script::captures::CapturedWrite;
use crate::script::declaration;
use crate::script::engine;
use crate::script::param::parse_values;

/// What a script says about itself: its `//!` or `///` lines at the top.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Help {
    /// The first paragraph, as one line.
    pub summary: String,
    /// All paragraphs, a line each.
    pub text: String,
}

/// A script that compiles, with its parameters and declared writes.
#[derive(Debug, Clone)]
pub struct Script {
    /// The name as it was asked for: of a bundled script, or the file's.
    pub name: String,
    /// The file, when it is one.
    pub path: Option<PathBuf>,
    /// The text.
    pub source: Arc<str>,
    /// Its help.
    pub help: Help,
    /// Its parameters, in the order of the script.
    pub params: Vec<Param>,
    /// What it may write.
    pub writes: Writes,
    pub(super) ast: AST,
    pub(super) captured_writes: Vec<CapturedWrite>,
}

/// Loads a script: a bare name is a bundled one, a path or a name that ends in `.rhai` a file.
pub fn load(name_or_path: &str) -> Result<Script, ScriptFailure> {
    let is_file = name_or_path.ends_with(".rhai") || name_or_path.contains(['/', '\\']);
    if is_file {
        let path = Path::new(name_or_path);
        let source = fs::read_to_string(path).map_err(|error| unreadable(name_or_path, &error))?;
        let file_name = path.file_name().map_or(name_or_path.into(), |name| name.to_string_lossy());
        let mut script = load_source(&file_name, &source)?;
        script.path = Some(path.to_owned());
        return Ok(script);
    }
    match bundled().iter().find(|(name, _)| *name == name_or_path) {
        Some((name, source)) => {
            let mut script = load_source(&format!("{name}.rhai"), source)?;
            script.name = (*name).to_owned();
            Ok(script)
        }
        None => Err(unknown(name_or_path)),
    }
}

/// Compiles `source` as a script called `file_name` in messages.
pub fn load_source(file_name: &str, source: &str) -> Result<Script, ScriptFailure> {
    let fail = |message: String, position: Position| ScriptFailure::syntax(file_name, source, message, position);
    let engine = engine::for_compiling();
    let mut scope = Scope::new();
    scope.push_constant("args", ());
    let text = source.strip_prefix('\u{feff}').unwrap_or(source);
    let mut ast = engine
        .compile_with_scope(&scope, text)
        .map_err(|ParseError(problem, position)| fail(engine::explain_syntax(&problem), position))?;
    ast.set_source(file_name);
    let params = declaration::params(&ast).map_err(|bad| fail(bad.message, bad.position))?;
    let writes = declaration::writes(&ast, &params).map_err(|bad| fail(bad.message, bad.position))?;
    let captured_writes = captures::find(&ast);
    if let Some(write) = captured_writes.iter().find(|write| write.is_parallel) {
        return Err(fail(write.explain(), write.position));
    }
    Ok(Script {
        name: file_name.to_owned(),
        path: None,
        source: text.into(),
        help: help(text),
        params,
        writes,
        ast,
        captured_writes,
    })
}

impl Script {
    /// The name in messages.
    pub fn file_name(&self) -> &str {
        self.ast.source().unwrap_or(&self.name)
    }

    /// Types what was given on the command line (parameter name or flag, and the texts of its flag) and fills in what was not.
    pub fn arguments(&self, given: &BTreeMap<String, Vec<String>>) -> Result<BTreeMap<String, ArgValue>, Trouble> {
        if let Some(unknown) = given.keys().find(|name| self.param(name).is_none()) {
            let flags: Vec<String> = self.params.iter().map(Param::flag).collect();
            let trouble =
                Trouble::new(Kind::Invalid, format!("`{}` has no parameter `--{unknown}`", self.name)).with_code("unknown_parameter");
            return Err(did_you_mean(trouble, unknown, flags.iter().map(String::as_str)));
        }
        let mut values = BTreeMap::new();
        for param in &self.params {
            let texts = given.get(&param.name).or_else(|| given.get(&param.flag()));
            let value = match (texts, &param.value) {
                (Some(texts), _) => parse_values(param, texts)?,
                (None, Some(value)) => value.clone(),
                (None, None) => return Err(missing(self, param)),
            };
            values.insert(param.name.clone(), value);
        }
        Ok(values)
    }

    /// The parameter of that name or flag.
    pub fn param(&self, name: &str) -> Option<&Param> {
        self.params.iter().find(|param| param.name == name || param.flag() == name)
    }
}

pub(super) fn missing(script: &Script, param: &Param) -> Trouble {
    Trouble::new(
        Kind::Invalid,
        format!("`{}` needs `--{}`: {}", script.name, param.flag(), param.help),
    )
    .with_code("missing_parameter")
    .with_remedy(format!("it takes {}; see `xtenant run {} --help`", param.expected(), script.name))
}

fn unreadable(path: &str, error: &std::io::Error) -> ScriptFailure {
    let kind = match error.kind() {
        std::io::ErrorKind::NotFound => Kind::NotFound,
        _ => Kind::Invalid,
    };
    let trouble = Trouble::new(kind, format!("could not read the script `{path}`"))
        .with_code("unreadable_script")
        .with_remedy("check the name; it is looked up from the folder the run was started in")
        .caused_by(error);
    ScriptFailure::without_place(path, trouble)
}

fn unknown(name: &str) -> ScriptFailure {
    let trouble = Trouble::new(Kind::NotFound, format!("there is no bundled script `{name}`")).with_code("unknown_script");
    let mut trouble = did_you_mean(trouble, name, bundled().iter().map(|(name, _)| *name));
    if trouble.remedy.is_none() {
        let hint = match Path::new(name).with_extension("rhai").exists() {
            true => format!("did you mean the file `./{name}.rhai`?"),
            false => "`xtenant scripts` lists them; a script of your own is given as a path or with its `.rhai`".to_owned(),
        };
        trouble = trouble.with_remedy(hint);
    }
    ScriptFailure::without_place(name, trouble)
}

/// The comment lines at the top, up to the first line that is none.
fn help(source: &str) -> Help {
    let lines = source.lines().skip_while(|line| line.trim().is_empty() || line.starts_with("#!"));
    let text: Vec<&str> = lines
        .map_while(|line| line.strip_prefix("//!").or_else(|| line.strip_prefix("///")))
        .map(|line| line.strip_prefix(' ').unwrap_or(line).trim_end())
        .collect();
    // Lines are as wide as the script's author made them; a terminal wraps paragraphs at its own width.
    let paragraphs: Vec<String> = text
        .split(|line| line.is_empty())
        .filter(|lines| !lines.is_empty())
        .map(paragraph)
        .collect();
    Help {
        summary: paragraphs.first().cloned().unwrap_or_default(),
        text: paragraphs.join("\n\n"),
    }
}

/// The lines as one; lines that are indented stay as they are.
fn paragraph(lines: &[&str]) -> String {
    let mut text = String::new();
    for line in lines {
        match (text.is_empty(), line.starts_with(' ')) {
            (true, _) => {}
            (false, true) => text.push('\n'),
            (false, false) => text.push(' '),
        }
        text.push_str(line);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const STAMP: &str = r#"//! Stamps attributes on MailUsers.
//!
//! The source is only read.

const PARAMS = #{
    target: #{ type: "tenant", help: "Tenant that receives them" },
    users: #{ type: "file", help: "CSV with the users" },
    jobs: #{ type: "int", value: 8, min: 1, max: 256, help: "Users worked on at once" },
    scope_group: #{ type: "list", value: (), help: "Groups" },
};
const WRITES = #{ target: #{ exchange: "medium", graph: "high" } };

throw "reading the declarations must not run the script";
"#;

    fn given(pairs: &[(&str, &str)]) -> BTreeMap<String, Vec<String>> {
        pairs
            .iter()
            .map(|(name, text)| ((*name).to_owned(), vec![(*text).to_owned()]))
            .collect()
    }

    #[test]
    fn parameters_and_writes_are_read_in_order_without_running() {
        let script = load_source("stamp.rhai", STAMP).expect("the script compiles");

        let names: Vec<_> = script.params.iter().map(|param| param.name.as_str()).collect();
        assert_eq!(names, ["target", "users", "jobs", "scope_group"]);
        assert_eq!(
            script.writes.iter().collect::<Vec<_>>(),
            [
                ("target", Service::Exchange, Impact::Medium),
                ("target", Service::Graph, Impact::High)
            ]
        );
        assert_eq!(script.help.summary, "Stamps attributes on MailUsers.");
        assert!(script.help.text.ends_with("The source is only read."));
    }

    #[test]
    fn arguments_are_typed_and_filled_in() {
        let script = load_source("stamp.rhai", STAMP).expect("the script compiles");

        let values = script
            .arguments(&given(&[("target", "northwind"), ("users", "u.csv")]))
            .expect("they fit");

        assert!(matches!(values["jobs"], ArgValue::Int(8)));
        assert!(matches!(values["scope_group"], ArgValue::Absent));
        assert!(matches!(&values["target"], ArgValue::Tenant(name) if name == "northwind"));
    }

    #[test]
    fn missing_and_unknown_parameters_are_named() {
        let script = load_source("stamp.rhai", STAMP).expect("the script compiles");

        let missing = script.arguments(&given(&[("target", "northwind")])).expect_err("users is missing");
        let unknown = script
            .arguments(&given(&[("user", "u.csv")]))
            .expect_err("there is no such parameter");

        assert_eq!(missing.message, "`stamp.rhai` needs `--users`: CSV with the users");
        assert_eq!(unknown.remedy.as_deref(), Some("did you mean `users`?"));
    }

    #[test]
    fn a_bad_declaration_is_shown_at_its_place() {
        let cases = [
            (
                "const PARAMS = #{ json: #{ type: \"bool\" } };",
                "`json` is a flag of the program itself",
            ),
            ("const PARAMS = #{ a: #{ type: \"strin\" } };", "`strin` is no type of a parameter"),
            (
                "const PARAMS = #{ a: #{ type: \"int\", value: \"x\" } };",
                "the value of `a`: `--a` takes a whole number",
            ),
            (
                "const PARAMS = #{ a: #{ type: \"int\", value: 1 + f() } };",
                "only literal values can stand here",
            ),
            (
                "const WRITES = #{ target: #{ exchange: \"low\" } };",
                "WRITES names `target`, which is no parameter",
            ),
            (
                "const PARAMS = #{ a: #{ type: \"secret\", value: \"x\" } };",
                "`a` is a secret, which no script holds",
            ),
            ("let x = ;", "Unexpected ';'"),
            ("print(nowhere);", "unknown variable `nowhere`"),
        ];
        for (source, expected) in cases {
            let failure = load_source("bad.rhai", source).expect_err("it is bad");
            assert!(failure.trouble.message.contains(expected), "{source}: {}", failure.trouble.message);
            assert_eq!(failure.place.as_ref().map(|place| place.line), Some(1), "{source}");
        }
    }

    #[test]
    fn an_unknown_script_is_told_from_a_file_that_is_not_there() {
        assert_eq!(load("no-such-script").expect_err("unknown").trouble.code, "unknown_script");
        assert_eq!(load("./no-such.rhai").expect_err("unreadable").trouble.code, "unreadable_script");
    }

    use crate::change::Impact;
    use crate::change::Service;
}
