//! `PARAMS` and `WRITES`: read from the syntax tree, so that help and permissions are known without running anything.

use std::str::FromStr;

use regex_lite::Regex;
use rhai::AST;
use rhai::ASTFlags;
use rhai::Dynamic;
use rhai::Expr;
use rhai::Position;
use rhai::Stmt;

use crate::change::Impact;
use crate::change::Permissions;
use crate::change::Service;
use crate::script::ArgValue;
use crate::script::Param;
use crate::script::ParamType;
use crate::script::param::parse_value;
use crate::script::param::parse_values;

/// Flags of the program itself, which a parameter may not take.
const RESERVED_FLAGS: &[&str] = &[
    "as",
    "color",
    "config",
    "confirm",
    "help",
    "journal",
    "json",
    "quiet",
    "sandbox",
    "save",
    "verbose",
    "version",
    "what-if",
    "yes",
    "yes-irreversible",
];

/// What a script may write: per tenant parameter and service, the highest impact.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Writes(Vec<(String, Service, Impact)>);

impl Writes {
    /// Parameter, service, highest impact; in the order of the script.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Service, Impact)> {
        self.0.iter().map(|(param, service, impact)| (param.as_str(), *service, *impact))
    }

    /// Whether the script only reads.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The grants of a run; `profile` gives the tenant that a parameter was filled with, if it was.
    pub fn permissions<'a>(&self, profile: impl Fn(&str) -> Option<&'a str>) -> Permissions {
        let mut permissions = Permissions::none();
        for (param, service, impact) in self.iter() {
            if let Some(profile) = profile(param) {
                permissions.grant(profile, service, impact);
            }
        }
        permissions
    }
}

/// A declaration that cannot be read, and where.
#[derive(Debug)]
pub(super) struct BadDeclaration {
    pub message: String,
    pub position: Position,
}

type Read<T> = Result<T, BadDeclaration>;

fn bad<T>(message: impl Into<String>, position: Position) -> Read<T> {
    Err(BadDeclaration {
        message: message.into(),
        position,
    })
}

/// The parameters, in the order of the script.
pub(super) fn params(ast: &AST) -> Read<Vec<Param>> {
    let mut params: Vec<Param> = Vec::new();
    for (name, expr) in constant(ast, "PARAMS")? {
        let param = param(name, expr)?;
        if RESERVED_FLAGS.contains(&param.flag().as_str()) {
            return bad(
                format!("`{name}` is a flag of the program itself; choose another name"),
                expr.start_position(),
            );
        }
        if params.iter().any(|known| known.flag() == param.flag()) {
            return bad(format!("`{name}` gives the same flag as another parameter"), expr.start_position());
        }
        params.push(param);
    }
    Ok(params)
}

/// The writes; each must name a `tenant` parameter.
pub(super) fn writes(ast: &AST, params: &[Param]) -> Read<Writes> {
    let mut writes = Writes::default();
    for (name, expr) in constant(ast, "WRITES")? {
        let is_tenant = |param: &Param| param.name == name && param.kind == ParamType::Tenant;
        if !params.iter().any(is_tenant) {
            return bad(
                format!("WRITES names `{name}`, which is no parameter of type tenant"),
                expr.start_position(),
            );
        }
        for (service, expr) in entries(expr, "the writes of a tenant")? {
            let position = expr.start_position();
            let service = Service::from_str(service).or_else(|message| bad(message, position))?;
            let impact = Impact::from_str(&text(expr, "an impact")?).or_else(|message| bad(message, position))?;
            writes.0.push((name.to_owned(), service, impact));
        }
    }
    Ok(writes)
}

fn constant<'a>(ast: &'a AST, wanted: &str) -> Read<Vec<(&'a str, &'a Expr)>> {
    for stmt in ast.statements() {
        if let Stmt::Var(variable, flags, position) = stmt {
            let (name, expr, _) = &**variable;
            if name.name == wanted {
                if !flags.contains(ASTFlags::CONSTANT) {
                    return bad(
                        format!("{wanted} must be a constant: write `const {wanted} = #{{ ... }}`"),
                        *position,
                    );
                }
                return entries(expr, wanted);
            }
        }
    }
    Ok(Vec::new())
}

/// The entries of a map literal in the order of the source, which the map itself would lose.
fn entries<'a>(expr: &'a Expr, what: &str) -> Read<Vec<(&'a str, &'a Expr)>> {
    match expr {
        Expr::Map(map, _) => Ok(map.0.iter().map(|(name, expr)| (name.name.as_str(), expr)).collect()),
        _ => bad(format!("{what} must be a literal map: `#{{ name: ... }}`"), expr.start_position()),
    }
}

fn literal(expr: &Expr) -> Read<Dynamic> {
    match expr.get_literal_value(None) {
        Some(value) => Ok(value),
        None => bad(
            "only literal values can stand here, because they are read without running the script",
            expr.start_position(),
        ),
    }
}

fn text(expr: &Expr, what: &str) -> Read<String> {
    match literal(expr)?.into_string() {
        Ok(text) => Ok(text),
        Err(kind) => bad(format!("{what} must be a text, not {kind}"), expr.start_position()),
    }
}

fn number(expr: &Expr) -> Read<f64> {
    let value = literal(expr)?;
    match value.as_int().map(|whole| whole as f64).or_else(|_| value.as_float()) {
        Ok(number) => Ok(number),
        Err(kind) => bad(format!("a bound must be a number, not {kind}"), expr.start_position()),
    }
}

fn param(name: &str, expr: &Expr) -> Read<Param> {
    let mut param = Param {
        name: name.to_owned(),
        kind: ParamType::String,
        help: String::new(),
        value: None,
        choices: Vec::new(),
        min: None,
        max: None,
        pattern: None,
    };
    let keys = entries(expr, &format!("parameter `{name}`"))?;
    let mut has_type = false;
    for (key, expr) in &keys {
        let position = expr.start_position();
        match *key {
            "type" => {
                param.kind = ParamType::from_str(&text(expr, "a type")?).or_else(|message| bad(message, position))?;
                has_type = true;
            }
            "help" => param.help = text(expr, "the help")?,
            "choices" => param.choices = texts(expr)?,
            "min" => param.min = Some(number(expr)?),
            "max" => param.max = Some(number(expr)?),
            "pattern" => {
                let pattern = text(expr, "a pattern")?;
                if let Err(error) = Regex::new(&pattern) {
                    return bad(format!("the pattern of `{name}` cannot be read: {error}"), position);
                }
                param.pattern = Some(pattern);
            }
            "value" => {}
            other => {
                return bad(
                    format!("a parameter has no key `{other}`; it has type, help, value, choices, min, max, pattern"),
                    position,
                );
            }
        }
    }
    if !has_type {
        return bad(format!("parameter `{name}` has no type"), expr.start_position());
    }
    if param.kind == ParamType::Choice && param.choices.is_empty() {
        return bad(format!("parameter `{name}` is a choice without `choices`"), expr.start_position());
    }
    if let Some((_, expr)) = keys.iter().find(|(key, _)| *key == "value") {
        param.value = Some(default(&param, expr)?);
    }
    Ok(param)
}

fn texts(expr: &Expr) -> Read<Vec<String>> {
    let wrong = || BadDeclaration {
        message: "expected a list of texts".into(),
        position: expr.start_position(),
    };
    let items = literal(expr)?.into_array().map_err(|_| wrong())?;
    items.into_iter().map(|item| item.into_string().map_err(|_| wrong())).collect()
}

/// The value when none is given, held to the same rules as one that is.
fn default(param: &Param, expr: &Expr) -> Read<ArgValue> {
    let value = literal(expr)?;
    if value.is_unit() {
        return Ok(ArgValue::Absent);
    }
    if param.kind == ParamType::Secret {
        return bad(
            format!(
                "`{}` is a secret, which no script holds; leave `value` out, or make it `()`",
                param.name
            ),
            expr.start_position(),
        );
    }
    let parsed = match value.is_array() {
        true => parse_values(param, &texts(expr)?),
        false => parse_value(param, &value.to_string()),
    };
    parsed.or_else(|trouble| bad(format!("the value of `{}`: {}", param.name, trouble.message), expr.start_position()))
}
