//! Taking a run back: what each recorded change needs, found out by reading before anything is touched.

mod in_use;
mod survey;

pub use survey::Note;
pub use survey::Step;
pub use survey::Survey;
pub use survey::undo_permissions;
