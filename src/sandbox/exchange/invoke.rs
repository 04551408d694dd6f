//! `InvokeCommand`: one cmdlet, from its JSON to its page.

use serde_json::Map;
use serde_json::Value;

use crate::sandbox::Caller;
use crate::sandbox::Reply;
use crate::sandbox::Request;
use crate::sandbox::Tx;
use crate::sandbox::exchange::Call;
use crate::sandbox::exchange::Cmdlet;
use crate::sandbox::exchange::Output;
use crate::sandbox::exchange::Refusal;
use crate::sandbox::exchange::binding;
use crate::sandbox::exchange::binding::Bound;
use crate::sandbox::exchange::envelope;
use crate::sandbox::exchange::face::Address;
use crate::sandbox::exchange::paging;
use crate::sandbox::exchange::paging::Bond;
use crate::sandbox::exchange::registry;
use crate::sandbox::exchange::roles::Held;
use crate::sandbox::rule;

/// Answers one `InvokeCommand`.
pub fn command(tx: &Tx<'_>, request: &Request, address: &Address<'_>, caller: &Caller) -> Reply {
    let Some(body) = request.json() else {
        return envelope::bad_request("The body is not valid JSON.");
    };
    let input = &body["CmdletInput"];
    let (Some(name), Some(given)) = (input["CmdletName"].as_str(), input["Parameters"].as_object()) else {
        return envelope::bad_request("CmdletInput needs a CmdletName and Parameters, which must be an object.");
    };
    // A cmdlet that the caller's roles do not hold does not exist for the caller.
    let held = Held::of(tx, caller);
    let Some(cmdlet) = registry::cmdlet(name).filter(|cmdlet| held.may_run(cmdlet)) else {
        let holder = if caller.scopes.is_some() { "user" } else { "application" };
        return envelope::forbidden(&format!("The role assigned to {holder} isn't supported in this scenario: {name}."));
    };
    let reading = Reading {
        tx,
        request,
        root: address.root(&request.host),
        cmdlet,
        given,
    };
    // Nor does a parameter that they do not hold.
    let bound = binding::bind(tx, cmdlet, given).and_then(|bound| match held.lacking(cmdlet, &bound.parameters) {
        Some(parameter) => Err(Refusal::by(&rule::NO_PARAMETER, &[parameter])),
        None => Ok(bound),
    });
    match bound.and_then(|bound| reading.run(caller, bound)) {
        Ok(reply) => reply,
        Err(refusal) => envelope::error(&refusal, &[]),
    }
}

struct Reading<'a> {
    tx: &'a Tx<'a>,
    request: &'a Request,
    root: String,
    cmdlet: &'static Cmdlet,
    given: &'a Map<String, Value>,
}

/// How a rehearsed call ended: its changes are taken back either way.
enum Rehearsal {
    Passed,
    Refused(Refusal),
}

impl From<rusqlite::Error> for Rehearsal {
    fn from(cause: rusqlite::Error) -> Self {
        Self::Refused(cause.into())
    }
}

impl Reading<'_> {
    fn run(&self, caller: &Caller, bound: Bound) -> Result<Reply, Refusal> {
        let call = Call {
            tx: self.tx,
            tenant: &caller.tenant,
            caller,
            parameters: bound.parameters,
        };
        // Without an answer the service can only ask, and a cmdlet of high impact that was not asked about is not run.
        let asks = bound.confirm.unwrap_or_else(|| registry::is_high_impact(self.cmdlet.name));
        if bound.what_if || asks {
            return self.rehearse(&call);
        }
        let output = self.tx.attempt(|| (self.cmdlet.run)(&call))?;
        let is_silent = bound
            .warning_action
            .as_deref()
            .or(self.request.header("warningaction"))
            .is_some_and(is_silencing);
        self.page(&call, output, is_silent)
    }

    /// Runs the cmdlet so that it refuses what it would refuse, and undoes what it did.
    fn rehearse(&self, call: &Call<'_>) -> Result<Reply, Refusal> {
        let ended = self.tx.attempt(|| match (self.cmdlet.run)(call) {
            Ok(_) => Err::<(), _>(Rehearsal::Passed),
            Err(refusal) => Err(Rehearsal::Refused(refusal)),
        });
        if let Err(Rehearsal::Refused(refusal)) = ended {
            return Err(refusal);
        }
        let question = question(self.cmdlet.name, call.text("Identity").or(call.text("Name")));
        Ok(envelope::Success {
            root: &self.root,
            records: &[],
            warnings: &[],
            confirmation: Some(&question),
            next: None,
        }
        .reply())
    }

    fn page(&self, call: &Call<'_>, output: Output, is_silent: bool) -> Result<Reply, Refusal> {
        let mut records = output.value;
        let mut warnings = output.warnings;
        let limit = self.limit(call);
        let is_cut = records.len() > limit;
        records.truncate(limit);
        let name = self.cmdlet.name.to_lowercase();
        let bond = Bond {
            anchor: self.request.header("x-anchormailbox").unwrap_or_default(),
            body: &format!("{name} {}", Value::Object(self.given.clone())),
            now: self.tx.now(),
        };
        let token = match self.request.parameter("$skiptoken") {
            None => None,
            Some(text) => Some(bond.open(text).ok_or_else(expired)?),
        };
        let mut page = bond.cut(records, self.page_size(), token.as_ref());
        if is_cut && page.next.is_none() {
            warnings.push(
                "There are more results available than are currently displayed. To view them, increase the value for the ResultSize \
                 parameter."
                    .to_owned(),
            );
        }
        if is_silent {
            warnings.clear();
        }
        if let Some(selected) = self.request.parameter("$select") {
            let selected: Vec<&str> = selected.split(',').map(str::trim).collect();
            for record in &mut page.records {
                record.retain(|name, _| selected.iter().any(|wanted| wanted.eq_ignore_ascii_case(name)));
            }
        }
        let next = page
            .next
            .map(|token| format!("{}/InvokeCommand?%24skiptoken={}", self.root, token.text()));
        Ok(envelope::Success {
            root: &self.root,
            records: &page.records,
            warnings: &warnings,
            confirmation: None,
            next: next.as_deref(),
        }
        .reply())
    }

    /// How many results there are at most, for cmdlets that have a limit.
    fn limit(&self, call: &Call<'_>) -> usize {
        if !self.cmdlet.parameters.iter().any(|(name, _)| *name == "ResultSize") {
            return usize::MAX;
        }
        match call.get("ResultSize") {
            Some(Value::String(_)) => usize::MAX,
            Some(Value::Number(number)) => number
                .as_u64()
                .and_then(|number| usize::try_from(number).ok())
                .unwrap_or(paging::MOST),
            _ => paging::MOST,
        }
    }

    fn page_size(&self) -> usize {
        let preferences = self.request.header("prefer").unwrap_or_default();
        let wanted = preferences
            .split([';', ','])
            .find_map(|each| each.trim().strip_prefix("odata.maxpagesize="));
        wanted
            .and_then(|size| size.parse().ok())
            .unwrap_or(paging::MOST)
            .clamp(1, paging::MOST)
    }
}

fn is_silencing(action: &str) -> bool {
    ["SilentlyContinue", "Ignore"]
        .iter()
        .any(|silent| silent.eq_ignore_ascii_case(action))
}

fn expired() -> Refusal {
    Refusal::new(
        "Microsoft.Exchange.AdminApi.CommandInvocation.PaginationException",
        "The pagination request has expired or is invalid. The default expiry time for a pagination request is 00:30:00.",
    )
}

/// `Removing the migration batch "wave-01".`
fn question(cmdlet: &str, object: Option<&str>) -> String {
    let (verb, noun) = cmdlet.split_once('-').unwrap_or((cmdlet, ""));
    let verb = match verb {
        "Remove" => "Removing",
        "New" => "Creating",
        "Set" => "Setting",
        "Stop" => "Stopping",
        "Complete" => "Completing",
        "Start" => "Starting",
        "Suspend" => "Suspending",
        "Resume" => "Resuming",
        "Add" => "Adding",
        "Enable" => "Enabling",
        other => other,
    };
    let mut words = String::new();
    for letter in noun.chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
    }
    match object {
        Some(object) => format!("{verb} the {words} \"{object}\"."),
        None => format!("{verb} the {words}."),
    }
}
