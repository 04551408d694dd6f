//! Writes on application registrations.

use super::base::GRAPH;
use super::base::choice;
use super::base::high;
use super::base::joined;
use super::base::list;
use super::base::mg;
use super::base::object;
use super::base::text;
use super::evidence::KEYS_GIVEN;
use super::evidence::PASSWORD_ADDED;
use super::evidence::PASSWORD_REMOVED;
use crate::change::Argument;
use crate::change::Call;
use crate::change::Descriptor;
use crate::change::Impact;
use crate::change::Inverse;
use crate::change::Mg;
use crate::change::PowerShell;
use crate::change::Retry;
use crate::change::Verb;
use crate::model::Arguments;
use crate::model::Record;

const AUDIENCES: &[&str] = &[
    "AzureADMyOrg",
    "AzureADMultipleOrgs",
    "AzureADandPersonalMicrosoftAccount",
    "PersonalMicrosoftAccount",
];

const PROPERTIES: [Argument; 7] = [
    text("displayName"),
    choice("signInAudience", AUDIENCES),
    object("web"),
    object("requiredResourceAccess"),
    list("identifierUris"),
    text("description"),
    text("notes"),
];
const FOR_NEW: [Argument; 8] = {
    let mut arguments: [Argument; 8] = joined(&PROPERTIES, &[object("keyCredentials")]);
    arguments[0] = text("displayName").required();
    arguments
};

/// Whoever holds a key of an application can sign in as it.
fn keyed(arguments: &Arguments, _: Option<&Record>) -> Impact {
    match arguments.get("keyCredentials").is_some() {
        true => Impact::High,
        false => Impact::Medium,
    }
}

const PERMISSION: &str = "Application.ReadWrite.All";
const MODULE: &str = "Microsoft.Graph.Applications";
const PLACES: &[(&str, &str)] = &[("ApplicationId", "id")];
/// The cmdlets take the content of a certificate as bytes, the service as base64.
const KEYS: &[&str] = &["keyCredentials"];

pub static NEW_APPLICATION: Descriptor = Descriptor {
    name: "new_application",
    noun: "application",
    verb: Verb::Create,
    help: "Registers an application.",
    call: Call::Http {
        method: "POST",
        path: "/applications",
    },
    identity: None,
    arguments: &FOR_NEW,
    impact: keyed,
    loses: |_, _| Some("whoever holds the key of the certificate can sign in as this application, with all that is granted to it"),
    before: None,
    made: Some(("find_applications", "displayName")),
    inverse: Inverse::Remove("remove_application"),
    permission: PERMISSION,
    retry: Retry::ReadBack,
    powershell: PowerShell::Mg(Mg {
        unlike: KEYS,
        ..mg("New-MgApplication", MODULE, &[])
    }),
    ..GRAPH
};

pub static SET_APPLICATION: Descriptor = Descriptor {
    name: "set_application",
    noun: "application",
    verb: Verb::Update,
    help: "Changes an application registration; lists replace the ones before. Its certificates are given by `set_application_keys`.",
    call: Call::Http {
        method: "PATCH",
        path: "/applications/{id}",
    },
    arguments: &PROPERTIES,
    before: Some("get_application"),
    inverse: Inverse::Restore,
    permission: PERMISSION,
    powershell: PowerShell::Mg(mg("Update-MgApplication", MODULE, PLACES)),
    ..GRAPH
};

pub static SET_APPLICATION_KEYS: Descriptor = Descriptor {
    name: "set_application_keys",
    noun: "application",
    verb: Verb::Act("given its certificates"),
    help: "Says by which certificates an application may sign in; a key that is there is kept by repeating it.",
    call: Call::Http {
        method: "PATCH",
        path: "/applications/{id}",
    },
    arguments: &[object("keyCredentials").required()],
    impact: high,
    loses: |_, _| {
        Some("whoever holds the key of a new certificate can sign in as this application; a certificate that is left out no longer can")
    },
    before: Some("get_application"),
    evidence: Some(KEYS_GIVEN),
    inverse: Inverse::None("the image from before has the certificates without their content; take away the one that was added"),
    permission: PERMISSION,
    powershell: PowerShell::Mg(Mg {
        unlike: KEYS,
        ..mg("Update-MgApplication", MODULE, PLACES)
    }),
    ..GRAPH
};

pub static REMOVE_APPLICATION: Descriptor = Descriptor {
    name: "remove_application",
    noun: "application",
    verb: Verb::Remove,
    help: "Removes an application registration; it can be restored for 30 days.",
    call: Call::Http {
        method: "DELETE",
        path: "/applications/{id}",
    },
    arguments: &[],
    impact: high,
    loses: |_, _| Some("whatever signs in with it no longer can, and a migration endpoint that uses it stops working"),
    before: Some("get_application"),
    inverse: Inverse::None("it is restored from the deleted items of the directory, within 30 days"),
    permission: PERMISSION,
    retry: Retry::ReadBack,
    powershell: PowerShell::Mg(mg("Remove-MgApplication", MODULE, PLACES)),
    ..GRAPH
};

pub static NEW_APPLICATION_PASSWORD: Descriptor = Descriptor {
    name: "new_application_password",
    noun: "application",
    verb: Verb::Act("given a client secret"),
    help: "Gives an application a new client secret, which the service shows this once.",
    call: Call::Http {
        method: "POST",
        path: "/applications/{id}/addPassword",
    },
    arguments: &[object("passwordCredential")],
    impact: high,
    loses: |_, _| Some("whoever holds the new secret can sign in as this application, with all that is granted to it"),
    before: Some("get_application"),
    evidence: Some(PASSWORD_ADDED),
    inverse: Inverse::Remove("remove_application_password"),
    permission: PERMISSION,
    batchable: false,
    retry: Retry::ReadBack,
    secret_reply: Some("secretText"),
    powershell: PowerShell::Mg(mg("Add-MgApplicationPassword", MODULE, PLACES)),
    ..GRAPH
};

pub static REMOVE_APPLICATION_PASSWORD: Descriptor = Descriptor {
    name: "remove_application_password",
    noun: "application",
    verb: Verb::Act("relieved of a client secret"),
    help: "Removes a client secret of an application by its `keyId`; what signs in with it no longer can.",
    call: Call::Http {
        method: "POST",
        path: "/applications/{id}/removePassword",
    },
    arguments: &[text("keyId").required()],
    impact: high,
    loses: |_, _| Some("whatever signs in with this secret no longer can, and a migration endpoint that uses it stops working"),
    before: Some("get_application"),
    evidence: Some(PASSWORD_REMOVED),
    inverse: Inverse::None("a client secret cannot be read back"),
    permission: PERMISSION,
    retry: Retry::ReadBack,
    powershell: PowerShell::Mg(mg("Remove-MgApplicationPassword", MODULE, PLACES)),
    ..GRAPH
};
