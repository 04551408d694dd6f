//! The way back of recorded changes, worked out from their record alone.

mod restore;
mod way;

pub use restore::Conflict;
pub use restore::Restoration;
pub use restore::restoration;
pub use way::Way;
pub use way::identity;
pub use way::way_back;
