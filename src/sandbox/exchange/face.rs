//! Requests to the Exchange host: `InvokeCommand`, `$batch` and `EXOModuleFile`.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::sandbox::Caller;
use crate::sandbox::Reply;
use crate::sandbox::Request;
use crate::sandbox::Tx;
use crate::sandbox::entra::token;
use crate::sandbox::exchange::envelope;
use crate::sandbox::exchange::invoke;
use crate::sandbox::exchange::registry;
use crate::sandbox::exchange::roles::Held;
use crate::sandbox::exchange::secret;
use crate::sandbox::fault;
use crate::sandbox::form;

const AUDIENCE: &str = "https://outlook.office365.com";

/// The delegated permissions with which a client runs cmdlets for a person.
const DELEGATED: [&str; 2] = ["Exchange.Manage", "AdminApi.AccessAsUser.All"];

/// The most requests in one `$batch`.
const MOST_IN_BATCH: usize = 10;

/// How many requests the service grants in its window.
const RATE_LIMIT: u64 = 30_000;

/// Answers a request to the Exchange host.
pub fn handle(tx: &Tx<'_>, request: &Request) -> Reply {
    let reply = match Address::of(request) {
        Some(address) => answer(tx, request, &address),
        None => Reply::empty(404),
    };
    with_headers(tx, request, reply)
}

/// What the path names.
pub struct Address<'a> {
    /// `beta` or `v1.0`, as written.
    pub version: &'a str,
    /// The tenant, as written.
    pub tenant: &'a str,
    operation: &'a str,
}

impl<'a> Address<'a> {
    fn of(request: &'a Request) -> Option<Self> {
        let mut segments = request.path.trim_matches('/').splitn(4, '/');
        let root = segments.next()?;
        let (version, tenant, operation) = (segments.next()?, segments.next()?, segments.next()?);
        let is_known = root.eq_ignore_ascii_case("adminapi") && ["beta", "v1.0"].contains(&version.to_lowercase().as_str());
        is_known.then_some(Self {
            version,
            tenant,
            operation,
        })
    }

    /// The address up to the operation.
    pub fn root(&self, host: &str) -> String {
        format!("https://{host}/adminapi/{}/{}", self.version, self.tenant)
    }
}

fn answer(tx: &Tx<'_>, request: &Request, address: &Address<'_>) -> Reply {
    let operation = address.operation.to_lowercase();
    let is_beta = address.version.eq_ignore_ascii_case("beta");
    let expected = match operation.as_str() {
        "invokecommand" => "POST",
        "$batch" if is_beta => "POST",
        "exomodulefile" => "GET",
        _ => return Reply::empty(404),
    };
    if request.method != expected {
        return Reply::empty(405).with_header("allow", expected);
    }
    if operation == "$batch" {
        return batch(tx, request);
    }
    let caller = match admitted(tx, request) {
        Ok(caller) => caller,
        Err(refused) => return refused,
    };
    match operation.as_str() {
        "exomodulefile" => module_file(tx, &caller, &address.root(&request.host)),
        _ => invoke::command(tx, request, address, &caller),
    }
}

/// Both gates: the app role or delegated permission in the token gives 401 when it lacks, the directory role 403.
fn admitted(tx: &Tx<'_>, request: &Request) -> Result<Caller, Reply> {
    let caller = token::caller(tx, request, AUDIENCE)?;
    let is_admitted = match &caller.scopes {
        Some(scopes) => scopes.iter().any(|scope| DELEGATED.contains(&scope.as_str())),
        None => caller.has_role("Exchange.ManageAsApp"),
    };
    if !is_admitted {
        return Err(envelope::unauthorized());
    }
    match Held::of(tx, &caller).is_nothing() {
        false => Ok(caller),
        true if caller.scopes.is_some() => Err(envelope::forbidden("The user isn't assigned to any management roles.")),
        true => Err(envelope::forbidden(
            "The role assigned to application isn't supported in this scenario. Please check online documentation for assigning correct \
             Directory Roles to Azure AD Application for EXO App-Only Authentication.",
        )),
    }
}

fn batch(tx: &Tx<'_>, request: &Request) -> Reply {
    if let Err(refused) = admitted(tx, request) {
        return refused;
    }
    let body = request.json().unwrap_or_default();
    let Some(items) = body["requests"].as_array() else {
        return envelope::bad_request("The batch has no requests.");
    };
    if items.len() > MOST_IN_BATCH {
        return envelope::bad_request("The number of requests in the batch exceeds the limit of 10.");
    }
    let mut faults = fault::Items::of(fault::Service::Exchange);
    let responses: Vec<Value> = items.iter().map(|item| batch_item(tx, &mut faults, item)).collect();
    faults.sent(Reply::json(200, &json!({"responses": responses})))
}

fn batch_item(tx: &Tx<'_>, faults: &mut fault::Items, item: &Value) -> Value {
    let reply = match item_request(item) {
        Some(request) if !request.path.to_lowercase().ends_with("/$batch") => {
            tx.sound(faults.around(tx, &request, |request| Ok(handle(tx, request))))
        }
        _ => envelope::bad_request("The item of the batch is not a request."),
    };
    let headers: Map<String, Value> = reply.headers.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
    let body: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    json!({"id": item["id"], "status": reply.status, "headers": headers, "body": body})
}

fn item_request(item: &Value) -> Option<Request> {
    let (_, address) = item["url"].as_str()?.split_once("://")?;
    let (host, path) = address.split_once('/')?;
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let headers = item["headers"].as_object();
    let headers = headers.into_iter().flatten();
    let headers = headers.filter_map(|(name, value)| Some((name.to_lowercase(), value.as_str()?.to_owned())));
    Some(Request {
        method: item["method"].as_str()?.to_uppercase(),
        host: host.to_lowercase(),
        path: form::decode(&format!("/{path}")),
        query: form::pairs(query),
        headers: headers.collect(),
        body: item["body"].to_string().into_bytes(),
    })
}

/// The module that the service generates for a caller: the cmdlets it may run, and the key for secrets.
fn module_file(tx: &Tx<'_>, caller: &Caller, root: &str) -> Reply {
    let key = match secret::public_key(tx) {
        Ok(key) => key,
        Err(cause) => return envelope::error(&cause.into(), &[]),
    };
    let held = Held::of(tx, caller);
    let exported: Vec<&str> = registry::cmdlets()
        .filter(|cmdlet| held.may_run(cmdlet))
        .map(|cmdlet| cmdlet.name)
        .collect();
    let mut file = Map::new();
    file.insert("exportedCmdlets".into(), json!(exported.join(",")));
    file.insert("moduleVersion".into(), json!("3.9.0"));
    file.insert("psm1".into(), json!(format!("$PublicKey = '{key}'\n")));
    envelope::Success {
        root,
        records: &[file],
        warnings: &[],
        confirmation: None,
        next: None,
    }
    .reply()
}

fn with_headers(tx: &Tx<'_>, request: &Request, reply: Reply) -> Reply {
    let count = tx.memory().count_exchange_request();
    let reset = tx.now() + jiff::SignedDuration::from_secs(15);
    let mut reply = reply
        .with_header("rate-limit-limit", RATE_LIMIT.to_string())
        .with_header("rate-limit-remaining", (RATE_LIMIT - count % RATE_LIMIT).to_string())
        .with_header("rate-limit-reset", reset.to_string())
        .with_header("x-concurrencycount", "0");
    if let Some(id) = request.header("client-request-id") {
        reply = reply.with_header("client-request-id", id);
    }
    reply
}
