//! The checks themselves, on a made-up description: a test that cannot fail proves nothing.

use serde_json::Value;
use serde_json::json;

use super::Azure;
use super::documents::Documents;
use crate::common::ARM;
use crate::common::Recorded;

#[test]
fn a_departure_of_each_kind_is_noticed() {
    let azure = balls();
    let get = |status: u16, answer: Value| {
        azure.faults(&Recorded {
            answer: Some(answer),
            ..asked("GET", "Racks/r1/balls/1", status)
        })
    };

    let good =
        json!({"id": "1", "colour": "RED", "tags": {"a": "b"}, "maker": null, "madeAt": "2026-01-05T08:00:00Z", "notes": {"any": 1}});
    assert_eq!(get(200, good), Vec::<String>::new());
    for (answer, fault) in [
        (json!({"id": 1}), "answer.id: 1 is no string"),
        (json!({"id": null}), "answer.id: it may not be null"),
        (json!({}), "answer: `id` is missing"),
        (json!({"id": "1", "shape": "round"}), "answer.shape: it is not documented"),
        (
            json!({"id": "1", "colour": "blue"}),
            "answer.colour: `blue` is none of the documented words",
        ),
        (json!({"id": "1", "tags": {"a": 1}}), "answer.tags.a: 1 is no string"),
        (json!({"id": "1", "weight": 0}), "answer.weight: 0 is out of range"),
        (json!({"id": "1", "madeAt": "today"}), "answer.madeAt: `today` is no date-time"),
        (json!({"id": "1", "maker": "me"}), "answer.maker: `me` is no uuid"),
        (json!({"id": "1", "print": "a+b"}), "answer.print: `a+b` is no base64url"),
        (json!({"id": "1", "parts": ["x", 2]}), "answer.parts[]: 2 is no string"),
        (json!({"id": "1", "mode": "new"}), "answer.mode: the service never says it"),
    ] {
        assert_eq!(get(200, answer), [fault]);
    }
    assert_eq!(get(203, json!({})), ["answer: status 203 is not documented"]);
    assert_eq!(
        get(404, json!({"error": {"code": "NotFound"}})),
        ["error.error: `message` is missing"]
    );
    assert_eq!(
        get(400, json!({"error": {"code": "a", "message": "b", "trace": "c"}})),
        ["error.error.trace: it is not documented"]
    );
}

#[test]
fn a_departure_of_a_request_is_noticed() {
    let azure = balls();
    let ask = |method: &str, path: &str, body: Option<Value>| {
        azure.faults(&Recorded {
            body,
            ..asked(method, path, 204)
        })
    };

    assert_eq!(
        ask("PUT", "a/rack/of/racks/r1/BALLS/1", Some(json!({"colour": "red", "mode": "new"}))),
        Vec::<String>::new()
    );
    for (path, body, fault) in [
        ("racks/r1/bats/1", json!({}), "no such operation is documented"),
        ("racks/r1/balls/0", json!({}), "request `name`: `0` does not match ^[1-9]+$"),
        (
            "racks/r1/balls/12345",
            json!({}),
            "request `name`: `12345` is too short or too long",
        ),
        ("racks/r1/balls/1", json!({"id": "1"}), "request.id: only the service says it"),
        ("racks/r1/balls/1", json!({"maker": null}), "request.maker: it may not be null"),
        ("racks/r1/balls/1", json!({"taste": 1}), "request.taste: it is not documented"),
    ] {
        assert_eq!(ask("PUT", path, Some(body)), [fault]);
    }
    assert_eq!(ask("PUT", "racks/r1/balls/1", None), ["request: the body is missing"]);
    assert_eq!(
        ask("PATCH", "racks/r1/balls/1", Some(json!({"mode": "new"}))),
        ["request.mode: it cannot be changed"]
    );
    let mut asked = asked("PUT", "racks/r1/balls/1", 204);
    (asked.body, asked.query) = (
        Some(json!({})),
        vec![("$top".into(), "0".into()), ("$taste".into(), "sweet".into())],
    );
    assert_eq!(
        azure.faults(&asked),
        [
            "request `$top`: 0 is out of range",
            "request: option `$taste` is not documented",
            "request: option `api-version` is missing",
        ]
    );
    asked.query = vec![("api-version".into(), "2026-05-01".into())];
    assert_eq!(azure.faults(&asked), ["request: version 2026-05-01 instead of 2026-01-05"]);
    asked.host = "vault".into();
    assert_eq!(azure.faults(&asked), ["no such operation is documented"]);
}

fn asked(method: &str, path: &str, status: u16) -> Recorded {
    Recorded {
        host: ARM.into(),
        method: method.into(),
        path: path.into(),
        query: vec![("api-version".into(), "2026-01-05".into())],
        body: None,
        status,
        answer: None,
    }
}

fn balls() -> Azure {
    let parameters = json!([
        {"$ref": "../common/types.json#/parameters/ApiVersion"},
        {"name": "$top", "in": "query", "type": "integer", "minimum": 1},
        {"name": "scope", "in": "path", "type": "string"},
        {"name": "name", "in": "path", "type": "string", "pattern": "^[1-9]+$", "maxLength": 4},
    ]);
    let mut writing = parameters.clone();
    let body = json!({"name": "ball", "in": "body", "required": true, "schema": {"$ref": "#/definitions/NewBall"}});
    writing.as_array_mut().expect("a list").push(body);
    let ball = json!({
        "allOf": [{"$ref": "../common/../common/types.json#/definitions/Resource"}],
        "required": ["id"],
        "properties": {
            "colour": {"$ref": "#/definitions/Colour"},
            "tags": {"additionalProperties": {"type": "string"}},
            "weight": {"type": "integer", "minimum": 1},
            "maker": {"type": "string", "format": "uuid"},
            "madeAt": {"type": "string", "format": "date-time"},
            "print": {"type": "string", "format": "base64url"},
            "parts": {"type": "array", "items": {"type": "string"}},
            "notes": {"type": "object"},
            "mode": {"type": "string", "x-ms-mutability": ["create"]},
        },
    });
    let mut new = ball.clone();
    new["required"] = json!([]);
    let done = json!({"204": {"description": "done"}});
    let own = json!({
        "host": ARM,
        "info": {"version": "2026-01-05"},
        "paths": {"/{scope}/balls/{name}": {
            "get": {"parameters": parameters, "responses": {"200": {"schema": {"$ref": "#/definitions/Ball"}}}},
            "put": {"parameters": writing, "responses": done},
            "patch": {"parameters": writing, "responses": done},
        }},
        "definitions": {"Ball": ball, "NewBall": new, "Colour": {"type": "string", "enum": ["red"]}},
    });
    let common = json!({
        "parameters": {"ApiVersion": {"name": "api-version", "in": "query", "required": true, "type": "string"}},
        "definitions": {"Resource": {"properties": {"id": {"type": "string", "readOnly": true}}}},
    });
    let part = json!({"properties": {"code": {"type": "string"}, "message": {"type": "string"}}});
    let error = json!({"definitions": {"ErrorResponse": {"properties": {"error": part}}}});
    Azure(Documents::of([
        ("balls/balls.json", own),
        ("common/types.json", common),
        (super::ARM_ERROR, error),
    ]))
}
