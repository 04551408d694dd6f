//! Where faults meet a request: on its way to its face, and on the way of the reply back.

use std::collections::HashSet;
use std::time::Duration;

use super::effect;
use super::effect::Course;
use super::ledger;
use super::ledger::Kept;
use super::pattern::Pattern;
use super::spec::Effect;
use super::spec::Service;
use super::target::Target;
use super::throttle;
use super::words;
use crate::sandbox::Reply;
use crate::sandbox::Request;
use crate::sandbox::Tx;
use crate::sandbox::hosts::Face;

/// Answers a request by `work` as far as the faults that were ordered let it. What faults saw is kept whatever comes of the work.
pub fn around(
    tx: &Tx<'_>,
    face: Face,
    request: &Request,
    work: impl FnOnce(&Request) -> rusqlite::Result<Reply>,
) -> rusqlite::Result<Reply> {
    let Some(service) = Service::of(face) else {
        return work(request);
    };
    meet(tx, service, request, &mut Place::Whole, work)
}

/// Where a request stands.
pub enum Place<'a> {
    /// It came alone, or wraps others.
    Whole,
    /// It is an item of a batch, in which these faults have delayed the reply already.
    Item(&'a mut HashSet<u64>),
}

/// Answers a request at its place.
pub fn meet(
    tx: &Tx<'_>,
    service: Service,
    request: &Request,
    place: &mut Place<'_>,
    work: impl FnOnce(&Request) -> rusqlite::Result<Reply>,
) -> rusqlite::Result<Reply> {
    let mut all = ledger::kept(tx)?;
    if all.is_empty() {
        return work(request);
    }
    let target = Target::of(tx, service, request);
    let mut delay = Duration::ZERO;
    let mut course = None;
    for kept in &mut all {
        if !concerns(kept, &target, place) {
            continue;
        }
        course = match throttle::again(tx, kept, &target) {
            Some(refusal) => Some(Course::Instead(refused_again(tx, &target, &refusal))),
            None if kept.happens() => happen(tx, kept, &target, place, &mut delay),
            None => None,
        };
        ledger::store(tx, kept)?;
        if course.is_some() {
            break;
        }
    }
    let reply = match course {
        None => work(request)?,
        Some(Course::Instead(reply)) => reply,
        Some(Course::As(request)) => work(&request)?,
        Some(Course::Unheard) => effect::cut(work(request)?),
    };
    Ok(later(reply, delay))
}

fn happen(tx: &Tx<'_>, kept: &mut Kept, target: &Target<'_>, place: &mut Place<'_>, delay: &mut Duration) -> Option<Course> {
    tx.remark(&format!("fault {}", kept.fault.id));
    let effect = kept.fault.spec.effect.clone();
    match effect {
        Effect::Throttle { retry_after: Some(wait) } if !wait.is_zero() => throttle::begin(tx, kept, target, wait),
        Effect::Slow { delay: more, per_item } => {
            let is_first = match place {
                Place::Whole => true,
                Place::Item(slowed) => slowed.insert(kept.fault.id),
            };
            if is_first || per_item {
                *delay += more;
            }
        }
        _ => {}
    }
    effect::course(tx, &effect, target)
}

fn refused_again(tx: &Tx<'_>, target: &Target<'_>, refusal: &throttle::Refusal) -> Reply {
    if refusal.is_too_early {
        tx.remark(&format!("too early by {} s", refusal.left.as_secs_f64()));
    }
    words::throttled(target, tx, Some(refusal.left))
}

fn later(mut reply: Reply, delay: Duration) -> Reply {
    reply.manner.delay += delay;
    reply
}

/// Whether a fault is about a request at its place. A batch is met as a whole by what is ordered for batches or for everything, and
/// item by item by what is ordered for an operation or an object.
fn concerns(kept: &Kept, target: &Target<'_>, place: &Place<'_>) -> bool {
    let spec = &kept.fault.spec;
    let is_open = spec.operation.is_none() && spec.object.is_none();
    let is_per_item = matches!(spec.effect, Effect::Slow { per_item: true, .. });
    let is_its_place = match place {
        Place::Whole => !(target.is_batch() && is_per_item),
        Place::Item(_) => !is_open || is_per_item,
    };
    let covers_operation = |pattern: &String| {
        let pattern = Pattern::of_operation(pattern);
        target.operations.iter().any(|operation| pattern.covers(operation))
    };
    let covers_object = |pattern: &String| {
        let pattern = Pattern::of_object(pattern);
        target.objects().iter().any(|object| pattern.covers(object))
    };
    is_its_place
        && spec.service == target.service
        && spec.tenant.as_ref().is_none_or(|tenant| *tenant == target.tenant)
        && effect::concerns(&spec.effect, target)
        && spec.operation.as_ref().is_none_or(covers_operation)
        && spec.object.as_ref().is_none_or(covers_object)
}
