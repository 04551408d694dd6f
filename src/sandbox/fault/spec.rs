//! `FaultSpec`: which calls a fault is about, how often it happens, and what it does.

use std::time::Duration;

use serde::Deserialize;
use serde::Serialize;

use crate::sandbox::hosts::Face;

/// A fault as it is ordered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FaultSpec {
    /// The service.
    pub service: Service,
    /// The tenant, by short name, domain or id; all when missing.
    pub tenant: Option<String>,
    /// A cmdlet or `METHOD /path/{id}`; `*` stands for anything, `{...}` for a part of a path.
    pub operation: Option<String>,
    /// What the object is called: an identity, a name, an id or a part of the path, with `*` for anything.
    pub object: Option<String>,
    /// How often it happens; without end when missing.
    pub count: Option<u64>,
    /// How many calls pass first.
    pub skip: u64,
    /// How likely it is for each call, from 0 to 1; certain when missing.
    pub probability: Option<f64>,
    /// Decides which calls the likelihood picks.
    pub seed: u64,
    /// What happens.
    pub effect: Effect,
}

/// A service that faults can be ordered for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Service {
    /// Sign-in.
    Entra,
    /// Microsoft Graph.
    Graph,
    /// Exchange admin REST.
    Exchange,
    /// Azure Resource Manager.
    Arm,
    /// Key Vault's data.
    Vault,
    /// A storage account's blobs.
    Blob,
}

impl Service {
    /// All of them.
    pub const ALL: [Service; 6] = [
        Service::Entra,
        Service::Graph,
        Service::Exchange,
        Service::Arm,
        Service::Vault,
        Service::Blob,
    ];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Entra => "entra",
            Self::Graph => "graph",
            Self::Exchange => "exchange",
            Self::Arm => "arm",
            Self::Vault => "vault",
            Self::Blob => "blob",
        }
    }

    /// The service behind a face; `None` for pages and controls, which have no faults.
    pub fn of(face: Face) -> Option<Self> {
        match face {
            Face::Entra => Some(Self::Entra),
            Face::Graph => Some(Self::Graph),
            Face::Exchange => Some(Self::Exchange),
            Face::Arm => Some(Self::Arm),
            Face::Vault => Some(Self::Vault),
            Face::Blob => Some(Self::Blob),
            Face::Web | Face::Control => None,
        }
    }

    /// The face in front of it.
    pub fn face(self) -> Face {
        match self {
            Self::Entra => Face::Entra,
            Self::Graph => Face::Graph,
            Self::Exchange => Face::Exchange,
            Self::Arm => Face::Arm,
            Self::Vault => Face::Vault,
            Self::Blob => Face::Blob,
        }
    }
}

/// What happens to a call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Effect {
    /// It is refused as one too many.
    Throttle {
        /// For how long the client is to stay away; the service does not say when missing.
        retry_after: Option<Duration>,
    },
    /// The service is not there just now.
    Unavailable {
        /// For how long; the service does not say when missing.
        retry_after: Option<Duration>,
    },
    /// The connection is closed in place of a reply.
    Cut {
        /// Before the work or after it.
        when: Cut,
    },
    /// The reply comes late.
    Slow {
        /// By how much.
        delay: Duration,
        /// Whether each item of a batch takes that long, and not the whole.
        per_item: bool,
    },
    /// The token is taken for one whose time is over.
    ExpiredToken,
    /// The token is refused until it holds more, for clients that said they understand that; for others it is over.
    ClaimsChallenge,
    /// The link to a further page is taken for one that is too old.
    PageExpired,
    /// Any other refusal, in the form that the service gives its refusals.
    Error {
        /// The HTTP status.
        status: u16,
        /// The code, of Exchange the exception's type, of Entra the error or the AADSTS number.
        code: String,
        /// The text.
        message: String,
    },
}

/// When a connection is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Cut {
    /// Nothing was done.
    Before,
    /// All was done, and nobody hears of it.
    After,
}
