//! The MailUser that a source mailbox needs in the target tenant.

mod duplicates;
mod options;
mod plan;

pub use duplicates::refuse_duplicates;
pub use plan::mailuser_arguments;
pub use plan::plan;
pub use plan::plans;

#[cfg(test)]
mod tests;
