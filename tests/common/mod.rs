//! The harness: a `Site` is a fresh sandbox with the administrators of its tenants, who run the real program and see nothing
//! else of this computer.

mod administrator;
mod page;
pub mod pages;
mod plan;
mod ran;
mod recorder;
mod relay;
mod served;
mod site;
mod traffic;

pub use administrator::Administrator;
pub use page::Page;
pub use plan::Plan;
pub use ran::Ran;
pub use recorder::ARM;
pub use recorder::GRAPH;
pub use recorder::Recorded;
pub use recorder::Recorder;
pub use served::Served;
pub use site::ADMIT;
pub use site::CLASSIC;
pub use site::Site;
pub use traffic::Traffic;
