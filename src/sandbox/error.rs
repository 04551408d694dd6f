//! Why a sandbox could not be made, opened or asked.

use std::net::SocketAddr;
use std::path::PathBuf;

/// Why a sandbox could not be made, opened or asked.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// `create` on a folder that holds a sandbox.
    #[error("`{}` already holds a sandbox", folder.display())]
    AlreadyThere {
        /// The folder.
        folder: PathBuf,
    },
    /// `open` on a folder without one.
    #[error("`{}` holds no sandbox", folder.display())]
    NotThere {
        /// The folder.
        folder: PathBuf,
    },
    /// `reset` on a sandbox that a running process owns.
    #[error("the sandbox in `{}` is in use by another process", folder.display())]
    InUse {
        /// The folder.
        folder: PathBuf,
    },
    /// `serve` on a sandbox that another process serves.
    #[error("the sandbox in `{}` is served by process {pid} at {listen}", folder.display())]
    Served {
        /// The folder.
        folder: PathBuf,
        /// The other process.
        pid: u32,
        /// Where it listens.
        listen: SocketAddr,
    },
    /// The state is there and cannot be used. It is left as it is.
    #[error("the state of the sandbox in `{}` is damaged and was left untouched: {what}", folder.display())]
    Damaged {
        /// The folder.
        folder: PathBuf,
        /// What does not hold.
        what: String,
    },
    /// `save` to a file that is there.
    #[error("there is a file `{}` already", path.display())]
    FileThere {
        /// The file.
        path: PathBuf,
    },
    /// `load` of a file that no sandbox can be made of.
    #[error("`{}` is no saved sandbox that this program reads: {what}", path.display())]
    NotSaved {
        /// The file.
        path: PathBuf,
        /// What does not hold.
        what: String,
    },
    /// `recover` of a state of which too little can be read.
    #[error("too little can be read of the sandbox in `{}`: {what}", folder.display())]
    Unrecoverable {
        /// The folder.
        folder: PathBuf,
        /// What is lacking.
        what: String,
    },
    /// The state could not be read or written.
    #[error("the state of the sandbox could not be used")]
    State(#[from] rusqlite::Error),
    /// A file of the folder could not be read or written.
    #[error("`{}` could not be used", path.display())]
    File {
        /// Which one.
        path: PathBuf,
        /// Why.
        #[source]
        cause: std::io::Error,
    },
    /// The listener could not have its address.
    #[error("the sandbox could not listen at {address}")]
    Address {
        /// Where it was to listen.
        address: SocketAddr,
        /// Why.
        #[source]
        cause: std::io::Error,
    },
    /// The certificate of the listener could not be made.
    #[error("the sandbox could not listen on loopback: {0}")]
    Listener(String),
    /// Another process owns the sandbox and does not answer.
    #[error("the process that owns the sandbox in `{}` does not answer: {what}", folder.display())]
    OwnerSilent {
        /// The folder.
        folder: PathBuf,
        /// What happened.
        what: String,
    },
    /// What was asked of the sandbox cannot be.
    #[error("{what}")]
    Refused {
        /// Why.
        what: String,
    },
    /// Work on another thread was broken off.
    #[error("the sandbox was stopped in the middle of its work")]
    Stopped,
}

impl SandboxError {
    /// What the reader can do about it.
    pub fn remedy(&self) -> Option<&'static str> {
        match self {
            Self::AlreadyThere { .. } => Some("open it, or reset it with `xtenant sandbox reset`"),
            Self::NotThere { .. } => Some("make one with `xtenant sandbox new`"),
            Self::Damaged { .. } => Some(
                "put back a copy of the folder, take out what can be read with `xtenant sandbox recover --to DIR`, or start over with \
                 `xtenant sandbox reset`",
            ),
            Self::Unrecoverable { .. } => Some("put back a copy of the folder, or start over with `xtenant sandbox reset`"),
            Self::FileThere { .. } => Some("name another file, or remove that one"),
            Self::NotSaved { .. } => Some("give a file that `xtenant sandbox save` of this version wrote"),
            Self::Served { .. } => Some("use that one; `--print-env` prints what points clients at it"),
            Self::InUse { .. } | Self::OwnerSilent { .. } => Some("end that process, then try again"),
            Self::Address { .. } => Some("give another port with `--listen`; port 0 takes any that is free"),
            Self::Refused { .. } | Self::State(_) | Self::File { .. } | Self::Listener(_) | Self::Stopped => None,
        }
    }

    /// Turns a failure of `path` into an error that names it.
    pub(super) fn file(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |cause| Self::File { path, cause }
    }
}
