//! "Did you mean": the nearest known name.

use crate::model::Trouble;

/// How like a name must be to be meant, from 0 to 1.
const LIKE: f64 = 0.84;

/// The known name most like `name`, without regard to case, if any is near enough to be meant.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let likeness = |candidate: &str| strsim::jaro_winkler(&candidate.to_lowercase(), &name.to_lowercase());
    known
        .into_iter()
        .map(|candidate| (likeness(candidate), candidate))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .filter(|(likeness, _)| *likeness > LIKE)
        .map(|(_, candidate)| candidate)
}

/// `trouble` with the nearest known name as its remedy.
pub fn did_you_mean<'a>(trouble: Trouble, name: &str, known: impl IntoIterator<Item = &'a str>) -> Trouble {
    match nearest(name, known) {
        Some(nearest) => trouble.with_remedy(format!("did you mean `{nearest}`?")),
        None => trouble,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_name_whatever_the_case_and_another_word_finds_none() {
        let known = ["ExchangeGuid", "DisplayName"];

        assert_eq!(nearest("exchangegiud", known), Some("ExchangeGuid"));
        assert_eq!(nearest("Password", known), None);
    }
}
