//! All readings, and the look-up by name.

use std::sync::LazyLock;

use super::Reading;
use super::azure;
use super::exchange;
use super::graph;

static ALL: LazyLock<Vec<&'static Reading>> = LazyLock::new(|| {
    let services = [exchange::READINGS, graph::READINGS, azure::READINGS];
    services.into_iter().flatten().collect()
});

/// All readings.
pub fn readings() -> &'static [&'static Reading] {
    &ALL
}

/// The reading of that name.
pub fn reading(name: &str) -> Option<&'static Reading> {
    ALL.iter().copied().find(|reading| reading.name == name)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::cloud;
    use crate::tenant::readings::From;

    #[test]
    fn every_reading_has_its_own_name_and_says_what_it_does() {
        let mut names = HashSet::new();
        for reading in readings() {
            assert!(names.insert(reading.name), "`{}` is there twice", reading.name);
            assert!(reading.help.ends_with('.'), "`{}` needs a sentence of help", reading.name);
            assert!(!reading.permission.is_empty(), "`{}` needs a permission", reading.name);
            let verb = if reading.many { "find_" } else { "get_" };
            assert!(reading.name.starts_with(verb), "`{}` should begin with {verb}", reading.name);
        }
    }

    #[test]
    fn every_cmdlet_is_one_that_the_connection_reads_with() {
        for reading in readings() {
            if let From::Cmdlet { name, .. } = reading.from {
                assert!(cloud::reads(name), "`{}` reads with `{name}`", reading.name);
            }
        }
    }

    #[test]
    fn a_path_holds_an_identity_exactly_when_the_reading_takes_one() {
        for reading in readings() {
            if let From::Graph { path, .. } | From::Arm { path, .. } | From::Vault { path } = reading.from {
                assert_eq!(path.contains('{'), reading.identity, "`{}`", reading.name);
            }
        }
    }
}
