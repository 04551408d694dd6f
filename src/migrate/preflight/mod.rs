//! Can this user move? Everything that can be told before a batch is submitted, from what was seen of both sides.

mod batch;
mod source;
mod target;
mod user;

pub use batch::batch_findings;
pub use user::user_findings;

#[cfg(test)]
mod tests;
