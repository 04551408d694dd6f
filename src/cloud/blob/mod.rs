//! Azure Storage, as far as the audit log of a vault needs it: the names of blobs, and what is in them.

mod call;
mod fault;
mod xml;
