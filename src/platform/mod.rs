//! What differs between systems: folders, private files, the width of a terminal, and time.

mod clock;
mod folders;
mod private;
mod terminal;

pub use clock::Clock;
pub use clock::SystemClock;
pub use folders::config_folder;
pub use folders::data_folder;
pub use private::others_may_read;
pub use terminal::width;
