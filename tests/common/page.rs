//! `Page`: a page of the documentation, followed command by command as it is printed there.

use std::collections::VecDeque;

use crate::common::Administrator;
use crate::common::Ran;
use crate::common::pages::read;

/// The commands of a page that run scripts, in order.
pub struct Page {
    commands: VecDeque<String>,
}

impl Page {
    /// The page at `path`, from its beginning.
    pub fn open(path: &str) -> Self {
        let text = read(path).replace("\\\n", " ");
        let commands = text.lines().filter_map(|line| line.strip_prefix("xtenant run "));
        Self {
            commands: commands.map(str::to_owned).collect(),
        }
    }

    /// The next command, which begins with `beginning`, run by `who`, with `more` at its end.
    #[track_caller]
    pub fn next(&mut self, who: &Administrator, beginning: &str, more: &[&str]) -> Ran {
        let command = self.commands.pop_front().unwrap_or_default();
        assert!(command.starts_with(beginning), "the page goes on with `{command}`");
        let words = words(&command);
        let all: Vec<&str> = ["run"]
            .into_iter()
            .chain(words.iter().map(String::as_str))
            .chain(more.iter().copied())
            .collect();
        who.runs(&all)
    }

    /// The command that comes next, as it stands on the page.
    pub fn upcoming(&self) -> &str {
        self.commands.front().map(String::as_str).unwrap_or_default()
    }

    /// The page has no further commands.
    #[track_caller]
    pub fn ends(&self) {
        assert_eq!(self.commands, [""; 0], "the page goes on");
    }
}

/// The words of a command line as a shell splits it; the pages quote with `"` only.
fn words(line: &str) -> Vec<String> {
    let outside_and_inside = line.split('"').enumerate();
    let pieces = outside_and_inside.flat_map(|(number, piece)| match number % 2 {
        0 => piece.split_whitespace().map(str::to_owned).collect(),
        _ => vec![piece.to_owned()],
    });
    pieces.collect()
}
