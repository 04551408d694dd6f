//! `Permit`: the only key to the writing functions of `cloud`.

use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

use uuid::Uuid;

use crate::journal::ChangeId;
use crate::journal::RunLog;
use crate::model::Trouble;

/// Leave to send one change, over again only when the service did not take it. It has no public constructor and cannot be cloned, so
/// no write gets past the gate.
///
/// ```compile_fail
/// // A permit cannot be made outside the gate.
/// let permit = xtenant::change::Permit { request_id: Default::default() };
/// ```
pub struct Permit {
    request_id: Uuid,
    is_used: AtomicBool,
    record: Option<(RunLog, ChangeId)>,
}

impl Permit {
    pub(super) fn issue() -> Self {
        Self {
            request_id: Uuid::now_v7(),
            is_used: AtomicBool::new(false),
            record: None,
        }
    }

    /// This permit for a change that is recorded, its first attempt included.
    pub(super) fn recorded(self, log: RunLog, change: ChangeId) -> Self {
        Self {
            record: Some((log, change)),
            ..self
        }
    }

    /// The `client-request-id` of the first attempt.
    pub fn request_id(&self) -> Uuid {
        self.request_id
    }

    /// The `client-request-id` of the attempt that is about to be sent: each has its own, which is recorded before it travels.
    pub async fn attempt(&self) -> Result<Uuid, Trouble> {
        if !self.is_used.swap(true, Ordering::Relaxed) {
            return Ok(self.request_id);
        }
        let request_id = Uuid::now_v7();
        if let Some((log, change)) = &self.record {
            log.attempt(*change, request_id).await?;
        }
        Ok(request_id)
    }
}

impl std::fmt::Debug for Permit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Permit({})", self.request_id)
    }
}
