//! What follows on a lost answer: reading whether the write was made, and sending it again when it was not.

use std::time::Duration;

use crate::change::Change;
use crate::change::Gate;
use crate::change::Reply;
use crate::change::Retry;
use crate::change::World;
use crate::change::recorded;
use crate::change::settle::Finding;
use crate::change::settle::find_out;
use crate::journal::ChangeId;
use crate::journal::ChangeState;
use crate::model::Trouble;

/// How often one change is sent again after its answer was lost.
pub(super) const MOST_LOSSES: u32 = 3;

/// How long what was made may take until every server shows it, and how often that is looked at.
const LATE: Duration = Duration::from_secs(60);
const EVERY: Duration = Duration::from_secs(10);

/// What was found out.
pub(super) enum Afterwards {
    /// It was made; this is what can be told in place of the answer.
    Made(Reply),
    /// It was not made, so that it may be sent again.
    NotMade,
    /// That cannot be told, or what was made is of no use.
    Lost(Trouble),
}

/// Finds out what became of `change`, whose answer was lost with `trouble`, and records it.
pub(super) async fn look_after(
    gate: &Gate,
    world: &dyn World,
    change: &Change,
    recorded: Option<ChangeId>,
    trouble: Trouble,
) -> Result<Afterwards, Trouble> {
    let finding = match seen(world, change).await {
        Ok(finding) => finding,
        Err(blind) => return Ok(Afterwards::Lost(trouble.caused_by(format!("it cannot be read: {blind}")))),
    };
    if let (Some(log), Some(id)) = (&gate.log, recorded) {
        if finding.state == ChangeState::Done {
            log.outcomes(vec![(id, recorded::found(finding.record.as_ref()))]).await?;
        }
        log.settle(id, finding.state, &finding.note).await?;
    }
    let descriptor = change.operation.descriptor;
    Ok(match finding.state {
        ChangeState::Done if descriptor.secret_reply.is_some() => Afterwards::Lost(
            trouble
                .caused_by(format!("{}, and its secret was lost with the answer", finding.note))
                .with_remedy("take it away again and have a new one made; nobody knows this secret"),
        ),
        ChangeState::Done => Afterwards::Made(Reply {
            record: finding.record,
            secret: None,
            warnings: vec![format!("the answer was lost; {}", finding.note)],
            change: recorded,
        }),
        ChangeState::NotDone => Afterwards::NotMade,
        _ => Afterwards::Lost(trouble.caused_by(finding.note)),
    })
}

/// What is made is not shown by every server at once, so that what is not there is looked for some time. What gives the same when it
/// is sent again needs no such patience.
async fn seen(world: &dyn World, change: &Change) -> Result<Finding, Trouble> {
    let mut waited = Duration::ZERO;
    loop {
        let finding = find_out(world, &change.operation, &change.touched).await?;
        let is_settled = finding.state != ChangeState::NotDone || change.operation.descriptor.retry == Retry::Safe;
        if is_settled || waited >= LATE {
            return Ok(finding);
        }
        world.clock().sleep(EVERY).await;
        waited += EVERY;
    }
}
