//! The tests of the whole program, in one binary: one module a subcommand or noun.

mod architecture;
mod common;
mod contracts;
mod docs;
mod failures;
mod profiles;
mod reference;
mod run;
mod sandbox;
mod scripts;
mod survival;
