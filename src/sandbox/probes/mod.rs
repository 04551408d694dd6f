//! Every operation of every service, asked for rightly, almost rightly and wrongly.
//!
//! The tables of operations are the lists that are tried, so that a new operation is covered, or missed by a test, at once.

mod bodies;
mod doors;
mod fuzz;
mod kept;
mod mutation;
mod sample;
mod stage;
mod strict;
mod verdict;
