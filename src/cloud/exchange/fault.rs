//! Errors of Exchange: what the exception is, what it says, and what sort of trouble that makes it.

use reqwest::StatusCode;
use secrecy::ExposeSecret;
use secrecy::SecretString;
use serde_json::Value;

use crate::cloud::Fault;
use crate::cloud::Identity;
use crate::cloud::answer::Answer;
use crate::cloud::answer::member;
use crate::cloud::answer::text;
use crate::model::Kind;

/// The application permission without which the admin API answers nobody.
const MANAGE: &str = "Exchange.ManageAsApp";

/// An exception as far as the answer tells: its type (full .NET name) and its text.
#[derive(Debug, Default, PartialEq)]
struct Exception {
    name: Option<String>,
    text: String,
}

impl Exception {
    /// Reads `{id}|{type}|{text}`; the text may hold bars itself, and may be an exception serialised as JSON.
    fn parse(message: &str) -> Self {
        let mut parts = message.splitn(3, '|');
        match (parts.next(), parts.next(), parts.next()) {
            (Some(id), Some(name), Some(text)) if is_error_id(id) && is_type_name(name) => {
                let inner = Self::serialised(text).unwrap_or_else(|| Self {
                    name: None,
                    text: text.trim().to_owned(),
                });
                Self {
                    name: Some(name.to_owned()),
                    ..inner
                }
            }
            _ => Self::serialised(message).unwrap_or_else(|| Self {
                name: None,
                text: message.trim().to_owned(),
            }),
        }
    }

    fn serialised(text: &str) -> Option<Self> {
        let value: Value = serde_json::from_str(text.trim()).ok().filter(Value::is_object)?;
        Some(Self {
            name: self::text(&value, "ClassName").map(str::to_owned),
            text: self::text(&value, "Message")?.trim().to_owned(),
        })
    }

    /// Finds the exception in an error body: the details, else the innermost of the inner errors.
    fn find(body: &Value) -> Option<Self> {
        let error = member(body, "error")?;
        let detail = member(error, "details").and_then(|details| text(details.get(0)?, "message"));
        if let Some(detail) = detail {
            return Some(Self::parse(detail));
        }
        let mut inner = member(error, "innererror").and_then(|inner| member(inner, "internalexception"))?;
        while let Some(deeper) = member(inner, "internalexception").filter(|deeper| text(deeper, "message").is_some()) {
            inner = deeper;
        }
        let found = Self::parse(text(inner, "message")?);
        Some(Self {
            name: found.name.or_else(|| text(inner, "type").map(str::to_owned)),
            ..found
        })
    }

    /// The last segment of the type, which is what everybody calls it.
    fn short_name(&self) -> Option<&str> {
        self.name.as_deref()?.rsplit(['.', '+']).next().filter(|name| !name.is_empty())
    }
}

fn is_error_id(text: &str) -> bool {
    text.is_empty()
        || text
            .strip_prefix("Ex")
            .is_some_and(|hash| hash.chars().all(|c| c.is_ascii_hexdigit()))
}

fn is_type_name(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '+' | '`'))
}

/// Reads the answer of a cmdlet that failed.
pub(super) fn read(cmdlet: &str, answer: &Answer, is_read: bool) -> Fault {
    let status = answer.status;
    if status == StatusCode::FORBIDDEN {
        return forbidden(cmdlet, answer);
    }
    let body = answer.json();
    let general = body
        .as_ref()
        .and_then(|body| text(member(body, "error")?, "message"))
        .map(str::to_owned);
    let exception = body.as_ref().and_then(Exception::find).unwrap_or_else(|| Exception {
        name: answer.header("x-exceptiontype").map(str::to_owned),
        text: general.or_else(|| answer.excerpt()).unwrap_or_else(|| answer.reason().to_owned()),
    });
    // No exception, no cmdlet that answered: a gateway gave up waiting or lost the server, and nobody knows whether it ran.
    let may_be_done = !is_read && exception.name.is_none() && matches!(status.as_u16(), 408 | 500..);
    let fault = fault(cmdlet, answer, exception);
    match may_be_done {
        true => Fault {
            remedy: Some("the change may have been made: read the object before repeating it".into()),
            retryable: false,
            ..fault
        },
        false => fault,
    }
}

/// An error that came with a 200, because it did not end the cmdlet.
pub(super) fn stated(cmdlet: &str, answer: &Answer, first: &str, all: &[String]) -> Fault {
    let mut fault = fault(cmdlet, answer, Exception::parse(first));
    fault.details = all.iter().skip(1).map(|error| Exception::parse(error).text).collect();
    fault
}

/// A 401 that a new token did not cure.
pub(super) fn unauthorized(cmdlet: &str, answer: &Answer, token: &SecretString) -> Fault {
    let lacks_role = Identity::from_token(token.expose_secret()).is_some_and(|identity| !identity.has_role(MANAGE));
    let (kind, text, remedy) = match lacks_role {
        true => (
            Kind::Forbidden,
            format!("the application does not hold the permission `{MANAGE}` of Office 365 Exchange Online"),
            format!("grant the application permission `{MANAGE}` with admin consent; a new grant needs a new token"),
        ),
        false => (
            Kind::SignIn,
            "Exchange does not accept the token".to_owned(),
            "check the tenant and cloud of the profile, and that Exchange Online is licensed there".to_owned(),
        ),
    };
    Fault {
        kind,
        code: "Unauthorized".into(),
        remedy: Some(remedy),
        retryable: false,
        ..fault(cmdlet, answer, Exception { name: None, text })
    }
}

/// The body of a 403 is a run of NUL bytes; the reason stands in a header.
fn forbidden(cmdlet: &str, answer: &Answer) -> Fault {
    let stated = answer.header("x-ms-diagnostics").and_then(reason);
    let text = stated.unwrap_or_else(|| format!("the roles of the application do not include `{cmdlet}`"));
    Fault {
        kind: Kind::Forbidden,
        code: "Forbidden".into(),
        remedy: Some(format!(
            "assign the directory role Exchange Administrator to the application, or add it to an Exchange role group that holds `{cmdlet}`; \
             a new assignment may take an hour to count"
        )),
        retryable: false,
        ..fault(cmdlet, answer, Exception { name: None, text })
    }
}

/// `2000003;reason="...";error_category="..."`.
fn reason(diagnostics: &str) -> Option<String> {
    let (_, rest) = diagnostics.split_once("reason=\"")?;
    let reason = rest.split('"').next()?.trim();
    (!reason.is_empty()).then(|| reason.trim_end_matches('.').to_owned())
}

fn fault(cmdlet: &str, answer: &Answer, exception: Exception) -> Fault {
    let status = answer.status.as_u16();
    let name = exception.short_name().unwrap_or_default();
    let kind = kind(name, status, &exception.text);
    Fault {
        call: cmdlet.to_owned(),
        status,
        code: match name {
            "" => answer.reason().replace(' ', ""),
            name => name.to_owned(),
        },
        kind,
        remedy: remedy(name).map(str::to_owned),
        retryable: matches!(kind, Kind::Timeout | Kind::Network | Kind::Throttled) || name.contains("Transient"),
        text: exception.text.trim_end_matches('.').to_owned(),
        details: Vec::new(),
        request_id: answer.request_id(),
    }
}

/// The exception's type decides, then the status; the text only where neither says anything.
fn kind(name: &str, status: u16, text: &str) -> Kind {
    match name {
        "ManagementObjectAmbiguousException" => return Kind::Conflict,
        "AmbiguousParameterSetException" | "ParameterTransformationException" | "ValidationException" | "DataValidationException" => {
            return Kind::Invalid;
        }
        _ if name.starts_with("ParameterBinding") => return Kind::Invalid,
        _ if name.contains("NotFound") => return Kind::NotFound,
        _ if name.contains("Exists") => return Kind::AlreadyExists,
        _ => {}
    }
    match status {
        404 => Kind::NotFound,
        401 => Kind::SignIn,
        403 => Kind::Forbidden,
        408 | 504 => Kind::Timeout,
        409 => Kind::Conflict,
        429 => Kind::Throttled,
        500.. => Kind::Network,
        _ if text.contains("couldn't be found") => Kind::NotFound,
        _ => Kind::Refused,
    }
}

fn remedy(name: &str) -> Option<&'static str> {
    match name {
        "InvalidOperationInDehydratedContextException" => {
            Some("run `enable_organization_customization` (Enable-OrganizationCustomization) once and wait until it took effect")
        }
        "ManagementObjectAmbiguousException" => Some("name the object by its id or primary address"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderMap;
    use serde_json::json;

    use super::*;

    fn fault_of(status: u16, body: Value) -> Fault {
        let answer = Answer {
            status: StatusCode::from_u16(status).unwrap(),
            headers: HeaderMap::new(),
            body: body.to_string().into_bytes(),
        };
        read("New-MailUser", &answer, false)
    }

    fn detail(message: &str) -> Value {
        json!({"error": {"code": "BadRequest", "message": "Error executing cmdlet", "details": [{"code": "Client", "message": message}]}})
    }

    #[test]
    fn an_address_in_use_is_one_that_exists_with_the_services_sentence() {
        let fault = fault_of(
            400,
            detail(
                "ExB10BE9|Microsoft.Exchange.Management.Tasks.WLCDManagedMemberExistsException|The proxy address \"SMTP:a|b@x\" is already being used.",
            ),
        );

        assert_eq!(
            (fault.kind, &fault.code[..]),
            (Kind::AlreadyExists, "WLCDManagedMemberExistsException")
        );
        assert_eq!(fault.text, "The proxy address \"SMTP:a|b@x\" is already being used");
    }

    #[test]
    fn an_unknown_parameter_is_invalid() {
        let fault = fault_of(
            400,
            detail(
                "|Microsoft.Exchange.AdminApi.CommandInvocation.AmbiguousParameterSetException|Parameter set cannot be resolved. Colour",
            ),
        );

        assert_eq!((fault.kind, &fault.code[..]), (Kind::Invalid, "AmbiguousParameterSetException"));
    }

    #[test]
    fn newer_builds_put_a_serialised_exception_in_place_of_the_text() {
        let inner = r#"{"ClassName":"Microsoft.Exchange.Data.DataValidationException","Message":"Property 'Name': too long."}"#;

        assert_eq!(fault_of(400, detail(inner)).code, "DataValidationException");
        let fault = fault_of(
            400,
            detail(&format!("ExABCDEF|Microsoft.Exchange.Tasks.RecipientTaskException|{inner}")),
        );
        assert_eq!(
            (&fault.code[..], &fault.text[..]),
            ("RecipientTaskException", "Property 'Name': too long")
        );
    }

    #[test]
    fn without_details_the_innermost_exception_counts_however_it_is_spelt() {
        let fault = fault_of(
            400,
            json!({"error": {"message": "Error executing cmdlet", "InnerError": {"Message": "x", "InternalException": {"message": "thrown",
                "type": "Microsoft.Exchange.Management.PSDirectInvoke.DirectInvokeCmdletExecutionException",
                "internalexception": {"message": "not in a dehydrated organization.",
                    "type": "Microsoft.Exchange.Configuration.Tasks.InvalidOperationInDehydratedContextException"}}}}}),
        );

        assert_eq!(fault.code, "InvalidOperationInDehydratedContextException");
        assert_eq!(fault.kind, Kind::Refused);
        assert!(fault.remedy.unwrap().contains("Enable-OrganizationCustomization"));
    }

    #[test]
    fn an_error_without_any_form_still_says_something() {
        let fault = fault_of(500, json!("broken"));

        assert_eq!((fault.kind, &fault.code[..]), (Kind::Network, "InternalServerError"));
        assert!(!fault.text.is_empty());
    }

    #[test]
    fn an_endpoint_that_is_not_there_is_not_found_though_its_type_is_unknown() {
        let fault = fault_of(
            400,
            detail("|Microsoft.Exchange.X.SomethingException|The migration endpoint 'e' couldn't be found."),
        );

        assert_eq!(fault.kind, Kind::NotFound);
    }
}
