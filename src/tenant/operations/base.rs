//! What descriptors have in common: the shorthand for arguments, and the values that most writes to a service share.

use serde_json::Value;

use crate::change::Argument;
use crate::change::ArgumentType;
use crate::change::Az;
use crate::change::Call;
use crate::change::Descriptor;
use crate::change::Impact;
use crate::change::Inverse;
use crate::change::Mg;
use crate::change::Part;
use crate::change::PowerShell;
use crate::change::Request;
use crate::change::Retry;
use crate::change::Service;
use crate::change::Verb;
use crate::model::Arguments;
use crate::model::Record;

/// What most writes to Exchange share. A descriptor states all the rest.
pub(super) const EXCHANGE: Descriptor = Descriptor {
    name: "",
    noun: "",
    verb: Verb::Update,
    help: "",
    service: Service::Exchange,
    call: Call::Cmdlet(""),
    resource: None,
    identity: Some("Identity"),
    label: "Name",
    arguments: &[],
    impact: medium,
    loses: |_, _| None,
    before: None,
    keeps: &[],
    made: None,
    evidence: None,
    inverse: Inverse::None(""),
    reversed: None,
    permission: "",
    batchable: true,
    retry: Retry::Safe,
    secret_reply: None,
    powershell: PowerShell::Cmdlet { asks: false, then: None },
};

/// What most writes to Graph share. A descriptor states all the rest.
pub(super) const GRAPH: Descriptor = Descriptor {
    service: Service::Graph,
    identity: Some("id"),
    label: "displayName",
    ..EXCHANGE
};

/// What most writes to Azure Resource Manager share. A descriptor states all the rest.
pub(super) const ARM: Descriptor = Descriptor {
    service: Service::Arm,
    identity: Some("id"),
    label: "name",
    batchable: false,
    powershell: REQUEST,
    ..EXCHANGE
};

/// What most writes to a key vault share. A descriptor states all the rest.
pub(super) const VAULT: Descriptor = Descriptor {
    service: Service::KeyVault,
    ..ARM
};

/// The Exchange cmdlet, which would ask whether it is meant.
pub(super) const ASKING: PowerShell = PowerShell::Cmdlet { asks: true, then: None };

/// The request itself; no cmdlet does just this.
pub(super) const REQUEST: PowerShell = PowerShell::Request(Request::PLAIN);

/// The request itself, which Azure is not done with when it answers.
pub(super) const PROVISIONED: PowerShell = PowerShell::Request(Request {
    then: Some(
        "while ((Invoke-Azure -Method GET -Target $parameters.Target).properties.provisioningState \
         -notin $null, 'Succeeded', 'Failed', 'Canceled') { Start-Sleep -Seconds 5 }",
    ),
    ..Request::PLAIN
});

/// A cmdlet of an Az module.
pub(super) const fn az(cmdlet: &'static str, module: &'static str, parameters: &'static [(&'static str, Part)]) -> PowerShell {
    PowerShell::Az(plain_az(cmdlet, module, parameters))
}

/// A cmdlet of an Az module, of which more is to be said.
pub(super) const fn plain_az(cmdlet: &'static str, module: &'static str, parameters: &'static [(&'static str, Part)]) -> Az {
    Az {
        cmdlet,
        module,
        parameters,
        unasked: &[],
        then: None,
        result: None,
        properties: &[],
        otherwise: Request::PLAIN,
    }
}

/// A cmdlet of a Graph module, whose parameters `places` stand for places in the path.
pub(super) const fn mg(cmdlet: &'static str, module: &'static str, places: &'static [(&'static str, &'static str)]) -> Mg {
    Mg {
        cmdlet,
        module,
        places,
        within: &[],
        unlike: &[],
    }
}

pub(super) const fn text(name: &'static str) -> Argument {
    Argument::optional(name, ArgumentType::Text)
}

pub(super) const fn flag(name: &'static str) -> Argument {
    Argument::optional(name, ArgumentType::Flag)
}

pub(super) const fn number(name: &'static str) -> Argument {
    Argument::optional(name, ArgumentType::Number)
}

pub(super) const fn guid(name: &'static str) -> Argument {
    Argument::optional(name, ArgumentType::Guid)
}

pub(super) const fn list(name: &'static str) -> Argument {
    Argument::optional(name, ArgumentType::List)
}

pub(super) const fn object(name: &'static str) -> Argument {
    Argument::optional(name, ArgumentType::Object)
}

pub(super) const fn time(name: &'static str) -> Argument {
    Argument::optional(name, ArgumentType::DateTime)
}

pub(super) const fn choice(name: &'static str, words: &'static [&'static str]) -> Argument {
    Argument::optional(name, ArgumentType::Choice(words))
}

pub(super) const fn flags(name: &'static str, words: &'static [&'static str]) -> Argument {
    Argument::optional(name, ArgumentType::Flags(words))
}

pub(super) const fn resource_id(name: &'static str) -> Argument {
    Argument::optional(name, ArgumentType::ResourceId)
}

pub(super) const fn certificate_url(name: &'static str) -> Argument {
    Argument::optional(name, ArgumentType::CertificateUrl)
}

pub(super) const fn secret(name: &'static str) -> Argument {
    Argument::optional(name, ArgumentType::Secret)
}

pub(super) const fn credential(name: &'static str) -> Argument {
    Argument::optional(name, ArgumentType::Credential)
}

pub(super) const fn bytes(name: &'static str) -> Argument {
    Argument::optional(name, ArgumentType::Bytes)
}

pub(super) fn medium(_: &Arguments, _: Option<&Record>) -> Impact {
    Impact::Medium
}

pub(super) fn high(_: &Arguments, _: Option<&Record>) -> Impact {
    Impact::High
}

pub(super) fn irreversible(_: &Arguments, _: Option<&Record>) -> Impact {
    Impact::Irreversible
}

/// Medium for ordinary properties. Taking a hold away lets the service purge what it kept, and a removed archive is gone.
pub(super) fn holding(arguments: &Arguments, _: Option<&Record>) -> Impact {
    const RELEASING: [&str; 5] = [
        "RemoveLitigationHoldEnabled",
        "RemoveDelayHoldApplied",
        "RemoveDelayReleaseHoldApplied",
        "RemoveComplianceTagHoldApplied",
        "ExcludeFromAllOrgHolds",
    ];
    let is_released = RELEASING.iter().any(|switch| arguments.is_on(switch));
    let is_excluded = ["ExcludeFromOrgHolds", "RemoveOrphanedHolds"]
        .iter()
        .any(|holds| arguments.get(holds).is_some());
    match arguments.is_on("RemoveDisabledArchive") {
        true => Impact::Irreversible,
        false if is_released || is_excluded || is_off(arguments, "LitigationHoldEnabled") => Impact::High,
        false => Impact::Medium,
    }
}

/// What is lost with a hold or an archive that is taken away.
pub(super) fn releasing(arguments: &Arguments, _: Option<&Record>) -> Option<&'static str> {
    Some(match arguments.is_on("RemoveDisabledArchive") {
        true => "the disabled archive is gone for good, with everything in it",
        false => "the service may purge for good what the hold has kept until now",
    })
}

/// Whether a flag is given as false.
pub(super) fn is_off(arguments: &Arguments, name: &str) -> bool {
    arguments
        .get(name)
        .is_some_and(|given| given.plain().and_then(Value::as_bool) == Some(false))
}

/// The custom attributes that mailboxes and MailUsers have.
pub(super) const CUSTOM_ATTRIBUTES: [Argument; 20] = [
    text("CustomAttribute1"),
    text("CustomAttribute2"),
    text("CustomAttribute3"),
    text("CustomAttribute4"),
    text("CustomAttribute5"),
    text("CustomAttribute6"),
    text("CustomAttribute7"),
    text("CustomAttribute8"),
    text("CustomAttribute9"),
    text("CustomAttribute10"),
    text("CustomAttribute11"),
    text("CustomAttribute12"),
    text("CustomAttribute13"),
    text("CustomAttribute14"),
    text("CustomAttribute15"),
    list("ExtensionCustomAttribute1"),
    list("ExtensionCustomAttribute2"),
    list("ExtensionCustomAttribute3"),
    list("ExtensionCustomAttribute4"),
    list("ExtensionCustomAttribute5"),
];

/// Both lists of arguments in one, at compile time; `N` is their common length.
pub(super) const fn joined<const N: usize>(first: &[Argument], second: &[Argument]) -> [Argument; N] {
    assert!(N == first.len() + second.len(), "N is the common length");
    let mut all = [text(""); N];
    let mut at = 0;
    while at < N {
        all[at] = if at < first.len() { first[at] } else { second[at - first.len()] };
        at += 1;
    }
    all
}
