//! Looking a failure up by whatever is at hand: its number, an exception type, a sign-in code, or the words of the service.

use crate::migrate::failures::Failure;
use crate::migrate::failures::all;
use crate::migrate::failures::explain;

/// The failures that `what` may mean, in the order of the catalogue: a number (`F-55`, `f55`), the name of an exception with or
/// without its namespace (several failures may share one), a code (`AADSTS7000215`), or a text that the service wrote.
pub fn about(what: &str) -> Vec<&'static Failure> {
    let what = what.trim();
    let numbered: Vec<_> = all().filter(|failure| is_number(failure.id, what)).collect();
    if !numbered.is_empty() {
        return numbered;
    }
    let name = what.rsplit('.').next().unwrap_or(what);
    let named: Vec<_> = all().filter(|failure| bears(failure, name)).collect();
    if !named.is_empty() {
        return named;
    }
    explain(what).into_iter().collect()
}

/// Every name by which [`about`] finds a failure exactly: numbers, exceptions and codes.
pub fn names() -> impl Iterator<Item = &'static str> {
    all().flat_map(|failure| failure.exceptions.iter().copied().chain([failure.id]))
}

fn is_number(id: &str, what: &str) -> bool {
    let plain = |text: &str| text.to_ascii_lowercase().trim_start_matches(['f', '-', '0']).to_owned();
    !what.is_empty() && plain(id) == plain(what)
}

fn bears(failure: &Failure, name: &str) -> bool {
    failure.exceptions.iter().any(|known| known.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(what: &str) -> Vec<&'static str> {
        about(what).iter().map(|failure| failure.id).collect()
    }

    #[test]
    fn a_failure_is_found_by_its_number_however_it_is_written() {
        for what in ["F-55", "f-55", "F55", "55", " F-55 "] {
            assert_eq!(ids(what), ["F-55"], "{what}");
        }
        assert_eq!(ids("F-59b"), ["F-59b"]);
        assert_eq!(ids("F-3"), ["F-03"]);
        assert_eq!(ids("F-18"), [""; 0]);
    }

    #[test]
    fn an_exception_finds_all_failures_that_bear_it_with_or_without_its_namespace() {
        assert_eq!(ids("NotAcceptedDomainException"), ["F-55", "F-93"]);
        assert_eq!(
            ids("Microsoft.Exchange.Management.Tasks.notaccepteddomainexception"),
            ["F-55", "F-93"]
        );
        assert_eq!(ids("AADSTS7000222"), ["F-24"]);
        assert!(ids("MigrationPermanentException").len() > 5);
    }

    #[test]
    fn the_words_of_the_service_find_the_failure_they_are_about() {
        assert_eq!(ids("Target user 'lara' already has a primary mailbox."), ["F-54"]);
        assert!(about("all is well").is_empty());
        assert!(about("").is_empty());
    }
}
