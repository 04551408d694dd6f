//! Taking runs back: what is live afterwards is what was live before, and what must not be touched is not.

use std::collections::BTreeMap;

use rusqlite::Connection;

use crate::common::ADMIT;
use crate::common::Administrator;
use crate::common::Ran;
use crate::common::Site;

/// What is live in both tenants, without the times at which it was last touched.
fn live(site: &Site) -> BTreeMap<String, String> {
    let state = Connection::open(site.sandbox().join("state.db")).expect("the state");
    let mut query = state.prepare("select tenant, kind, id, body from object").expect("a query");
    let rows = query.query_map([], |row| {
        let (tenant, kind, id): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let body: serde_json::Value = serde_json::from_str(&row.get::<_, String>(3)?).expect("a body is JSON");
        Ok((tenant, kind, id, body))
    });
    let mut found = BTreeMap::new();
    for row in rows.expect("rows") {
        let (tenant, kind, id, body) = row.expect("a row");
        if body["_SoftDeleted"] == true || kind.contains("deleted") || kind.contains("event") {
            continue;
        }
        let mut body = body.as_object().cloned().unwrap_or_default();
        // What is off or empty reads alike whether it was ever written or not.
        let is_unset = |value: &serde_json::Value| matches!(value.to_string().as_str(), "false" | "null" | "[]" | "\"\"");
        body.retain(|name, value| !is_unset(value) && !name.contains("Changed") && name != "_CustomizationEnabled");
        found.insert(format!("{tenant} {kind} {id}"), serde_json::to_string(&body).expect("JSON"));
    }
    found
}

#[track_caller]
fn is_as_before(before: &BTreeMap<String, String>, site: &Site, except: &[&str]) {
    let after = live(site);
    let is_listed = |name: &str| except.iter().any(|known| name.contains(known));
    let odd: Vec<_> = before
        .iter()
        .filter(|(name, body)| after.get(*name) != Some(body))
        .map(|(name, body)| format!("{name}: {body}\n   now {:?}", after.get(name)))
        .chain(
            after
                .iter()
                .filter(|(name, _)| !before.contains_key(*name))
                .map(|(name, body)| format!("new {name}: {body}")),
        )
        .filter(|line| !is_listed(line))
        .collect();
    assert!(odd.is_empty(), "{}", odd.join("\n"));
}

fn undo(who: &Administrator, more: &[&str]) -> Ran {
    who.runs(&[&["runs", "undo", "last", "--yes-irreversible"], more].concat())
}

const ASK: &str = "run setup-target --target northwind --source-domain contoso.onmicrosoft.com";

#[test]
fn a_changed_mailuser_is_as_before_and_the_undo_can_be_taken_back() {
    let site = Site::new();
    let northwind = site.northwind();
    northwind.makes(
        "tenant.new_mailuser(#{ Name: \"Ann\", MicrosoftOnlineServicesID: \"ann@northwind.com\", Password: random_password(), \
         ExternalEmailAddress: \"ann@contoso.com\" }); 0",
    );
    let before = live(&site);
    northwind.makes(
        "tenant.set_mailuser(\"ann@northwind.com\", #{ CustomAttribute1: \"Kermit\", HiddenFromAddressListsEnabled: true, \
         EmailAddresses: #{ Add: [\"smtp:ann.b@northwind.com\"] } }); 0",
    );
    let changed = live(&site);

    undo(&northwind, &["--what-if"]).succeeds().prints("1 change planned, none made");
    assert_eq!(live(&site), changed);
    undo(&northwind, &[]).succeeds();
    is_as_before(&before, &site, &[]);
    undo(&northwind, &[]).succeeds();
    is_as_before(&changed, &site, &[]);
}

#[test]
fn what_was_changed_since_is_left_alone_unless_it_is_forced() {
    let site = Site::new();
    let northwind = site.northwind();
    northwind.makes(
        "tenant.new_mailuser(#{ Name: \"Ann\", MicrosoftOnlineServicesID: \"ann@northwind.com\", Password: random_password(), \
         ExternalEmailAddress: \"ann@contoso.com\" }); 0",
    );
    let set = |value: &str| {
        northwind.makes(&format!(
            "tenant.set_mailuser(\"ann@northwind.com\", #{{ CustomAttribute1: \"{value}\" }}); 0"
        ));
    };
    let shown = || northwind.sees("tenant.get_mailuser(\"ann@northwind.com\").CustomAttribute1");
    set("one");
    set("two");

    let left = northwind.runs(&["runs", "undo", "2", "--yes-irreversible"]);
    left.ends_with(6).says("CustomAttribute1 was `one` after the run and is `two` now");
    assert_eq!(shown(), "two");
    northwind.runs(&["runs", "undo", "2", "--yes-irreversible", "--force"]).succeeds();
    assert_eq!(shown(), "");
}

#[test]
fn the_set_up_of_both_tenants_is_taken_back() {
    let site = Site::new();
    let (contoso, northwind) = (site.contoso(), site.northwind());
    let fresh = live(&site);
    northwind.types(ASK).succeeds();
    northwind.sends("to-source.json", &contoso);
    contoso.types(ADMIT).succeeds();
    contoso.sends("to-target.json", &northwind);
    northwind
        .types("run setup-target --target northwind --continue to-target.json")
        .succeeds();

    undo(&northwind, &[]).succeeds();
    undo(&contoso, &[]).succeeds();
    let first = northwind.runs(&["runs", "undo", "1", "--yes-irreversible"]);
    first.succeeds();

    first.says("a customized organization cannot be made uncustomized");
    is_as_before(&fresh, &site, &[]);
}

/// Lara's MailUser is made in the target, by the last run.
fn imported(site: &Site) -> Administrator {
    let (contoso, northwind) = (site.contoso(), site.northwind());
    contoso
        .types("run export-attributes --source contoso --filter \"Alias -eq 'LaraN'\" --out users.csv")
        .succeeds();
    contoso.sends("users.csv", &northwind);
    northwind
        .types("run import-attributes --target northwind --users users.csv --upn-domain northwind.com")
        .succeeds();
    northwind
}

#[test]
fn an_import_is_taken_back_as_long_as_nobody_has_moved() {
    let site = Site::set_up();
    let before = live(&site);
    let northwind = imported(&site);
    let made = site.copied();

    undo(&northwind, &[]).succeeds();
    is_as_before(&before, &site, &[]);

    let northwind = made.northwind();
    let migrate = "run migrate --target northwind --name wave1 --users mailusers.csv --watch";
    northwind.types(migrate).succeeds();
    northwind.types(&format!("{migrate} --complete")).succeeds();
    let moved = live(&made);
    let writes = made.writes_during(|| {
        let refused = northwind.runs(&["runs", "undo", "3", "--yes-irreversible", "--force"]);
        refused.ends_with(1).says("it is a UserMailbox by now");
    });
    assert_eq!(writes, [""; 0]);
    assert_eq!(live(&made), moved);
}

#[test]
fn a_set_up_that_a_move_under_way_relies_on_is_not_taken_back() {
    let site = Site::set_up();
    let northwind = imported(&site);
    northwind
        .types("run migrate --target northwind --name wave1 --users mailusers.csv")
        .succeeds();

    let writes = site.writes_during(|| {
        for run in ["1", "2"] {
            let refused = northwind.runs(&["runs", "undo", run, "--yes-irreversible", "--force"]);
            refused.ends_with(1).says("needs it; complete or remove it first");
        }
    });

    assert_eq!(writes, [""; 0]);
    // The batch is stopped and removed first; then nobody needs the set-up any more.
    northwind.runs(&["runs", "undo", "4", "--yes-irreversible"]).succeeds();
    northwind.types("sandbox advance 1h").succeeds();
    northwind.runs(&["runs", "undo", "2", "--yes-irreversible"]).succeeds();
}

#[test]
fn a_run_that_is_not_there_is_an_error_that_names_the_newest() {
    let site = Site::set_up();
    let northwind = site.northwind();

    northwind.runs(&["runs", "undo", "99"]).ends_with(1).says("there is no run `99`");
}
