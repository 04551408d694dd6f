//! `xtenant sandbox serve`: the simulated Microsoft 365 for programs that know nothing of it.

use std::net::SocketAddr;
use std::path::Path;

use clap::Args;
use jiff::Timestamp;
use secrecy::ExposeSecret;
use serde_json::Value;
use serde_json::json;

use super::clock::rate;
use super::make;
use super::trouble;
use super::variables::Shell;
use super::variables::variables;
use crate::cli::Failure;
use crate::cli::Host;
use crate::platform;
use crate::sandbox::NewOptions;
use crate::sandbox::Sandbox;
use crate::sandbox::SandboxError;
use crate::sandbox::ServeOptions;
use crate::sandbox::TenantInfo;

/// How to serve.
#[derive(Args)]
pub struct ServeArgs {
    /// Where to listen on this computer; port 0 takes any that is free
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0", value_parser = loopback)]
    listen: SocketAddr,
    /// Print the variables that lead clients here, in place of the description; also of a sandbox that is served already
    #[arg(long, value_name = "SHELL", value_enum)]
    print_env: Option<Shell>,
    /// How many seconds of the sandbox go by in one; 1 unless `xtenant sandbox clock` has set another rate
    #[arg(long, value_name = "RATE", value_parser = rate)]
    rate: Option<f64>,
    /// Let the clock stand until it is advanced
    #[arg(long, conflicts_with = "rate")]
    stopped: bool,
}

/// Serves the sandbox in `folder`, which is made if it is missing, until Ctrl-C or the system ends it.
pub async fn serve(host: &Host, folder: &Path, args: ServeArgs) -> Result<(), Failure> {
    // Clients are told where it is, and they may be in other folders.
    let folder = &std::path::absolute(folder)?;
    let screen = &host.screen;
    let end = platform::end()?;
    let options = ServeOptions {
        listen: args.listen,
        rate: args.stopped.then_some(0.0).or(args.rate),
    };
    let served = match Sandbox::serve(folder, &options).await {
        Err(SandboxError::NotThere { .. }) => {
            let new = NewOptions {
                // Strangers sign what they send with the time of this computer.
                start: Timestamp::now(),
                ..NewOptions::default()
            };
            make(host, folder, &new)?;
            Sandbox::serve(folder, &options).await
        }
        served => served,
    };
    let sandbox = match (served, args.print_env) {
        (Err(SandboxError::Served { listen, .. }), Some(shell)) => {
            screen.data(&shell.lines(&variables(folder, listen)));
            return Ok(());
        }
        (served, _) => served.map_err(trouble)?,
    };
    match args.print_env {
        Some(shell) => screen.data(&shell.lines(&variables(folder, sandbox.address()))),
        None => screen.data(&described(&sandbox, folder).to_string()),
    }
    end.await;
    sandbox.stop().await;
    Ok(())
}

fn described(sandbox: &Sandbox, folder: &Path) -> Value {
    let tenants: Vec<_> = sandbox.tenants().iter().map(tenant).collect();
    json!({
        "proxy": format!("http://{}", sandbox.address()),
        "listen": sandbox.address().to_string(),
        "ca_file": folder.join(Sandbox::CA_FILE).display().to_string(),
        "data": folder.display().to_string(),
        "tenants": tenants,
    })
}

fn tenant(info: &TenantInfo) -> Value {
    json!({
        "name": info.name,
        "domain": info.domain,
        "tenant_id": info.tenant_id,
        "subscription_id": info.subscription_id,
        "admin_user": info.admin_user,
        "admin_app": {
            "client_id": info.admin_client_id,
            "client_secret": info.admin_client_secret.expose_secret(),
        },
    })
}

/// An address that only this computer reaches: the sandbox hands out administrators' secrets.
fn loopback(text: &str) -> Result<SocketAddr, String> {
    let expected = || "expected an address of this computer alone, such as 127.0.0.1:8443".to_owned();
    let address: SocketAddr = text.parse().map_err(|_| expected())?;
    address.ip().is_loopback().then_some(address).ok_or_else(expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_computer_is_listened_to() {
        assert_eq!(loopback("127.0.0.1:8443"), Ok(SocketAddr::from(([127, 0, 0, 1], 8443))));
        assert!(loopback("[::1]:0").is_ok());
        for elsewhere in ["0.0.0.0:8443", "192.168.0.7:8443", "[::]:0", "8443", "localhost"] {
            assert!(loopback(elsewhere).is_err(), "{elsewhere}");
        }
    }
}
