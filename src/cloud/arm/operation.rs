//! Writes that Azure accepts first and does later, followed to their end.
//!
//! Azure tells in three ways how far it is: by an operation, by a place where the outcome will be, or by the resource itself.
//! Which of them is for the provider to choose, and the same provider changes its mind, so all three are followed everywhere.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::Method;
use reqwest::Url;
use serde_json::Value;

use crate::cloud::CloudError;
use crate::cloud::Connection;
use crate::cloud::answer::Answer;
use crate::cloud::answer::member;
use crate::cloud::answer::text;
use crate::cloud::arm::fault::fault;
use crate::cloud::error::UNDERWAY;
use crate::cloud::link::same_origin;
use crate::cloud::pace;
use crate::cloud::request::Call;
use crate::cloud::service_error::ServiceError;
use crate::model::Record;

/// How long a change is waited for.
const LONGEST: Duration = Duration::from_secs(30 * 60);

/// The wait between two looks when the service names none; a new vault is ready after some ten seconds.
const OWN_WAIT: Duration = Duration::from_secs(10);

impl Connection {
    /// What the write `call`, accepted with `answer`, comes to.
    pub(super) async fn arm_settle(&self, call: &Call, answer: Answer) -> Result<Option<Record>, CloudError> {
        let since = self.clock().now();
        let connection = self;
        Pursuit { connection, call, since }.settle(answer).await
    }
}

/// A write that is followed.
struct Pursuit<'a> {
    connection: &'a Connection,
    call: &'a Call,
    since: Timestamp,
}

impl Pursuit<'_> {
    async fn settle(&self, accepted: Answer) -> Result<Option<Record>, CloudError> {
        let call = self.call;
        let own = || call.url.clone();
        let is_kept = matches!(call.method, Method::PUT | Method::PATCH);
        let link = |name: &str| {
            accepted
                .header(name)
                .map(|link| same_origin(&call.url, link, &call.name))
                .transpose()
        };
        let is_later = accepted.status.as_u16() == 202;
        let mut answer = match (link("azure-asyncoperation")?, link("location")?.filter(|_| is_later)) {
            (Some(operation), _) => {
                self.poll(operation, &accepted, |status| outcome(call, status)).await?;
                match is_kept {
                    true => self.look(own()).await?,
                    false => return Ok(None),
                }
            }
            (None, Some(place)) => self.poll(place, &accepted, |outcome| Ok(outcome.status.as_u16() != 202)).await?,
            (None, None) if is_later && is_kept => self.poll(own(), &accepted, |resource| is_ready(call, resource)).await?,
            (None, None) => accepted,
        };
        if is_kept && is_empty(&answer) {
            answer = self.look(own()).await?;
        }
        if is_kept && !is_ready(call, &answer)? {
            answer = self.poll(own(), &answer, |resource| is_ready(call, resource)).await?;
        }
        answer.record(call)
    }

    /// Looks at `url` again and again until `is_over`, waiting in between as the service asks.
    async fn poll(&self, url: Url, accepted: &Answer, is_over: impl Fn(&Answer) -> Result<bool, CloudError>) -> Result<Answer, CloudError> {
        let clock = self.connection.clock();
        let mut asked = pace::retry_after(accepted, clock.now());
        loop {
            let left = LONGEST.saturating_sub(self.waited());
            if left.is_zero() {
                return Err(self.unfinished());
            }
            clock.sleep(asked.unwrap_or(OWN_WAIT).min(left)).await;
            let answer = self.look(url.clone()).await?;
            if is_over(&answer)? {
                return Ok(answer);
            }
            asked = pace::retry_after(&answer, clock.now());
        }
    }

    /// Reads how far it is. A failure to read says nothing about the change itself.
    async fn look(&self, url: Url) -> Result<Answer, CloudError> {
        let look = Call::get(format!("the outcome of {}", self.call.name), url).of_azure();
        self.connection.arm_send(&look).await.map_err(|error| match error {
            CloudError::Refused(mut fault) => {
                fault.remedy.get_or_insert_with(|| UNDERWAY.to_owned());
                fault.retryable = false;
                CloudError::Refused(fault)
            }
            CloudError::Unreachable {
                call,
                host,
                timed_out,
                why,
                ..
            } => CloudError::Unreachable {
                call,
                host,
                may_be_done: true,
                timed_out,
                why,
            },
            CloudError::Throttled { .. } => self.unfinished(),
            error => error,
        })
    }

    fn waited(&self) -> Duration {
        let waited = self.connection.clock().now().duration_since(self.since);
        Duration::try_from(waited).unwrap_or_default()
    }

    fn unfinished(&self) -> CloudError {
        CloudError::Unfinished {
            call: self.call.name.clone(),
            waited: self.waited(),
        }
    }
}

fn is_empty(answer: &Answer) -> bool {
    answer.body.iter().all(u8::is_ascii_whitespace)
}

/// Whether an operation has succeeded; failing is an error.
fn outcome(call: &Call, answer: &Answer) -> Result<bool, CloudError> {
    let body = answer.expect_json(call)?;
    let Some(status) = text(&body, "status") else {
        return Err(answer.unreadable(call, "the operation has no status"));
    };
    is_success(call, answer, status, member(&body, "error"))
}

/// Whether a resource is ready. One that has no state is.
fn is_ready(call: &Call, answer: &Answer) -> Result<bool, CloudError> {
    let body = answer.json();
    let properties = body.as_ref().and_then(|body| member(body, "properties"));
    match properties.and_then(|properties| text(properties, "provisioningState")) {
        Some(state) => is_success(call, answer, state, None),
        None => Ok(true),
    }
}

/// The three words are the only ones that end an operation, in any case.
fn is_success(call: &Call, answer: &Answer, state: &str, error: Option<&Value>) -> Result<bool, CloudError> {
    let (code, did) = match state.to_ascii_lowercase().as_str() {
        "succeeded" => return Ok(true),
        "failed" => ("OperationFailed", "failed"),
        "canceled" => ("OperationCanceled", "was cancelled"),
        _ => return Ok(false),
    };
    let mut said = error.map(ServiceError::of).unwrap_or_default();
    if said.code.is_empty() {
        said.code = code.to_owned();
    }
    if said.text.is_empty() {
        said.text = format!("Azure accepted it, and then it {did}");
    }
    // The answer that tells of the failure is itself a 200.
    Err(fault(call, answer.status.as_u16(), said, answer.request_id()).into())
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use uuid::Uuid;

    use super::*;
    use crate::cloud::testing::Reply;
    use crate::cloud::testing::Seen;
    use crate::cloud::testing::Site;
    use crate::model::Kind;
    use crate::model::Trouble;

    const PATH: &str = "/subscriptions/s/x";
    const PLACE: &str = "https://management.azure.com/subscriptions/s/operations/1?api-version=1";

    fn resource(state: &str) -> Reply {
        Reply::json(200, json!({"name": "x", "properties": {"provisioningState": state}}))
    }

    async fn put(site: &Site) -> Result<Option<Record>, CloudError> {
        let body = Some(json!({"location": "westeurope"}));
        site.connection().arm_change("PUT", PATH, "1", body, Uuid::now_v7()).await
    }

    #[tokio::test]
    async fn an_operation_is_followed_as_it_asks_and_the_resource_comes_back() {
        let site = Site::start(|seen: &Seen| match seen.count {
            0 => Reply::json(201, json!({"properties": {"provisioningState": "Creating"}}))
                .with("azure-asyncoperation", PLACE)
                .with("retry-after", "15"),
            1 => Reply::json(200, json!({"status": "InProgress"})).with("retry-after", "20"),
            2 => Reply::json(200, json!({"status": "succeeded"})),
            _ => resource("Succeeded"),
        })
        .await;

        let made = put(&site).await.unwrap().unwrap();

        assert_eq!(made.text("name"), Some("x"));
        assert_eq!(site.waits(), [15, 20].map(Duration::from_secs));
        let paths: Vec<_> = site
            .requests()
            .into_iter()
            .map(|seen| format!("{} {}", seen.method, seen.path))
            .collect();
        let look = "GET /subscriptions/s/operations/1";
        assert_eq!(paths, ["PUT /subscriptions/s/x", look, look, "GET /subscriptions/s/x"]);
    }

    #[tokio::test]
    async fn a_place_to_look_is_read_until_it_holds_the_resource() {
        let site = Site::start(|seen: &Seen| match seen.count {
            0 => Reply::bytes(202, vec![]).with("location", PLACE).with("retry-after", "17"),
            1 => Reply::bytes(202, vec![]),
            2 => resource("ResolvingDNS"),
            _ => resource("Succeeded"),
        })
        .await;

        let made = put(&site).await.unwrap().unwrap();

        assert_eq!(made.text("name"), Some("x"));
        assert_eq!(site.waits()[0], Duration::from_secs(17));
        assert_eq!(site.last().path, PATH);
    }

    #[tokio::test]
    async fn a_resource_without_links_is_read_until_it_is_ready() {
        let site = Site::start(|seen: &Seen| resource(if seen.count < 2 { "RegisteringDns" } else { "Succeeded" })).await;

        put(&site).await.unwrap().unwrap();

        assert_eq!(site.waits(), [OWN_WAIT, OWN_WAIT]);
    }

    #[tokio::test]
    async fn a_change_that_is_only_accepted_is_read_from_the_resource() {
        let site = Site::start(|seen: &Seen| match seen.count {
            0 => Reply::json(202, json!({})),
            _ => resource("Succeeded"),
        })
        .await;

        let made = put(&site).await.unwrap().unwrap();

        assert_eq!((made.text("name"), site.requests().len()), (Some("x"), 2));
    }

    #[tokio::test]
    async fn what_is_deleted_later_is_waited_for_and_leaves_nothing() {
        let site = Site::start(|seen: &Seen| match seen.count {
            0 => Reply::bytes(202, vec![]).with("location", PLACE),
            _ => Reply::bytes(204, vec![]),
        })
        .await;

        let left = site
            .connection()
            .arm_change("DELETE", PATH, "1", None, Uuid::now_v7())
            .await
            .unwrap();

        assert_eq!((left, site.requests().len()), (None, 2));
    }

    #[tokio::test]
    async fn a_failure_on_the_way_is_told_in_the_services_words() {
        let site = Site::start(|seen: &Seen| match seen.count {
            0 => Reply::bytes(202, vec![]).with("azure-asyncoperation", PLACE),
            _ => Reply::json(
                200,
                json!({"status": "Failed", "error": {"code": "BadArgument", "message": "no such sku"}}),
            ),
        })
        .await;

        let trouble = Trouble::from(put(&site).await.unwrap_err());

        assert_eq!((&trouble.code[..], trouble.kind), ("BadArgument", Kind::Refused));
        assert!(trouble.message.ends_with("no such sku"), "{trouble}");
    }

    #[tokio::test]
    async fn waiting_ends_after_half_an_hour_and_says_that_azure_goes_on() {
        let site = Site::start(|_: &Seen| resource("Updating").with("retry-after", "600")).await;

        let trouble = Trouble::from(put(&site).await.unwrap_err());

        assert_eq!((trouble.kind, &trouble.code[..]), (Kind::Timeout, "unfinished"));
        assert_eq!(site.waits().iter().sum::<Duration>(), LONGEST);
        assert!(trouble.remedy.as_deref().unwrap().contains("goes on"));
    }

    #[tokio::test]
    async fn a_look_that_fails_does_not_say_that_the_change_did() {
        let site = Site::start(|seen: &Seen| match seen.count {
            0 => Reply::bytes(202, vec![]).with("location", PLACE),
            _ => Reply::json(404, json!({"error": {"code": "NotFound", "message": "no such operation"}})),
        })
        .await;

        let trouble = Trouble::from(put(&site).await.unwrap_err());

        assert!(trouble.message.starts_with("the outcome of `PUT /subscriptions/s/x`"), "{trouble}");
        assert_eq!(trouble.remedy.as_deref(), Some(UNDERWAY));
    }

    #[tokio::test]
    async fn no_token_follows_a_link_out_of_azure() {
        let site = Site::start(|_: &Seen| Reply::bytes(202, vec![]).with("location", "https://evil.example/1")).await;

        assert!(matches!(put(&site).await, Err(CloudError::ForeignLink { .. })));
    }
}
