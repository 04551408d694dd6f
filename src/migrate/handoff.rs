//! stub
use crate::model::Trouble;
use serde_json::Map;
use serde_json::Value;
use uuid::Uuid;
/// Adds `format` and `checksum`.
pub fn seal(content: Map<String, Value>) -> Result<Map<String, Value>, Trouble> {
    Ok(content)
}
/// Checks a hand-off that a tenant reads.
pub fn open(sealed: Map<String, Value>, reader: Uuid) -> Result<Map<String, Value>, Trouble> {
    let _ = reader;
    Ok(sealed)
}
