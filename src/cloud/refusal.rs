//! Entra's refusals: the AADSTS number is for help texts, the OAuth error for programs.

use serde::Deserialize;

use crate::cloud::CloudError;
use crate::cloud::answer::Answer;
use crate::model::Kind;
use crate::model::Trouble;

/// Entra's refusal of a token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("sign-in of application `{client_id}` to `{tenant}` was refused: {description}")]
pub struct SignInRefusal {
    /// The AADSTS number, or 0 when the answer has none.
    pub number: u64,
    /// The OAuth error (`invalid_client`).
    pub error: String,
    /// The description without its number and trace ids.
    pub description: String,
    /// The tenant that was asked, as it was given.
    pub tenant: String,
    /// The application that asked.
    pub client_id: String,
}

/// Reads Entra's error body.
pub(super) fn read(answer: &Answer, tenant: &str, client_id: &str, call: &str) -> CloudError {
    #[derive(Deserialize)]
    struct Body {
        error: String,
        #[serde(default)]
        error_description: String,
        #[serde(default)]
        error_codes: Vec<u64>,
    }
    let Ok(body) = serde_json::from_slice::<Body>(&answer.body) else {
        return CloudError::Unreadable {
            call: call.to_owned(),
            status: answer.status.as_u16(),
            why: answer.excerpt().unwrap_or_else(|| answer.reason().to_owned()),
            may_be_done: false,
            request_id: answer.request_id(),
        };
    };
    let (number, text) = numbered(&body.error_description);
    CloudError::SignIn(SignInRefusal {
        number: body.error_codes.first().copied().or(number).unwrap_or(0),
        error: body.error,
        description: text.to_owned(),
        tenant: tenant.to_owned(),
        client_id: client_id.to_owned(),
    })
}

/// Takes `AADSTS700016: text. Trace ID: ...` apart.
fn numbered(description: &str) -> (Option<u64>, &str) {
    let text = description.split("Trace ID:").next().unwrap_or_default().trim();
    let Some((number, rest)) = text.strip_prefix("AADSTS").and_then(|rest| rest.split_once(':')) else {
        return (None, text);
    };
    (number.parse().ok(), rest.trim())
}

impl From<SignInRefusal> for Trouble {
    fn from(refusal: SignInRefusal) -> Self {
        let code = match refusal.number {
            0 => refusal.error.clone(),
            number => format!("AADSTS{number}"),
        };
        let message = refusal.to_string();
        let trouble = Trouble::new(Kind::SignIn, message.trim_end_matches('.')).with_code(code);
        match remedy(refusal.number) {
            Some(remedy) => trouble.with_remedy(remedy),
            None => trouble,
        }
    }
}

/// Numbers only choose the help text, as Microsoft asks; nothing here branches on them.
fn remedy(number: u64) -> Option<&'static str> {
    Some(match number {
        50001 | 500011 => "the tenant lacks this service: check that it has Exchange Online",
        50012 | 50013 | 700027 => "add this certificate to the application, and check that this computer's clock is right",
        65001 | 650052 | 650056 | 650057 | 7000229 => "let an administrator of that tenant open the application's consent link",
        700016 => "check tenant and application id; an application must exist or be consented in that tenant, and a new one needs a minute",
        7000215 => "check the client secret: its value is needed, not its id, and a new one needs a minute to be known",
        7000218 => "give the application's client secret or certificate",
        7000222 => "the client secret has expired: make a new one",
        90002 => "check the tenant's domain or id, and the cloud of the profile",
        90038 => "the tenant lives in another national cloud: set `cloud` of the profile",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_and_trace_ids_are_taken_off_the_sentence() {
        let description = "AADSTS7000215: Invalid client secret provided.\r\nTrace ID: 0d0d\r\nCorrelation ID: 0d0d";

        assert_eq!(numbered(description), (Some(7000215), "Invalid client secret provided."));
        assert_eq!(numbered("something else"), (None, "something else"));
    }
}
