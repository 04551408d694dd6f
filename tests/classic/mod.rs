//! The procedure of 2020/21, with the credential in a key vault.

mod bad_input;
mod certificates;
mod desk;
mod invitation;
mod rights;
mod stages;
mod walkthrough;
