//! Requests to Resource Manager and what comes back when they work.

use reqwest::Method;
use reqwest::Url;
use serde_json::Value;

use crate::change::Permit;
use crate::cloud::ArmQuestion;
use crate::cloud::CloudError;
use crate::cloud::Connection;
use crate::cloud::LinkedPage;
use crate::cloud::answer::Answer;
use crate::cloud::arm::fault;
use crate::cloud::link::same_origin;
use crate::cloud::link::set_query;
use crate::cloud::link::url;
use crate::cloud::request::Call;
use crate::cloud::request_ids::RequestIds;
use crate::cloud::sign_in::Resource;
use crate::model::Record;

impl Connection {
    /// Reads one resource; `path` begins at `/subscriptions` and is not encoded.
    pub async fn arm_get(&self, path: &str, api_version: &str) -> Result<Record, CloudError> {
        let call = Call::get(format!("`GET {path}`"), self.arm_url(path, api_version, &[])?).of_azure();
        let answer = self.arm_send(&call).await?;
        answer.expect_record(&call)
    }

    /// Reads one page of a collection, the first or the one that `next` leads to.
    pub async fn arm_page(
        &self,
        path: &str,
        api_version: &str,
        query: &[(&str, &str)],
        next: Option<&str>,
    ) -> Result<LinkedPage, CloudError> {
        let name = format!("`GET {path}`");
        let first = self.arm_url(path, api_version, query)?;
        let url = match next {
            Some(link) => same_origin(&first, link, &name)?,
            None => first,
        };
        let call = Call::get(name, url).of_azure();
        let answer = self.arm_send(&call).await?;
        LinkedPage::read(&call, &answer, "nextLink", |resource| resource)
    }

    /// Asks whether `name` can be had: `nameAvailable`, and if not `reason` and `message`. `subscription` is an id with or without
    /// `/subscriptions/` in front.
    pub async fn arm_ask(&self, question: ArmQuestion, subscription: &str, name: &str) -> Result<Record, CloudError> {
        let path = question.path(subscription);
        let url = self.arm_url(&path, question.api_version(), &[])?;
        let call = Call {
            method: Method::POST,
            body: Some(question.body(name).to_string().into_bytes()),
            ..Call::get(format!("`POST {path}`"), url).of_azure()
        };
        let answer = self.arm_send(&call).await?;
        answer.expect_record(&call)
    }

    /// Writes (`POST`, `PUT`, `PATCH`, `DELETE`) and waits until Azure is done with it, for half an hour at most. What comes back
    /// is the resource as it is then; `None` when nothing is left or the service answers without an object. The permit is spent.
    pub async fn arm_write(
        &self,
        method: &str,
        path: &str,
        api_version: &str,
        body: Option<Value>,
        permit: Permit,
    ) -> Result<Option<Record>, CloudError> {
        self.arm_change(method, path, api_version, body, permit).await
    }

    pub(super) async fn arm_change(
        &self,
        method: &str,
        path: &str,
        api_version: &str,
        body: Option<Value>,
        request_ids: impl Into<RequestIds>,
    ) -> Result<Option<Record>, CloudError> {
        let name = format!("`{method} {path}`");
        let call = Call::write(method, name, self.arm_url(path, api_version, &[])?, body, request_ids.into())?.of_azure();
        let answer = self.arm_send(&call).await?;
        self.arm_settle(&call, answer).await
    }

    pub(super) async fn arm_send(&self, call: &Call) -> Result<Answer, CloudError> {
        let answer = self.send(call, Resource::Arm).await?;
        match answer.status.is_success() {
            true => Ok(answer),
            false => Err(fault::read(call, &answer).into()),
        }
    }

    fn arm_url(&self, path: &str, api_version: &str, query: &[(&str, &str)]) -> Result<Url, CloudError> {
        // A percent sign begins an escape in a URL and is a character of its own in a name.
        let mut url = url(self.cloud().arm, &path.replace('%', "%25"))?;
        let options: Vec<_> = [("api-version", api_version)].into_iter().chain(query.iter().copied()).collect();
        set_query(&mut url, &options);
        Ok(url)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::cloud::arm::api_version;
    use crate::cloud::testing::Reply;
    use crate::cloud::testing::Site;

    #[tokio::test]
    async fn a_resource_is_asked_in_its_providers_version_with_a_token_for_azure() {
        let site = Site::start(|_| Reply::json(200, json!({"id": "/subscriptions/s", "displayName": "Northwind"}))).await;

        let read = site
            .connection()
            .arm_get("/subscriptions/s/100% (b)", api_version::SUBSCRIPTIONS)
            .await
            .unwrap();

        assert_eq!(read.text("displayName"), Some("Northwind"));
        let seen = site.last();
        assert_eq!(
            (&seen.host[..], &seen.path[..]),
            ("management.azure.com", "/subscriptions/s/100%25%20(b)")
        );
        assert_eq!(seen.query, "api-version=2022-12-01");
        assert!(!seen.header("x-ms-client-request-id").is_empty());
        assert_eq!(
            site.token_requests()[0].form("scope").as_deref(),
            Some("https://management.azure.com/.default")
        );
    }

    #[tokio::test]
    async fn pages_are_followed_within_azure_only() {
        let site = Site::start(|seen| match seen.query.contains("skip") {
            false => Reply::json(
                200,
                json!({"value": [{"name": "a"}], "nextLink": "https://management.azure.com/subscriptions?api-version=1&skip=1"}),
            ),
            true => Reply::json(200, json!({"value": [{"name": "b"}], "nextLink": "https://evil.example/"})),
        })
        .await;
        let connection = site.connection();
        let page = async |next: Option<String>| {
            connection
                .arm_page("/subscriptions", "1", &[("$filter", "a eq 'b'")], next.as_deref())
                .await
        };

        let first = page(None).await.unwrap();
        assert_eq!(site.last().query, "api-version=1&$filter=a%20eq%20%27b%27");
        let second = page(first.next).await.unwrap();

        assert_eq!(second.records[0].text("name"), Some("b"));
        assert!(matches!(page(second.next).await, Err(CloudError::ForeignLink { .. })));
    }

    #[tokio::test]
    async fn a_question_is_a_post_that_is_repeated_like_a_read() {
        let site = Site::start(|seen| match seen.count {
            0 => Reply::text(503, "busy"),
            _ => Reply::json(200, json!({"nameAvailable": false, "reason": "AlreadyExists"})),
        })
        .await;

        let answer = site
            .connection()
            .arm_ask(ArmQuestion::StorageAccountName, "/subscriptions/s", "nwtxtaudit")
            .await
            .unwrap();

        assert_eq!(answer.flag("nameAvailable"), Some(false));
        let seen = site.last();
        assert_eq!(
            (&seen.method[..], &seen.path[..]),
            ("POST", "/subscriptions/s/providers/Microsoft.Storage/checkNameAvailability")
        );
        assert_eq!(
            seen.json(),
            json!({"name": "nwtxtaudit", "type": "Microsoft.Storage/storageAccounts"})
        );
    }
}
