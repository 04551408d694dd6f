//! Secrets go to the service and nowhere else: not to standard output or error, not to files, not to the sandbox's log.

use std::collections::BTreeMap;

use rusqlite::Connection;
use secrecy::ExposeSecret;
use serde_json::Value;
use xtenant::sandbox::Sandbox;

use crate::common::Site;

/// What the administrators sign in with, and what the migration endpoint does.
fn secrets_of(site: &Site) -> Vec<String> {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let sandbox = runtime.block_on(Sandbox::open(&site.sandbox())).expect("a sandbox");
    let admins = sandbox
        .tenants()
        .iter()
        .map(|tenant| tenant.admin_client_secret.expose_secret().to_owned());
    let mut secrets: Vec<String> = admins.collect();
    drop(sandbox);
    let state = Connection::open(site.sandbox().join("state.db")).expect("the state");
    let mut endpoints = state
        .prepare("select body from object where kind = 'endpoint'")
        .expect("the table is there");
    let rows = endpoints.query_map([], |row| row.get::<_, String>(0)).expect("endpoints");
    for body in rows {
        let endpoint: Value = serde_json::from_str(&body.expect("a row")).expect("JSON");
        secrets.push(endpoint["_Secret"].as_str().expect("the service keeps the secret").to_owned());
    }
    secrets
}

#[test]
fn no_secret_of_the_whole_journey_comes_to_light() {
    let site = Site::new();
    let (contoso, northwind) = (site.contoso(), site.northwind());
    contoso.write("people.txt", "LaraN\nZoeM\n");
    let mut said = Vec::new();
    let mut source = |line: &str| said.push(contoso.types(&format!("run {line}")));
    source("export-attributes --source contoso --users people.txt --out users.csv");
    contoso.sends("users.csv", &northwind);
    let mut target = |line: &str| said.push(northwind.types(&format!("run {line}")));
    target("setup-target --target northwind --source-domain contoso.onmicrosoft.com --json");
    northwind.sends("to-source.json", &contoso);
    let mut source = |line: &str| said.push(contoso.types(&format!("run {line}")));
    source("setup-source --source contoso --handoff to-source.json --scope-group 'Kermit Scope'");
    contoso.sends("to-target.json", &northwind);
    let mut target = |line: &str| said.push(northwind.types(&format!("run {line}")));
    target("setup-target --target northwind --continue to-target.json --what-if");
    target("setup-target --target northwind --continue to-target.json");
    let first = secrets_of(&site);
    target("setup-target --target northwind --continue to-target.json --new-secret --json");
    target("verify-setup --target northwind --partner to-target.json --json");
    target("import-attributes --target northwind --users users.csv --upn-domain northwind.com --passwords passwords.csv --what-if");
    target("import-attributes --target northwind --users users.csv --upn-domain northwind.com --passwords passwords.csv --json");
    target("migrate --target northwind --name wave1 --users mailusers.csv --json");

    let mut secrets = [first, secrets_of(&site)].concat();
    secrets.sort();
    secrets.dedup();
    assert_eq!(secrets.len(), 4, "two administrators, and an endpoint that was given a new secret");
    let passwords = northwind.read("passwords.csv");
    let passwords = passwords.lines().skip(1).map(|line| line.split_once(',').expect("two columns").1);
    secrets.extend(passwords.map(|password| password.trim_matches('"').replace("\"\"", "\"")));
    assert_eq!(secrets.len(), 6, "and two new users");
    for secret in &secrets {
        assert!(secret.len() >= 20, "`{secret}` is too short to be looked for");
        for ran in &said {
            ran.succeeds().never_mentions(secret);
        }
        for line in site.requests() {
            assert!(!line.contains(secret), "in the log: {line}");
        }
        let files: BTreeMap<_, _> = contoso.files().into_iter().chain(northwind.files()).collect();
        for (name, content) in files.iter().filter(|(name, _)| *name != "passwords.csv") {
            assert!(!String::from_utf8_lossy(content).contains(secret), "in {name}");
        }
    }
    // A token would do as well.
    for ran in &said {
        ran.never_mentions("eyJ");
    }
}

#[test]
fn a_secret_in_a_script_shows_itself_only_when_it_is_revealed() {
    let site = Site::new();
    let person = site.beginner();
    person.write(
        "s.rhai",
        r#"const PARAMS = #{ word: #{ type: "secret", help: "" }, target: #{ type: "tenant", help: "" } };
const WRITES = #{ target: #{ exchange: "high", graph: "high" } };
print(args.word);
note(`${args.word} ` + args.word);
table([#{ word: args.word }]);
write_json("word.json", #{ word: args.word });
try { args.target.set_user("nobody", #{ Department: args.word }); } catch (trouble) { note(trouble.message); }
try { throw args.word; } catch (thrown) { note(`${thrown}`); }
let application = args.target.new_application(#{ displayName: "x" });
let password = args.target.new_application_password(application, #{ passwordCredential: #{ displayName: "x" } });
print(password);
print(to_json(password));
if reveal(args.word) != "correct-horse-battery" { fail("it was not revealed", ""); }
#{ word: args.word, password: password, secret: password.secret }
"#,
    );

    person.write("word.txt", "correct-horse-battery\n");
    for format in [&[][..], &["--json"]] {
        let ran = person.runs(&[&["run", "s.rhai", "--target", "northwind", "--word", "file:word.txt"], format].concat());

        ran.succeeds()
            .prints("[secret]")
            .never_mentions("correct-horse")
            .never_mentions("secretText");
        assert!(!person.read("word.json").contains("correct-horse"));
    }
}
