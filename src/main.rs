//! The program: one crypto provider for everything, the log when it is asked for, then the command line.

use std::process::ExitCode;

use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    rustls::crypto::aws_lc_rs::default_provider()
        .install_default()
        .expect("nothing has installed a provider before main");
    if let Ok(filter) = EnvFilter::try_from_env("XTENANT_LOG") {
        tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_writer(std::io::stderr)
            .init();
    }
    xtenant::cli::main(std::env::args_os())
}
