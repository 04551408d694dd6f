//! The attributes of source mailboxes: what is exported, and every shape of file they come back in.

mod columns;
mod exported;
mod source_row;

pub(super) use columns::addresses;
pub(super) use columns::aux_archives;
pub(super) use columns::is_onmicrosoft;
pub(super) use columns::user_of;
pub use exported::exported;
pub use exported::prepared_row;
pub use source_row::source_row;

#[cfg(test)]
mod tests;
