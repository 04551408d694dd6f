//! The doors in front of the services: what they turn away before anybody looks who asks and what for.
//!
//! Sizes that Microsoft does not publish are the sandbox's own; `docs/sandbox.md` says which.

use serde_json::json;

use super::Reply;
use super::Request;
use super::exchange;
use super::hosts::Face;

const MEBIBYTE: usize = 1 << 20;

/// The refusal of a request whose body is too large, or of a kind that the service does not read.
pub fn refusal(face: Face, request: &Request) -> Option<Reply> {
    if request.body.len() > most(face) {
        return Some(too_large(face));
    }
    let kind = request.header("content-type").unwrap_or_default();
    let media = kind.split(';').next().unwrap_or_default().trim();
    match request.body.is_empty() || is_read(face, media) {
        true => None,
        false => unread(face, media),
    }
}

/// The largest body that a service reads.
fn most(face: Face) -> usize {
    match face {
        // Forms of browsers and of programs that sign in.
        Face::Entra | Face::Web => MEBIBYTE,
        Face::Control => usize::MAX,
        Face::Graph | Face::Arm | Face::Exchange | Face::Vault | Face::Blob => 4 * MEBIBYTE,
    }
}

fn too_large(face: Face) -> Reply {
    let said = |code: &str, message: &str| Reply::json(413, &json!({"error": {"code": code, "message": message}}));
    match face {
        Face::Arm => said(
            "RequestContentTooLarge",
            "The request content size exceeds the maximum size of 4 MB.",
        ),
        Face::Graph => said("RequestEntityTooLarge", "The request body is too large. The maximum size is 4 MB."),
        Face::Vault => said("RequestEntityTooLarge", "The request body is too large."),
        Face::Entra | Face::Exchange | Face::Blob | Face::Web | Face::Control => html(413, "Request Entity Too Large"),
    }
}

/// Whether a service reads bodies of that kind. Sign-in takes what it does not read for a form without fields, which its own
/// rules answer.
fn is_read(face: Face, media: &str) -> bool {
    match face {
        Face::Graph | Face::Arm | Face::Vault | Face::Exchange => media.eq_ignore_ascii_case("application/json"),
        Face::Entra | Face::Blob | Face::Web | Face::Control => true,
    }
}

fn unread(face: Face, media: &str) -> Option<Reply> {
    let said = |status: u16, code: &str, message: String| Some(Reply::json(status, &json!({"error": {"code": code, "message": message}})));
    let named = if media.is_empty() { "<null>" } else { media };
    match face {
        Face::Graph => said(
            400,
            "BadRequest",
            "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.".into(),
        ),
        Face::Arm => {
            let message = format!("The content media type '{named}' is not supported. Only 'application/json' is supported.");
            said(415, "UnsupportedMediaType", message)
        }
        Face::Vault => said(
            415,
            "UnsupportedMediaType",
            format!("Content-Type '{named}' is not supported; it must be 'application/json'."),
        ),
        Face::Exchange => Some(exchange::refused_media(named)),
        Face::Entra | Face::Blob | Face::Web | Face::Control => None,
    }
}

/// The page of a web server that has not asked the service behind it.
fn html(status: u16, title: &str) -> Reply {
    Reply {
        status,
        headers: vec![("content-type".into(), "text/html; charset=us-ascii".into())],
        body: format!("<html><head><title>{title}</title></head><body><h2>{title}</h2><p>HTTP Error {status}.</p></body></html>").into(),
        ..Reply::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::testing::Desk;
    use crate::sandbox::testing::read;
    use crate::sandbox::testing::request;

    const DOORS: [(&str, &str); 4] = [
        ("graph.microsoft.com", "/v1.0/applications"),
        ("management.azure.com", "/subscriptions"),
        ("outlook.office365.com", "/adminapi/beta/contoso.com/InvokeCommand"),
        ("nwt-kv.vault.azure.net", "/certificates/x/create"),
    ];

    #[test]
    fn a_body_of_eight_megabytes_is_turned_away_before_anybody_is_asked_who_sends_it() {
        let desk = Desk::new();
        for (host, path) in DOORS
            .into_iter()
            .chain([("login.microsoftonline.com", "/common/oauth2/v2.0/token")])
        {
            let mut request = request("POST", host, path);
            request.headers.push(("content-type".into(), "application/json".into()));
            request.body = vec![b' '; 8 << 20];

            assert_eq!(desk.world.answer(&request).status, 413, "{host}");
        }
    }

    #[test]
    fn what_is_no_json_by_its_own_word_is_not_read() {
        let desk = Desk::new();
        for ((host, path), (status, code)) in DOORS.into_iter().zip([
            (400, "BadRequest"),
            (415, "UnsupportedMediaType"),
            (415, "UnsupportedMediaType"),
            (415, "UnsupportedMediaType"),
        ]) {
            for media in ["text/plain", ""] {
                let mut request = request("POST", host, path);
                request.headers.push(("content-type".into(), media.into()));
                request.body = b"{}".to_vec();

                let (answered, body) = read(&desk.world.answer(&request));

                assert_eq!((answered, &body["error"]["code"]), (status, &json!(code)), "{host} {media}");
            }
        }
    }
}
