//! What was measured, beside what was asked for.

use std::process::ExitCode;

use serde_json::Value;

/// Of the rate of a bare server, so much at least.
const LEAST_RATIO: f64 = 0.4;
const LONGEST_OPENING: f64 = 0.3;
const MOST_MEMORY: u64 = 300;
const MOST_GROWTH: f64 = 1.5;

/// Counts what was missed.
#[derive(Default)]
pub struct Figures {
    missed: usize,
}

impl Figures {
    /// How long opening took.
    pub fn opening(&mut self, said: &Value) {
        let opened = said["opened"].as_f64().unwrap_or(f64::MAX);
        self.judge(
            opened < LONGEST_OPENING,
            &format!("opened in {:.0} ms (under 300 ms)", opened * 1000.0),
        );
    }

    /// Rates of the sandbox and of the bare server, in rounds; the median of the rounds' ratios counts.
    pub fn rates(&mut self, rounds: &[(f64, f64)]) {
        for (of_sandbox, of_bare) in rounds {
            println!("       {of_sandbox:.0} calls/s of {of_bare:.0}");
        }
        let mut ratios: Vec<f64> = rounds.iter().map(|(of_sandbox, of_bare)| of_sandbox / of_bare).collect();
        ratios.sort_by(f64::total_cmp);
        let ratio = ratios[ratios.len() / 2];
        let what = format!("Get-MailUser at 16 connections: {ratio:.2} of a bare server's rate (at least {LEAST_RATIO})");
        self.judge(ratio >= LEAST_RATIO, &what);
    }

    /// The most memory the sandbox had.
    pub fn memory(&mut self, mebibytes: Option<u64>) {
        match mebibytes {
            Some(most) => self.judge(most < MOST_MEMORY, &format!("{most} MiB resident at most (under {MOST_MEMORY})")),
            None => println!("       memory: this system does not say"),
        }
    }

    /// Costs of a call at both sizes, form by form.
    pub fn forms(&mut self, small: usize, of_small: &[(String, f64)], large: usize, of_large: &[(String, f64)]) {
        for ((form, before), (_, after)) in of_small.iter().zip(of_large) {
            let growth = after / before;
            let what =
                format!("by {form}: {before:.0} µs at {small}, {after:.0} µs at {large}: factor {growth:.2} (at most {MOST_GROWTH})");
            self.judge(growth <= MOST_GROWTH, &what);
        }
    }

    /// How it went.
    pub fn end(&self) -> ExitCode {
        match self.missed {
            0 => ExitCode::SUCCESS,
            missed => {
                println!("{missed} figures were missed");
                ExitCode::FAILURE
            }
        }
    }

    fn judge(&mut self, holds: bool, what: &str) {
        println!("{} {what}", if holds { "holds " } else { "MISSED" });
        self.missed += usize::from(!holds);
    }
}
