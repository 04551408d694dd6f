//! The drawing of who may call whom, held against the `crate::` paths of the source; and no test file is forgotten.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

/// The rows of the drawing, top to bottom. Calls go downwards only; neighbours on a row never call each other.
const ROWS: &[&[&str]] = &[
    &["cli", "repl"],
    &["script", "output"],
    &["tenant", "migrate", "files", "config"],
    &["change", "cloud"],
    &["journal"],
    &["model", "platform"],
];

/// The one name that looks sideways: what `cloud` takes for every write.
const SIDEWAYS: (&str, &str) = ("cloud", "crate::change::Permit");

#[test]
fn every_module_calls_only_what_the_drawing_allows() {
    let mut faults = Vec::new();
    for file in source_files(Path::new("src")) {
        let Some(from) = area(&file) else { continue };
        for path in crate_paths(&file) {
            if !allowed(&from, &path) {
                faults.push(format!("{}: {path}", file.display()));
            }
        }
    }

    assert!(faults.is_empty(), "these look where they may not:\n{}", faults.join("\n"));
}

#[test]
fn the_drawing_knows_every_module() {
    let known: BTreeSet<_> = ROWS.iter().flat_map(|row| row.iter().copied()).chain(["sandbox"]).collect();
    let found = entries(Path::new("src")).into_iter().filter(|path| path.is_dir());
    let unknown: Vec<_> = found.filter(|path| !known.contains(name(path).as_str())).collect();

    assert!(unknown.is_empty(), "not in the drawing: {unknown:?}");
}

#[test]
fn the_rules_of_migration_do_no_input_or_output() {
    let forbidden = [
        "tokio",
        "reqwest",
        "std::fs",
        "std::net",
        "std::process",
        "rusqlite",
        "std::time::SystemTime",
    ];
    let mut faults = Vec::new();
    for file in source_files(Path::new("src/migrate")) {
        for (number, line) in code(&file) {
            if let Some(word) = forbidden.iter().find(|word| line.contains(**word)) {
                faults.push(format!("{}:{number}: {word}", file.display()));
            }
        }
    }

    assert!(faults.is_empty(), "migrate reaches outside:\n{}", faults.join("\n"));
}

#[test]
fn no_file_of_tests_is_forgotten() {
    let main = fs::read_to_string("tests/main.rs").expect("tests/main.rs is there");
    let modules: BTreeSet<_> = main
        .lines()
        .filter_map(|line| line.strip_prefix("mod ")?.strip_suffix(';'))
        .collect();
    let files = entries(Path::new("tests")).into_iter().filter(|path| {
        let is_module = path.extension().is_some_and(|ending| ending == "rs") || path.join("mod.rs").exists();
        is_module && name(path) != "main"
    });
    let forgotten: Vec<_> = files.filter(|path| !modules.contains(name(path).as_str())).collect();

    assert!(forgotten.is_empty(), "add to tests/main.rs: {forgotten:?}");
}

/// The rules themselves, on made-up lines: a test that cannot fail proves nothing.
#[test]
fn upward_and_sideways_paths_are_noticed() {
    assert!(allowed("cli", "crate::script::Script"));
    assert!(allowed("tenant", "crate::model::Record"));
    assert!(allowed("cloud", "crate::change::Permit"));
    assert!(allowed("sandbox", "crate::model::ProxyAddress"));
    assert!(allowed("cli", "crate::sandbox::Sandbox"));
    assert!(!allowed("cloud", "crate::change::Gate"));
    assert!(!allowed("script", "crate::output::table"));
    assert!(!allowed("tenant", "crate::migrate::explain"));
    assert!(!allowed("change", "crate::tenant::Tenant"));
    assert!(!allowed("sandbox", "crate::cloud::Cloud"));
    assert!(!allowed("script", "crate::sandbox::Sandbox"));
}

fn allowed(from: &str, path: &str) -> bool {
    let to = path.split("::").nth(1).unwrap_or_default();
    if from == to || (from, path) == SIDEWAYS {
        return true;
    }
    if from == "sandbox" || to == "sandbox" {
        // It stands beside the house: it sees plain types only, and only the command line starts it.
        return (from, to) == ("sandbox", "model") || (from, to) == ("cli", "sandbox") || (from, to) == ("repl", "sandbox");
    }
    match (row(from), row(to)) {
        (Some(from), Some(to)) => from < to,
        _ => false,
    }
}

fn row(area: &str) -> Option<usize> {
    ROWS.iter().position(|row| row.contains(&area))
}

/// The top module of a source file; `None` for `lib.rs` and `main.rs`, which only list and start.
fn area(file: &Path) -> Option<String> {
    let inside = file.strip_prefix("src").expect("listed below src");
    (inside.components().count() > 1).then(|| {
        let first = inside.components().next().expect("it has two");
        first.as_os_str().to_string_lossy().into_owned()
    })
}

/// Each `crate::...` path in code, whether in a `use` line or in the middle of an expression.
fn crate_paths(file: &Path) -> Vec<String> {
    let mut paths = Vec::new();
    for (number, line) in code(file) {
        for (at, _) in line.match_indices("crate::") {
            // `$crate::` and `xcrate::` are other things.
            if line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$') {
                continue;
            }
            let path: String = line[at..]
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_' || *c == ':')
                .collect();
            assert!(
                !path.ends_with("crate::"),
                "{}:{number}: one import a line, so that this test can read it",
                file.display()
            );
            paths.push(path);
        }
    }
    paths
}

/// The lines without comments, numbered from 1.
fn code(file: &Path) -> Vec<(usize, String)> {
    let text = fs::read_to_string(file).expect("a source file can be read");
    let lines = text.lines().enumerate().map(|(at, line)| (at + 1, line.to_owned()));
    lines.filter(|(_, line)| !line.trim_start().starts_with("//")).collect()
}

fn source_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in entries(folder) {
        match entry.is_dir() {
            true => files.extend(source_files(&entry)),
            false if entry.extension().is_some_and(|ending| ending == "rs") => files.push(entry),
            false => {}
        }
    }
    files
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder can be listed");
    let mut entries: Vec<_> = entries.map(|entry| entry.expect("the entry can be read").path()).collect();
    entries.sort();
    entries
}

fn name(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}
