//! Where a request is answered: on the thread that received it when that is done in no time, else on one that may be held up.

use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;
use std::sync::Arc;

use super::Reply;
use super::Request;
use super::hosts;
use super::request_log::Asked;
use super::world::World;

/// Answers `request` without holding up the runtime.
pub async fn answer(world: &Arc<World>, request: Request) -> Reply {
    // Calls on the state block; handing them to another thread costs more than reading one object of it.
    if let Some(face) = hosts::face(&request.host) {
        let asked = Asked::of(face, &request);
        if asked.is_quick() {
            let answered = catch_unwind(AssertUnwindSafe(|| world.answer_asked(face, &request, &asked)));
            return answered.unwrap_or_else(|_| broken("it panicked"));
        }
    }
    let answering = Arc::clone(world);
    let answered = tokio::task::spawn_blocking(move || answering.answer(&request)).await;
    answered.unwrap_or_else(broken)
}

fn broken(cause: impl std::fmt::Display) -> Reply {
    tracing::error!(%cause, "a rule of the sandbox broke");
    Reply::empty(500)
}
