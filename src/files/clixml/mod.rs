//! PowerShell's `Export-Clixml` files in and out. Of all types only what scripts can hold is kept: texts, numbers, truths, lists
//! and objects; an enum, size or address becomes the text PowerShell shows for it.

mod names;
mod read;
mod write;

#[cfg(test)]
mod tests;

pub use read::parse;
pub use read::read;
pub use write::write;
