//! Every operation as PowerShell, held against a grammar of the language.

mod grammar;
mod journey;

use grammar::commands;
use serde_json::Value;
use serde_json::json;
use uuid::Uuid;

use super::all;
use crate::change::ArgumentType;
use crate::change::Call;
use crate::change::Descriptor;
use crate::change::PowerShell;
use crate::change::PsChange;
use crate::change::PsHeading;
use crate::change::Service;
use crate::change::TenantTag;
use crate::change::Verb;
use crate::change::powershell;

const SUBSCRIPTION: &str = "/subscriptions/3c3c3c3c-3333-4ccc-8333-e0e0e0e0e003";
const VAULT: &str = "https://nwt-kv.vault.azure.net";

fn tenant(name: &str, number: u128) -> TenantTag {
    TenantTag {
        name: name.to_owned(),
        id: Uuid::from_u128(number),
        domain: format!("{name}.onmicrosoft.com"),
    }
}

/// An id of the type of resource that the operation works on.
fn id_for(descriptor: &Descriptor) -> String {
    match (descriptor.service, descriptor.resource) {
        (Service::Exchange | Service::Graph, _) => "5e5e5e5e-1111-4111-8111-000000000001".to_owned(),
        (Service::KeyVault, Some(kind)) => format!("{VAULT}/{kind}/move/0a0b0c"),
        (Service::KeyVault, None) => VAULT.to_owned(),
        (Service::Arm, Some("subscriptions")) => SUBSCRIPTION.to_owned(),
        (Service::Arm, Some("resourceGroups")) => format!("{SUBSCRIPTION}/resourceGroups/rg"),
        (Service::Arm, Some("providers")) => format!("{SUBSCRIPTION}/providers/Microsoft.KeyVault"),
        (Service::Arm, Some("Microsoft.KeyVault/locations/deletedVaults")) => {
            format!("{SUBSCRIPTION}/providers/Microsoft.KeyVault/locations/westeurope/deletedVaults/nwt-kv")
        }
        (Service::Arm, Some(kind)) => {
            let (provider, kind) = kind.split_once('/').expect("a provider offers it");
            format!("{SUBSCRIPTION}/resourceGroups/rg/providers/{provider}/{kind}/nwt-kv")
        }
        (Service::Arm, None) => format!("{SUBSCRIPTION}/resourceGroups/rg"),
    }
}

fn sample(descriptor: &Descriptor, kind: ArgumentType) -> Value {
    match kind {
        ArgumentType::Text => "O'Hara’s $name \"`x`\" #1".into(),
        ArgumentType::Flag => true.into(),
        ArgumentType::Number => 20.into(),
        ArgumentType::Guid => "1ec059c7-8396-4d0b-af4e-d6bd4c12a8d8".into(),
        ArgumentType::Choice(words) => words[0].into(),
        ArgumentType::Flags(words) => json!(words),
        ArgumentType::List => json!({"Add": ["smtp:a@x.com", "X500:/o=A/cn=b'c"], "Remove": "smtp:c@x.com"}),
        ArgumentType::Object => json!({"a": {"b": [{"c": true, "d": 1.5}, []]}, "@odata.type": "#x", "list": [["x"]]}),
        ArgumentType::DateTime => "2026-03-01T18:00:00Z".into(),
        ArgumentType::Secret => json!({"$secret": "password"}),
        ArgumentType::Credential => json!({"$credential": "‹application id of x›", "secret": {"$secret": "password"}}),
        ArgumentType::Bytes => json!({"$bytes": "RW1haWxBZGRyZXNzCmEneEBiLmNvbQo="}),
        ArgumentType::ResourceId => id_for(descriptor).into(),
        ArgumentType::CertificateUrl => format!("{VAULT}:443/certificates/move/‹version of move›").into(),
    }
}

/// A change of this kind with those of its arguments that `is_given`.
fn change(descriptor: &'static Descriptor, is_given: impl Fn(&crate::change::Argument) -> bool) -> PsChange {
    let given = descriptor.arguments.iter().filter(|argument| is_given(argument));
    PsChange {
        tenant: tenant("northwind", 2),
        descriptor,
        object: descriptor.identity.map(|_| id_for(descriptor)),
        label: "Lara\nNewton".into(),
        arguments: given
            .map(|argument| (argument.name.to_owned(), sample(descriptor, argument.kind)))
            .collect(),
        touched: vec![("Name".into(), Value::Null, "x\ny".into())],
        outputs: match descriptor.verb {
            Verb::Create => vec![(format!("‹new {}›", descriptor.name), "id".into())],
            _ => Vec::new(),
        },
    }
}

fn rendered(changes: &[PsChange]) -> String {
    let heading = PsHeading {
        lines: vec!["What a run would do\nin two lines".into()],
    };
    powershell(&heading, changes)
}

#[test]
fn every_operation_is_powershell_with_all_of_its_arguments_and_with_the_least() {
    for descriptor in all() {
        for script in [
            rendered(&[change(descriptor, |_| true)]),
            rendered(&[change(descriptor, |argument| argument.required)]),
        ] {
            let commands = commands(&script);
            let expected = match descriptor.powershell {
                PowerShell::Cmdlet { .. } => match descriptor.call {
                    Call::Cmdlet(cmdlet) => vec![cmdlet],
                    _ => panic!("`{}` is no cmdlet", descriptor.name),
                },
                PowerShell::Mg(mg) => vec![mg.cmdlet, "Invoke-MgGraphRequest"],
                PowerShell::Az(az) => vec![az.cmdlet, "Invoke-Azure"],
                PowerShell::Request(_) => vec!["Invoke-MgGraphRequest", "Invoke-Azure"],
            };
            assert!(
                expected.iter().any(|name| commands.contains(*name)),
                "`{}`\n{script}",
                descriptor.name
            );
        }
    }
}
