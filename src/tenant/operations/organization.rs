//! Writes on the organization itself.

use super::base::EXCHANGE;
use super::base::irreversible;
use super::evidence::CUSTOMIZED;
use crate::change::Call;
use crate::change::Descriptor;
use crate::change::Inverse;
use crate::change::PowerShell;
use crate::change::Retry;
use crate::change::Verb;

pub static ENABLE_ORGANIZATION_CUSTOMIZATION: Descriptor = Descriptor {
    name: "enable_organization_customization",
    noun: "organization",
    verb: Verb::Act("opened for customization"),
    help: "Opens the organization for customization, which relationships and role groups need; the service takes up to an hour.",
    call: Call::Cmdlet("Enable-OrganizationCustomization"),
    identity: None,
    label: "",
    arguments: &[],
    impact: irreversible,
    loses: |_, _| Some("the defaults that the service shares among tenants give way to copies of this tenant, for good"),
    before: Some("get_organization_config"),
    evidence: Some(CUSTOMIZED),
    inverse: Inverse::None("a customized organization cannot be made uncustomized"),
    permission: "Organization Configuration",
    batchable: false,
    retry: Retry::ReadBack,
    powershell: PowerShell::Cmdlet {
        asks: false,
        then: Some("while ((Get-OrganizationConfig).IsDehydrated) { Start-Sleep -Seconds 30 }"),
    },
    ..EXCHANGE
};
