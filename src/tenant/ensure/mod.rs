//! Making sure of something: look, change only what differs, and say whether anything had to change. Running an ensure twice
//! changes nothing the second time.

mod addresses;
mod application;
mod consent;
mod customization;
mod endpoint;
mod ensured;
mod group;
mod licence;
mod mailuser;
mod relationship;
mod table;
mod waiting;

pub use ensured::Ensured;
pub use ensured::Outcome;
pub use table::ensures;
