//! Query options: selecting, filtering and paging.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use super::call::Answer;
use super::call::Call;
use super::fault::Fault;
use super::filter::Filter;
use super::properties;
use super::properties::Type;
use crate::sandbox::Object;
use crate::sandbox::Reply;
use crate::sandbox::form;

const PAGE: usize = 100;
const LARGEST_PAGE: usize = 999;
const KNOWN: &[&str] = &["$select", "$filter", "$top", "$count", "$orderby", "$skiptoken"];

/// One object, as `what` of the context names it.
pub fn single(call: &Call<'_>, kind: &Type, what: &str, object: Map<String, Value>) -> Answer {
    check_options(call, &["$select"])?;
    let selected = selection(call, kind)?;
    let mut body = Map::new();
    let context = match call.request.parameter("$select") {
        Some(names) => format!("{what}({names})/$entity"),
        None => format!("{what}/$entity"),
    };
    body.insert("@odata.context".into(), call.context(&context).into());
    body.append(&mut projected(object, selected.as_deref()));
    Ok(Reply::json(200, &Value::Object(body)))
}

/// A collection that is filtered, selected and paged.
pub fn collection(call: &Call<'_>, kind: &Type, what: &str, objects: Vec<Map<String, Value>>) -> Answer {
    check_options(call, KNOWN)?;
    let selected = selection(call, kind)?;
    let mut found = filtered(call, kind, objects)?;
    sort(call, kind, &mut found)?;
    let total = found.len();
    let size = page_size(call)?;
    let start = start(call, &found)?;
    let page: Vec<_> = found.iter().skip(start).take(size).cloned().collect();
    let context = match call.request.parameter("$select") {
        Some(names) => format!("{what}({names})"),
        None => what.to_owned(),
    };
    let mut body = json!({"@odata.context": call.context(&context)});
    if start == 0 && is_eventual(call) {
        body["@odata.count"] = json!(total);
    }
    if start + page.len() < total {
        let last = page
            .last()
            .and_then(|object| object.get("id"))
            .and_then(Value::as_str)
            .unwrap_or_default();
        body["@odata.nextLink"] = next_link(call, start + page.len(), last).into();
    }
    body["value"] = page
        .into_iter()
        .map(|object| Value::Object(projected(object, selected.as_deref())))
        .collect();
    Ok(Reply::json(200, &body))
}

/// A collection that the service gives whole, with `$select` as the only option.
pub fn whole(call: &Call<'_>, kind: &Type, what: &str, objects: Vec<Map<String, Value>>) -> Answer {
    check_options(call, &["$select"])?;
    let selected = selection(call, kind)?;
    let value: Vec<_> = objects.into_iter().map(|object| projected(object, selected.as_deref())).collect();
    Ok(Reply::json(200, &json!({"@odata.context": call.context(what), "value": value})))
}

/// What clients see of an object: nothing whose name starts with an underscore.
pub fn shown(object: &Object) -> Map<String, Value> {
    let visible = object.body.iter().filter(|(name, _)| !name.starts_with('_'));
    visible.map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn check_options(call: &Call<'_>, known: &[&str]) -> Result<(), Fault> {
    let options = call.request.query.iter().map(|(name, _)| name.to_ascii_lowercase());
    for name in options.filter(|name| name.starts_with('$')) {
        if !known.contains(&name.as_str()) {
            return Err(Fault::bad_request(format!(
                "The query specified in the URI is not valid. Query option '{name}' is not allowed."
            )));
        }
    }
    Ok(())
}

fn selection(call: &Call<'_>, kind: &Type) -> Result<Option<Vec<String>>, Fault> {
    let Some(names) = call.request.parameter("$select").filter(|names| !names.trim().is_empty()) else {
        return Ok(kind.by_default.map(|names| names.split_whitespace().map(str::to_owned).collect()));
    };
    let names = names.split(',').map(|name| known_property(kind, name.trim()));
    names.collect::<Result<Vec<_>, _>>().map(Some)
}

fn known_property(kind: &Type, name: &str) -> Result<String, Fault> {
    let unknown = || {
        let message = format!(
            "Parsing OData Select and Expand failed: Could not find a property named '{name}' on type 'microsoft.graph.{}'.",
            kind.name
        );
        Fault::bad_request(message)
    };
    kind.property(name).map(str::to_owned).ok_or_else(unknown)
}

fn projected(mut object: Map<String, Value>, selected: Option<&[String]>) -> Map<String, Value> {
    let Some(selected) = selected else { return object };
    let mut kept = Map::new();
    if let Some(annotation) = object.remove("@odata.type") {
        kept.insert("@odata.type".into(), annotation);
    }
    for name in selected {
        kept.insert(name.clone(), object.remove(name).unwrap_or_else(|| properties::nothing(name)));
    }
    kept
}

fn filtered(call: &Call<'_>, kind: &Type, objects: Vec<Map<String, Value>>) -> Result<Vec<Map<String, Value>>, Fault> {
    let Some(text) = call.request.parameter("$filter") else {
        return Ok(objects);
    };
    let filter = Filter::parse(text)?;
    for property in filter.properties() {
        if kind.property(property).is_none() {
            let message = format!(
                "Invalid filter clause: Could not find a property named '{property}' on type 'microsoft.graph.{}'.",
                kind.name
            );
            return Err(Fault::bad_request(message));
        }
    }
    if filter.is_advanced() && !is_eventual(call) {
        let message = "Operator is not supported because the required parameters might be missing. Try adding $count=true query \
                       parameter and ConsistencyLevel:eventual header. Refer to https://aka.ms/graph-docs/advanced-queries for more \
                       information";
        return Err(Fault::unsupported_query(message));
    }
    Ok(objects.into_iter().filter(|object| filter.matches(object)).collect())
}

fn sort(call: &Call<'_>, kind: &Type, objects: &mut [Map<String, Value>]) -> Result<(), Fault> {
    let Some(order) = call.request.parameter("$orderby") else {
        return Ok(());
    };
    if call.request.parameter("$filter").is_some() && !is_eventual(call) {
        return Err(Fault::unsupported_query("Sorting not supported for current query."));
    }
    let (name, direction) = order.trim().split_once(' ').unwrap_or((order.trim(), "asc"));
    let name = known_property(kind, name)?;
    let key = |object: &Map<String, Value>| object.get(&name).and_then(Value::as_str).unwrap_or_default().to_lowercase();
    objects.sort_by_key(key);
    if direction.trim() == "desc" {
        objects.reverse();
    }
    Ok(())
}

fn is_eventual(call: &Call<'_>) -> bool {
    let level = call.request.header("consistencylevel").unwrap_or_default();
    level.eq_ignore_ascii_case("eventual") && call.request.parameter("$count") == Some("true")
}

fn page_size(call: &Call<'_>) -> Result<usize, Fault> {
    let Some(text) = call.request.parameter("$top") else {
        return Ok(PAGE);
    };
    let refused = || {
        Fault::bad_request(format!(
            "Invalid page size specified: '{text}'. Must be between 1 and {LARGEST_PAGE} inclusive."
        ))
    };
    let size = text.parse().map_err(|_| refused())?;
    match (1..=LARGEST_PAGE).contains(&size) {
        true => Ok(size),
        false => Err(refused()),
    }
}

/// Where the page starts. The token holds the last object's id, so that what is removed meanwhile does not make others skipped.
fn start(call: &Call<'_>, found: &[Map<String, Value>]) -> Result<usize, Fault> {
    let Some(token) = call.request.parameter("$skiptoken") else {
        return Ok(0);
    };
    let refused = || {
        Fault::new(
            400,
            "Directory_ExpiredPageToken",
            "The specified page token value has expired and can no longer be included in your request.",
        )
    };
    let decoded = URL_SAFE_NO_PAD
        .decode(token)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .ok_or_else(refused)?;
    let (offset, last) = decoded.split_once(':').ok_or_else(refused)?;
    let after_last = found
        .iter()
        .position(|object| object.get("id").and_then(Value::as_str) == Some(last));
    match after_last {
        Some(index) => Ok(index + 1),
        None => offset.parse().map_err(|_| refused()),
    }
}

fn next_link(call: &Call<'_>, offset: usize, last: &str) -> String {
    let token = URL_SAFE_NO_PAD.encode(format!("{offset}:{last}"));
    let kept = call
        .request
        .query
        .iter()
        .filter(|(name, _)| !name.eq_ignore_ascii_case("$skiptoken"));
    let mut query: Vec<_> = kept.map(|(name, value)| format!("{name}={}", form::encode(value))).collect();
    query.push(format!("$skiptoken={token}"));
    let path: Vec<_> = call.request.path.split('/').map(form::encode).collect();
    format!("https://{}{}?{}", call.request.host, path.join("/"), query.join("&"))
}
