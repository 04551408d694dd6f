//! `Trouble`: what went wrong, in the form every layer passes upward and scripts catch.

use std::fmt;
use std::ops::Deref;
use std::ops::DerefMut;

use serde::Serialize;

/// What sort of trouble it is; scripts branch on this and on nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The object does not exist.
    NotFound,
    /// The object, name or address is taken.
    AlreadyExists,
    /// The signed-in identity lacks a role or permission.
    Forbidden,
    /// Signing in failed.
    SignIn,
    /// The service asked to wait longer than we were willing to.
    Throttled,
    /// The request, file or argument is not valid.
    Invalid,
    /// The service understood and refused.
    Refused,
    /// The state found contradicts what was asked for.
    Conflict,
    /// The deadline passed.
    Timeout,
    /// The service could not be reached, or its answer not be read.
    Network,
    /// The gate refused: the run may not change this.
    NotPermitted,
    /// Somebody was asked whether to change this and said no.
    Declined,
    /// The object is no longer as it was when the change was planned.
    Drifted,
    /// A defect of this program.
    Internal,
}

impl Kind {
    /// The word scripts see.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::NotFound => "not_found",
            Kind::AlreadyExists => "already_exists",
            Kind::Forbidden => "forbidden",
            Kind::SignIn => "sign_in",
            Kind::Throttled => "throttled",
            Kind::Invalid => "invalid",
            Kind::Refused => "refused",
            Kind::Conflict => "conflict",
            Kind::Timeout => "timeout",
            Kind::Network => "network",
            Kind::NotPermitted => "not_permitted",
            Kind::Declined => "declined",
            Kind::Drifted => "drifted",
            Kind::Internal => "internal",
        }
    }
}

/// An error that says what failed, on which object of which tenant, why, and what to do next. Its parts stand behind a pointer,
/// so that results stay small.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Trouble(Box<Parts>);

/// The parts of a [`Trouble`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Parts {
    /// What sort it is.
    pub kind: Kind,
    /// The service's own code or exception type (`ManagementObjectNotFoundException`, `AADSTS7000215`), or ours.
    pub code: String,
    /// One sentence without capital, full stop or "error:".
    pub message: String,
    /// What the reader can do next.
    pub remedy: Option<String>,
    /// The profile name or domain of the tenant.
    pub tenant: Option<String>,
    /// The identity of the object.
    pub object: Option<String>,
    /// Whether trying again later may help.
    pub retryable: bool,
    /// What lies underneath, outermost first.
    pub causes: Vec<String>,
}

impl Trouble {
    /// Trouble of `kind` with a sentence; the rest is added with the `with_` methods.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self(Box::new(Parts {
            kind,
            code: kind.as_str().to_owned(),
            message: message.into(),
            remedy: None,
            tenant: None,
            object: None,
            retryable: false,
            causes: Vec::new(),
        }))
    }

    /// With the service's code.
    pub fn with_code(mut self, code: impl Into<String>) -> Self {
        self.code = code.into();
        self
    }

    /// With what the reader can do next.
    pub fn with_remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// With the tenant, unless one is known already.
    pub fn in_tenant(mut self, tenant: impl Into<String>) -> Self {
        self.tenant.get_or_insert_with(|| tenant.into());
        self
    }

    /// With the object, unless one is known already.
    pub fn on_object(mut self, object: impl Into<String>) -> Self {
        self.object.get_or_insert_with(|| object.into());
        self
    }

    /// Marked as worth trying again.
    pub fn retryable(mut self) -> Self {
        self.retryable = true;
        self
    }

    /// With a cause underneath.
    pub fn caused_by(mut self, cause: impl fmt::Display) -> Self {
        self.causes.push(cause.to_string());
        self
    }
}

impl Deref for Trouble {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl DerefMut for Trouble {
    fn deref_mut(&mut self) -> &mut Parts {
        &mut self.0
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Trouble {}
