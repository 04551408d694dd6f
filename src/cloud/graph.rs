//! Microsoft Graph v1.0.

use serde_json::Value;

use crate::change::Permit;
use crate::cloud::CloudError;
use crate::cloud::Connection;
use crate::model::Record;

/// One page of a Graph collection.
#[derive(Debug, Default)]
pub struct GraphPage {
    /// The objects.
    pub records: Vec<Record>,
    /// The link to the next page.
    pub next: Option<String>,
}

impl Connection {
    /// Reads one object; `path` is what stands behind `/v1.0`.
    pub async fn graph_get(&self, path: &str, query: &[(&str, &str)]) -> Result<Record, CloudError> {
        let _ = (path, query);
        unimplemented!()
    }

    /// Reads one page of a collection, the first or the one that `next` leads to.
    pub async fn graph_page(&self, path: &str, query: &[(&str, &str)], next: Option<&str>) -> Result<GraphPage, CloudError> {
        let _ = (path, query, next);
        unimplemented!()
    }

    /// Writes; `None` when the service answers without an object.
    pub async fn graph_write(&self, method: &str, path: &str, body: Option<Value>, permit: Permit) -> Result<Option<Record>, CloudError> {
        let _ = (method, path, body, permit);
        unimplemented!()
    }
}
