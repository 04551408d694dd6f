//! Both descriptions, read once for all tests, and what is known not to be in them.

use std::path::Path;
use std::sync::OnceLock;

use super::azure::Azure;
use super::specification::Specification;
use crate::common::GRAPH;
use crate::common::Recorded;

/// Documented elsewhere only, not in the copy of the description of Graph: it was made for PowerShell, which has no `me`, and cut to the
/// objects of a set-up.
const UNDESCRIBED: &[&str] = &["tenantRelationships/", "me", "me/", "directoryObjects/"];

/// What Microsoft published.
pub struct Published {
    /// Of Graph.
    pub graph: Specification,
    /// Of Resource Manager and Key Vault.
    pub azure: Azure,
}

/// Who asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asker {
    /// Our program, whose requests are all to be as published.
    Ours,
    /// Somebody else, who may ask in any way.
    Stranger,
}

impl Asker {
    /// Whether a fault counts: what is wrong with a stranger's request that was refused is meant to be.
    pub fn answers_for(self, recorded: &Recorded, fault: &str) -> bool {
        self == Self::Ours || recorded.succeeded() || !(fault.starts_with("request") || fault.starts_with("no such operation"))
    }
}

/// The descriptions, where they are.
pub fn published() -> Option<&'static Published> {
    static PUBLISHED: OnceLock<Option<Published>> = OnceLock::new();
    let read = || {
        let folder = contracts()?;
        Some(Published {
            graph: Specification::read(&folder.join("microsoft-graph")),
            azure: Azure::read(&folder.join("azure-rest-api-specs")),
        })
    };
    PUBLISHED.get_or_init(read).as_ref()
}

/// The folder of the published specifications beside the repository's own; the tests say so and pass where it is not there.
pub fn contracts() -> Option<&'static Path> {
    let folder = Path::new("../shared/contracts");
    if !folder.is_dir() {
        println!("skipped: there is no `{}` with the published specifications", folder.display());
        return None;
    }
    Some(folder)
}

impl Published {
    /// What of a request and its answer is neither as published nor listed as a departure.
    pub fn faults(&self, recorded: &Recorded) -> Vec<String> {
        match recorded.host == GRAPH {
            true if is_undescribed(&recorded.path) => Vec::new(),
            true => self.graph.faults(recorded),
            false => self.azure.unexcused(recorded),
        }
    }
}

/// Whether that path of Graph is documented elsewhere only.
pub fn is_undescribed(path: &str) -> bool {
    UNDESCRIBED
        .iter()
        .any(|known| path == *known || (known.ends_with('/') && path.starts_with(known)))
}

/// A path without ids and names, so that one fault is told once.
pub fn general(path: &str) -> String {
    let is_name = |segment: &str| segment.contains(['@', '-']) || segment.len() > 40;
    let segments = path.split('/').map(|segment| {
        if is_name(segment) && !segment.contains('(') {
            "{}"
        } else {
            segment
        }
    });
    segments.collect::<Vec<_>>().join("/")
}
