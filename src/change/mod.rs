//! The gate. Every write is an operation, made from a descriptor, and passes `apply`, which alone issues the permit that the
//! writing functions of `cloud` take by value. The gate knows no service: it reads and sends through `World`.

mod apply;
mod consent;
mod descriptor;
mod difference;
mod dispatch;
mod gate;
mod impact;
mod leaves;
mod operation;
mod patience;
mod permission;
mod permit;
mod recorded;
mod underway;

pub use apply::apply;
pub use consent::Answer;
pub use consent::Ask;
pub use consent::Consent;
pub use consent::Question;
pub use consent::WayBack;
pub use descriptor::Argument;
pub use descriptor::ArgumentType;
pub use descriptor::Call;
pub use descriptor::Descriptor;
pub use descriptor::Inverse;
pub use descriptor::Retry;
pub use descriptor::Service;
pub use descriptor::Verb;
pub use difference::difference;
pub use gate::Applied;
pub use gate::Change;
pub use gate::Fate;
pub use gate::Gate;
pub use gate::Mode;
pub use gate::Reply;
pub use gate::TenantTag;
pub use gate::World;
pub use impact::Impact;
pub use operation::Operation;
pub use operation::escaped;
pub use operation::keeps_its_place;
pub use patience::Patience;
pub use permission::Permissions;
pub use permit::Permit;
pub use underway::until;
