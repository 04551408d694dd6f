//! The published description of Azure Resource Manager and Key Vault, and what of a request or an answer it does not allow.

mod conformance;
mod departures;
mod documents;
mod examples;
mod excuses;
mod shape;
mod spoilt;
mod stranger;
mod traffic;

use std::path::Path;

use serde_json::Value;
use shape::Speaker;
pub use traffic::of_the_program;

use self::documents::Documents;
use self::documents::Part;
use crate::common::ARM;
use crate::common::Recorded;

/// The providers describe shapes of their own, or none; what they say goes out in that of Resource Manager.
const ARM_ERROR: &str = "specification/common-types/resource-management/v2/types.json";

/// The description.
pub struct Azure(Documents);

/// One documented operation, with what stands at the open places of its path.
struct Operation<'d> {
    /// The api-version of its document.
    version: &'d str,
    described: Part<'d>,
    in_path: Vec<(&'d str, String)>,
}

impl Azure {
    /// Reads the description in `folder`.
    pub fn read(folder: &Path) -> Self {
        Self(Documents::read(folder))
    }

    /// The documented operation at a path of a host.
    fn operation(&self, host: &str, method: &str, path: &str) -> Option<Operation<'_>> {
        let documents = self.0.roots().filter(|document| is_of(*document, host));
        let operations = documents.flat_map(|document| {
            let paths = document.entries("paths");
            paths.filter_map(move |(pattern, item)| Some((document, pattern, item.get(&method.to_lowercase())?)))
        });
        let found = operations.filter_map(|(document, pattern, described)| {
            Some(Operation {
                version: document.get("info")?.text("version")?,
                described,
                in_path: matched(pattern, path)?,
            })
        });
        // `{name}/pending` is also `{name}/{version}`.
        found.min_by_key(|operation| operation.in_path.len())
    }

    /// What of a request and its answer is not as documented.
    pub fn faults(&self, recorded: &Recorded) -> Vec<String> {
        let Some(operation) = self.operation(&recorded.host, &recorded.method, &recorded.path) else {
            return vec!["no such operation is documented".into()];
        };
        let mut faults = Vec::new();
        check_request(&operation, recorded, &mut faults);
        self.check_answer(&operation, recorded, &mut faults);
        faults
    }

    fn check_answer(&self, operation: &Operation<'_>, recorded: &Recorded, faults: &mut Vec<String>) {
        let responses = operation.described.get("responses").expect("an operation has answers");
        let documented = responses.get(&recorded.status.to_string());
        match (documented, &recorded.answer) {
            (None, answer) if recorded.status >= 400 => {
                let answer = answer.as_ref().unwrap_or(&Value::Null);
                shape::check(self.error(recorded, responses), answer, Speaker::Service, "error", faults);
                for part in ["code", "message"] {
                    if answer["error"][part].as_str().is_none_or(str::is_empty) {
                        faults.push(format!("error.error: `{part}` is missing"));
                    }
                }
            }
            (None, _) => faults.push(format!("answer: status {} is not documented", recorded.status)),
            (Some(documented), answer) => match (documented.get("schema"), answer) {
                (Some(schema), Some(answer)) => shape::check(schema, answer, Speaker::Service, "answer", faults),
                (Some(_), None) => faults.push("answer: it is empty".into()),
                (None, Some(_)) => faults.push("answer: no content is documented".into()),
                (None, None) => {}
            },
        }
    }

    fn error<'d>(&'d self, recorded: &Recorded, responses: Part<'d>) -> Part<'d> {
        let common = || self.0.roots().find(|document| document.file().ends_with(ARM_ERROR));
        let found = match recorded.host == ARM {
            true => common().and_then(|common| common.get("definitions")?.get("ErrorResponse")),
            false => responses.get("default").and_then(|any| any.get("schema")),
        };
        found.expect("errors are documented")
    }
}

fn check_request(operation: &Operation<'_>, recorded: &Recorded, faults: &mut Vec<String>) {
    let parameters: Vec<_> = operation.described.list("parameters").map(Part::resolved).collect();
    let of = |place: &'static str| {
        parameters
            .iter()
            .copied()
            .filter(move |parameter| parameter.text("in") == Some(place))
    };
    for parameter in of("path") {
        let value = operation.in_path.iter().find(|(name, _)| Some(*name) == parameter.text("name"));
        check_option(parameter, &value.expect("the path has it").1, faults);
    }
    for (name, value) in &recorded.query {
        if name == "api-version" && value != operation.version {
            faults.push(format!("request: version {value} instead of {}", operation.version));
        }
        match of("query").find(|parameter| parameter.text("name") == Some(name)) {
            Some(parameter) => check_option(parameter, value, faults),
            // The token stands in links that the service made.
            None if name.eq_ignore_ascii_case("$skiptoken") => {}
            None => faults.push(format!("request: option `{name}` is not documented")),
        }
    }
    for parameter in of("query").filter(|parameter| parameter.is("required")) {
        let name = parameter.text("name").expect("a parameter has a name");
        if !recorded.query.iter().any(|(given, _)| given == name) {
            faults.push(format!("request: option `{name}` is missing"));
        }
    }
    match (&recorded.body, of("body").next()) {
        (Some(body), Some(parameter)) => {
            let speaker = match recorded.method.as_str() {
                "PATCH" => Speaker::ClientUpdates,
                _ => Speaker::Client,
            };
            shape::check(
                parameter.get("schema").expect("a body has a schema"),
                body,
                speaker,
                "request",
                faults,
            );
        }
        (Some(_), None) => faults.push("request: a body is not documented".into()),
        (None, Some(parameter)) if parameter.is("required") => faults.push("request: the body is missing".into()),
        (None, _) => {}
    }
}

fn check_option(parameter: Part<'_>, value: &str, faults: &mut Vec<String>) {
    let at = format!("request `{}`", parameter.text("name").unwrap_or_default());
    match parameter.text("type") {
        Some("integer") => match value.parse::<i32>() {
            Ok(number) => shape::check_range(parameter, f64::from(number), &at, faults),
            Err(_) => faults.push(format!("{at}: `{value}` is no integer")),
        },
        Some("boolean") if value.parse::<bool>().is_err() => faults.push(format!("{at}: `{value}` is no boolean")),
        _ => shape::check_text(parameter, value, &at, faults),
    }
}

/// Resource Manager has one host, each vault its own.
fn is_of(document: Part<'_>, host: &str) -> bool {
    document.text("host").unwrap_or_default() == if host == ARM { ARM } else { "" }
}

/// What stands at the open places of a pattern, when the path is at it. Azure does not look at the case of the rest.
fn matched<'d>(pattern: &'d str, path: &str) -> Option<Vec<(&'d str, String)>> {
    let mut pattern: Vec<&str> = pattern.trim_matches('/').split('/').collect();
    let mut path: Vec<&str> = path.trim_matches('/').split('/').collect();
    let mut found = Vec::new();
    // A resource of any kind, which takes several segments.
    if let Some(scope) = name(pattern[0]) {
        let length = (path.len() + 1).checked_sub(pattern.len()).filter(|length| *length > 0)?;
        let rest = path.split_off(length);
        found.push((scope, path.join("/")));
        (pattern, path) = (pattern.split_off(1), rest);
    }
    // The newest version is asked for without one.
    if pattern.len() == path.len() + 1 && pattern.last().is_some_and(|last| last.ends_with("-version}")) {
        path.push("");
    }
    if pattern.len() != path.len() {
        return None;
    }
    for (open, segment) in pattern.into_iter().zip(path) {
        match name(open) {
            Some(name) => found.push((name, segment.to_owned())),
            None if open.eq_ignore_ascii_case(segment) => {}
            None => return None,
        }
    }
    Some(found)
}

/// The name of an open place.
fn name(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}
