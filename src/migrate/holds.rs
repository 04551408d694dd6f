//! Which holds a mailbox is under. Any of them keeps it in its tenant.

use crate::model::Record;
use crate::model::split_list;

const FLAGS: [(&str, &str); 4] = [
    ("LitigationHoldEnabled", "litigation hold"),
    ("DelayHoldApplied", "delay hold"),
    ("DelayReleaseHoldApplied", "delay release hold"),
    ("ComplianceTagHoldApplied", "retention label"),
];

/// The holds of a mailbox, or of a row about one (which may just have the column `Holds`); `None` when nothing tells.
pub(super) fn holds(mailbox: &Record) -> Option<Vec<String>> {
    if mailbox.has("Holds") {
        return Some(entries(mailbox, "Holds"));
    }
    let is_told = mailbox.has("InPlaceHolds") || FLAGS.iter().any(|(name, _)| mailbox.has(name));
    let flags = FLAGS
        .iter()
        .filter(|(name, _)| mailbox.flag(name) == Some(true))
        .map(|(_, hold)| (*hold).to_owned());
    let in_place = entries(mailbox, "InPlaceHolds")
        .into_iter()
        .filter(|entry| is_hold(entry))
        .map(|entry| format!("hold {entry}"));
    is_told.then(|| flags.chain(in_place).collect())
}

/// Of the entries those of policies and old holds count; a leading `-` excludes the mailbox from a policy.
fn is_hold(entry: &str) -> bool {
    let lower = entry.to_lowercase();
    let is_old = entry.len() == 32 && entry.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_old || ["mbx", "skp", "cld", "unih"].iter().any(|start| lower.starts_with(start))
}

/// The entries of a list that may have been flattened into one cell.
pub(super) fn entries(record: &Record, name: &str) -> Vec<String> {
    record.list(name).iter().flat_map(|entry| split_list(entry)).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn found(value: serde_json::Value) -> Option<Vec<String>> {
        holds(&value.as_object().cloned().expect("an object").into())
    }

    #[test]
    fn every_kind_of_hold_is_named_and_exclusions_are_not_holds() {
        let all = json!({
            "LitigationHoldEnabled": "True", "DelayHoldApplied": false,
            "InPlaceHolds": ["-mbx1", "UniH2", "c0ba3ce811b6432a8751430937152491", "other"],
        });

        assert_eq!(
            found(all),
            Some(vec![
                "litigation hold".into(),
                "hold UniH2".into(),
                "hold c0ba3ce811b6432a8751430937152491".into()
            ])
        );
        assert_eq!(found(json!({"LitigationHoldEnabled": false})), Some(Vec::new()));
        assert_eq!(found(json!({"Alias": "x"})), None);
    }
}
