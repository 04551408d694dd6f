//! The tests of the whole program, in one binary: one module a subcommand or noun.

mod architecture;
mod bad_input;
mod common;
mod contracts;
mod docs;
mod failures;
mod gate;
mod profiles;
mod reference;
mod run;
mod sandbox;
mod scripts;
mod secrets;
mod sign_in;
mod survival;
mod what_if;
