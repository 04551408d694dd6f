//! A sandbox whose process is killed: what was acknowledged is there, and the next process goes on.

use std::sync::Mutex;

use serde_json::Value;
use serde_json::json;

use crate::common::Administrator;
use crate::common::Served;
use crate::common::Site;

const APPLICATIONS: &str = "https://graph.microsoft.com/v1.0/applications";

/// Writes by both services and moves the clock, one after the other without end, and says each time what was acknowledged.
const WRITER: &str = r#"
const PARAMS = #{ tenant: #{ type: "tenant", help: "Tenant to write in" }, from: #{ type: "int", help: "First number" } };
const WRITES = #{ tenant: #{ exchange: "high", graph: "high" } };

let tenant = args.tenant;
for n in args.from..100000 {
    tenant.new_application(#{ displayName: `survivor ${n}` });
    note(`acknowledged application ${n}`);
    tenant.set_mailbox("LaraN", #{ CustomAttribute7: `${n}` });
    note(`acknowledged attribute ${n}`);
    wait_until(#{ what: "the second look", timeout: "1h", every: "1m", or_else: false }, || tenant.get_organization().id == "never");
    note(`acknowledged hour ${n}`);
}
"#;

#[test]
fn what_was_acknowledged_survives_a_kill_at_any_moment() {
    let site = Site::new();
    let cleo = site.contoso();
    cleo.write("writer.rhai", WRITER);
    let mut from = 0;
    let mut hours = 0;
    let mut last_attribute = -1;
    for sign in ["attribute 2", "application 4", "hour 7", "application 9"] {
        let first = from.to_string();
        let said = cleo.is_killed_at(&["run", "writer.rhai", "--tenant", "contoso", "--from", &first], sign);

        let last = |what: &str| acknowledged(&said, what).last().copied().unwrap_or(from - 1);
        hours += acknowledged(&said, "hour").len();
        let found = applications(&cleo);
        for n in 0..=last("application") {
            assert!(found.contains(&n), "application {n} is lost, of {found:?}");
        }
        let attribute = cleo.sees(r#"tenant.get_mailbox("LaraN").CustomAttribute7"#);
        let attribute: i64 = attribute.as_str().and_then(|text| text.parse().ok()).expect("it was set");
        // A kill may come between the application of a number and its attribute, which the next round does not make up for.
        last_attribute = acknowledged(&said, "attribute").last().copied().unwrap_or(last_attribute);
        assert!(attribute >= last_attribute, "attribute {attribute} after {said}");
        let now = cleo.runs(&["sandbox", "status", "--json"]).json()["now"].clone();
        let now: jiff::Timestamp = now.as_str().and_then(|text| text.parse().ok()).expect("a time");
        let start: jiff::Timestamp = "2026-01-05T08:00:00Z".parse().expect("a time");
        assert!((now - start).as_secs() >= 3600 * hours as i64, "it is {now} after {hours} hours");
        from = found.iter().max().map_or(from, |last| last + 1);
    }
}

#[test]
fn what_many_connections_were_told_at_once_survives_a_kill_of_the_one_that_serves_them() {
    const WRITERS: usize = 12;
    let site = Site::new();
    let person = site.beginner();
    let told = Mutex::new(Vec::new());
    for round in 0..3 {
        let served = person.serves(&[]);
        let enough = told.lock().expect("nobody panicked").len() + 40;
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(async {
            let token = token(&served).await;
            let write = async |writer: usize| {
                let client = served.stranger();
                for number in 0.. {
                    let name = format!("survivor {round} {writer} {number}");
                    let body = json!({"displayName": name});
                    let sent = client.post(APPLICATIONS).bearer_auth(&token).json(&body).send().await;
                    // The kill ends the connection before an answer; without one nothing was promised.
                    match sent {
                        Ok(answer) if answer.status() == 201 => told.lock().expect("nobody panicked").push(name),
                        _ => return,
                    }
                    if told.lock().expect("nobody panicked").len() >= enough {
                        served.is_killed();
                    }
                }
            };
            futures::future::join_all((0..WRITERS).map(write)).await;
        });
        drop(served);

        let found = person.runs(&["sandbox", "status", "--json"]);
        found.succeeds();
        let names = site.names_of("application");
        let told = told.lock().expect("nobody panicked");
        let lost: Vec<_> = told.iter().filter(|name| !names.contains(name)).collect();
        assert!(lost.is_empty() && told.len() >= 40 * (round + 1), "lost {lost:?} of {}", told.len());
        assert_eq!(
            person.runs(&["sandbox", "recover", "--json"]).succeeds().json()["damage"],
            json!([])
        );
    }
}

async fn token(served: &Served) -> String {
    let of = |what: &str| served.says(&format!("/tenants/0/{what}"));
    let form = [
        ("grant_type", "client_credentials".to_owned()),
        ("client_id", of("admin_app/client_id")),
        ("client_secret", of("admin_app/client_secret")),
        ("scope", "https://graph.microsoft.com/.default".to_owned()),
    ];
    let address = format!("https://login.microsoftonline.com/{}/oauth2/v2.0/token", of("tenant_id"));
    let answer = served.stranger().post(address).form(&form).send().await.expect("an answer");
    let answer: Value = answer.json().await.expect("JSON");
    answer["access_token"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
}

fn acknowledged(said: &str, what: &str) -> Vec<i64> {
    let lines = said.lines().filter_map(|line| line.split_once(&format!("acknowledged {what} ")));
    lines.filter_map(|(_, number)| number.trim().parse().ok()).collect()
}

fn applications(person: &Administrator) -> Vec<i64> {
    let names = person.sees(r#"tenant.find_applications("startsWith(displayName,'survivor')").map(|app| app.displayName).to_array()"#);
    let names = names.as_array().expect("a list").iter().filter_map(Value::as_str);
    names.filter_map(|name| name.rsplit(' ').next()?.parse().ok()).collect()
}
