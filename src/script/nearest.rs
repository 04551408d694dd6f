//! "Did you mean": the nearest known name.

use crate::model::Trouble;

/// The known name most like `name`, if any is near enough to be meant.
pub(super) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let likeness = |candidate: &str| strsim::jaro_winkler(&candidate.to_lowercase(), &name.to_lowercase());
    known
        .map(|candidate| (likeness(candidate), candidate))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .filter(|(likeness, _)| *likeness > 0.84)
        .map(|(_, candidate)| candidate)
}

/// `trouble` with the nearest known name as its remedy.
pub(super) fn did_you_mean<'a>(trouble: Trouble, name: &str, known: impl Iterator<Item = &'a str>) -> Trouble {
    match nearest(name, known) {
        Some(nearest) => trouble.with_remedy(format!("did you mean `{nearest}`?")),
        None => trouble,
    }
}
