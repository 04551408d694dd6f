//! One invocation of a cmdlet, and how it ends.

use serde_json::Map;
use serde_json::Value;

use crate::sandbox::Caller;
use crate::sandbox::Tx;
use crate::sandbox::rule;
use crate::sandbox::rule::Rule;

/// What a cmdlet's rule is given.
pub struct Call<'a> {
    /// The state.
    pub tx: &'a Tx<'a>,
    /// The tenant's short name.
    pub tenant: &'a str,
    /// Who calls.
    pub caller: &'a Caller,
    /// The parameters, checked against the cmdlet's table; byte arrays are arrays of numbers, secrets decrypted.
    pub parameters: Map<String, Value>,
}

impl Call<'_> {
    /// The parameter of that name, without case; `null` counts as given.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.parameters
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    /// The parameter as text, when it is not empty.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str().filter(|text| !text.is_empty())
    }

    /// Whether the switch is present and on.
    pub fn is_on(&self, name: &str) -> bool {
        self.get(name)
            .is_some_and(|value| value.as_bool() == Some(true) || value.as_str().is_some_and(|t| t.eq_ignore_ascii_case("true")))
    }

    /// The parameter as a list of texts; a single text counts as one.
    pub fn list(&self, name: &str) -> Vec<String> {
        match self.get(name) {
            Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            Some(Value::String(text)) => vec![text.clone()],
            _ => Vec::new(),
        }
    }
}

/// What a cmdlet returned: objects without annotations (the face adds them) and warnings.
#[derive(Debug, Default)]
pub struct Output {
    /// The objects.
    pub value: Vec<Map<String, Value>>,
    /// The warning stream.
    pub warnings: Vec<String>,
}

impl Output {
    /// One object.
    pub fn one(value: Map<String, Value>) -> Self {
        Self {
            value: vec![value],
            warnings: Vec::new(),
        }
    }
}

/// Why a cmdlet failed: the parts of `details[0].message` with the HTTP status.
#[derive(Debug)]
pub struct Refusal {
    /// The HTTP status: 400, 404, 500.
    pub status: u16,
    /// `Ex` and six hex digits, or empty.
    pub id: &'static str,
    /// The full .NET type.
    pub exception: &'static str,
    /// The human text.
    pub text: String,
}

impl Refusal {
    /// A 400 with this exception.
    pub fn new(exception: &'static str, text: impl Into<String>) -> Self {
        Self {
            status: 400,
            id: "",
            exception,
            text: text.into(),
        }
    }

    /// A 400 by a rule, about these things.
    pub fn by(rule: &Rule, things: &[&str]) -> Self {
        Self::new(rule.exception, rule.text(things))
    }

    /// The 404 of an identity that does not resolve.
    pub fn not_found(identity: &str) -> Self {
        Self {
            status: 404,
            id: "Ex6F9304",
            ..Self::by(&rule::NOT_FOUND, &[identity])
        }
    }
}

impl From<rusqlite::Error> for Refusal {
    fn from(cause: rusqlite::Error) -> Self {
        Self {
            status: 500,
            id: "",
            exception: "Microsoft.Exchange.Data.Storage.StorageTransientException",
            text: format!("the sandbox's state could not be used: {cause}"),
        }
    }
}

/// How a cmdlet ends.
pub type Answer = Result<Output, Refusal>;

/// One cmdlet the sandbox knows.
pub struct Cmdlet {
    /// Its name.
    pub name: &'static str,
    /// Its parameters with their types; anything else is refused.
    pub parameters: &'static [(&'static str, Parameter)],
    /// The parameters it cannot do without.
    pub mandatory: &'static [&'static str],
    /// The role that holds it: `Mail Recipients`, `Organization Configuration`, `Move Mailboxes`, ... Reads use `View`.
    pub role: &'static str,
    /// Its rule.
    pub run: fn(&Call<'_>) -> Answer,
}

/// The type of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parameter {
    /// A switch.
    Switch,
    /// A truth.
    Bool,
    /// A text.
    Text,
    /// A GUID.
    Guid,
    /// A whole number or `Unlimited`.
    Number,
    /// A time in UTC.
    DateTime,
    /// A list, a single text, or an Add/Remove hashtable.
    Multi,
    /// Bytes, as array of numbers or base64.
    Bytes,
    /// A password, encrypted or plain.
    Secret,
    /// A credential, encrypted, or as an object.
    Credential,
}
