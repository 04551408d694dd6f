//! Azure Resource Manager: resources by path, each under the version of its provider.

pub mod api_version;
mod call;
mod fault;
mod operation;
mod question;

pub use question::ArmQuestion;
