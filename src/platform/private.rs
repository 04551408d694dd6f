//! Files that only their owner should be able to read.

use std::path::Path;

/// Whether other users of this computer may read the file. Windows keeps that in lists that we do not judge.
#[cfg(unix)]
pub fn others_may_read(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0)
}

/// Whether other users of this computer may read the file. Windows keeps that in lists that we do not judge.
#[cfg(not(unix))]
pub fn others_may_read(_path: &Path) -> bool {
    false
}
