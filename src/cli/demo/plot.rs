//! What happens in a demonstration: who does what, in which order.

use crate::sandbox::Era;

/// One demonstration.
pub struct Plot {
    /// What it is about.
    pub opening: &'static str,
    /// The year of the service that it happens in.
    pub era: Era,
    /// Files that lie there at the beginning.
    pub files: &'static [(&'static str, &'static str)],
    /// What is done, in this order.
    pub steps: &'static [Step],
}

/// One step.
pub struct Step {
    /// Who takes it.
    pub who: &'static str,
    /// What it is for.
    pub tells: &'static str,
    /// A user that somebody adds to a file before: file and address.
    pub adds: Option<(&'static str, &'static str)>,
    /// The command as it is typed, without the program's name.
    pub command: &'static str,
}

pub const NILS: &str = "Nils of Northwind";
pub const CLEO: &str = "Cleo of Contoso";

/// The map that both demonstrations prepare users with.
pub const DOMAINS: (&str, &str) = ("domains.csv", "source,target\ncontoso.com,northwind.com\n");
/// The table that both demonstrations end with.
pub const COMPARE: (&str, &str) = ("compare.rhai", include_str!("compare.rhai"));

/// The job as it is done today.
pub const TODAY: Plot = Plot {
    opening: "Two companies merge: contoso.com (source) moves mailboxes to northwind.com (target). Both live in a fresh sandbox.",
    era: Era::Today,
    files: &[DOMAINS, COMPARE],
    steps: STEPS,
};

const STEPS: &[Step] = &[
    Step {
        who: NILS,
        tells: "makes the application, and asks Contoso to consent",
        adds: None,
        command: "run setup-target --target northwind --source-domain contoso.onmicrosoft.com",
    },
    Step {
        who: CLEO,
        tells: "checks the application, consents, and opens the way out for the members of a scope group",
        adds: None,
        command: "run setup-source --source contoso --handoff to-source.json --scope-group \"Kermit Scope\"",
    },
    Step {
        who: NILS,
        tells: "finishes: the relationship, a client secret, and the migration endpoint that uses it",
        adds: None,
        command: "run setup-target --target northwind --continue to-target.json",
    },
    Step {
        who: "Both",
        tells: "look whether everything is in place",
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
        tells: "prepares the MailUsers; six places are occupied, and those users have to wait",
        adds: None,
        command: "run import-attributes --target northwind --users users.csv --domain-map domains.csv --skip-occupied",
    },
    Step {
        who: NILS,
        tells: "adds a MailUser that somebody once prepared by hand, and submits the batch against all warnings: four users are in trouble",
        adds: Some(("mailusers.csv", "Fiona.Forbes@northwind.com")),
        command: "run migrate --target northwind --name wave1 --users mailusers.csv --refused submit --watch",
    },
    Step {
        who: CLEO,
        tells: "mends one of them: Otto was not in the scope group",
        adds: None,
        command: "run setup-source --source contoso --handoff to-source.json --scope-group \"Kermit Scope\" --scope-members \"DisplayName -eq 'Otto Outram'\"",
    },
    Step {
        who: NILS,
        tells: "starts the failed users again: Otto gets through, the others still wait for their remedies",
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
        who: "Both",
        tells: "look at everybody, before and after, on both sides",
        adds: None,
        command: "run ./compare.rhai --source contoso --target northwind",
    },
];
