//! `xtenant sandbox save` and `load`: the state of a sandbox in one file.

use std::path::Path;

use super::trouble;
use crate::cli::Failure;
use crate::cli::Host;
use crate::sandbox::Sandbox;

/// Writes the state to a new file; the sandbox may be in use.
pub fn save(host: &Host, folder: &Path, file: &Path) -> Result<(), Failure> {
    Sandbox::save(folder, file).map_err(trouble)?;
    host.screen
        .remark(&format!("saved the sandbox in {} to {}", folder.display(), file.display()));
    Ok(())
}

/// Puts a saved state in place of the one that is there, if any.
pub fn load(host: &Host, folder: &Path, file: &Path) -> Result<(), Failure> {
    Sandbox::load(folder, file).map_err(trouble)?;
    host.screen.remark(&format!(
        "the sandbox in {} is as it was saved in {}",
        folder.display(),
        file.display()
    ));
    Ok(())
}
