//! Requests to a vault and what comes back when they work.

use secrecy::SecretString;
use serde_json::Value;

use crate::change::Permit;
use crate::cloud::CloudError;
use crate::cloud::Connection;
use crate::cloud::LinkedPage;
use crate::cloud::answer::Answer;
use crate::cloud::link::same_origin;
use crate::cloud::request::Call;
use crate::cloud::request_ids::RequestIds;
use crate::cloud::sign_in::Resource;
use crate::cloud::vault::address::Address;
use crate::cloud::vault::fault;
use crate::model::Record;

/// A secret of a vault. Its value is kept apart from the rest, which may be printed.
#[derive(Debug)]
pub struct VaultSecret {
    /// Everything but the value.
    pub record: Record,
    /// The value; of a certificate's secret, what `certificate_from_pfx` takes apart.
    pub value: SecretString,
}

impl Connection {
    /// Reads one object of a vault by its URL, which needs no version. Of a secret everything but its value comes back. A URL that
    /// is none of a vault of our cloud is refused before anything is sent.
    pub async fn vault_get(&self, url: &str) -> Result<Record, CloudError> {
        let (call, answer) = self.vault_read(url).await?;
        Ok(without_value(answer.expect_record(&call)?))
    }

    /// Reads a secret with its value.
    pub async fn vault_secret(&self, url: &str) -> Result<VaultSecret, CloudError> {
        let (call, answer) = self.vault_read(url).await?;
        let record = answer.expect_record(&call)?;
        let Some(value) = record.text("value").map(SecretString::from) else {
            return Err(answer.unreadable(&call, "it is not a secret"));
        };
        let record = without_value(record);
        Ok(VaultSecret { record, value })
    }

    /// Reads one page of a collection of a vault (`/certificates`, `/secrets`, `/certificates/NAME/versions`), the first or the one
    /// that `next` leads to. Its items are without what a single read tells.
    pub async fn vault_page(&self, url: &str, next: Option<&str>) -> Result<LinkedPage, CloudError> {
        let address = Address::parse(self.cloud(), url)?;
        let mut call = Call::get(format!("`GET {}`", address.shown()), address.url.clone()).of_azure();
        if let Some(link) = next {
            call.url = same_origin(&address.url, link, &call.name)?;
        }
        let answer = self.vault_send(&address, &call).await?;
        LinkedPage::read(&call, &answer, "nextLink", |item| item)
    }

    /// Writes (`POST`, `PUT`, `PATCH`, `DELETE`); `None` when the service answers without an object. What Key Vault only begins (a
    /// certificate) is answered as begun. The permit is spent.
    pub async fn vault_write(&self, method: &str, url: &str, body: Option<Value>, permit: Permit) -> Result<Option<Record>, CloudError> {
        self.vault_change(method, url, body, permit).await
    }

    async fn vault_change(
        &self,
        method: &str,
        url: &str,
        body: Option<Value>,
        request_ids: impl Into<RequestIds>,
    ) -> Result<Option<Record>, CloudError> {
        let address = Address::parse(self.cloud(), url)?;
        let name = format!("`{method} {}`", address.shown());
        let call = Call::write(method, name, address.url.clone(), body, request_ids.into())?.of_azure();
        let answer = self.vault_send(&address, &call).await?;
        Ok(answer.record(&call)?.map(without_value))
    }

    async fn vault_read(&self, url: &str) -> Result<(Call, Answer), CloudError> {
        let address = Address::parse(self.cloud(), url)?;
        let call = Call::get(format!("`GET {}`", address.shown()), address.url.clone()).of_azure();
        let answer = self.vault_send(&address, &call).await?;
        Ok((call, answer))
    }

    async fn vault_send(&self, address: &Address, call: &Call) -> Result<Answer, CloudError> {
        self.vault_is_ours(address).await?;
        let answer = self.send(call, Resource::Vault).await?;
        match answer.status.is_success() {
            true => Ok(answer),
            false => Err(fault::read(call, &answer)),
        }
    }
}

/// A secret's value never travels in a record, which anyone may print. No other object of a vault has a property of that name.
fn without_value(record: Record) -> Record {
    match record.has("value") {
        true => record.to_map().into_iter().filter(|(name, _)| name != "value").collect(),
        false => record,
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;
    use serde_json::json;
    use uuid::Uuid;

    use crate::cloud::testing::Reply;
    use crate::cloud::testing::Seen;
    use crate::cloud::testing::Site;
    use crate::cloud::testing::TENANT;
    use crate::model::Trouble;

    const VAULT: &str = "https://nwt-xtmove-kv.vault.azure.net";

    /// A site whose vault is ours.
    async fn site(answer: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Site {
        Site::start(move |seen: &Seen| match seen.header("authorization") {
            "" => {
                let header = format!(r#"Bearer authorization="https://login.windows.net/{TENANT}", resource="https://vault.azure.net""#);
                Reply::bytes(401, vec![]).with("www-authenticate", &header)
            }
            _ => answer(seen),
        })
        .await
    }

    #[tokio::test]
    async fn a_secrets_value_comes_apart_from_what_may_be_printed() {
        let site = site(|_| Reply::json(200, json!({"value": "k7Q~shown.once", "contentType": "text/plain", "id": "x"}))).await;
        let (connection, url) = (site.connection(), format!("{VAULT}/secrets/x"));

        let secret = connection.vault_secret(&url).await.unwrap();
        let read = connection.vault_get(&url).await.unwrap();
        let body = Some(json!({"value": "k7Q~shown.once"}));
        let written = connection.vault_change("PUT", &url, body, Uuid::now_v7()).await.unwrap();

        assert_eq!(secret.value.expose_secret(), "k7Q~shown.once");
        let shown = format!("{secret:?} {read:?} {written:?}");
        assert!(shown.contains("text/plain") && !shown.contains("k7Q~"), "{shown}");
    }

    #[tokio::test]
    async fn a_secret_never_stands_in_an_error() {
        let site = site(|seen| match seen.method.as_str() {
            "GET" => Reply::json(200, json!(["k7Q~shown.once"])),
            _ => Reply::text(200, r#"{"value": "k7Q~shown.once"#),
        })
        .await;
        let (connection, url) = (site.connection(), format!("{VAULT}/secrets/x"));

        let read = Trouble::from(connection.vault_secret(&url).await.unwrap_err());
        let body = Some(json!({"value": "k7Q~shown.once"}));
        let written = Trouble::from(connection.vault_change("PUT", &url, body, Uuid::now_v7()).await.unwrap_err());

        for trouble in [read, written] {
            assert!(!format!("{trouble:?}").contains("k7Q~"), "{trouble:?}");
        }
    }

    #[tokio::test]
    async fn pages_of_a_vault_are_followed_by_its_links() {
        let site = site(|seen| match seen.query.contains("$skiptoken") {
            false => Reply::json(
                200,
                json!({"value": [{"id": "a"}], "nextLink": format!("{VAULT}:443/certificates?api-version=7.5&$skiptoken=x&maxresults=25")}),
            ),
            true => Reply::json(200, json!({"value": [{"id": "b"}], "nextLink": null})),
        })
        .await;
        let (connection, url) = (site.connection(), format!("{VAULT}/certificates"));

        let first = connection.vault_page(&url, None).await.unwrap();
        let second = connection.vault_page(&url, first.next.as_deref()).await.unwrap();

        assert_eq!((second.records[0].text("id"), second.next), (Some("b"), None));
    }

    #[tokio::test]
    async fn a_creation_comes_back_as_begun() {
        let site = site(|_| Reply::json(202, json!({"status": "inProgress"})).with("retry-after", "10")).await;

        let begun = site
            .connection()
            .vault_change(
                "POST",
                &format!("{VAULT}:443/certificates/x/create"),
                Some(json!({"policy": {}})),
                Uuid::now_v7(),
            )
            .await
            .unwrap();

        assert_eq!(begun.unwrap().text("status"), Some("inProgress"));
        assert_eq!(
            (site.last().host, site.waits().len()),
            ("nwt-xtmove-kv.vault.azure.net".to_owned(), 0)
        );
    }
}
