//! Errors of Resource Manager and its providers. Codes are stable; of the texts only those are read that name who may not do what.

use crate::cloud::Fault;
use crate::cloud::answer::Answer;
use crate::cloud::error::MAY_BE_DONE;
use crate::cloud::request::Call;
use crate::cloud::service_error;
use crate::cloud::service_error::ServiceError;
use crate::cloud::service_error::between;
use crate::model::Kind;

/// Reads the answer of a call that failed.
pub(super) fn read(call: &Call, answer: &Answer) -> Fault {
    let status = answer.status.as_u16();
    let mut fault = fault(call, status, ServiceError::read(answer), answer.request_id());
    if service_error::may_be_done(call, status) {
        fault.remedy = Some(MAY_BE_DONE.to_owned());
        fault.retryable = false;
    }
    fault
}

/// That `call` failed, or what it began.
pub(super) fn fault(call: &Call, status: u16, said: ServiceError, request_id: Option<String>) -> Fault {
    Fault {
        call: call.name.clone(),
        status,
        kind: match &said.code[..] {
            "VaultAlreadyExists" | "StorageAccountAlreadyTaken" | "StorageAccountAlreadyExists" | "RoleAssignmentExists" => {
                Kind::AlreadyExists
            }
            _ => service_error::kind(status),
        },
        remedy: remedy(&said),
        retryable: matches!(&said.code[..], "AnotherOperationInProgress" | "PrincipalNotFound") || matches!(status, 408 | 429 | 500..),
        // A detail often repeats its error word for word.
        details: said
            .details
            .iter()
            .filter(|(code, text)| *code != said.code && !text.is_empty())
            .map(|(code, text)| format!("{code}: {text}"))
            .collect(),
        text: said.text,
        code: said.code,
        request_id,
    }
}

fn remedy(said: &ServiceError) -> Option<String> {
    let text = match &said.code[..] {
        "AuthorizationFailed" | "LinkedAuthorizationFailed" => return Some(role(&said.text)),
        "MissingSubscriptionRegistration" => {
            let namespace = between(&said.text, "namespace '", "'").unwrap_or("NAMESPACE");
            return Some(format!(
                "let a Contributor of the subscription run `az provider register --namespace {namespace}`, and try again once it is \
                 registered"
            ));
        }
        "SubscriptionNotFound" => {
            "check the subscription's id, that it belongs to this tenant, and that the application has a role in it, Contributor say"
        }
        "InvalidAuthenticationTokenTenant" => "use a subscription of this tenant, or the profile of the subscription's tenant",
        "ResourceGroupNotFound" => "check the name of the resource group, or make it first",
        "VaultAlreadyExists" => "choose another name: a vault's is unique in the whole cloud",
        "ConflictError" => "recover the deleted vault of this name, or purge it",
        "StorageAccountAlreadyTaken" => "choose another name: a storage account's is unique in the whole cloud",
        "StorageAccountAlreadyExists" => "use the account as it is, or choose another name",
        "LocationNotAvailableForResourceType" => "choose a location that offers this; `find_locations` lists them",
        "InvalidResourceGroupLocation" => "the group exists in another location: use that, or choose another name",
        "VaultNameNotValid" => {
            "a vault is named by 3 to 24 letters, digits and hyphens; it starts with a letter, and no two hyphens stand together"
        }
        "AccountNameInvalid" => "a storage account is named by 3 to 24 digits and lower-case letters",
        "RequestDisallowedByPolicy" => {
            "ask who keeps the Azure policies of the subscription for an exemption or for values that they allow"
        }
        "ScopeLocked" => "remove the lock of the resource or its group",
        "AnotherOperationInProgress" => "wait until the other change is done",
        "DeletedVaultNotFound" => {
            "only a vault that was removed can be recovered or purged: remove a live one first (`remove_vault`), and check name and location; \
             `find_deleted_vaults` lists what can be had back"
        }
        "RoleDefinitionDoesNotExist" => {
            "give the id of a role that `find_role_definitions` lists at this scope, or its name to `ensure_role_assignment`"
        }
        "RoleAssignmentUpdateNotPermitted" => "remove the assignment, and make a new one",
        "BadRequest" | "InvalidRequestContent" => "correct what the service names and send it again; nothing was changed",
        "PrincipalNotFound" => "check the object id; one that was just made is not known everywhere at once, try again in some seconds",
        "ReadOnlyDisabledSubscription" => "enable the subscription: it can only be read",
        "AuthenticationFailed" | "InvalidAuthenticationToken" | "InvalidAuthenticationTokenAudience" => {
            "check the tenant and cloud of the profile"
        }
        _ => return None,
    };
    Some(text.to_owned())
}

/// Which role helps, and where. What is about to be made can hold no assignment, so its group or subscription is named.
fn role(text: &str) -> String {
    let action = between(text, "perform action '", "'").unwrap_or_default().to_ascii_lowercase();
    let role = match &action[..] {
        action if action.starts_with("microsoft.authorization/") && !action.ends_with("/read") => "User Access Administrator",
        action if action.ends_with("/read") => "Reader",
        _ => "Contributor",
    };
    let scope = between(text, "over scope '", "'").unwrap_or("the subscription");
    let scope = cut(scope, "/providers/");
    let scope = match action.contains("/resourcegroups/") {
        true => cut(scope, "/resourcegroups/"),
        false => scope,
    };
    let who = between(text, "with object id '", "'").map_or_else(
        || "the application's service principal".to_owned(),
        |id| format!("the application's service principal (object id `{id}`)"),
    );
    format!("let an Owner assign the role {role} on `{scope}` to {who}; it counts after some minutes")
}

/// `path` up to `part`, found without case.
fn cut<'a>(path: &'a str, part: &str) -> &'a str {
    path.to_ascii_lowercase().find(part).map_or(path, |at| &path[..at])
}

#[cfg(test)]
mod tests {
    use reqwest::StatusCode;
    use reqwest::Url;
    use reqwest::header::HeaderMap;
    use serde_json::Value;
    use serde_json::json;

    use super::*;

    const GROUP: &str = "/subscriptions/3c3c3c3c-3333-4ccc-8333-e0e0e0e0e003/resourceGroups/rg-xtmove";

    fn fault(status: u16, error: Value) -> Fault {
        let call = Call::get("`PUT x`", Url::parse("https://management.azure.com/x").unwrap());
        let answer = Answer {
            status: StatusCode::from_u16(status).unwrap(),
            headers: HeaderMap::new(),
            body: json!({ "error": error }).to_string().into_bytes(),
        };
        read(&call, &answer)
    }

    fn denied(action: &str, scope: &str) -> String {
        let text = format!(
            "The client '9d9d' with object id '2f2f' does not have authorization to perform action '{action}' over scope '{scope}' \
             or the scope is invalid. If access was recently granted, please refresh your credentials."
        );
        let fault = fault(403, json!({"code": "AuthorizationFailed", "message": text}));
        assert_eq!(fault.kind, Kind::Forbidden);
        fault.remedy.unwrap()
    }

    #[test]
    fn a_missing_role_is_named_with_the_place_and_the_object_id() {
        let vault = format!("{GROUP}/providers/Microsoft.KeyVault/vaults/nwt-xtmove-kv");

        let make = denied("Microsoft.KeyVault/vaults/write", &vault);
        let group = denied("Microsoft.Resources/subscriptions/resourcegroups/write", GROUP);
        let assign = denied("Microsoft.Authorization/roleAssignments/write", &vault);

        assert!(
            make.starts_with(&format!("let an Owner assign the role Contributor on `{GROUP}`")),
            "{make}"
        );
        assert!(make.contains("object id `2f2f`"), "{make}");
        assert!(
            group.contains("on `/subscriptions/3c3c3c3c-3333-4ccc-8333-e0e0e0e0e003` to"),
            "{group}"
        );
        assert!(assign.contains("User Access Administrator"), "{assign}");
    }

    #[test]
    fn an_unregistered_provider_is_named_in_the_command_that_registers_it() {
        let text = "The subscription is not registered to use namespace 'Microsoft.KeyVault'. See https://aka.ms/rps-not-found.";
        let detail = json!({"code": "MissingSubscriptionRegistration", "target": "Microsoft.KeyVault", "message": text});

        let fault = fault(
            409,
            json!({"code": "MissingSubscriptionRegistration", "message": text, "details": [detail]}),
        );

        assert_eq!(fault.kind, Kind::Conflict);
        assert!(
            fault
                .remedy
                .unwrap()
                .contains("az provider register --namespace Microsoft.KeyVault")
        );
        assert!(fault.details.is_empty());
    }

    #[test]
    fn a_taken_name_exists_already_and_a_deleted_vault_is_a_conflict() {
        let taken = fault(409, json!({"code": "VaultAlreadyExists", "message": "taken"}));
        let deleted = fault(409, json!({"code": "ConflictError", "message": "in deleted state"}));

        assert_eq!((taken.kind, deleted.kind), (Kind::AlreadyExists, Kind::Conflict));
        assert!(deleted.remedy.unwrap().contains("recover"));
    }

    #[test]
    fn what_was_not_there_or_not_right_is_told_with_the_next_step() {
        for (status, code, step) in [
            (400, "BadRequest", "correct what the service names"),
            (400, "RoleDefinitionDoesNotExist", "find_role_definitions"),
            (404, "DeletedVaultNotFound", "remove a live one first"),
        ] {
            let remedy = fault(status, json!({"code": code, "message": "no"})).remedy.unwrap();
            assert!(remedy.contains(step), "{code}: {remedy}");
        }
    }

    #[test]
    fn an_error_that_lacks_its_wrapping_is_read_too() {
        let call = Call::get("`GET x`", Url::parse("https://management.azure.com/x").unwrap());
        let answer = Answer {
            status: StatusCode::NOT_FOUND,
            headers: HeaderMap::new(),
            body: br#"{"code": "ResourceNotFound", "message": "gone."}"#.to_vec(),
        };

        let fault = read(&call, &answer);

        assert_eq!(
            (fault.kind, &fault.code[..], &fault.text[..]),
            (Kind::NotFound, "ResourceNotFound", "gone")
        );
    }
}
