//! Where settings and data live. XDG on Linux and macOS, where administrators look for them, and the native folders on Windows.

use std::path::PathBuf;

use etcetera::BaseStrategy;

use crate::model::Kind;
use crate::model::Trouble;

/// The folder of `config.toml` unless the command line or the environment names another.
pub fn config_folder() -> Result<PathBuf, Trouble> {
    Ok(strategy()?.config_dir().join("xtenant"))
}

/// The folder of the sandbox, and later of the journal, unless another is named.
pub fn data_folder() -> Result<PathBuf, Trouble> {
    Ok(strategy()?.data_dir().join("xtenant"))
}

fn strategy() -> Result<impl BaseStrategy, Trouble> {
    etcetera::choose_base_strategy().map_err(|cause| {
        Trouble::new(Kind::Invalid, "could not find your home folder")
            .caused_by(cause)
            .with_remedy("set HOME, or give `--config DIR` and `--sandbox DIR`")
    })
}
