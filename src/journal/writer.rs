//! The one thread that writes. Whatever waits when it comes to the next transaction goes into that one together, so that sixteen
//! changes under way cost one commit and not sixteen.

use std::sync::Arc;
use std::sync::mpsc;
use std::sync::mpsc::Receiver;
use std::sync::mpsc::Sender;
use std::thread;
use std::thread::JoinHandle;

use rusqlite::Connection;
use rusqlite::Error;
use rusqlite::Transaction;
use rusqlite::TransactionBehavior;
use tokio::sync::oneshot;

use crate::journal::crash;
use crate::journal::place::Place;

/// More than this does not wait for one commit.
const MOST_TOGETHER: usize = 512;

/// What a message writes; it gives back the ids that it made. It runs again, alone, when the transaction it shared failed.
type Work = Box<dyn Fn(&Connection) -> rusqlite::Result<Vec<i64>> + Send>;

struct Message {
    work: Work,
    is_durable: bool,
    answer: oneshot::Sender<Written>,
}

/// The ids that a message made. The cause of a failure is shared by those that failed together.
pub type Written = Result<Vec<i64>, Arc<Error>>;

/// The way to the thread.
pub struct Writer {
    messages: Option<Sender<Message>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread.
    pub fn start(place: Place) -> Self {
        let (messages, received) = mpsc::channel();
        let thread = thread::Builder::new()
            .name("journal".to_owned())
            .spawn(move || serve(&place, &received));
        Self {
            messages: Some(messages),
            thread: thread.ok(),
        }
    }

    /// Writes in the next transaction; durable is what is on the disk before this comes back.
    pub async fn write(&self, is_durable: bool, work: impl Fn(&Connection) -> rusqlite::Result<Vec<i64>> + Send + 'static) -> Written {
        let (answer, answered) = oneshot::channel();
        let message = Message {
            work: Box::new(work),
            is_durable,
            answer,
        };
        if let Some(messages) = &self.messages {
            // When nobody takes it, nobody answers it.
            let _ = messages.send(message);
        }
        answered.await.unwrap_or_else(|_| Err(Arc::new(Error::InvalidQuery)))
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.messages.take());
        if let Some(thread) = self.thread.take() {
            // What it panicked with it has said itself.
            let _ = thread.join();
        }
    }
}

fn serve(place: &Place, received: &Receiver<Message>) {
    let mut connection = None;
    while let Ok(first) = received.recv() {
        let mut messages = vec![first];
        messages.extend(received.try_iter().take(MOST_TOGETHER - 1));
        let opened = connection.take().map_or_else(|| place.connect(), Ok);
        match opened {
            Ok(mut opened) => {
                write(&mut opened, messages);
                connection = Some(opened);
            }
            Err(cause) => refuse(messages, cause),
        }
    }
}

/// Writes the messages together; when that fails, each for itself, so that one does not spoil the others.
fn write(connection: &mut Connection, messages: Vec<Message>) {
    match together(connection, &messages) {
        Ok(results) => {
            for (message, ids) in messages.into_iter().zip(results) {
                answer(message, Ok(ids));
            }
        }
        Err(cause) if messages.len() == 1 => refuse(messages, cause),
        Err(_) => messages.into_iter().for_each(|message| write(connection, vec![message])),
    }
}

fn refuse(messages: Vec<Message>, cause: Error) {
    let cause = Arc::new(cause);
    for message in messages {
        answer(message, Err(cause.clone()));
    }
}

fn together(connection: &mut Connection, messages: &[Message]) -> rusqlite::Result<Vec<Vec<i64>>> {
    let is_durable = messages.iter().any(|message| message.is_durable);
    if is_durable {
        connection.pragma_update(None, "synchronous", "FULL")?;
    }
    let written = commit(connection, |transaction| {
        messages.iter().map(|message| (message.work)(transaction)).collect()
    });
    if is_durable {
        connection.pragma_update(None, "synchronous", "NORMAL")?;
    }
    written
}

/// Does `work` in one transaction.
pub fn commit<T>(connection: &mut Connection, work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>) -> rusqlite::Result<T> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let result = work(&transaction)?;
    crash::around(|| transaction.commit())?;
    Ok(result)
}

fn answer(message: Message, result: Written) {
    // Whoever asked may be gone: a run that is stopped.
    let _ = message.answer.send(result);
}
