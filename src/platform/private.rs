//! Files and folders that only their owner should be able to read.

use std::fs::DirBuilder;
use std::io;
use std::path::Path;

/// Makes the folder and those above it, open to their owner only, unless they are there.
pub fn make_private_folder(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

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
