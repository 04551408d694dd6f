//! One HTTP call, sent with patience: repeated as `pace` allows, with a new token once when the old one is refused.

use std::error::Error;
use std::time::Duration;

use reqwest::Method;
use reqwest::Url;
use reqwest::header::ACCEPT;
use reqwest::header::CONTENT_TYPE;
use secrecy::ExposeSecret;
use secrecy::SecretString;
use serde_json::Value;
use uuid::Uuid;

use crate::cloud::CloudError;
use crate::cloud::Connection;
use crate::cloud::answer::Answer;
use crate::cloud::challenge;
use crate::cloud::link::host;
use crate::cloud::pace;
use crate::cloud::request_ids::RequestIds;
use crate::cloud::route::chain;
use crate::cloud::sign_in::Resource;

/// A call that can be sent as often as needed.
pub(super) struct Call {
    /// How it is named in messages: the cmdlet, or method and path.
    pub(super) name: String,
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Option<Vec<u8>>,
    /// Whether it changes nothing, so that it may be repeated blindly.
    pub(super) is_read: bool,
    pub(super) request_ids: RequestIds,
    pub(super) request_id_header: &'static str,
}

impl Call {
    pub(super) fn get(name: impl Into<String>, url: Url) -> Self {
        Self {
            name: name.into(),
            method: Method::GET,
            url,
            headers: Vec::new(),
            body: None,
            is_read: true,
            request_ids: Uuid::now_v7().into(),
            request_id_header: "client-request-id",
        }
    }

    /// As Azure wants it, which reads the request id under a name of its own.
    pub(super) fn of_azure(self) -> Self {
        Self {
            request_id_header: "x-ms-client-request-id",
            ..self
        }
    }

    /// A write by `method` (`POST`, `PATCH`, `PUT`, `DELETE`), under the request ids of its permit.
    pub(super) fn write(method: &str, name: String, url: Url, body: Option<Value>, request_ids: RequestIds) -> Result<Self, CloudError> {
        let writes = [Method::POST, Method::PATCH, Method::PUT, Method::DELETE];
        let Some(method) = writes.into_iter().find(|known| known.as_str().eq_ignore_ascii_case(method)) else {
            let why = "it is no method that writes".to_owned();
            return Err(CloudError::Invalid { call: name, why });
        };
        Ok(Self {
            method,
            body: body.map(|body| body.to_string().into_bytes()),
            is_read: false,
            request_ids,
            ..Self::get(name, url)
        })
    }

    /// The server gives a cmdlet about 15 minutes; what reads is given up sooner.
    fn time_limit(&self) -> Duration {
        Duration::from_secs(if self.is_read { 300 } else { 960 })
    }
}

impl Connection {
    /// Sends `call` with a token for `resource` and gives back the last answer, whatever its status.
    pub(super) async fn send(&self, call: &Call, resource: Resource) -> Result<Answer, CloudError> {
        let token = self.token(resource).await?;
        let answer = self.send_patiently(call, Some(&token)).await?;
        if answer.status.as_u16() != 401 {
            return Ok(answer);
        }
        let token = self.token_instead_of(resource, &token, challenge::claims(&answer)).await?;
        self.send_patiently(call, Some(&token)).await
    }

    /// Sends `call` until it is answered for good, or patience is spent: so many tries of our own, and a time for as long as the
    /// service says how long to stay away. Of many calls under way it may send the same one away again and again.
    pub(super) async fn send_patiently(&self, call: &Call, token: Option<&SecretString>) -> Result<Answer, CloudError> {
        let mut attempt = 1;
        let mut own_tries = 1;
        let mut asked_in_all = Duration::ZERO;
        loop {
            let outcome = self.send_once(call, token).await;
            let asked = match &outcome {
                Ok(answer) if pace::is_throttled(answer) => pace::retry_after(answer, self.clock().now()),
                Ok(answer) if call.is_read && pace::is_transient(answer) => pace::retry_after(answer, self.clock().now()),
                Err(CloudError::Unreachable { .. }) if call.is_read => None,
                _ => return outcome,
            };
            let wait = asked.unwrap_or_else(|| pace::own_wait(own_tries));
            asked_in_all += asked.unwrap_or_default();
            if own_tries == pace::ATTEMPTS || asked_in_all > pace::LONGEST_WAIT {
                return match outcome {
                    Ok(answer) if pace::is_throttled(&answer) => Err(CloudError::Throttled {
                        call: call.name.clone(),
                        host: host(&call.url),
                        wait,
                        attempts: attempt,
                    }),
                    outcome => outcome,
                };
            }
            tracing::info!(call = %call.name, host = host(&call.url), seconds = wait.as_secs_f64(), asked = asked.is_some(), "waiting");
            self.clock().sleep(wait).await;
            attempt += 1;
            own_tries += u32::from(asked.is_none());
        }
    }

    pub(super) async fn send_once(&self, call: &Call, token: Option<&SecretString>) -> Result<Answer, CloudError> {
        let mut request = self
            .0
            .client
            .request(call.method.clone(), call.url.clone())
            .timeout(call.time_limit())
            .header(ACCEPT, "application/json")
            .header(call.request_id_header, call.request_ids.next().await?.to_string());
        for (name, value) in &call.headers {
            request = request.header(*name, value);
        }
        if let Some(body) = &call.body {
            request = request.body(body.clone());
            if !call.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
                request = request.header(CONTENT_TYPE, "application/json; charset=utf-8");
            }
        }
        if let Some(token) = token {
            request = request.bearer_auth(token.expose_secret());
        }
        let response = request.send().await.map_err(|error| lost(call, &error))?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = response.bytes().await.map_err(|error| lost(call, &error))?.into();
        tracing::debug!(call = %call.name, status = status.as_u16(), "answered");
        Ok(Answer { status, headers, body })
    }
}

fn lost(call: &Call, error: &reqwest::Error) -> CloudError {
    CloudError::Unreachable {
        call: call.name.clone(),
        host: host(&call.url),
        may_be_done: !call.is_read && !error.is_connect(),
        timed_out: error.is_timeout(),
        // The URL may hold a page token and says nothing that host and name do not.
        why: error.source().map_or_else(|| error.to_string(), chain),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::cloud::link::url;
    use crate::cloud::testing::Reply;
    use crate::cloud::testing::Site;
    use crate::model::Kind;
    use crate::model::Trouble;

    fn read() -> Call {
        let url = url("outlook.office365.com", "/adminapi").unwrap();
        Call {
            method: Method::POST,
            body: Some(b"{}".to_vec()),
            ..Call::get("a call", url)
        }
    }

    fn write() -> Call {
        Call { is_read: false, ..read() }
    }

    #[tokio::test]
    async fn throttling_is_waited_out_as_the_service_asks_under_one_request_id() {
        let site = Site::start(|request| match request.count {
            0 => Reply::json(429, json!({})).with("retry-after", "12.5"),
            1 => Reply::text(
                200,
                "You have reached the maximum number of concurrent requests per tenant. Please wait and try again",
            ),
            _ => Reply::value(json!([])),
        })
        .await;
        let call = write();

        site.connection().send(&call, Resource::Exchange).await.unwrap();

        assert_eq!(site.waits()[0], Duration::from_millis(12_500));
        assert_eq!(site.waits().len(), 2);
        let requests = site.requests();
        assert_eq!(requests.len(), 3);
        assert!(
            requests
                .iter()
                .all(|request| request.header("client-request-id") == call.request_ids.first().to_string())
        );
    }

    #[tokio::test]
    async fn a_read_is_repeated_on_server_errors_and_a_write_is_not() {
        let site = Site::start(|request| match request.count {
            0 => Reply::text(503, "<html>busy</html>"),
            1 => Reply::json(
                400,
                json!({"error": {"details": [{"message": "Ex000000|X.StorageTransientException|try again"}]}}),
            ),
            2 => Reply::value(json!([])),
            _ => Reply::text(503, "<html>busy</html>"),
        })
        .await;
        let connection = site.connection();

        let read = connection.send(&read(), Resource::Exchange).await.unwrap();
        assert_eq!((read.status.as_u16(), site.requests().len()), (200, 3));

        let written = connection.send(&write(), Resource::Exchange).await.unwrap();
        assert_eq!((written.status.as_u16(), site.requests().len()), (503, 4));
    }

    #[tokio::test]
    async fn patience_ends_after_six_tries_of_our_own_or_a_quarter_of_an_hour_that_the_service_asked_for() {
        let site = Site::start(|request| match request.count {
            ..6 => Reply::json(429, json!({})),
            6 => Reply::json(429, json!({})).with("retry-after", "86400"),
            _ => Reply::json(429, json!({})).with("retry-after", "60"),
        })
        .await;
        let connection = site.connection();

        let gave_up = connection.send(&write(), Resource::Exchange).await;
        assert_eq!((site.requests().len(), site.waits().len()), (6, 5));
        assert_eq!(Trouble::from(gave_up.err().unwrap()).kind, Kind::Throttled);

        let gave_up = connection.send(&read(), Resource::Exchange).await;
        assert!(matches!(gave_up, Err(CloudError::Throttled { attempts: 1, .. })));
        assert_eq!(site.waits().len(), 5);

        let gave_up = connection.send(&read(), Resource::Exchange).await;
        assert!(matches!(gave_up, Err(CloudError::Throttled { attempts: 16, .. })));
        assert_eq!(site.waits()[5..], [Duration::from_secs(60); 15]);
    }

    #[tokio::test]
    async fn a_lost_reply_repeats_a_read_and_marks_a_write_as_to_be_checked() {
        let site = Site::start(|request| match request.count {
            1 => Reply::value(json!([])),
            _ => Reply::hang_up(),
        })
        .await;
        let connection = site.connection();

        connection.send(&read(), Resource::Exchange).await.unwrap();
        let lost = connection.send(&write(), Resource::Exchange).await.err().unwrap();

        assert!(matches!(lost, CloudError::Unreachable { may_be_done: true, .. }));
        assert_eq!(site.requests().len(), 3);
        assert_eq!(Trouble::from(lost).code, "reply_lost");
    }

    #[tokio::test]
    async fn a_challenge_is_met_with_a_new_token_that_holds_the_claims() {
        let site = Site::start(|request| match request.count {
            0 => Reply::bytes(401, vec![]).with(
                "www-authenticate",
                r#"Bearer realm="", error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7ImVzc2VudGlhbCI6dHJ1ZSwgInZhbHVlIjoiMTc2NzIyNTYwMCJ9fX0=""#,
            ),
            _ => Reply::value(json!([])),
        })
        .await;

        site.connection().send(&write(), Resource::Exchange).await.unwrap();

        assert!(site.token_requests()[1].form("claims").unwrap().contains("1767225600"));
        let [first, second] = &site.requests()[..] else { panic!() };
        assert_ne!(first.header("authorization"), second.header("authorization"));
    }
}
