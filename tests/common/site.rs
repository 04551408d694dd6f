//! `Site`: one sandbox with its two companies.

use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::Weak;

use tempfile::TempDir;
use xtenant::sandbox::NewOptions;
use xtenant::sandbox::Sandbox;

use crate::common::Administrator;

/// A fresh sandbox in a folder of its own, removed at the end of the test.
pub struct Site {
    folder: TempDir,
    _fresh: Option<Arc<TempDir>>,
}

/// Keys and population take a while to make, so tests that run together start from copies of one sandbox. The last of them removes
/// it, which a plain static would never do.
static FRESH: Mutex<Weak<TempDir>> = Mutex::new(Weak::new());

impl Site {
    /// A sandbox as `xtenant sandbox new` makes it, with the default population and seed.
    pub fn new() -> Self {
        let fresh = {
            let mut shared = FRESH.lock().unwrap_or_else(PoisonError::into_inner);
            let fresh = shared.upgrade().unwrap_or_else(|| {
                let folder = tempfile::tempdir().expect("a temporary folder");
                Sandbox::create(folder.path(), &NewOptions::default()).expect("a sandbox");
                Arc::new(folder)
            });
            *shared = Arc::downgrade(&fresh);
            fresh
        };
        let mut site = Self::empty();
        copy(fresh.path(), &site.sandbox());
        site._fresh = Some(fresh);
        site
    }

    /// No sandbox yet; the first command that needs one makes it.
    pub fn empty() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
            _fresh: None,
        }
    }

    /// Another site that is as this one is now, with the folders of its people.
    pub fn copied(&self) -> Self {
        let site = Self::empty();
        copy(self.folder.path(), site.folder.path());
        site
    }

    /// The sandbox's folder.
    pub fn sandbox(&self) -> PathBuf {
        self.folder.path().join("sandbox")
    }

    /// Somebody without settings, who has the built-in profiles of both tenants.
    pub fn beginner(&self) -> Administrator {
        Administrator::new(self.folder.path(), "beginner", None)
    }

    /// The administrator of the source tenant: only profile `contoso`.
    pub fn contoso(&self) -> Administrator {
        Administrator::new(self.folder.path(), "contoso", Some("contoso.onmicrosoft.com"))
    }

    /// The administrator of the target tenant: only profile `northwind`.
    pub fn northwind(&self) -> Administrator {
        Administrator::new(self.folder.path(), "northwind", Some("northwindtraders.onmicrosoft.com"))
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("the folder can be made");
    for entry in fs::read_dir(from).expect("the folder can be listed") {
        let entry = entry.expect("the entry can be read").path();
        let name = entry.file_name().expect("an entry has a name");
        match entry.is_dir() {
            true => copy(&entry, &to.join(name)),
            false => {
                fs::copy(&entry, to.join(name)).expect("the file can be copied");
            }
        }
    }
}
