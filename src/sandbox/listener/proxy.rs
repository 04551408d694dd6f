//! The HTTPS proxy: `CONNECT` to a host of the sandbox leads to it, anything else is refused.

use http_body_util::Full;
use hyper::Method;
use hyper::Request;
use hyper::Response;
use hyper::StatusCode;
use hyper::body::Bytes;
use hyper::body::Incoming;
use hyper::header::CONTENT_TYPE;
use hyper::header::HeaderValue;
use hyper_util::rt::TokioIo;

use super::super::hosts;
use super::connection::Visit;

/// Answers a request that arrived without TLS.
pub fn answer(visit: &Visit, request: Request<Incoming>) -> Response<Full<Bytes>> {
    if request.method() != Method::CONNECT {
        return text(StatusCode::BAD_REQUEST, "The plain HTTP request was sent to HTTPS port".to_owned());
    }
    match refusal(&request) {
        Some(why) => text(StatusCode::FORBIDDEN, why),
        None => {
            let visit = visit.clone();
            tokio::spawn(async move {
                match hyper::upgrade::on(request).await {
                    Ok(tunnel) => visit.secure(TokioIo::new(tunnel)).await,
                    Err(cause) => tracing::debug!(%cause, "a client of the proxy left before it was connected"),
                }
            });
            Response::default()
        }
    }
}

/// Why the proxy does not lead there.
fn refusal(request: &Request<Incoming>) -> Option<String> {
    let named = request.uri().authority().map(|to| (to.host().to_ascii_lowercase(), to.port_u16()));
    let Some((host, port)) = named else {
        return Some("CONNECT needs a host and a port, such as login.microsoftonline.com:443".to_owned());
    };
    match (hosts::face(&host), port) {
        (Some(_), Some(443)) => None,
        (Some(_), _) => Some(format!("the sandbox has `{host}` at port 443 only")),
        (None, _) => Some(format!(
            "the sandbox has no service at `{host}`, and leads nowhere else; add the host to NO_PROXY if it is to be reached directly"
        )),
    }
}

fn text(status: StatusCode, text: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(text + "\n"));
    *response.status_mut() = status;
    let kind = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}
