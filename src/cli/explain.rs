//! `xtenant explain`: what an error of the service means, whose it is, and what to do.

use clap::Args;
use serde_json::Value;
use serde_json::json;

use crate::cli::Failure;
use crate::cli::Host;
use crate::cli::Status;
use crate::migrate;
use crate::migrate::Then;
use crate::model::Kind;
use crate::model::Record;
use crate::model::Trouble;
use crate::model::nearest;
use crate::output;

/// What follows `xtenant explain`.
#[derive(Args)]
pub struct ExplainArgs {
    /// A number such as F-55, an exception, an AADSTS code, or the text of the error; without it all failures are listed
    what: Vec<String>,
}

/// Explains one failure, or lists those that go by the same name.
pub fn explain(host: &Host, args: ExplainArgs) -> Result<Status, Failure> {
    let what = args.what.join(" ");
    let found = match what.trim().is_empty() {
        true => migrate::all_failures().collect(),
        false => migrate::failures_about(&what),
    };
    let screen = &host.screen;
    match (screen.is_json(), found.as_slice()) {
        (_, []) => return Err(unknown(&what)),
        (true, [one]) => screen.data(&json!(full(one).to_map()).to_string()),
        (true, all) => {
            let all: Vec<_> = all.iter().map(|failure| Value::Object(full(failure).to_map())).collect();
            screen.data(&Value::Array(all).to_string());
        }
        (false, [one]) => screen.data(&output::sheet(&shown(one), screen.width())),
        (false, all) => {
            let rows: Vec<_> = all.iter().map(|failure| row(failure)).collect();
            screen.data(&output::table(&rows, screen.width()));
            screen.remark("`xtenant explain NUMBER` tells cause and remedy");
        }
    }
    screen.finish()?;
    Ok(Status::Ok)
}

fn row(failure: &migrate::Failure) -> Record {
    Record::default()
        .with("failure", failure.id)
        .with("what it is", failure.title)
        .with("side", failure.side.as_str())
        .with("afterwards", failure.then.as_str())
}

fn shown(failure: &migrate::Failure) -> Record {
    Record::default()
        .with(failure.id, failure.title)
        .with("side", failure.side.as_str())
        .with("exception", failure.exceptions.join(", "))
        .with("text", failure.texts.join("\n"))
        .with("cause", failure.cause)
        .with("remedy", failure.remedy)
        .with("afterwards", afterwards(failure.then))
}

/// As scripts see it, with all exceptions and texts.
fn full(failure: &migrate::Failure) -> Record {
    failure
        .to_record()
        .with("exceptions", json!(failure.exceptions))
        .with("texts", json!(failure.texts))
}

fn afterwards(then: Then) -> &'static str {
    match then {
        Then::Resume => "resume: start the batch or the migration user again (`migrate --restart`, `Start-MigrationUser`)",
        Then::NewBatch => {
            "new batch: remove the migration user (`Remove-MigrationUser`) and put it in a new batch; a resumed one fails again"
        }
        Then::Retry => "run the same step again",
        Then::Nothing => "nothing; it is harmless or mends itself",
        Then::Fix => "there is no step to repeat",
    }
}

fn unknown(what: &str) -> Failure {
    let trouble = Trouble::new(Kind::NotFound, format!("nothing is known about `{what}`")).with_code("unknown_failure");
    Failure::usage(trouble.with_remedy(match nearest(what, migrate::failure_names()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "give its number, the type of the exception or the text of the error; `xtenant explain` lists all failures".to_owned(),
    }))
}
