//! What differs between systems: folders, private files, the width of a terminal, Ctrl-C, and time.

mod clock;
mod folders;
mod interrupt;
mod private;
mod terminal;

pub use clock::Clock;
pub use clock::SystemClock;
pub use folders::config_folder;
pub use folders::data_folder;
pub use interrupt::end;
pub use interrupt::on_interrupt;
pub use private::make_private_folder;
pub use private::others_may_read;
pub use terminal::width;
