//! CSV, PowerShell CLIXML and JSON in and out. Rows are `Record`s; errors say file, line and column; writing is atomic.

pub mod clixml;
pub mod csv;
pub mod json;
pub mod rows;

mod atomic;
mod decode;
mod error;

pub use atomic::write_all_or_nothing;
pub use atomic::write_atomically;
pub use error::FileError;
pub use error::Place;
