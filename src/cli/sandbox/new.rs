//! `xtenant sandbox new` and `reset`: making the simulated Microsoft 365.

use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use clap::ValueEnum;
use jiff::Timestamp;

use super::advance;
use super::people;
use super::trouble;
use crate::cli::Failure;
use crate::cli::Host;
use crate::sandbox::Era;
use crate::sandbox::NewOptions;
use crate::sandbox::Sandbox;
use crate::sandbox::SandboxError;
use crate::sandbox::is_vault_name;
use crate::sandbox::population::TENANTS;

/// What a new sandbox is to hold.
#[derive(Args)]
pub struct NewArgs {
    /// Mailboxes of contoso
    #[arg(long, default_value_t = NewOptions::default().mailboxes, conflicts_with = "from")]
    mailboxes: usize,
    /// The mailboxes of contoso: a CSV or JSON file as `export-attributes` or `Get-Mailbox` writes it
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// Number that decides who is in it; the same number gives the same people
    #[arg(long, default_value_t = NewOptions::default().seed)]
    seed: u64,
    /// Which rules are in force
    #[arg(long, value_enum, default_value = "today")]
    era: EraName,
    /// When its time begins: `now`, or a time such as 2026-01-05T08:00:00Z
    #[arg(long, value_name = "TIME", default_value_t = NewOptions::default().start, value_parser = time)]
    start: Timestamp,
    /// How long a change in the directory takes to be seen everywhere, such as 30s or 2m
    #[arg(long, value_name = "DURATION", default_value = "0s", value_parser = advance::duration)]
    replication: Duration,
    /// Organizations that were customized long ago: contoso, northwind, or none
    #[arg(long, value_name = "TENANT", value_delimiter = ',', default_value = "none", value_parser = ["contoso", "northwind", "none"])]
    hydrated: Vec<String>,
    /// No provider of Azure is registered, in both tenants or in these
    #[arg(long, value_name = "TENANT", value_delimiter = ',', num_args = 0..=1, default_missing_value = BOTH, value_parser = TENANTS)]
    unregistered_providers: Vec<String>,
    /// New vaults use roles whatever the version of the interface, in both tenants or in these
    #[arg(long, value_name = "TENANT", value_delimiter = ',', num_args = 0..=1, default_missing_value = BOTH, value_parser = TENANTS)]
    rbac_vaults: Vec<String>,
    /// A vault of this name was deleted lately, in northwind unless it says `contoso:NAME`
    #[arg(long, value_name = "NAME", value_parser = vault)]
    soft_deleted_vault: Vec<(String, String)>,
}

const BOTH: &str = "contoso,northwind";

impl NewArgs {
    fn options(self) -> Result<NewOptions, Failure> {
        let people = self.from.as_deref().map(people::read).transpose()?;
        let era = match self.era {
            EraName::Today => Era::Today,
            EraName::Y2021 => Era::Y2021,
        };
        Ok(NewOptions {
            mailboxes: self.mailboxes,
            people: people.unwrap_or_default(),
            seed: self.seed,
            era,
            start: self.start,
            replication: self.replication,
            hydrated: self.hydrated,
            unregistered_providers: self.unregistered_providers,
            rbac_vaults: self.rbac_vaults,
            soft_deleted_vaults: self.soft_deleted_vault,
        })
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
    Sandbox::create(folder, &args.options()?).map_err(trouble)?;
    host.screen.remark(&format!("made a sandbox in {}", folder.display()));
    Ok(())
}

/// Makes a sandbox in place of the one that is there, if any.
pub fn reset(host: &Host, folder: &Path, args: NewArgs) -> Result<(), Failure> {
    let options = args.options()?;
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

/// A vault by name alone or as `TENANT:NAME`.
fn vault(text: &str) -> Result<(String, String), String> {
    let (tenant, name) = text.split_once(':').unwrap_or((TENANTS[1], text));
    if !TENANTS.contains(&tenant) {
        return Err(format!("`{tenant}` is neither contoso nor northwind"));
    }
    match is_vault_name(name) {
        true => Ok((tenant.to_owned(), name.to_owned())),
        false => {
            Err("a vault's name has 3 to 24 letters, digits and single hyphens, begins with a letter and ends with no hyphen".to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vault_is_northwinds_unless_its_tenant_is_named() {
        let pair = |tenant: &str, name: &str| Ok((tenant.to_owned(), name.to_owned()));
        assert_eq!(vault("nwt-move-kv"), pair("northwind", "nwt-move-kv"));
        assert_eq!(vault("contoso:kv1"), pair("contoso", "kv1"));
        assert!(vault("fabrikam:kv1").is_err());
        assert!(vault("a--b").is_err());
    }

    #[test]
    fn a_start_is_now_or_a_time_with_its_zone() {
        assert_eq!(time("2026-11-23T12:00:00+01:00"), Ok("2026-11-23T11:00:00Z".parse().unwrap()));
        assert!(time("now").unwrap() > "2026-01-01T00:00:00Z".parse().unwrap());
        assert!(time("tomorrow").is_err());
    }
}
