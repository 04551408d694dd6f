//! Files that are no journal, or not one that this program may use.

use std::fs;
use std::path::Path;

use rusqlite::Connection;

use super::*;
use crate::model::Trouble;

/// What is said of `file`, to one who would write and to one who only looks.
fn refusal(file: &Path) -> Trouble {
    let trouble = Journal::open(file).map(|_| ()).unwrap_err();
    let looking = Journal::existing(file).map(|_| ()).unwrap_err();
    assert_eq!(trouble.message, looking.message);
    assert!(
        trouble.remedy.as_ref().is_some_and(|remedy| remedy.contains("--journal FILE")),
        "{trouble:?}"
    );
    trouble
}

/// The file of a journal with some runs in it.
fn filled() -> (TempDir, std::path::PathBuf) {
    let folder = folder();
    let file = folder.path().join("journal.sqlite");
    let journal = Journal::open(&file).unwrap();
    for _ in 0..20 {
        journal.begin(&new_run(&"x".repeat(4000))).unwrap();
    }
    (folder, file)
}

#[test]
fn who_only_looks_makes_no_file() {
    let folder = folder();
    let file = folder.path().join("journal.sqlite");

    assert!(Journal::existing(&file).unwrap().is_none());
    assert!(!file.exists());
}

#[cfg(unix)]
#[test]
fn only_its_owner_may_read_a_journal_and_its_folder() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    let file = folder.path().join("deep/journal.sqlite");
    let log = Journal::open(&file).unwrap().begin(&new_run("x")).unwrap();

    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;

    assert_eq!(mode(&folder.path().join("deep")), 0o700);
    assert_eq!(mode(&file), 0o600);
    assert_eq!(mode(&folder.path().join("deep/journal.sqlite-wal")), 0o600);
    assert_eq!(mode(&folder.path().join("deep/journal.sqlite-runs")), 0o700);
    drop(log);
}

#[test]
fn a_text_is_refused_and_left_as_it_was() {
    let folder = folder();
    let file = folder.path().join("journal.sqlite");
    let text = "no journal at all\n".repeat(100);
    fs::write(&file, &text).unwrap();

    let trouble = refusal(&file);

    assert!(trouble.message.ends_with("is no journal"), "{trouble}");
    assert_eq!(fs::read_to_string(&file).unwrap(), text);
}

#[test]
fn the_database_of_another_program_is_refused_and_left_as_it_was() {
    let folder = folder();
    let file = folder.path().join("places.sqlite");
    Connection::open(&file)
        .unwrap()
        .execute_batch("create table bookmark (id)")
        .unwrap();
    let before = fs::read(&file).unwrap();

    let trouble = refusal(&file);

    assert!(trouble.message.ends_with("is a database of another program"), "{trouble}");
    assert_eq!(fs::read(&file).unwrap(), before);
}

#[test]
fn a_newer_format_is_refused_by_its_number() {
    let (_folder, file) = filled();
    Connection::open(&file).unwrap().pragma_update(None, "user_version", 2).unwrap();

    let trouble = refusal(&file);

    assert!(trouble.message.ends_with("it has format 2, this one reads 1"), "{trouble}");
    assert!(trouble.remedy.as_ref().unwrap().starts_with("use the newer version"));
}

#[test]
fn a_file_that_was_cut_off_is_damaged_wherever_the_cut_is() {
    let (_folder, file) = filled();
    let whole = fs::read(&file).unwrap();

    for length in [0, 10, 50, 100, 4096, whole.len() / 2, whole.len() - 1] {
        fs::write(&file, &whole[..length]).unwrap();
        let trouble = refusal(&file);
        assert!(
            trouble.message.contains("is damaged") || trouble.message.contains("is no journal"),
            "{length}: {trouble}"
        );
        assert_eq!(fs::read(&file).unwrap().len(), length);
    }
}

#[test]
fn pages_that_were_overwritten_are_told_when_they_are_read() {
    let (_folder, file) = filled();
    let mut bytes = fs::read(&file).unwrap();
    // Everything but the first page, so that it still looks like a journal from outside.
    bytes[4096..].fill(0x55);
    fs::write(&file, &bytes).unwrap();

    let seen = Journal::open(&file).and_then(|journal| journal.runs()).unwrap_err();

    assert!(seen.message.contains("is damaged"), "{seen}");
    assert!(seen.remedy.as_ref().unwrap().contains("move"), "{seen:?}");
}

#[test]
fn a_folder_is_no_journal() {
    let folder = folder();

    let trouble = refusal(folder.path());

    assert!(trouble.message.starts_with("could not read the journal"), "{trouble}");
}

#[cfg(unix)]
#[test]
fn a_journal_that_may_not_be_written_can_be_looked_into_but_not_used() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, file) = filled();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o400)).unwrap();
    if fs::File::options().write(true).open(&file).is_ok() {
        // The superuser may write whatever it likes.
        return;
    }

    let trouble = Journal::open(&file).map(|_| ()).unwrap_err();

    assert!(trouble.message.ends_with("is read-only"), "{trouble}");
    assert_eq!(Journal::existing(&file).unwrap().unwrap().runs().unwrap().len(), 20);
}
