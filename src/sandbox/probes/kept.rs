//! Requests that broke something once.
