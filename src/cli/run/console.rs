//! The script's console on the screen of the program.

use std::sync::Arc;
use std::sync::Mutex;

use crate::model::Record;
use crate::output;
use crate::output::Bar;
use crate::output::Screen;
use crate::script::Console;
use crate::script::Progress;

/// Puts what a script prints on the screen.
pub struct ScreenConsole(pub Arc<Screen>);

impl Console for ScreenConsole {
    fn print(&self, text: &str) {
        self.0.text(text);
    }

    fn note(&self, text: &str) {
        self.0.remark(text);
    }

    fn table(&self, rows: &[Record]) {
        if !rows.is_empty() {
            self.0.text(&output::table(rows, self.0.width()));
        }
    }

    fn progress(&self, title: &str, total: Option<u64>) -> Box<dyn Progress> {
        Box::new(ScreenProgress(Mutex::new(Some(self.0.bar(title, total)))))
    }
}

/// A bar until the work is over.
struct ScreenProgress(Mutex<Option<Bar>>);

impl ScreenProgress {
    fn with(&self, act: impl FnOnce(&Bar)) {
        let bar = self.0.lock().expect("no thread panics while it holds a bar");
        if let Some(bar) = bar.as_ref() {
            act(bar);
        }
    }
}

impl Progress for ScreenProgress {
    fn advance(&self, pieces: u64) {
        self.with(|bar| bar.advance(pieces));
    }

    fn say(&self, text: &str) {
        self.with(|bar| bar.say(text));
    }

    fn finish(&self) {
        self.0.lock().expect("no thread panics while it holds a bar").take();
    }
}
