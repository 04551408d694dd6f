//! `Prompt`: puts the questions of the gate to whoever sits at the terminal.

use std::io;
use std::sync::Arc;
use std::thread;

use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::sync::oneshot;

use crate::change::Answer;
use crate::change::Ask;
use crate::change::Question;
use crate::output;
use crate::output::Screen;
use crate::script::Stop;

/// Asks on standard error and reads the answer from standard input.
pub struct Prompt {
    screen: Arc<Screen>,
    stop: Stop,
    undo: Option<String>,
}

impl Prompt {
    /// Asks on `screen`; who answers `stop` pulls it. `undo` is the command that takes back what this run does.
    pub fn new(screen: Arc<Screen>, stop: Stop, undo: Option<String>) -> Self {
        Self { screen, stop, undo }
    }
}

impl Ask for Prompt {
    fn ask<'a>(&'a self, question: Question<'a>) -> BoxFuture<'a, Answer> {
        async move {
            // A Ctrl-C drops this future, and then the screen is free again for the last words of the run.
            let held = self.screen.hold();
            held.put(&format!("{}\n", output::asked(&question, self.undo.as_deref())));
            let answer = loop {
                held.put(&output::choices(&question, false));
                match line().await {
                    // The terminal was closed, or the person pressed Ctrl-D.
                    None => {
                        held.put("\n");
                        break Answer::Stop;
                    }
                    Some(line) => match read(&line) {
                        Some(answer) => break answer,
                        None => held.put(&format!("{}\n", output::choices(&question, true))),
                    },
                }
            };
            held.answered();
            if answer == Answer::Stop {
                self.stop.pull();
            }
            answer
        }
        .boxed()
    }
}

/// A line from standard input; `None` at its end. The thread is not waited for, because nothing ends a read at a terminal.
async fn line() -> Option<String> {
    let (send, receive) = oneshot::channel();
    thread::spawn(move || {
        let mut line = String::new();
        let read = io::stdin().read_line(&mut line);
        // Nobody waits for it any more when the run was stopped.
        let _ = send.send(matches!(read, Ok(1..)).then_some(line));
    });
    receive.await.ok().flatten()
}

/// What an answer means, by its letter or its word. There is none that an Enter by itself stands for.
fn read(line: &str) -> Option<Answer> {
    match line.trim().to_lowercase().as_str() {
        "y" | "yes" => Some(Answer::Yes),
        "a" | "all" | "yes to all" => Some(Answer::YesToAll),
        "n" | "no" => Some(Answer::No),
        "o" | "none" => Some(Answer::NoToAll),
        "s" | "stop" => Some(Answer::Stop),
        _ => None,
    }
}
