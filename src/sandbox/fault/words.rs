//! How each service says no when it has too much to do, is not there, or for any other reason that was ordered.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;
use serde_json::json;
use uuid::Uuid;

use super::spec::Service;
use super::target::Target;
use crate::sandbox::Reply;
use crate::sandbox::Request;
use crate::sandbox::Tx;
use crate::sandbox::directory;

/// A refusal in the form that `service` gives its refusals.
pub fn refusal(tx: &Tx<'_>, service: Service, request: &Request, status: u16, code: &str, message: &str) -> Reply {
    let id = Uuid::new_v4().to_string();
    let now = tx.now();
    let reply = match service {
        Service::Entra => {
            Reply::json(status, &sign_in_error(now, status, code, message)).with_header("cache-control", "no-store, no-cache")
        }
        Service::Graph => {
            let date = now.strftime("%Y-%m-%dT%H:%M:%S").to_string();
            let inner = json!({"code": status.to_string(), "status": status.to_string(), "date": date, "request-id": id});
            Reply::json(status, &json!({"error": {"code": code, "message": message, "innerError": inner}}))
        }
        Service::Exchange => {
            let short = code.rsplit('.').next().unwrap_or(code).to_owned();
            Reply::json(status, &cmdlet_error(status, code, message)).with_header("x-exceptiontype", short)
        }
        Service::Arm | Service::Vault => Reply::json(status, &json!({"error": {"code": code, "message": message}})),
        Service::Blob => storage_error(now, status, code, message, &id),
    };
    with_ids(service, request, reply, &id)
}

/// The refusal of one call too many. Storage says that with 503.
pub fn throttled(target: &Target<'_>, tx: &Tx<'_>, wait: Option<Duration>) -> Reply {
    let request = target.request;
    let said = |status, code, message: &str| refusal(tx, target.service, request, status, code, message);
    let reply = match target.service {
        Service::Entra => said(429, "AADSTS90055", "There are too many incoming requests."),
        Service::Graph => {
            let (scope, limit) = match request.method.as_str() {
                "GET" => ("Read", "ResourceUnitLimitExceeded"),
                _ => ("ReadWrite", "WriteLimitExceeded"),
            };
            let tenant_id = directory::tenant_id(tx, &target.tenant);
            said(429, "TooManyRequests", "Please retry again later.")
                .with_header(
                    "x-ms-throttle-scope",
                    format!("Tenant_Application/{scope}/{}/{tenant_id}", target.client),
                )
                .with_header("x-ms-throttle-information", limit)
                .with_header("ratelimit-limit", "3500")
                .with_header("ratelimit-remaining", "0")
                .with_header("ratelimit-reset", whole_seconds(wait.unwrap_or(Duration::from_secs(10))))
        }
        Service::Exchange => {
            let reset = tx
                .now()
                .saturating_add(wait.unwrap_or(Duration::from_secs(15)))
                .unwrap_or(Timestamp::MAX);
            let text = "You have reached the maximum number of concurrent requests per tenant. Please wait and try again";
            let reply = Reply {
                status: 429,
                headers: vec![("content-type".into(), "text/plain; charset=utf-8".into())],
                body: text.into(),
                ..Reply::default()
            };
            with_ids(Service::Exchange, request, reply, &Uuid::new_v4().to_string())
                .with_header("rate-limit-limit", "30000")
                .with_header("rate-limit-remaining", "0")
                .with_header("rate-limit-reset", reset.to_string())
        }
        Service::Arm => {
            let kind = match request.method.as_str() {
                "GET" | "HEAD" => "reads",
                "DELETE" => "deletes",
                _ => "writes",
            };
            let text = format!(
                "Number of '{kind}' requests for subscription exceeded the limit. Please try again after '{}' seconds.",
                whole_seconds(wait.unwrap_or_default())
            );
            said(429, "SubscriptionRequestsThrottled", &text).with_header(&format!("x-ms-ratelimit-remaining-subscription-{kind}"), "0")
        }
        Service::Vault => said(
            429,
            "Throttled",
            "Request was not processed because too many requests were received. Reason: VaultRequestTypeLimitReached",
        ),
        Service::Blob => said(503, "ServerBusy", "Operations per second is over the account limit."),
    };
    after(target.service, reply, wait)
}

/// The refusal of a service that is not there just now. The front door of Exchange says it with a page.
pub fn unavailable(target: &Target<'_>, tx: &Tx<'_>, wait: Option<Duration>) -> Reply {
    let said = |code, message: &str| refusal(tx, target.service, target.request, 503, code, message);
    let reply = match target.service {
        Service::Entra => said("AADSTS90033", "A transient error has occurred. Please try again."),
        Service::Exchange => Reply {
            status: 503,
            headers: vec![("content-type".into(), "text/html; charset=us-ascii".into())],
            body: "<html><head><title>Service Unavailable</title></head><body><h2>Service Unavailable</h2>\
                   <p>HTTP Error 503. The service is unavailable.</p></body></html>"
                .into(),
            ..Reply::default()
        },
        Service::Blob => said(
            "ServerBusy",
            "The server is currently unable to receive requests. Please retry your request.",
        ),
        Service::Graph | Service::Arm | Service::Vault => said(
            "ServiceUnavailable",
            "The service is temporarily unavailable. Please try again later.",
        ),
    };
    after(target.service, reply, wait)
}

/// With the time for which the client is to stay away. Most services tell it with a fraction, sign-in in whole seconds.
fn after(service: Service, reply: Reply, wait: Option<Duration>) -> Reply {
    let Some(wait) = wait else { return reply };
    let text = match service {
        Service::Graph | Service::Exchange if wait.subsec_millis() > 0 => format!("{:.3}", wait.as_secs_f64()),
        _ => whole_seconds(wait),
    };
    reply.with_header("retry-after", text)
}

fn whole_seconds(wait: Duration) -> String {
    (wait.as_secs() + u64::from(wait.subsec_nanos() > 0)).to_string()
}

fn with_ids(service: Service, request: &Request, reply: Reply, id: &str) -> Reply {
    let (name, client_name) = match service {
        Service::Graph | Service::Exchange => ("request-id", "client-request-id"),
        _ => ("x-ms-request-id", "x-ms-client-request-id"),
    };
    let reply = reply.with_header(name, id);
    match request.header(client_name) {
        Some(client_id) => reply.with_header(client_name, client_id),
        None => reply,
    }
}

/// `code` is the error, or the AADSTS number, whose error is then the usual one for the status.
fn sign_in_error(now: Timestamp, status: u16, code: &str, message: &str) -> Value {
    let (trace, correlation) = (Uuid::new_v4().to_string(), Uuid::new_v4().to_string());
    let time = now.strftime("%Y-%m-%d %H:%M:%SZ").to_string();
    let number: Option<u64> = code.strip_prefix("AADSTS").and_then(|number| number.parse().ok());
    let (error, text) = match number {
        Some(_) => {
            let usual = match status {
                401 => "invalid_client",
                429 | 500.. => "temporarily_unavailable",
                _ => "invalid_grant",
            };
            (usual, format!("{code}: {message}"))
        }
        None => (code, message.to_owned()),
    };
    json!({
        "error": error,
        "error_description": format!("{text}\r\nTrace ID: {trace}\r\nCorrelation ID: {correlation}\r\nTimestamp: {time}"),
        "error_codes": number.into_iter().collect::<Vec<_>>(),
        "timestamp": time,
        "trace_id": trace,
        "correlation_id": correlation,
    })
}

/// `code` is the exception's type.
fn cmdlet_error(status: u16, code: &str, message: &str) -> Value {
    let kind = match status {
        404 => "NotFound",
        403 => "Forbidden",
        500.. => "InternalServerError",
        _ => "BadRequest",
    };
    json!({
        "error": {
            "code": kind,
            "message": "Error executing cmdlet",
            "details": [{"code": "Client", "target": "", "message": format!("|{code}|{message}")}],
            "innererror": {
                "message": "Error executing cmdlet",
                "type": "Microsoft.Exchange.Admin.OData.Core.ODataServiceException",
                "stacktrace": "",
                "internalexception": {"message": message, "type": code, "stacktrace": ""},
            },
        },
        "adminapi.warnings@odata.type": "#Collection(String)",
        "@adminapi.warnings": [],
    })
}

fn storage_error(now: Timestamp, status: u16, code: &str, message: &str, id: &str) -> Reply {
    use quick_xml::escape::escape;
    let message = format!("{message}\nRequestId:{id}\nTime:{now}");
    let body = format!(
        "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>{}</Code><Message>{}</Message></Error>",
        escape(code),
        escape(&message)
    );
    Reply {
        status,
        headers: vec![
            ("content-type".into(), "application/xml".into()),
            ("x-ms-error-code".into(), code.to_owned()),
        ],
        body: body.into_bytes(),
        ..Reply::default()
    }
}
