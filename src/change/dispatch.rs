//! Recording and sending one change.

use std::time::Duration;

use crate::change::Change;
use crate::change::Gate;
use crate::change::Impact;
use crate::change::Permit;
use crate::change::Reply;
use crate::change::World;
use crate::change::lost::Afterwards;
use crate::change::lost::MOST_LOSSES;
use crate::change::lost::look_after;
use crate::change::recorded;
use crate::change::underway::undivided;
use crate::journal::ChangeId;
use crate::model::Trouble;

/// Records that `change` is about to be sent, sends it with its operation's patience, and records what came of it. Each attempt
/// has a permit of its own, because the one before was refused and changed nothing. A change that cannot be recorded is not sent, and
/// one whose answer is lost is looked after.
pub(super) async fn dispatch(gate: &Gate, world: &dyn World, change: &Change) -> Result<Reply, Trouble> {
    let mut recorded = None;
    let mut waited = Duration::ZERO;
    let mut losses = 0;
    loop {
        let attempt = undivided(attempt(gate, world, change, &mut recorded, waited)).await?;
        match attempt {
            Attempt::Final(Err(trouble)) if losses > 0 || recorded::may_be_done(&trouble) => {
                let refused = (!recorded::may_be_done(&trouble)).then(|| trouble.clone());
                losses += 1;
                match look_after(gate, world, change, recorded, trouble.clone()).await? {
                    Afterwards::Made(reply) => return Ok(reply),
                    Afterwards::NotMade if losses <= MOST_LOSSES && refused.is_none() => {}
                    Afterwards::NotMade => return Err(refused.unwrap_or(trouble)),
                    Afterwards::Lost(trouble) => return Err(trouble),
                }
            }
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
    let mut permit = Permit::issue();
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
    if let (Some(log), Some(id)) = (&gate.log, *recorded) {
        permit = permit.recorded(log.clone(), id);
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
