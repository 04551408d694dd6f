//! The list of users as a whole.

use crate::migrate::finding::Finding;
use crate::migrate::mailuser::refuse_duplicates;
use crate::model::Record;

/// Microsoft advises against larger batches; the service takes them.
const MOST_USERS: i64 = 2000;

/// Findings about the list of users of a batch, whose addresses stand in the column `EmailAddress`. `context` may hold `most_users`
/// (2000).
pub fn batch_findings(rows: &[Record], context: &Record) -> Vec<Record> {
    let nameless: Vec<String> = (1..)
        .zip(rows)
        .filter(|(_, row)| row.text("EmailAddress").is_none())
        .map(|(at, _)| at.to_string())
        .collect();
    let named = Finding::of("target", "batch.addresses", "an EmailAddress in every row").fails_as("F-34");
    let named = named.mend("take the result file of `import-attributes`");
    let named = match nameless.as_slice() {
        [] => named.found(format!("{} rows", rows.len()), !rows.is_empty()),
        _ => named.found(format!("none in row {}", nameless.join(", ")), false),
    };
    let once = Finding::of("target", "batch.duplicates", "every user once")
        .fails_as("F-37")
        .mend("take one of the rows out");
    let once = match refuse_duplicates(rows, &["EmailAddress"]) {
        Ok(()) => once.found("every user once", true),
        Err(trouble) => once.found(trouble.message.clone(), false),
    };
    let most = context.number("most_users").unwrap_or(MOST_USERS);
    let size = Finding::of("target", "batch.size", format!("up to {most} users"))
        .fails_as("F-39")
        .mend("split the list");
    let size = size.found(rows.len().to_string(), rows.len() as i64 <= most);
    [named, once, size].iter().map(Finding::to_record).collect()
}
