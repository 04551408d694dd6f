//! Requests to a storage account.

use crate::cloud::CloudError;
use crate::cloud::Connection;

impl Connection {
    /// The names of the blobs of a container that begin with `prefix`, in order.
    pub async fn blob_list(&self, account: &str, container: &str, prefix: &str) -> Result<Vec<String>, CloudError> {
        let _ = (account, container, prefix);
        Ok(Vec::new())
    }

    /// What is in a blob.
    pub async fn blob_get(&self, account: &str, container: &str, name: &str) -> Result<Vec<u8>, CloudError> {
        let _ = (account, container, name);
        Ok(Vec::new())
    }
}
