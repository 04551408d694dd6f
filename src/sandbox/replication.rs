//! Replication: what a server has of an object that was changed a short while ago. Each change is seen at once by the rules that
//! make changes; what others are shown goes through here. Something that is removed is gone everywhere at once.

#[cfg(test)]
mod tests;

use super::Object;
use super::Tx;
use super::hosts::Face;

/// The part of the delay after which the service that made an object finds it by its id: one in so many.
const OWN_PART: i32 = 4;

/// The object as other services have it, and as indexes and lists of its own service do: as it is, as it was, or not at all.
pub fn elsewhere(tx: &Tx<'_>, object: Object) -> Option<Object> {
    let delay = tx.replication();
    if delay.is_zero() {
        return Some(object);
    }
    match tx.sound(tx.past(&object.id)).into_iter().next() {
        None => Some(object),
        Some(past) => past.body.map(|body| Object { body, ..object }),
    }
}

/// The object as `face` has it when it looks for it by its id. A service sees its own changes at once, but its own new objects
/// only after a part of the delay; those of others like everybody.
pub fn by_id(tx: &Tx<'_>, face: Face, object: Object) -> Option<Object> {
    let delay = tx.replication();
    if delay.is_zero() {
        return Some(object);
    }
    let (now, past) = (tx.now(), tx.sound(tx.past(&object.id)));
    let is_unseen = |at| now < at + delay / OWN_PART;
    let by_others = past.iter().position(|past| past.service != face.name());
    let is_new_here = past
        .first()
        .is_some_and(|past| past.body.is_none() && past.service == face.name() && is_unseen(past.at));
    if is_new_here {
        return None;
    }
    match by_others.and_then(|at| past.into_iter().nth(at)) {
        None => Some(object),
        Some(past) => past.body.map(|body| Object { body, ..object }),
    }
}

/// Whether other services, and indexes and lists of its own, know the object at all.
pub fn is_known_elsewhere(tx: &Tx<'_>, object: &Object) -> bool {
    tx.replication().is_zero() || elsewhere(tx, object.clone()).is_some()
}

/// Whether `face` finds the object by its id.
pub fn is_known(tx: &Tx<'_>, face: Face, object: &Object) -> bool {
    tx.replication().is_zero() || by_id(tx, face, object.clone()).is_some()
}

/// What of `objects` is known elsewhere, each as it is known there.
pub fn all_elsewhere(tx: &Tx<'_>, mut objects: Vec<Object>) -> Vec<Object> {
    if tx.replication().is_zero() {
        return objects;
    }
    objects.retain_mut(|object| match elsewhere(tx, object.clone()) {
        Some(seen) => {
            *object = seen;
            true
        }
        None => false,
    });
    objects
}
