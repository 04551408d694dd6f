//! A plan as data: what a run would do, so that it can be read by others, kept, and carried out later. It holds no secret; what only
//! the service can assign is named where it is needed and by the change that brings it about.

mod document;
mod encoded;
mod made;
mod sealed;

pub use document::Output;
pub use document::Plan;
pub use document::PlanTenant;
pub use document::PlannedChange;
pub use document::Touched;
pub use encoded::Source;
pub use encoded::decoded;
pub use made::PlanHeading;
