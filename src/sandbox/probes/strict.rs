//! Nothing unknown is taken: no property of a body, however deep, no cmdlet, no parameter.

use serde_json::Value;
use serde_json::json;

use super::sample;
use super::sample::Sample;
use super::stage::Stage;
use crate::sandbox::exchange::Parameter;
use crate::sandbox::exchange::cmdlets;
use crate::sandbox::testing::read;
use crate::sandbox::testing::set_json;

const UNKNOWN: &str = "xtUnknown";
/// Objects whose names are the caller's own.
const FREE: &[&str] = &["tags"];
/// Operations that read no body, whatever their method.
const BODILESS: &[&str] = &["/register", "/unregister", "/purge", "/recover"];
/// The file is none, which is told when all else is in order.
const NOT_ACCEPTED: &[&str] = &["POST certificates/{}/import"];

#[test]
fn a_property_that_graph_does_not_know_is_refused_wherever_it_stands() {
    let stage = Stage::new();
    each(&stage, &sample::graph(&stage), |code| {
        ["Request_BadRequest", "BadRequest"].contains(&code)
    });
}

#[test]
fn a_property_that_resource_manager_does_not_know_is_refused_wherever_it_stands() {
    let stage = Stage::new();
    each(&stage, &sample::arm(&stage), |code| code == "InvalidRequestContent");
}

#[test]
fn a_property_that_a_vault_does_not_know_is_refused_wherever_it_stands() {
    let stage = Stage::new();
    each(&stage, &sample::vault(&stage), |code| code == "BadParameter");
}

/// Asks for each operation with something unknown at each place of its body, and then rightly.
fn each(stage: &Stage, samples: &[Sample], is_code: impl Fn(&str) -> bool) {
    let mut wrong = Vec::new();
    let bodied = samples.iter().filter(|sample| {
        let is_bodied = ["POST", "PUT", "PATCH"].contains(&sample.request.method.as_str());
        is_bodied && !BODILESS.iter().any(|end| sample.name.ends_with(end)) && sample.name != "POST $batch"
    });
    for sample in bodied {
        if sample.body.is_null() {
            wrong.push(format!("{}: has no body in `bodies`", sample.name));
        }
        for place in places(&sample.body, "") {
            let mut body = sample.body.clone();
            if let Some(object) = body.pointer_mut(&place).and_then(Value::as_object_mut) {
                object.insert(UNKNOWN.into(), json!("x"));
            }
            let (status, answer) = ask(stage, sample, &body);
            let code = answer["error"]["code"].as_str().unwrap_or_default();
            let names_it = answer["error"]["message"].as_str().is_some_and(|text| text.contains(UNKNOWN));
            if status != 400 || !is_code(code) || !names_it {
                wrong.push(format!("{} at `{place}`: {status} {answer}", sample.name));
            }
        }
        let (status, answer) = ask(stage, sample, &sample.body);
        if status >= 400 && !NOT_ACCEPTED.contains(&sample.name.as_str()) {
            wrong.push(format!("{} as it should be: {status} {answer}", sample.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn ask(stage: &Stage, sample: &Sample, body: &Value) -> (u16, Value) {
    let mut request = sample.request.clone();
    request.headers.retain(|(name, _)| name != "content-type");
    set_json(&mut request, body);
    read(&stage.desk().world.answer(&request))
}

/// The pointers of all objects.
fn places(value: &Value, at: &str) -> Vec<String> {
    let below = |name: &str, value: &Value| places(value, &format!("{at}/{name}"));
    match value {
        Value::Object(object) => {
            let inner = object.iter().filter(|(name, _)| !FREE.contains(&name.as_str()));
            let inner = inner.flat_map(|(name, value)| below(name, value));
            [at.to_owned()].into_iter().chain(inner).collect()
        }
        Value::Array(items) => items
            .iter()
            .enumerate()
            .flat_map(|(at, item)| below(&at.to_string(), item))
            .collect(),
        _ => Vec::new(),
    }
}

#[test]
fn no_cmdlet_takes_a_parameter_that_it_does_not_have() {
    let stage = Stage::new();
    let mut wrong = Vec::new();
    for cmdlet in cmdlets() {
        let mut given = vec![json!({})];
        given.push(sample::parameters(cmdlet, 0));
        let lists = cmdlet.parameters.iter().filter(|(_, kind)| *kind == Parameter::Multi);
        for mut parameters in given {
            parameters[UNKNOWN] = json!("x");
            let (status, answer) = read(
                &stage
                    .desk()
                    .world
                    .answer(&sample::invocation(&stage, cmdlet.name, &parameters).request),
            );
            if status != 400 || !answer.to_string().contains(UNKNOWN) {
                wrong.push(format!("{} {parameters}: {status} {answer}", cmdlet.name));
            }
        }
        for (name, kind) in lists {
            let mut parameters = sample::parameters(cmdlet, 0);
            parameters[*name] = sample::value("", *kind);
            parameters[*name][UNKNOWN] = json!(["x"]);
            let (status, answer) = read(
                &stage
                    .desk()
                    .world
                    .answer(&sample::invocation(&stage, cmdlet.name, &parameters).request),
            );
            if status != 400 || !answer.to_string().contains("Cannot process argument transformation") {
                wrong.push(format!("{} -{name}: {status} {answer}", cmdlet.name));
            }
        }
        let misspelt = format!("{}s", cmdlet.name);
        let status = stage
            .desk()
            .world
            .answer(&sample::invocation(&stage, &misspelt, &json!({})).request)
            .status;
        if status != 403 {
            wrong.push(format!("{misspelt}: {status}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
