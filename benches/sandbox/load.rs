//! What is asked of the servers: `Get-MailUser` by identity.

use std::path::Path;
use std::time::Duration;
use std::time::Instant;

use serde_json::Value;
use serde_json::json;

use crate::client;
use crate::client::Connection;

const LOGIN: &str = "login.microsoftonline.com";
const EXCHANGE: &str = "outlook.office365.com";
const CONNECTIONS: usize = 16;

/// What one call costs by each form of identity: the median in microseconds.
pub async fn cost_of_forms(sandbox: &Value, folder: &Path, calls: usize) -> Vec<(String, f64)> {
    let samples = samples(folder);
    let token = token(sandbox).await;
    let mut connection = Connection::open(sandbox, EXCHANGE).await;
    let mut costs = Vec::new();
    let forms: Vec<String> = samples[0].as_object().expect("forms").keys().cloned().collect();
    for form in forms {
        let mut times = Vec::new();
        for call in 0..calls {
            let request = get_mail_user(sandbox, &token, &spread(&samples, call)[&form]);
            let begin = Instant::now();
            let reply = connection.call(&request).await;
            times.push(begin.elapsed());
            check(reply, &form);
        }
        times.sort();
        costs.push((form, times[times.len() / 2].as_secs_f64() * 1e6));
    }
    costs
}

/// Writes one reply of the sandbox into a file, headers and all.
pub async fn keep_reply(sandbox: &Value, folder: &Path, file: &Path) {
    let samples = samples(folder);
    let token = token(sandbox).await;
    let mut connection = Connection::open(sandbox, EXCHANGE).await;
    let reply = connection.call(&get_mail_user(sandbox, &token, &samples[0]["alias"])).await;
    check(reply, "alias");
    std::fs::write(file, reply).expect("a file");
}

/// How many calls in a second `server` answers, at sixteen connections.
pub async fn rate(server: &Value, sandbox: &Value, folder: &Path, time: Duration) -> f64 {
    let samples = samples(folder);
    let token = token(sandbox).await;
    let requests: Vec<Vec<u8>> = (0..samples.len())
        .map(|call| get_mail_user(sandbox, &token, &spread(&samples, call)["primary address"]))
        .collect();
    let requests = std::sync::Arc::new(requests);
    let mut connections = Vec::new();
    for _ in 0..CONNECTIONS {
        connections.push(Connection::open(server, EXCHANGE).await);
    }
    let begin = Instant::now();
    let tasks: Vec<_> = connections
        .into_iter()
        .enumerate()
        .map(|(number, mut connection)| {
            let requests = std::sync::Arc::clone(&requests);
            tokio::spawn(async move {
                let mut calls = 0;
                while begin.elapsed() < time {
                    let at = (number * 257 + calls) % requests.len();
                    check(connection.call(&requests[at]).await, "primary address");
                    calls += 1;
                }
                calls
            })
        })
        .collect();
    let mut calls = 0;
    for task in tasks {
        calls += task.await.expect("a client");
    }
    calls as f64 / begin.elapsed().as_secs_f64()
}

fn samples(folder: &Path) -> Vec<Value> {
    let text = std::fs::read(folder.join("samples.json")).expect("the samples");
    serde_json::from_slice(&text).expect("the samples are JSON")
}

/// The samples in an order in which no two neighbours lie together in the state.
fn spread(samples: &[Value], call: usize) -> &Value {
    &samples[call * 2_654_435_761 % samples.len()]
}

async fn token(sandbox: &Value) -> String {
    let text = |name: &str| sandbox[name].as_str().expect("a text");
    let form = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}&scope=https%3A%2F%2Foutlook.office365.com%2F.default",
        text("client"),
        text("secret").replace('~', "%7E"),
    );
    let path = format!("/{}/oauth2/v2.0/token", text("tenant"));
    let request = client::post(LOGIN, &path, "content-type: application/x-www-form-urlencoded\r\n", &form);
    let mut connection = Connection::open(sandbox, LOGIN).await;
    let (_, body) = client::parts(connection.call(&request).await);
    let answer: Value = serde_json::from_slice(body).expect("JSON");
    answer["access_token"].as_str().expect("a token").to_owned()
}

fn get_mail_user(sandbox: &Value, token: &str, identity: &Value) -> Vec<u8> {
    let body = json!({"CmdletInput": {"CmdletName": "Get-MailUser", "Parameters": {"Identity": identity}}}).to_string();
    let path = format!("/adminapi/beta/{}/InvokeCommand", sandbox["tenant"].as_str().expect("a tenant"));
    let headers = format!("authorization: Bearer {token}\r\ncontent-type: application/json\r\nx-responseformat: json\r\n");
    client::post(EXCHANGE, &path, &headers, &body)
}

fn check(reply: &[u8], form: &str) {
    let (status, body) = client::parts(reply);
    assert_eq!(status, "200", "{form}: {}", String::from_utf8_lossy(body));
}
