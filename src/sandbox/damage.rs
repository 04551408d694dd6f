//! What is wrong with a damaged folder, in words that say what is lacking and what can still be read.

use std::fs;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::error::SandboxError;
use super::lock::Lock;
use super::open::STATE;
use super::recover;
use super::tls;

const JOURNAL: &str = "state.db-wal";
/// What a database of SQLite begins with.
pub const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// Refuses a folder of which a file is missing.
pub fn check_files(folder: &Path, lock: &Lock) -> Result<(), SandboxError> {
    match missing_file(folder, lock) {
        Some(what) => Err(told(folder, &what)),
        None => Ok(()),
    }
}

/// Which file of the folder is missing beside the state.
pub fn missing_file(folder: &Path, lock: &Lock) -> Option<String> {
    let is_missing = |name: &&str| !folder.join(name).exists();
    if let Some(name) = [tls::CERTIFICATE, tls::KEY].iter().find(|name| is_missing(name)) {
        return Some(without(name));
    }
    (lock.is_after_a_death() && is_missing(&JOURNAL)).then(|| {
        format!(
            "its journal `{JOURNAL}` is missing, though the last process that had it did not come to its end: what was answered last \
             may have been in there"
        )
    })
}

/// What is said of a folder without this file of its authority.
pub fn without(name: &str) -> String {
    format!("`{name}` of the authority that its clients trust is missing")
}

/// The damage of a state that failed with `cause`, and what can be read of it. Nothing in the folder is changed.
pub fn told(folder: &Path, cause: &str) -> SandboxError {
    let what = in_file(&folder.join(STATE)).unwrap_or_else(|| cause.to_owned());
    let left = match recover::survey(folder) {
        Ok(found) => found.told(),
        Err(cause) => cause,
    };
    SandboxError::Damaged {
        folder: folder.to_owned(),
        what: format!("{what}; {left}"),
    }
}

/// What is wrong with the file itself, when that shows from outside.
pub fn in_file(path: &Path) -> Option<String> {
    let mut head = Vec::new();
    let length = fs::metadata(path).ok()?.len();
    File::open(path).ok()?.take(100).read_to_end(&mut head).ok()?;
    if length == 0 {
        return Some(format!("`{STATE}` is empty"));
    }
    if !head.starts_with(MAGIC) || head.len() < 100 {
        return Some(format!("`{STATE}` does not begin as a database does"));
    }
    let expected = u64::from(page_size(&head)) * u64::from(number(&head, 28));
    // The count holds only when the program that wrote last also kept it.
    let is_kept = number(&head, 24) == number(&head, 92);
    (is_kept && length < expected).then(|| format!("`{STATE}` is cut off: {length} of {expected} bytes are there"))
}

fn page_size(head: &[u8]) -> u32 {
    match u16::from_be_bytes([head[16], head[17]]) {
        1 => 65_536,
        size => u32::from(size),
    }
}

fn number(head: &[u8], at: usize) -> u32 {
    u32::from_be_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]])
}
