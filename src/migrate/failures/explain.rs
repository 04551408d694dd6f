//! From the text of an error to the failure it means.

use crate::migrate::failures::Failure;
use crate::migrate::failures::all;
use crate::migrate::failures::worded;
use crate::model::Record;

/// Types that wrap anything and therefore say nothing alone.
const VAGUE: &[&str] = &[
    "MigrationPermanentException",
    "MigrationTransientException",
    "MigrationMRSPermanentException",
    "ManagementObjectNotFoundException",
    "InvalidOperationException",
    "ParameterBindingException",
    "ValidationMetadataException",
    "ArgumentNullException",
];

/// How well a failure fits: where its last sign stands (the innermost cause of a chain comes last), whether its type is named,
/// and how much of the text it accounts for.
type Fit = (usize, bool, usize);

/// The failure that an error text, with or without exception types, means. Of several the innermost is taken.
pub fn explain(text: &str) -> Option<&'static Failure> {
    let text = text.to_lowercase().replace(['’', '‘'], "'");
    let mut best: Option<(Fit, &Failure)> = None;
    for failure in all() {
        if let Some(fit) = fit(failure, &text)
            && best.is_none_or(|(known, _)| fit > known)
        {
            best = Some((fit, failure));
        }
    }
    best.map(|(_, failure)| worded(failure, &text))
}

/// [`explain`] for scripts: `id title side cause remedy then exception`.
pub fn explain_failure(text: &str) -> Option<Record> {
    explain(text).map(Failure::to_record)
}

fn fit(failure: &Failure, text: &str) -> Option<Fit> {
    let telling = failure.exceptions.iter().filter(|name| !VAGUE.contains(name));
    let named = telling.filter_map(|name| place_of_name(text, &name.to_lowercase())).max();
    let said = failure.texts.iter().filter_map(|pattern| place_of_text(text, pattern)).max();
    let place = named.max(said.map(|(place, _)| place))?;
    Some((place, named.is_some(), said.map_or(0, |(_, length)| length)))
}

/// The last place where `name` stands as a whole word.
fn place_of_name(text: &str, name: &str) -> Option<usize> {
    let is_part = |character: Option<char>| character.is_some_and(char::is_alphanumeric);
    let is_whole = |at: &usize| !is_part(text[..*at].chars().next_back()) && !is_part(text[at + name.len()..].chars().next());
    text.rmatch_indices(name).map(|(at, _)| at).find(is_whole)
}

/// The last place where the fixed parts of `pattern` follow each other, and their length. A full stop at its end does not count:
/// sentences lose it when they are quoted.
fn place_of_text(text: &str, pattern: &str) -> Option<(usize, usize)> {
    let pattern = pattern.to_lowercase();
    let parts: Vec<&str> = pattern
        .trim_end_matches('.')
        .split('<')
        .enumerate()
        .map(|(at, part)| {
            if at == 0 {
                part
            } else {
                part.split_once('>').map_or(part, |(_, fixed)| fixed)
            }
        })
        .filter(|part| !part.is_empty())
        .collect();
    let (first, rest) = parts.split_first()?;
    let follows = |at: &usize| {
        let mut after = at + first.len();
        rest.iter().all(|part| match text[after..].find(part) {
            Some(found) => {
                after += found + part.len();
                true
            }
            None => false,
        })
    };
    let place = text.rmatch_indices(first).map(|(at, _)| at).find(follows)?;
    Some((place, parts.iter().map(|part| part.len()).sum()))
}
