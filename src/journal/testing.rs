//! Runs and changes for tests.

use jiff::Timestamp;
use rusqlite::Connection;
use serde_json::json;
use uuid::Uuid;

use crate::journal::Intent;
use crate::journal::NewRun;
use crate::journal::RunKind;
use crate::journal::RunLog;
use crate::journal::RunTenant;

/// The tenant that the changes below go to.
pub const NORTHWIND: Uuid = Uuid::from_u128(0x6e6f7274);

/// A time, some seconds after a fixed one.
pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + seconds).unwrap()
}

/// A run that writes one tenant.
pub fn new_run(script: &str) -> NewRun {
    NewRun {
        kind: RunKind::Script,
        script: script.to_owned(),
        arguments: json!({"target": "northwind", "users": "users.csv"}),
        tenants: vec![RunTenant {
            param: "target".to_owned(),
            profile: "northwind".to_owned(),
            id: NORTHWIND,
            domain: "northwind.onmicrosoft.example".to_owned(),
            writes: true,
        }],
        hashes: json!({"script": "5f2c"}),
        folder: "/home/ann".to_owned(),
        flags: json!({"confirm": "high"}),
        parent: None,
        started: at(0),
    }
}

/// A change of one MailUser.
pub fn intent(object: &str) -> Intent {
    Intent {
        tenant: NORTHWIND,
        tenant_name: "northwind".to_owned(),
        service: "exchange".to_owned(),
        operation: "Set-MailUser".to_owned(),
        noun: "mailuser".to_owned(),
        object: Some(object.to_owned()),
        label: object.to_owned(),
        arguments: json!({"CustomAttribute1": "wave 1"}),
        touched: vec![("CustomAttribute1".to_owned(), json!(""), json!("wave 1"))],
        impact: "medium".to_owned(),
        request_id: Uuid::now_v7(),
        at: at(1),
    }
}

/// From now on nothing more can be recorded.
pub async fn break_down(log: &RunLog) {
    hinder(log, |connection| connection.pragma_update(None, "query_only", true)).await;
}

/// Lets `prepare` make the connection that writes one that writes less well.
pub async fn hinder(log: &RunLog, prepare: impl Fn(&Connection) -> rusqlite::Result<()> + Send + 'static) {
    let work = move |connection: &Connection| prepare(connection).map(|()| Vec::new());
    log.journal().writer().write(false, work).await.unwrap();
}
