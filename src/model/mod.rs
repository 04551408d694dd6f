//! Plain data in the field's terms, with parsing, comparing and printing. No I/O, no service.

mod given;
mod record;
mod trouble;

pub use given::Arguments;
pub use given::Given;
pub use record::KeyCache;
pub use record::Record;
pub use trouble::Kind;
pub use trouble::Trouble;
