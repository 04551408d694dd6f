//! Requests to a vault and what comes back when they work.

use secrecy::SecretString;
use serde_json::Value;

use crate::change::Permit;
use crate::cloud::CloudError;
use crate::cloud::Connection;
use crate::cloud::LinkedPage;
use crate::cloud::answer::Answer;
use crate::cloud::request::Call;
use crate::cloud::request::same_origin;
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
        let mut call = Call::get(format!("`GET {}`", address.shown()), address.url.clone());
        if let Some(link) = next {
            call.url = same_origin(&address.url, link, &call.name)?;
        }
        let answer = self.vault_send(&address, &call).await?;
        LinkedPage::read(&call, &answer, "nextLink", |item| item)
    }

    /// Writes (`POST`, `PUT`, `PATCH`, `DELETE`); `None` when the service answers without an object. What Key Vault only begins (a
    /// certificate) is answered as begun. The permit is spent.
    pub async fn vault_write(&self, method: &str, url: &str, body: Option<Value>, permit: Permit) -> Result<Option<Record>, CloudError> {
        let address = Address::parse(self.cloud(), url)?;
        let name = format!("`{method} {}`", address.shown());
        let call = Call::write(method, name, address.url.clone(), body, permit.request_id())?;
        let answer = self.vault_send(&address, &call).await?;
        Ok(answer.record(&call)?.map(without_value))
    }

    async fn vault_read(&self, url: &str) -> Result<(Call, Answer), CloudError> {
        let address = Address::parse(self.cloud(), url)?;
        let call = Call::get(format!("`GET {}`", address.shown()), address.url.clone());
        let answer = self.vault_send(&address, &call).await?;
        Ok((call, answer))
    }

    async fn vault_send(&self, _: &Address, call: &Call) -> Result<Answer, CloudError> {
        let answer = self.send(call, Resource::Vault).await?;
        match answer.status.is_success() {
            true => Ok(answer),
            false => Err(fault::read(call, &answer).into()),
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
