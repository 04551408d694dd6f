//! Trouble with signing in ends with status 5 and says what to do; nothing was begun.

use crate::common::Administrator;
use crate::common::Ran;
use crate::common::Site;

const SECRET: &str = "the-secret-that-nobody-gave";

/// Profile `northwind` with these further settings, tried by a bundled script.
#[track_caller]
fn tried(site: &Site, person: &Administrator, settings: &str, environment: &[(&str, &str)]) -> Ran {
    person.configure(&format!("[profiles.northwind]\nsandbox = true\n{settings}\n"));
    let run = [
        "run",
        "setup-target",
        "--target",
        "northwind",
        "--source-domain",
        "contoso.onmicrosoft.com",
    ];
    let mut ran = None;
    let writes = site.writes_during(|| ran = Some(person.runs_with(&run, environment)));
    let ran = ran.expect("it ran");
    assert!(writes.is_empty(), "{writes:?} by {ran:?}");
    assert!(!person.has("to-source.json"), "{ran:?}");
    ran.ends_with(5).says("error: ").says("remedy: ").never_mentions(SECRET);
    ran
}

#[test]
fn each_trouble_with_signing_in_has_its_remedy_and_status_5() {
    let site = Site::new();
    let person = site.beginner();
    let client_id = person.runs(&["sandbox", "status", "--json"]).json()["tenants"][1]["administrator"].clone();
    let given = &[("NORTHWIND_SECRET", SECRET)][..];
    let by_secret =
        |domain: &str, client_id: &str| format!("domain = \"{domain}\"\nclient_id = {client_id}\nsecret_env = \"NORTHWIND_SECRET\"");
    let known = by_secret("northwind.com", &client_id.to_string());

    tried(&site, &person, &known, given)
        .says("Invalid client secret provided")
        .says("tenant `northwind`");
    tried(&site, &person, &known, &[]).says("`NORTHWIND_SECRET`, which is not set");
    tried(
        &site,
        &person,
        &by_secret("northwind.com", "\"5e5e5e5e-1111-4111-8111-000000000001\""),
        given,
    )
    .says("was not found in the directory")
    .says("check tenant and application id");
    tried(
        &site,
        &person,
        &by_secret("fabrikam.onmicrosoft.com", &client_id.to_string()),
        given,
    )
    .says("fabrikam.onmicrosoft.com");
    tried(&site, &person, "domain = \"fabrikam.onmicrosoft.com\"", &[])
        .says("the sandbox has no tenant `fabrikam.onmicrosoft.com`")
        .says("its tenants are contoso.onmicrosoft.com and northwindtraders.onmicrosoft.com");
    let by_certificate =
        format!("domain = \"northwind.com\"\nclient_id = {client_id}\ncertificate_file = \"no.pem\"\nkey_file = \"no.key\"");
    tried(&site, &person, &by_certificate, &[]).says("no.pem");
}
