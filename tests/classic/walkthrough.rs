//! `docs/classic-flow.md`, command by command as it is printed there, by two administrators who exchange files only.

use regex_lite::Regex;
use serde_json::Value;
use serde_json::json;

use crate::common::Administrator;
use crate::common::Page;
use crate::common::Site;
use crate::common::pages;

const ADDRESS: &str = "^https://nwt-xtmove-kv\\.vault\\.azure\\.net:443/certificates/northwindtraders-contoso/[0-9a-f]{32}$";

/// What the second run of the set-up says of each of its steps.
const UNCHANGED: &[&str] = &[
    "unchanged resource group `rg-xtmove`",
    "unchanged vault `nwt-xtmove-kv`",
    "unchanged storage account `nwtxtaudit`",
    "unchanged diagnostic setting `service`",
    "unchanged certificate `northwindtraders-contoso`",
    "unchanged application `northwindtraders_contoso`",
    "cleo@contoso.com was invited already: unchanged",
    "unchanged organization relationship `northwindtraders_contoso`",
    "unchanged migration endpoint `northwindtraders_contoso`",
];

#[test]
fn two_administrators_walk_the_classic_way_and_leave_the_vault() {
    let site = Site::of_2021();
    let (cleo, nils) = (site.contoso(), site.northwind());
    let mut page = Page::open("docs/classic-flow.md");

    // 1. Nils sets up the target in one go, and again without a change.
    let words = page.upcoming();
    let set_up: Vec<&str> = words.iter().map(String::as_str).collect();
    let first = page
        .next(&nils, "setup-target --target northwind --source-domain", &["--json"])
        .succeeds()
        .json();
    assert_eq!(first["state"], "waiting for contoso.onmicrosoft.com");
    assert_eq!(first["endpoint"], "northwindtraders_contoso");
    let address = first["certificate"].as_str().expect("the certificate has an address").to_owned();
    assert!(Regex::new(ADDRESS).expect("a pattern").is_match(&address), "{address}");
    let recorded = nils.sees("tenant.get_migration_endpoint(\"northwindtraders_contoso\").AppSecretKeyVaultUrl");
    assert_eq!(recorded, json!(address), "as the service records it");
    let writes = site.writes_during(|| {
        let again = nils.runs(&set_up);
        again.succeeds();
        for line in UNCHANGED {
            again.says(line);
        }
    });
    assert_eq!(writes, [""; 0], "the second run wrote");
    nils.sends("to-source.json", &cleo);

    // 2. Cleo opens the way out.
    page.next(&cleo, "setup-source --source contoso", &[]).succeeds().prints("given");
    cleo.sends("to-target.json", &nils);
    let ready = nils.runs(&[&set_up[..], &["--json"]].concat()).succeeds().json();
    assert_eq!(ready["state"], "ready", "the service's own test of the endpoint has passed");

    // 3. Both look; the vault is among what is seen.
    for (who, own, other) in [(&nils, "target", "source"), (&cleo, "source", "target")] {
        let looked = page.next(who, "verify-setup", &["--json"]);
        let report = looked.succeeds().json();
        assert!(states(&report, other).iter().all(|(_, state)| state == "not checked"), "{report}");
        assert!(states(&report, own).iter().all(|(_, state)| state == "ok"), "{report}");
        let seen: Vec<_> = states(&report, "target").into_iter().map(|(id, _)| id).collect();
        if own == "target" {
            for check in [
                "vault.exists",
                "vault.certificates",
                "vault.secrets",
                "vault.certificate",
                "endpoint.key_vault_url",
            ] {
                assert!(seen.contains(&format!("target.{check}")), "{check} is not in {seen:?}");
            }
        }
    }

    // 4. The migration. One user waits for the second wave.
    page.next(&cleo, "export-attributes --source contoso", &[]).succeeds();
    cleo.sends("users.csv", &nils);
    nils.write("domains.csv", "source,target\ncontoso.com,northwind.com\n");
    page.next(&nils, "import-attributes --target northwind", &[]).succeeds();
    keep_for_the_second_wave(&nils, "Lara.Newton@northwind.com");
    page.next(&nils, "migrate --target northwind --name wave1", &[])
        .ends_with(4)
        .prints("SyncedWithErrors");
    assert!(
        nils.read("outcome.csv").contains("Holly.Hartmann@northwind.com,"),
        "a hold is no obstacle in 2021"
    );

    // From the vault to a secret, while the first wave is on the old endpoint.
    let second = page
        .next(&nils, "setup-target --target northwind --continue", &["--json"])
        .succeeds()
        .json();
    assert_eq!(
        (&second["state"], &second["endpoint"]),
        (&json!("ready"), &json!("northwindtraders_contoso_secret"))
    );
    assert_eq!(second["application_id"], first["application_id"]);
    page.next(&nils, "migrate --target northwind --name wave2", &[])
        .succeeds()
        .prints("Synced");
    nils.write("leave-vault.rhai", pages::read("examples/leave-vault.rhai"));
    let leave = "run leave-vault.rhai --target northwind --endpoint northwindtraders_contoso";
    let refused = site.writes_during(|| {
        nils.types(leave).ends_with(1).says("wave1");
    });
    assert_eq!(refused, [""; 0], "users of the first wave still need the vault");
    page.next(&nils, "migrate --target northwind --name wave1", &[])
        .ends_with(4)
        .prints("CompletedWithErrors");
    page.next(&nils, "./leave-vault.rhai", &[]).succeeds();
    page.ends();

    // The second wave does not need the vault.
    nils.runs(&["sandbox", "advance", "26h"]).succeeds();
    let complete = "run migrate --target northwind --name wave2 --users wave2.csv --complete --watch";
    nils.types(complete).succeeds().prints("Completed");
    assert_eq!(
        nils.sees("tenant.get_mailbox(\"Lara.Newton@northwind.com\").RecipientTypeDetails"),
        "UserMailbox"
    );
    let keys = format!(
        "tenant.get_application(\"{}\").keyCredentials",
        first["application_id"].as_str().unwrap_or_default()
    );
    assert_eq!(nils.sees(&keys), json!([]));
}

/// The state of each finding of one side, by its id.
fn states(report: &Value, side: &str) -> Vec<(String, String)> {
    let findings = report["findings"].as_array().expect("findings");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let ids = findings.iter().map(|finding| (text(&finding["id"]), text(&finding["state"])));
    ids.filter(|(id, _)| id.starts_with(side)).collect()
}

/// Moves the row of `user` from `mailusers.csv` to `wave2.csv`.
fn keep_for_the_second_wave(nils: &Administrator, user: &str) {
    let all = nils.read("mailusers.csv");
    let head = all.lines().next().expect("a header").to_owned();
    let (second, first): (Vec<_>, Vec<_>) = all.lines().skip(1).partition(|line| line.starts_with(&format!("{user},")));
    assert_eq!(second.len(), 1, "{user} was prepared");
    nils.write("mailusers.csv", format!("{head}\n{}\n", first.join("\n")));
    nils.write("wave2.csv", format!("{head}\n{}\n", second.join("\n")));
}
