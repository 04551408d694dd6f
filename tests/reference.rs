//! `docs/reference.md` is made from the code; this makes it, and fails when the page in the repository is another one.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;

use serde_json::Value;
use serde_json::json;
use xtenant::change::Argument;
use xtenant::change::ArgumentType;
use xtenant::change::Call;
use xtenant::change::Descriptor;
use xtenant::change::Inverse;
use xtenant::change::Verb;
use xtenant::model::Arguments;
use xtenant::script;
use xtenant::script::FunctionHelp;
use xtenant::tenant::From;
use xtenant::tenant::Reading;
use xtenant::tenant::ensures;
use xtenant::tenant::operations;
use xtenant::tenant::reading;
use xtenant::tenant::readings;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/reference.md");

const HEAD: &str = "# Script reference

Everything that a script can call beyond [Rhai's own functions](https://rhai.rs/book/), made from the code by
`UPDATE_REFERENCE=1 cargo test --test main reference`. [scripting.md](scripting.md) explains how it is used.

`target` stands for any tenant. Where an identity is wanted, a text or an object of that tenant may be given.
";

const READING: &str = "`get_` gives one `Object`, or fails with kind `not_found`. `find_` gives a `Stream`; `options` are parameters of the
cmdlet (`#{ ResultSize: 10 }`), or of Graph `filter`, `select`, `top`, `orderby`, and a plain text is what the table says. What
comes from Azure takes no options: `{subscription}` is an id or its GUID, `{id}` the id of a resource or the URL of something in a
vault, `{vault}` the id or URL of a vault, and `{unversioned}` a URL whose version does not matter.

| function | what it does | text | asks | needs |
|---|---|---|---|---|
";

const OBJECTS: &str = "What a service returned, or a row of a file. Properties keep the service's names: `mailbox.ExchangeGuid` and
`mailbox[\"exchangeguid\"]` are the same. `.outcome` says `read`, `created`, `updated`, `unchanged`, `planned`, or what the write did
(`removed`, `started`, ...); `.notes` holds what an `ensure_` noticed, `.secret` the secret that a service shows once.

";

/// The topics whose functions are called on their first parameter.
const METHODS: &[&str] = &["Tenants", "Objects", "Streams", "Lists", "Parallel work", "Shared by threads"];

#[test]
fn the_reference_is_what_the_code_says() {
    let made = page();
    if std::env::var_os("UPDATE_REFERENCE").is_some() {
        fs::write(PAGE, &made).expect("the page can be written");
    }

    let kept = fs::read_to_string(PAGE).unwrap_or_default().replace("\r\n", "\n");
    let differs = made.lines().zip(kept.lines()).find(|(made, kept)| made != kept);
    assert!(
        made == kept,
        "docs/reference.md is stale ({differs:?}); run UPDATE_REFERENCE=1 cargo test --test main reference"
    );
}

#[test]
fn every_function_says_what_it_does() {
    for function in functions() {
        let is_sentence = function.help.starts_with(|c: char| c.is_uppercase() || c == '`') && function.help.ends_with('.');
        assert!(is_sentence, "{}: `{}`", function.signature(), function.help);
    }
}

fn functions() -> Vec<FunctionHelp> {
    script::functions().expect("the functions can be listed")
}

fn page() -> String {
    let mut page = HEAD.to_owned();
    let (tenants, others): (Vec<_>, Vec<_>) = functions().into_iter().partition(|function| function.topic == "Tenants");

    section(&mut page, "Tenants: what they are");
    list(&mut page, tenants.iter().filter(|function| function.name.starts_with('.')));
    section(&mut page, "Tenants: reading");
    page.push_str(READING);
    for reading in readings() {
        row(&mut page, reading);
    }
    section(&mut page, "Tenants: making sure");
    page.push_str("Each looks first, changes only what differs, and says in `.outcome` whether anything had to change.\n\n");
    for (name, writes) in ensures() {
        ensure(&mut page, name, writes, &tenants);
    }
    section(&mut page, "Tenants: writing");
    page.push_str("Impact and service are what `WRITES` must allow. Arguments in **bold** are required.\n");
    for descriptor in operations::all() {
        operation(&mut page, descriptor);
    }
    section(&mut page, "Tenants: the partner, and tests");
    list(&mut page, tenants.iter().filter(|function| is_special(&function.name)));

    let mut topic = "";
    for function in &others {
        if function.topic != topic {
            topic = function.topic;
            section(&mut page, topic);
            if topic == "Objects" {
                page.push_str(OBJECTS);
            }
            list(&mut page, others.iter().filter(|other| other.topic == topic));
        }
    }
    section(&mut page, "Modules");
    page.push_str("Imported by name: `import \"std/pairs\" as pairs;`, then `pairs::sources(file)`. They are scripts themselves.\n\n");
    for (name, text) in script::modules() {
        module(&mut page, name, text);
    }
    page
}

fn section(page: &mut String, title: &str) {
    write!(page, "\n## {title}\n\n").expect("writing to a string");
}

/// What is neither in a table of readings, writes and ensures nor a property.
fn is_special(name: &str) -> bool {
    let is_listed = reading(name).is_some() || operations::find(name).is_some() || ensures().iter().any(|(known, ..)| *known == name);
    !is_listed && !name.starts_with(['.', 't']) || name.starts_with("test_")
}

/// One line a sentence, with all forms of the function that it is true of.
fn list<'a>(page: &mut String, functions: impl Iterator<Item = &'a FunctionHelp>) {
    let mut lines: Vec<(&FunctionHelp, Vec<String>)> = Vec::new();
    for function in functions.filter(|function| !["to_string", "to_debug"].contains(&function.name.as_str())) {
        let known = lines
            .iter_mut()
            .find(|(known, _)| known.name == function.name && known.help == function.help);
        match known {
            Some((_, forms)) => forms.push(form(function)),
            None => lines.push((function, vec![form(function)])),
        }
    }
    for (function, forms) in lines {
        let forms: Vec<_> = forms.iter().map(|form| format!("`{form}`")).collect();
        writeln!(page, "- {}: {}", forms.join(", "), function.help).expect("writing to a string");
    }
}

/// The call as it is written: signs between, properties and methods after a dot.
fn form(function: &FunctionHelp) -> String {
    let FunctionHelp {
        topic, name, parameters, ..
    } = function;
    let parts: Vec<_> = parameters.iter().filter_map(|parameter| parameter.split_once(": ")).collect();
    let gives = match function.returns.as_str() {
        "" | "()" => String::new(),
        kind => format!(" -> {kind}"),
    };
    let object = match parts.first() {
        Some(("tenant", _)) => "target",
        Some((object, _)) => object,
        None => "",
    };
    let is_method = METHODS.contains(topic) && !parts.is_empty() && name != "row" || object == "progress";
    match (name.strip_prefix('.'), &*parts) {
        (Some(property), _) => format!("{object}.{property}{gives}"),
        (None, [(_, left), (_, right)]) if !name.starts_with(char::is_alphabetic) => format!("{left} {name} {right}{gives}"),
        (None, _) if is_method => format!("{object}.{name}({}){gives}", parameters[1..].join(", ")),
        (None, _) => format!("{name}({}){gives}", parameters.join(", ")),
    }
}

fn row(page: &mut String, reading: &Reading) {
    let takes_options = !matches!(reading.from, From::Arm { .. } | From::Vault { .. });
    let call = match (reading.many, reading.identity, reading.plain) {
        (true, true, _) if !takes_options => "identity",
        (true, false, _) if !takes_options => "",
        (false, false, _) => "",
        (false, true, _) => "identity",
        (true, true, _) => "identity, options?",
        (true, false, "") => "options?",
        (true, false, _) => "text?, options?",
    };
    let plain = match (reading.many, reading.identity, reading.plain) {
        (true, false, plain) if !plain.is_empty() => format!("`{plain}`"),
        _ => String::new(),
    };
    let asks = match reading.from {
        From::Cmdlet { name, switches } => {
            let switches: String = switches.iter().map(|switch| format!(" -{switch}")).collect();
            format!("`{name}{switches}`")
        }
        From::Graph { path, .. } | From::Arm { path, .. } | From::Vault { path } => format!("`GET {path}`"),
    };
    let Reading {
        name, help, permission, ..
    } = reading;
    writeln!(page, "| `{name}({call})` | {help} | {plain} | {asks} | {permission} |").expect("writing to a string");
}

fn ensure(page: &mut String, name: &str, writes: &[&Descriptor], functions: &[FunctionHelp]) {
    let forms: Vec<_> = functions.iter().filter(|function| function.name == name).collect();
    let help = forms.first().expect("every ensure is known to scripts").help.as_str();
    let calls: Vec<_> = forms.iter().map(|function| format!("`{}`", form(function))).collect();
    let mut services: BTreeMap<_, _> = BTreeMap::new();
    for write in writes {
        let impact = (write.impact)(&Arguments::new(), None);
        let highest = services.entry(write.service).or_insert(impact);
        *highest = impact.max(*highest);
    }
    let needs: Vec<_> = services
        .iter()
        .map(|(service, impact)| format!("{service} up to {impact}"))
        .collect();
    let verbs: Vec<_> = writes.iter().map(|write| format!("`{}`", write.name)).collect();
    writeln!(
        page,
        "- {}: {help} Writes {} (by {}).",
        calls.join(", "),
        needs.join(", "),
        verbs.join(", ")
    )
    .expect("writing to a string");
}

fn operation(page: &mut String, descriptor: &Descriptor) {
    let Descriptor {
        name,
        help,
        service,
        permission,
        ..
    } = descriptor;
    let given = match (descriptor.identity, descriptor.arguments) {
        (Some(_), []) => "identity",
        (Some(_), _) => "identity, #{ ... }",
        (None, []) => "",
        (None, _) => "#{ ... }",
    };
    let call = match descriptor.call {
        Call::Cmdlet(name) => format!("`{name}`"),
        Call::Http { method, path } | Call::Arm { method, path, .. } | Call::Vault { method, path } => format!("`{method} {path}`"),
    };
    let back = match descriptor.inverse {
        Inverse::Restore => "the values from before".to_owned(),
        Inverse::Opposite(other) | Inverse::Remove(other) => format!("`{other}`"),
        Inverse::None(reason) => format!("none; {reason}"),
    };
    let sends = match descriptor.verb {
        Verb::Update => " What is so already is not sent.",
        _ => "",
    };
    write!(
        page,
        "\n### `target.{name}({given})`\n\n{help}{sends}\n\n- {service}, impact {}: {call}\n- needs {permission}\n- inverse: {back}\n",
        impact(descriptor)
    )
    .expect("writing to a string");
    if let Some(resource) = descriptor.resource {
        writeln!(page, "- works on: {resource}").expect("writing to a string");
    }
    if !descriptor.arguments.is_empty() {
        let arguments: Vec<_> = descriptor.arguments.iter().map(argument).collect();
        writeln!(page, "- arguments: {}", arguments.join(", ")).expect("writing to a string");
    }
    if descriptor.secret_reply.is_some() {
        page.push_str("- the secret that the service shows once is in `.secret`\n");
    }
}

/// The impact without arguments, and the arguments that make it worse.
fn impact(descriptor: &Descriptor) -> String {
    let plain = (descriptor.impact)(&Arguments::new(), None);
    let mut worse = BTreeMap::new();
    for argument in descriptor.arguments {
        let values = match argument.kind {
            ArgumentType::Flag => vec![json!(true), json!(false)],
            ArgumentType::List | ArgumentType::Object => vec![json!(["something"])],
            _ => vec![json!("something")],
        };
        for value in values {
            let name = match value {
                Value::Bool(false) => format!("`{}: false`", argument.name),
                _ => format!("`{}`", argument.name),
            };
            let impact = (descriptor.impact)(&Arguments::new().with(argument.name, value), None);
            if impact > plain {
                worse.entry(impact).or_insert_with(Vec::new).push(name);
            }
        }
    }
    let worse: String = worse
        .iter()
        .map(|(impact, names)| format!(", {impact} with {}", names.join(" or ")))
        .collect();
    format!("{plain}{worse}")
}

fn argument(argument: &Argument) -> String {
    let kind = match argument.kind {
        ArgumentType::Text => "text".to_owned(),
        ArgumentType::Flag => "bool".to_owned(),
        ArgumentType::Number => "int".to_owned(),
        ArgumentType::Guid => "guid".to_owned(),
        ArgumentType::Choice(words) => format!("one of {}", words.join(", ")),
        ArgumentType::Flags(words) => format!("some of {}", words.join(", ")),
        ArgumentType::List => "list".to_owned(),
        ArgumentType::Object => "map".to_owned(),
        ArgumentType::DateTime => "time".to_owned(),
        ArgumentType::Secret => "secret".to_owned(),
        ArgumentType::Credential => "credential".to_owned(),
        ArgumentType::Bytes => "bytes".to_owned(),
        ArgumentType::ResourceId => "resource id".to_owned(),
        ArgumentType::CertificateUrl => "URL of a certificate".to_owned(),
    };
    match argument.required {
        true => format!("**`{}`** ({kind})", argument.name),
        false => format!("`{}` ({kind})", argument.name),
    }
}

/// The functions of a module, with the comment above each.
fn module(page: &mut String, name: &str, text: &str) {
    let about: Vec<_> = text.lines().map_while(|line| line.strip_prefix("//! ")).collect();
    write!(page, "### `std/{name}`\n\n{}\n\n", about.join(" ")).expect("writing to a string");
    let mut comment = Vec::new();
    for line in text.lines() {
        if let Some(words) = line.strip_prefix("/// ") {
            comment.push(words);
        } else if let Some(signature) = line.strip_prefix("fn ") {
            let signature = signature.trim_end_matches([' ', '{']);
            writeln!(page, "- `{name}::{signature}`: {}", comment.join(" ")).expect("writing to a string");
            comment.clear();
        }
    }
    page.push('\n');
}
