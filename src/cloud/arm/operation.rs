//! Writes that Azure accepts first and does later.

use crate::cloud::CloudError;
use crate::cloud::Connection;
use crate::cloud::answer::Answer;
use crate::cloud::request::Call;
use crate::model::Record;

impl Connection {
    /// What the write `call`, accepted with `answer`, comes to.
    pub(super) async fn arm_settle(&self, call: &Call, answer: Answer) -> Result<Option<Record>, CloudError> {
        answer.record(call)
    }
}
