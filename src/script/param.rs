//! `Param`: one parameter of a script, as its `PARAMS` declare it.

use std::fmt;
use std::io::stdin;
use std::path::PathBuf;
use std::str::FromStr;

use regex_lite::Regex;
use secrecy::ExposeSecret;
use uuid::Uuid;

use crate::model::Kind;
use crate::model::Trouble;
use crate::model::moment;
use crate::script::ArgValue;
use crate::script::secret_source;

/// The type of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParamType {
    /// Any text.
    String,
    /// A whole number.
    Int,
    /// A number.
    Float,
    /// A switch.
    Bool,
    /// A profile that is signed in.
    Tenant,
    /// A DNS domain.
    Domain,
    /// A GUID.
    Guid,
    /// An address.
    Email,
    /// A file; the script may reach it wherever it lies.
    File,
    /// A folder; the script may reach what lies below it.
    Dir,
    /// A point in time; without a zone it is UTC.
    DateTime,
    /// A password, which is never shown; the flag names the place it is read from.
    Secret,
    /// One of `choices`.
    Choice,
    /// Several texts: the flag again, or joined by commas.
    List,
}

const TYPES: &[(ParamType, &str, &str)] = &[
    (ParamType::String, "string", "a text"),
    (ParamType::Int, "int", "a whole number"),
    (ParamType::Float, "float", "a number"),
    (ParamType::Bool, "bool", "true or false"),
    (ParamType::Tenant, "tenant", "the name of a profile"),
    (ParamType::Domain, "domain", "a domain such as contoso.com"),
    (ParamType::Guid, "guid", "a GUID such as 1ec059c7-8396-4d0b-af4e-d6bd4c12a8d8"),
    (ParamType::Email, "email", "an address such as ann@contoso.com"),
    (ParamType::File, "file", "a path"),
    (ParamType::Dir, "dir", "a path"),
    (
        ParamType::DateTime,
        "datetime",
        "a time such as 2026-03-01T18:00:00Z (UTC when no zone is given)",
    ),
    (ParamType::Secret, "secret", secret_source::EXPECTED),
    (ParamType::Choice, "choice", "one of its choices"),
    (ParamType::List, "list", "texts joined by commas, or the flag several times"),
];

impl ParamType {
    /// The word in `PARAMS`.
    pub fn as_str(self) -> &'static str {
        TYPES.iter().find(|(kind, ..)| *kind == self).map_or("", |(_, word, _)| word)
    }

    fn expected(self) -> &'static str {
        TYPES.iter().find(|(kind, ..)| *kind == self).map_or("", |(.., expected)| expected)
    }
}

impl fmt::Display for ParamType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ParamType {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = TYPES.iter().find(|(_, word, _)| *word == text).map(|(kind, ..)| *kind);
        let words = || TYPES.iter().map(|(_, word, _)| *word).collect::<Vec<_>>().join(", ");
        found.ok_or_else(|| format!("`{text}` is no type of a parameter; use {}", words()))
    }
}

/// One parameter.
#[derive(Debug, Clone)]
pub struct Param {
    /// The name in the script, `args.NAME`.
    pub name: String,
    /// Its type.
    pub kind: ParamType,
    /// One sentence for `--help`.
    pub help: String,
    /// The value when none is given; `None` makes it required, `ArgValue::Absent` optional.
    pub value: Option<ArgValue>,
    /// The words of a `choice`, or those that a `list` may hold.
    pub choices: Vec<String>,
    /// The least number.
    pub min: Option<f64>,
    /// The greatest number.
    pub max: Option<f64>,
    /// A regular expression that the whole text must match.
    pub pattern: Option<String>,
}

impl Param {
    /// The flag without dashes: the name in kebab-case.
    pub fn flag(&self) -> String {
        self.name.replace('_', "-")
    }

    /// Whether a run needs it on the command line.
    pub fn is_required(&self) -> bool {
        self.value.is_none()
    }

    /// What the flag takes, for messages and help.
    pub fn expected(&self) -> String {
        match self.kind {
            ParamType::Choice => format!("one of {}", self.choices.join(", ")),
            ParamType::List if !self.choices.is_empty() => format!("any of {}, joined by commas", self.choices.join(", ")),
            kind => kind.expected().to_owned(),
        }
    }
}

/// Reads `text` as the parameter's type, or says with the flag's name what was expected. A secret is read from the place that
/// `text` names.
pub fn parse_value(param: &Param, text: &str) -> Result<ArgValue, Trouble> {
    let wrong = || refusal(param, format!("takes {}, got `{text}`", param.expected()));
    let value = match param.kind {
        ParamType::String => Some(ArgValue::Text(text.to_owned())),
        ParamType::Int => text.trim().parse().ok().map(ArgValue::Int),
        ParamType::Float => text.trim().parse().ok().filter(|n: &f64| n.is_finite()).map(ArgValue::Float),
        ParamType::Bool => text.trim().to_ascii_lowercase().parse().ok().map(ArgValue::Bool),
        ParamType::Tenant => (!text.is_empty()).then(|| ArgValue::Tenant(text.to_owned())),
        ParamType::Domain => is_domain(text).then(|| ArgValue::Text(text.to_ascii_lowercase())),
        ParamType::Guid => Uuid::parse_str(text.trim().trim_matches(['{', '}']))
            .ok()
            .map(|guid| ArgValue::Text(guid.to_string())),
        ParamType::Email => is_email(text).then(|| ArgValue::Text(text.to_owned())),
        ParamType::File | ParamType::Dir => (!text.is_empty()).then(|| ArgValue::Path(PathBuf::from(text))),
        ParamType::DateTime => moment(text).map(ArgValue::Time),
        ParamType::Secret => return secret(param, text),
        ParamType::Choice => chosen(param, text).map(ArgValue::Text),
        ParamType::List => return list(param, std::slice::from_ref(&text)),
    };
    let value = value.ok_or_else(wrong)?;
    within_bounds(param, &value)?;
    match is_like_pattern(param, text)? {
        true => Ok(value),
        false => Err(mismatch(param, text)),
    }
}

/// The choice that `text` means, whatever its case.
fn chosen(param: &Param, text: &str) -> Option<String> {
    param.choices.iter().find(|choice| choice.eq_ignore_ascii_case(text)).cloned()
}

fn list(param: &Param, texts: &[impl AsRef<str>]) -> Result<ArgValue, Trouble> {
    let entries = texts.iter().flat_map(|text| parts(text.as_ref()));
    let entry = |entry: String| match param.choices.is_empty() {
        true => Ok(entry),
        false => chosen(param, &entry).ok_or_else(|| refusal(param, format!("takes {}, got `{entry}`", param.expected()))),
    };
    Ok(ArgValue::List(entries.map(entry).collect::<Result<_, _>>()?))
}

fn secret(param: &Param, text: &str) -> Result<ArgValue, Trouble> {
    let secret = secret_source::read(text, || Box::new(stdin().lock())).map_err(|problem| refusal(param, problem))?;
    match is_like_pattern(param, secret.expose_secret())? {
        true => Ok(ArgValue::Secret(secret)),
        false => Err(mismatch(param, "[secret]")),
    }
}

/// Reads a flag that was given once or, for a `list`, several times.
pub fn parse_values(param: &Param, texts: &[String]) -> Result<ArgValue, Trouble> {
    match (param.kind, texts) {
        (ParamType::List, texts) => list(param, texts),
        (ParamType::Bool, []) => Ok(ArgValue::Bool(true)),
        (_, [text]) => parse_value(param, text),
        (_, []) => Err(refusal(param, format!("needs {}", param.expected()))),
        (_, _) => Err(refusal(param, "was given more than once".into())),
    }
}

fn refusal(param: &Param, problem: String) -> Trouble {
    Trouble::new(Kind::Invalid, format!("`--{}` {problem}", param.flag())).with_code("invalid_parameter")
}

/// The entries of a list in one flag. There is no quoting: an entry with a comma cannot be given on the command line.
fn parts(text: &str) -> Vec<String> {
    text.split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

fn within_bounds(param: &Param, value: &ArgValue) -> Result<(), Trouble> {
    let number = match value {
        ArgValue::Int(number) => *number as f64,
        ArgValue::Float(number) => *number,
        _ => return Ok(()),
    };
    let bound = match (param.min, param.max) {
        (Some(min), _) if number < min => format!("must be at least {min}, got {number}"),
        (_, Some(max)) if number > max => format!("must be at most {max}, got {number}"),
        _ => return Ok(()),
    };
    Err(refusal(param, bound))
}

fn is_like_pattern(param: &Param, text: &str) -> Result<bool, Trouble> {
    let Some(pattern) = &param.pattern else { return Ok(true) };
    let anchored = Regex::new(&format!("^(?:{pattern})$")).map_err(|error| refusal(param, format!("has a bad pattern: {error}")))?;
    Ok(anchored.is_match(text))
}

fn mismatch(param: &Param, shown: &str) -> Trouble {
    let pattern = param.pattern.as_deref().unwrap_or_default();
    let trouble = refusal(param, format!("must match `{pattern}`, got `{shown}`"));
    // Few people read patterns; what the parameter is for tells them what to give.
    match param.help.trim() {
        "" => trouble,
        help => trouble.with_remedy(help),
    }
}

fn is_domain(text: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
    };
    text.contains('.') && text.len() <= 253 && text.split('.').all(is_label)
}

fn is_email(text: &str) -> bool {
    let local_and_domain = text.rsplit_once('@');
    local_and_domain.is_some_and(|(local, domain)| !local.is_empty() && !local.contains(char::is_whitespace) && is_domain(domain))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn param(kind: ParamType) -> Param {
        Param {
            name: "max_jobs".into(),
            kind,
            help: String::new(),
            value: None,
            choices: vec!["application".into(), "all".into()],
            min: Some(1.0),
            max: Some(8.0),
            pattern: None,
        }
    }

    #[test]
    fn a_bad_value_is_refused_with_the_flag_and_what_was_expected() {
        let cases = [
            (ParamType::Int, "twelve", "`--max-jobs` takes a whole number, got `twelve`"),
            (ParamType::Int, "12", "`--max-jobs` must be at most 8, got 12"),
            (ParamType::Choice, "some", "`--max-jobs` takes one of application, all, got `some`"),
            (
                ParamType::Domain,
                "contoso",
                "`--max-jobs` takes a domain such as contoso.com, got `contoso`",
            ),
            (
                ParamType::Email,
                "ann",
                "`--max-jobs` takes an address such as ann@contoso.com, got `ann`",
            ),
        ];
        for (kind, text, expected) in cases {
            let trouble = parse_value(&param(kind), text).expect_err("the value is bad");
            assert_eq!(trouble.message, expected);
        }
    }

    #[test]
    fn a_pattern_holds_for_the_secret_and_not_for_its_place() {
        let secret = |pattern: &str| {
            let param = Param {
                pattern: Some(pattern.into()),
                ..param(ParamType::Secret)
            };
            parse_value(&param, "env:CARGO_PKG_NAME")
        };

        assert!(matches!(secret("[a-z]+"), Ok(ArgValue::Secret(_))));
        assert_eq!(
            secret("env:.*").expect_err("it is another").message,
            "`--max-jobs` must match `env:.*`, got `[secret]`"
        );
    }

    #[test]
    fn what_does_not_match_its_pattern_is_answered_with_the_help_of_the_parameter() {
        let name = Param {
            help: "Storage account, 3 to 24 digits and lower-case letters".into(),
            pattern: Some("[a-z0-9]{3,24}".into()),
            ..param(ParamType::String)
        };

        let refused = parse_value(&name, "Audit-1").expect_err("it has a hyphen");

        assert_eq!(refused.message, "`--max-jobs` must match `[a-z0-9]{3,24}`, got `Audit-1`");
        assert_eq!(
            refused.remedy.as_deref(),
            Some("Storage account, 3 to 24 digits and lower-case letters")
        );
    }

    #[test]
    fn a_list_is_the_flag_several_times_or_joined_by_commas() {
        let any = Param {
            choices: Vec::new(),
            ..param(ParamType::List)
        };
        let value = parse_values(&any, &["a, b".into(), "c".into()]);

        assert!(matches!(value, Ok(ArgValue::List(items)) if items == ["a", "b", "c"]));
    }

    #[test]
    fn a_list_with_choices_holds_nothing_else() {
        let param = param(ParamType::List);
        let value = parse_values(&param, &["ALL,application".into()]);
        let wrong = parse_values(&param, &["all".into(), "some".into()]).expect_err("no choice");

        assert!(matches!(value, Ok(ArgValue::List(items)) if items == ["all", "application"]));
        assert_eq!(
            wrong.message,
            "`--max-jobs` takes any of application, all, joined by commas, got `some`"
        );
    }
}
