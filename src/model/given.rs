//! `Given`: a value handed to an operation. Secrets keep their own form, so that they cannot be printed on the way.

use std::fmt;

use secrecy::ExposeSecret;
use secrecy::SecretString;
use serde_json::Value;

/// One argument of an operation.
#[derive(Clone)]
pub enum Given {
    /// An ordinary value.
    Plain(Value),
    /// A password or client secret.
    Secret(SecretString),
    /// A user name (for an endpoint: the application id) with its secret.
    Credential {
        /// The user name.
        user: String,
        /// The secret.
        secret: SecretString,
    },
    /// Raw bytes, such as the CSV of a batch.
    Bytes(Vec<u8>),
}

impl Given {
    /// The plain value, if it is one.
    pub fn plain(&self) -> Option<&Value> {
        match self {
            Given::Plain(value) => Some(value),
            _ => None,
        }
    }

    /// What may be shown: the value, or the kind of secret.
    pub fn shown(&self) -> Value {
        match self {
            Given::Plain(value) => value.clone(),
            Given::Secret(_) => "‹secret›".into(),
            Given::Credential { user, .. } => format!("‹credential of {user}›").into(),
            Given::Bytes(bytes) => format!("‹{} bytes›", bytes.len()).into(),
        }
    }
}

impl fmt::Debug for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.shown())
    }
}

impl PartialEq for Given {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Given::Plain(a), Given::Plain(b)) => a == b,
            (Given::Secret(a), Given::Secret(b)) => a.expose_secret() == b.expose_secret(),
            (Given::Credential { user: a, secret: x }, Given::Credential { user: b, secret: y }) => {
                a == b && x.expose_secret() == y.expose_secret()
            }
            (Given::Bytes(a), Given::Bytes(b)) => a == b,
            _ => false,
        }
    }
}

impl<T: Into<Value>> From<T> for Given {
    fn from(value: T) -> Self {
        Given::Plain(value.into())
    }
}

/// The arguments of an operation by name, in the order they were given; names are compared without case.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Arguments(Vec<(String, Given)>);

impl Arguments {
    /// No arguments.
    pub fn new() -> Self {
        Self::default()
    }

    /// With one more argument; the same name again replaces.
    pub fn with(mut self, name: &str, value: impl Into<Given>) -> Self {
        self.set(name, value);
        self
    }

    /// Sets an argument; the same name again replaces.
    pub fn set(&mut self, name: &str, value: impl Into<Given>) {
        let value = value.into();
        match self.0.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
            Some((_, slot)) => *slot = value,
            None => self.0.push((name.to_owned(), value)),
        }
    }

    /// Takes an argument out.
    pub fn remove(&mut self, name: &str) -> Option<Given> {
        let at = self.0.iter().position(|(known, _)| known.eq_ignore_ascii_case(name))?;
        Some(self.0.remove(at).1)
    }

    /// The argument of that name.
    pub fn get(&self, name: &str) -> Option<&Given> {
        self.0
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    /// The plain text of that name.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.plain()?.as_str()
    }

    /// Whether a switch of that name is on.
    pub fn is_on(&self, name: &str) -> bool {
        self.get(name).and_then(Given::plain).and_then(Value::as_bool).unwrap_or(false)
    }

    /// Names and values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Given)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Keeps the arguments for which `keep` holds.
    pub fn retain(&mut self, keep: impl Fn(&str, &Given) -> bool) {
        self.0.retain(|(name, value)| keep(name, value));
    }
}
