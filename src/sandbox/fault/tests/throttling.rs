use std::time::Duration;

use serde_json::Value;
use serde_json::json;

use super::*;

fn throttle(seconds: u64) -> Effect {
    Effect::Throttle {
        retry_after: Some(Duration::from_secs(seconds)),
    }
}

#[test]
fn each_service_says_in_its_own_words_that_a_call_was_one_too_many() {
    let desk = Desk::new();
    let (for_graph, for_exchange) = (token_for_graph(&desk), token_for_exchange(&desk));
    let for_azure = desk.token("contoso", "https://management.azure.com/.default");
    for service in Service::ALL {
        order(&desk, every(service, throttle(17))).unwrap();
    }

    let answer = graph(&desk, &for_graph, "GET", "/users", &Value::Null);
    assert_eq!((answer.status, header(&answer, "retry-after")), (429, "17"));
    assert_eq!(body(&answer)["error"]["code"], "TooManyRequests");
    assert_eq!(header(&answer, "x-ms-throttle-information"), "ResourceUnitLimitExceeded");
    assert_eq!(header(&answer, "ratelimit-remaining"), "0");

    let answer = cmdlet(&desk, &for_exchange, "Get-Mailbox", json!({}));
    assert_eq!((answer.status, header(&answer, "retry-after")), (429, "17"));
    assert!(
        answer
            .body
            .starts_with(b"You have reached the maximum number of concurrent requests per tenant.")
    );
    assert_eq!(header(&answer, "rate-limit-remaining"), "0");
    assert_eq!(header(&answer, "rate-limit-reset"), "2026-01-05T08:00:17Z");

    let answer = desk.arm_as(&for_azure, "management.azure.com", "PUT", "/subscriptions/x", Value::Null);
    assert_eq!((answer.status, header(&answer, "retry-after")), (429, "17"));
    assert_eq!(body(&answer)["error"]["code"], "SubscriptionRequestsThrottled");
    assert_eq!(header(&answer, "x-ms-ratelimit-remaining-subscription-writes"), "0");

    let answer = desk.world.answer(&request("GET", "some.vault.azure.net", "/secrets/x"));
    assert_eq!((answer.status, header(&answer, "retry-after")), (429, "17"));
    assert_eq!(body(&answer)["error"]["code"], "Throttled");

    let answer = desk.world.answer(&request("GET", "some.blob.core.windows.net", "/x/y"));
    assert_eq!((answer.status, header(&answer, "x-ms-error-code")), (503, "ServerBusy"));

    let (status, answer) = desk.sign_in("contoso", &[]);
    assert_eq!((status, &answer["error"]), (429, &json!("temporarily_unavailable")));
}

#[test]
fn a_client_that_comes_back_too_early_is_refused_again_and_put_on_record() {
    let desk = Desk::new();
    let token = token_for_graph(&desk);
    order(&desk, once(every(Service::Graph, throttle(30)))).unwrap();
    let ask = |address: &str| graph(&desk, &token, "GET", address, &Value::Null);
    assert_eq!(ask("/users").status, 429);
    desk.world.advance(Duration::from_millis(21_500)).unwrap();

    let again = ask("/users");
    let another = ask("/organization");

    assert_eq!((again.status, header(&again, "retry-after")), (429, "8.500"));
    assert_eq!(another.status, 429);
    let lines = desk.world.store.transaction(|tx| tx.requests(None, Some(3))).unwrap();
    let notes: Vec<_> = lines.iter().map(|line| (line.status, line.note.as_str())).collect();
    // The third may have been under way when its client was told to stay away.
    assert_eq!(notes, [(429, "fault 1"), (429, "too early by 8.5 s"), (429, "")]);
    let fault = &seen(&desk)[0];
    assert_eq!((fault.matched, fault.fired, fault.refused_meanwhile, fault.too_early), (1, 1, 2, 1));
    let early = &fault.early[0];
    assert_eq!(
        (early.seconds, early.tenant.as_str(), early.operation.as_str()),
        (8.5, "contoso", "GET /users")
    );
    desk.world.advance(Duration::from_millis(8_500)).unwrap();
    assert_eq!(ask("/users").status, 200);
    assert_eq!(seen(&desk)[0].too_early, 1);
}

#[test]
fn only_the_client_that_was_throttled_has_to_stay_away() {
    let desk = Desk::new();
    let token = token_for_graph(&desk);
    let other = desk.token("northwind", "https://graph.microsoft.com/.default");
    order(&desk, once(every(Service::Graph, throttle(30)))).unwrap();

    assert_eq!(graph(&desk, &token, "GET", "/users", &Value::Null).status, 429);

    assert_eq!(graph(&desk, &other, "GET", "/users", &Value::Null).status, 200);
}
