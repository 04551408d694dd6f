//! The tenant behind the gate: reading the image from before, and sending what the gate permits.

use futures::FutureExt;
use futures::future::BoxFuture;
use secrecy::ExposeSecret;
use secrecy::SecretString;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;
use uuid::Uuid;

use crate::change::About;
use crate::change::ArgumentType;
use crate::change::Call;
use crate::change::Operation;
use crate::change::Permit;
use crate::change::Reply;
use crate::change::TenantTag;
use crate::change::World;
use crate::cloud::GUESTS_RESTRICTED;
use crate::model::Arguments;
use crate::model::Given;
use crate::model::Kind;
use crate::model::Record;
use crate::model::Trouble;
use crate::model::moment;
use crate::platform::Clock;
use crate::tenant::From;
use crate::tenant::Reading;
use crate::tenant::Tenant;
use crate::tenant::operations;
use crate::tenant::reading;

impl World for Tenant {
    fn tenant(&self) -> &TenantTag {
        self.tag()
    }

    fn clock(&self) -> &dyn Clock {
        self.wire().clock()
    }

    fn read<'a>(&'a self, operation: &'a Operation) -> BoxFuture<'a, Result<Option<Record>, Trouble>> {
        async move {
            let Some(reading) = operation.descriptor.before.and_then(reading) else {
                return Ok(None);
            };
            match self.get(reading, operation.object.as_deref()).await {
                Ok(record) => Ok(Some(record)),
                // Whoever may not read may still write, and what is not there is refused by the write itself.
                Err(trouble) if matches!(trouble.kind, Kind::NotFound | Kind::Forbidden) => Ok(None),
                Err(trouble) => Err(trouble),
            }
        }
        .boxed()
    }

    fn look<'a>(&'a self, reading: &'static str, about: About<'a>) -> BoxFuture<'a, Result<Vec<Record>, Trouble>> {
        async move {
            let found = crate::tenant::reading(reading);
            let reading = found.ok_or_else(|| Trouble::new(Kind::Internal, format!("there is no reading `{reading}`")))?;
            let plain = match about {
                About::Plain(text) => Some(text.to_owned()),
                About::Property(_, value) if reading.identity => Some(value.to_owned()),
                About::Property(name, value) => Some(filter(reading, name, value)),
                About::All => None,
            };
            if !reading.many {
                return match self.get(reading, plain.as_deref()).await {
                    Ok(record) => Ok(vec![record]),
                    Err(trouble) if trouble.kind == Kind::NotFound => Ok(Vec::new()),
                    Err(trouble) => Err(trouble),
                };
            }
            let arguments = match plain {
                Some(plain) if !reading.plain.is_empty() => Arguments::new().with(reading.plain, plain),
                _ => Arguments::new(),
            };
            self.find_all(reading, arguments).await
        }
        .boxed()
    }

    fn send<'a>(&'a self, operation: &'a Operation, permit: Permit) -> BoxFuture<'a, Result<Reply, Trouble>> {
        async move {
            match operation.descriptor.call {
                Call::Cmdlet(cmdlet) => {
                    let answer = self.wire().exchange_write(cmdlet, &parameters(operation), permit).await?;
                    let warnings = answer.warnings.into_iter().chain(answer.errors).collect();
                    Ok(Reply {
                        record: answer.records.into_iter().next(),
                        secret: None,
                        warnings,
                        change: None,
                    })
                }
                Call::Http { method, .. } => {
                    let path = operation.path().unwrap_or_default();
                    let body = (method != "DELETE").then(|| body(operation));
                    let written = self.wire().graph_write(method, &path, body, permit).await;
                    let record = written.map_err(|error| lacking(operation, error.into()))?;
                    Ok(reply(operation, record))
                }
                Call::Arm { method, api_version, .. } => {
                    let path = operation.path().unwrap_or_default();
                    let body = (!matches!(method, "DELETE" | "POST")).then(|| azure_body(operation, self.tag().id));
                    let record = self.wire().arm_write(method, &path, api_version, body, permit).await?;
                    Ok(reply(operation, record))
                }
                Call::Vault { method, .. } => {
                    let url = operation.path().unwrap_or_default();
                    let body = (method != "DELETE").then(|| azure_body(operation, self.tag().id));
                    let record = self.wire().vault_write(method, &url, body, permit).await?;
                    Ok(reply(operation, record))
                }
            }
        }
        .boxed()
    }
}

/// The filter that selects the objects whose property has this value, in the language of the service.
fn filter(reading: &Reading, name: &str, value: &str) -> String {
    let value = value.replace('\'', "''");
    match reading.from {
        From::Cmdlet { .. } => format!("{name} -eq '{value}'"),
        _ => format!("{name} eq '{value}'"),
    }
}

/// A refusal for want of a permission of Graph, with the one that the write needs. What else Graph forbids is a policy of the tenant
/// or the like, of which its answer tells more than we know.
fn lacking(operation: &Operation, trouble: Trouble) -> Trouble {
    match trouble.kind {
        Kind::Forbidden if trouble.code == "Authorization_RequestDenied" && trouble.remedy.as_deref() != Some(GUESTS_RESTRICTED) => trouble
            .with_remedy(format!(
                "grant the signed-in application `{}` of Microsoft Graph with admin consent, or let somebody do this who may",
                operation.descriptor.permission
            )),
        _ => trouble,
    }
}

/// The parameters of a cmdlet as the service wants them: the identity among them, times in UTC without zone.
fn parameters(operation: &Operation) -> Arguments {
    let mut parameters = Arguments::new();
    if let (Some(identity), Some(object)) = (operation.descriptor.identity, &operation.object) {
        parameters.set(identity, object.as_str());
    }
    for (name, given) in operation.arguments.iter() {
        let kind = operation.descriptor.argument(name).map(|argument| argument.kind);
        let time = (kind == Some(ArgumentType::DateTime))
            .then(|| given.plain()?.as_str().and_then(moment))
            .flatten();
        match time {
            Some(time) => parameters.set(name, time.strftime("%Y-%m-%dT%H:%M:%S").to_string()),
            None => parameters.set(name, given.clone()),
        }
    }
    parameters
}

/// The body of an HTTP write.
fn body(operation: &Operation) -> Value {
    let mut body = Map::new();
    let mut profile = Map::new();
    for (name, given) in operation.arguments.iter() {
        match given {
            Given::Secret(secret) => {
                profile.insert(name.to_owned(), secret.expose_secret().into());
            }
            Given::Plain(value) if name == "forceChangePasswordNextSignIn" => {
                profile.insert(name.to_owned(), value.clone());
            }
            other => {
                body.insert(name.to_owned(), other.plain().cloned().unwrap_or(Value::Null));
            }
        }
    }
    if !profile.is_empty() {
        body.insert("passwordProfile".into(), Value::Object(profile));
    }
    json!(body)
}

/// The body of a write to Azure. A secret stands in it under its own name.
fn azure_body(operation: &Operation, tenant_id: Uuid) -> Value {
    let member = |given: &Given| match given {
        Given::Secret(secret) => secret.expose_secret().into(),
        given => given.plain().cloned().unwrap_or(Value::Null),
    };
    let given = operation.body().map(|(name, given)| (name, member(given)));
    let all = given.chain(operations::fixed(operation.descriptor, tenant_id));
    all.map(|(name, value)| (name.to_owned(), value)).collect()
}

/// The answer, with the secret that is shown once taken out of the record.
fn reply(operation: &Operation, record: Option<Record>) -> Reply {
    let Some(name) = operation.descriptor.secret_reply else {
        return Reply {
            record,
            ..Reply::default()
        };
    };
    let secret = record.as_ref().and_then(|record| record.text(name)).map(SecretString::from);
    let kept = |record: Record| {
        record
            .iter()
            .filter(|(property, _)| !property.eq_ignore_ascii_case(name))
            .map(|(property, value)| (property.to_owned(), value.clone()))
            .collect()
    };
    Reply {
        record: record.map(kept),
        secret,
        warnings: Vec::new(),
        change: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::CloudError;
    use crate::tenant::testing::Fake;
    use crate::tenant::testing::open_gate;
    use crate::tenant::testing::refusal;

    #[tokio::test]
    async fn a_missing_permission_is_named_and_a_policy_is_not_told_as_one() {
        let invite = async |code: &'static str, remedy: Option<&'static str>| {
            let fake = Fake::new().refusing(move |call, _| match refusal(call, 403, code, "no") {
                CloudError::Refused(mut fault) => {
                    fault.remedy = remedy.map(str::to_owned);
                    Some(CloudError::Refused(fault))
                }
                other => Some(other),
            });
            let guest = Arguments::new()
                .with("invitedUserEmailAddress", "admin@contoso.com")
                .with("inviteRedirectUrl", "https://office.com");
            let operation = operations::find("new_invitation").unwrap();
            let refused = fake.tenant().apply(&open_gate(), operation, None, guest).await.unwrap_err();
            refused.remedy.clone()
        };

        let denied = "Authorization_RequestDenied";
        assert!(invite(denied, Some("something general")).await.unwrap().contains("User.Invite.All"));
        assert_eq!(invite(denied, Some(GUESTS_RESTRICTED)).await.as_deref(), Some(GUESTS_RESTRICTED));
        assert_eq!(invite("Forbidden", None).await, None);
    }
}
