//! Recording and sending one change.

use std::time::Duration;

use crate::change::Change;
use crate::change::Gate;
use crate::change::Impact;
use crate::change::Permit;
use crate::change::Reply;
use crate::change::World;
use crate::change::recorded;
use crate::change::underway::undivided;
use crate::journal::ChangeId;
use crate::model::Trouble;

/// Records that `change` is about to be sent, sends it with its operation's patience, and records what came of it. Each attempt
/// has a permit of its own, because the one before was refused and changed nothing. A change that cannot be recorded is not sent.
pub(super) async fn dispatch(gate: &Gate, world: &dyn World, change: &Change) -> Result<Reply, Trouble> {
    let mut recorded = None;
    let mut waited = Duration::ZERO;
    loop {
        let attempt = undivided(attempt(gate, world, change, &mut recorded, waited)).await?;
        match attempt {
            Attempt::Final(answer) => return answer,
            Attempt::Again(pause) => {
                world.clock().sleep(pause).await;
                waited += pause;
            }
        }
    }
}

enum Attempt {
    /// The service has spoken.
    Final(Result<Reply, Trouble>),
    /// It refused for now; worth another attempt after so long.
    Again(Duration),
}

async fn attempt(
    gate: &Gate,
    world: &dyn World,
    change: &Change,
    recorded: &mut Option<ChangeId>,
    waited: Duration,
) -> Result<Attempt, Trouble> {
    let permit = Permit::issue();
    if let Some(log) = &gate.log {
        match *recorded {
            Some(id) => log.attempt(id, permit.request_id()).await?,
            None => {
                let intent = recorded::intent(change, permit.request_id());
                let ids = log.intend(vec![intent], change.impact >= Impact::High).await?;
                *recorded = ids.first().copied();
            }
        }
    }
    let answer = world.send(&change.operation, permit).await;
    if let Some(pause) = answer
        .as_ref()
        .err()
        .and_then(|trouble| change.operation.patience.wait(trouble, waited))
    {
        return Ok(Attempt::Again(pause));
    }
    if let (Some(log), Some(id)) = (&gate.log, *recorded) {
        log.outcomes(vec![(id, recorded::outcome(&answer))]).await?;
    }
    Ok(Attempt::Final(answer.map(|reply| Reply {
        change: *recorded,
        ..reply
    })))
}
