//! The table of what can be read. Scripts get one function a reading; a write names the reading that shows its object before.

mod azure;
mod exchange;
mod graph;
mod reading;
mod table;

pub use reading::From;
pub use reading::Reading;
pub use table::reading;
pub use table::readings;
