//! The gate between a script and a world that only writes down what reaches it.

mod recording;

use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;
use serde_json::json;
use uuid::Uuid;

use super::*;
use crate::change::Answer;
use crate::change::Argument;
use crate::change::ArgumentType;
use crate::change::Ask;
use crate::change::Call;
use crate::change::Consent;
use crate::change::Descriptor;
use crate::change::Inverse;
use crate::change::Patience;
use crate::change::PowerShell;
use crate::change::Question;
use crate::change::Retry;
use crate::change::Service;
use crate::change::WayBack;
use crate::change::apply;
use crate::model::Arguments;
use crate::model::Kind;

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
        Argument::optional("DisplayName", ArgumentType::Text),
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
    powershell: PowerShell::Cmdlet { asks: false, then: None },
};

static COMPLETE: Descriptor = Descriptor {
    name: "complete_migration_batch",
    verb: Verb::Act("completed"),
    call: Call::Cmdlet("Complete-MigrationBatch"),
    arguments: &[],
    impact: |_, _| Impact::Irreversible,
    inverse: Inverse::None("there is no way back"),
    ..SET
};

static NEW: Descriptor = Descriptor {
    name: "new_mailuser",
    verb: Verb::Create,
    call: Call::Cmdlet("New-MailUser"),
    identity: None,
    label: "DisplayName",
    before: None,
    inverse: Inverse::Remove("remove_mailuser"),
    ..SET
};

/// A tenant that holds one object, and refuses so many writes before it takes one.
struct Desk {
    tenant: TenantTag,
    object: Option<Record>,
    refusals: Mutex<usize>,
    sent: Mutex<Vec<Operation>>,
    ids: Mutex<Vec<Uuid>>,
    waited: Mutex<Duration>,
}

impl Desk {
    fn with(object: Option<Value>) -> Self {
        Self {
            tenant: TenantTag {
                name: "northwind".into(),
                id: Uuid::nil(),
                domain: "northwindtraders.onmicrosoft.com".into(),
            },
            object: object.map(|object| object.as_object().cloned().expect("an object").into()),
            refusals: Mutex::default(),
            sent: Mutex::default(),
            ids: Mutex::default(),
            waited: Mutex::default(),
        }
    }

    fn refusing(self, times: usize) -> Self {
        *self.refusals.lock().unwrap() = times;
        self
    }

    fn sent(&self) -> usize {
        self.sent.lock().unwrap().len()
    }
}

impl Clock for Desk {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        *self.waited.lock().unwrap() += duration;
        Box::pin(std::future::ready(()))
    }
}

impl World for Desk {
    fn tenant(&self) -> &TenantTag {
        &self.tenant
    }

    fn clock(&self) -> &dyn Clock {
        self
    }

    fn read<'a>(&'a self, _: &'a Operation) -> BoxFuture<'a, Result<Option<Record>, Trouble>> {
        Box::pin(std::future::ready(Ok(self.object.clone())))
    }

    fn look<'a>(&'a self, _: &'static str, _: About<'a>) -> BoxFuture<'a, Result<Vec<Record>, Trouble>> {
        Box::pin(std::future::ready(Ok(self.object.iter().cloned().collect())))
    }

    fn send<'a>(&'a self, operation: &'a Operation, permit: Permit) -> BoxFuture<'a, Result<Reply, Trouble>> {
        self.sent.lock().unwrap().push(operation.clone());
        self.ids.lock().unwrap().push(permit.request_id());
        let mut refusals = self.refusals.lock().unwrap();
        let answer = match *refusals {
            0 => Ok(Reply::default()),
            _ => {
                *refusals -= 1;
                Err(Trouble::new(Kind::NotFound, "not known here yet"))
            }
        };
        Box::pin(std::future::ready(answer))
    }
}

fn lara() -> Desk {
    Desk::with(Some(
        json!({"Identity": "LaraN", "DisplayName": "Lara", "EmailAddresses": ["SMTP:lara@northwind.com"]}),
    ))
}

fn open(mode: Mode, impact: Impact) -> Gate {
    let mut permissions = Permissions::none();
    permissions.grant("northwind", Service::Exchange, impact);
    Gate::new(mode, permissions, |_| ())
}

fn renaming(name: &str) -> Operation {
    let arguments = Arguments::new()
        .with("DisplayName", name)
        .with("EmailAddresses", json!({"Add": ["SMTP:lara@northwind.com"]}));
    Operation::new(&SET, Some("LaraN".into()), arguments).unwrap()
}

#[tokio::test]
async fn a_tenant_that_the_script_did_not_declare_is_open_for_reading_only() {
    let desk = lara();
    let gate = Gate::new(Mode::Apply, Permissions::none(), |_| ());

    let refused = apply(&gate, &desk, renaming("Lara Newton")).await.unwrap_err();

    assert_eq!(refused.kind, Kind::NotPermitted);
    assert_eq!(
        (refused.tenant.as_deref(), refused.object.as_deref()),
        (Some("northwind"), Some("LaraN"))
    );
    assert_eq!(desk.sent(), 0);
}

/// Somebody who gives these answers, the last one first, and remembers what was asked.
struct Person {
    answers: Mutex<Vec<Answer>>,
    asked: Mutex<Vec<(Impact, Option<&'static str>, WayBack)>>,
}

impl Person {
    fn saying(answers: &[Answer]) -> Arc<Self> {
        Arc::new(Self {
            answers: Mutex::new(answers.to_vec()),
            asked: Mutex::default(),
        })
    }
}

impl Ask for Person {
    fn ask<'a>(&'a self, question: Question<'a>) -> BoxFuture<'a, Answer> {
        let asked = (question.change.impact, question.loses, question.way_back);
        self.asked.lock().unwrap().push(asked);
        let answer = self.answers.lock().unwrap().pop().expect("it was not to be asked any more");
        Box::pin(std::future::ready(answer))
    }
}

fn asking(from: Impact, beforehand: Option<Impact>, person: &Arc<Person>) -> Gate {
    let ask: Arc<dyn Ask> = person.clone();
    open(Mode::Apply, Impact::Irreversible).asking(Consent::new(from, beforehand, Some(ask)))
}

fn completing() -> Operation {
    Operation::new(&COMPLETE, Some("wave1".into()), Arguments::new()).unwrap()
}

#[tokio::test]
async fn what_is_declined_is_not_sent_and_an_answer_for_all_is_for_one_kind() {
    let (desk, person) = (lara(), Person::saying(&[Answer::NoToAll, Answer::YesToAll, Answer::No]));
    let gate = asking(Impact::Medium, None, &person);

    let first = apply(&gate, &desk, renaming("A")).await.unwrap_err();
    apply(&gate, &desk, renaming("B")).await.unwrap();
    apply(&gate, &desk, renaming("C")).await.unwrap();
    let completions = [apply(&gate, &desk, completing()).await, apply(&gate, &desk, completing()).await];

    assert_eq!((first.kind, first.tenant.as_deref()), (Kind::Declined, Some("northwind")));
    assert!(completions.iter().all(Result::is_err));
    assert_eq!((desk.sent(), gate.declined()), (2, 3));
    let ways: Vec<_> = person.asked.lock().unwrap().iter().map(|(_, _, way)| *way).collect();
    assert_eq!(ways, [WayBack::Undo, WayBack::Undo, WayBack::None(Some("there is no way back"))]);
}

#[tokio::test]
async fn a_yes_beforehand_reaches_no_further_than_its_level() {
    let (desk, person) = (lara(), Person::saying(&[Answer::Stop]));
    let gate = asking(Impact::Low, Some(Impact::High), &person);

    apply(&gate, &desk, renaming("A")).await.unwrap();
    let stopped = apply(&gate, &desk, completing()).await.unwrap_err();
    let later = apply(&gate, &desk, completing()).await.unwrap_err();

    assert_eq!((stopped.kind, later.kind), (Kind::Declined, Kind::Declined));
    assert_eq!((desk.sent(), person.asked.lock().unwrap().len()), (1, 1));
}

#[tokio::test]
async fn another_service_of_the_same_tenant_stays_closed() {
    let mut permissions = Permissions::none();
    permissions.grant("northwind", Service::Graph, Impact::Irreversible);
    let gate = Gate::new(Mode::Apply, permissions, |_| ());

    assert!(apply(&gate, &lara(), renaming("Lara Newton")).await.is_err());
}

#[tokio::test]
async fn an_impact_above_the_declared_one_is_refused_also_when_it_would_only_be_shown() {
    let complete = || Operation::new(&COMPLETE, Some("wave1".into()), Arguments::new()).unwrap();

    for mode in [Mode::Apply, Mode::WhatIf] {
        let desk = lara();
        let refused = apply(&open(mode, Impact::High), &desk, complete()).await.unwrap_err();

        assert_eq!(refused.kind, Kind::NotPermitted);
        assert!(refused.message.contains("irreversible") && refused.message.contains("high"));
        assert_eq!(desk.sent(), 0);
    }
    assert!(apply(&open(Mode::Apply, Impact::Irreversible), &lara(), complete()).await.is_ok());
}

#[tokio::test]
async fn what_if_lists_the_change_with_its_values_and_sends_nothing() {
    let desk = lara();
    let gate = open(Mode::WhatIf, Impact::Medium);

    let applied = apply(&gate, &desk, renaming("Lara Newton")).await.unwrap();

    assert_eq!(applied.fate, Fate::Planned);
    assert_eq!(applied.record.text("DisplayName"), Some("Lara Newton"));
    assert_eq!(applied.record.list("EmailAddresses"), ["SMTP:lara@northwind.com"]);
    let [change] = &gate.changes()[..] else { panic!() };
    assert_eq!(change.touched, [("DisplayName".to_owned(), json!("Lara"), json!("Lara Newton"))]);
    assert_eq!(desk.sent(), 0);
}

#[tokio::test]
async fn what_is_so_already_is_told_but_neither_sent_nor_listed() {
    let desk = lara();
    let told = Arc::new(Mutex::new(Vec::new()));
    let heard = told.clone();
    let mut permissions = Permissions::none();
    permissions.grant("northwind", Service::Exchange, Impact::Medium);
    let gate = Gate::new(Mode::Apply, permissions, move |change| heard.lock().unwrap().push(change.fate));

    let applied = apply(&gate, &desk, renaming("Lara")).await.unwrap();

    assert_eq!(applied.fate, Fate::Unchanged);
    assert_eq!(*told.lock().unwrap(), [Fate::Unchanged]);
    assert!(gate.changes().is_empty());
    assert_eq!(desk.sent(), 0);
}

#[tokio::test]
async fn what_if_lists_an_object_once_however_often_the_run_makes_sure_of_it() {
    let desk = Desk::with(None);
    let gate = open(Mode::WhatIf, Impact::Medium);
    let new = |name: &str| Operation::new(&NEW, None, Arguments::new().with("DisplayName", name)).unwrap();

    for name in ["Lara", "Lara", "Otto"] {
        let applied = apply(&gate, &desk, new(name)).await.unwrap();
        assert_eq!((applied.fate, applied.record.text("DisplayName")), (Fate::Planned, Some(name)));
    }

    let listed: Vec<String> = gate.changes().into_iter().map(|change| change.label).collect();
    assert_eq!(listed, ["Lara", "Otto"]);
}

#[tokio::test]
async fn only_the_arguments_that_differ_are_sent() {
    let desk = lara();

    let applied = apply(&open(Mode::Apply, Impact::Medium), &desk, renaming("Lara Newton"))
        .await
        .unwrap();

    let sent = desk.sent.lock().unwrap();
    let names: Vec<&str> = sent[0].arguments.iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["DisplayName"]);
    assert_eq!((applied.fate, applied.record.text("Identity")), (Fate::Done, Some("LaraN")));
}

#[tokio::test]
async fn an_object_that_cannot_be_read_is_written_to_in_full() {
    let desk = Desk::with(None);

    apply(&open(Mode::Apply, Impact::Medium), &desk, renaming("Lara")).await.unwrap();

    assert_eq!(desk.sent.lock().unwrap()[0].arguments.iter().count(), 2);
}

#[tokio::test]
async fn a_secret_is_sent_each_time_and_shown_never() {
    let desk = lara();
    let gate = open(Mode::Apply, Impact::Medium);
    let secret = crate::model::Given::Secret(SecretString::from("correct horse"));
    let operation = Operation::new(&SET, Some("LaraN".into()), Arguments::new().with("Password", secret)).unwrap();

    apply(&gate, &desk, operation).await.unwrap();

    assert_eq!(desk.sent(), 1);
    assert!(!format!("{:?}", gate.changes()).contains("correct horse"));
}

#[tokio::test]
async fn a_refusal_is_listed_as_failed_and_says_on_which_object_of_which_tenant() {
    let desk = lara().refusing(1);
    let gate = open(Mode::Apply, Impact::Medium);

    let refused = apply(&gate, &desk, renaming("Lara Newton")).await.unwrap_err();

    assert_eq!(
        (refused.tenant.as_deref(), refused.object.as_deref()),
        (Some("northwind"), Some("LaraN"))
    );
    assert_eq!(gate.changes()[0].fate, Fate::Failed);
    assert_eq!(desk.sent(), 1);
}

#[tokio::test]
async fn a_refusal_that_passes_is_waited_out_as_one_change_with_a_permit_for_each_attempt() {
    let desk = lara().refusing(2);
    let gate = open(Mode::Apply, Impact::Medium);
    let patience = Patience::new(
        |trouble| trouble.kind == Kind::NotFound,
        Duration::from_secs(5),
        Duration::from_secs(60),
    );

    apply(&gate, &desk, renaming("Lara Newton").with_patience(patience)).await.unwrap();

    assert_eq!(*desk.waited.lock().unwrap(), Duration::from_secs(10));
    assert_eq!(gate.changes().len(), 1);
    let ids = desk.ids.lock().unwrap();
    assert!(ids.len() == 3 && ids[0] != ids[1] && ids[1] != ids[2]);
}

#[tokio::test]
async fn patience_ends() {
    let desk = lara().refusing(usize::MAX);
    let patience = Patience::new(|_| true, Duration::from_secs(5), Duration::from_secs(60));

    let gave_up = apply(
        &open(Mode::Apply, Impact::Medium),
        &desk,
        renaming("Lara Newton").with_patience(patience),
    )
    .await;

    assert!(gave_up.is_err());
    assert_eq!(*desk.waited.lock().unwrap(), Duration::from_secs(60));
}
