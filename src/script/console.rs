//! `Console`: where a run's words go. The command line implements it; the host knows no terminal.

use crate::model::Record;

/// Receives what a script prints. Worker threads of `parallel` call it too.
pub trait Console: Send + Sync {
    /// Data, on standard output.
    fn print(&self, text: &str);

    /// Everything else, on standard error.
    fn note(&self, text: &str);

    /// Rows of data as a table, or one JSON value a line.
    fn table(&self, rows: &[Record]);

    /// Long work begins: `total` pieces if that is known.
    fn progress(&self, title: &str, total: Option<u64>) -> Box<dyn Progress>;
}

/// Shows how far long work has come.
pub trait Progress: Send + Sync {
    /// `pieces` more are done.
    fn advance(&self, pieces: u64);

    /// What is being done right now.
    fn say(&self, text: &str);

    /// The work is over.
    fn finish(&self);
}
