//! `xtenant sandbox clock`: how the clock goes.

use std::path::Path;

use clap::Args;
use clap::Subcommand;
use serde_json::json;

use super::trouble;
use crate::cli::Failure;
use crate::cli::Host;
use crate::sandbox::Sandbox;

/// What to do with the clock; nothing shows it.
#[derive(Args)]
pub struct ClockArgs {
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Subcommand)]
enum Action {
    /// Let it run as the computer's clock does, which is rate 1
    Run,
    /// Let it stand until it is advanced
    Stop,
    /// Let it run faster or slower
    Rate {
        /// How many seconds of the sandbox go by in one
        #[arg(value_parser = rate)]
        rate: f64,
    },
}

/// Sets how the clock goes, if told so, and shows it.
pub async fn clock(host: &Host, folder: &Path, args: ClockArgs) -> Result<(), Failure> {
    let sandbox = Sandbox::open(folder).await.map_err(trouble)?;
    let rate = args.action.map(|action| match action {
        Action::Run => 1.0,
        Action::Stop => 0.0,
        Action::Rate { rate } => rate,
    });
    let pace = match rate {
        Some(rate) => sandbox.set_rate(rate).await,
        None => sandbox.clock().await,
    };
    let pace = pace.map_err(trouble)?;
    let (now, rate, screen) = (pace.time(), pace.rate(), &host.screen);
    match (screen.is_json(), pace.is_running()) {
        (true, _) => screen.data(&json!({ "now": now.to_string(), "rate": rate }).to_string()),
        (false, false) => screen.data(&format!("it is now {now} in the sandbox, and its clock stands")),
        (false, true) => screen.data(&format!(
            "it is now {now} in the sandbox, and its clock runs at rate {rate} while the sandbox is in use"
        )),
    }
    Ok(())
}

/// How many seconds go by in one: 1, 60 or 0.5.
pub fn rate(text: &str) -> Result<f64, String> {
    // At the fastest, a year takes half a minute.
    let is_usable = |rate: &f64| *rate > 0.0 && *rate <= 1_000_000.0;
    let rate = text.parse().ok().filter(is_usable);
    rate.ok_or_else(|| "expected a number above 0 and up to 1000000, such as 1, 60 or 0.5".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_a_number_above_zero() {
        assert_eq!((rate("60"), rate("0.5")), (Ok(60.0), Ok(0.5)));
        for wrong in ["0", "-1", "NaN", "inf", "1e9", "fast"] {
            assert!(rate(wrong).is_err(), "{wrong}");
        }
    }
}
