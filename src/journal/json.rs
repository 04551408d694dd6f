//! Runs and changes as JSON, for `--json` and for exports.

use serde_json::Value;
use serde_json::json;

use crate::journal::ChangeRow;
use crate::journal::RunRow;

impl RunRow {
    /// The run without its changes.
    pub fn to_json(&self) -> Value {
        let run = &self.run;
        let tenants = run.tenants.iter().map(|tenant| {
            json!({
                "param": tenant.param,
                "profile": tenant.profile,
                "id": tenant.id,
                "domain": tenant.domain,
                "writes": tenant.writes,
            })
        });
        json!({
            "run": self.id,
            "kind": run.kind,
            "script": run.script,
            "state": self.state.as_str(),
            "exit": self.exit,
            "started": run.started,
            "ended": self.ended,
            "counts": self.counts,
            "tenants": tenants.collect::<Vec<_>>(),
            "arguments": run.arguments,
            "folder": run.folder,
            "flags": run.flags,
            "hashes": run.hashes,
            "parent": run.parent,
            "version": self.version,
        })
    }
}

impl ChangeRow {
    /// The change with all that is known of it.
    pub fn to_json(&self) -> Value {
        let intent = &self.intent;
        let touched = intent
            .touched
            .iter()
            .map(|(name, old, new)| json!({"name": name, "old": old, "new": new}));
        let attempts = self
            .attempts
            .iter()
            .map(|(request_id, at)| json!({"request_id": request_id, "at": at}));
        let error = self.error.as_ref().map(|(code, message)| json!({"code": code, "message": message}));
        json!({
            "change": self.id,
            "tenant": intent.tenant_name,
            "tenant_id": intent.tenant,
            "service": intent.service,
            "operation": intent.operation,
            "noun": intent.noun,
            "object": intent.object,
            "label": intent.label,
            "impact": intent.impact,
            "state": self.state,
            "at": intent.at,
            "ended": self.ended,
            "arguments": intent.arguments,
            "touched": touched.collect::<Vec<_>>(),
            "reply": self.reply,
            "warnings": self.warnings,
            "error": error,
            "note": self.note,
            "batch": self.batch,
            "attempts": attempts.collect::<Vec<_>>(),
            "undone_by": self.undone_by,
        })
    }
}
