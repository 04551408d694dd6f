//! Files that only their owner may read.

use std::fs;
use std::fs::File;
use std::fs::OpenOptions;
use std::io;
use std::io::Write;
use std::path::Path;

use super::error::SandboxError;

/// Makes the file, empty and readable by its owner only, unless it is there.
pub fn make(path: &Path) -> Result<(), SandboxError> {
    options().append(true).open(path).map(|_| ()).map_err(SandboxError::file(path))
}

/// Writes a file readable by its owner only: beside it first, so that nobody meets half of it.
pub fn write(path: &Path, content: &[u8]) -> Result<(), SandboxError> {
    let beside = path.with_extension("new");
    let written = options().write(true).truncate(true).open(&beside).and_then(|mut file| {
        file.write_all(content)?;
        file.sync_all()
    });
    written.and_then(|()| fs::rename(&beside, path)).map_err(SandboxError::file(path))
}

/// Copies a file; only its owner may read the copy.
pub fn copy(from: &Path, to: &Path) -> Result<(), SandboxError> {
    let mut source = File::open(from).map_err(SandboxError::file(from))?;
    let copied = options()
        .write(true)
        .truncate(true)
        .open(to)
        .and_then(|mut copy| io::copy(&mut source, &mut copy));
    copied.map(|_| ()).map_err(SandboxError::file(to))
}

fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
