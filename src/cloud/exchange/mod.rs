//! Exchange admin REST: `InvokeCommand` for reads and writes. Nothing here knows a single cmdlet's meaning beyond the two closed
//! lists, the cmdlets that read and those that would ask "are you sure?".

mod call;
mod encode;
mod fault;
mod key;
mod page;

pub use call::reads;
pub use page::ExchangePage;
pub use page::ExchangePageToken;

pub(super) use key::SecretKey;
