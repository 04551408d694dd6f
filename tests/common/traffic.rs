//! `Traffic`: what the programs of one site asked of Graph and Azure and were answered, held against what Microsoft published.

use std::path::Path;
use std::path::PathBuf;
use std::thread;

use crate::contracts;

/// The traffic of one site. A test that did well otherwise fails at its end when some of it is not as published.
pub struct Traffic(PathBuf);

impl Traffic {
    /// That of the site in `folder`.
    pub fn of(folder: &Path) -> Self {
        Self(Self::file(folder))
    }

    /// Where the sandboxes of the site in `folder` keep it.
    pub fn file(folder: &Path) -> PathBuf {
        folder.join("traffic.jsonl")
    }
}

impl Drop for Traffic {
    fn drop(&mut self) {
        if !thread::panicking() {
            contracts::hold_traffic(&self.0);
        }
    }
}
