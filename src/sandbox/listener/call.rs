//! One request as the world sees it, and its reply on the wire.

use std::sync::Arc;
use std::time::Duration;

use http_body_util::BodyExt;
use http_body_util::Full;
use http_body_util::LengthLimitError;
use http_body_util::Limited;
use hyper::Request as HttpRequest;
use hyper::Response;
use hyper::body::Bytes;
use hyper::body::Incoming;
use hyper::header::DATE;
use hyper::header::HOST;
use hyper::header::HeaderName;
use hyper::header::HeaderValue;
use tokio::time::timeout;

use super::super::Reply;
use super::super::Request;
use super::super::form;
use super::super::world::World;

const LARGEST_BODY: usize = 64 * 1024 * 1024;
/// How long a body may be on its way.
const SLOWEST_BODY: Duration = Duration::from_secs(120);

/// The connection is closed in place of a reply.
#[derive(Debug, thiserror::Error)]
#[error("the connection is cut, as the sandbox was told")]
pub struct Cut;

/// Answers a request.
pub async fn answer(world: Arc<World>, request: HttpRequest<Incoming>) -> Result<Response<Full<Bytes>>, Cut> {
    let reply = match read(request).await {
        Err(refusal) => refusal,
        Ok(request) => {
            let world = Arc::clone(&world);
            // The state is used with blocking calls, which must not hold up the runtime.
            let answered = tokio::task::spawn_blocking(move || world.answer(&request)).await;
            answered.unwrap_or_else(|cause| {
                tracing::error!(%cause, "a rule of the sandbox broke");
                Reply::empty(500)
            })
        }
    };
    if !reply.manner.delay.is_zero() {
        tokio::time::sleep(reply.manner.delay).await;
    }
    match reply.manner.cut {
        true => Err(Cut),
        false => Ok(response(reply, &world)),
    }
}

/// The whole request, or what a gateway says of it.
async fn read(request: HttpRequest<Incoming>) -> Result<Request, Reply> {
    let (parts, body) = request.into_parts();
    let named = parts.uri.host().or_else(|| parts.headers.get(HOST)?.to_str().ok());
    let named = named.unwrap_or_default();
    let host = named.rsplit_once(':').map_or(named, |(host, _)| host).to_ascii_lowercase();
    let headers = parts
        .headers
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
    let body = match timeout(SLOWEST_BODY, Limited::new(body, LARGEST_BODY).collect()).await {
        Ok(Ok(body)) => body.to_bytes().to_vec(),
        Ok(Err(cause)) if cause.is::<LengthLimitError>() => return Err(Reply::empty(413)),
        Ok(Err(cause)) => {
            tracing::debug!(%cause, "a request could not be read");
            return Err(Reply::empty(400));
        }
        Err(_) => return Err(Reply::empty(408)),
    };
    Ok(Request {
        method: parts.method.to_string(),
        host,
        path: form::decode(parts.uri.path()),
        query: form::pairs(parts.uri.query().unwrap_or_default()),
        headers: headers.collect(),
        body,
    })
}

fn response(reply: Reply, world: &World) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(reply.body));
    *response.status_mut() = reply.status.try_into().unwrap_or_default();
    for (name, value) in reply.headers {
        match (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            (Ok(name), Ok(value)) => {
                response.headers_mut().append(name, value);
            }
            _ => tracing::error!("a rule of the sandbox made a header that cannot be sent"),
        }
    }
    // The service's idea of time is the sandbox's, not the machine's.
    let date = world.now().strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    if let Ok(date) = HeaderValue::try_from(date) {
        response.headers_mut().insert(DATE, date);
    }
    response
}
