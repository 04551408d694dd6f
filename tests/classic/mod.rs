//! The procedure of 2020/21, with the credential in a key vault.

mod bad_input;
mod certificates;
mod clouds;
mod desk;
mod interrupted;
mod invitation;
mod plan;
mod retirement;
mod rights;
mod stages;
mod stall;
mod walkthrough;
