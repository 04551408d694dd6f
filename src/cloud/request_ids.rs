//! Under which `client-request-id` a call is sent.

use uuid::Uuid;

use crate::change::Permit;
use crate::cloud::CloudError;

/// A read is repeated under one id. Each attempt of a write has its own, which its permit hands out once it is recorded.
pub(super) enum RequestIds {
    Same(Uuid),
    Of(Permit),
}

impl RequestIds {
    /// The id of the first attempt.
    pub(super) fn first(&self) -> Uuid {
        match self {
            Self::Same(id) => *id,
            Self::Of(permit) => permit.request_id(),
        }
    }

    /// The id of the attempt that is about to be sent.
    pub(super) async fn next(&self) -> Result<Uuid, CloudError> {
        match self {
            Self::Same(id) => Ok(*id),
            Self::Of(permit) => permit.attempt().await.map_err(CloudError::NotRecorded),
        }
    }
}

impl From<Uuid> for RequestIds {
    fn from(id: Uuid) -> Self {
        Self::Same(id)
    }
}

impl From<Permit> for RequestIds {
    fn from(permit: Permit) -> Self {
        Self::Of(permit)
    }
}
