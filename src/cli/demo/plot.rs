//! What happens in the demonstration: who does what, in which order.

/// One step.
pub struct Step {
    /// Who takes it.
    pub who: &'static str,
    /// What it is for.
    pub tells: &'static str,
    /// Lines that somebody adds to a file before: file and lines.
    pub appends: Option<(&'static str, &'static str)>,
    /// The command, without the program's name.
    pub command: &'static [&'static str],
}

const fn step(who: &'static str, tells: &'static str, command: &'static [&'static str]) -> Step {
    Step {
        who,
        tells,
        appends: None,
        command,
    }
}

const NILS: &str = "Nils, administrator of northwind (target)";
const CLEO: &str = "Cleo, administrator of contoso (source)";

/// Files that lie there at the beginning.
pub const FILES: &[(&str, &str)] = &[
    ("domains.csv", "source,target\ncontoso.com,northwind.com\n"),
    ("compare.rhai", include_str!("compare.rhai")),
];

/// The plot.
pub const STEPS: &[Step] = &[
    step(
        NILS,
        "makes the application, and asks contoso to consent",
        &[
            "run",
            "setup-target",
            "--target",
            "northwind",
            "--source-domain",
            "contoso.onmicrosoft.com",
        ],
    ),
    step(
        CLEO,
        "checks the application, consents, and opens the way out for the members of a scope group",
        &[
            "run",
            "setup-source",
            "--source",
            "contoso",
            "--handoff",
            "to-source.json",
            "--scope-group",
            "Kermit Scope",
        ],
    ),
    step(
        NILS,
        "finishes: the relationship, a client secret, and the migration endpoint that uses it",
        &["run", "setup-target", "--target", "northwind", "--continue", "to-target.json"],
    ),
    step(
        "Both",
        "look whether everything is in place",
        &[
            "run",
            "verify-setup",
            "--target",
            "northwind",
            "--source",
            "contoso",
            "--partner",
            "to-target.json",
        ],
    ),
    step(
        CLEO,
        "exports the mailboxes that are to move",
        &[
            "run",
            "export-attributes",
            "--source",
            "contoso",
            "--filter",
            "CustomAttribute1 -eq 'ProjectKermit'",
            "--out",
            "users.csv",
        ],
    ),
    step(
        NILS,
        "prepares the MailUsers; some places are occupied, and those users have to wait",
        &[
            "run",
            "import-attributes",
            "--target",
            "northwind",
            "--users",
            "users.csv",
            "--domain-map",
            "domains.csv",
            "--skip-occupied",
        ],
    ),
    Step {
        who: NILS,
        tells: "adds a MailUser that somebody once prepared by hand, and submits the batch; the service refuses some",
        appends: Some(("mailusers.csv", "")),
        command: &[
            "run",
            "migrate",
            "--target",
            "northwind",
            "--name",
            "wave1",
            "--users",
            "mailusers.csv",
            "--refused",
            "submit",
            "--watch",
        ],
    },
    step(
        CLEO,
        "mends one of them: Otto was not in the scope group",
        &[
            "run",
            "setup-source",
            "--source",
            "contoso",
            "--handoff",
            "to-source.json",
            "--scope-group",
            "Kermit Scope",
            "--scope-members",
            "DisplayName -eq 'Otto Outram'",
        ],
    ),
    step(
        NILS,
        "starts the failed users again",
        &[
            "run",
            "migrate",
            "--target",
            "northwind",
            "--name",
            "wave1",
            "--users",
            "mailusers.csv",
            "--restart",
            "--watch",
        ],
    ),
    step(
        NILS,
        "completes the batch; there is no way back but a migration in the other direction",
        &[
            "run",
            "migrate",
            "--target",
            "northwind",
            "--name",
            "wave1",
            "--users",
            "mailusers.csv",
            "--complete",
            "--watch",
        ],
    ),
    step(
        "Both",
        "before and after, on both sides",
        &["run", "./compare.rhai", "--source", "contoso", "--target", "northwind"],
    ),
];
