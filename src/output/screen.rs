//! `Screen`: the two outputs and the progress bars, which must not draw over each other.

use std::io;
use std::io::ErrorKind;
use std::io::IsTerminal;
use std::io::Write;
use std::sync::Mutex;
use std::sync::MutexGuard;

use indicatif::MultiProgress;
use indicatif::ProgressDrawTarget;

use crate::output::Bar;
use crate::platform;

/// Standard output and standard error of one run.
pub struct Screen {
    bars: MultiProgress,
    is_json: bool,
    is_quiet: bool,
    failure: Mutex<Option<io::Error>>,
    held: Mutex<Option<Vec<Line>>>,
}

/// A line that waits until a question is answered.
enum Line {
    Data(String),
    Note(String),
}

impl Screen {
    /// A screen; `is_json` keeps standard output for one JSON value, `is_quiet` leaves out what nobody needs to act upon.
    pub fn new(is_json: bool, is_quiet: bool) -> Self {
        Self {
            bars: MultiProgress::with_draw_target(target(is_quiet)),
            is_json,
            is_quiet,
            failure: Mutex::default(),
            held: Mutex::default(),
        }
    }

    /// Keeps the screen for a question until what this gives is dropped: the bars are gone meanwhile, and what is written waits.
    pub fn hold(&self) -> Held<'_> {
        // The bars that are gone when nobody can be told are gone all the same.
        let _ = self.bars.clear();
        self.bars.set_draw_target(ProgressDrawTarget::hidden());
        self.held().get_or_insert_default();
        Held {
            screen: self,
            is_answered: false,
        }
    }

    /// Whether results are written as JSON.
    pub fn is_json(&self) -> bool {
        self.is_json
    }

    /// Columns there are for tables.
    pub fn width(&self) -> u16 {
        platform::width()
    }

    /// Writes a line of data to standard output.
    pub fn data(&self, text: &str) {
        if let Some(held) = self.held().as_mut() {
            held.push(Line::Data(text.to_owned()));
            return;
        }
        let written = self.bars.suspend(|| writeln!(anstream::stdout().lock(), "{text}"));
        if let Err(cause) = written {
            self.failure
                .lock()
                .expect("no thread panics while it keeps a failure")
                .get_or_insert(cause);
        }
    }

    /// Writes what people read on the way; under `--json` it goes to standard error, so that the data stay one value.
    pub fn text(&self, text: &str) {
        match self.is_json {
            true => self.note(text),
            false => self.data(text),
        }
    }

    /// Writes a line to standard error.
    pub fn note(&self, text: &str) {
        if let Some(held) = self.held().as_mut() {
            held.push(Line::Note(text.to_owned()));
            return;
        }
        // Nobody is left to be told when standard error is closed.
        let _ = self.bars.suspend(|| writeln!(anstream::stderr().lock(), "{text}"));
    }

    /// Writes a line to standard error unless the run is quiet.
    pub fn remark(&self, text: &str) {
        if !self.is_quiet {
            self.note(text);
        }
    }

    /// Starts a progress bar, or a spinner when the total is not known.
    pub fn bar(&self, title: &str, total: Option<u64>) -> Bar {
        Bar::start(&self.bars, title, total)
    }

    fn held(&self) -> MutexGuard<'_, Option<Vec<Line>>> {
        self.held.lock().expect("no thread panics while it holds lines back")
    }

    /// What kept data from being written. A reader that went away early (`| head`) has had what it wanted.
    pub fn finish(&self) -> io::Result<()> {
        let failure = self.failure.lock().expect("no thread panics while it keeps a failure").take();
        match failure {
            Some(cause) if cause.kind() != ErrorKind::BrokenPipe => Err(cause),
            _ => Ok(()),
        }
    }
}

fn target(is_quiet: bool) -> ProgressDrawTarget {
    match io::stderr().is_terminal() && !is_quiet {
        true => ProgressDrawTarget::stderr(),
        false => ProgressDrawTarget::hidden(),
    }
}

/// The screen while a question is put.
pub struct Held<'s> {
    screen: &'s Screen,
    is_answered: bool,
}

impl Held<'_> {
    /// Writes a part of the question to standard error; the cursor stays behind it.
    pub fn put(&self, text: &str) {
        // Nobody is left to be asked when standard error is closed.
        let mut stderr = anstream::stderr().lock();
        let _ = write!(stderr, "{text}").and_then(|()| stderr.flush());
    }

    /// The question is answered, so the cursor stands in a line of its own.
    pub fn answered(mut self) {
        self.is_answered = true;
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        if !self.is_answered {
            self.put("\n");
        }
        let held = self.screen.held().take();
        self.screen.bars.set_draw_target(target(self.screen.is_quiet));
        for line in held.into_iter().flatten() {
            match line {
                Line::Data(text) => self.screen.data(&text),
                Line::Note(text) => self.screen.note(&text),
            }
        }
    }
}
