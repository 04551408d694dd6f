//! `Jail`: the part of the file system that a run may reach: below its working folder, and its `file` and `dir` parameters.

use std::fs;
use std::path::Component;
use std::path::Path;
use std::path::PathBuf;

use crate::model::Kind;
use crate::model::Trouble;

/// The reachable places, as real paths.
#[derive(Debug)]
pub(super) struct Jail {
    working_folder: PathBuf,
    folders: Vec<PathBuf>,
    files: Vec<PathBuf>,
}

impl Jail {
    /// A jail around `working_folder`.
    pub fn around(working_folder: &Path) -> Self {
        let working_folder = real(working_folder);
        Self {
            folders: vec![working_folder.clone()],
            files: Vec::new(),
            working_folder,
        }
    }

    /// Lets one file be reached.
    pub fn let_file(&mut self, path: &Path) {
        self.files.push(real(&self.working_folder.join(path)));
    }

    /// Lets everything below a folder be reached.
    pub fn let_folder(&mut self, path: &Path) {
        self.folders.push(real(&self.working_folder.join(path)));
    }

    /// The real path of what a script calls `path`, if it may reach it.
    pub fn path(&self, path: &str) -> Result<PathBuf, Trouble> {
        let wanted = real(&self.working_folder.join(path));
        let is_inside = self.files.contains(&wanted) || self.folders.iter().any(|folder| wanted.starts_with(folder));
        if is_inside && !path.is_empty() {
            return Ok(wanted);
        }
        Err(Trouble::new(
            Kind::NotPermitted,
            format!("`{path}` lies outside the working folder, and no parameter names it"),
        )
        .with_code("outside_of_reach")
        .with_remedy("run the script in the folder that holds the file, or give the file as a parameter of type file"))
    }
}

/// The path without links and `..`; of a file that does not exist yet, as far as its folders exist.
fn real(path: &Path) -> PathBuf {
    let mut real = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => _ = real.pop(),
            Component::CurDir => {}
            part => real.push(part),
        }
        if let Ok(found) = fs::canonicalize(&real) {
            real = found;
        }
    }
    real
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_working_folder_and_named_places_are_reached() {
        let place = tempfile::tempdir().expect("a temporary folder");
        let inside = place.path().join("inside");
        fs::create_dir(&inside).expect("a folder");
        let mut jail = Jail::around(&inside);
        jail.let_file(Path::new("../named.csv"));

        assert!(jail.path("users.csv").is_ok());
        assert!(jail.path("new/folder/users.csv").is_ok());
        assert!(jail.path("../named.csv").is_ok());
        for outside in ["../other.csv", "new/../../other.csv", "/etc/passwd", ""] {
            assert_eq!(jail.path(outside).expect_err(outside).code, "outside_of_reach");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_does_not_lead_out() {
        let place = tempfile::tempdir().expect("a temporary folder");
        let inside = place.path().join("inside");
        fs::create_dir(&inside).expect("a folder");
        std::os::unix::fs::symlink("..", inside.join("out")).expect("a link");

        assert!(Jail::around(&inside).path("out/other.csv").is_err());
    }
}
