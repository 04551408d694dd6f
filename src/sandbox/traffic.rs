//! What Graph, Resource Manager and the vaults were asked and answered, for tests that hold it against what is published.
//!
//! Only a build with debug assertions keeps it, and only in the file that `XTENANT_SANDBOX_TRAFFIC` names. Headers are left out, and so
//! are secrets, although they are the sandbox's own.

use std::fs::File;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use serde_json::Value;
use serde_json::json;

use super::Reply;
use super::Request;
use super::hosts::Face;

/// The properties whose text nobody is to see; in a vault also `value`.
const SECRETS: [&str; 3] = ["secretText", "password", "pwd"];

/// A file that takes a line of JSON for each answer.
pub struct Traffic(File);

impl Traffic {
    /// The file that the environment asks for.
    pub fn wanted() -> Option<Self> {
        match cfg!(debug_assertions) {
            true => Self::into_file(std::env::var_os("XTENANT_SANDBOX_TRAFFIC")?.as_ref()),
            false => None,
        }
    }

    fn into_file(path: &Path) -> Option<Self> {
        let opened = OpenOptions::new().create(true).append(true).open(path);
        let opened = opened.inspect_err(|cause| tracing::error!(%cause, "the traffic cannot be kept"));
        opened.ok().map(Self)
    }

    /// Keeps a request and what was answered, unless it was the answer that nobody was to get.
    pub fn keep(&self, face: Face, request: &Request, reply: &Reply) {
        if !matches!(face, Face::Graph | Face::Arm | Face::Vault) || reply.manner.cut {
            return;
        }
        let line = json!({
            "client": request.header("user-agent"),
            "method": request.method,
            "host": request.host,
            "path": request.path,
            "query": request.query,
            "body": shown(face, &request.body),
            "status": reply.status,
            "answer": shown(face, &reply.body),
        });
        // In one piece: other processes may write to the same file.
        if let Err(cause) = (&self.0).write_all(format!("{line}\n").as_bytes()) {
            tracing::error!(%cause, "the traffic cannot be kept");
        }
    }
}

fn shown(face: Face, body: &[u8]) -> Option<Value> {
    if body.is_empty() {
        return None;
    }
    let mut body = serde_json::from_slice(body).unwrap_or_else(|_| json!("not JSON"));
    hide(face, &mut body);
    Some(body)
}

fn hide(face: Face, value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| hide(face, item)),
        Value::Object(object) => {
            for (name, value) in object {
                let is_secret = SECRETS.contains(&name.as_str()) || (face == Face::Vault && name == "value");
                match value {
                    Value::String(text) if is_secret => "hidden".clone_into(text),
                    value => hide(face, value),
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::sandbox::testing::request;
    use crate::sandbox::testing::set_json;

    #[test]
    fn a_request_is_kept_with_its_answer_and_without_secrets() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("traffic.jsonl");
        let traffic = Traffic::into_file(&path).unwrap();
        let mut asked = request("PUT", "kv.vault.azure.net", "/secrets/s");
        asked.headers.push(("authorization".into(), "Bearer opaque".into()));
        set_json(&mut asked, &json!({"value": "opaque", "tags": {"of": "me"}}));
        let answer = Reply::json(200, &json!({"id": "s", "nested": [{"pwd": "opaque", "value": ["seen"]}]}));

        traffic.keep(Face::Vault, &asked, &answer);
        traffic.keep(Face::Entra, &asked, &answer);

        let kept = fs::read_to_string(&path).unwrap();
        assert!(!kept.contains("opaque"), "{kept}");
        let kept: Value = serde_json::from_str(&kept).unwrap();
        assert_eq!(kept["body"], json!({"value": "hidden", "tags": {"of": "me"}}));
        assert_eq!(kept["answer"]["nested"][0], json!({"pwd": "hidden", "value": ["seen"]}));
        assert_eq!((&kept["status"], &kept["host"]), (&json!(200), &json!("kv.vault.azure.net")));
    }
}
