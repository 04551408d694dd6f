//! Where settings and data live. XDG on Linux and macOS, where administrators look for them, and the native folders on Windows.

use std::path::PathBuf;

use etcetera::BaseStrategy;

/// The folder of `config.toml` unless the command line or the environment names another; `None` when the user has no home.
pub fn config_folder() -> Option<PathBuf> {
    Some(etcetera::choose_base_strategy().ok()?.config_dir().join("xtenant"))
}

/// The folder of the sandbox, and later of the journal, unless another is named; `None` when the user has no home.
pub fn data_folder() -> Option<PathBuf> {
    Some(etcetera::choose_base_strategy().ok()?.data_dir().join("xtenant"))
}
