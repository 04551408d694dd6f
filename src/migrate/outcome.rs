//! How the users of a batch came out, in words that say who has to do what.

use serde_json::Value;

use crate::migrate::failures::Failure;
use crate::migrate::failures::Then;
use crate::migrate::failures::explain;
use crate::migrate::failures::find;
use crate::migrate::failures::worded;
use crate::model::Record;
use crate::model::same_text;

/// What a failure is called when it shows at completion rather than at the start.
const AT_COMPLETION: [(&str, &str); 3] = [("F-55", "F-93"), ("F-56", "F-92"), ("F-57", "F-98")];

/// How a migration user came out: `user batch status failure side cause remedy then error score skipped ExchangeGuid`. `failure` is
/// nothing when there is none, and `unknown` when the catalogue does not know the service's text.
pub fn outcome_row(user: &Record, statistics: Option<&Record>) -> Record {
    let text = |name: &str| user.text(name).or_else(|| statistics?.text(name)).unwrap_or_default().to_owned();
    let error = error_of(user, statistics);
    let failure = failure_of(user, &error);
    let row = Record::default()
        .with("user", name(user))
        .with("batch", text("BatchId"))
        .with("status", text("Status"));
    let row = match &failure {
        Found::None => row
            .with("failure", Value::Null)
            .with("side", "")
            .with("cause", "")
            .with("remedy", "")
            .with("then", ""),
        Found::Known(failure) => row
            .with("failure", failure.id)
            .with("side", failure.side.as_str())
            .with("cause", failure.cause)
            .with("remedy", failure.remedy)
            .with("then", then(failure).as_str()),
        Found::Unknown => row
            .with("failure", "unknown")
            .with("side", "either")
            .with(
                "cause",
                if error.is_empty() {
                    "the service gave no reason"
                } else {
                    error.as_str()
                },
            )
            .with("remedy", "read the report: `Get-MigrationUserStatistics -IncludeReport`")
            .with("then", "resume"),
    };
    row.with("error", error)
        .with("score", text("DataConsistencyScore"))
        .with("skipped", user.number("SkippedItemCount").unwrap_or(0))
        .with("ExchangeGuid", text("MailboxGuid"))
}

/// How all users of a batch came out; `statistics` (Get-MigrationUserStatistics) are matched by Identity and may be empty.
pub fn outcome_rows(users: &[Record], statistics: &[Record]) -> Vec<Record> {
    let of = |user: &Record| statistics.iter().find(|found| same_text(name(found), name(user)));
    users.iter().map(|user| outcome_row(user, of(user))).collect()
}

enum Found {
    None,
    Known(&'static Failure),
    Unknown,
}

fn failure_of(user: &Record, error: &str) -> Found {
    let status = user.text("Status").unwrap_or_default();
    let has_failed = user.text("StatusSummary") == Some("Failed") || status.ends_with("Failed") || status == "Corrupted";
    if has_failed || !error.is_empty() {
        return explain(error).map_or(Found::Unknown, |failure| Found::Known(worded(at_phase(failure, status), error)));
    }
    let is_over = status.starts_with("Completed");
    match user.text("DataConsistencyScore") {
        Some("Poor") if !is_over => find("F-91").map_or(Found::None, Found::Known),
        Some("Investigate") if !is_over && user.flag("HasUnapprovedSkippedItems") != Some(false) => {
            find("F-90").map_or(Found::None, Found::Known)
        }
        _ => Found::None,
    }
}

/// The same text means different things to do, depending on when it comes.
fn at_phase(failure: &'static Failure, status: &str) -> &'static Failure {
    let renamed = match (failure.id, status) {
        ("F-41", _) => Some("F-46"),
        ("F-22" | "F-24" | "F-32", "IncrementalFailed" | "CompletionFailed") => Some("F-87"),
        (id, "CompletionFailed") => AT_COMPLETION.iter().find(|(first, _)| *first == id).map(|(_, later)| *later),
        _ => None,
    };
    renamed.and_then(find).unwrap_or(failure)
}

/// What follows for a user. The step of the set-up that is repeated elsewhere is the start of the user here.
fn then(failure: &Failure) -> Then {
    match failure.then {
        Then::Retry if failure.id < "F-34" => Then::Resume,
        then => then,
    }
}

/// The type and text of the error: the type is in the statistics or in the text.
fn error_of(user: &Record, statistics: Option<&Record>) -> String {
    let of = |name: &str| statistics.and_then(|found| found.text(name)).or_else(|| user.text(name));
    let said = of("Error").or_else(|| of("ErrorSummary")).unwrap_or_default();
    match of("ErrorType") {
        Some(kind) if !said.contains(kind) => format!("{kind}: {said}").trim_end_matches(": ").to_owned(),
        _ => said.to_owned(),
    }
}

fn name(user: &Record) -> &str {
    let names = ["MailboxEmailAddress", "MailboxIdentifier", "Identity", "Identifier", "EmailAddress"];
    names.iter().find_map(|name| user.text(name)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn record(value: Value) -> Record {
        value.as_object().cloned().expect("an object").into()
    }

    fn failure(user: Value) -> Option<String> {
        outcome_row(&record(user), None).text("failure").map(str::to_owned)
    }

    #[test]
    fn a_failed_user_is_told_with_cause_side_remedy_and_what_then() {
        let user = record(json!({"Identity": "lara@northwind.com", "BatchId": "wave1", "Status": "Failed", "StatusSummary": "Failed"}));
        let statistics = record(json!({
            "Identity": "LARA@northwind.com", "ErrorType": "MailboxNotInCrossTenantMigrationScopeException", "Error": "Not in scope.",
        }));

        let row = outcome_rows(&[user], &[statistics]).remove(0);

        assert_eq!(row.text("failure"), Some("F-51"));
        assert_eq!(row.text("side"), Some("source"));
        assert_eq!(row.text("then"), Some("resume"));
        assert_eq!(
            row.text("error"),
            Some("MailboxNotInCrossTenantMigrationScopeException: Not in scope.")
        );
    }

    #[test]
    fn the_phase_decides_between_failures_of_the_same_text() {
        let foreign = "NotAcceptedDomainException: You can't use the domain";

        assert_eq!(failure(json!({"Status": "Failed", "ErrorSummary": foreign})), Some("F-55".into()));
        assert_eq!(
            failure(json!({"Status": "CompletionFailed", "ErrorSummary": foreign})),
            Some("F-93".into())
        );
        assert_eq!(
            failure(json!({"Status": "IncrementalFailed", "ErrorSummary": "AADSTS7000222: expired"})),
            Some("F-87".into())
        );
        let vault = "Error finding certificate 'https://v.vault.azure.net:443/certificates/c/1' from azure key vault for tenant 'x'.";
        assert_eq!(failure(json!({"Status": "Failed", "ErrorSummary": vault})), Some("F-22".into()));
        assert_eq!(
            failure(json!({"Status": "IncrementalFailed", "ErrorSummary": vault})),
            Some("F-87".into())
        );
    }

    #[test]
    fn a_certificate_and_a_secret_that_ended_are_mended_in_different_ways() {
        let told = |status: &str, error: &str| outcome_row(&record(json!({"Status": status, "ErrorSummary": error})), None);
        let vault = "Error finding certificate 'https://v.vault.azure.net:443/certificates/c/1' from azure key vault for tenant 'x'.";
        let right = "--> The user, group or application 'appid=00000002-0000-0ff1-ce00-000000000000;oid=1' does not have secrets get \
                     permission on key vault 'v'.";

        let secret = told("IncrementalFailed", "AADSTS7000222: expired");
        let certificate = told("IncrementalFailed", vault);
        let at_the_start = told("Failed", vault);
        let forbidden = told("Failed", &format!("{vault} {right}"));
        let retired = told("Failed", "Error finding certificate '' from azure key vault for tenant 'x'.");

        assert!(secret.text("remedy").unwrap().contains("--new-secret"));
        for row in [&certificate, &at_the_start] {
            assert!(row.text("remedy").unwrap().contains("--auth key-vault"));
            assert!(!row.text("cause").unwrap().contains("retired"));
        }
        assert_eq!(forbidden.text("failure"), Some("F-32"));
        assert!(retired.text("cause").unwrap().contains("retired"));
        for row in [secret, certificate, at_the_start, forbidden, retired] {
            assert_eq!(row.text("then"), Some("resume"));
        }
    }

    #[test]
    fn a_user_without_trouble_has_no_failure_and_one_with_an_unknown_text_has() {
        assert_eq!(
            failure(json!({"Status": "Synced", "DataConsistencyScore": "Good", "ErrorSummary": ""})),
            None
        );
        assert_eq!(
            failure(json!({"Status": "Synced", "DataConsistencyScore": "Investigate"})),
            Some("F-90".into())
        );
        assert_eq!(failure(json!({"Status": "Completed", "DataConsistencyScore": "Investigate"})), None);
        assert_eq!(
            failure(json!({"Status": "Failed", "ErrorSummary": "Something new."})),
            Some("unknown".into())
        );
    }
}
