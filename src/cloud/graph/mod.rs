//! Microsoft Graph v1.0: objects, pages and writes, by path.

mod call;
mod fault;

pub use fault::GUESTS_RESTRICTED;
