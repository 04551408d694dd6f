//! Ctrl-C.

use tokio::runtime::Runtime;
use tokio::signal::ctrl_c;

/// Calls `act` at each Ctrl-C from now on, instead of ending the program.
pub fn on_interrupt(runtime: &Runtime, act: impl Fn() + Send + 'static) {
    let mut interrupt = Box::pin(ctrl_c());
    // The first look takes hold of the signal. Left to the task below, a Ctrl-C in the first moment would still end the program.
    if runtime.block_on(async { futures::poll!(interrupt.as_mut()) }).is_ready() {
        return;
    }
    runtime.spawn(async move {
        while interrupt.await.is_ok() {
            act();
            interrupt = Box::pin(ctrl_c());
        }
    });
}
