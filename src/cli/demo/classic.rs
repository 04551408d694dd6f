//! The demonstration of the retired procedure: the credential of the migration lies in a key vault, and the vault can be closed.

use super::plot::CLEO;
use super::plot::COMPARE;
use super::plot::DOMAINS;
use super::plot::NILS;
use super::plot::Plot;
use super::plot::Step;
use crate::sandbox::Era;

/// The job as it was done in 2021.
pub const CLASSIC: Plot = Plot {
    opening: "The procedure of 2020/21, which the service has retired, in a fresh sandbox of that time: the migration signs in with a \
              certificate in an Azure Key Vault.",
    era: Era::Y2021,
    files: &[
        DOMAINS,
        COMPARE,
        ("close-vault.rhai", include_str!("close-vault.rhai")),
        ("vault-log.rhai", include_str!("vault-log.rhai")),
    ],
    steps: STEPS,
};

/// The set-up of the target. It is run three times: to set up, to mend, and to change nothing.
const SET_UP: &str = "run setup-target --target northwind --source-domain contoso.onmicrosoft.com --auth key-vault \
    --resource-group rg-xtmove --key-vault-name nwt-xtmove-kv --location \"West Europe\" --audit-storage-account nwtxtaudit \
    --app-permissions exchange,graph --source-admin cleo@contoso.com --use-app-for-invitation";

const STEPS: &[Step] = &[
    Step {
        who: NILS,
        tells: "makes vault, log, certificate and application, invites Cleo as that application, and makes relationship and endpoint",
        adds: None,
        command: SET_UP,
    },
    Step {
        who: CLEO,
        tells: "checks the application, consents, and opens the way out for the members of a scope group",
        adds: None,
        command: "run setup-source --source contoso --handoff to-source.json --scope-group \"Kermit Scope\"",
    },
    Step {
        who: "Both",
        tells: "look whether everything is in place, the vault and its certificate among it",
        adds: None,
        command: "run verify-setup --target northwind --source contoso --partner to-target.json",
    },
    Step {
        who: CLEO,
        tells: "exports the mailboxes that are to move",
        adds: None,
        command: "run export-attributes --source contoso --filter \"CustomAttribute1 -eq 'ProjectKermit'\" --out users.csv",
    },
    Step {
        who: NILS,
        tells: "prepares the MailUsers",
        adds: None,
        command: "run import-attributes --target northwind --users users.csv --domain-map domains.csv --skip-occupied",
    },
    Step {
        who: NILS,
        tells: "submits the batch; two users are in trouble (a hold is none in that year)",
        adds: None,
        command: "run migrate --target northwind --name wave1 --users mailusers.csv --refused submit --watch",
    },
    Step {
        who: "Somebody tidy",
        tells: "closes the vault to Exchange Online, in the middle of the migration",
        adds: None,
        command: "run ./close-vault.rhai --target northwind --name nwt-xtmove-kv",
    },
    Step {
        who: "Nobody",
        tells: "notices, until Exchange Online reads the certificate again for its daily synchronization",
        adds: None,
        command: "sandbox advance 26h",
    },
    Step {
        who: NILS,
        tells: "sees the batch standing still, and why",
        adds: None,
        command: "run migrate --target northwind --name wave1 --users mailusers.csv",
    },
    Step {
        who: NILS,
        tells: "runs the set-up again: it finds everything in place but the access of Exchange Online, and gives that back",
        adds: None,
        command: SET_UP,
    },
    Step {
        who: NILS,
        tells: "starts the users again that stood still",
        adds: None,
        command: "run migrate --target northwind --name wave1 --users mailusers.csv --restart --watch",
    },
    Step {
        who: NILS,
        tells: "completes the batch; there is no way back but a migration in the other direction",
        adds: None,
        command: "run migrate --target northwind --name wave1 --users mailusers.csv --complete --watch",
    },
    Step {
        who: NILS,
        tells: "looks into the log of the vault: who read the certificate, and who could not",
        adds: None,
        command: "run ./vault-log.rhai --target northwind --account nwtxtaudit",
    },
    Step {
        who: "Both",
        tells: "look at everybody, before and after, on both sides",
        adds: None,
        command: "run ./compare.rhai --source contoso --target northwind",
    },
];
