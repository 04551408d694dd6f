//! The tests of the whole program, in one binary: one module a subcommand or noun.

mod architecture;
mod common;
mod failures;
mod profiles;
mod run;
mod sandbox;
mod scripts;
