//! The published description of Graph, and what of a request or an answer it does not allow.

use std::fs;
use std::path::Path;

use regex_lite::Regex;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use super::metadata::Metadata;
use super::metadata::Property;
use super::metadata::unqualified;
use crate::common::Recorded;

/// OpenAPI for operations and shapes; the metadata for what is newer, and for what may be null.
pub struct Specification {
    api: Value,
    metadata: Metadata,
}

/// One documented operation.
pub struct Operation<'s> {
    /// Its path as documented.
    pub path: &'s str,
    described: &'s Value,
}

impl Specification {
    /// Reads the description in `folder`.
    pub fn read(folder: &Path) -> Self {
        let text = |name: &str| fs::read_to_string(folder.join(name)).expect("a published specification can be read");
        Self {
            api: serde_json::from_str(&text("openapi-v1.0-subset.json")).expect("it is JSON"),
            metadata: Metadata::parse(&text("metadata-v1.0-subset.csdl.xml")),
        }
    }

    /// The documented operation at a path, which may hold real values or `{}` at the open places.
    pub fn operation(&self, method: &str, path: &str) -> Option<Operation<'_>> {
        let paths = self.api["paths"].as_object().expect("it has paths");
        let (path, item) = paths.iter().find(|(pattern, _)| is_at(pattern, path))?;
        let described = item.get(method.to_lowercase())?;
        Some(Operation { path, described })
    }

    /// What of a request and its answer is not as documented.
    pub fn faults(&self, recorded: &Recorded) -> Vec<String> {
        let Some(operation) = self.operation(&recorded.method, &recorded.path) else {
            return vec!["no such operation is documented".into()];
        };
        let described = operation.described;
        let mut faults = Vec::new();
        let answers = self.resolved(&described["responses"]["2XX"]);
        let answer_schema = &answers["content"]["application/json"]["schema"];
        self.check_options(recorded, described, answer_schema, &mut faults);
        let request = self.resolved(&described["requestBody"]);
        match (&recorded.body, request["content"]["application/json"].get("schema")) {
            (Some(body), Some(schema)) => self.check(schema, body, "request", &mut faults),
            (Some(_), None) => faults.push("request: a body is not documented".into()),
            (None, Some(_)) => faults.push("request: the body is missing".into()),
            (None, None) => {}
        }
        let wanted = status(&recorded.method, operation.path);
        match (&recorded.answer, recorded.succeeded()) {
            (_, true) if recorded.status != wanted => faults.push(format!("answer: status {} instead of {wanted}", recorded.status)),
            (None, true) if wanted != 204 => faults.push("answer: it is empty".into()),
            (None, true) => {}
            (Some(_), true) if wanted == 204 => faults.push("answer: 204 comes without content".into()),
            (Some(answer), true) => self.check(answer_schema, answer, "answer", &mut faults),
            (answer, false) => {
                let errors = self.resolved(&described["responses"]["default"]);
                let schema = &errors["content"]["application/json"]["schema"];
                self.check(schema, answer.as_ref().unwrap_or(&Value::Null), "error", &mut faults);
            }
        }
        faults
    }

    /// Query options that the operation has, and in `$select` properties that its answers have.
    fn check_options(&self, recorded: &Recorded, described: &Value, answers: &Value, faults: &mut Vec<String>) {
        let parameters = described["parameters"].as_array().into_iter().flatten();
        let known: Vec<&str> = parameters
            .filter_map(|parameter| self.resolved(parameter)["name"].as_str())
            .collect();
        for (name, value) in &recorded.query {
            // The token stands in links that the service made.
            if name != "$skiptoken" && !known.contains(&name.as_str()) {
                faults.push(format!("request: option `{name}` is not documented"));
            }
            if name == "$select" && recorded.succeeded() {
                let item = self.item(answers);
                let unknown = value.split(',').filter(|property| self.property(item, property).is_none());
                faults.extend(unknown.map(|property| format!("request: `$select` of an unknown property `{property}`")));
            }
        }
    }

    /// The schema of the items, when it is that of a collection.
    fn item<'s>(&'s self, schema: &'s Value) -> &'s Value {
        match self.resolved(schema)["properties"]["value"].get("items") {
            Some(item) => item,
            None => schema,
        }
    }

    fn check(&self, schema: &Value, value: &Value, at: &str, faults: &mut Vec<String>) {
        let name = type_name(schema);
        let schema = self.resolved(schema);
        if value.is_null() {
            return faults.push(format!("{at}: it may not be null"));
        }
        let is_right = match schema["type"].as_str() {
            Some("string") => value.is_string(),
            Some("boolean") => value.is_boolean(),
            Some("integer") => value.is_i64() || value.is_u64(),
            Some("number") => value.is_number(),
            Some("array") => value.is_array(),
            _ => value.is_object(),
        };
        if !is_right {
            return faults.push(format!("{at}: {value} is no {}", schema["type"].as_str().unwrap_or("object")));
        }
        match value {
            Value::String(text) => check_text(schema, text, at, faults),
            Value::Array(items) => {
                for item in items {
                    self.check(&schema["items"], item, &format!("{at}[]"), faults);
                }
            }
            Value::Object(object) => self.check_object(name, schema, object, at, faults),
            _ => {}
        }
    }

    fn check_object(&self, name: Option<&str>, schema: &Value, object: &Map<String, Value>, at: &str, faults: &mut Vec<String>) {
        // What an object says of itself is more exact than what the collection says of all.
        let derived = object.get("@odata.type").and_then(Value::as_str).map(unqualified);
        let name = derived.or(name);
        let schema = match derived {
            Some(derived) => &self.api["components"]["schemas"][format!("microsoft.graph.{derived}")],
            None => schema,
        };
        if schema.is_null() && !name.is_some_and(|name| self.metadata.knows(name)) {
            return faults.push(format!("{at}: type `{}` is not documented", name.unwrap_or_default()));
        }
        for required in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !object.contains_key(required) {
                faults.push(format!("{at}: `{required}` is missing"));
            }
        }
        // Some objects are described by nothing but that they are one.
        let is_open = schema["properties"].is_null() && schema["allOf"].is_null() && schema["additionalProperties"].is_object();
        for (property, value) in object.iter().filter(|(property, _)| !is_open && !property.contains('@')) {
            let at = format!("{at}.{property}");
            let newer = name.and_then(|name| self.metadata.property(name, property));
            match (self.property(schema, property), newer) {
                (Some(_), Some(newer)) if value.is_null() && newer.is_nullable && !newer.kind.starts_with("Collection(") => {}
                (Some(known), _) if value.is_null() && known["nullable"] == true => {}
                (Some(known), _) => self.check(known, value, &at, faults),
                (None, Some(newer)) => check_newer(newer, value, &at, faults),
                (None, None) => faults.push(format!("{at}: it is not documented")),
            }
        }
    }

    /// The schema of a property of an object, its own or inherited.
    fn property<'s>(&'s self, schema: &'s Value, name: &str) -> Option<&'s Value> {
        let schema = self.resolved(schema);
        let own = schema["properties"].get(name);
        let parts = schema["allOf"].as_array();
        own.or_else(|| parts?.iter().find_map(|part| self.property(part, name)))
    }

    fn resolved<'s>(&'s self, described: &'s Value) -> &'s Value {
        match described["$ref"].as_str() {
            Some(reference) => {
                let pointer = reference.strip_prefix('#').expect("references stay in the document");
                let found = self.api.pointer(pointer).expect("references lead somewhere");
                self.resolved(found)
            }
            None => described,
        }
    }
}

/// The status of success. The description only says `2XX`; these are those of the documentation's pages.
fn status(method: &str, path: &str) -> u16 {
    match (method, path.rsplit('.').next()) {
        ("GET", _) | ("POST", Some("addPassword" | "assignLicense")) => 200,
        ("POST", Some("removePassword")) => 204,
        ("POST", _) => 201,
        _ => 204,
    }
}

fn check_text(schema: &Value, text: &str, at: &str, faults: &mut Vec<String>) {
    if let Some(pattern) = schema["pattern"].as_str()
        && !Regex::new(pattern).expect("patterns are regular expressions").is_match(text)
    {
        faults.push(format!("{at}: `{text}` does not match {pattern}"));
    }
    if let Some(words) = schema["enum"].as_array()
        && !words.iter().any(|word| word == text)
    {
        faults.push(format!("{at}: `{text}` is none of the documented words"));
    }
}

/// A property that only the metadata knows.
fn check_newer(property: &Property, value: &Value, at: &str, faults: &mut Vec<String>) {
    let is_right = match property.kind.as_str() {
        _ if value.is_null() => property.is_nullable && !property.kind.starts_with("Collection("),
        "Edm.Boolean" => value.is_boolean(),
        "Edm.Int16" | "Edm.Int32" | "Edm.Int64" => value.is_i64(),
        kind if kind.starts_with("Edm.") => value.is_string(),
        kind if kind.starts_with("Collection(") => value.is_array(),
        _ => true,
    };
    if !is_right {
        faults.push(format!("{at}: {value} is no {}", property.kind));
    }
}

/// The name of the type that a schema refers to.
fn type_name(schema: &Value) -> Option<&str> {
    let reference = schema["$ref"].as_str()?;
    Some(unqualified(reference.rsplit('/').next()?))
}

/// Whether a path is at a documented one. The service takes actions without their namespace, as its pages show them.
fn is_at(pattern: &str, path: &str) -> bool {
    let (pattern, path): (Vec<&str>, Vec<&str>) = (
        pattern.trim_start_matches('/').split('/').collect(),
        path.trim_start_matches('/').split('/').collect(),
    );
    pattern.len() == path.len()
        && pattern
            .iter()
            .zip(&path)
            .all(|(pattern, segment)| is_segment(pattern, segment) || pattern.strip_prefix("microsoft.graph.") == Some(segment))
}

fn is_segment(pattern: &str, segment: &str) -> bool {
    let open = pattern
        .split_once('{')
        .and_then(|(before, rest)| Some((before, rest.split_once('}')?.1)));
    match open {
        Some((before, after)) => {
            // An alternate key has parentheses, a plain one has none.
            segment.len() > before.len() + after.len() && segment.starts_with(before) && segment.ends_with(after)
        }
        None => pattern == segment,
    }
}

/// The checks themselves, on a made-up description: a test that cannot fail proves nothing.
#[test]
fn a_departure_of_each_kind_is_noticed() {
    let date = json!({"type": "string", "pattern": "^[0-9]{4}-", "nullable": true});
    let ball = json!({
        "allOf": [{"$ref": "#/components/schemas/microsoft.graph.entity"}, {"type": "object", "properties": {
            "size": {"type": "integer"}, "madeDateTime": date, "colours": {"type": "array", "items": {"enum": ["red"], "type": "string"}}}}],
    });
    let reference = json!({"content": {"application/json": {"schema": {"$ref": "#/components/schemas/microsoft.graph.ball"}}}});
    let error =
        json!({"content": {"application/json": {"schema": {"type": "object", "required": ["error"], "properties": {"error": {}}}}}});
    let responses = json!({"2XX": reference, "default": error});
    let specification = Specification {
        api: json!({
            "paths": {
                "/balls/{ball-id}": {"get": {"parameters": [{"name": "$select"}], "responses": responses}},
                "/balls": {"post": {"requestBody": reference, "responses": responses}},
            },
            "components": {"schemas": {
                "microsoft.graph.ball": ball,
                "microsoft.graph.entity": {"type": "object", "properties": {"id": {"type": "string"}}},
            }},
        }),
        metadata: Metadata::parse(
            "<Schema><EntityType Name='ball'><Property Name='weight' Type='Edm.Int32' Nullable='false'/></EntityType></Schema>",
        ),
    };
    let get = |path: &str, status: u16, answer: Value| {
        specification.faults(&Recorded {
            host: "graph.microsoft.com".into(),
            method: "GET".into(),
            path: path.into(),
            query: Vec::new(),
            body: None,
            status,
            answer: Some(answer),
        })
    };

    let good = json!({"@odata.context": "c", "id": "1", "size": 3, "madeDateTime": null, "colours": ["red"], "weight": 2});
    assert_eq!(get("balls/1", 200, good), Vec::<String>::new());
    for (answer, fault) in [
        (json!({"id": 1}), "answer.id: 1 is no string"),
        (json!({"id": null}), "answer.id: it may not be null"),
        (json!({"shape": "round"}), "answer.shape: it is not documented"),
        (
            json!({"madeDateTime": "today"}),
            "answer.madeDateTime: `today` does not match ^[0-9]{4}-",
        ),
        (json!({"colours": null}), "answer.colours: it may not be null"),
        (
            json!({"colours": ["rde"]}),
            "answer.colours[]: `rde` is none of the documented words",
        ),
        (json!({"weight": null}), "answer.weight: null is no Edm.Int32"),
        (
            json!({"@odata.type": "#microsoft.graph.cube"}),
            "answer: type `cube` is not documented",
        ),
    ] {
        assert_eq!(get("balls/1", 200, answer), [fault]);
    }
    assert_eq!(get("balls/1", 203, json!({})), ["answer: status 203 instead of 200"]);
    assert_eq!(get("balls/1", 404, json!({})), ["error: `error` is missing"]);
    assert_eq!(get("bats/1", 200, json!({})), ["no such operation is documented"]);
    let mut asked = Recorded {
        host: "graph.microsoft.com".into(),
        method: "POST".into(),
        path: "balls".into(),
        query: vec![("$top".into(), "1".into()), ("$select".into(), "id,taste".into())],
        body: Some(json!({"size": "large"})),
        status: 201,
        answer: Some(json!({})),
    };
    let faults = specification.faults(&asked);
    let expected = [
        "request: option `$top` is not documented",
        "request: option `$select` is not documented",
        "request: `$select` of an unknown property `taste`",
        "request.size: \"large\" is no integer",
    ];
    assert_eq!(faults, expected);
    (asked.body, asked.query) = (None, Vec::new());
    assert_eq!(specification.faults(&asked), ["request: the body is missing"]);
}
