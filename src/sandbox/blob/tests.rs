//! The audit log as a reader of blobs finds it.

use serde_json::Value;
use serde_json::json;

use crate::sandbox::Reply;
use crate::sandbox::azure;
use crate::sandbox::directory;
use crate::sandbox::testing::request;
use crate::sandbox::vault::tests::room::Room;
use crate::sandbox::vault::tests::room::audited;

const SCOPE: &str = "https://storage.azure.com/.default";
const LISTING: &str = "/insights-logs-auditevent?restype=container&comp=list";

struct Reader {
    room: Room,
}

impl Reader {
    fn new() -> Self {
        let room = Room::new();
        room.desk
            .world
            .store
            .transaction(|tx| Ok::<_, rusqlite::Error>(audited(tx)))
            .unwrap();
        Self { room }
    }

    fn grant(&self) {
        let granted = self.room.desk.world.store.transaction(|tx| {
            let account = azure::account(tx, "nwtaudit").unwrap();
            let admin = directory::admin(tx, "northwind").unwrap();
            let admin = directory::service_principal(tx, "northwind", &admin.client_id).unwrap();
            let reader = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1";
            azure::assign(
                tx,
                "northwind",
                "reads",
                &azure::account_id(&account),
                reader,
                admin.text("id"),
                "ServicePrincipal",
            )
        });
        granted.unwrap();
    }

    fn get(&self, token: &str, address: &str) -> (u16, String) {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let mut request = request("GET", "nwtaudit.blob.core.windows.net", path);
        request.query = crate::sandbox::form::pairs(query);
        request.headers.push(("x-ms-version".into(), "2023-11-03".into()));
        if !token.is_empty() {
            request.headers.push(("authorization".into(), format!("Bearer {token}")));
        }
        let Reply { status, body, .. } = self.room.desk.world.answer(&request);
        (status, String::from_utf8(body).unwrap())
    }
}

#[test]
fn the_log_is_there_by_vault_and_hour_one_line_an_event() {
    let reader = Reader::new();
    reader.grant();
    let token = reader.room.desk.token("northwind", SCOPE);
    assert_eq!(reader.get(&token, LISTING).0, 404);
    reader.room.call("GET", "secrets/move", Value::Null);
    reader.room.call("PUT", "secrets/move", json!({"value": "hush"}));
    reader.room.seconds(3000);
    reader.room.seconds(599);
    reader.room.call("GET", "secrets", Value::Null);
    reader.room.seconds(1);
    let token = reader.room.desk.token("northwind", SCOPE);

    let (_, containers) = reader.get(&token, "/?comp=list");
    assert!(containers.contains("<Name>insights-logs-auditevent</Name>"), "{containers}");
    let (status, listing) = reader.get(&token, LISTING);
    assert_eq!(status, 200, "{listing}");
    let name = listing.split("<Name>").nth(1).unwrap().split("</Name>").next().unwrap();
    let subscription = reader.room.desk.world.store.transaction(|tx| {
        let subscription = azure::subscriptions(tx, "northwind").remove(0);
        Ok::<_, rusqlite::Error>(subscription.text("subscriptionId").to_uppercase())
    });
    let resource = format!(
        "/SUBSCRIPTIONS/{}/RESOURCEGROUPS/RG-MOVE/PROVIDERS/MICROSOFT.KEYVAULT/VAULTS/NWT-MOVE-KV",
        subscription.unwrap()
    );
    assert_eq!(name, format!("resourceId={resource}/y=2026/m=01/d=05/h=08/m=00/PT1H.json"));

    let (status, content) = reader.get(&token, &format!("/insights-logs-auditevent/{name}"));
    assert_eq!(status, 200);
    let lines: Vec<Value> = content.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let operations: Vec<_> = lines.iter().map(|line| line["operationName"].as_str().unwrap()).collect();
    assert_eq!(operations, ["SecretGet", "SecretSet", "SecretList"]);
    assert_eq!(
        (
            &lines[0]["properties"]["httpStatusCode"],
            &lines[0]["resourceId"],
            &lines[0]["category"]
        ),
        (&json!(404), &json!(resource), &json!("AuditEvent"))
    );
    assert!(lines[1]["identity"]["claim"]["appid"].is_string() && !content.contains("hush"));
}

#[test]
fn a_listing_goes_on_at_its_marker() {
    let reader = Reader::new();
    reader.grant();
    reader.room.call("GET", "secrets", Value::Null);
    reader.room.seconds(3500);
    reader.room.call("GET", "secrets", Value::Null);
    reader.room.seconds(100);
    reader.room.reply("", "GET", "secrets", Value::Null);
    let token = reader.room.desk.token("northwind", SCOPE);

    let (_, first) = reader.get(&token, &format!("{LISTING}&maxresults=1"));
    let marker = first.split("<NextMarker>").nth(1).unwrap().split("</NextMarker>").next().unwrap();
    let (_, second) = reader.get(&token, &format!("{LISTING}&maxresults=1&marker={marker}"));
    assert!(first.contains("/h=08/"), "{first}");
    assert_eq!(first.matches("<Blob>").count(), 1, "{first}");
    assert!(
        second.contains("/h=09/m=00/PT1H.json</Name>") && second.contains("<NextMarker />"),
        "{second}"
    );
    let (_, hour) = reader.get(&token, &format!("/insights-logs-auditevent/{marker}"));
    assert_eq!(hour.lines().count(), 1, "{hour}");
    let lower = marker.to_lowercase().replace("resourceid", "resourceId").replace("pt1h", "PT1H");
    assert_eq!(reader.get(&token, &format!("/insights-logs-auditevent/{lower}")).0, 404);
    let (_, filtered) = reader.get(&token, &format!("{LISTING}&prefix=resourceId%3D/OTHER"));
    assert!(!filtered.contains("<Blob>"));
}

#[test]
fn an_owner_reads_no_data_and_a_stranger_nothing() {
    let reader = Reader::new();
    let token = reader.room.desk.token("northwind", SCOPE);

    let (status, refused) = reader.get(&token, LISTING);

    assert_eq!(status, 403);
    assert!(refused.contains("<Code>AuthorizationPermissionMismatch</Code>"), "{refused}");
    assert_eq!(reader.get("", LISTING).0, 401);
    for (suffix, login) in [
        ("windows.net", "login.microsoftonline.com"),
        ("usgovcloudapi.net", "login.microsoftonline.us"),
    ] {
        let request = request("GET", &format!("nwtaudit.blob.core.{suffix}"), "/");
        let reply = reader.room.desk.world.answer(&request);
        let challenge = reply.headers.iter().find(|(name, _)| name == "www-authenticate").unwrap();
        assert!(challenge.1.contains(&format!("https://{login}/")), "{challenge:?}");
    }
    assert_eq!(reader.get(&reader.room.desk.token("contoso", SCOPE), LISTING).0, 401);
    let for_vault = reader.room.desk.token("northwind", "https://vault.azure.net/.default");
    assert_eq!(reader.get(&for_vault, LISTING).0, 401);
}
