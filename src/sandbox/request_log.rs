//! The log of requests: method, host, path and cmdlets. Never a query, a body, or a header but the client's id of the
//! request, because secrets travel there.

use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use super::LoggedRequest;
use super::Request;
use super::Tx;
use super::directory;
use super::entra;
use super::hosts::Face;

/// Cmdlets that are done in no time when they are about one object.
const QUICK: &[&str] = &["Get-Mailbox", "Get-MailUser", "Get-Recipient", "Get-User"];

/// What is kept of a line; a service's own addresses are shorter.
const LONGEST_LINE: usize = 1000;

/// What a request asks for, before anybody looks closer.
pub struct Asked {
    face: Face,
    cmdlets: Vec<Input>,
}

impl Asked {
    /// Reads it off `request`.
    pub fn of(face: Face, request: &Request) -> Self {
        let cmdlets = match face {
            Face::Exchange => cmdlets(&request.body),
            _ => Vec::new(),
        };
        Self { face, cmdlets }
    }

    /// Whether it looks as if nothing were to be written. A rule may find otherwise.
    pub fn is_reading(&self, request: &Request) -> bool {
        let is_get = |input: &Input| input.name.get(..4).is_some_and(|verb| verb.eq_ignore_ascii_case("Get-"));
        match self.cmdlets.is_empty() {
            true => ["GET", "HEAD"].contains(&request.method.as_str()),
            false => self.cmdlets.iter().all(is_get),
        }
    }

    /// Whether it is about so little that the answer is there sooner than another thread would be.
    pub fn is_quick(&self) -> bool {
        let is_quick = |input: &Input| {
            let is_named = input.parameters.identity.is_some();
            is_named && QUICK.iter().any(|name| name.eq_ignore_ascii_case(&input.name))
        };
        !self.cmdlets.is_empty() && self.cmdlets.iter().all(is_quick)
    }

    /// The line of `request`, which was answered with `status`.
    pub fn line(&self, tx: &Tx<'_>, request: &Request, status: u16) -> LoggedRequest {
        let mut line = format!("{} {}{}", request.method, request.host, request.path);
        for cmdlet in &self.cmdlets {
            line.push(' ');
            line.push_str(named(&cmdlet.name));
        }
        if line.len() > LONGEST_LINE {
            line.truncate(line.floor_char_boundary(LONGEST_LINE));
            line.push_str("...");
        }
        // What a client made up must not move the cursor of whoever looks at it.
        if line.contains(char::is_control) {
            line = line.replace(char::is_control, "?");
        }
        tx.logged(
            tenant_of(tx, self.face, request).unwrap_or_default(),
            line,
            status,
            client_ids(request),
        )
    }
}

/// The ids that the client gave the request and the items of a batch. What is none is left out, because it may be anything.
fn client_ids(request: &Request) -> Vec<Uuid> {
    let named = ["client-request-id", "x-ms-client-request-id"];
    let own = named.iter().find_map(|name| request.header(name)?.parse().ok());
    let items = match request.path.ends_with("/$batch") {
        true => serde_json::from_slice(&request.body).unwrap_or(Value::Null),
        false => Value::Null,
    };
    let of_item = |item: &Value| {
        let headers = item["headers"].as_object()?;
        let id = headers
            .iter()
            .find(|(name, _)| named.iter().any(|known| known.eq_ignore_ascii_case(name)))?;
        id.1.as_str()?.parse().ok()
    };
    own.into_iter()
        .chain(items["requests"].as_array().into_iter().flatten().filter_map(of_item))
        .collect()
}

/// A cmdlet's name as the log has it: a caller may write anything in its place, also a secret.
fn named(name: &str) -> &str {
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphabetic());
    let is_name = name.len() <= 64 && name.split_once('-').is_some_and(|(verb, noun)| is_word(verb) && is_word(noun));
    if is_name { name } else { "?" }
}

/// The short name of the tenant that a request is about.
pub fn tenant_of(tx: &Tx<'_>, face: Face, request: &Request) -> Option<String> {
    match face {
        Face::Entra => named_at(tx, request, 0),
        Face::Exchange => named_at(tx, request, 2),
        Face::Graph | Face::Arm | Face::Vault | Face::Blob => entra::token::tenant_named_by(tx, request),
        Face::Control | Face::Web => None,
    }
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
    #[serde(rename = "Parameters", default)]
    parameters: Parameters,
}

/// What is looked at of the parameters; they may be anything, and are judged elsewhere.
#[derive(Default, Deserialize)]
#[serde(from = "Value")]
struct Parameters {
    identity: Option<String>,
}

impl From<Value> for Parameters {
    fn from(given: Value) -> Self {
        let identity = given["Identity"].as_str().filter(|identity| !identity.is_empty());
        Self {
            identity: identity.map(str::to_owned),
        }
    }
}

fn cmdlets(body: &[u8]) -> Vec<Input> {
    fn inputs(invocation: Invocation) -> Vec<Input> {
        let inner = invocation.requests.into_iter().filter_map(|item| item.body);
        let inner = inner.flat_map(|body| inputs(*body));
        invocation.input.into_iter().chain(inner).collect()
    }
    serde_json::from_slice(body).map(inputs).unwrap_or_default()
}
