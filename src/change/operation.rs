//! `Operation`: one write, ready to be put before the gate.

use serde_json::Value;
use uuid::Uuid;

use crate::change::ArgumentType;
use crate::change::Descriptor;
use crate::change::Impact;
use crate::change::Patience;
use crate::change::Verb;
use crate::model::Arguments;
use crate::model::CertificateUrl;
use crate::model::Given;
use crate::model::Kind;
use crate::model::Record;
use crate::model::Trouble;
use crate::model::did_you_mean;
use crate::model::is_placeholder;
use crate::model::moment;
use crate::model::resource_type;

/// A descriptor with its object and checked arguments.
#[derive(Debug, Clone)]
pub struct Operation {
    /// What kind of write.
    pub descriptor: &'static Descriptor,
    /// The identity of the object, for writes on an existing one.
    pub object: Option<String>,
    /// The arguments, without the identity.
    pub arguments: Arguments,
    /// Which refusals are worth waiting for, and how long.
    pub patience: Patience,
}

impl Operation {
    /// Checks names, types and completeness against the descriptor.
    pub fn new(descriptor: &'static Descriptor, object: Option<String>, arguments: Arguments) -> Result<Self, Trouble> {
        if descriptor.identity.is_some() && object.as_deref().unwrap_or_default().is_empty() {
            return Err(invalid(
                descriptor,
                format!("`{}` needs the {} to work on", descriptor.name, descriptor.noun),
            ));
        }
        for (name, value) in arguments.iter() {
            let Some(argument) = descriptor.argument(name) else {
                return Err(unknown_argument(descriptor, name));
            };
            if !fits(argument.kind, value) {
                // What was given for a secret may be one.
                let got = match argument.kind {
                    ArgumentType::Secret | ArgumentType::Credential => String::new(),
                    _ => format!(", got {}", value.shown()),
                };
                let message = format!("`{name}` of `{}` takes {}{got}", descriptor.name, wanted(argument.kind));
                return Err(invalid(descriptor, message));
            }
        }
        if let Some(odd) = misplaced(descriptor, object.as_deref(), &arguments) {
            return Err(invalid(
                descriptor,
                format!("`{}` cannot work on `{odd}`, which is no name that Azure gives", descriptor.name),
            ));
        }
        if let Some(odd) = of_another_type(descriptor, object.as_deref(), &arguments) {
            return Err(odd);
        }
        if let Some(missing) = descriptor.arguments.iter().find(|a| a.required && arguments.get(a.name).is_none()) {
            return Err(invalid(descriptor, format!("`{}` needs `{}`", descriptor.name, missing.name)));
        }
        Ok(Self {
            descriptor,
            object,
            arguments,
            patience: Patience::NONE,
        })
    }

    /// That `object` is as it should be, known without forming the write of `descriptor` that would make it so.
    pub(crate) fn settled(descriptor: &'static Descriptor, object: &str) -> Self {
        Self {
            descriptor,
            object: Some(object.to_owned()),
            arguments: Arguments::new(),
            patience: Patience::NONE,
        }
    }

    /// This operation, sent again while the refusal is one that `patience` waits for.
    pub fn with_patience(mut self, patience: Patience) -> Self {
        self.patience = patience;
        self
    }

    /// The path of a request with its `{name}` parts filled in; `None` for a cmdlet. A path to Azure begins with a whole resource
    /// id or URL, which stays one.
    pub fn path(&self) -> Option<String> {
        filled(self.descriptor, |name| {
            value_of(self.descriptor, name, self.object.as_deref(), &self.arguments)
        })
    }

    /// The arguments that make the body of a request to Azure: those that the path does not hold.
    pub fn body(&self) -> impl Iterator<Item = (&str, &Given)> {
        let places: Vec<_> = self.descriptor.call.places().collect();
        self.arguments
            .iter()
            .filter(move |(name, _)| !places.iter().any(|place| place.eq_ignore_ascii_case(name)))
    }

    /// What is set in motion on an object that is as `image` shows it.
    pub fn impact(&self, image: Option<&Record>) -> Impact {
        (self.descriptor.impact)(&self.arguments, image)
    }

    /// How the object is called in narration and plans.
    pub fn label(&self) -> String {
        let named = self.arguments.text(self.descriptor.label);
        let label = match self.descriptor.verb {
            Verb::Create => named.or(self.object.as_deref()),
            _ => self.object.as_deref().or(named),
        };
        match label {
            Some(id) if self.descriptor.call.is_azure() => name_in(id).to_owned(),
            label => label.unwrap_or(self.descriptor.noun).to_owned(),
        }
    }
}

/// The path of the descriptor's request with what `value_of` gives for its `{name}` parts; `None` for a cmdlet. A placeholder stays
/// legible: it is never sent.
pub(super) fn filled<'v>(descriptor: &Descriptor, value_of: impl Fn(&str) -> Option<&'v str>) -> Option<String> {
    let is_azure = descriptor.call.is_azure();
    let path = descriptor.call.path()?;
    let segments = path.split('/').enumerate().map(|(at, segment)| {
        let Some(name) = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) else {
            return segment.to_owned();
        };
        match value_of(name) {
            Some(value) if is_azure && at == 0 => whole(value),
            Some(value) if is_azure || is_placeholder(value) => value.to_owned(),
            value => value.map(escaped).unwrap_or_default(),
        }
    });
    Some(segments.collect::<Vec<_>>().join("/"))
}

/// The name at the end of a resource id, or in the URL of something in a vault.
fn name_in(id: &str) -> &str {
    let id = id.trim_end_matches('/');
    match id.strip_prefix("https://") {
        Some(url) => url.split('/').nth(2).unwrap_or(url),
        None => id.rsplit('/').next().unwrap_or(id),
    }
}

/// What stands for `{name}` in a path: the identity, or the argument of that name.
fn value_of<'a>(descriptor: &Descriptor, name: &str, object: Option<&'a str>, arguments: &'a Arguments) -> Option<&'a str> {
    match descriptor.identity == Some(name) {
        true => object,
        false => arguments.text(name),
    }
}

/// What would lead a path to Azure elsewhere.
fn misplaced<'a>(descriptor: &Descriptor, object: Option<&'a str>, arguments: &'a Arguments) -> Option<&'a str> {
    let places = descriptor.call.places().enumerate().filter(|_| descriptor.call.is_azure());
    let mut values = places.filter_map(|(at, name)| Some((at == 0, value_of(descriptor, name, object, arguments)?)));
    // The first place of such a path is a whole id.
    values.find_map(|(is_whole_id, value)| (!keeps_its_place(value, is_whole_id)).then_some(value))
}

/// Why the id at the beginning of a path to Azure cannot be there: what the operation does, and with it its impact, is known for
/// one type of resource only.
fn of_another_type(descriptor: &Descriptor, object: Option<&str>, arguments: &Arguments) -> Option<Trouble> {
    let wanted = descriptor.resource?;
    let id = value_of(descriptor, descriptor.call.places().next()?, object, arguments)?;
    let found = resource_type(&whole(id));
    if found.as_deref().is_some_and(|found| found.eq_ignore_ascii_case(wanted)) {
        return None;
    }
    let found = found.map_or_else(|| "is none".to_owned(), |found| format!("is of {found}"));
    let message = format!("`{}` works on {wanted} only, and `{id}` {found}", descriptor.name);
    Some(invalid(descriptor, message))
}

/// A subscription may be given by its GUID alone.
fn whole(id: &str) -> String {
    match Uuid::parse_str(id) {
        Ok(_) => format!("/subscriptions/{id}"),
        Err(_) => id.to_owned(),
    }
}

/// Whether `text` stays the one place of a path to Azure that it is put into: a name, or with slashes a whole id or URL. What
/// Azure calls its resources needs no other characters.
pub fn keeps_its_place(text: &str, is_whole_id: bool) -> bool {
    let is_plain = |segment: &str| {
        let is_common = |c: char| c.is_alphanumeric() || "-_.()' @,‹›".contains(c);
        segment != "." && segment != ".." && segment.chars().all(is_common)
    };
    let id = text.strip_prefix("https://").unwrap_or(text);
    match is_whole_id {
        true => id.split('/').all(is_plain),
        false => !text.is_empty() && is_plain(text),
    }
}

/// One segment of a path. The `#` of a guest's user principal name would otherwise begin a fragment.
pub fn escaped(segment: &str) -> String {
    segment
        .bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'@' | b'\'' | b'!' | b'$' | b',' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

fn invalid(descriptor: &Descriptor, message: String) -> Trouble {
    Trouble::new(Kind::Invalid, message)
        .with_code("invalid_argument")
        .with_remedy(format!("see `{}` in docs/reference.md", descriptor.name))
}

fn unknown_argument(descriptor: &Descriptor, name: &str) -> Trouble {
    let known: Vec<&str> = descriptor.arguments.iter().map(|argument| argument.name).collect();
    let trouble = Trouble::new(Kind::Invalid, format!("`{}` has no argument `{name}`", descriptor.name))
        .with_code("unknown_argument")
        .with_remedy(format!("its arguments are {}", known.join(", ")));
    did_you_mean(trouble, name, known)
}

fn fits(kind: ArgumentType, value: &Given) -> bool {
    let plain = match value {
        Given::Secret(_) => return kind == ArgumentType::Secret,
        Given::Credential { .. } => return kind == ArgumentType::Credential,
        Given::Bytes(_) => return kind == ArgumentType::Bytes,
        Given::Plain(Value::Null) => return true,
        Given::Plain(value) => value,
    };
    let is_word = |words: &[&str], text: &str| words.iter().any(|word| word.eq_ignore_ascii_case(text.trim()));
    match kind {
        ArgumentType::Text => plain.is_string(),
        ArgumentType::Guid => plain
            .as_str()
            .is_some_and(|text| is_placeholder(text) || Uuid::parse_str(text.trim()).is_ok()),
        ArgumentType::DateTime => plain.as_str().is_some_and(|text| is_placeholder(text) || moment(text).is_some()),
        ArgumentType::Flag => plain.is_boolean(),
        ArgumentType::Number => plain.is_number() || plain.as_str().is_some(),
        ArgumentType::Choice(words) => plain.as_str().is_some_and(|text| is_word(words, text)),
        ArgumentType::Flags(words) => match plain {
            Value::String(text) => text.split(',').all(|part| is_word(words, part)),
            Value::Array(items) => items.iter().all(|item| item.as_str().is_some_and(|text| is_word(words, text))),
            _ => false,
        },
        ArgumentType::List => match plain {
            Value::String(_) | Value::Array(_) => true,
            Value::Object(edit) => edit.keys().all(|key| matches!(key.to_ascii_lowercase().as_str(), "add" | "remove")),
            _ => false,
        },
        ArgumentType::Object => plain.is_object() || plain.is_array(),
        ArgumentType::ResourceId => plain
            .as_str()
            .is_some_and(|text| text.starts_with('/') || Uuid::parse_str(text).is_ok()),
        ArgumentType::CertificateUrl => plain
            .as_str()
            .is_some_and(|text| is_placeholder(text) || CertificateUrl::parse(text).is_ok()),
        ArgumentType::Secret | ArgumentType::Credential | ArgumentType::Bytes => false,
    }
}

fn wanted(kind: ArgumentType) -> String {
    match kind {
        ArgumentType::Text => "a text".into(),
        ArgumentType::Flag => "true or false".into(),
        ArgumentType::Number => "a number".into(),
        ArgumentType::Guid => "a GUID".into(),
        ArgumentType::Choice(words) => format!("one of {}", words.join(", ")),
        ArgumentType::Flags(words) => format!("any of {}", words.join(", ")),
        ArgumentType::List => "a list, or #{ Add: [...], Remove: [...] }".into(),
        ArgumentType::Object => "an object".into(),
        ArgumentType::DateTime => "a time such as 2026-03-01T18:00:00Z".into(),
        ArgumentType::Secret => "a secret, such as `secret(...)` or `random_password()` gives".into(),
        ArgumentType::Credential => "a credential, as `credential(user, secret)` gives".into(),
        ArgumentType::Bytes => "bytes".into(),
        ArgumentType::ResourceId => "the id of an Azure resource, such as `/subscriptions/...`".into(),
        ArgumentType::CertificateUrl => {
            "the URL of a certificate with its version: https://VAULT.vault.azure.net:443/certificates/NAME/VERSION".into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::Argument;
    use crate::change::Call;
    use crate::change::Inverse;
    use crate::change::PowerShell;
    use crate::change::Retry;
    use crate::change::Service;

    const MOVE: Descriptor = Descriptor {
        name: "set_thing",
        noun: "thing",
        verb: Verb::Update,
        help: "Changes a thing.",
        service: Service::Graph,
        call: Call::Http {
            method: "PATCH",
            path: "/things/{id}/parts/{partId}",
        },
        resource: None,
        identity: Some("id"),
        label: "Name",
        arguments: &[
            Argument::optional("partId", ArgumentType::Text).required(),
            Argument::optional("ExchangeGuid", ArgumentType::Guid),
            Argument::optional("CompleteAfter", ArgumentType::DateTime),
            Argument::optional("Capability", ArgumentType::Flags(&["Inbound", "RemoteOutbound"])),
        ],
        impact: |_, _| Impact::Low,
        loses: |_, _| None,
        before: None,
        keeps: &[],
        made: None,
        evidence: None,
        inverse: Inverse::Restore,
        reversed: None,
        permission: "Things",
        batchable: true,
        retry: Retry::Safe,
        secret_reply: None,
        powershell: PowerShell::Cmdlet { asks: false, then: None },
    };

    static SET: Descriptor = MOVE;

    fn refused(arguments: Arguments) -> String {
        let arguments = arguments.with("partId", "p");
        Operation::new(&SET, Some("x".into()), arguments).unwrap_err().message.clone()
    }

    #[test]
    fn a_value_of_the_wrong_type_is_refused_with_what_was_expected() {
        assert!(refused(Arguments::new().with("ExchangeGuid", "not a guid")).contains("takes a GUID"));
        assert!(refused(Arguments::new().with("CompleteAfter", "tomorrow")).contains("takes a time"));
        assert!(refused(Arguments::new().with("Capability", "Inbound,Sideways")).contains("any of Inbound"));
    }

    #[test]
    fn placeholders_and_times_without_zone_are_accepted() {
        let arguments = Arguments::new()
            .with("partId", "p")
            .with("ExchangeGuid", "‹GUID of Lara›")
            .with("CompleteAfter", "2026-03-01T18:00:00");

        assert!(Operation::new(&SET, Some("x".into()), arguments).is_ok());
    }

    #[test]
    fn a_misspelt_argument_gets_the_nearest_name() {
        let arguments = Arguments::new().with("partId", "p").with("ExchangeGiud", "x");

        let trouble = Operation::new(&SET, Some("x".into()), arguments).unwrap_err();

        assert_eq!(trouble.remedy.as_deref(), Some("did you mean `ExchangeGuid`?"));
    }

    #[test]
    fn what_is_missing_is_named() {
        let without_part = Operation::new(&SET, Some("x".into()), Arguments::new()).unwrap_err();
        let without_object = Operation::new(&SET, None, Arguments::new().with("partId", "p")).unwrap_err();

        assert!(without_part.message.contains("`partId`"));
        assert!(without_object.message.contains("the thing to work on"));
    }

    #[test]
    fn a_path_is_filled_so_that_no_name_can_leave_its_place_in_it() {
        let arguments = Arguments::new().with("partId", "a/b?c");

        let operation = Operation::new(&SET, Some("ann#EXT#@northwind.com".into()), arguments).unwrap();

        assert_eq!(
            operation.path().as_deref(),
            Some("/things/ann%23EXT%23@northwind.com/parts/a%2Fb%3Fc")
        );
    }

    #[test]
    fn an_operation_on_one_type_of_resource_takes_no_other() {
        static END: Descriptor = Descriptor {
            call: Call::Arm {
                method: "DELETE",
                path: "{id}",
                api_version: "2021-05-01-preview",
            },
            resource: Some("Microsoft.Insights/diagnosticSettings"),
            arguments: &[],
            ..MOVE
        };
        let vault = "/subscriptions/3c3c/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv";
        let end = |id: &str| Operation::new(&END, Some(id.to_owned()), Arguments::new());

        assert!(end(&format!("{vault}/providers/microsoft.insights/diagnosticSettings/service")).is_ok());
        let refused = end(vault).unwrap_err();
        assert_eq!(refused.code, "invalid_argument");
        assert!(refused.message.contains("is of Microsoft.KeyVault/vaults"), "{}", refused.message);
        assert!(end("/subscriptions/3c3c/somewhere").is_err());
    }

    #[test]
    fn a_path_to_azure_begins_with_a_whole_id_and_is_not_repeated_in_the_body() {
        static NEW: Descriptor = Descriptor {
            call: Call::Arm {
                method: "PUT",
                path: "{group}/providers/Microsoft.KeyVault/vaults/{name}",
                api_version: "2023-07-01",
            },
            identity: None,
            arguments: &[
                Argument::optional("group", ArgumentType::ResourceId).required(),
                Argument::optional("name", ArgumentType::Text).required(),
                Argument::optional("location", ArgumentType::Text),
            ],
            ..MOVE
        };
        let arguments = Arguments::new().with("location", "westeurope");

        let make = |group: &str, name: &str| Operation::new(&NEW, None, arguments.clone().with("group", group).with("name", name));
        let operation = make("/subscriptions/3c3c/resourceGroups/r (1)", "kv").unwrap();
        let guid = Uuid::nil().to_string();

        assert_eq!(
            operation.path().as_deref(),
            Some("/subscriptions/3c3c/resourceGroups/r (1)/providers/Microsoft.KeyVault/vaults/kv")
        );
        assert_eq!(
            make(&guid, &guid).unwrap().path(),
            Some(format!("/subscriptions/{guid}/providers/Microsoft.KeyVault/vaults/{guid}"))
        );
        assert_eq!(operation.body().map(|(name, _)| name).collect::<Vec<_>>(), ["location"]);
        for (group, name) in [
            ("https://attacker.example", "kv"),
            ("/a?b", "kv"),
            ("/a/../b", "kv"),
            ("/a", "b/c"),
            ("/a", "b%2Fc"),
        ] {
            assert_eq!(make(group, name).unwrap_err().code, "invalid_argument", "{group} {name}");
        }
    }
}
