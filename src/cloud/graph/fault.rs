//! Errors of Graph: the code is stable enough to branch on, the text is not.

use crate::cloud::Fault;
use crate::cloud::answer::Answer;
use crate::cloud::error::MAY_BE_DONE;
use crate::cloud::request::Call;
use crate::cloud::service_error;
use crate::cloud::service_error::ServiceError;
use crate::model::Kind;

/// What to do where the tenant's own policy stands in the way of a guest.
pub const GUESTS_RESTRICTED: &str = "let a Global Administrator allow this in Entra under External Identities, External collaboration \
                                     settings: who may invite guests, and from where";

/// Reads the answer of a call that failed.
pub(super) fn read(call: &Call, answer: &Answer) -> Fault {
    let status = answer.status.as_u16();
    let said = ServiceError::read(answer);
    let has_detail = |wanted: &str| said.details.iter().any(|(code, _)| code == wanted);
    let is_taken = has_detail("ObjectConflict")
        || said.code == "Request_MultipleObjectsWithSameKeyValue"
        // The only sign of a role that is granted already; its code is that of any bad request.
        || said.text.contains("already exists on the object");
    let is_early = has_detail("NoBackingApplicationObject");
    let kind = if is_taken {
        Kind::AlreadyExists
    } else {
        service_error::kind(status)
    };
    let may_be_done = service_error::may_be_done(call, status);
    Fault {
        call: call.name.clone(),
        status,
        remedy: match kind {
            _ if may_be_done => Some(MAY_BE_DONE.to_owned()),
            _ if is_early => {
                Some("check the application id; one that was just made is not known everywhere at once, try again in some seconds".into())
            }
            Kind::Forbidden if is_about_invitations(&said.text) => Some(GUESTS_RESTRICTED.to_owned()),
            Kind::Forbidden => Some(format!(
                "grant the application the Graph permission for {} with admin consent, or a directory role that includes it",
                call.name
            )),
            Kind::SignIn => Some("check the tenant and cloud of the profile".into()),
            _ => None,
        },
        retryable: !may_be_done && (is_early || said.code == "Directory_ConcurrencyViolation" || matches!(status, 408 | 429 | 500..)),
        text: said.text,
        details: said.details.into_iter().map(|(code, text)| format!("{code}: {text}")).collect(),
        code: said.code,
        kind,
        request_id: answer.request_id(),
    }
}

/// Whether a refusal is the tenant's own policy on guests, which no permission of an application lifts.
fn is_about_invitations(text: &str) -> bool {
    text.to_lowercase().contains("invit")
}

#[cfg(test)]
mod tests {
    use reqwest::StatusCode;
    use reqwest::Url;
    use reqwest::header::HeaderMap;
    use serde_json::Value;
    use serde_json::json;

    use super::*;

    fn fault(status: u16, error: Value) -> Fault {
        let call = Call::get(
            "`GET /applications`",
            Url::parse("https://graph.microsoft.com/v1.0/applications").unwrap(),
        );
        let answer = Answer {
            status: StatusCode::from_u16(status).unwrap(),
            headers: HeaderMap::new(),
            body: json!({ "error": error }).to_string().into_bytes(),
        };
        read(&call, &answer)
    }

    #[test]
    fn a_value_in_use_exists_already_whichever_way_graph_says_it() {
        let errors = [
            (409, json!({"code": "Request_MultipleObjectsWithSameKeyValue", "message": "in use"})),
            (
                400,
                json!({"code": "Request_BadRequest", "message": "UPN", "details": [{"code": "ObjectConflict"}]}),
            ),
            (
                400,
                json!({"code": "Request_BadRequest", "message": "Permission being assigned already exists on the object"}),
            ),
        ];
        for (status, error) in errors {
            assert_eq!(fault(status, error).kind, Kind::AlreadyExists);
        }
    }

    #[test]
    fn a_principal_made_too_early_is_worth_another_try() {
        let detail = json!({"code": "NoBackingApplicationObject", "target": "appId", "message": "not there"});

        let fault = fault(400, json!({"code": "Request_BadRequest", "message": "bad", "details": [detail]}));

        assert!(fault.retryable);
        assert_eq!(fault.kind, Kind::Invalid);
        assert_eq!(fault.details, ["NoBackingApplicationObject: not there (appId)"]);
    }

    #[test]
    fn what_is_not_allowed_or_not_there_says_so() {
        let denied = fault(
            403,
            json!({"code": "Authorization_RequestDenied", "message": "Insufficient privileges."}),
        );
        assert_eq!(denied.kind, Kind::Forbidden);
        assert!(denied.remedy.unwrap().contains("GET /applications"));

        let policy = json!({"code": "Forbidden", "message": "Guest invitations not allowed for your company."});
        assert!(fault(403, policy).remedy.unwrap().contains("External collaboration settings"));

        let missing = fault(404, json!({"code": "Request_ResourceNotFound", "message": "x"}));
        assert_eq!((missing.kind, &missing.code[..]), (Kind::NotFound, "Request_ResourceNotFound"));
    }
}
