//! What differs between systems: folders, atomic files, and time.

mod clock;

pub use clock::Clock;
pub use clock::SystemClock;
