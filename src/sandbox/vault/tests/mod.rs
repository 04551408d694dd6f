//! Vaults seen from outside: requests in, time goes by, what callers find.

mod access;
mod certificates;
mod room;
mod secrets;
