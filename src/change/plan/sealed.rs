//! A plan with its checksum, so that one which was edited by hand is not carried out.

use serde_json::Map;
use serde_json::Value;

use super::document::Plan;
use crate::model::Kind;
use crate::model::Trouble;
use crate::model::checksum;

/// The format that this version reads and writes.
pub(super) const FORMAT: &str = "xtenant plan 1";

const AGAIN: &str = "make the plan again with `xtenant run ... --what-if --save FILE`";

impl Plan {
    /// The plan as JSON with its checksum.
    pub fn sealed(&self) -> Value {
        let mut content = content(self);
        let checksum = checksum(&content);
        content.insert("checksum".into(), checksum.into());
        Value::Object(content)
    }

    /// The checksum over its content, by which a plan is known.
    pub fn checksum(&self) -> String {
        checksum(&content(self))
    }

    /// The plan in `value`: refused when it is none, of another version, or was edited after it was made.
    pub fn open(value: Value) -> Result<Self, Trouble> {
        let Value::Object(mut content) = value else {
            return Err(no_plan());
        };
        match content.get("format").and_then(Value::as_str) {
            Some(FORMAT) => {}
            Some(other) if other.starts_with("xtenant plan") => {
                let made_by = content.get("made_by").and_then(Value::as_str).unwrap_or("another version");
                let message = format!("the plan has the format `{other}`, made by {made_by}; this version reads `{FORMAT}`");
                return Err(refused(
                    Kind::Invalid,
                    "PlanFormat",
                    message,
                    "apply it with the version that made it",
                ));
            }
            _ => return Err(no_plan()),
        }
        if content.get("checksum").and_then(Value::as_str) != Some(checksum(&content).as_str()) {
            let message = "the plan was edited after it was made";
            return Err(refused(Kind::Conflict, "PlanEdited", message, AGAIN));
        }
        content.remove("checksum");
        serde_json::from_value(Value::Object(content)).map_err(|cause| no_plan().caused_by(cause))
    }
}

fn content(plan: &Plan) -> Map<String, Value> {
    match serde_json::to_value(plan) {
        Ok(Value::Object(content)) => content,
        _ => unreachable!("a plan is plain data"),
    }
}

fn no_plan() -> Trouble {
    refused(Kind::Invalid, "PlanFormat", "the file is no plan of xtenant", AGAIN)
}

fn refused(kind: Kind, code: &str, message: impl Into<String>, remedy: &str) -> Trouble {
    Trouble::new(kind, message).with_code(code).with_remedy(remedy)
}
