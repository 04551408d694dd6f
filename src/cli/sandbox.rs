//! `xtenant sandbox`: make the simulated Microsoft 365, look at it, move its clock, start over.

use std::path::Path;
use std::time::Duration;

use clap::Args;
use clap::Subcommand;
use clap::ValueEnum;
use jiff::Span;
use jiff::SpanRelativeTo;
use jiff::Timestamp;
use serde_json::Value;
use serde_json::json;

use crate::cli::Failure;
use crate::cli::Host;
use crate::cli::Status;
use crate::model::Kind;
use crate::model::Record;
use crate::model::Trouble;
use crate::output;
use crate::sandbox::Era;
use crate::sandbox::NewOptions;
use crate::sandbox::Sandbox;
use crate::sandbox::SandboxError;
use crate::sandbox::TenantInfo;

/// What follows `xtenant sandbox`.
#[derive(Args)]
pub struct SandboxArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Make a sandbox with two linked tenants, contoso and northwind
    New(NewArgs),
    /// Show the tenants and the time
    Status,
    /// Move the clock; what was due in between happens in order
    Advance {
        /// How far, such as 30m, 24h or 2d
        #[arg(value_parser = duration)]
        duration: Duration,
    },
    /// Make a new sandbox in place of the one that is there, if any
    Reset(NewArgs),
}

#[derive(Args)]
struct NewArgs {
    /// Mailboxes of contoso
    #[arg(long, default_value_t = NewOptions::default().mailboxes)]
    mailboxes: usize,
    /// Number that decides who is in it; the same number gives the same people
    #[arg(long, default_value_t = NewOptions::default().seed)]
    seed: u64,
    /// Which rules are in force
    #[arg(long, value_enum, default_value = "today")]
    era: EraName,
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

/// Makes, shows, advances or replaces the sandbox.
pub fn sandbox(host: &Host, args: SandboxArgs) -> Result<Status, Failure> {
    let folder = host.sandbox_folder()?;
    let screen = &host.screen;
    match args.action {
        Action::New(options) => {
            Sandbox::create(&folder, &options.into()).map_err(trouble)?;
            screen.remark(&format!("made a sandbox in {}", folder.display()));
        }
        Action::Reset(options) => {
            let options = options.into();
            match Sandbox::reset(&folder, &options) {
                // Whoever wants a fresh one need not know whether there is an old one.
                Err(SandboxError::NotThere { .. }) => Sandbox::create(&folder, &options).map_err(trouble)?,
                other => other.map_err(trouble)?,
            }
            screen.remark(&format!("made a new sandbox in {}", folder.display()));
        }
        Action::Status => Host::runtime()?.block_on(status(host, &folder))?,
        Action::Advance { duration } => {
            let now = Host::runtime()?.block_on(advance(&folder, duration)).map_err(trouble)?;
            match screen.is_json() {
                true => screen.data(&json!({ "now": now.to_string() }).to_string()),
                false => screen.data(&format!("it is now {now} in the sandbox")),
            }
        }
    }
    screen.finish()?;
    Ok(Status::Ok)
}

/// Opens the sandbox of `host`; on first use it is made.
pub async fn open(host: &Host) -> Result<Sandbox, Failure> {
    let folder = host.sandbox_folder()?;
    match Sandbox::open(&folder).await {
        Err(SandboxError::NotThere { .. }) => {
            let options = NewOptions::default();
            Sandbox::create(&folder, &options).map_err(trouble)?;
            host.screen.remark(&format!(
                "made a sandbox with {} mailboxes in {}",
                options.mailboxes,
                folder.display()
            ));
            Ok(Sandbox::open(&folder).await.map_err(trouble)?)
        }
        opened => Ok(opened.map_err(trouble)?),
    }
}

/// Why the sandbox could not be used.
pub fn trouble(error: SandboxError) -> Trouble {
    let mut trouble = Trouble::new(Kind::Invalid, error.to_string()).with_code("sandbox");
    if let Some(cause) = std::error::Error::source(&error) {
        trouble = trouble.caused_by(cause);
    }
    match error.remedy() {
        Some(remedy) => trouble.with_remedy(remedy),
        None => trouble,
    }
}

async fn status(host: &Host, folder: &Path) -> Result<(), Failure> {
    let sandbox = Sandbox::open(folder).await.map_err(trouble)?;
    let now = sandbox.now().await.map_err(trouble)?;
    let screen = &host.screen;
    match screen.is_json() {
        true => {
            let tenants: Vec<_> = sandbox.tenants().iter().map(described).collect();
            let state = json!({ "folder": folder.display().to_string(), "now": now.to_string(), "tenants": tenants });
            screen.data(&state.to_string());
        }
        false => {
            let rows: Vec<_> = sandbox.tenants().iter().map(row).collect();
            screen.data(&format!("folder  {}\ntime    {now}\n", folder.display()));
            screen.data(&output::table(&rows, screen.width()));
        }
    }
    Ok(())
}

fn row(tenant: &TenantInfo) -> Record {
    Record::default()
        .with("tenant", tenant.name.as_str())
        .with("domains", tenant.domains.join(", "))
        .with("id", tenant.tenant_id.as_str())
}

fn described(tenant: &TenantInfo) -> Value {
    json!({
        "name": tenant.name,
        "organization": tenant.display_name,
        "domain": tenant.domain,
        "domains": tenant.domains,
        "tenant_id": tenant.tenant_id,
        "administrator": tenant.admin_client_id,
    })
}

async fn advance(folder: &Path, duration: Duration) -> Result<Timestamp, SandboxError> {
    Sandbox::open(folder).await?.advance(duration).await
}

fn duration(text: &str) -> Result<Duration, String> {
    let expected = || "expected a duration such as 30m, 24h or 2d".to_owned();
    let span: Span = text.parse().map_err(|_| expected())?;
    let signed = span.to_duration(SpanRelativeTo::days_are_24_hours()).map_err(|_| expected())?;
    Duration::try_from(signed).map_err(|_| "time in the sandbox goes forward only".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_given_as_people_write_them() {
        assert_eq!(duration("24h"), Ok(Duration::from_secs(86_400)));
        assert_eq!(duration("2d"), Ok(Duration::from_secs(172_800)));
        assert_eq!(duration("1h30m"), Ok(Duration::from_secs(5_400)));
        assert!(duration("soon").is_err());
        assert!(duration("-1h").is_err());
    }
}
