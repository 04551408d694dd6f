//! What a sandbox of 200,000 mailboxes costs: opening it, its memory, its rate beside a bare server, and look-ups by every form of
//! identity. `cargo bench --bench sandbox`, with `-- --quick` on a small state.
//!
//! Each part is a process of its own, so that the memory of one is not that of another.

mod bare;
mod client;
mod figures;
mod folder;
mod load;

use std::path::Path;
use std::process::Child;
use std::process::ChildStdout;
use std::process::Command;
use std::process::ExitCode;
use std::process::Stdio;
use std::time::Duration;

use figures::Figures;
use serde_json::Value;

/// How much of everything.
struct Scale {
    small: usize,
    large: usize,
    rounds: usize,
    round: Duration,
    calls: usize,
}

const FULL: Scale = Scale {
    small: 1_000,
    large: 200_000,
    rounds: 5,
    round: Duration::from_secs(4),
    calls: 2_000,
};
const QUICK: Scale = Scale {
    small: 200,
    large: 2_000,
    rounds: 1,
    round: Duration::from_millis(500),
    calls: 100,
};

fn main() -> ExitCode {
    rustls::crypto::aws_lc_rs::default_provider()
        .install_default()
        .expect("nothing has installed a provider before main");
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["make", folder, mailboxes] => folder::make(Path::new(folder), mailboxes.parse().expect("a number")),
        ["serve", folder] => folder::serve(Path::new(folder)),
        ["bare", reply] => bare::serve(Path::new(reply)),
        _ => return measure(if arguments.contains(&"--quick") { &QUICK } else { &FULL }),
    }
    ExitCode::SUCCESS
}

fn measure(scale: &Scale) -> ExitCode {
    let mut figures = Figures::default();
    let [small, large] = [scale.small, scale.large].map(|mailboxes| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let begin = std::time::Instant::now();
        let made = Part::command(&["make", path(&folder), &mailboxes.to_string()]).status();
        assert!(made.expect("this program runs").success(), "the sandbox could not be made");
        let size = folder.path().join("state.db").metadata().map_or(0, |state| state.len() >> 20);
        println!(
            "made {mailboxes} mailboxes and as many counterparts in {:.1?}, {size} MiB",
            begin.elapsed()
        );
        folder
    });
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let cost = |folder: &tempfile::TempDir| {
        let mut served = Part::start(&["serve", path(folder)]);
        let forms = runtime.block_on(load::cost_of_forms(&served.said, folder.path(), scale.calls));
        served.stop();
        forms
    };
    let (of_small, of_large) = (cost(&small), cost(&large));

    let mut served = Part::start(&["serve", path(&large)]);
    figures.opening(&served.said);
    let reply = large.path().join("reply");
    runtime.block_on(load::keep_reply(&served.said, large.path(), &reply));
    let mut bare = Part::start(&["bare", reply.to_str().expect("a path in UTF-8")]);
    let pairs = (0..scale.rounds).map(|_| {
        let of_sandbox = runtime.block_on(load::rate(&served.said, &served.said, large.path(), scale.round));
        let of_bare = runtime.block_on(load::rate(&bare.said, &served.said, large.path(), scale.round));
        (of_sandbox, of_bare)
    });
    figures.rates(&pairs.collect::<Vec<_>>());
    figures.memory(served.resident_mebibytes());
    bare.stop();
    served.stop();
    figures.forms(scale.small, &of_small, scale.large, &of_large);
    figures.end()
}

fn path(folder: &tempfile::TempDir) -> &str {
    folder.path().to_str().expect("a path in UTF-8")
}

/// A process of this program.
struct Part {
    process: Child,
    _output: std::io::BufReader<ChildStdout>,
    /// The line that it began with.
    said: Value,
}

impl Part {
    fn command(arguments: &[&str]) -> Command {
        let mut command = Command::new(std::env::current_exe().expect("this program has a path"));
        command.args(arguments);
        command
    }

    fn start(arguments: &[&str]) -> Self {
        let mut command = Self::command(arguments);
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("this program runs");
        let mut output = std::io::BufReader::new(process.stdout.take().expect("its output is a pipe"));
        let mut line = String::new();
        std::io::BufRead::read_line(&mut output, &mut line).expect("it says a line");
        let said = serde_json::from_str(&line).expect("the line is JSON");
        Self {
            process,
            _output: output,
            said,
        }
    }

    /// The most memory that it ever had resident.
    fn resident_mebibytes(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        let kibibytes: u64 = line.split_whitespace().next()?.parse().ok()?;
        Some(kibibytes >> 10)
    }

    /// Ends it by closing its input.
    fn stop(&mut self) {
        drop(self.process.stdin.take());
        self.process.wait().expect("it ends");
    }
}
