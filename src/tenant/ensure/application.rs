//! Making sure of the migration application.

use serde_json::Value;
use serde_json::json;

use crate::change::Gate;
use crate::model::Arguments;
use crate::model::Kind;
use crate::model::Record;
use crate::model::Trouble;
use crate::tenant::Ensured;
use crate::tenant::REDIRECT;
use crate::tenant::Tenant;
use crate::tenant::ensure::ensured::required;
use crate::tenant::ensure::ensured::take_list;
use crate::tenant::ensure::ensured::take_text;
use crate::tenant::operations::NEW_APPLICATION;
use crate::tenant::operations::SET_APPLICATION;
use crate::tenant::reading;

impl Tenant {
    /// A multi-tenant application that asks for the application permissions `requires` (`Mailbox.Migration` by default). It is
    /// found by `appId`, else by its exact `displayName`; what it has besides stays.
    pub async fn ensure_application(&self, gate: &Gate, mut arguments: Arguments) -> Result<Ensured, Trouble> {
        let mut requires = take_list(&mut arguments, "requires");
        if requires.is_empty() {
            requires.push("Mailbox.Migration".into());
        }
        let app_id = take_text(&mut arguments, "appId");
        let found = match &app_id {
            Some(app_id) => Some(self.own_application(app_id).await?),
            None => {
                let name = required(&arguments, "ensure_application", "displayName")?;
                self.application_called(name).await?
            }
        };
        let wanted = self.resource_access(found.as_ref(), &requires).await?;
        let Some(found) = found else {
            let arguments = arguments
                .with("signInAudience", "AzureADMultipleOrgs")
                .with("web", json!({"homePageUrl": REDIRECT, "redirectUris": [REDIRECT]}))
                .with("requiredResourceAccess", wanted);
            return Ok(Ensured::created(self.apply(gate, &NEW_APPLICATION, None, arguments).await?));
        };
        // An application that was chosen by its id keeps its name.
        if app_id.is_some() {
            arguments.remove("displayName");
        }
        let arguments = arguments
            .with("signInAudience", "AzureADMultipleOrgs")
            .with("web", json!({"redirectUris": redirects(&found)}))
            .with("requiredResourceAccess", wanted);
        let object = found.text("id").unwrap_or_default().to_owned();
        Ok(Ensured::updated(
            self.apply(gate, &SET_APPLICATION, Some(&object), arguments).await?,
        ))
    }

    async fn own_application(&self, app_id: &str) -> Result<Record, Trouble> {
        let reading = reading("get_application").expect("the table of readings has it");
        self.get(reading, Some(app_id)).await.map_err(|trouble| match trouble.kind {
            Kind::NotFound => trouble.with_remedy("give the id of an application that is registered in this tenant, or none to make one"),
            _ => trouble,
        })
    }

    async fn application_called(&self, name: &str) -> Result<Option<Record>, Trouble> {
        let filter = format!("displayName eq '{}'", name.replace('\'', "''"));
        let reading = reading("find_applications").expect("the table of readings has it");
        let mut found = self.find_all(reading, Arguments::new().with("filter", filter)).await?;
        found.retain(|application| application.text("displayName") == Some(name));
        if found.len() > 1 {
            let ids: Vec<&str> = found.iter().filter_map(|application| application.text("appId")).collect();
            return Err(Trouble::new(
                Kind::Conflict,
                format!("{} applications are called `{name}`: {}", ids.len(), ids.join(", ")),
            )
            .with_code("ambiguous")
            .with_remedy("name the one that is meant by its application id")
            .in_tenant(&self.tag().name)
            .on_object(name));
        }
        Ok(found.pop())
    }

    /// The list of permissions to ask for: what the application asks for already, and what of `requires` is lacking.
    async fn resource_access(&self, application: Option<&Record>, requires: &[String]) -> Result<Value, Trouble> {
        let mut access = application
            .and_then(|application| application.get("requiredResourceAccess")?.as_array().cloned())
            .unwrap_or_default();
        for value in requires {
            let role = self.role(value).await?;
            let entry = json!({"id": role.id, "type": "Role"});
            let resource = access
                .iter_mut()
                .find(|resource| resource["resourceAppId"] == role.resource_app_id.as_str());
            match resource.and_then(|resource| resource["resourceAccess"].as_array_mut()) {
                Some(roles) if roles.iter().any(|known| known["id"] == role.id.as_str()) => {}
                Some(roles) => roles.push(entry),
                None => access.push(json!({"resourceAppId": role.resource_app_id, "resourceAccess": [entry]})),
            }
        }
        Ok(access.into())
    }
}

/// The redirect addresses of `application`, ours among them.
fn redirects(application: &Record) -> Vec<Value> {
    let known = application.get("web").and_then(|web| web["redirectUris"].as_array());
    let mut redirects = known.cloned().unwrap_or_default();
    if !redirects.iter().any(|redirect| redirect == REDIRECT) {
        redirects.push(REDIRECT.into());
    }
    redirects
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tenant::Outcome;
    use crate::tenant::operations::find;
    use crate::tenant::testing::Fake;
    use crate::tenant::testing::open_gate;

    fn service() -> Fake {
        Fake::new().with(
            "servicePrincipals",
            json!({"id": "exchange", "appId": "00000002-0000-0ff1-ce00-000000000000",
                "appRoles": [{"id": "f726", "value": "Mailbox.Migration"}]}),
        )
    }

    fn named() -> Arguments {
        Arguments::new().with("displayName", "northwind_contoso").with("appId", Value::Null)
    }

    #[tokio::test]
    async fn an_application_is_registered_once() {
        let fake = service();
        let (tenant, gate) = (fake.tenant(), open_gate());

        let first = tenant.ensure_application(&gate, named()).await.unwrap();
        let again = tenant.ensure_application(&gate, named()).await.unwrap();

        assert_eq!((first.outcome, again.outcome), (Outcome::Created, Outcome::Unchanged));
        let (call, body) = &fake.writes()[0];
        assert_eq!(call, "POST /applications");
        assert_eq!(body["signInAudience"], "AzureADMultipleOrgs");
        assert_eq!(body["web"]["redirectUris"], json!(["https://office.com"]));
        assert_eq!(
            body["requiredResourceAccess"][0]["resourceAccess"],
            json!([{"id": "f726", "type": "Role"}])
        );
    }

    #[tokio::test]
    async fn what_an_application_has_besides_stays() {
        let fake = service().with(
            "applications",
            json!({"id": "o", "appId": "5e5e", "displayName": "chosen", "signInAudience": "AzureADMyOrg",
                "web": {"redirectUris": ["http://localhost"]},
                "requiredResourceAccess": [{"resourceAppId": "g", "resourceAccess": [{"id": "e1fe", "type": "Scope"}]}]}),
        );

        let ensured = fake
            .tenant()
            .ensure_application(&open_gate(), named().with("appId", "5e5e"))
            .await
            .unwrap();

        assert_eq!(ensured.outcome, Outcome::Updated);
        let (call, body) = &fake.writes()[0];
        assert_eq!(call, "PATCH /applications/o");
        assert_eq!(body["web"]["redirectUris"], json!(["http://localhost", "https://office.com"]));
        assert_eq!(body["requiredResourceAccess"].as_array().unwrap().len(), 2);
        assert_eq!(body.get("displayName"), None);
    }

    #[tokio::test]
    async fn two_applications_of_that_name_are_a_conflict_that_names_both() {
        let fake = service()
            .with(
                "applications",
                json!({"id": "1", "appId": "aaaa", "displayName": "northwind_contoso"}),
            )
            .with(
                "applications",
                json!({"id": "2", "appId": "bbbb", "displayName": "northwind_contoso"}),
            );

        let refused = fake.tenant().ensure_application(&open_gate(), named()).await.unwrap_err();

        assert_eq!(refused.kind, Kind::Conflict);
        assert!(refused.message.contains("aaaa, bbbb"));
    }

    #[tokio::test]
    async fn a_client_secret_comes_back_apart_from_the_record() {
        use secrecy::ExposeSecret;

        let fake = Fake::new().with("applications", json!({"id": "o", "appId": "5e5e"}));
        let arguments = Arguments::new().with("passwordCredential", json!({"displayName": "contoso move"}));

        let applied = fake
            .tenant()
            .apply(&open_gate(), find("new_application_password").unwrap(), Some("5e5e"), arguments)
            .await
            .unwrap();

        assert_eq!(fake.written(), ["POST /applications/o/addPassword"]);
        assert_eq!(applied.secret.unwrap().expose_secret(), "k7Q~shown.once");
        assert!(!applied.record.has("secretText"));
    }
}
