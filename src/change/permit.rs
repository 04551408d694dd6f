//! `Permit`: the only key to the writing functions of `cloud`.

use uuid::Uuid;

/// Leave to send one change once. It has no public constructor and cannot be cloned, so no write gets past the gate.
///
/// ```compile_fail
/// // A permit cannot be made outside the gate.
/// let permit = xtenant::change::Permit { request_id: Default::default() };
/// ```
#[derive(Debug)]
pub struct Permit {
    request_id: Uuid,
}

impl Permit {
    pub(super) fn issue() -> Self {
        Self {
            request_id: Uuid::now_v7(),
        }
    }

    /// The `client-request-id` that every attempt of this change carries.
    pub fn request_id(&self) -> Uuid {
        self.request_id
    }
}
