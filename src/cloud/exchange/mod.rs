//! Exchange admin REST: `InvokeCommand` for reads and writes.

use uuid::Uuid;

use crate::change::Permit;
use crate::cloud::CloudError;
use crate::cloud::Connection;
use crate::model::Arguments;
use crate::model::Record;

/// Where the next page lies. Bound to the call that it came from.
#[derive(Debug, Clone)]
pub struct ExchangePageToken {
    link: String,
    request_id: Uuid,
}

/// What a cmdlet gave.
#[derive(Debug, Default)]
pub struct ExchangePage {
    /// The objects, annotations removed.
    pub records: Vec<Record>,
    /// The warning stream.
    pub warnings: Vec<String>,
    /// Non-terminating errors of single items; an answer that consists of them alone is an error.
    pub errors: Vec<String>,
    /// The next page, if there is one.
    pub next: Option<ExchangePageToken>,
}

impl Connection {
    /// Runs a cmdlet that reads, or fetches the page that `page` leads to (with the same cmdlet and parameters).
    pub async fn exchange_read(
        &self,
        cmdlet: &str,
        parameters: &Arguments,
        page: Option<&ExchangePageToken>,
    ) -> Result<ExchangePage, CloudError> {
        let _ = (cmdlet, parameters, page.map(|page| (&page.link, page.request_id)));
        unimplemented!()
    }

    /// Runs a cmdlet that writes. The permit is spent.
    pub async fn exchange_write(&self, cmdlet: &str, parameters: &Arguments, permit: Permit) -> Result<ExchangePage, CloudError> {
        let _ = (cmdlet, parameters, permit);
        unimplemented!()
    }
}
