//! What each service says to what is wrong before anybody looks what it is about.

use serde_json::Value;
use serde_json::json;

use super::sample;
use super::stage::Stage;
use crate::sandbox::Request;
use crate::sandbox::testing::read;

/// A request with a body at each service that reads JSON, by an administrator who may.
fn doors(stage: &Stage) -> [(Request, &'static str); 4] {
    let of = |samples: Vec<sample::Sample>, name: &str| {
        let found = samples.into_iter().find(|sample| sample.name == name);
        found.unwrap_or_else(|| panic!("no {name}")).request
    };
    let group = "PUT subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}";
    [
        (of(sample::graph(stage), "POST applications"), "BadRequest"),
        (of(sample::exchange(stage), "Set-MailUser"), "BadRequest"),
        (of(sample::arm(stage), group), "InvalidRequestContent"),
        (of(sample::vault(stage), "PUT secrets/{}"), "BadParameter"),
    ]
}

fn refused(stage: &Stage, what: &str, body: impl Fn(&Request) -> Vec<u8>) {
    for (mut request, code) in doors(stage) {
        request.body = body(&request);
        let (status, answer) = read(&stage.desk().world.answer(&request));
        assert_eq!(
            (status, &answer["error"]["code"]),
            (400, &json!(code)),
            "{what} at {}: {answer}",
            request.host
        );
    }
}

#[test]
fn a_body_that_is_no_json_of_utf_8_is_refused_in_the_words_of_each_service() {
    let stage = Stage::new();
    refused(&stage, "half a body", |request| request.body[..request.body.len() / 2].to_vec());
    refused(&stage, "bytes that are no text", |_| b"{\"a\": \"\xff\xfe\"}".to_vec());
    refused(&stage, "a list", |_| b"[]".to_vec());
    refused(&stage, "a number that is none", |_| b"{\"a\": 1e999}".to_vec());
}

#[test]
fn a_body_nested_to_depth_two_hundred_is_refused_and_one_nested_as_deep_as_is_read_does_no_harm() {
    let stage = Stage::new();
    let nested = |depth: usize| format!("{{\"tags\": {}{}}}", "[".repeat(depth), "]".repeat(depth)).into_bytes();
    refused(&stage, "depth 200", |_| nested(200));
    for (mut request, _) in doors(&stage) {
        request.body = nested(60);
        assert_eq!(stage.desk().world.answer(&request).status, 400, "{}", request.host);
    }
    // What the caller may fill as it likes is kept, and can be read again.
    let account = sample::arm(&stage)
        .into_iter()
        .find(|sample| sample.name.ends_with("storageAccounts/{accountName}") && sample.name.starts_with("PUT"));
    let mut account = account.unwrap();
    let deepest = (0..60).fold(json!("x"), |inner, _| json!([inner]));
    account.body["properties"]["encryption"] = deepest;
    account.request.body = account.body.to_string().into_bytes();
    assert!(stage.desk().world.answer(&account.request).status < 300);
    account.request.method = "GET".into();
    account.request.body = Vec::new();
    assert!(stage.desk().world.answer(&account.request).status < 300);
}

#[test]
fn ten_thousand_parameters_are_refused_or_passed_over_as_the_service_does() {
    let stage = Stage::new();
    for (mut request, _) in doors(&stage) {
        let mut body: Value = serde_json::from_slice(&request.body).unwrap();
        let place = match body.get("CmdletInput") {
            Some(_) => &mut body["CmdletInput"]["Parameters"],
            None => &mut body,
        };
        for number in 0..10_000 {
            place[format!("p{number}")] = json!("x");
        }
        request.body = body.to_string().into_bytes();
        let reply = stage.desk().world.answer(&request);
        assert_eq!(reply.status, 400, "{}", request.host);
        assert!(reply.body.len() < 2 * request.body.len(), "{} bytes", reply.body.len());
    }
    let samples = [
        sample::entra(&stage),
        sample::pages(&stage),
        sample::blob(&stage),
        sample::graph(&stage),
    ];
    for mut sample in samples.into_iter().filter_map(|samples| samples.into_iter().next()) {
        sample
            .request
            .query
            .extend((0..10_000).map(|number| (format!("p{number}"), "x".to_owned())));
        let status = stage.desk().world.answer(&sample.request).status;
        assert!(status < 500, "{} {status}", sample.name);
    }
}
