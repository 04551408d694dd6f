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
use crate::cloud::request::Call;
use crate::cloud::request::same_origin;
use crate::cloud::request::set_query;
use crate::cloud::request::url;
use crate::cloud::sign_in::Resource;
use crate::model::Record;

impl Connection {
    /// Reads one resource; `path` begins at `/subscriptions` and is not encoded.
    pub async fn arm_get(&self, path: &str, api_version: &str) -> Result<Record, CloudError> {
        let call = Call::get(format!("`GET {path}`"), self.arm_url(path, api_version, &[])?);
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
        let call = Call::get(name, url);
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
            ..Call::get(format!("`POST {path}`"), url)
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
        let name = format!("`{method} {path}`");
        let call = Call::write(method, name, self.arm_url(path, api_version, &[])?, body, permit.request_id())?;
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
