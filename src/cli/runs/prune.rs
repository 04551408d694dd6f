//! `xtenant runs prune`: forgetting old runs.

use clap::Args;
use jiff::SignedDuration;
use jiff::Timestamp;
use serde_json::json;

use super::journal;
use crate::cli::Failure;
use crate::cli::Host;
use crate::journal::Pruned;
use crate::journal::Pruning;
use crate::model::moment;

/// Which runs to forget.
#[derive(Args)]
pub struct PruneArgs {
    /// Forget the runs that ended before this time
    #[arg(long, value_name = "TIME", value_parser = time, required_unless_present = "keep")]
    before: Option<Timestamp>,
    /// Keep the runs of so many days and forget older ones
    #[arg(long, value_name = "DAYS", conflicts_with = "before", value_parser = clap::value_parser!(u32).range(..=36_500))]
    keep: Option<u32>,
    /// Also those that could still be resumed
    #[arg(long)]
    all: bool,
}

fn time(text: &str) -> Result<Timestamp, &'static str> {
    moment(text).ok_or("write it as 2026-03-01 or 2026-03-01T18:00:00Z")
}

/// Forgets old runs, or shows which.
pub fn prune(host: &Host, args: &PruneArgs) -> Result<(), Failure> {
    let days = args.keep.map(|days| SignedDuration::from_hours(24 * i64::from(days)));
    let before = args.before.or_else(|| Some(Timestamp::now() - days?));
    let pruned = journal(host)?.prune(Pruning {
        before: before.expect("one of the two is required"),
        with_resumable: args.all,
        only_shown: host.flags.what_if,
    })?;
    match host.screen.is_json() {
        true => host.screen.data(&described(&pruned)),
        false => {
            host.screen.data(&said(&pruned, host.flags.what_if));
            for (run, why) in &pruned.kept {
                host.screen.remark(&format!("run {run} stays: it {why}"));
            }
        }
    }
    Ok(())
}

fn described(pruned: &Pruned) -> String {
    let forgotten: Vec<_> = pruned.runs.iter().map(|run| run.id).collect();
    let kept: Vec<_> = pruned.kept.iter().map(|(run, why)| json!({"run": run, "why": why})).collect();
    json!({"forgotten": forgotten, "kept": kept}).to_string()
}

fn said(pruned: &Pruned, is_only_shown: bool) -> String {
    let numbers: Vec<_> = pruned.runs.iter().map(|run| run.id.to_string()).collect();
    let runs = if numbers.len() == 1 { "run" } else { "runs" };
    match (numbers.len(), is_only_shown) {
        (0, _) => "there is nothing to forget".to_owned(),
        (count, true) => format!("{count} {runs} would be forgotten: {}", numbers.join(", ")),
        (count, false) => format!("{count} {runs} forgotten: {}", numbers.join(", ")),
    }
}
