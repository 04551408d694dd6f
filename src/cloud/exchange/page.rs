//! The answer of a cmdlet that worked: objects without annotations, warnings, and where the next page lies.

use reqwest::Url;
use serde_json::Map;
use serde_json::Value;
use uuid::Uuid;

use crate::cloud::CloudError;
use crate::cloud::answer::Answer;
use crate::cloud::answer::member;
use crate::cloud::answer::text;
use crate::cloud::exchange::fault;
use crate::cloud::link::same_origin;
use crate::cloud::request::Call;
use crate::model::KeyCache;
use crate::model::Record;

/// Where the next page lies. Bound to the call that it came from; good for some minutes.
#[derive(Debug, Clone)]
pub struct ExchangePageToken {
    pub(super) link: Url,
    pub(super) request_id: Uuid,
}

/// What a cmdlet gave.
#[derive(Debug, Default)]
pub struct ExchangePage {
    /// The objects, annotations removed.
    pub records: Vec<Record>,
    /// The warning stream.
    pub warnings: Vec<String>,
    /// Non-terminating errors of single items; an answer that consists of them alone is an error instead.
    pub errors: Vec<String>,
    /// The next page, if there is one.
    pub next: Option<ExchangePageToken>,
}

/// Reads a successful answer. `page_size` is known when a finite number of objects was asked for.
pub(super) fn read(cmdlet: &str, call: &Call, answer: &Answer, own: &Url, page_size: Option<usize>) -> Result<ExchangePage, CloudError> {
    // Some writes are answered with 204 or nothing at all.
    if answer.body.iter().all(u8::is_ascii_whitespace) {
        return Ok(ExchangePage::default());
    }
    let mut body = answer.expect_json(call)?;
    let link = text(&body, "@odata.nextLink").map(str::to_owned);
    let mut warnings = strings(&body, "@adminapi.warnings");
    let errors = strings(&body, "@adminapi.errors");
    let objects = match body.get_mut("value").map(Value::take) {
        Some(Value::Array(items)) => items,
        Some(Value::Null) | None => Vec::new(),
        Some(single) => vec![single],
    };
    let is_endpoint = cmdlet.to_ascii_lowercase().ends_with("-migrationendpoint");
    let mut keys = KeyCache::default();
    let records: Vec<Record> = objects
        .into_iter()
        .map(|object| match plain(object) {
            Value::Object(map) if is_endpoint => with_application_id(map),
            Value::Object(map) => map,
            value => Map::from_iter([("Value".to_owned(), value)]),
        })
        .map(|map| keys.record(map))
        .collect();
    if let Some(first) = errors.first()
        && records.is_empty()
    {
        return Err(fault::stated(cmdlet, answer, first, &errors).into());
    }
    // A link may stand beside the last page; when a number of objects was asked for, a page that is not full is the last.
    let is_last = page_size.is_some_and(|size| records.len() < size);
    let next = match link.filter(|_| !is_last) {
        Some(link) => Some(ExchangePageToken {
            link: same_origin(own, &link, &call.name)?,
            request_id: call.request_ids.first(),
        }),
        None => None,
    };
    if next.is_some() {
        warnings.retain(|warning| !warning.to_ascii_lowercase().contains("more results"));
    }
    Ok(ExchangePage {
        records,
        warnings,
        errors,
        next,
    })
}

fn strings(body: &Value, name: &str) -> Vec<String> {
    match member(body, name) {
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Some(Value::String(text)) if !text.is_empty() => vec![text.clone()],
        _ => Vec::new(),
    }
}

/// `value` without annotations; enums that arrive as `{"Value": "Syncing"}` become their text.
fn plain(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let kept = map.into_iter().filter(|(name, _)| !name.contains('@'));
            Value::Object(kept.map(|(name, value)| (name, member_value(value))).collect())
        }
        Value::Array(items) => items.into_iter().map(member_value).collect(),
        value => value,
    }
}

fn member_value(value: Value) -> Value {
    match plain(value) {
        Value::Object(mut map) if map.len() == 1 && map.contains_key("Value") => map.remove("Value").unwrap_or_default(),
        value => value,
    }
}

/// Microsoft's own tools disagree whether an endpoint's application is `ApplicationId` or `AppID`; above us it is the former.
fn with_application_id(map: Map<String, Value>) -> Map<String, Value> {
    if map.keys().any(|name| name.eq_ignore_ascii_case("ApplicationId")) {
        return map;
    }
    let renamed = |name: String| match name.eq_ignore_ascii_case("AppID") {
        true => "ApplicationId".to_owned(),
        false => name,
    };
    map.into_iter().map(|(name, value)| (renamed(name), value)).collect()
}

#[cfg(test)]
mod tests {
    use reqwest::StatusCode;
    use reqwest::header::HeaderMap;
    use serde_json::json;

    use super::*;

    fn page(cmdlet: &str, body: Value, page_size: Option<usize>) -> ExchangePage {
        let answer = Answer {
            status: StatusCode::OK,
            headers: HeaderMap::new(),
            body: body.to_string().into_bytes(),
        };
        let own = Url::parse("https://outlook.office365.com/adminapi/beta/x/InvokeCommand").unwrap();
        let call = Call::get(cmdlet, own.clone());
        read(cmdlet, &call, &answer, &own, page_size).unwrap()
    }

    #[test]
    fn records_keep_their_order_and_lose_their_annotations() {
        let object = json!({"Name": "wave-01", "Guid@data.type": "System.Guid", "Guid@odata.type": "#Guid", "Guid": "g",
            "Status": {"Value": "Syncing"}, "Nested": {"@odata.type": "#x", "A": 1}, "List@odata.type": "#Collection(String)", "List": ["a"]});

        let page = page("Get-MigrationBatch", json!({"value": [object]}), None);

        assert_eq!(
            serde_json::to_string(&page.records).unwrap(),
            r#"[{"Name":"wave-01","Guid":"g","Status":"Syncing","Nested":{"A":1},"List":["a"]}]"#
        );
    }

    #[test]
    fn an_endpoint_names_its_application_one_way() {
        let page = page(
            "Get-MigrationEndpoint",
            json!({"value": [{"Identity": "e", "AppID": "5e5e"}]}),
            None,
        );

        assert_eq!(page.records[0].text("ApplicationId"), Some("5e5e"));
        assert!(!page.records[0].has("AppID"));
    }

    #[test]
    fn a_page_that_is_not_full_is_the_last_when_a_number_was_asked_for() {
        let link = "https://outlook.office365.com/adminapi/beta/x/InvokeCommand?$skiptoken=1";
        let body = json!({"value": [{"Name": "a"}], "@odata.nextLink": link});

        assert!(page("Get-Mailbox", body.clone(), Some(5)).next.is_none());
        assert!(page("Get-Mailbox", body.clone(), Some(1)).next.is_some());
        assert!(page("Get-Mailbox", body, None).next.is_some());
    }

    #[test]
    fn a_missing_or_null_value_is_an_empty_page() {
        assert!(page("Set-MailUser", json!({"@adminapi.warnings": []}), None).records.is_empty());
        assert!(page("Set-MailUser", json!({"value": null}), None).records.is_empty());
    }
}
