//! A run that is stopped waits for the write that is under way and for nothing else. A write whose answer nobody reads may have
//! happened all the same, and then it would be missing in the list of changes.

use std::future::Future;
use std::future::pending;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::task::Poll;

tokio::task_local! {
    static RUN: Arc<Run>;
}

#[derive(Default)]
struct Run {
    is_stopped: AtomicBool,
    writes: AtomicUsize,
}

impl Run {
    fn is_over(&self) -> bool {
        self.is_stopped.load(Ordering::Relaxed) && self.writes.load(Ordering::Relaxed) == 0
    }
}

/// Does `work` until it is done, or until `stopped` is and no write of it is under way; `None` when it was not done.
pub async fn until<T>(stopped: impl Future<Output = ()>, work: impl Future<Output = T>) -> Option<T> {
    let run = Arc::new(Run::default());
    let mut stopped = pin!(stopped);
    let mut work = pin!(RUN.scope(run.clone(), work));
    poll_fn(|context| {
        if !run.is_stopped.load(Ordering::Relaxed) && stopped.as_mut().poll(context).is_ready() {
            run.is_stopped.store(true, Ordering::Relaxed);
        }
        if run.is_over() {
            return Poll::Ready(None);
        }
        match work.as_mut().poll(context) {
            Poll::Ready(done) => Poll::Ready(Some(done)),
            Poll::Pending if run.is_over() => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

/// Sends a write, unless the run is stopped already; once begun it is awaited to its end.
pub(super) async fn undivided<T>(write: impl Future<Output = T>) -> T {
    let Ok(run) = RUN.try_with(Arc::clone) else {
        return write.await;
    };
    if run.is_stopped.load(Ordering::Relaxed) {
        // Whoever stopped the run drops this as soon as it waits.
        return pending().await;
    }
    let _under_way = UnderWay::begin(&run);
    write.await
}

struct UnderWay<'r>(&'r Run);

impl<'r> UnderWay<'r> {
    fn begin(run: &'r Run) -> Self {
        run.writes.fetch_add(1, Ordering::Relaxed);
        Self(run)
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.writes.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use futures::poll;
    use tokio::sync::oneshot;

    use super::*;

    #[tokio::test]
    async fn what_only_reads_is_left_at_once() {
        let (stop, stopped) = oneshot::channel::<()>();
        let mut work = pin!(until(async { _ = stopped.await }, pending::<()>()));
        assert!(poll!(work.as_mut()).is_pending());

        stop.send(()).expect("somebody waits");

        assert_eq!(poll!(work), Poll::Ready(None));
    }

    #[tokio::test]
    async fn a_write_is_awaited_to_its_end_and_the_next_one_is_not_begun() {
        let (stop, stopped) = oneshot::channel::<()>();
        let (answer, answered) = oneshot::channel::<()>();
        let written = AtomicUsize::new(0);
        let writes = async {
            undivided(answered).await.expect("it is answered");
            written.fetch_add(1, Ordering::Relaxed);
            undivided(async { written.fetch_add(1, Ordering::Relaxed) }).await;
        };
        let mut work = pin!(until(async { _ = stopped.await }, writes));
        assert!(poll!(work.as_mut()).is_pending());

        stop.send(()).expect("somebody waits");
        assert!(poll!(work.as_mut()).is_pending());
        answer.send(()).expect("somebody waits");

        assert_eq!(poll!(work), Poll::Ready(None));
        assert_eq!(written.load(Ordering::Relaxed), 1);
    }
}
