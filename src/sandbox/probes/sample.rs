//! A valid request of each operation.

use serde_json::Value;
use serde_json::json;

use super::bodies;
use super::stage::CLI;
use super::stage::LOGIN;
use super::stage::Stage;
use super::stage::encoded;
use crate::sandbox::Request;
use crate::sandbox::arm_operations;
use crate::sandbox::blob_operations;
use crate::sandbox::entra_operations;
use crate::sandbox::exchange::Cmdlet;
use crate::sandbox::exchange::Parameter;
use crate::sandbox::exchange::cmdlets;
use crate::sandbox::graph_operations;
use crate::sandbox::hosts;
use crate::sandbox::vault::tests::room::HOST;
use crate::sandbox::vault_operations;

/// One operation as its documentation has it asked for.
#[derive(Clone)]
pub struct Sample {
    pub name: String,
    pub request: Request,
    /// Its body, when it is of JSON.
    pub body: Value,
}

impl Sample {
    fn new(name: impl Into<String>, request: Request, body: Value) -> Self {
        Self {
            name: name.into(),
            request,
            body,
        }
    }
}

pub fn graph(stage: &Stage) -> Vec<Sample> {
    let of = |name: &str, method: &str, path: &str, body: Value| {
        let host = "graph.microsoft.com";
        Sample::new(name, stage.request("graph", method, host, &format!("/v1.0/{path}"), &body), body)
    };
    let mut samples: Vec<_> = graph_operations()
        .map(|known| {
            let name = format!("{} {}", known.method, known.path);
            let body = bodies::graph(stage, &name);
            let mut path = String::new();
            let mut before = "";
            for segment in known.path.split('/') {
                let open = match before {
                    "organization" | "findTenantInformationByTenantId" => stage.id("tenantId"),
                    "domains" | "findTenantInformationByDomainName" => "northwind.com",
                    "applications" => stage.id("application"),
                    "servicePrincipals" if name.starts_with("POST") && name.ends_with("appRoleAssignedTo") => stage.id("exchangePrincipal"),
                    "servicePrincipals" => stage.id("principal"),
                    "appRoleAssignedTo" | "appRoleAssignments" => stage.id("assignment"),
                    "oauth2PermissionGrants" => stage.id("grant"),
                    "roleAssignments" => stage.id("role"),
                    "roleDefinitions" | "directoryRoles" => "29232cdf-9323-42fd-ade2-1d097af3e4de",
                    "users" | "directoryObjects" => stage.id("user"),
                    "groups" => stage.id("group"),
                    _ => "{}",
                };
                if !path.is_empty() {
                    path.push('/');
                }
                path.push_str(if segment == "{}" { open } else { segment });
                before = segment;
            }
            if path.contains("findTenantInformation") {
                let (list, key) = path.rsplit_once('/').unwrap_or_default();
                let key_name = if list.ends_with("TenantId") { "tenantId" } else { "domainName" };
                path = format!("{list}({key_name}='{key}')");
            }
            of(&name, known.method, &path, body)
        })
        .collect();
    let steps = json!([
        {"id": "1", "method": "GET", "url": "/domains"},
        {"id": "2", "dependsOn": ["1"], "method": "PATCH", "url": format!("/users/{}", stage.id("user")),
            "headers": {"Content-Type": "application/json"}, "body": {"jobTitle": "x"}},
    ]);
    samples.push(of("POST $batch", "POST", "$batch", json!({"requests": steps})));
    for (number, query) in [
        "users?$filter=startsWith(displayName,'L') and userType eq 'Member'&$select=id,mail&$top=2&$count=true",
        "users?$top=1&$skiptoken=1",
        "applications?$filter=displayName eq 'tool'",
        "servicePrincipals?$filter=appId eq '00000003-0000-0000-c000-000000000000' or servicePrincipalNames/any(n:n eq 'x')",
        "groups?$search=\"displayName:kermit\"&$orderby=displayName desc&$expand=members",
    ]
    .into_iter()
    .enumerate()
    {
        samples.push(of(&format!("query {number}"), "GET", query, Value::Null));
    }
    samples
}

pub fn arm(stage: &Stage) -> Vec<Sample> {
    let subscription = format!("subscriptions/{}", stage.id("subscriptionId"));
    let vault = format!("{subscription}/resourceGroups/rg-move/providers/Microsoft.KeyVault/vaults/nwt-move-kv");
    let known = arm_operations().map(|known| {
        let name = format!("{} {}", known.method, known.path);
        let is_deleted = known.path.contains("deletedVaults");
        let path = known
            .path
            .replace("subscriptions/{subscriptionId}", &subscription)
            .replace("{scope}", &subscription)
            .replace("{resource}", &vault)
            .replace("{resourceGroupName}", "rg-move")
            .replace("{vaultName}", if is_deleted { "nwt-old-kv" } else { "nwt-move-kv" })
            .replace("{accountName}", if known.method == "PUT" { "nwtother" } else { "nwtaudit" })
            .replace("{location}", "westeurope")
            .replace("{resourceProviderNamespace}", "Microsoft.KeyVault")
            .replace("{operationKind}", "add")
            .replace("{operationId}", "6c6c6c6c-9999-4ccc-8999-e1e1e1e1e009")
            .replace("{roleAssignmentName}", "6c6c6c6c-9999-4ccc-8999-e1e1e1e1e00a")
            .replace("{roleDefinitionId}", "8e3af657-a8ff-443c-a75c-2fe8c4bcb635")
            .replace("diagnosticSettingsCategories/{name}", "diagnosticSettingsCategories/AuditEvent")
            .replace("{name}", "service");
        let body = bodies::arm(stage, &name);
        let address = format!("/{path}?api-version=2023-07-01&$top=5");
        Sample::new(
            name,
            stage.request("arm", known.method, "management.azure.com", &address, &body),
            body,
        )
    });
    known.collect()
}

pub fn vault(stage: &Stage) -> Vec<Sample> {
    let known = vault_operations().map(|known| {
        let name = format!("{} {}", known.method, known.path);
        let is_secret = known.container == "secrets";
        let item = match (known.path, is_secret) {
            (path, _) if name.starts_with("POST certificates") || name.starts_with("PUT") => match is_secret {
                true => "fresh-word",
                false if path.ends_with("import") => "brought",
                false => "fresh",
            },
            (path, false) if path.starts_with("deleted") => "gone",
            (path, true) if path.starts_with("deleted") => "past",
            (path, _) if path.ends_with("pending") => "waiting",
            (_, true) => "word",
            (_, false) => "move",
        };
        let version = stage.id(if is_secret { "secretVersion" } else { "certificateVersion" });
        let path = known.path.replacen("{}", item, 1).replace("{}", version);
        let body = bodies::vault(&name);
        let address = format!("/{path}?api-version=7.5");
        Sample::new(name, stage.request("vault", known.method, HOST, &address, &body), body)
    });
    known.collect()
}

pub fn blob(stage: &Stage) -> Vec<Sample> {
    let known = blob_operations().map(|name| {
        let (method, address) = name.split_once(' ').unwrap_or_default();
        let address = address
            .replace("{container}", "insights-logs-auditevent")
            .replace("{blob}", "resourceId=/x/y=2026/PT1H.json");
        let mut request = stage.request("blob", method, "nwtaudit.blob.core.windows.net", &address, &Value::Null);
        request.headers.push(("x-ms-version".into(), "2023-11-03".into()));
        Sample::new(name, request, Value::Null)
    });
    known.collect()
}

/// The address of northwind's cmdlets.
pub fn exchange_address(stage: &Stage, operation: &str) -> String {
    format!("/adminapi/beta/{}/{operation}", stage.id("tenantId"))
}

/// One cmdlet with these parameters.
pub fn invocation(stage: &Stage, cmdlet: &str, parameters: &Value) -> Sample {
    let body = json!({"CmdletInput": {"CmdletName": cmdlet, "Parameters": parameters}});
    let mut request = stage.request(
        "exchange",
        "POST",
        "outlook.office365.com",
        &exchange_address(stage, "InvokeCommand"),
        &body,
    );
    request
        .headers
        .push(("x-anchormailbox".into(), "UPN:nils@northwindtraders.onmicrosoft.com".into()));
    Sample::new(cmdlet, request, body)
}

/// A value that the parameter takes.
pub fn value(name: &str, kind: Parameter) -> Value {
    match (name, kind) {
        ("Confirm", _) => json!(false),
        ("Identity", _) => json!("LaraN"),
        ("Filter" | "RecipientFilter", _) => json!("DisplayName -like 'L*'"),
        (_, Parameter::Switch | Parameter::Bool) => json!(true),
        (_, Parameter::Guid) => json!("6c6c6c6c-9999-4ccc-8999-e1e1e1e1e009"),
        (_, Parameter::Number) => json!(5),
        (_, Parameter::DateTime) => json!("2026-02-01T00:00:00Z"),
        (_, Parameter::Multi) => json!({"@odata.type": "#Exchange.GenericHashTable", "Add": ["x@northwind.com"], "Remove": ["y"]}),
        (_, Parameter::Bytes) => json!({"@odata.type": "#Exchange.ByteArrayType", "Data": "RW1haWxBZGRyZXNzDQpMYXJhTg0K"}),
        (_, Parameter::Credential) => json!({"UserName": crate::sandbox::migration::tests::lab::APP, "Password": "Secr3t!"}),
        (_, Parameter::Secret) => json!("Secr3t!"),
        ("PrimarySmtpAddress" | "ExternalEmailAddress" | "MicrosoftOnlineServicesID" | "EmailAddress", _) => json!("new.one@northwind.com"),
        (_, Parameter::Text) => json!("from-contoso"),
    }
}

/// The mandatory parameters, and every `step`th of the others.
pub fn parameters(cmdlet: &Cmdlet, step: usize) -> Value {
    let mut given = serde_json::Map::new();
    for (at, (name, kind)) in cmdlet.parameters.iter().enumerate() {
        if cmdlet.mandatory.contains(name) || *name == "Identity" || (step > 0 && at % step == 0) {
            given.insert((*name).to_owned(), value(name, *kind));
        }
    }
    Value::Object(given)
}

pub fn exchange(stage: &Stage) -> Vec<Sample> {
    let mut samples: Vec<_> = cmdlets()
        .into_iter()
        .flat_map(|cmdlet| [0, 1, 3].map(|step| invocation(stage, cmdlet.name, &parameters(cmdlet, step))))
        .collect();
    let root = format!("https://outlook.office365.com{}", exchange_address(stage, "InvokeCommand"));
    let item = |id: &str, name: &str, parameters: Value| {
        json!({"id": id, "method": "POST", "url": root, "body": {"CmdletInput": {"CmdletName": name, "Parameters": parameters}},
            "headers": {"Authorization": format!("Bearer {}", stage.token("exchange")), "Content-Type": "application/json"}})
    };
    let batch = json!({"requests": [
        item("1", "Get-MailUser", json!({"Identity": "LaraN"})),
        item("2", "Set-User", json!({"Identity": "ida@northwindtraders.onmicrosoft.com", "Department": "x", "Confirm": false})),
    ]});
    let request = stage.request(
        "exchange",
        "POST",
        "outlook.office365.com",
        &exchange_address(stage, "$batch"),
        &batch,
    );
    samples.push(Sample::new("POST $batch", request, batch));
    let address = exchange_address(stage, "EXOModuleFile");
    let request = stage.request("exchange", "GET", "outlook.office365.com", &address, &Value::Null);
    samples.push(Sample::new("GET EXOModuleFile", request, Value::Null));
    let mut paged = invocation(stage, "Get-Recipient", &json!({}));
    paged.request.headers.push(("prefer".into(), "odata.maxpagesize=2".into()));
    paged.request.query.push(("$skiptoken".into(), "b2xk".into()));
    samples.push(paged);
    samples
}

pub fn entra(stage: &Stage) -> Vec<Sample> {
    let forms = [
        vec![
            ("grant_type", "client_credentials"),
            ("client_id", stage.id("adminClient")),
            ("client_secret", stage.id("adminSecret")),
            ("scope", "https://graph.microsoft.com/.default"),
        ],
        vec![
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("client_id", CLI),
            ("device_code", stage.id("deviceCode")),
            ("client_info", "1"),
        ],
        vec![
            ("grant_type", "authorization_code"),
            ("client_id", stage.id("appId")),
            ("code", "1.AAAA"),
            ("redirect_uri", "http://localhost"),
            ("code_verifier", "abcabcabcabcabcabcabcabcabcabcabcabcabcabcabc"),
        ],
        vec![
            ("grant_type", "refresh_token"),
            ("client_id", CLI),
            ("refresh_token", "0.AAAA"),
            ("scope", "openid"),
        ],
        vec![
            ("grant_type", "client_credentials"),
            ("client_id", stage.id("adminClient")),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            (
                "client_assertion",
                "eyJhbGciOiJSUzI1NiIsIng1dCI6ImEifQ.eyJhdWQiOiJ4IiwiZXhwIjoxfQ.AAAA",
            ),
            ("resource", "https://vault.azure.net"),
        ],
        vec![
            ("client_id", stage.id("appId")),
            ("response_type", "code"),
            ("redirect_uri", "http://localhost"),
            ("scope", "openid User.Read"),
            ("state", "s"),
            ("prompt", "none"),
            ("code_challenge", "abcabcabcabcabcabcabcabcabcabcabcabcabcabcabc"),
            ("code_challenge_method", "S256"),
            ("response_mode", "form_post"),
        ],
        vec![
            ("client_id", CLI),
            ("scope", "openid offline_access https://graph.microsoft.com/.default"),
        ],
    ];
    let mut samples = Vec::new();
    let with_cookie = |mut request: Request| {
        request.headers.push(("cookie".into(), stage.id("cookie").to_owned()));
        request
    };
    for operation in entra_operations() {
        let (method, path) = operation.split_once(' ').unwrap_or_default();
        let path = path
            .replace("{tenant}", stage.id("tenantId"))
            .replace("{user}", "nils@northwindtraders.onmicrosoft.com");
        for form in &forms {
            let address = if method == "GET" {
                format!("{path}?{}&api-version=1.0", encoded(form))
            } else {
                path.clone()
            };
            let mut request = with_cookie(stage.request("", method, LOGIN, &address, &Value::Null));
            if method == "POST" {
                request
                    .headers
                    .push(("content-type".into(), "application/x-www-form-urlencoded".into()));
                request.body = encoded(form).into_bytes();
            }
            samples.push(Sample::new(operation.clone(), request, Value::Null));
        }
    }
    samples
}

/// The pages of people, at the login host and elsewhere.
pub fn pages(stage: &Stage) -> Vec<Sample> {
    let (app_id, tenant, code) = (stage.id("appId"), stage.id("tenantId"), stage.id("userCode"));
    let of = |method: &str, host: &str, address: &str, form: &str| {
        let mut request = stage.request("", method, host, address, &Value::Null);
        request.headers.push(("cookie".into(), stage.id("cookie").to_owned()));
        request.headers.push(("sec-fetch-site".into(), "same-origin".into()));
        request.body = form.as_bytes().to_vec();
        Sample::new(format!("{method} {host}{address}"), request, Value::Null)
    };
    let asked =
        format!("client_id={app_id}&redirect_uri=http%3A%2F%2Flocalhost&state=1&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default");
    vec![
        of("GET", LOGIN, &format!("/{tenant}/adminconsent?{asked}"), ""),
        of("GET", LOGIN, &format!("/{tenant}/v2.0/adminconsent?{asked}"), ""),
        of(
            "POST",
            LOGIN,
            &format!("/{tenant}/v2.0/adminconsent?{asked}"),
            "decision=accept&proof=x",
        ),
        of("GET", LOGIN, &format!("/common/oauth2/deviceauth?otc={code}"), ""),
        of("POST", LOGIN, "/common/oauth2/deviceauth", &format!("otc={code}&decision=accept")),
        of("GET", LOGIN, &format!("/{tenant}/login?back=%2Fcommon%2Foauth2%2Fdeviceauth"), ""),
        of(
            "POST",
            LOGIN,
            &format!("/{tenant}/login"),
            "user=nils@northwindtraders.onmicrosoft.com&back=%2F",
        ),
        of("POST", LOGIN, &format!("/{tenant}/consent?{asked}"), "decision=accept"),
        of(
            "GET",
            LOGIN,
            "/redeem?rd=https%3A%2F%2Finvitations.microsoft.com%2Fredeem%2F%3Ftenant%3Dx%26user%3Dy%26ticket%3Dz",
            "",
        ),
        of(
            "GET",
            LOGIN,
            "/common/oauth2/v2.0/logout?post_logout_redirect_uri=https%3A%2F%2Foffice.com",
            "",
        ),
        of("GET", "outlook.office.com", "/mail/", ""),
        of("GET", "outlook.office.com", "/mail/id/1", ""),
        of("GET", "office.com", "/?admin_consent=True&tenant=x&error=e&error_description=d", ""),
        of("GET", "invitations.microsoft.com", "/redeem/?tenant=x&user=y&ticket=z&ver=2.0", ""),
        of("GET", "microsoft.com", "/devicelogin", ""),
    ]
}

pub fn control(stage: &Stage) -> Vec<Sample> {
    let of = |method: &str, path: &str, body: Value| {
        let mut request = stage.request("", method, hosts::CONTROL, path, &body);
        request.headers.push(("authorization".into(), "Bearer control".into()));
        Sample::new(format!("{method} {path}"), request, body)
    };
    vec![
        of("GET", "/clock", Value::Null),
        of("POST", "/advance", json!({"milliseconds": 1000})),
        of("POST", "/rate", json!({"rate": 0.0})),
        of("GET", "/tenants", Value::Null),
        of("GET", "/requests?last=2&tenant=northwind", Value::Null),
        of("GET", "/faults", Value::Null),
        of("DELETE", "/faults", json!([99])),
        of(
            "POST",
            "/faults",
            json!({"service": "graph", "count": 1, "skip": 1000, "seed": 1, "effect": {"kind": "cut", "when": "before"}}),
        ),
    ]
}
