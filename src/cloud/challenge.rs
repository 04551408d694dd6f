//! The challenge of a 401: what the next token must hold, or where it is to be had.

use base64::Engine;
use base64::engine::DecodePaddingMode;
use base64::engine::GeneralPurpose;
use base64::engine::GeneralPurposeConfig;
use serde_json::Value;

use crate::cloud::answer::Answer;

/// Padding is sometimes there and sometimes not.
const TOLERANT: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The JSON to pass as `claims` of the next token request.
pub(super) fn claims(answer: &Answer) -> Option<String> {
    let encoded = parameter(answer, "claims")?;
    let standard = encoded.replace('-', "+").replace('_', "/");
    let json = String::from_utf8(TOLERANT.decode(standard).ok()?).ok()?;
    serde_json::from_str::<Value>(&json).ok()?;
    Some(json)
}

/// The parameter `name="value"` of the challenge.
pub(super) fn parameter<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    let header = answer.header("www-authenticate")?;
    let start = format!("{name}=\"");
    let at = header.match_indices(&start).map(|(at, _)| at);
    // `resource` must not be read out of `x_resource`.
    let at = at.into_iter().find(|at| header[..*at].ends_with([' ', ',']))?;
    let (value, _) = header[at + start.len()..].split_once('"')?;
    Some(value)
}

#[cfg(test)]
mod tests {
    use reqwest::StatusCode;
    use reqwest::header::HeaderMap;
    use reqwest::header::WWW_AUTHENTICATE;

    use super::*;

    fn challenged(header: &str) -> Option<String> {
        claims(&Answer {
            status: StatusCode::UNAUTHORIZED,
            headers: HeaderMap::from_iter([(WWW_AUTHENTICATE, header.parse().unwrap())]),
            body: Vec::new(),
        })
    }

    #[test]
    fn claims_are_taken_out_of_the_challenge_of_exchange() {
        let claims = challenged(
            r#"Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7ImVzc2VudGlhbCI6dHJ1ZSwgInZhbHVlIjoiMTc2NzIyNTYwMCJ9fX0=""#,
        );

        assert_eq!(
            claims.as_deref(),
            Some(r#"{"access_token":{"nbf":{"essential":true, "value":"1767225600"}}}"#)
        );
    }

    #[test]
    fn a_plain_refusal_has_no_claims() {
        assert_eq!(challenged(r#"Bearer realm="""#), None);
        assert_eq!(challenged(r#"Bearer claims="%%%""#), None);
    }
}
