//! The request: which cmdlets read, and what is sent around the parameters.

use reqwest::Method;
use reqwest::Url;
use serde_json::Value;
use serde_json::json;
use uuid::Uuid;

use crate::change::Permit;
use crate::cloud::CloudError;
use crate::cloud::Connection;
use crate::cloud::ExchangePage;
use crate::cloud::ExchangePageToken;
use crate::cloud::exchange::encode;
use crate::cloud::exchange::fault;
use crate::cloud::exchange::page;
use crate::cloud::link::url;
use crate::cloud::request::Call;
use crate::cloud::request_ids::RequestIds;
use crate::cloud::sign_in::Resource;
use crate::model::Arguments;
use crate::model::Given;

/// The most objects that the service puts on a page.
const PAGE_SIZE: usize = 1000;

/// Cmdlets with confirm impact High: the service waits for an answer to a question nobody sees unless `Confirm` says no.
const ASKING: [&str; 15] = [
    "Add-RecipientPermission",
    "Complete-MigrationBatch",
    "Remove-DistributionGroup",
    "Remove-DistributionGroupMember",
    "Remove-MailUser",
    "Remove-MailboxPermission",
    "Remove-MigrationBatch",
    "Remove-MigrationEndpoint",
    "Remove-MigrationUser",
    "Remove-MoveRequest",
    "Remove-OrganizationRelationship",
    "Remove-RecipientPermission",
    "Set-User",
    "Stop-MigrationBatch",
    "Suspend-MoveRequest",
];

/// Cmdlets that only read. The list is closed: what is not on it passes the gate.
const READING: [&str; 20] = [
    "Get-AcceptedDomain",
    "Get-DistributionGroup",
    "Get-DistributionGroupMember",
    "Get-MailUser",
    "Get-Mailbox",
    "Get-MailboxPermission",
    "Get-MailboxStatistics",
    "Get-ManagementRoleAssignment",
    "Get-MigrationBatch",
    "Get-MigrationEndpoint",
    "Get-MigrationUser",
    "Get-MigrationUserStatistics",
    "Get-MoveRequest",
    "Get-MoveRequestStatistics",
    "Get-OrganizationConfig",
    "Get-OrganizationRelationship",
    "Get-Recipient",
    "Get-RecipientPermission",
    "Get-User",
    "Test-MigrationServerAvailability",
];

/// Whether `cmdlet` is known to read only.
pub fn reads(cmdlet: &str) -> bool {
    READING.iter().any(|known| known.eq_ignore_ascii_case(cmdlet))
}

/// One cmdlet, about to be sent.
struct Invocation<'a> {
    cmdlet: &'a str,
    parameters: &'a Arguments,
    is_read: bool,
    request_ids: RequestIds,
    link: Option<Url>,
}

impl Connection {
    /// Runs a cmdlet that reads, or fetches the page that `page` leads to (with the same cmdlet and parameters).
    pub async fn exchange_read(
        &self,
        cmdlet: &str,
        parameters: &Arguments,
        page: Option<&ExchangePageToken>,
    ) -> Result<ExchangePage, CloudError> {
        if !reads(cmdlet) {
            return Err(CloudError::NotReading { cmdlet: cmdlet.to_owned() });
        }
        let invocation = Invocation {
            cmdlet,
            parameters,
            is_read: true,
            request_ids: page.map_or_else(Uuid::now_v7, |page| page.request_id).into(),
            link: page.map(|page| page.link.clone()),
        };
        self.invoke(invocation).await
    }

    /// Runs a cmdlet that writes. The permit is spent. An answer that is lost is an error with `may_be_done`; nothing is repeated
    /// unless the service said that it did not take it.
    pub async fn exchange_write(&self, cmdlet: &str, parameters: &Arguments, permit: Permit) -> Result<ExchangePage, CloudError> {
        self.exchange_change(cmdlet, parameters, permit).await
    }

    async fn exchange_change(
        &self,
        cmdlet: &str,
        parameters: &Arguments,
        request_ids: impl Into<RequestIds>,
    ) -> Result<ExchangePage, CloudError> {
        let mut parameters = parameters.clone();
        let asks = ASKING.iter().any(|known| known.eq_ignore_ascii_case(cmdlet));
        if asks && parameters.get("Confirm").is_none() {
            parameters.set("Confirm", false);
        }
        let invocation = Invocation {
            cmdlet,
            parameters: &parameters,
            is_read: false,
            request_ids: request_ids.into(),
            link: None,
        };
        self.invoke(invocation).await
    }

    async fn invoke(&self, invocation: Invocation<'_>) -> Result<ExchangePage, CloudError> {
        let Invocation {
            cmdlet,
            parameters,
            is_read,
            request_ids,
            link,
        } = invocation;
        refuse_empty_identity(cmdlet, parameters)?;
        let tenant = self.tenant_id().await?;
        let key = match parameters.iter().any(|(_, given)| is_secret(given)) {
            true => self.secret_key().await?,
            false => None,
        };
        let parameters_sent = encode::parameters(parameters, key).map_err(|why| CloudError::Invalid {
            call: format!("`{cmdlet}`"),
            why,
        })?;
        let page_size = page_size(parameters);
        let first = url(self.cloud().exchange, &format!("/adminapi/beta/{tenant}/InvokeCommand"))?;
        let call = Call {
            method: Method::POST,
            headers: vec![
                ("accept-charset", "UTF-8".into()),
                // Texts are matched as a last resort, so they must not be translated.
                ("accept-language", "en-US".into()),
                ("x-cmdletname", cmdlet.to_owned()),
                ("x-responseformat", "json".into()),
                ("x-serializationlevel", "Partial".into()),
                ("x-clientapplication", "xtenant".into()),
                ("x-anchormailbox", anchor(tenant)),
                ("prefer", format!("odata.maxpagesize={}", page_size.unwrap_or(PAGE_SIZE))),
                ("connection-id", self.0.session.to_string()),
            ],
            body: Some(
                json!({"CmdletInput": {"CmdletName": cmdlet, "Parameters": parameters_sent}})
                    .to_string()
                    .into_bytes(),
            ),
            is_read,
            request_ids,
            ..Call::get(format!("`{cmdlet}`"), link.unwrap_or_else(|| first.clone()))
        };
        let answer = self.send(&call, Resource::Exchange).await?;
        if answer.status.as_u16() == 401 {
            let token = self.token(Resource::Exchange).await?;
            return Err(fault::unauthorized(cmdlet, &answer, &token).into());
        }
        if !answer.status.is_success() {
            return Err(fault::read(cmdlet, &answer, is_read).into());
        }
        page::read(cmdlet, &call, &answer, &first, page_size)
    }
}

/// One system mailbox for all calls of a tenant: a page is only known to the server that began it, and a read that follows a write
/// meets the same directory server.
fn anchor(tenant: Uuid) -> String {
    format!("APP:SystemMailbox{{bb558c35-97f1-4cb9-8ff7-d53741dc928c}}@{tenant}")
}

/// The page size that a finite `ResultSize` allows; `None` when everything is wanted.
fn page_size(parameters: &Arguments) -> Option<usize> {
    let wanted = match parameters.get("ResultSize")?.plain()? {
        Value::Number(number) => usize::try_from(number.as_u64()?).ok(),
        Value::String(text) => text.trim().parse::<usize>().ok(),
        _ => None,
    };
    wanted.map(|wanted| wanted.clamp(1, PAGE_SIZE))
}

fn is_secret(given: &Given) -> bool {
    matches!(given, Given::Secret(_) | Given::Credential { .. })
}

/// Most `Get-` cmdlets take an empty identity for "all of them".
fn refuse_empty_identity(cmdlet: &str, parameters: &Arguments) -> Result<(), CloudError> {
    let is_empty = match parameters.get("Identity").and_then(Given::plain) {
        Some(Value::Null) => true,
        Some(Value::String(text)) => text.trim().is_empty(),
        _ => false,
    };
    match is_empty {
        true => Err(CloudError::Invalid {
            call: format!("`{cmdlet}`"),
            why: "its identity is empty, which the service takes for every object".into(),
        }),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;
    use serde_json::json;

    use super::*;
    use crate::cloud::testing::Reply;
    use crate::cloud::testing::Site;
    use crate::cloud::testing::TENANT;
    use crate::model::Kind;
    use crate::model::Trouble;

    fn identity(text: &str) -> Arguments {
        Arguments::new().with("Identity", text)
    }

    fn not_found() -> Reply {
        Reply::json(
            404,
            json!({"error": {"code": "NotFound", "message": "Error executing cmdlet", "details": [{"code": "Context", "target": "",
                "message": "Ex6F9304|Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException|The operation couldn't be performed because object 'nobody' couldn't be found on 'NAM00A00DC001'."}]}}),
        )
    }

    #[tokio::test]
    async fn a_read_carries_the_cmdlet_the_anchor_and_the_token() {
        let site =
            Site::start(|_| Reply::value(json!([{"Guid@odata.type": "#Guid", "Guid": "3b2f5f70-0000-4000-8000-c0ffee000011"}]))).await;

        let page = site
            .connection()
            .exchange_read("Get-MailUser", &identity("adele"), None)
            .await
            .unwrap();

        assert_eq!(page.records[0].names().collect::<Vec<_>>(), ["Guid"]);
        let sent = site.last();
        assert_eq!(sent.path, format!("/adminapi/beta/{TENANT}/InvokeCommand"));
        assert_eq!(sent.host, "outlook.office365.com");
        assert_eq!(sent.header("x-cmdletname"), "Get-MailUser");
        assert_eq!(
            sent.header("x-anchormailbox"),
            format!("APP:SystemMailbox{{bb558c35-97f1-4cb9-8ff7-d53741dc928c}}@{TENANT}")
        );
        assert!(sent.header("authorization").starts_with("Bearer "));
        assert_eq!(
            sent.json(),
            json!({"CmdletInput": {"CmdletName": "Get-MailUser", "Parameters": {"Identity": "adele"}}})
        );
    }

    #[tokio::test]
    async fn only_reading_cmdlets_are_read_with() {
        let site = Site::start(|_| Reply::value(json!([]))).await;
        let connection = site.connection();

        for cmdlet in [
            "Set-MailUser",
            "Remove-MailUser",
            "Get",
            "Get-",
            "Get-MailUser; Remove-MailUser",
            "Get-MessageTrace",
            "Test-Anything",
        ] {
            let refused = connection.exchange_read(cmdlet, &Arguments::new(), None).await;
            assert!(matches!(refused, Err(CloudError::NotReading { .. })), "{cmdlet}");
        }
        let all = Arguments::new().with("Identity", Value::Null);
        assert!(matches!(
            connection.exchange_read("Get-Mailbox", &all, None).await,
            Err(CloudError::Invalid { .. })
        ));
        assert_eq!(site.requests().len(), 0);
        connection
            .exchange_read("test-migrationserveravailability", &Arguments::new(), None)
            .await
            .unwrap();
    }

    #[tokio::test]
    async fn a_page_is_followed_by_posting_the_same_body_and_headers_to_its_link() {
        let site = Site::start(|request| match request.query.as_str() {
            "" => Reply::json(
                200,
                json!({"@adminapi.warnings": ["There are more results available than are displayed."], "value": [{"Name": "a"}],
                    "@odata.nextLink": "https://outlook.office365.com/adminapi/beta/x/InvokeCommand?%24skiptoken=UjVm"}),
            ),
            _ => Reply::value(json!([{"Name": "b"}])),
        })
        .await;
        let connection = site.connection();
        let all = Arguments::new().with("ResultSize", "Unlimited");

        let first = connection.exchange_read("Get-Mailbox", &all, None).await.unwrap();
        let second = connection.exchange_read("Get-Mailbox", &all, first.next.as_ref()).await.unwrap();

        assert!(first.warnings.is_empty());
        assert_eq!(second.records[0].text("Name"), Some("b"));
        assert!(second.next.is_none());
        let [.., one, two] = &site.requests()[..] else { panic!() };
        assert_eq!((&two.query[..], &two.method[..]), ("%24skiptoken=UjVm", "POST"));
        assert_eq!(one.body, two.body);
        for header in ["client-request-id", "x-anchormailbox", "prefer", "connection-id"] {
            assert_eq!(one.header(header), two.header(header));
        }
    }

    #[tokio::test]
    async fn a_link_to_another_host_is_refused() {
        let site = Site::start(|_| {
            Reply::json(
                200,
                json!({"value": [], "@odata.nextLink": "https://outlook.office365.com.evil.example/x"}),
            )
        })
        .await;

        let refused = site.connection().exchange_read("Get-Mailbox", &Arguments::new(), None).await;

        assert!(matches!(refused, Err(CloudError::ForeignLink { .. })));
    }

    #[tokio::test]
    async fn a_write_that_would_ask_is_told_not_to_and_carries_the_permits_id() {
        let site = Site::start(|_| Reply::value(json!([]))).await;
        let id = Uuid::new_v4();

        site.connection()
            .exchange_change("Remove-MailUser", &identity("adele"), id)
            .await
            .unwrap();

        assert_eq!(site.last().json()["CmdletInput"]["Parameters"]["Confirm"], false);
        assert_eq!(site.last().header("client-request-id"), id.to_string());
        site.connection()
            .exchange_change("Set-MailUser", &identity("adele"), id)
            .await
            .unwrap();
        assert_eq!(site.last().json()["CmdletInput"]["Parameters"].get("Confirm"), None);
    }

    #[tokio::test]
    async fn an_object_that_is_missing_is_not_found_with_the_services_own_type() {
        let site = Site::start(|_| not_found()).await;

        let missing = site.connection().exchange_read("Get-MailUser", &identity("nobody"), None).await;

        let trouble = Trouble::from(missing.unwrap_err());
        assert_eq!(trouble.kind, Kind::NotFound);
        assert_eq!(trouble.code, "ManagementObjectNotFoundException");
        assert!(trouble.message.contains("object 'nobody' couldn't be found"), "{}", trouble.message);
    }

    #[tokio::test]
    async fn a_cmdlet_beyond_our_roles_names_the_role_to_ask_for() {
        let reason =
            r#"2000003;reason="The role assigned to application 5e5e isn't supported in this scenario.";error_category="invalid_role""#;
        let site = Site::start(move |_| Reply::bytes(403, vec![0; 256]).with("x-ms-diagnostics", reason)).await;

        let refused = site.connection().exchange_read("Get-MigrationBatch", &Arguments::new(), None).await;

        let trouble = Trouble::from(refused.unwrap_err());
        assert_eq!(trouble.kind, Kind::Forbidden);
        assert!(trouble.message.contains("isn't supported in this scenario"), "{}", trouble.message);
        assert!(!trouble.message.contains('\0'));
        assert!(trouble.remedy.as_deref().unwrap().contains("Exchange Administrator"));
    }

    #[tokio::test]
    async fn a_token_that_is_refused_twice_names_the_permission_it_lacks() {
        let site = Site::start(|_| Reply::bytes(401, vec![])).await;

        let refused = site.connection().exchange_read("Get-MailUser", &identity("adele"), None).await;

        let trouble = Trouble::from(refused.unwrap_err());
        assert_eq!(site.requests().len(), 2);
        assert_eq!(trouble.kind, Kind::Forbidden);
        assert!(trouble.remedy.as_deref().unwrap().contains("Exchange.ManageAsApp"));
    }

    #[tokio::test]
    async fn a_write_behind_a_busy_gateway_is_not_repeated_but_to_be_checked() {
        let site = Site::start(|_| Reply::text(503, "<html>busy</html>")).await;

        let lost = site
            .connection()
            .exchange_change("Set-MailUser", &identity("adele"), Uuid::new_v4())
            .await;

        let trouble = Trouble::from(lost.unwrap_err());
        assert_eq!(site.requests().len(), 1);
        assert_eq!((trouble.kind, trouble.retryable), (Kind::Network, false));
        assert!(trouble.remedy.as_deref().unwrap().contains("may have been made"));
    }

    #[tokio::test]
    async fn an_answer_of_errors_alone_is_an_error() {
        let site = Site::start(|_| {
            let error = "Ex94914C|Microsoft.Exchange.Management.Tasks.MemberAlreadyExistsException|The recipient is already a member.";
            Reply::json(200, json!({"value": [], "@adminapi.errors": [error], "@adminapi.warnings": []}))
        })
        .await;

        let refused = site
            .connection()
            .exchange_change("Add-DistributionGroupMember", &identity("scope"), Uuid::new_v4())
            .await;

        let trouble = Trouble::from(refused.unwrap_err());
        assert_eq!(
            (trouble.kind, &trouble.code[..]),
            (Kind::AlreadyExists, "MemberAlreadyExistsException")
        );
    }

    #[tokio::test]
    async fn without_a_public_key_a_secret_travels_as_text() {
        let site = Site::start(|_| Reply::value(json!([]))).await;
        let given = Arguments::new().with("Password", Given::Secret(SecretString::from("s3cret")));

        site.connection()
            .exchange_change("New-MailUser", &given, Uuid::new_v4())
            .await
            .unwrap();

        assert_eq!(site.last().json()["CmdletInput"]["Parameters"]["Password"], "s3cret");
        assert!(site.requests()[0].path.ends_with("/EXOModuleFile"));
    }
}
