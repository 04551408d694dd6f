//! Errors of Key Vault: the outer code is coarse, the inner one says what stood in the way.

use crate::cloud::CloudError;
use crate::cloud::Fault;
use crate::cloud::answer::Answer;
use crate::cloud::error::MAY_BE_DONE;
use crate::cloud::link::host;
use crate::cloud::request::Call;
use crate::cloud::service_error;
use crate::cloud::service_error::ServiceError;
use crate::cloud::service_error::between;
use crate::model::Kind;

/// Reads the answer of a call that failed.
pub(super) fn read(call: &Call, answer: &Answer) -> CloudError {
    let status = answer.status.as_u16();
    let said = ServiceError::read(answer);
    if status == 404 && said.code == "UnknownHost" {
        return CloudError::UnknownHost {
            call: call.name.clone(),
            host: host(&call.url),
        };
    }
    let code = said.inner.unwrap_or(said.code);
    let may_be_done = service_error::may_be_done(call, status);
    CloudError::from(Fault {
        call: call.name.clone(),
        status,
        kind: match status {
            // What is disabled or out of its time is refused like what is not allowed, but no right helps.
            403 if is_out_of_use(&code) => Kind::Conflict,
            _ => service_error::kind(status),
        },
        remedy: match may_be_done {
            true => Some(MAY_BE_DONE.to_owned()),
            false => remedy(status, &code, &said.text),
        },
        retryable: !may_be_done && (code == "ObjectIsBeingDeleted" || matches!(status, 408 | 429 | 500..)),
        details: said.details.into_iter().map(|(code, text)| format!("{code}: {text}")).collect(),
        text: said.text,
        code,
        request_id: answer.request_id(),
    })
}

fn is_out_of_use(code: &str) -> bool {
    ["Disabled", "Expired", "NotYetValid"].iter().any(|end| code.ends_with(end))
}

fn remedy(status: u16, code: &str, text: &str) -> Option<String> {
    let text = match (status, code) {
        (_, "ForbiddenByPolicy") => {
            let permission = between(text, "does not have ", " permission").unwrap_or("this");
            let who = between(text, "oid=", ";").map_or_else(|| "this application".to_owned(), |oid| format!("object id `{oid}`"));
            return Some(format!(
                "add {permission} for {who} to the access policies of the vault; a change to them counts after some minutes"
            ));
        }
        (_, "ForbiddenByRbac") => {
            "let an Owner or User Access Administrator of the vault assign this application the roles Key Vault Certificates Officer \
             (certificates) and Key Vault Secrets Officer (secrets; Key Vault Secrets User is enough to read them); they count after some \
             minutes"
        }
        (_, "ForbiddenByFirewall" | "AccessDenied") => "allow this computer's address in the networking rules of the vault",
        (_, code) if code.ends_with("Disabled") => "enable this version in the vault, or use another",
        (_, code) if code.ends_with("Expired") => "make a new version in the vault and use that",
        (_, code) if code.ends_with("NotYetValid") => "wait until it is valid, or make a new version",
        (_, "ObjectIsDeletedButRecoverable") => "the name is kept by a deleted object: recover it, or purge it",
        (_, "ObjectIsBeingDeleted") => "try again in some seconds",
        (409, "Forbidden") => "another creation of this certificate is under way: wait for it, or delete its pending operation",
        (401, _) => "check the tenant and cloud of the profile",
        (400, "BadParameter") => "correct what the vault names; what lies in a vault is called by 1 to 127 letters, digits and hyphens",
        (404, "CertificateNotFound" | "SecretNotFound") => "check name and version; a deleted one can be recovered",
        _ => return None,
    };
    Some(text.to_owned())
}

#[cfg(test)]
mod tests {
    use reqwest::StatusCode;
    use reqwest::Url;
    use reqwest::header::HeaderMap;
    use serde_json::Value;
    use serde_json::json;

    use super::*;
    use crate::model::Trouble;

    fn trouble(status: u16, error: Value) -> Trouble {
        let url = Url::parse("https://nwt-xtmove-kv.vault.azure.net/certificates/x").unwrap();
        let answer = Answer {
            status: StatusCode::from_u16(status).unwrap(),
            headers: HeaderMap::new(),
            body: json!({ "error": error }).to_string().into_bytes(),
        };
        read(&Call::get("`GET x`", url), &answer).into()
    }

    #[test]
    fn a_missing_policy_is_named_with_the_permission_and_the_object_id() {
        let text = "The user, group or application 'appid=9d9d;oid=2f2f;iss=https://sts.windows.net/7b7b/' does not have \
                    certificates create permission on key vault 'nwt-xtmove-kv;location=westeurope'.";

        let trouble = trouble(
            403,
            json!({"code": "Forbidden", "message": text, "innererror": {"code": "ForbiddenByPolicy"}}),
        );

        assert_eq!((trouble.kind, &trouble.code[..]), (Kind::Forbidden, "ForbiddenByPolicy"));
        let remedy = trouble.remedy.as_deref().unwrap();
        assert!(remedy.starts_with("add certificates create for object id `2f2f`"), "{remedy}");
    }

    #[test]
    fn a_missing_role_is_named_with_whoever_may_assign_it_and_a_bad_name_with_its_rule() {
        let inner = json!({"code": "ForbiddenByRbac"});
        let roles = trouble(403, json!({"code": "Forbidden", "message": "no", "innererror": inner}));
        let name = trouble(
            400,
            json!({"code": "BadParameter", "message": "The request URI contains an invalid name: a_b"}),
        );

        let roles = roles.remedy.as_deref().unwrap();
        for part in [
            "User Access Administrator",
            "Key Vault Certificates Officer",
            "Key Vault Secrets Officer",
        ] {
            assert!(roles.contains(part), "{roles}");
        }
        assert!(name.remedy.as_deref().unwrap().contains("letters, digits and hyphens"));
    }

    #[test]
    fn what_is_disabled_is_a_conflict_and_not_a_missing_right() {
        let inner = json!({"code": "SecretDisabled"});

        let trouble = trouble(403, json!({"code": "Forbidden", "message": "no", "innererror": inner}));

        assert_eq!((trouble.kind, &trouble.code[..]), (Kind::Conflict, "SecretDisabled"));
        assert!(trouble.remedy.as_deref().unwrap().contains("enable"));
    }

    #[test]
    fn a_name_in_the_recycle_bin_and_a_creation_under_way_are_told_apart() {
        let inner = json!({"code": "ObjectIsDeletedButRecoverable"});
        let deleted = trouble(409, json!({"code": "Conflict", "message": "kept", "innererror": inner}));
        let pending = trouble(409, json!({"code": "Forbidden", "message": "A new certificate can not be created"}));

        assert_eq!((deleted.kind, &deleted.code[..]), (Kind::Conflict, "ObjectIsDeletedButRecoverable"));
        assert_eq!((pending.kind, &pending.code[..]), (Kind::Conflict, "Forbidden"));
        assert!(pending.remedy.as_deref().unwrap().contains("under way"));
    }
}
