//! What an effect makes of a call.

use super::challenge;
use super::spec::Cut;
use super::spec::Effect;
use super::spec::Service;
use super::target::Target;
use super::words;
use crate::sandbox::Reply;
use crate::sandbox::Request;
use crate::sandbox::Tx;
use crate::sandbox::http::Manner;

/// What becomes of a call.
pub enum Course {
    /// It is answered with this and nothing is done.
    Instead(Reply),
    /// It is done as if this had been asked.
    As(Box<Request>),
    /// It is done, and nobody hears of it.
    Unheard,
}

/// Whether an effect has anything to do with a call: without a token none can be over.
pub fn concerns(effect: &Effect, target: &Target<'_>) -> bool {
    match effect {
        Effect::ExpiredToken | Effect::ClaimsChallenge => target.has_token(),
        Effect::PageExpired => target.has_page_token(),
        _ => true,
    }
}

/// What `effect` makes of a call. A slow one is no course of its own: it is answered as ever.
pub fn course(tx: &Tx<'_>, effect: &Effect, target: &Target<'_>) -> Option<Course> {
    let request = target.request;
    let expired = || challenge::with_expired_token(tx, request).map(|request| Course::As(Box::new(request)));
    match effect {
        Effect::Slow { .. } => None,
        Effect::Throttle { retry_after } => Some(Course::Instead(words::throttled(target, tx, *retry_after))),
        Effect::Unavailable { retry_after } => Some(Course::Instead(words::unavailable(target, tx, *retry_after))),
        Effect::Cut { when: Cut::Before } => Some(Course::Instead(cut(Reply::empty(503)))),
        Effect::Cut { when: Cut::After } => Some(Course::Unheard),
        Effect::ExpiredToken => expired(),
        Effect::ClaimsChallenge if challenge::is_understood(request) => {
            Some(Course::Instead(challenge::reply(tx, target.service, request)))
        }
        Effect::ClaimsChallenge => expired(),
        Effect::PageExpired => Some(page_expired(tx, target)),
        Effect::Error { status, code, message } => {
            Some(Course::Instead(words::refusal(tx, target.service, request, *status, code, message)))
        }
    }
}

/// A reply that is never heard.
pub fn cut(reply: Reply) -> Reply {
    let manner = Manner { cut: true, ..reply.manner };
    Reply { manner, ..reply }
}

/// Exchange and Graph have words for a page that is too old, and say them of a token that is none. The others are not known to.
fn page_expired(tx: &Tx<'_>, target: &Target<'_>) -> Course {
    let request = target.request;
    if !matches!(target.service, Service::Exchange | Service::Graph) {
        let text = "The skip token has expired and can no longer be used.";
        return Course::Instead(words::refusal(tx, target.service, request, 400, "BadRequest", text));
    }
    let mut request = request.clone();
    for (name, value) in &mut request.query {
        if name.eq_ignore_ascii_case("$skiptoken") {
            *value = "~".to_owned();
        }
    }
    Course::As(Box::new(request))
}
