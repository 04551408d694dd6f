//! Requests that nobody in their right mind sends. Each test tries some hundred of them, the same ones every time; CONTRIBUTING.md says
//! how to try more.

use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;
use std::time::Duration;
use std::time::Instant;

use super::mutation::Seed;
use super::mutation::mutated;
use super::sample;
use super::sample::Sample;
use super::stage::Stage;
use super::verdict::Judge;
use crate::sandbox::Request;

/// Cases of each service in an ordinary run.
const CASES: usize = 250;
/// Cases after which the world begins anew, so that it does not fill up with what was made.
const OF_ONE_WORLD: usize = 3000;
/// Cases between two hours of the sandbox's clock, in which happens what they led to.
const OF_ONE_HOUR: usize = 97;
/// The most findings that are told of.
const MOST: usize = 12;

fn wanted(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

fn fuzz(all: fn(&Stage) -> Vec<Sample>) {
    let (seconds, first) = (wanted("XTENANT_FUZZ_SECONDS"), wanted("XTENANT_FUZZ_SEED").unwrap_or(1));
    let (start, mut case, mut found) = (Instant::now(), 0, Vec::new());
    let goes_on = |case: usize| match seconds {
        Some(seconds) => start.elapsed() < Duration::from_secs(seconds),
        None => case < CASES,
    };
    while goes_on(case) && found.len() < MOST {
        let mut stage = Stage::new();
        let mut samples = all(&stage);
        let mut judge = Judge::of(&stage);
        for _ in 0..OF_ONE_WORLD {
            if !goes_on(case) || found.len() >= MOST {
                break;
            }
            case += 1;
            let mut seed = Seed(first.wrapping_mul(0x1_0000_0000).wrapping_add(case as u64));
            let sample = &samples[seed.below(samples.len())];
            let request = mutated(&stage, sample, &mut seed);
            if let Some(complaint) = judge.complaint(&stage, &request) {
                found.push(format!("case {case}, {}: {complaint}\n    {}", sample.name, told(&request)));
            }
            if case % OF_ONE_HOUR == 0 {
                if catch_unwind(AssertUnwindSafe(|| stage.room.seconds(3600))).is_err() {
                    found.push(format!("case {case}: the hour after it panicked"));
                }
                stage.sign_in();
                samples = all(&stage);
                judge.note();
            }
        }
    }
    eprintln!("{case} cases in {:?}", start.elapsed());
    assert!(found.is_empty(), "{}", found.join("\n"));
}

fn told(request: &Request) -> String {
    let shown = format!(
        "{} {}{} {:?} {:?} {}",
        request.method,
        request.host,
        request.path,
        request.query,
        request
            .headers
            .iter()
            .filter(|(name, _)| name != "authorization")
            .collect::<Vec<_>>(),
        String::from_utf8_lossy(&request.body)
    );
    shown.chars().take(1500).collect()
}

#[test]
fn entra_stands_whatever_is_asked() {
    fuzz(sample::entra);
}

#[test]
fn graph_stands_whatever_is_asked() {
    fuzz(sample::graph);
}

#[test]
fn exchange_stands_whatever_is_asked() {
    fuzz(sample::exchange);
}

#[test]
fn resource_manager_stands_whatever_is_asked() {
    fuzz(sample::arm);
}

#[test]
fn a_vault_stands_whatever_is_asked() {
    fuzz(sample::vault);
}

#[test]
fn storage_stands_whatever_is_asked() {
    fuzz(sample::blob);
}

#[test]
fn pages_stand_whatever_is_asked() {
    fuzz(sample::pages);
}

#[test]
fn the_controls_stand_whatever_is_asked() {
    fuzz(sample::control);
}
