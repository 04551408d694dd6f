//! `Target`: what a request is about, in the words that faults are ordered in.

use aws_lc_rs::digest;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Map;
use serde_json::Value;

use super::pattern::keys_as_parts;
use super::spec::Service;
use crate::sandbox::Object;
use crate::sandbox::Request;
use crate::sandbox::Tx;
use crate::sandbox::directory;
use crate::sandbox::entra::keys;
use crate::sandbox::form;
use crate::sandbox::request_log;

/// What a request is about.
pub struct Target<'a> {
    tx: &'a Tx<'a>,
    /// The request.
    pub request: &'a Request,
    /// The service that is asked.
    pub service: Service,
    /// The tenant's short name; empty when the request names none.
    pub tenant: String,
    /// The application that asks; empty when the request does not say.
    pub client: String,
    /// What the operation is called, in each way it can be.
    pub operations: Vec<String>,
    /// Parameters of the cmdlet or fields of the body.
    given: Map<String, Value>,
}

/// What is longer is a file or a text, and names nothing.
const LONGEST_NAME: usize = 400;

/// Fields of a sign-in that name what it is about. The others may be secrets.
const SIGN_IN_FIELDS: [&str; 5] = ["client_id", "scope", "resource", "redirect_uri", "login_hint"];

impl<'a> Target<'a> {
    /// Reads `request`.
    pub fn of(tx: &'a Tx<'a>, service: Service, request: &'a Request) -> Self {
        let body = match service {
            Service::Entra => sign_in_fields(request),
            _ => request.json().unwrap_or_default(),
        };
        let input = &body["CmdletInput"];
        let cmdlet = input["CmdletName"].as_str().filter(|_| service == Service::Exchange);
        let given = match cmdlet {
            Some(_) => input["Parameters"].as_object(),
            None => body.as_object(),
        };
        Self {
            tx,
            request,
            service,
            tenant: request_log::tenant_of(tx, service.face(), request).unwrap_or_default(),
            client: client(service, request, &body),
            operations: operations(service, request, cmdlet),
            given: given.cloned().unwrap_or_default(),
        }
    }

    /// Whether the request wraps others.
    pub fn is_batch(&self) -> bool {
        let wraps = matches!(self.service, Service::Exchange | Service::Graph);
        wraps && last_part(&self.request.path).eq_ignore_ascii_case("$batch")
    }

    /// Whether a token comes along.
    pub fn has_token(&self) -> bool {
        self.request.header("authorization").is_some()
    }

    /// Whether it asks for a further page.
    pub fn has_page_token(&self) -> bool {
        self.request.parameter("$skiptoken").is_some()
    }

    /// The operation as people name it.
    pub fn operation(&self) -> &str {
        self.operations.first().map_or("", String::as_str)
    }

    /// What tells this call from others: a call that is sent again has the same.
    pub fn call(&self) -> String {
        let page = self.request.parameter("$skiptoken").unwrap_or_default();
        let text = format!(
            "{}\n{}\n{page}\n{}",
            self.tenant,
            self.operations.join("\n"),
            self.named().join("\n")
        );
        URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, text.as_bytes()))
    }

    /// All that the objects of the call are called: what the request names, and every name of the objects that answer to that.
    pub fn objects(&self) -> Vec<String> {
        let mut names = self.named();
        for name in names.clone() {
            for found in self.tx.sound(self.tx.find(&self.tenant, "*", &name)) {
                names.extend(found.body.values().flat_map(texts));
            }
        }
        let bare = names
            .iter()
            .filter_map(|name| name.split_once(':').map(|(_, bare)| bare.to_owned()));
        let bare: Vec<_> = bare.collect();
        names.extend(bare);
        names
    }

    /// What the request itself names.
    fn named(&self) -> Vec<String> {
        let open = self.given.iter().filter(|(field, _)| !is_secret(field));
        let mut names: Vec<String> = open.flat_map(|(_, value)| texts(value)).collect();
        names.retain(|name| name.len() <= LONGEST_NAME);
        if self.service != Service::Exchange {
            names.extend(parts(&self.request.path));
        }
        if matches!(self.service, Service::Vault | Service::Blob) {
            names.extend(self.request.host.split('.').next().map(str::to_owned));
        }
        names
    }
}

/// The application of a client id or, as its name is not to be had, the id.
pub fn client_name(tx: &Tx<'_>, client: &str) -> String {
    let name = directory::application(tx, client).map(|found: Object| found.text("displayName").to_owned());
    name.filter(|name| !name.is_empty()).unwrap_or_else(|| client.to_owned())
}

fn sign_in_fields(request: &Request) -> Value {
    let form = form::pairs(&String::from_utf8_lossy(&request.body));
    let fields = form.into_iter().chain(request.query.iter().cloned());
    let named = fields.filter(|(name, _)| SIGN_IN_FIELDS.contains(&name.as_str()));
    Value::Object(named.map(|(name, value)| (name, Value::String(value))).collect())
}

fn client(service: Service, request: &Request, fields: &Value) -> String {
    let named = match service {
        Service::Entra => fields["client_id"].as_str().map(str::to_owned),
        _ => claims(request).and_then(|claims| claims["appid"].as_str().map(str::to_owned)),
    };
    named.unwrap_or_default()
}

/// What the token of a request says, unchecked.
pub fn claims(request: &Request) -> Option<Value> {
    keys::claims(request.header("authorization")?.split_once(' ')?.1)
}

fn operations(service: Service, request: &Request, cmdlet: Option<&str>) -> Vec<String> {
    let mut names: Vec<String> = cmdlet.map(str::to_owned).into_iter().collect();
    let path = format!("/{}", parts(&request.path).join("/"));
    match (service, path.get(1..).and_then(|path| path.split_once('/'))) {
        (Service::Graph, Some((_, rest))) => names.push(format!("{} /{rest}", request.method)),
        (Service::Exchange, _) if cmdlet.is_none() => names.push(last_part(&path).to_owned()),
        _ => {}
    }
    names.push(format!("{} {path}", request.method));
    names
}

fn is_secret(field: &str) -> bool {
    let field = field.to_ascii_lowercase();
    ["password", "secret", "credential"].iter().any(|word| field.contains(word))
}

fn last_part(path: &str) -> &str {
    path.trim_end_matches('/').rsplit('/').next().unwrap_or_default()
}

/// The parts of a path, of which a key in parentheses is one.
fn parts(path: &str) -> Vec<String> {
    let path = keys_as_parts(path);
    path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}
