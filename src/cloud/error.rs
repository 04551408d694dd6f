//! `CloudError`: why a call to Microsoft 365 did not give what was asked for, and what to do about it.

use std::time::Duration;

use uuid::Uuid;

use crate::cloud::SignInRefusal;
use crate::model::Kind;
use crate::model::Trouble;

/// A refusal of a service in the terms of `Trouble`, made by the reader of that service's error body.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// What was asked (`Get-MailUser`, `GET /applications`).
    pub call: String,
    /// The HTTP status.
    pub status: u16,
    /// The last segment of Exchange's exception type, or the error code of the others, Key Vault's inner one where it has one.
    pub code: String,
    /// The service's text.
    pub text: String,
    /// Detail codes and texts, outermost first.
    pub details: Vec<String>,
    /// What sort of trouble it is.
    pub kind: Kind,
    /// What the reader can do, where the code alone tells.
    pub remedy: Option<String>,
    /// Whether trying again later may help.
    pub retryable: bool,
    /// The service's own id of the request, for a support case.
    pub request_id: Option<String>,
}

/// What to do about a write whose outcome is not known.
pub(super) const MAY_BE_DONE: &str = "the change may have been made: read the object before repeating it";

/// What to do about a change that Azure has accepted and works on.
pub(super) const UNDERWAY: &str = "Azure goes on with it: read the object before repeating the change";

/// Why a call did not give what was asked for.
#[derive(Debug, thiserror::Error)]
pub enum CloudError {
    /// The credential or the trusted root cannot be used.
    #[error("cannot sign in as application `{client_id}`: {why}")]
    Credential {
        /// The application id.
        client_id: String,
        /// What is wrong.
        why: String,
    },
    /// The connection cannot be set up.
    #[error("cannot set up a connection: {why}")]
    Setup {
        /// What is wrong.
        why: String,
    },
    /// The service was not reached, or the reply was lost.
    #[error("could not reach `{host}` for {call}")]
    Unreachable {
        /// What was asked.
        call: String,
        /// The host.
        host: String,
        /// Whether a write may have been done although its reply was lost.
        may_be_done: bool,
        /// Whether it was our time limit that ended the wait.
        timed_out: bool,
        /// What stood in the way.
        why: String,
    },
    /// The answer is not in a form that we know.
    #[error("could not read the answer to {call} (HTTP {status})")]
    Unreadable {
        /// What was asked.
        call: String,
        /// The HTTP status.
        status: u16,
        /// What is odd about it.
        why: String,
        /// Whether a write may have been done although its answer says nothing.
        may_be_done: bool,
        /// The service's own id of the request.
        request_id: Option<String>,
    },
    /// The service asked to wait, again and again or for too long.
    #[error("`{host}` throttles {call}: it asked to wait {} s more after {attempts} attempts", .wait.as_secs())]
    Throttled {
        /// What was asked.
        call: String,
        /// The host.
        host: String,
        /// How long it asked to wait at last.
        wait: Duration,
        /// How often we asked.
        attempts: u32,
    },
    /// An attempt could not be recorded, so it was not sent.
    #[error("{0}")]
    NotRecorded(Trouble),
    /// Azure accepted a change and was not done with it when we stopped waiting.
    #[error("{call} was accepted and is still not done after {} minutes", .waited.as_secs() / 60)]
    Unfinished {
        /// What was asked.
        call: String,
        /// How long we waited.
        waited: Duration,
    },
    /// The name of a vault or storage account leads nowhere.
    #[error("{call}: there is no host `{host}`")]
    UnknownHost {
        /// What was asked.
        call: String,
        /// The host.
        host: String,
    },
    /// A vault belongs to another tenant.
    #[error("vault `{host}` belongs to tenant {owner}, not to ours, {own}")]
    ForeignVault {
        /// The host of the vault.
        host: String,
        /// Whose vault it is.
        owner: Uuid,
        /// Who we are.
        own: Uuid,
    },
    /// Entra refused a token.
    #[error(transparent)]
    SignIn(#[from] SignInRefusal),
    /// A service refused.
    #[error("{}", .0.text)]
    Refused(Box<Fault>),
    /// A read was asked for by a cmdlet that is not known to read.
    #[error("`{cmdlet}` is not known to read")]
    NotReading {
        /// The cmdlet.
        cmdlet: String,
    },
    /// The request cannot be sent as it is.
    #[error("{call} cannot be sent: {why}")]
    Invalid {
        /// What was asked.
        call: String,
        /// What is wrong.
        why: String,
    },
    /// The service's link to the next page or to the outcome leads elsewhere.
    #[error("{call}: the service's link leads to another host, `{link}`")]
    ForeignLink {
        /// What was asked.
        call: String,
        /// The link's origin.
        link: String,
    },
}

impl From<Fault> for CloudError {
    fn from(fault: Fault) -> Self {
        CloudError::Refused(Box::new(fault))
    }
}

impl From<CloudError> for Trouble {
    fn from(error: CloudError) -> Self {
        let message = error.to_string();
        match error {
            CloudError::SignIn(refusal) => refusal.into(),
            CloudError::NotRecorded(trouble) => trouble,
            CloudError::Refused(fault) => fault.trouble(),
            CloudError::Credential { .. } => Trouble::new(Kind::SignIn, message)
                .with_code("credential")
                .with_remedy("check the certificate, key or secret of this profile"),
            CloudError::Setup { .. } => Trouble::new(Kind::Invalid, message).with_code("connection"),
            CloudError::Unreachable {
                may_be_done,
                timed_out,
                why,
                ..
            } => {
                let kind = if timed_out { Kind::Timeout } else { Kind::Network };
                let trouble = Trouble::new(kind, message).caused_by(why);
                if may_be_done {
                    return trouble.with_code("reply_lost").with_remedy(MAY_BE_DONE);
                }
                trouble
                    .with_code("unreachable")
                    .with_remedy("check the network and proxy, then try again")
                    .retryable()
            }
            CloudError::Unreadable {
                why,
                may_be_done,
                request_id,
                ..
            } => {
                let mut trouble = Trouble::new(Kind::Network, message).with_code("unreadable").caused_by(why);
                if may_be_done {
                    trouble = trouble.with_remedy(MAY_BE_DONE);
                }
                match request_id {
                    Some(id) => trouble.caused_by(format!("request id {id}")),
                    None => trouble,
                }
            }
            CloudError::Throttled { .. } => Trouble::new(Kind::Throttled, message)
                .with_code("throttled")
                .with_remedy("wait a while, or work on fewer objects at once")
                .retryable(),
            CloudError::Unfinished { .. } => Trouble::new(Kind::Timeout, message).with_code("unfinished").with_remedy(UNDERWAY),
            CloudError::UnknownHost { .. } => Trouble::new(Kind::NotFound, message)
                .with_code("UnknownHost")
                .with_remedy("check the name; one that was just made is known everywhere after some minutes")
                .retryable(),
            CloudError::ForeignVault { .. } => Trouble::new(Kind::Forbidden, message)
                .with_code("foreign_vault")
                .with_remedy("use a vault of this tenant, or the profile of the vault's tenant"),
            CloudError::NotReading { .. } => Trouble::new(Kind::NotPermitted, message)
                .with_code("not_reading")
                .with_remedy("use the operation that writes, so that the change passes the gate"),
            CloudError::Invalid { .. } => Trouble::new(Kind::Invalid, message).with_code("invalid_request"),
            CloudError::ForeignLink { .. } => Trouble::new(Kind::Network, message).with_code("foreign_link"),
        }
    }
}

impl Fault {
    fn trouble(self) -> Trouble {
        let mut trouble = Trouble::new(self.kind, format!("{}: {}", self.call, self.text)).with_code(self.code);
        trouble.remedy = self.remedy;
        trouble.retryable = self.retryable;
        trouble.causes = self.details;
        match self.request_id {
            Some(id) => trouble.caused_by(format!("HTTP {}, request id {id}", self.status)),
            None => trouble.caused_by(format!("HTTP {}", self.status)),
        }
    }
}
