//! `--what-if` of the classic set-up lists all of it and does none of it; and the key of the certificate is shown to nobody.

use crate::common::ADMIT;
use serde_json::Value;

use super::desk::CERTIFICATE;
use super::desk::Desk;
use crate::common::CLASSIC;
use crate::common::Plan;

/// The roles `Mailbox.Migration` of Exchange Online and `User.Invite.All` of Microsoft Graph.
const MOVING: &str = "f7264778-fba9-422d-8e9e-2675a2c4b513";
const INVITING: &str = "09850681-111b-4a89-9bed-3f2cae46d706";

/// The titles in the plan of the whole set-up, in the order of its steps.
const STEPS: &[&str] = &[
    "resource group `rg-xtmove`",
    "vault `nwt-xtmove-kv`",
    "storage account `nwtxtaudit`",
    "diagnostic setting `service`",
    "certificate `northwindtraders-contoso`",
    "opened for customization",
    "application `northwindtraders_contoso`",
    "app role assignment",
    "invitation `cleo@contoso.com`",
    "organization relationship `northwindtraders_contoso`",
    "migration endpoint `northwindtraders_contoso`",
];

#[test]
fn the_plan_of_the_whole_set_up_lists_every_step_and_makes_none() {
    let desk = Desk::fresh();
    let line = format!("{CLASSIC} --source-admin cleo@contoso.com --app-permissions exchange,graph --use-app-for-invitation");
    let files = desk.nils.files();

    let (writes, planned) = desk.watched(&format!("{line} --what-if"));

    planned.succeeds();
    assert_eq!(writes, [""; 0], "{planned:?}");
    assert!(desk.nils.files() == files, "{planned:?}");
    assert_eq!(
        desk.nils
            .sees("tenant.find_resource_groups(tenant.find_subscriptions().first()).count()"),
        0
    );
    let told = planned.stderr();
    let mut from = 0;
    for step in STEPS {
        let found = told[from..].find(step);
        from += found.unwrap_or_else(|| panic!("no `{step}` in its place in {planned:?}"));
    }
    let plan = Plan::read(planned.stdout());
    plan.lists(
        "northwind: create vault `nwt-xtmove-kv` (medium)",
        &[
            ("location", "", "westeurope"),
            ("properties.enableRbacAuthorization", "", "false"),
            ("properties.softDeleteRetentionInDays", "", "90"),
        ],
    )
    .lists(
        "northwind: create storage account `nwtxtaudit` (medium)",
        &[("sku.name", "", "Standard_GRS")],
    )
    .lists(
        "northwind: diagnostic setting `service` switched on (medium)",
        &[("properties.logs", "", "AuditEvent: enabled true")],
    )
    .lists(
        "northwind: vault `nwt-xtmove-kv` given an access policy (high)",
        &[("properties.accessPolicies", "", "certificates get list, secrets get list")],
    )
    .lists(
        "northwind: create certificate `northwindtraders-contoso` (medium)",
        &[
            ("policy.x509_props.subject", "", "CN=northwindtraders_contoso"),
            ("policy.x509_props.validity_months", "", "12"),
            ("policy.lifetime_actions", "", "EmailContacts"),
            ("policy.key_props.exportable", "", "true"),
        ],
    )
    .lists(
        "northwind: create application `northwindtraders_contoso` (medium)",
        &[("requiredResourceAccess", "", MOVING), ("requiredResourceAccess", "", INVITING)],
    )
    .lists(
        "northwind: application `‹application id of northwindtraders_contoso›` given its certificates (high)",
        &[("keyCredentials", "", "northwindtraders-contoso")],
    )
    .lists(
        "northwind: create migration endpoint `northwindtraders_contoso` (medium)",
        &[(
            "AppSecretKeyVaultUrl",
            "",
            "https://nwt-xtmove-kv.vault.azure.net:443/certificates/northwindtraders-contoso/‹version",
        )],
    );

    // The run itself makes each planned change in one write, and no other.
    let (writes, made) = desk.watched(&line);
    made.succeeds();
    assert_eq!(writes.len(), plan.len(), "{writes:#?}");
}

#[test]
fn the_private_key_is_shown_to_nobody() {
    let desk = Desk::fresh();
    let line = format!("{CLASSIC} --source-admin cleo@contoso.com --app-permissions exchange,graph --use-app-for-invitation");

    let mut said = vec![
        desk.nils.types(&format!("{line} --what-if")),
        desk.nils.types(&line),
        desk.nils.types(&format!("{line} --json")),
    ];
    desk.nils.sends("to-source.json", &desk.cleo);
    said.push(desk.cleo.types(ADMIT));
    desk.cleo.sends("to-target.json", &desk.nils);
    said.push(
        desk.nils
            .types("run verify-setup --target northwind --partner to-target.json --json"),
    );
    desk.nils.write(
        "print.rhai",
        format!(
            "const PARAMS = #{{ tenant: #{{ type: \"tenant\", help: \"\" }} }};\nlet tenant = args.tenant;\n\
             let certificate = {CERTIFICATE};\nlet key = tenant.get_vault_secret(certificate.sid);\n\
             print(key);\nnote(`${{key.secret}}`);\nprint(to_json(key));\nwrite_json(\"key.json\", key.to_map());\n#{{ key: key.secret }}"
        ),
    );
    said.push(desk.nils.types("run print.rhai --tenant northwind"));

    let (files, log) = (desk.nils.files(), desk.site.requests());
    let key: Value = desk
        .nils
        .sees(&format!("reveal(tenant.get_vault_secret({CERTIFICATE}.sid).secret)"));
    let key = key.as_str().expect("a PFX in base64");
    assert!(key.len() > 2000, "a PFX with a key of 2048 bits");
    // A part of it would be too much already, and so would a token.
    for part in [&key[..40], &key[key.len() / 2..][..40], "eyJ", "PRIVATE KEY"] {
        for ran in &said {
            ran.succeeds().never_mentions(part);
        }
        for (name, content) in &files {
            assert!(!String::from_utf8_lossy(content).contains(part), "`{part}` in {name}");
        }
        assert!(!log.iter().any(|line| line.contains(part)), "`{part}` in the log");
    }
}
