//! Requests to a storage account.

use reqwest::Url;

use crate::cloud::CloudError;
use crate::cloud::Connection;
use crate::cloud::answer::Answer;
use crate::cloud::blob::fault;
use crate::cloud::blob::xml;
use crate::cloud::link::set_query;
use crate::cloud::link::url;
use crate::cloud::request::Call;
use crate::cloud::sign_in::Resource;

/// The version of the service; one that knows tokens of Entra must be named in a header.
const VERSION: &str = "2023-11-03";

impl Connection {
    /// The names of all blobs of a container that begin with `prefix`, in the service's order, which is that of the alphabet.
    pub async fn blob_list(&self, account: &str, container: &str, prefix: &str) -> Result<Vec<String>, CloudError> {
        let mut names = Vec::new();
        let mut marker = String::new();
        loop {
            let mut url = self.blob_url(account, container)?;
            let options = [("restype", "container"), ("comp", "list"), ("prefix", prefix), ("marker", &marker)];
            let given: Vec<_> = options.into_iter().filter(|(_, value)| !value.is_empty()).collect();
            set_query(&mut url, &given);
            let call = asked(format!("the blobs of `{account}/{container}`"), url);
            let answer = self.blob_send(&call).await?;
            let texts = xml::texts(&answer.body, &["Name", "NextMarker"]).map_err(|why| answer.unreadable(&call, &why))?;
            marker.clear();
            for (element, text) in texts {
                match element {
                    "Name" => names.push(text),
                    _ => marker = text,
                }
            }
            if marker.is_empty() {
                return Ok(names);
            }
        }
    }

    /// What is in a blob.
    pub async fn blob_get(&self, account: &str, container: &str, name: &str) -> Result<Vec<u8>, CloudError> {
        let url = self.blob_url(account, &format!("{container}/{name}"))?;
        let call = asked(format!("blob `{account}/{container}/{name}`"), url);
        Ok(self.blob_send(&call).await?.body)
    }

    async fn blob_send(&self, call: &Call) -> Result<Answer, CloudError> {
        let answer = self.send(call, Resource::Storage).await?;
        match answer.status.is_success() {
            true => Ok(answer),
            false => Err(fault::read(call, &answer)),
        }
    }

    fn blob_url(&self, account: &str, path: &str) -> Result<Url, CloudError> {
        let is_name = (3..=24).contains(&account.len()) && account.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        if !is_name {
            return Err(CloudError::Invalid {
                call: format!("the log in `{account}`"),
                why: "a storage account is named by 3 to 24 digits and lower-case letters".into(),
            });
        }
        // A percent sign begins an escape in a URL and is a character of its own in a name.
        url(&format!("{account}.{}", self.cloud().blob_suffix), &path.replace('%', "%25"))
    }
}

fn asked(name: String, url: Url) -> Call {
    Call {
        headers: vec![("x-ms-version", VERSION.to_owned())],
        ..Call::get(name, url).of_azure()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::testing::Reply;
    use crate::cloud::testing::Seen;
    use crate::cloud::testing::Site;
    use crate::model::Kind;
    use crate::model::Trouble;

    const LOG: &str = "insights-logs-auditevent";

    #[tokio::test]
    async fn a_listing_is_read_to_its_last_page() {
        let site = Site::start(|seen: &Seen| match seen.query.contains("marker=") {
            false => Reply::text(
                200,
                "\u{feff}<EnumerationResults><Blobs><Blob><Name>resourceId=/A/h=08/PT1H.json</Name></Blob></Blobs>\
                 <NextMarker>2!92!x</NextMarker></EnumerationResults>",
            ),
            true => Reply::text(
                200,
                "<EnumerationResults><Blobs><Blob><Name>b</Name></Blob></Blobs><NextMarker /></EnumerationResults>",
            ),
        })
        .await;

        let names = site.connection().blob_list("nwtxtaudit", LOG, "resourceId=/").await.unwrap();

        assert_eq!(names, ["resourceId=/A/h=08/PT1H.json", "b"]);
        let [first, second] = &site.requests()[..] else { panic!() };
        assert_eq!(
            (&first.host[..], &first.path[..]),
            ("nwtxtaudit.blob.core.windows.net", "/insights-logs-auditevent")
        );
        assert_eq!(first.query, "restype=container&comp=list&prefix=resourceId%3D/");
        assert!(second.query.ends_with("marker=2%2192%21x"), "{}", second.query);
        assert_eq!(first.header("x-ms-version"), VERSION);
        assert_eq!(
            site.token_requests()[0].form("scope").as_deref(),
            Some("https://storage.azure.com/.default")
        );
    }

    #[tokio::test]
    async fn a_blob_is_read_by_its_name() {
        let site = Site::start(|_: &Seen| Reply::text(200, "{}\n{}\n")).await;

        let read = site
            .connection()
            .blob_get("nwtxtaudit", LOG, "resourceId=/A/h=08/PT1H.json")
            .await
            .unwrap();

        assert_eq!(read, b"{}\n{}\n");
        assert_eq!(site.last().path, "/insights-logs-auditevent/resourceId=/A/h=08/PT1H.json");
    }

    #[tokio::test]
    async fn a_missing_data_role_is_named_although_owner_is_held() {
        let site = Site::start(|_: &Seen| {
            Reply::text(
                403,
                "\u{feff}<?xml version=\"1.0\"?><Error><Code>AuthorizationPermissionMismatch</Code>\
                 <Message>This request is not authorized.\nRequestId:0d0d</Message></Error>",
            )
        })
        .await;

        let trouble = Trouble::from(site.connection().blob_list("nwtxtaudit", LOG, "").await.unwrap_err());

        assert_eq!(
            (trouble.kind, &trouble.code[..]),
            (Kind::Forbidden, "AuthorizationPermissionMismatch")
        );
        assert!(trouble.message.ends_with("This request is not authorized"), "{trouble}");
        assert!(trouble.remedy.as_deref().unwrap().contains("Storage Blob Data Reader"));
    }

    #[tokio::test]
    async fn what_is_no_account_is_not_asked() {
        let site = Site::start(|_: &Seen| Reply::text(200, "")).await;

        for account in ["evil.example/", "Nwt", "x"] {
            let refused = site.connection().blob_get(account, LOG, "x").await;
            assert!(matches!(refused, Err(CloudError::Invalid { .. })), "{account}");
        }
        assert!(site.requests().is_empty());
    }
}
