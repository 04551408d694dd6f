//! Changes as a script of Exchange, Microsoft Graph and Az cmdlets, for those who read what a run will do before it does it, and for
//! a night that has to go on without this program. The script stands for itself: it signs in, asks for the secrets it needs, makes
//! the changes in their order and stops at the first that fails.
//!
//! What a change looks like is said by its descriptor (`Rendering`); where no cmdlet does the same as our request, the request
//! itself is sent by the module's own means.

mod argument;
mod azure;
mod bytes;
mod connection;
mod entry;
mod helpers;
mod invocation;
mod names;
mod quoting;
mod rendering;
mod script;
mod secret;
mod term;

pub use entry::PsChange;
pub use entry::PsHeading;
pub use rendering::Az;
pub use rendering::Made;
pub use rendering::Mg;
pub use rendering::Part;
pub use rendering::PowerShell;
pub use rendering::Request;
pub use script::powershell;
