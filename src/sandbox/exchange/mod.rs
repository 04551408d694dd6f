//! The Exchange admin REST face: protocol, cmdlets and their rules.

mod call;
pub mod endpoint;
pub mod recipient;
pub mod relationship;

pub use call::Answer;
pub use call::Call;
pub use call::Cmdlet;
pub use call::Output;
pub use call::Parameter;
pub use call::Refusal;
