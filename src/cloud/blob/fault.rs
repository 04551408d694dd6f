//! Errors of Azure Storage: the code stands in a header, the text in XML.

use crate::cloud::CloudError;
use crate::cloud::Fault;
use crate::cloud::answer::Answer;
use crate::cloud::blob::xml;
use crate::cloud::link::host;
use crate::cloud::request::Call;
use crate::cloud::service_error;
use crate::cloud::service_error::ServiceError;
use crate::model::Kind;

/// Reads the answer of a call that failed.
pub(super) fn read(call: &Call, answer: &Answer) -> CloudError {
    let status = answer.status.as_u16();
    let said = said(answer);
    if status == 404 && said.code == "UnknownHost" {
        return CloudError::UnknownHost {
            call: call.name.clone(),
            host: host(&call.url),
        };
    }
    CloudError::from(Fault {
        call: call.name.clone(),
        status,
        kind: service_error::kind(status),
        remedy: remedy(service_error::kind(status), &said.code).map(str::to_owned),
        retryable: matches!(status, 408 | 429 | 500..),
        text: said.text,
        code: said.code,
        details: Vec::new(),
        request_id: answer.request_id(),
    })
}

fn said(answer: &Answer) -> ServiceError {
    let mut said = ServiceError::read(answer);
    for (name, text) in xml::texts(&answer.body, &["Code", "Message"]).unwrap_or_default() {
        match name {
            "Code" => said.code = text,
            // Request id and time follow on lines of their own.
            _ => said.text = text.lines().next().unwrap_or_default().trim_end_matches('.').to_owned(),
        }
    }
    if let Some(code) = answer.header("x-ms-error-code") {
        said.code = code.to_owned();
    }
    said
}

fn remedy(kind: Kind, code: &str) -> Option<&'static str> {
    Some(match code {
        "AuthorizationPermissionMismatch" => {
            "let an Owner assign the role Storage Blob Data Reader on the storage account to the application's service principal: \
             Owner alone reads no blobs; it counts after some minutes"
        }
        "ContainerNotFound" => "wait: a vault's log appears some ten minutes after the first event that is logged",
        "AuthorizationFailure" => "allow this computer's address in the networking rules of the storage account",
        _ if kind == Kind::SignIn => "check the tenant and cloud of the profile",
        _ => return None,
    })
}
