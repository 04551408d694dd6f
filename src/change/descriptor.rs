//! `Descriptor`: everything there is to say about one kind of write, in one place. Registration for scripts, help, gate,
//! PowerShell rendering and documentation are derived from it.

use std::fmt;
use std::str::FromStr;

use serde_json::Value;

use crate::change::Evidence;
use crate::change::Impact;
use crate::change::PowerShell;
use crate::model::Arguments;
use crate::model::Record;

/// The service that a write goes to; `WRITES` grants by these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Service {
    /// Exchange admin REST.
    Exchange,
    /// Microsoft Graph.
    Graph,
    /// Azure Resource Manager.
    Arm,
    /// Key Vault.
    KeyVault,
}

impl Service {
    /// The word in `WRITES`.
    pub fn as_str(self) -> &'static str {
        match self {
            Service::Exchange => "exchange",
            Service::Graph => "graph",
            Service::Arm => "arm",
            Service::KeyVault => "key_vault",
        }
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Service {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Service::Exchange, Service::Graph, Service::Arm, Service::KeyVault]
            .into_iter()
            .find(|service| service.as_str() == text)
            .ok_or_else(|| format!("`{text}` is no service; use exchange, graph, arm or key_vault"))
    }
}

/// What a write does to its object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// Makes a new object.
    Create,
    /// Changes properties of an object.
    Update,
    /// Removes an object.
    Remove,
    /// Sets something in motion; the text is the past participle for the narration (`started`, `enabled`).
    Act(&'static str),
}

impl Verb {
    /// `created`, `updated`, `removed`, or the action's own word.
    pub fn past(self) -> &'static str {
        match self {
            Verb::Create => "created",
            Verb::Update => "updated",
            Verb::Remove => "removed",
            Verb::Act(past) => past,
        }
    }
}

/// How the service is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    /// An Exchange cmdlet.
    Cmdlet(&'static str),
    /// An HTTP request; `{name}` in the path is filled from the identity or the argument of that name. The body holds the
    /// arguments, also those that the path repeats, because Graph wants a resource id in both places.
    Http {
        /// `POST`, `PATCH`, `PUT` or `DELETE`.
        method: &'static str,
        /// Path below the service's version root, such as `/applications/{id}/addPassword`.
        path: &'static str,
    },
    /// A request to Azure Resource Manager. The path begins with a whole resource id, `{id}` or an argument's; what the path
    /// names is not repeated in the body.
    Arm {
        /// `POST`, `PATCH`, `PUT` or `DELETE`.
        method: &'static str,
        /// Such as `{id}/accessPolicies/add`.
        path: &'static str,
        /// Such as `2023-07-01`.
        api_version: &'static str,
    },
    /// A request to a key vault. The path begins with the URL that names the object: `{vault}` is that of a vault, `{id}` that of
    /// a certificate or secret, `{unversioned}` the same without its version.
    Vault {
        /// `POST`, `PATCH`, `PUT` or `DELETE`.
        method: &'static str,
        /// Such as `{vault}/certificates/{name}/create`.
        path: &'static str,
    },
}

impl Call {
    /// The path of a request; a cmdlet has none.
    pub fn path(self) -> Option<&'static str> {
        match self {
            Call::Cmdlet(_) => None,
            Call::Http { path, .. } | Call::Arm { path, .. } | Call::Vault { path, .. } => Some(path),
        }
    }

    /// Whether it goes to Azure, whose paths begin with a whole id.
    pub fn is_azure(self) -> bool {
        matches!(self, Call::Arm { .. } | Call::Vault { .. })
    }

    /// The names between braces in the path, in their order.
    pub fn places(self) -> impl Iterator<Item = &'static str> {
        let place = |segment: &'static str| segment.strip_prefix('{')?.strip_suffix('}');
        self.path().unwrap_or_default().split('/').filter_map(place)
    }
}

/// The type of an argument as the service wants it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArgumentType {
    /// A text.
    Text,
    /// A truth.
    Flag,
    /// A whole number.
    Number,
    /// A GUID.
    Guid,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// Several of these words.
    Flags(&'static [&'static str]),
    /// A multi-valued property: a list that replaces, or `#{ Add: [...], Remove: [...] }`.
    List,
    /// A nested object or an array of them.
    Object,
    /// A point in time, UTC.
    DateTime,
    /// A password.
    Secret,
    /// A user name with a secret.
    Credential,
    /// Raw bytes.
    Bytes,
    /// The id of an Azure resource, or of a subscription.
    ResourceId,
    /// The URL of a certificate with its version.
    CertificateUrl,
}

/// One argument of a write.
#[derive(Debug, Clone, Copy)]
pub struct Argument {
    /// The service's name for it.
    pub name: &'static str,
    /// Its type.
    pub kind: ArgumentType,
    /// Whether the service refuses the call without it.
    pub required: bool,
}

impl Argument {
    /// An argument that may be left out.
    pub const fn optional(name: &'static str, kind: ArgumentType) -> Self {
        Self {
            name,
            kind,
            required: false,
        }
    }

    /// This argument, without which the service refuses the call.
    pub const fn required(self) -> Self {
        Self { required: true, ..self }
    }
}

/// What puts a change back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inverse {
    /// The same write with the values from before.
    Restore,
    /// Another write, by its descriptor's name, with the same arguments.
    Opposite(&'static str),
    /// Removing what was made, by that descriptor's name.
    Remove(&'static str),
    /// Nothing, for this reason.
    None(&'static str),
}

/// What may be done when the answer to a write is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// Sending it again gives the same result.
    Safe,
    /// It must be read back first.
    ReadBack,
}

/// The arguments of an opposite write, from those of the change and its recorded properties (name, before, after).
pub type Reversed = fn(&Arguments, &[(String, Value, Value)]) -> Arguments;

/// One kind of write.
#[derive(Debug)]
pub struct Descriptor {
    /// The script's verb, such as `set_mailuser`.
    pub name: &'static str,
    /// The field's noun, such as `MailUser`.
    pub noun: &'static str,
    /// What it does to the object.
    pub verb: Verb,
    /// One sentence in the third person.
    pub help: &'static str,
    /// The service it goes to.
    pub service: Service,
    /// How the service is called.
    pub call: Call,
    /// The only type of resource that the id at the beginning of a path to Azure may name, such as `Microsoft.KeyVault/vaults`, and
    /// of what lies in a vault its kind, such as `certificates`. `None` where any will do, and for what is not in Azure.
    pub resource: Option<&'static str>,
    /// The argument that names the object, such as `Identity`; scripts give it first. `None` for a new object.
    pub identity: Option<&'static str>,
    /// The argument whose value names a new object in narration and plans, such as `Name`.
    pub label: &'static str,
    /// The other arguments.
    pub arguments: &'static [Argument],
    /// What is set in motion by these arguments on an object that is as the image shows it; without an image, what is known without.
    pub impact: fn(&Arguments, Option<&Record>) -> Impact,
    /// What a question names as lost or at stake, beyond what the change itself says: a sentence without capital and full stop.
    pub loses: fn(&Arguments, Option<&Record>) -> Option<&'static str>,
    /// The reading that gives the image from before (a reading's name such as `get_mailuser`), when the object can be read.
    pub before: Option<&'static str>,
    /// The properties of the image from before that are recorded besides the touched ones, because the way back needs them.
    pub keeps: &'static [&'static str],
    /// For what makes an object: the reading that finds it again, and the argument whose value names it there ([`ITS_PLACE`] for
    /// what is found where the path puts it).
    ///
    /// [`ITS_PLACE`]: crate::change::ITS_PLACE
    pub made: Option<(&'static str, &'static str)>,
    /// By what it shows that it was made, where the touched properties or the object itself do not tell.
    pub evidence: Option<Evidence>,
    /// What puts it back.
    pub inverse: Inverse,
    /// The arguments of the opposite, made from those of the change and the recorded properties, where they are not the same.
    pub reversed: Option<Reversed>,
    /// The API permission or Exchange role it needs.
    pub permission: &'static str,
    /// Whether it may share a `$batch`.
    pub batchable: bool,
    /// What may be done when the answer is lost.
    pub retry: Retry,
    /// The property of the answer that is a secret and is shown once, such as `secretText`.
    pub secret_reply: Option<&'static str>,
    /// How it is written in PowerShell.
    pub powershell: PowerShell,
}

impl Descriptor {
    /// The argument of that name, whatever its case.
    pub fn argument(&self, name: &str) -> Option<&Argument> {
        self.arguments.iter().find(|argument| argument.name.eq_ignore_ascii_case(name))
    }
}
