//! Ctrl-C, and the system's wish that the program ends.

use std::io;

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

/// Comes to its end at Ctrl-C, or when the system asks the program to end. From now on neither ends it by itself.
#[cfg(unix)]
pub fn end() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::SignalKind;
    use tokio::signal::unix::signal;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Comes to its end at Ctrl-C, or when the console is closed. From now on neither ends it by itself.
#[cfg(windows)]
pub fn end() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::windows::ctrl_c;
    use tokio::signal::windows::ctrl_close;
    let mut interrupt = ctrl_c()?;
    let mut close = ctrl_close()?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = close.recv() => {}
        }
    })
}
