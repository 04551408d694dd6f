//! Folders that were damaged in each of the ways that happen: what is told of them, and what can be taken out.

use std::fs;
use std::fs::OpenOptions;
use std::io::Seek;
use std::io::SeekFrom;
use std::io::Write;
use std::path::Path;

use crate::sandbox::Sandbox;
use crate::sandbox::SandboxError;
use crate::sandbox::testing::new_folder;

fn opened(folder: &Path) -> Result<(), SandboxError> {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(Sandbox::open(folder)).map(|_| ())
}

/// What a damaged folder is refused with. Nothing in it is changed.
fn refusal(folder: &Path) -> String {
    let files = |folder: &Path| {
        let mut all: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        all.sort();
        all.into_iter()
            .filter(|path| !path.ends_with("owner.lock"))
            .map(|path| (fs::read(&path).unwrap(), path))
            .collect::<Vec<_>>()
    };
    let before = files(folder);
    let refused = opened(folder).unwrap_err();
    assert!(matches!(refused, SandboxError::Damaged { .. }), "{refused}");
    assert!(files(folder) == before, "something was changed");
    refused.to_string()
}

fn tear(path: &Path, at: u64, bytes: &[u8]) {
    let mut file = OpenOptions::new().write(true).open(path).unwrap();
    file.seek(SeekFrom::Start(at)).unwrap();
    file.write_all(bytes).unwrap();
}

/// The number of objects of a folder that is sound.
fn objects(folder: &Path) -> usize {
    let found = Sandbox::examine(folder).unwrap();
    assert!(found.damage.is_empty(), "{:?}", found.damage);
    found.objects
}

/// Takes out what can be read, and opens it.
fn recovered(folder: &Path) -> usize {
    let to = tempfile::tempdir().unwrap();
    let found = Sandbox::recover(folder, to.path()).unwrap();
    opened(to.path()).unwrap();
    assert_eq!(objects(to.path()), found.objects);
    found.objects
}

#[test]
fn a_lost_head_is_told_and_everything_is_taken_out() {
    let folder = new_folder();
    let all = objects(folder.path());
    tear(&folder.path().join("state.db"), 0, &[0; 100]);

    assert!(refusal(folder.path()).contains(&format!("does not begin as a database does; {all} objects can be read")));
    assert_eq!(recovered(folder.path()), all);
}

#[test]
fn a_file_that_is_cut_off_is_told_with_its_length_and_what_is_before_the_cut_is_taken_out() {
    let folder = new_folder();
    let all = objects(folder.path());
    let state = folder.path().join("state.db");
    let length = state.metadata().unwrap().len();
    let cut = length - length / 10 / 4096 * 4096;
    OpenOptions::new().write(true).open(&state).unwrap().set_len(cut).unwrap();

    let told = refusal(folder.path());

    assert!(
        told.contains(&format!("`state.db` is cut off: {cut} of {length} bytes are there")),
        "{told}"
    );
    let left = recovered(folder.path());
    assert!(left > all / 2 && left <= all, "{left} of {all}");
}

#[test]
fn a_torn_page_costs_only_what_was_on_it() {
    let folder = new_folder();
    let all = objects(folder.path());
    let state = folder.path().join("state.db");
    let pages = state.metadata().unwrap().len() / 4096;
    let mut told = 0;
    for page in (pages / 2..pages).step_by(7) {
        let torn = tempfile::tempdir().unwrap();
        for name in ["state.db", "ca.pem", "ca.key.pem"] {
            fs::copy(folder.path().join(name), torn.path().join(name)).unwrap();
        }
        tear(&torn.path().join("state.db"), page * 4096, &[0xa5; 4096]);

        // A page without rows or names may be one that nobody misses.
        let found = Sandbox::examine(torn.path()).unwrap();
        told += usize::from(!found.damage.is_empty());
        assert!(
            found.objects + found.lost >= all - 1 && found.objects >= all / 2,
            "page {page}: {found:?} of {all}"
        );
    }
    assert!(told > 0);
}

#[test]
fn a_journal_that_is_missing_after_a_death_is_told_each_time() {
    let folder = new_folder();
    let all = objects(folder.path());
    fs::write(
        folder.path().join("owner.json"),
        r#"{"pid":1,"listen":"127.0.0.1:9","is_serving":true,"token":"old"}"#,
    )
    .unwrap();

    // Whoever looks first must not take the sign away from the next.
    opened(folder.path()).unwrap_err();
    let told = refusal(folder.path());

    assert!(told.contains("its journal `state.db-wal` is missing"), "{told}");
    assert!(told.contains(&format!("{all} objects can be read")), "{told}");
    assert_eq!(recovered(folder.path()), all);
}

#[test]
fn a_missing_authority_is_told_and_a_new_folder_gets_a_new_one() {
    for name in ["ca.pem", "ca.key.pem"] {
        let folder = new_folder();
        let all = objects(folder.path());
        fs::remove_file(folder.path().join(name)).unwrap();

        let told = refusal(folder.path());

        assert!(told.contains(&format!("`{name}` of the authority")), "{told}");
        assert_eq!(recovered(folder.path()), all);
    }
}

#[test]
fn what_is_no_sandbox_is_told_as_such_and_nothing_is_made_of_it() {
    let foreign = new_folder();
    fs::remove_file(foreign.path().join("state.db")).unwrap();
    let other = rusqlite::Connection::open(foreign.path().join("state.db")).unwrap();
    other
        .execute_batch("create table song (title); insert into song values ('one')")
        .unwrap();
    drop(other);
    let empty = new_folder();
    fs::write(empty.path().join("state.db"), b"").unwrap();
    let text = new_folder();
    fs::write(text.path().join("state.db"), "text ".repeat(2000)).unwrap();

    for (folder, says) in [
        (&foreign, "something of another program"),
        (&empty, "`state.db` is empty"),
        (&text, "does not begin as a database does; nothing can be read"),
    ] {
        let told = refusal(folder.path());
        assert!(told.contains(says), "{told}");
        let to = tempfile::tempdir().unwrap();
        assert!(Sandbox::recover(folder.path(), &to.path().join("new")).is_err());
        assert!(!to.path().join("new/state.db").exists());
    }
}
