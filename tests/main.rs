//! The tests of the whole program, in one binary: one module a subcommand or noun.

mod architecture;
mod common;
mod profiles;
mod run;
mod sandbox;
mod scripts;
mod what_if;
