//! The tests of the whole program, in one binary: one module a subcommand or noun.

mod architecture;
mod azure;
mod bad_input;
mod classic;
mod common;
mod contracts;
mod demo;
mod docs;
mod explain;
mod failures;
mod gate;
mod lara;
mod merging;
mod profiles;
mod reference;
mod run;
mod sandbox;
mod sandbox_doc;
mod scripts;
mod secrets;
mod setup_source;
mod sign_in;
mod survival;
mod twice;
mod walkthrough;
mod what_if;
