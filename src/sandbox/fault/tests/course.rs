use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use serde_json::json;

use super::*;
use crate::sandbox::Cut;
use crate::sandbox::entra::keys;

fn applications(desk: &Desk, token: &str) -> usize {
    let found = graph(desk, token, "GET", "/applications?$filter=displayName eq 'lost'", &Value::Null);
    body(&found)["value"].as_array().unwrap().len()
}

#[test]
fn a_connection_is_cut_before_the_work_or_after_it_was_done() {
    let desk = Desk::new();
    let token = token_for_graph(&desk);
    let make = || graph(&desk, &token, "POST", "/applications", &json!({"displayName": "lost"}));

    let make_under = |when| {
        order(&desk, of("POST /applications", once(every(Service::Graph, Effect::Cut { when })))).unwrap();
        make()
    };

    assert!(make_under(Cut::Before).manner.cut);
    assert_eq!(applications(&desk, &token), 0);
    assert!(make_under(Cut::After).manner.cut);
    assert_eq!(applications(&desk, &token), 1);
    assert!(!make().manner.cut);
}

#[test]
fn an_item_of_a_batch_is_met_alone() {
    let desk = Desk::new();
    let token = token_for_graph(&desk);
    let wait = Some(Duration::from_secs(5));
    order(
        &desk,
        of("GET /users", every(Service::Graph, Effect::Throttle { retry_after: wait })),
    )
    .unwrap();
    let requests = json!({"requests": [
        {"id": "1", "method": "GET", "url": "/users"},
        {"id": "2", "method": "GET", "url": "/organization"},
    ]});

    let answer = graph(&desk, &token, "POST", "/$batch", &requests);

    assert_eq!(answer.status, 200);
    let responses = &body(&answer)["responses"];
    assert_eq!((&responses[0]["status"], &responses[1]["status"]), (&json!(429), &json!(200)));
    assert_eq!(responses[0]["headers"]["retry-after"], "5");

    order(&desk, of("Get-AcceptedDomain", every(Service::Exchange, refusal()))).unwrap();
    assert_eq!(desk.cmdlet("contoso", "Get-AcceptedDomain", json!({}), true).0, 418);
}

#[test]
fn a_batch_is_slow_once_or_for_each_of_its_items() {
    let desk = Desk::new();
    let token = token_for_graph(&desk);
    let item = |id: u8| json!({"id": id.to_string(), "method": "GET", "url": "/organization"});
    let requests = json!({"requests": [item(1), item(2), item(3)]});
    let slow = |per_item| Effect::Slow {
        delay: Duration::from_secs(2),
        per_item,
    };
    let sent = |spec| {
        let fault = order(&desk, spec).unwrap();
        let answer = graph(&desk, &token, "POST", "/$batch", &requests);
        desk.world.clear_faults(&[fault.id]).unwrap();
        assert_eq!(answer.status, 200);
        answer.manner.delay.as_secs()
    };

    assert_eq!(sent(every(Service::Graph, slow(false))), 2);
    assert_eq!(sent(of("GET /organization", every(Service::Graph, slow(false)))), 2);
    assert_eq!(sent(every(Service::Graph, slow(true))), 6);
    assert_eq!(sent(of("GET /organization", every(Service::Graph, slow(true)))), 6);
    order(&desk, every(Service::Graph, slow(true))).unwrap();
    let alone = graph(&desk, &token, "GET", "/organization", &Value::Null);
    assert_eq!(alone.manner.delay.as_secs(), 2);
}

#[test]
fn a_token_is_refused_as_each_service_refuses_one_whose_time_is_over() {
    let desk = Desk::new();
    let (for_graph, for_exchange) = (token_for_graph(&desk), token_for_exchange(&desk));
    let for_azure = desk.token("contoso", "https://management.azure.com/.default");
    for service in [Service::Graph, Service::Exchange, Service::Arm] {
        order(&desk, once(every(service, Effect::ExpiredToken))).unwrap();
    }
    let subscription = desk.subscription("contoso");

    let refused = graph(&desk, &for_graph, "POST", "/applications", &json!({"displayName": "lost"}));
    assert_eq!(
        (refused.status, body(&refused)["error"]["message"].as_str().unwrap()),
        (401, "Lifetime validation failed, the token is expired.")
    );
    assert_eq!(cmdlet(&desk, &for_exchange, "Get-Mailbox", json!({})).status, 401);
    let refused = desk.arm_as(&for_azure, "management.azure.com", "GET", &subscription, Value::Null);
    assert_eq!(
        (refused.status, &body(&refused)["error"]["code"]),
        (401, &json!("ExpiredAuthenticationToken"))
    );

    assert_eq!(applications(&desk, &for_graph), 0);
}

#[test]
fn a_claims_challenge_is_for_clients_that_understand_one() {
    let desk = Desk::new();
    let token = token_for_exchange(&desk);
    order(&desk, every(Service::Exchange, Effect::ClaimsChallenge)).unwrap();

    let plain = cmdlet(&desk, &token, "Get-Mailbox", json!({}));

    assert_eq!(plain.status, 401);
    assert!(!header(&plain, "www-authenticate").contains("claims="));
    let mut claims = keys::claims(&token).unwrap();
    claims["xms_cc"] = json!(["cp1"]);
    let token = desk.world.store.transaction(|tx| Ok::<_, rusqlite::Error>(keys::sign(tx, &claims)));
    let challenged = cmdlet(&desk, &token.unwrap().unwrap(), "Get-Mailbox", json!({}));
    let challenge = header(&challenged, "www-authenticate");
    assert!(challenge.contains("error=\"insufficient_claims\""), "{challenge}");
    let (_, claims) = challenge.split_once("claims=\"").unwrap();
    let claims = STANDARD.decode(claims.trim_end_matches('"')).unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    assert_eq!(claims["access_token"]["nbf"]["essential"], true);
    assert_eq!((challenged.status, challenged.body.len()), (401, 0));
}

#[test]
fn the_link_to_a_further_page_is_too_old_and_the_first_page_is_not() {
    let desk = Desk::new();
    let token = token_for_graph(&desk);
    for service in [Service::Graph, Service::Exchange] {
        order(&desk, every(service, Effect::PageExpired)).unwrap();
    }

    let first = graph(&desk, &token, "GET", "/users?$top=2", &Value::Null);
    assert_eq!(first.status, 200);
    let next = body(&first)["@odata.nextLink"].as_str().unwrap().to_owned();
    let (_, next) = next.split_once("/v1.0").unwrap();
    let second = graph(&desk, &token, "GET", next, &Value::Null);

    assert_eq!(
        (second.status, &body(&second)["error"]["code"]),
        (400, &json!("Directory_ExpiredPageToken"))
    );
}

#[test]
fn any_other_refusal_comes_in_the_services_own_form() {
    let desk = Desk::new();
    let token = token_for_exchange(&desk);
    let effect = Effect::Error {
        status: 500,
        code: "Microsoft.Exchange.Data.Storage.StorageTransientException".into(),
        message: "try again".into(),
    };
    order(&desk, every(Service::Exchange, effect)).unwrap();

    let answer = cmdlet(&desk, &token, "Get-Mailbox", json!({}));

    assert_eq!(answer.status, 500);
    assert_eq!(header(&answer, "x-exceptiontype"), "StorageTransientException");
    assert_eq!(
        body(&answer)["error"]["details"][0]["message"],
        "|Microsoft.Exchange.Data.Storage.StorageTransientException|try again"
    );
}
