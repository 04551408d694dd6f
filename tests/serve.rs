//! `xtenant sandbox serve`: the sandbox for programs that know nothing of it.

use std::net::SocketAddr;

use reqwest::Client;
use serde_json::Value;

use crate::common::Administrator;
use crate::common::Served;
use crate::common::Site;
use crate::walkthrough;

const GRAPH: &str = "graph.microsoft.com";

fn run<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(future)
}

/// The token of the administrator's application of the tenant at this place of the description.
async fn token(served: &Served, client: &Client, tenant: usize) -> String {
    let of = |what: &str| served.says(&format!("/tenants/{tenant}/{what}"));
    let address = format!("https://login.microsoftonline.com/{}/oauth2/v2.0/token", of("tenant_id"));
    let form = [
        ("grant_type", "client_credentials".to_owned()),
        ("client_id", of("admin_app/client_id")),
        ("client_secret", of("admin_app/client_secret")),
        ("scope", format!("https://{GRAPH}/.default")),
    ];
    let answer = client.post(address).form(&form).send().await.expect("an answer");
    let answer: Value = answer.json().await.expect("JSON");
    answer["access_token"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
}

async fn domains(client: &Client, address: String, token: &str) -> Vec<String> {
    let answer = client.get(address).bearer_auth(token).send().await.expect("an answer");
    let answer: Value = answer.json().await.expect("JSON");
    let domains = answer["value"].as_array().unwrap_or_else(|| panic!("{answer}"));
    domains
        .iter()
        .filter_map(|domain| domain["id"].as_str())
        .map(str::to_owned)
        .collect()
}

#[test]
fn a_program_that_knows_a_proxy_and_a_certificate_meets_the_services_by_their_real_names() {
    let site = Site::new();
    let served = site.beginner().serves(&[]);

    let description = served.description();
    let found = run(async {
        let client = served.stranger();
        let token = token(&served, &client, 1).await;
        domains(&client, format!("https://{GRAPH}/v1.0/domains"), &token).await
    });

    assert_eq!(found, ["northwindtraders.onmicrosoft.com", "northwind.com"]);
    let tenants = description["tenants"].as_array().expect("tenants");
    let of = |what: &str| {
        tenants
            .iter()
            .map(|tenant| tenant[what].as_str().expect("a text"))
            .collect::<Vec<_>>()
    };
    assert_eq!(of("name"), ["contoso", "northwind"]);
    assert_eq!(of("domain"), ["contoso.onmicrosoft.com", "northwindtraders.onmicrosoft.com"]);
    assert_eq!(of("admin_user")[0], "cleo@contoso.onmicrosoft.com");
    assert!(of("subscription_id").iter().all(|id| id.len() == 36));
    assert_eq!(served.says("/data"), site.sandbox().display().to_string());
    assert_eq!(served.says("/proxy"), format!("http://{}", served.says("/listen")));
}

#[test]
fn the_same_port_answers_tls_by_server_name_for_clients_with_a_hosts_file() {
    let site = Site::new();
    let served = site.beginner().serves(&[]);
    let listen: SocketAddr = served.says("/listen").parse().expect("an address");

    let found = run(async {
        let token = token(&served, &served.stranger(), 0).await;
        let direct = Client::builder().no_proxy().tls_certs_only([served.root()]).resolve(GRAPH, listen);
        let direct = direct.build().expect("a client");
        domains(&direct, format!("https://{GRAPH}:{}/v1.0/domains", listen.port()), &token).await
    });

    assert_eq!(found, ["contoso.onmicrosoft.com", "contoso.com"]);
}

#[test]
fn the_proxy_leads_to_the_hosts_of_the_sandbox_and_nowhere_else() {
    let site = Site::new();
    let served = site.beginner().serves(&[]);
    let connect = |to: &str| served.answers(&format!("CONNECT {to} HTTP/1.1\r\nHost: {to}\r\n\r\n"));

    for host in ["management.azure.com", "nwt-xtmove-kv.vault.azure.net", "LOGIN.microsoftonline.us"] {
        assert!(connect(&format!("{host}:443")).starts_with("HTTP/1.1 200 "), "{host}");
    }
    for (to, says) in [
        ("pypi.org:443", "no service at `pypi.org`"),
        ("graph.microsoft.com.evil.example:443", "NO_PROXY"),
        ("graph.microsoft.com:80", "at port 443 only"),
    ] {
        let refused = connect(to);
        assert!(refused.starts_with("HTTP/1.1 403 ") && refused.contains(says), "{refused}");
    }
    for plain in ["GET /v1.0/domains", "GET http://graph.microsoft.com/v1.0/domains"] {
        let refused = served.answers(&format!("{plain} HTTP/1.1\r\nHost: graph.microsoft.com\r\n\r\n"));
        assert!(refused.starts_with("HTTP/1.1 400 "), "{refused}");
        assert!(refused.contains("The plain HTTP request was sent to HTTPS port"), "{refused}");
    }
    assert!(served.answers("no HTTP at all\r\n\r\n").starts_with("HTTP/1.1 400 "));
}

#[test]
fn a_port_that_another_program_has_is_told_with_what_helps() {
    let site = Site::new();
    let other = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let taken = other.local_addr().expect("it has an address").to_string();

    let ran = site.beginner().runs(&["sandbox", "serve", "--listen", &taken]);

    ran.ends_with(1)
        .says(&format!("could not listen at {taken}"))
        .says("port 0 takes any that is free");
}

#[test]
fn clients_that_connect_and_say_nothing_hold_up_nobody() {
    let site = Site::new();
    let served = site.beginner().serves(&[]);

    let silent: Vec<_> = (0..200).map(|_| served.connection()).collect();
    let found = run(async {
        let client = served.stranger();
        let token = token(&served, &client, 0).await;
        domains(&client, format!("https://{GRAPH}/v1.0/domains"), &token).await
    });

    assert_eq!((silent.len(), found.len()), (200, 2));
}

#[test]
fn a_sandbox_that_is_missing_is_made_with_a_clock_that_starts_now() {
    let site = Site::empty();
    let before = jiff::Timestamp::now();
    let served = site.beginner().serves(&[]);

    let clock = site.beginner().runs(&["sandbox", "clock", "--json"]).succeeds().json();

    assert_eq!(clock["rate"], 1.0);
    let now: jiff::Timestamp = clock["now"].as_str().and_then(|now| now.parse().ok()).expect("a time");
    assert!(
        now >= before && now <= jiff::Timestamp::now() + jiff::SignedDuration::from_secs(60),
        "{now}"
    );
    drop(served);
}

#[test]
fn a_second_one_is_told_who_has_the_folder_and_what_leads_there() {
    let site = Site::new();
    let person = site.beginner();
    let served = person.serves(&[]);
    let ca_file = served
        .says("/ca_file")
        .replace(&site.sandbox().display().to_string(), "[site]/sandbox");

    let second = person.runs(&["sandbox", "serve"]);
    let variables = person.runs(&["sandbox", "serve", "--print-env", "json"]);

    second.ends_with(1).says(&served.says("/listen")).says("--print-env");
    let variables = variables.succeeds().json();
    assert_eq!(variables["HTTPS_PROXY"], served.says("/proxy"));
    assert_eq!(variables["SSL_CERT_FILE"], ca_file);
    let secret = served.says("/tenants/0/admin_app/client_secret");
    person
        .runs(&["sandbox", "serve", "--print-env", "sh"])
        .succeeds()
        .prints("export REQUESTS_CA_BUNDLE='")
        .never_mentions(&secret);
}

#[test]
fn an_address_that_others_reach_is_a_mistake_of_the_command_line() {
    let site = Site::empty();

    let ran = site.beginner().runs(&["sandbox", "serve", "--listen", "0.0.0.0:0"]);

    ran.ends_with(2).says("127.0.0.1:8443");
}

#[test]
fn whoever_works_beside_it_sees_and_sets_its_clock() {
    let site = Site::new();
    let person = site.beginner();
    let served = person.serves(&["--stopped"]);
    let clock = |words: &[&str]| {
        let words: Vec<_> = ["sandbox"].iter().chain(words).chain(&["--json"]).copied().collect();
        person.runs(&words).succeeds().json()
    };

    assert_eq!(
        (&clock(&["clock"])["now"], clock(&["clock"])["rate"].as_f64()),
        (&"2026-01-05T08:00:00Z".into(), Some(0.0))
    );
    assert_eq!(clock(&["clock", "rate", "0.001"])["rate"], 0.001);
    let advanced = clock(&["advance", "24h"]);

    assert!(
        advanced["now"].as_str().is_some_and(|now| now.starts_with("2026-01-06T08:0")),
        "{advanced}"
    );
    assert_eq!(clock(&["clock"])["rate"], 0.001);
    drop(served);
    assert_eq!(clock(&["clock"])["rate"], 0.001, "what was set is kept");
    assert_eq!(clock(&["clock", "stop"])["rate"], 0.0);
}

#[test]
#[cfg(unix)]
fn it_ends_well_when_it_is_told_to_and_its_own_rate_ends_with_it() {
    let site = Site::new();
    let person = site.beginner();
    let served = person.serves(&[]);
    let silent = served.connection();

    assert_eq!(served.ends_when_told(), Some(0));

    let clock = person.runs(&["sandbox", "clock", "--json"]).succeeds().json();
    assert_eq!(clock["rate"], 0.0);
    drop(silent);
}

#[test]
fn two_administrators_walk_the_whole_way_beside_a_sandbox_that_is_served() {
    let site = Site::new();
    let served = site.beginner().serves(&[]);

    walkthrough::walk(&site);

    drop(served);
}

#[test]
fn the_program_itself_sets_up_both_tenants_as_if_they_were_real_ones() {
    let site = Site::new();
    let (cleo, nils) = (site.contoso(), site.northwind());
    for person in [&cleo, &nils] {
        // It takes minutes, which would be real ones.
        person.makes("tenant.ensure_customization(); 0");
    }
    let served = site.beginner().serves(&[]);
    for (person, name, tenant) in [(&cleo, "contoso", 0), (&nils, "northwind", 1)] {
        let of = |what: &str| served.says(&format!("/tenants/{tenant}/{what}"));
        let (domain, client_id) = (of("domain"), of("admin_app/client_id"));
        person.configure(&format!(
            "[profiles.{name}]\ndomain = \"{domain}\"\nclient_id = \"{client_id}\"\nsecret_env = \"THE_SECRET\"\n"
        ));
    }
    let runs = |person: &Administrator, tenant: usize, line: &[&str]| {
        let secret = served.says(&format!("/tenants/{tenant}/admin_app/client_secret"));
        let (proxy, ca_file) = (served.says("/proxy"), served.says("/ca_file"));
        let environment = [("THE_SECRET", secret), ("HTTPS_PROXY", proxy), ("SSL_CERT_FILE", ca_file)];
        let environment: Vec<_> = environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
        person.runs_with(&[&["run"], line].concat(), &environment)
    };

    let asked = [
        "setup-target",
        "--target",
        "northwind",
        "--source-domain",
        "contoso.onmicrosoft.com",
    ];
    runs(&nils, 1, &asked).succeeds().says("created application");
    nils.sends("to-source.json", &cleo);
    let admitted = [
        "setup-source",
        "--source",
        "contoso",
        "--handoff",
        "to-source.json",
        "--scope-group",
        "Kermit Scope",
    ];
    runs(&cleo, 0, &admitted).succeeds().prints("given");
    cleo.sends("to-target.json", &nils);
    let finished = ["setup-target", "--target", "northwind", "--continue", "to-target.json"];
    runs(&nils, 1, &finished).succeeds().prints("ready");
}
