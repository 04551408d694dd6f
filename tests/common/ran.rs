//! `Ran`: what became of one run of the program.

use std::path::Path;
use std::process::Output;

use serde_json::Value;

/// One run of the program.
pub struct Ran {
    command: String,
    status: i32,
    stdout: String,
    stderr: String,
}

impl Ran {
    /// Takes the output; the site's folder reads `[site]` in it.
    pub fn new(arguments: &[&str], output: Output, site: &Path) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace(&site.display().to_string(), "[site]");
        Self {
            command: format!("xtenant {}", arguments.join(" ")),
            status: output.status.code().unwrap_or(-1),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
        }
    }

    /// Standard output.
    pub fn stdout(&self) -> &str {
        &self.stdout
    }

    /// Standard error.
    pub fn stderr(&self) -> &str {
        &self.stderr
    }

    /// It ended with status 0.
    #[track_caller]
    pub fn succeeds(&self) -> &Self {
        self.ends_with(0)
    }

    /// It ended with this status.
    #[track_caller]
    pub fn ends_with(&self, status: i32) -> &Self {
        assert_eq!(self.status, status, "{self:?}");
        self
    }

    /// Standard output has this text.
    #[track_caller]
    pub fn prints(&self, text: &str) -> &Self {
        assert!(self.stdout.contains(text), "no `{text}` on standard output of {self:?}");
        self
    }

    /// Standard error has this text.
    #[track_caller]
    pub fn says(&self, text: &str) -> &Self {
        assert!(self.stderr.contains(text), "no `{text}` on standard error of {self:?}");
        self
    }

    /// Neither output has this text.
    #[track_caller]
    pub fn never_mentions(&self, text: &str) -> &Self {
        assert!(!self.stdout.contains(text) && !self.stderr.contains(text), "`{text}` in {self:?}");
        self
    }

    /// Standard output as the one JSON value it must be.
    #[track_caller]
    pub fn json(&self) -> Value {
        match serde_json::from_str(&self.stdout) {
            Ok(value) => value,
            Err(error) => panic!("{error} in {self:?}"),
        }
    }
}

impl std::fmt::Debug for Ran {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "`{}`: status {}\n--- stdout\n{}\n--- stderr\n{}",
            self.command, self.status, self.stdout, self.stderr
        )
    }
}
