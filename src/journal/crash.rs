//! A process that dies at a chosen transaction of the journal, for the tests of crashes: `XTENANT_CRASH_AT=3-` ends it right before
//! the third is committed, `3+` right after. Only builds with debug assertions look at it.

/// Commits by `commit`, and dies before or after it when the environment asks for that.
pub fn around<T>(commit: impl FnOnce() -> T) -> T {
    die_at(Side::Before);
    let committed = commit();
    die_at(Side::After);
    committed
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Before,
    After,
}

#[cfg(not(debug_assertions))]
fn die_at(_side: Side) {}

#[cfg(debug_assertions)]
fn die_at(side: Side) {
    use std::sync::LazyLock;
    use std::sync::atomic::AtomicU64;
    use std::sync::atomic::Ordering;

    static WANTED: LazyLock<Option<(u64, Side)>> = LazyLock::new(|| wanted(&std::env::var("XTENANT_CRASH_AT").ok()?));
    static COMMITTED: AtomicU64 = AtomicU64::new(0);

    let Some(wanted) = *WANTED else { return };
    let number = match side {
        Side::Before => COMMITTED.fetch_add(1, Ordering::SeqCst) + 1,
        Side::After => COMMITTED.load(Ordering::SeqCst),
    };
    if wanted == (number, side) {
        std::process::abort();
    }
}

#[cfg(debug_assertions)]
fn wanted(text: &str) -> Option<(u64, Side)> {
    let before = text.strip_suffix('-').map(|number| (number, Side::Before));
    let (number, side) = before.or_else(|| Some((text.strip_suffix('+')?, Side::After)))?;
    Some((number.parse().ok()?, side))
}
