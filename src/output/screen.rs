//! `Screen`: the two outputs and the progress bars, which must not draw over each other.

use std::io;
use std::io::ErrorKind;
use std::io::IsTerminal;
use std::io::Write;
use std::sync::Mutex;

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
}

impl Screen {
    /// A screen; `is_json` keeps standard output for one JSON value, `is_quiet` leaves out what nobody needs to act upon.
    pub fn new(is_json: bool, is_quiet: bool) -> Self {
        let target = match io::stderr().is_terminal() && !is_quiet {
            true => ProgressDrawTarget::stderr(),
            false => ProgressDrawTarget::hidden(),
        };
        Self {
            bars: MultiProgress::with_draw_target(target),
            is_json,
            is_quiet,
            failure: Mutex::default(),
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

    /// What kept data from being written. A reader that went away early (`| head`) has had what it wanted.
    pub fn finish(&self) -> io::Result<()> {
        let failure = self.failure.lock().expect("no thread panics while it keeps a failure").take();
        match failure {
            Some(cause) if cause.kind() != ErrorKind::BrokenPipe => Err(cause),
            _ => Ok(()),
        }
    }
}
