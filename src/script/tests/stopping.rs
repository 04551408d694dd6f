//! Ctrl-C while the service is being written to.

use std::future::pending;
use std::path::Path;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::mpsc;
use std::thread;

use futures::future::BoxFuture;
use jiff::Timestamp;
use rhai::Position;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use uuid::Uuid;

use super::Hourglass;
use super::Listener;
use crate::change;
use crate::change::About;
use crate::change::Applied;
use crate::change::Fate;
use crate::change::Gate;
use crate::change::Impact;
use crate::change::Mode;
use crate::change::Operation;
use crate::change::Permissions;
use crate::change::Permit;
use crate::change::Reply;
use crate::change::Service;
use crate::change::TenantTag;
use crate::change::World;
use crate::model::Arguments;
use crate::model::Record;
use crate::model::Trouble;
use crate::platform::Clock;
use crate::script::Stop;
use crate::script::host::Host;
use crate::script::jail::Jail;
use crate::script::thrown::Fallible;
use crate::tenant::operations;

/// A tenant that tells when a write has reached it, and answers when the test lets it.
struct Slow {
    tenant: TenantTag,
    clock: Hourglass,
    reached: mpsc::Sender<()>,
    answers: Mutex<Vec<oneshot::Receiver<()>>>,
}

impl World for Slow {
    fn tenant(&self) -> &TenantTag {
        &self.tenant
    }

    fn clock(&self) -> &dyn Clock {
        &self.clock
    }

    fn read<'a>(&'a self, _: &'a Operation) -> BoxFuture<'a, Result<Option<Record>, Trouble>> {
        Box::pin(std::future::ready(Ok(None)))
    }

    fn look<'a>(&'a self, _: &'static str, _: About<'a>) -> BoxFuture<'a, Result<Vec<Record>, Trouble>> {
        Box::pin(std::future::ready(Ok(Vec::new())))
    }

    fn send<'a>(&'a self, _: &'a Operation, _: Permit) -> BoxFuture<'a, Result<Reply, Trouble>> {
        Box::pin(async {
            let answer = self.answers.lock().expect("no test panics in here").pop().expect("one write only");
            self.reached.send(()).expect("the test waits for it");
            answer.await.expect("the test lets it be answered");
            Ok(Reply::default())
        })
    }
}

fn host(gate: &Arc<Gate>, runtime: &Runtime, stop: &Stop) -> Host {
    let clock = Arc::new(Hourglass(Mutex::new(Timestamp::UNIX_EPOCH)));
    let console = Arc::new(Listener(Arc::default()));
    let jail = Jail::around(Path::new("."));
    Host::new(gate.clone(), console, clock, runtime.handle().clone(), jail, stop.clone())
}

fn new_group() -> Operation {
    let descriptor = operations::find("new_group").expect("the table has it");
    Operation::new(descriptor, None, Arguments::new().with("Name", "Scope")).expect("it is complete")
}

#[test]
fn a_write_that_is_under_way_is_awaited_and_told_and_no_other_is_begun() {
    let mut permissions = Permissions::none();
    permissions.grant("northwind", Service::Exchange, Impact::Medium);
    let gate = Arc::new(Gate::new(Mode::Apply, permissions, |_| {}));
    let runtime = Runtime::new().expect("a runtime");
    let stop = Stop::default();
    let host = host(&gate, &runtime, &stop);
    let (reached, is_reached) = mpsc::channel();
    let (answer, answered) = oneshot::channel();
    let world = Slow {
        tenant: TenantTag {
            name: "northwind".into(),
            id: Uuid::nil(),
            domain: "northwindtraders.onmicrosoft.com".into(),
        },
        clock: Hourglass(Mutex::new(Timestamp::UNIX_EPOCH)),
        reached,
        answers: Mutex::new(vec![answered]),
    };
    let write = || -> Fallible<Applied> { host.wait_at(Position::NONE, change::apply(&gate, &world, new_group())) };

    let (first, second) = thread::scope(|scope| {
        let script = scope.spawn(|| (write(), write()));
        is_reached.recv().expect("the write is sent");
        stop.pull();
        answer.send(()).expect("the write is awaited");
        script.join().expect("no panic")
    });

    assert_eq!(first.expect("it was done").fate, Fate::Done);
    assert!(second.is_err());
    assert_eq!(gate.changes().len(), 1);
}

#[test]
fn what_only_reads_or_waits_is_left_at_once() {
    let gate = Arc::new(Gate::new(Mode::Apply, Permissions::none(), |_| {}));
    let runtime = Runtime::new().expect("a runtime");
    let stop = Stop::default();
    let host = host(&gate, &runtime, &stop);
    let (begun, is_begun) = mpsc::channel();

    let read = thread::scope(|scope| {
        let script = scope.spawn(|| -> Fallible<()> {
            host.wait_at(Position::NONE, async {
                begun.send(()).expect("the test waits for it");
                pending::<Result<(), Trouble>>().await
            })
        });
        is_begun.recv().expect("the reading begins");
        stop.pull();
        script.join().expect("no panic")
    });

    assert!(read.is_err());
}
