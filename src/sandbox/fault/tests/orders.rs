use serde_json::Value;
use serde_json::json;

use super::*;
use crate::sandbox::Store;

fn outcomes(desk: &Desk, token: &str, calls: usize) -> Vec<u16> {
    let ask = |_| graph(desk, token, "GET", "/organization", &Value::Null).status;
    (0..calls).map(ask).collect()
}

#[test]
fn a_fault_happens_after_some_calls_and_so_many_times() {
    let desk = Desk::new();
    let token = token_for_graph(&desk);
    let spec = FaultSpec {
        skip: 2,
        count: Some(2),
        ..every(Service::Graph, refusal())
    };
    order(&desk, spec).unwrap();

    assert_eq!(outcomes(&desk, &token, 6), [200, 200, 418, 418, 200, 200]);
}

#[test]
fn the_same_seed_picks_the_same_calls_and_another_one_others() {
    let drawn = |seed| {
        let desk = Desk::new();
        let token = token_for_graph(&desk);
        let spec = FaultSpec {
            probability: Some(0.5),
            seed,
            ..every(Service::Graph, refusal())
        };
        order(&desk, spec).unwrap();
        outcomes(&desk, &token, 32)
    };

    let first = drawn(1);

    assert_eq!(first, drawn(1));
    assert_ne!(first, drawn(2));
    let refused = first.iter().filter(|status| **status == 418).count();
    assert!((8..=24).contains(&refused), "{refused} of 32");
}

#[test]
fn what_faults_have_seen_is_there_when_the_state_is_opened_again() {
    let desk = Desk::new();
    let token = token_for_graph(&desk);
    order(&desk, once(every(Service::Graph, refusal()))).unwrap();
    assert_eq!(outcomes(&desk, &token, 1), [418]);

    let again = Store::open_finished(&desk.world.folder).unwrap();

    let faults = again.transaction(crate::sandbox::fault::list).unwrap();
    assert_eq!((faults[0].matched, faults[0].fired), (1, 1));
}

#[test]
fn a_fault_keeps_to_its_tenant_its_operation_and_its_object() {
    let desk = Desk::new();
    let (own, other) = (
        token_for_graph(&desk),
        desk.token("northwind", "https://graph.microsoft.com/.default"),
    );
    let spec = FaultSpec {
        tenant: Some("contoso.com".into()),
        ..of("GET /users/{id}", every(Service::Graph, refusal()))
    };
    assert_eq!(order(&desk, spec).unwrap().spec.tenant.as_deref(), Some("contoso"));
    let ask = |token: &str, address: &str| graph(&desk, token, "GET", address, &Value::Null).status;

    assert_eq!(ask(&own, "/users/nobody"), 418);
    assert_eq!(ask(&own, "/users"), 200);
    assert_eq!(ask(&other, "/users/nobody"), 404);
}

#[test]
fn an_object_is_known_by_each_of_its_names() {
    let desk = Desk::new();
    let token = token_for_exchange(&desk);
    let read = |identity: &str| cmdlet(&desk, &token, "Get-Mailbox", json!({"Identity": identity}));
    let lara = body(&read("LaraN"))["value"][0].clone();
    let all = body(&cmdlet(&desk, &token, "Get-Mailbox", json!({})))["value"].clone();
    let other = all.as_array().unwrap().iter().find(|mailbox| mailbox["Guid"] != lara["Guid"]);
    let other = other.unwrap()["Guid"].as_str().unwrap();
    let guid = lara["Guid"].as_str().unwrap();
    let spec = FaultSpec {
        object: Some("lara.newton@contoso.*".into()),
        ..every(Service::Exchange, refusal())
    };
    order(&desk, spec).unwrap();

    assert_eq!(read(guid).status, 418);
    assert_eq!(read(other).status, 200);
}

#[test]
fn an_order_that_could_never_be_met_is_refused() {
    let desk = Desk::new();
    let why = |spec| order(&desk, spec).unwrap_err().to_string();

    assert_eq!(
        why(of("Get-Mailbx", every(Service::Exchange, refusal()))),
        "the sandbox has no operation `Get-Mailbx` of exchange; did you mean `Get-Mailbox`?"
    );
    assert!(why(of("GET /mailboxes", every(Service::Graph, refusal()))).contains("GET /mailboxes"));
    let elsewhere = FaultSpec {
        tenant: Some("fabrikam".into()),
        ..every(Service::Graph, refusal())
    };
    assert_eq!(why(elsewhere), "the sandbox has no tenant `fabrikam`, only contoso and northwind");
    for fitting in [
        of("/users/anna@contoso.com", every(Service::Graph, refusal())),
        of("GET /users/*", every(Service::Graph, refusal())),
        of("GET /applications(appId='{id}')", every(Service::Graph, refusal())),
        of("*-MailUser", every(Service::Exchange, refusal())),
        of("PUT /subscriptions/*/vaults/{vaultName}", every(Service::Arm, refusal())),
        of("GET /secrets/{}/{}", every(Service::Vault, refusal())),
        of("GET /{container}/{blob}", every(Service::Blob, refusal())),
        of("POST /*/oauth2/v2.0/token", every(Service::Entra, refusal())),
    ] {
        order(&desk, fitting).unwrap();
    }
}

#[test]
fn faults_are_forgotten_by_number_or_all_of_them() {
    let desk = Desk::new();
    let numbers = [refusal(), refusal(), refusal()].map(|effect| order(&desk, every(Service::Graph, effect)).unwrap().id);
    let clear = |ids: &[u64]| desk.world.clear_faults(ids);

    assert_eq!(numbers, [1, 2, 3]);
    assert_eq!(clear(&[9]).unwrap_err().to_string(), "there is no fault 9");
    assert_eq!(clear(&[2]).unwrap(), [2]);
    assert_eq!(clear(&[]).unwrap(), [1, 3]);
    assert!(seen(&desk).is_empty());
    assert_eq!(order(&desk, every(Service::Graph, refusal())).unwrap().id, 4);
}
