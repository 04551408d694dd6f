//! What went wrong before there was anybody to send an error to.

use jiff::Timestamp;
use uuid::Uuid;

use crate::sandbox::Reply;
use crate::sandbox::web::page;

/// The page for the refusal with that AADSTS number.
pub fn refused(number: u64, text: &str, now: Timestamp) -> Reply {
    let body = format!(
        "{}<dl>\n<dt>Request Id</dt><dd>{}</dd>\n<dt>Correlation Id</dt><dd>{}</dd>\n<dt>Timestamp</dt><dd>{}</dd>\n</dl>",
        page::alert(&format!("AADSTS{number}: {text}")),
        Uuid::new_v4(),
        Uuid::new_v4(),
        now.strftime("%Y-%m-%dT%H:%M:%SZ"),
    );
    page::page_with_status(400, "Sorry, but we’re having trouble signing you in", &body)
}
