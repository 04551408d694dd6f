//! `Page`: a page of the documentation, followed command by command as it is printed there.

use std::collections::VecDeque;

use crate::common::Administrator;
use crate::common::Ran;
use crate::common::pages::commands;
use crate::common::pages::read;

/// The commands of a page that run scripts, in order.
pub struct Page {
    commands: VecDeque<Vec<String>>,
}

impl Page {
    /// The page at `path`, from its beginning.
    pub fn open(path: &str) -> Self {
        let commands = commands(&read(path)).into_iter();
        Self {
            commands: commands.filter(|words| words[0] == "run").collect(),
        }
    }

    /// The next command, which begins with `beginning`, run by `who`, with `more` at its end.
    #[track_caller]
    pub fn next(&mut self, who: &Administrator, beginning: &str, more: &[&str]) -> Ran {
        let command = self.commands.pop_front().unwrap_or_default();
        assert!(
            command.join(" ").starts_with(&format!("run {beginning}")),
            "the page goes on with {command:?}"
        );
        let words = command.iter().map(String::as_str);
        who.runs(&words.chain(more.iter().copied()).collect::<Vec<_>>())
    }

    /// The command that comes next, in words.
    pub fn upcoming(&self) -> Vec<String> {
        self.commands.front().cloned().unwrap_or_default()
    }

    /// The page has no further commands.
    #[track_caller]
    pub fn ends(&self) {
        assert!(self.commands.is_empty(), "the page goes on: {:?}", self.commands);
    }
}
