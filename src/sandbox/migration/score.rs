//! The data consistency score: what was left behind, and whether somebody has to approve that before the move completes.

use jiff::Timestamp;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use super::moment;
use crate::sandbox::Object;
use crate::sandbox::rule;
use crate::sandbox::rule::Rule;

/// A few entries of permissions that cannot be mapped: harmless.
const GOOD: u64 = 3;
/// A small loss that somebody should look at.
const INVESTIGATE: u64 = 20;

/// The grade of a copy that left out that many items.
pub fn grade(skipped: u64) -> &'static str {
    match skipped {
        0 => "Perfect",
        1..=GOOD => "Good",
        skipped if skipped <= INVESTIGATE => "Investigate",
        _ => "Poor",
    }
}

/// The worse of two grades.
pub fn worse(one: &'static str, other: &'static str) -> &'static str {
    let rank = |grade| ["Perfect", "Good", "Investigate", "Poor"].iter().position(|known| *known == grade);
    if rank(one) >= rank(other) { one } else { other }
}

/// Whether the move may complete: an approval releases `Investigate`, and nothing an administrator can do releases `Poor`.
pub fn blocks(user: &Object) -> Option<&'static Rule> {
    match grade(skipped(user)) {
        "Investigate" => has_unapproved(user).then_some(&rule::SCORE_INVESTIGATE),
        "Poor" => Some(&rule::SCORE_POOR),
        _ => None,
    }
}

/// How many items the user's copy left out.
pub fn skipped(user: &Object) -> u64 {
    user.body.get("SkippedItemCount").and_then(Value::as_u64).unwrap_or(0)
}

/// Whether items were left out after the last approval.
pub fn has_unapproved(user: &Object) -> bool {
    let approved = moment::kept(user, "_Approved");
    let found = moment::kept(user, "_SkippedAt").unwrap_or(Timestamp::UNIX_EPOCH);
    skipped(user) > GOOD && approved.is_none_or(|approved| approved < found)
}

/// The items that were left out, at most `limit`.
pub fn items(user: &Object, limit: usize) -> Vec<Value> {
    let skipped = skipped(user);
    (0..skipped.min(limit as u64)).map(|number| item(number, skipped)).collect()
}

fn item(number: u64, skipped: u64) -> Value {
    let mut item = Map::new();
    let is_permission = skipped <= GOOD;
    let (kind, class) = match is_permission {
        true => ("CorruptFolderACL", "Permission"),
        false => ("CorruptItem", "Data"),
    };
    item.insert("Kind".into(), kind.into());
    item.insert("FolderName".into(), (if is_permission { "Calendar" } else { "Inbox" }).into());
    let subject = match is_permission {
        true => Value::Null,
        false => format!("Message {}", number + 1).into(),
    };
    item.insert("Subject".into(), subject);
    item.insert("DateReceived".into(), Value::Null);
    item.insert("MessageSize".into(), Value::Null);
    item.insert("ScoringClassifications".into(), json!([class]));
    Value::Object(item)
}
