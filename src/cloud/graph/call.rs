//! Requests to Graph and what comes back when they work.

use reqwest::Url;
use serde_json::Map;
use serde_json::Value;

use crate::change::Permit;
use crate::cloud::CloudError;
use crate::cloud::Connection;
use crate::cloud::LinkedPage;
use crate::cloud::answer::Answer;
use crate::cloud::graph::fault;
use crate::cloud::link::same_origin;
use crate::cloud::link::set_query;
use crate::cloud::link::url;
use crate::cloud::request::Call;
use crate::cloud::request_ids::RequestIds;
use crate::cloud::sign_in::Resource;
use crate::model::Record;

impl Connection {
    /// Reads one object; `path` is what stands behind `/v1.0`, `query` holds the options (`$select`), neither of them encoded.
    pub async fn graph_get(&self, path: &str, query: &[(&str, &str)]) -> Result<Record, CloudError> {
        let call = self.graph_read(path, query, None)?;
        let answer = self.graph_send(&call).await?;
        match answer.expect_json(&call)? {
            Value::Object(map) => Ok(object(map).into()),
            _ => Err(answer.unreadable(&call, "it is not an object")),
        }
    }

    /// Reads one page of a collection, the first or the one that `next` leads to. Advanced queries (`$count=true`) are asked the
    /// way Graph wants it, on every page. Of the annotations only `@odata.type` is kept, which tells a user from a group.
    pub async fn graph_page(&self, path: &str, query: &[(&str, &str)], next: Option<&str>) -> Result<LinkedPage, CloudError> {
        let call = self.graph_read(path, query, next)?;
        let answer = self.graph_send(&call).await?;
        LinkedPage::read(&call, &answer, "@odata.nextLink", object)
    }

    /// Writes (`POST`, `PATCH`, `PUT`, `DELETE`); `None` when the service answers without an object. The permit is spent.
    pub async fn graph_write(&self, method: &str, path: &str, body: Option<Value>, permit: Permit) -> Result<Option<Record>, CloudError> {
        self.graph_change(method, path, body, permit).await
    }

    async fn graph_change(
        &self,
        method: &str,
        path: &str,
        body: Option<Value>,
        request_ids: impl Into<RequestIds>,
    ) -> Result<Option<Record>, CloudError> {
        let name = format!("`{method} {path}`");
        let call = Call::write(method, name, self.graph_url(path, &[])?, body, request_ids.into())?;
        let answer = self.graph_send(&call).await?;
        if answer.body.iter().all(u8::is_ascii_whitespace) {
            return Ok(None);
        }
        Ok(match answer.expect_json(&call)? {
            Value::Object(map) => Some(object(map).into()),
            _ => None,
        })
    }

    fn graph_read(&self, path: &str, query: &[(&str, &str)], next: Option<&str>) -> Result<Call, CloudError> {
        let name = format!("`GET {path}`");
        let first = self.graph_url(path, query)?;
        let url = match next {
            Some(link) => same_origin(&first, link, &name)?,
            None => first,
        };
        let mut call = Call::get(name, url);
        if query.contains(&("$count", "true")) {
            call.headers.push(("consistencylevel", "eventual".into()));
        }
        Ok(call)
    }

    async fn graph_send(&self, call: &Call) -> Result<Answer, CloudError> {
        let answer = self.send(call, Resource::Graph).await?;
        match answer.status.is_success() {
            true => Ok(answer),
            false => Err(fault::read(call, &answer).into()),
        }
    }

    fn graph_url(&self, path: &str, query: &[(&str, &str)]) -> Result<Url, CloudError> {
        let mut url = url(self.cloud().graph, &format!("/v1.0/{}", path.trim_start_matches('/')))?;
        set_query(&mut url, query);
        Ok(url)
    }
}

/// An object without its annotations, but for the one that names its type.
fn object(map: Map<String, Value>) -> Map<String, Value> {
    map.into_iter()
        .filter(|(name, _)| !name.contains('@') || name == "@odata.type")
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use uuid::Uuid;

    use super::*;
    use crate::cloud::testing::Reply;
    use crate::cloud::testing::Site;
    use crate::model::Kind;
    use crate::model::Trouble;

    #[tokio::test]
    async fn options_and_paths_are_encoded_as_graph_reads_them() {
        let site = Site::start(|_| Reply::value(json!([]))).await;
        let connection = site.connection();

        connection
            .graph_page(
                "/users",
                &[("$filter", "displayName eq 'O''Brien & Söhne'"), ("$count", "true")],
                None,
            )
            .await
            .unwrap();
        assert_eq!(
            site.last().query,
            "$filter=displayName%20eq%20%27O%27%27Brien%20%26%20S%C3%B6hne%27&$count=true"
        );
        assert_eq!(site.last().header("consistencylevel"), "eventual");
        assert_eq!(site.last().host, "graph.microsoft.com");

        connection
            .graph_page("/users/admin_contoso.com#EXT#@northwind.com/licenseDetails", &[], None)
            .await
            .unwrap();
        assert_eq!(
            site.last().path,
            "/v1.0/users/admin_contoso.com%23EXT%23@northwind.com/licenseDetails"
        );
        assert!(matches!(
            connection.graph_get("/users/../organization", &[]).await,
            Err(CloudError::Invalid { .. })
        ));
    }

    #[tokio::test]
    async fn a_collection_is_followed_verbatim_within_graph_only() {
        let site = Site::start(|request| {
            let link = match request.count {
                0 => "https://graph.microsoft.com/v1.0/groups/g/members?$skiptoken=syn%20thetic",
                _ => "https://evil.example/v1.0/groups",
            };
            let members = json!([{"@odata.type": "#microsoft.graph.user", "id": "a", "x@odata.y": 1}]);
            Reply::json(200, json!({"@odata.context": "c", "@odata.nextLink": link, "value": members}))
        })
        .await;
        let connection = site.connection();

        let first = connection.graph_page("/groups/g/members", &[], None).await.unwrap();
        assert_eq!(first.records[0].names().collect::<Vec<_>>(), ["@odata.type", "id"]);
        let second = connection
            .graph_page("/groups/g/members", &[], first.next.as_deref())
            .await
            .unwrap();
        assert_eq!(site.last().query, "$skiptoken=syn%20thetic");
        let third = connection.graph_page("/groups/g/members", &[], second.next.as_deref()).await;
        assert!(matches!(third, Err(CloudError::ForeignLink { .. })));
    }

    #[tokio::test]
    async fn a_write_gives_the_object_or_nothing_and_is_not_repeated_on_server_errors() {
        let site = Site::start(|request| match request.count {
            0 => Reply::json(201, json!({"@odata.context": "c", "id": "1e1e", "appId": "9d9d"})),
            1 => Reply::bytes(204, vec![]),
            _ => Reply::json(504, json!({"error": {"code": "GatewayTimeout", "message": "slow"}})),
        })
        .await;
        let connection = site.connection();
        let body = json!({"displayName": "move"});

        let made = connection
            .graph_change("POST", "/applications", Some(body.clone()), Uuid::nil())
            .await
            .unwrap();
        assert_eq!(made.unwrap().names().collect::<Vec<_>>(), ["id", "appId"]);
        assert_eq!(site.last().json(), body);
        assert_eq!(site.last().header("content-type"), "application/json; charset=utf-8");
        assert_eq!(site.last().header("client-request-id"), Uuid::nil().to_string());

        let changed = connection
            .graph_change("patch", "/applications/1e1e", Some(body), Uuid::nil())
            .await
            .unwrap();
        assert!(changed.is_none());

        let lost = connection.graph_change("DELETE", "/applications/1e1e", None, Uuid::nil()).await;
        assert_eq!(site.requests().len(), 3);
        let trouble = Trouble::from(lost.unwrap_err());
        assert_eq!(trouble.kind, Kind::Timeout);
        assert!(trouble.remedy.as_deref().unwrap().contains("may have been made"));
        assert!(matches!(
            connection.graph_change("GET", "/applications", None, Uuid::nil()).await,
            Err(CloudError::Invalid { .. })
        ));
    }

    #[tokio::test]
    async fn an_answer_that_cannot_be_read_says_of_a_write_that_it_may_have_been_made() {
        let site = Site::start(|_| Reply::text(200, "{\"id\": \"1e")).await;
        let connection = site.connection();

        let written = connection.graph_change("POST", "/applications", None, Uuid::nil()).await;
        let read = connection.graph_get("/organization", &[]).await;

        let (written, read) = (Trouble::from(written.unwrap_err()), Trouble::from(read.unwrap_err()));
        assert_eq!((&written.code[..], &read.code[..]), ("unreadable", "unreadable"));
        assert!(written.remedy.as_deref().unwrap().contains("may have been made"));
        assert_eq!(read.remedy, None);
    }

    #[tokio::test]
    async fn a_read_waits_out_throttling_and_server_errors() {
        let site = Site::start(|request| match request.count {
            0 => Reply::json(429, json!({"error": {"code": "TooManyRequests"}})).with("retry-after", "2.128"),
            1 => Reply::text(502, "<html>"),
            _ => Reply::json(200, json!({"id": "o"})),
        })
        .await;

        let read = site.connection().graph_get("/organization", &[]).await.unwrap();

        assert_eq!(read.text("id"), Some("o"));
        assert_eq!(site.waits()[0].as_millis(), 2128);
        assert_eq!(site.waits().len(), 2);
    }
}
