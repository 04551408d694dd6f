//! Lost answers, between the gate and a tenant that holds objects and loses what it answers.

use std::sync::Mutex;
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

use super::*;
use crate::change::Argument;
use crate::change::Call;
use crate::change::Impact;
use crate::change::Inverse;
use crate::change::Mode;
use crate::change::Permissions;
use crate::change::Permit;
use crate::change::Reply;
use crate::change::Service;
use crate::change::TenantTag;
use crate::change::apply;
use crate::journal::Journal;
use crate::journal::NewRun;
use crate::journal::RunKind;
use crate::journal::RunLog;
use crate::model::Arguments;
use crate::platform::Clock;

static SET: Descriptor = Descriptor {
    name: "set_mailuser",
    noun: "MailUser",
    verb: Verb::Update,
    help: "Changes a MailUser.",
    service: Service::Exchange,
    call: Call::Cmdlet("Set-MailUser"),
    resource: None,
    identity: Some("Identity"),
    label: "Name",
    arguments: &[
        Argument::optional("Name", ArgumentType::Text),
        Argument::optional("Alias", ArgumentType::Text),
        Argument::optional("EmailAddresses", ArgumentType::List),
        Argument::optional("Password", ArgumentType::Secret),
    ],
    impact: |_, _| Impact::Medium,
    loses: |_, _| None,
    before: Some("get_mailuser"),
    keeps: &[],
    made: None,
    evidence: None,
    inverse: Inverse::Restore,
    reversed: None,
    permission: "Mail Recipients",
    batchable: true,
    retry: Retry::Safe,
    secret_reply: None,
    powershell: crate::change::PowerShell::Cmdlet { asks: false, then: None },
};

static NEW: Descriptor = Descriptor {
    name: "new_mailuser",
    verb: Verb::Create,
    call: Call::Cmdlet("New-MailUser"),
    identity: None,
    before: None,
    made: Some(("get_mailuser", "Name")),
    retry: Retry::ReadBack,
    ..SET
};

static REMOVE: Descriptor = Descriptor {
    name: "remove_mailuser",
    verb: Verb::Remove,
    call: Call::Cmdlet("Remove-MailUser"),
    retry: Retry::ReadBack,
    ..SET
};

/// A tenant with at most one MailUser. Of the writes that reach it, it makes those and answers those that it is told to.
struct Desk {
    tenant: TenantTag,
    object: Mutex<Option<Record>>,
    /// Whether each write is made, and whether it is answered; what comes after the last is both.
    fortune: Mutex<Vec<(bool, bool)>>,
    ids: Mutex<Vec<Uuid>>,
}

impl Desk {
    fn with(object: Option<Value>, fortune: &[(bool, bool)]) -> Self {
        let mut fortune = fortune.to_vec();
        fortune.reverse();
        Self {
            tenant: TenantTag {
                name: "northwind".into(),
                id: Uuid::from_u128(2),
                domain: "northwindtraders.onmicrosoft.com".into(),
            },
            object: Mutex::new(object.map(record)),
            fortune: Mutex::new(fortune),
            ids: Mutex::default(),
        }
    }

    fn object(&self) -> Option<Record> {
        self.object.lock().unwrap().clone()
    }
}

impl Clock for Desk {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }

    fn sleep(&self, _: Duration) -> BoxFuture<'_, ()> {
        std::future::ready(()).boxed()
    }
}

impl World for Desk {
    fn tenant(&self) -> &TenantTag {
        &self.tenant
    }

    fn clock(&self) -> &dyn Clock {
        self
    }

    fn read<'a>(&'a self, operation: &'a Operation) -> BoxFuture<'a, Result<Option<Record>, Trouble>> {
        let object = operation.descriptor.before.and_then(|_| self.object());
        std::future::ready(Ok(object)).boxed()
    }

    fn look<'a>(&'a self, _: &'static str, _: About<'a>) -> BoxFuture<'a, Result<Vec<Record>, Trouble>> {
        std::future::ready(Ok(self.object().into_iter().collect())).boxed()
    }

    fn send<'a>(&'a self, operation: &'a Operation, permit: Permit) -> BoxFuture<'a, Result<Reply, Trouble>> {
        async move {
            let id = permit.attempt().await?;
            self.ids.lock().unwrap().push(id);
            let (is_made, is_answered) = self.fortune.lock().unwrap().pop().unwrap_or((true, true));
            let mut object = self.object.lock().unwrap();
            if is_made && operation.descriptor.verb == Verb::Create && object.is_some() {
                return Err(Trouble::new(Kind::AlreadyExists, "it is there"));
            }
            if is_made {
                let mut made = object.take().unwrap_or_default();
                let given = operation.arguments.iter();
                given.for_each(|(name, value)| made.set(name, value.shown()));
                *object = (operation.descriptor.verb != Verb::Remove).then_some(made);
            }
            match is_answered {
                true => Ok(Reply::default()),
                false => Err(Trouble::new(Kind::Network, "no answer").with_code("reply_lost")),
            }
        }
        .boxed()
    }
}

fn record(value: Value) -> Record {
    value.as_object().cloned().expect("an object").into()
}

fn log() -> RunLog {
    let run = NewRun {
        kind: RunKind::Script,
        script: "a".into(),
        arguments: json!({}),
        tenants: Vec::new(),
        hashes: json!({}),
        folder: String::new(),
        flags: json!({}),
        parent: None,
        started: Timestamp::UNIX_EPOCH,
    };
    Journal::in_memory().begin(&run).unwrap()
}

fn gate(log: &RunLog) -> Gate {
    let mut permissions = Permissions::none();
    permissions.grant("northwind", Service::Exchange, Impact::High);
    Gate::new(Mode::Apply, permissions, |_| ()).recording(log.clone())
}

fn new(name: &str) -> Operation {
    Operation::new(&NEW, None, Arguments::new().with("Name", name)).unwrap()
}

fn set(arguments: Arguments) -> Operation {
    Operation::new(&SET, Some("LaraN".into()), arguments).unwrap()
}

fn only(log: &RunLog) -> ChangeRow {
    let changes = log.journal().changes(log.id()).unwrap();
    assert_eq!(changes.len(), 1);
    changes.into_iter().next().unwrap()
}

#[tokio::test]
async fn a_creation_whose_answer_was_lost_is_recognised_and_not_made_twice() {
    let (log, desk) = (log(), Desk::with(None, &[(true, false)]));

    let applied = apply(&gate(&log), &desk, new("LaraN")).await.unwrap();

    assert_eq!(applied.record.text("Name"), Some("LaraN"));
    let change = only(&log);
    assert_eq!((change.state, change.attempts.len()), (ChangeState::Done, 1));
    assert_eq!(change.reply["Name"], "LaraN");
}

#[tokio::test]
async fn a_creation_that_never_arrived_is_sent_again_under_an_id_of_its_own() {
    let (log, desk) = (log(), Desk::with(None, &[(false, false)]));

    apply(&gate(&log), &desk, new("LaraN")).await.unwrap();

    let change = only(&log);
    let recorded: Vec<_> = change.attempts.iter().map(|(id, _)| *id).collect();
    assert_eq!(change.state, ChangeState::Done);
    assert_eq!(recorded, *desk.ids.lock().unwrap());
    assert!(recorded.len() == 2 && recorded[0] != recorded[1]);
}

#[tokio::test]
async fn a_change_that_differs_is_an_error_and_recorded_as_that() {
    let before = json!({"Identity": "LaraN", "Alias": "a", "Name": "x"});
    let (log, desk) = (log(), Desk::with(Some(before), &[(false, false)]));
    let other = Descriptor {
        evidence: Some(crate::change::Evidence {
            reading: "get_mailuser",
            about: |_| None,
            shows: |_, _| None,
        }),
        retry: Retry::ReadBack,
        ..SET
    };
    let unreadable = Operation::new(
        Box::leak(Box::new(other)),
        Some("LaraN".into()),
        Arguments::new().with("Alias", "b"),
    )
    .unwrap();

    let lost = apply(&gate(&log), &desk, unreadable).await.unwrap_err();

    assert_eq!((lost.code.as_str(), only(&log).state), ("reply_lost", ChangeState::Differing));
    assert_eq!(desk.ids.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn what_an_earlier_run_left_open_is_settled_by_what_is_there() {
    let edited = || {
        Arguments::new()
            .with("Alias", "b")
            .with("EmailAddresses", json!({"Add": ["smtp:b@x"]}))
    };
    let touched = |name: &str, old: Value, new: Value| (name.to_owned(), old, new);
    let change = [
        touched("Alias", json!("a"), json!("b")),
        touched("EmailAddresses", json!(["SMTP:a@x"]), json!(["SMTP:a@x", "smtp:b@x"])),
    ];
    let found = async |now: Value| find_out(&Desk::with(Some(now), &[]), &set(edited()), &change).await.unwrap().state;

    // The service adds addresses of its own.
    let made = json!({"Alias": "b", "EmailAddresses": ["SMTP:a@x", "smtp:own@x", "smtp:b@x"]});
    assert_eq!(found(made).await, ChangeState::Done);
    let before = json!({"Alias": "a", "EmailAddresses": ["SMTP:a@x"]});
    assert_eq!(found(before).await, ChangeState::NotDone);
    let half = json!({"Alias": "b", "EmailAddresses": ["SMTP:a@x"]});
    assert_eq!(found(half).await, ChangeState::Differing);
    let other = json!({"Alias": "c", "EmailAddresses": ["SMTP:a@x"]});
    assert_eq!(found(other).await, ChangeState::Differing);

    let namesake = Desk::with(Some(json!({"Name": "LaraN", "Alias": "theirs"})), &[]);
    let mut operation = new("LaraN");
    operation.arguments.set("Alias", "ours");
    let differing = find_out(&namesake, &operation, &[]).await.unwrap();
    assert_eq!(differing.state, ChangeState::Differing);
    assert!(differing.note.contains("`Alias`"), "{}", differing.note);

    let removal = Operation::new(&REMOVE, Some("LaraN".into()), Arguments::new()).unwrap();
    let gone = Desk::with(None, &[]);
    assert_eq!(find_out(&gone, &removal, &[]).await.unwrap().state, ChangeState::Done);
    assert_eq!(find_out(&namesake, &removal, &[]).await.unwrap().state, ChangeState::NotDone);
}
