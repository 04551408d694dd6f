//! The procedure of 2020/21, with the credential in a key vault.

mod invitation;
mod walkthrough;
