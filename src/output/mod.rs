//! What people see: data on standard output, everything else on standard error; tables, narration, progress, and errors, each
//! composed in one place.

mod narration;
mod plan;
mod problem;
mod progress;
mod question;
mod screen;
mod table;
mod value;

pub use narration::narrated;
pub use plan::plan;
pub use problem::Place;
pub use problem::Problem;
pub use progress::Bar;
pub use question::asked;
pub use question::choices;
pub use screen::Held;
pub use screen::Screen;
pub use table::properties;
pub use table::sheet;
pub use table::table;
pub use value::rendered;
pub use value::shown;
