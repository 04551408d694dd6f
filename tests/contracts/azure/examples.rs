//! The reader itself: what Microsoft published as examples holds, and copies of them that were broken do not.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;
use serde_json::json;

use super::super::published::published;
use super::Azure;
use super::documents::Part;
use super::spoilt::spoilt;
use crate::common::ARM;
use crate::common::Recorded;

struct Example {
    file: String,
    recorded: Recorded,
}

#[test]
fn the_published_examples_are_as_published() {
    let Some(azure) = azure() else { return };
    let examples = examples(azure);
    let files: BTreeSet<_> = examples.iter().map(|example| &example.file).collect();
    assert!(files.len() > 50, "only {files:?} were found");

    let faults = examples.iter().flat_map(|example| {
        let faults = azure.faults(&example.recorded).into_iter();
        faults.map(|fault| format!("{} {}: {fault}", example.file, example.recorded.status))
    });

    let faults: Vec<_> = faults.collect();
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn each_broken_example_is_noticed() {
    let Some(azure) = azure() else { return };
    let (mut broken, mut unnoticed) = (0, Vec::new());
    for example in examples(azure) {
        for (what, recorded) in breakages(&example.recorded) {
            broken += 1;
            if azure.faults(&recorded).is_empty() {
                unnoticed.push(format!("{} {}: {what}", example.file, recorded.status));
            }
        }
    }

    assert!(broken > 2000, "only {broken} were tried");
    assert!(unnoticed.is_empty(), "{} of {broken}:\n{}", unnoticed.len(), unnoticed.join("\n"));
}

/// Copies with one thing wrong each.
fn breakages(good: &Recorded) -> Vec<(String, Recorded)> {
    let with = |change: &dyn Fn(&mut Recorded)| {
        let mut copy = good.clone();
        change(&mut copy);
        copy
    };
    let mut broken = vec![
        ("a path with more".to_owned(), with(&|copy| copy.path.push_str("/x/y/z"))),
        ("another method".to_owned(), with(&|copy| copy.method = "OPTIONS".into())),
        ("another status".to_owned(), with(&|copy| copy.status = 218)),
        (
            "no api-version".to_owned(),
            with(&|copy| copy.query.retain(|(name, _)| name != "api-version")),
        ),
        (
            "another option".to_owned(),
            with(&|copy| copy.query.push(("$orderby".into(), "name".into()))),
        ),
        (
            "another host".to_owned(),
            with(&|copy| copy.host = if good.host == ARM { "vault" } else { ARM }.into()),
        ),
    ];
    for (what, body) in good.body.as_ref().map(spoilt).unwrap_or_default() {
        broken.push((format!("request{what}"), with(&|copy| copy.body = Some(body.clone()))));
    }
    for (what, answer) in good.answer.as_ref().map(spoilt).unwrap_or_default() {
        broken.push((format!("answer{what}"), with(&|copy| copy.answer = Some(answer.clone()))));
    }
    match good.body {
        Some(_) => broken.push(("no body".to_owned(), with(&|copy| copy.body = None))),
        None => broken.push(("a body".to_owned(), with(&|copy| copy.body = Some(json!({"surplus": 1}))))),
    }
    match good.answer {
        Some(_) => broken.push(("no answer".to_owned(), with(&|copy| copy.answer = None))),
        None => broken.push(("an answer".to_owned(), with(&|copy| copy.answer = Some(json!({"surplus": 1}))))),
    }
    broken
}

/// The description; the tests say so and pass where it is not there.
pub fn azure() -> Option<&'static Azure> {
    published().map(|published| &published.azure)
}

/// Each published request with each of its answers.
fn examples(azure: &Azure) -> Vec<Example> {
    let mut examples = Vec::new();
    for document in azure.0.roots() {
        for (path, item) in document.entries("paths") {
            for method in item.value.as_object().into_iter().flatten().map(|(method, _)| method) {
                let operation = item.get(method).expect("it was just seen");
                for (_, reference) in operation.entries("x-ms-examples") {
                    read(document, path, method, operation, reference, &mut examples);
                }
            }
        }
    }
    examples
}

fn read(document: Part<'_>, path: &str, method: &str, operation: Part<'_>, reference: Part<'_>, examples: &mut Vec<Example>) {
    let folder = document.file().parent().expect("a document is in a folder");
    let file = folder.join(reference.text("$ref").expect("an example is a file"));
    let example: Value = serde_json::from_str(&fs::read_to_string(&file).expect("an example can be read")).expect("it is JSON");
    let mut recorded = Recorded {
        host: document.text("host").map_or("myvault.vault.azure.net", |_| ARM).into(),
        method: method.to_uppercase(),
        path: path.to_owned(),
        query: Vec::new(),
        body: None,
        status: 0,
        answer: None,
    };
    for parameter in operation.list("parameters").map(Part::resolved) {
        let name = parameter.text("name").expect("a parameter has a name");
        let Some(value) = example["parameters"].get(name) else { continue };
        let mut text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        // One example asks for `pending` as if it were a version, and is answered with the certificate.
        if name == "certificate-version" && text == "pending" {
            text.clear();
        }
        match parameter.text("in") {
            Some("path") => recorded.path = recorded.path.replace(&format!("{{{name}}}"), &text),
            Some("query") => recorded.query.push((name.to_owned(), text)),
            _ => recorded.body = Some(value.clone()),
        }
    }
    for (status, response) in example["responses"].as_object().into_iter().flatten() {
        examples.push(Example {
            file: file.file_name().expect("a file has a name").to_string_lossy().into_owned(),
            recorded: Recorded {
                status: status.parse().expect("answers go by their status"),
                answer: response.get("body").cloned(),
                ..recorded.clone()
            },
        });
    }
}
