//! Sign-in.

use crate::cloud::CloudError;
use crate::cloud::Connection;
use crate::cloud::Identity;
use crate::model::Kind;
use crate::model::Trouble;
use secrecy::SecretString;

/// Entra's refusal of a token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("sign-in to `{tenant}` was refused: {description}")]
pub struct SignInRefusal {
    /// The AADSTS number, or 0 when the answer has none.
    pub number: u64,
    /// The OAuth error (`invalid_client`).
    pub error: String,
    /// The first sentence of the description, without number and trace ids.
    pub description: String,
    /// The tenant that was asked, as it was given.
    pub tenant: String,
    /// The application that asked.
    pub client_id: String,
}

impl From<SignInRefusal> for Trouble {
    fn from(refusal: SignInRefusal) -> Self {
        Trouble::new(Kind::SignIn, refusal.to_string()).with_code(format!("AADSTS{}", refusal.number))
    }
}

impl Connection {
    /// Who we are to Graph: the claims of our own token.
    pub async fn identity(&self) -> Result<Identity, CloudError> {
        unimplemented!()
    }

    /// Forgets every token, so that the next call gets one with the grants of now.
    pub fn forget_tokens(&self) {}

    /// Asks for an Exchange token of the application `client_id` at `tenant`'s authority: what comes back tells whether that tenant
    /// has consented. Outer error: the question could not be put. Inner error: Entra said no.
    pub async fn try_application_token(
        &self,
        tenant: &str,
        client_id: &str,
        secret: Option<&SecretString>,
    ) -> Result<Result<Identity, SignInRefusal>, CloudError> {
        let _ = (tenant, client_id, secret);
        unimplemented!()
    }
}
