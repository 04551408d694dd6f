//! `xtenant sandbox new` and `reset`: making the simulated Microsoft 365.

use std::path::Path;

use clap::Args;
use clap::ValueEnum;
use jiff::Timestamp;

use super::trouble;
use crate::cli::Failure;
use crate::cli::Host;
use crate::sandbox::Era;
use crate::sandbox::NewOptions;
use crate::sandbox::Sandbox;
use crate::sandbox::SandboxError;

/// What a new sandbox is to hold.
#[derive(Args)]
pub struct NewArgs {
    /// Mailboxes of contoso
    #[arg(long, default_value_t = NewOptions::default().mailboxes)]
    mailboxes: usize,
    /// Number that decides who is in it; the same number gives the same people
    #[arg(long, default_value_t = NewOptions::default().seed)]
    seed: u64,
    /// Which rules are in force
    #[arg(long, value_enum, default_value = "today")]
    era: EraName,
    /// When its time begins: `now`, or a time such as 2026-01-05T08:00:00Z
    #[arg(long, value_name = "TIME", default_value_t = NewOptions::default().start, value_parser = time)]
    start: Timestamp,
}

impl From<NewArgs> for NewOptions {
    fn from(args: NewArgs) -> Self {
        Self {
            mailboxes: args.mailboxes,
            seed: args.seed,
            era: match args.era {
                EraName::Today => Era::Today,
                EraName::Y2021 => Era::Y2021,
            },
            start: args.start,
        }
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum EraName {
    /// The service as it is
    Today,
    /// The service as it was when Key Vault endpoints worked and holds did not block
    #[value(name = "2021")]
    Y2021,
}

/// Makes a sandbox where there is none.
pub fn new(host: &Host, folder: &Path, args: NewArgs) -> Result<(), Failure> {
    Sandbox::create(folder, &args.into()).map_err(trouble)?;
    host.screen.remark(&format!("made a sandbox in {}", folder.display()));
    Ok(())
}

/// Makes a sandbox in place of the one that is there, if any.
pub fn reset(host: &Host, folder: &Path, args: NewArgs) -> Result<(), Failure> {
    let options = args.into();
    match Sandbox::reset(folder, &options) {
        // Whoever wants a fresh one need not know whether there is an old one.
        Err(SandboxError::NotThere { .. }) => Sandbox::create(folder, &options).map_err(trouble)?,
        other => other.map_err(trouble)?,
    }
    host.screen.remark(&format!("made a new sandbox in {}", folder.display()));
    Ok(())
}

fn time(text: &str) -> Result<Timestamp, String> {
    match text {
        "now" => Ok(Timestamp::now()),
        _ => text
            .parse()
            .map_err(|_| "expected `now`, or a time such as 2026-01-05T08:00:00Z".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_start_is_now_or_a_time_with_its_zone() {
        assert_eq!(time("2026-11-23T12:00:00+01:00"), Ok("2026-11-23T11:00:00Z".parse().unwrap()));
        assert!(time("now").unwrap() > "2026-01-01T00:00:00Z".parse().unwrap());
        assert!(time("tomorrow").is_err());
    }
}
