//! The engine seen from outside: cmdlets in, time goes by, what an administrator would find.

mod failures;
mod journey;
mod lab;
