//! Variables: those that hold what an earlier change has given, and those that the reader is asked for.

use std::collections::HashMap;
use std::collections::HashSet;

use serde_json::Value;

use super::quoting::expandable;
use super::quoting::quoted;
use super::term::Term;
use crate::model::is_placeholder;

/// The variables of a script as far as it is written.
#[derive(Debug, Default)]
pub(super) struct Names {
    taken: HashSet<String>,
    counts: HashMap<String, usize>,
    given: HashMap<String, String>,
    asked: HashMap<String, String>,
    questions: Vec<Question>,
    used: usize,
}

/// What the reader is asked before anything is changed.
#[derive(Debug, PartialEq)]
pub(super) struct Question {
    pub(super) variable: String,
    pub(super) what: String,
    pub(super) is_secret: bool,
}

impl Names {
    /// A new variable for an object of this kind, such as `$servicePrincipal1`.
    pub(super) fn object(&mut self, noun: &str) -> String {
        let word = camel(noun);
        let count = self.counts.entry(word.clone()).or_default();
        *count += 1;
        let name = format!("{word}{count}");
        self.free(name)
    }

    /// Says that `expression` has the value that `placeholder` stands for from here on.
    pub(super) fn give(&mut self, placeholder: &str, expression: String) {
        self.given.insert(placeholder.to_owned(), expression);
    }

    /// What has the value of `placeholder`, when an earlier change gives it.
    pub(super) fn given(&mut self, placeholder: &str) -> Option<String> {
        let expression = self.given.get(placeholder).cloned()?;
        self.used += 1;
        Some(expression)
    }

    /// The variable of the answer to a question, which is put once.
    pub(super) fn ask(&mut self, what: &str, is_secret: bool) -> String {
        if let Some(variable) = self.asked.get(what) {
            return variable.clone();
        }
        let variable = self.free(camel(what));
        self.asked.insert(what.to_owned(), variable.clone());
        self.questions.push(Question {
            variable: variable.clone(),
            what: what.to_owned(),
            is_secret,
        });
        variable
    }

    /// All questions so far.
    pub(super) fn questions(&self) -> &[Question] {
        &self.questions
    }

    /// How often a value of an earlier change was used.
    pub(super) fn used(&self) -> usize {
        self.used
    }

    /// A plain value.
    pub(super) fn term(&mut self, value: &Value) -> Term {
        match value {
            Value::Null => Term::Plain("$null".into()),
            Value::Bool(true) => Term::Plain("$true".into()),
            Value::Bool(false) => Term::Plain("$false".into()),
            Value::Number(number) => Term::Plain(number.to_string()),
            Value::String(text) => Term::Plain(self.text(text)),
            Value::Array(items) => Term::List(items.iter().map(|item| self.term(item)).collect()),
            Value::Object(members) => match reference(value) {
                Some(placeholder) => Term::Plain(self.text(placeholder)),
                None => Term::Table(members.iter().map(|(name, value)| (name.clone(), self.term(value))).collect()),
            },
        }
    }

    /// A text, with what earlier changes give put in.
    pub(super) fn text(&mut self, text: &str) -> String {
        if is_placeholder(text) {
            return self.value_of(text);
        }
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, placeholder, after)) = self.next_reference(rest) {
            parts.push(expandable(before));
            let value = self.value_of(placeholder);
            parts.push(format!("$({value})"));
            rest = after;
        }
        match parts.is_empty() {
            true => quoted(text),
            false => format!("\"{}{}\"", parts.concat(), expandable(rest)),
        }
    }

    fn value_of(&mut self, placeholder: &str) -> String {
        match self.given(placeholder) {
            Some(expression) => expression,
            None => self.ask(placeholder.trim_matches(['‹', '›']), false),
        }
    }

    /// The next placeholder within a text: one that is known, or one that fills a segment of a path or a pair of quotes.
    fn next_reference<'t>(&self, text: &'t str) -> Option<(&'t str, &'t str, &'t str)> {
        text.match_indices('‹').find_map(|(begin, _)| {
            let end = begin + text[begin..].find('›')? + '›'.len_utf8();
            let (before, placeholder, after) = (&text[..begin], &text[begin..end], &text[end..]);
            let is_edge = |c: Option<char>| c.is_none_or(|c| "/'?".contains(c));
            let is_segment = is_edge(before.chars().next_back()) && is_edge(after.chars().next());
            (self.given.contains_key(placeholder) || is_segment).then_some((before, placeholder, after))
        })
    }

    fn free(&mut self, name: String) -> String {
        let is_new = |name: &str| !RESERVED.contains(&name.to_lowercase().as_str());
        let mut free = name.clone();
        let mut number = 1;
        while !is_new(&free) || !self.taken.insert(free.to_lowercase()) {
            number += 1;
            free = format!("{name}{number}");
        }
        format!("${free}")
    }
}

/// Variables that the script or PowerShell itself uses.
const RESERVED: [&str; 12] = [
    "parameters",
    "policy",
    "error",
    "host",
    "home",
    "input",
    "args",
    "this",
    "profile",
    "passwordfile",
    "true",
    "false",
];

/// The placeholder that `{"$ref": ...}` names.
pub(super) fn reference(value: &Value) -> Option<&str> {
    value.as_object().filter(|members| members.len() == 1)?.get("$ref")?.as_str()
}

/// Words as the name of a variable: `passwordOfLara`.
fn camel(words: &str) -> String {
    let mut name = String::new();
    for word in words.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        let (first, rest) = word.split_at(1);
        match name.is_empty() {
            true => name.push_str(&first.to_ascii_lowercase()),
            false => name.push_str(&first.to_ascii_uppercase()),
        }
        name.push_str(rest);
    }
    match name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        true => name,
        false => format!("value{name}"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_of_an_earlier_change_is_its_variable_also_within_a_text() {
        let mut names = Names::default();
        let application = names.object("application");
        names.give("‹application id of x›", format!("{application}.AppId"));
        names.give("‹version of move›", "$certificate1.Version".into());

        assert_eq!(names.text("‹application id of x›"), "$application1.AppId");
        assert_eq!(names.term(&json!({"$ref": "‹application id of x›"})).text(0), "$application1.AppId");
        assert_eq!(
            names.text("https://kv/certificates/$1/‹version of move›"),
            "\"https://kv/certificates/`$1/$($certificate1.Version)\""
        );
        assert_eq!(names.text("Ann ‹Sales› Miller"), "'Ann ‹Sales› Miller'");
        assert!(names.questions().is_empty());
    }

    #[test]
    fn what_no_change_gives_is_asked_for_once() {
        let mut names = Names::default();

        assert_eq!(names.text("‹publisher of x›"), "$publisherOfX");
        assert_eq!(names.text("/a/‹publisher of x›"), "\"/a/$($publisherOfX)\"");
        assert_eq!(names.ask("Profile", true), "$profile2");
        let asked: Vec<_> = names
            .questions()
            .iter()
            .map(|question| (&*question.what, question.is_secret))
            .collect();
        assert_eq!(asked, [("publisher of x", false), ("Profile", true)]);
    }

    #[test]
    fn plain_values_are_those_of_powershell() {
        let value = json!({"a": null, "b": [true, false], "c": -5, "d": 1.5, "e": [], "f": {}, "g": ["one"]});

        assert_eq!(
            Names::default().term(&value).text(0),
            "@{ a = $null; b = @($true, $false); c = -5; d = 1.5; e = @(); f = @{}; g = @('one') }"
        );
    }
}
