//! The tests of the whole program, in one binary: one module a subcommand or noun.

mod architecture;
mod common;
mod contracts;
mod demo;
mod docs;
mod failures;
mod lara;
mod merging;
mod profiles;
mod reference;
mod run;
mod sandbox;
mod sandbox_doc;
mod scripts;
mod setup_source;
mod survival;
mod twice;
mod walkthrough;
