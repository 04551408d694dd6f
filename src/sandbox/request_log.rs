//! The log of requests: method, host, path and cmdlets. Never a header, a query or a body, where secrets travel.

use serde::Deserialize;

use super::Request;
use super::Tx;
use super::directory;
use super::entra;
use super::hosts::Face;

/// Writes the line of `request`.
pub fn write(tx: &Tx<'_>, face: Face, request: &Request) -> rusqlite::Result<()> {
    let mut line = format!("{} {}{}", request.method, request.host, request.path);
    if face == Face::Exchange {
        for cmdlet in cmdlets(&request.body) {
            line.push(' ');
            line.push_str(&cmdlet);
        }
    }
    let tenant = match face {
        Face::Entra => named_at(tx, request, 0),
        Face::Exchange => named_at(tx, request, 2),
        Face::Graph | Face::Arm | Face::Vault | Face::Blob => entra::token::tenant_named_by(tx, request),
        Face::Web | Face::Control => None,
    };
    tx.log_request(&tenant.unwrap_or_default(), &line)
}

fn named_at(tx: &Tx<'_>, request: &Request, segment: usize) -> Option<String> {
    let named = request.path.trim_start_matches('/').split('/').nth(segment)?;
    directory::tenant(tx, named).map(|tenant| tenant.tenant)
}

#[derive(Deserialize)]
struct Invocation {
    #[serde(rename = "CmdletInput")]
    input: Option<Input>,
    #[serde(default)]
    requests: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    body: Option<Box<Invocation>>,
}

#[derive(Deserialize)]
struct Input {
    #[serde(rename = "CmdletName")]
    name: String,
}

fn cmdlets(body: &[u8]) -> Vec<String> {
    fn names(invocation: Invocation) -> Vec<String> {
        let own = invocation.input.map(|input| input.name);
        let inner = invocation.requests.into_iter().filter_map(|item| item.body);
        own.into_iter().chain(inner.flat_map(|body| names(*body))).collect()
    }
    serde_json::from_slice(body).map(names).unwrap_or_default()
}
