//! Migration endpoints: how a target tenant reaches a source tenant.
//!
//! A row of kind `endpoint` holds `Name`, `Guid`, `EndpointType` (`ExchangeRemoteMove`), `RemoteServer`, `RemoteTenant`,
//! `ApplicationId`, `AppSecretKeyVaultUrl` (text or missing), `MaxConcurrentMigrations` and `MaxConcurrentIncrementalSyncs`
//! (text), and `_UserName` and `_Secret`, the credential; the secret is never rendered.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;
use uuid::Uuid;

use crate::sandbox::Object;
use crate::sandbox::Tx;
use crate::sandbox::directory;
use crate::sandbox::directory::SecretState;
use crate::sandbox::exchange::Answer;
use crate::sandbox::exchange::Call;
use crate::sandbox::exchange::Cmdlet;
use crate::sandbox::exchange::Output;
use crate::sandbox::exchange::Parameter::Credential;
use crate::sandbox::exchange::Parameter::Number;
use crate::sandbox::exchange::Parameter::Switch;
use crate::sandbox::exchange::Parameter::Text;
use crate::sandbox::exchange::Refusal;
use crate::sandbox::exchange::certificate;
use crate::sandbox::exchange::certificate::NoCertificate;
use crate::sandbox::exchange::lookup;
use crate::sandbox::exchange::refusal;
use crate::sandbox::exchange::table::Parameters;
use crate::sandbox::rule;
use crate::sandbox::rule::Rule;

/// The kind of an endpoint's row.
pub const KIND: &str = "endpoint";

/// All endpoints of a tenant, oldest first.
pub fn endpoints(tx: &Tx<'_>, tenant: &str) -> rusqlite::Result<Vec<Object>> {
    tx.list(tenant, KIND)
}

/// The endpoint with that name or GUID.
pub fn endpoint(tx: &Tx<'_>, tenant: &str, identity: &str) -> rusqlite::Result<Option<Object>> {
    let found = tx.find(tenant, "*", identity)?;
    Ok(found.into_iter().find(|object| object.kind == KIND))
}

/// The cmdlets of migration endpoints.
pub const CMDLETS: &[Cmdlet] = &[
    Cmdlet {
        name: "Get-MigrationEndpoint",
        parameters: &[
            ("Identity", Text),
            ("Type", Text),
            ("ConnectionSettings", Text),
            ("DiagnosticInfo", Switch),
        ],
        mandatory: &[],
        role: "View",
        run: get,
    },
    Cmdlet {
        name: "New-MigrationEndpoint",
        parameters: NEW,
        mandatory: &["Name"],
        role: "Migration",
        run: new,
    },
    Cmdlet {
        name: "Set-MigrationEndpoint",
        parameters: SET,
        mandatory: &["Identity"],
        role: "Migration",
        run: set,
    },
    Cmdlet {
        name: "Remove-MigrationEndpoint",
        parameters: &[("Identity", Text)],
        mandatory: &["Identity"],
        role: "Migration",
        run: remove,
    },
];

const NEW: &Parameters = &[
    ("Name", Text),
    ("ExchangeRemoteMove", Switch),
    ("RemoteServer", Text),
    ("RemoteTenant", Text),
    ("ApplicationId", Text),
    ("Credentials", Credential),
    ("AppSecretKeyVaultUrl", Text),
    ("MaxConcurrentMigrations", Number),
    ("MaxConcurrentIncrementalSyncs", Number),
    ("SkipVerification", Switch),
    ("Partition", Text),
];

// The remote tenant is missing on purpose: it can't be changed later.
const SET: &Parameters = &[
    ("Identity", Text),
    ("RemoteServer", Text),
    ("ApplicationId", Text),
    ("Credentials", Credential),
    ("AppSecretKeyVaultUrl", Text),
    ("MaxConcurrentMigrations", Number),
    ("MaxConcurrentIncrementalSyncs", Number),
    ("SkipVerification", Switch),
    ("TestMailbox", Text),
];

/// The most concurrent migrations that all endpoints of a tenant may sum up to.
const MOST_MIGRATIONS: u64 = 300;
const DEFAULT_MIGRATIONS: &str = "100";
const DEFAULT_INCREMENTAL_SYNCS: &str = "20";

const REMOTE_SERVERS: &[&str] = &[
    "outlook.office.com",
    "outlook.office365.com",
    "outlook.office365.us",
    "outlook-dod.office365.us",
    "dod-outlook.office365.us",
];

fn render(row: &Object) -> Map<String, Value> {
    let name = row.text("Name");
    let held = |property: &str| match row.text(property) {
        "" => Value::Null,
        text => json!(text),
    };
    let shown = json!({
        "Identity": name,
        "Name": name,
        "Guid": row.text("Guid"),
        "EndpointType": "ExchangeRemoteMove",
        "MaxConcurrentMigrations": row.text("MaxConcurrentMigrations"),
        "MaxConcurrentIncrementalSyncs": row.text("MaxConcurrentIncrementalSyncs"),
        "ActiveMigrationCount": 0,
        "ActiveIncrementalSyncCount": 0,
        "RemoteServer": held("RemoteServer"),
        "RemoteTenant": held("RemoteTenant"),
        "ApplicationId": held("ApplicationId"),
        "AppSecretKeyVaultUrl": held("AppSecretKeyVaultUrl"),
        "Username": held("_UserName"),
        "Port": null,
        "Authentication": "Basic",
        "Security": null,
        "RpcProxyServer": null,
        "ExchangeServer": null,
        "NspiServer": null,
        "UseAutoDiscover": false,
        "MailboxPermission": null,
        "AcceptUntrustedCertificates": false,
        "SourceMailboxLegacyDN": null,
        "PublicFolderDatabaseServerLegacyDN": null,
        "IsRemote": true,
        "DiagnosticInfo": "",
        "IsValid": true,
        "ObjectState": "Unchanged",
    });
    shown.as_object().cloned().unwrap_or_default()
}

fn store(tx: &Tx<'_>, row: &Object) -> rusqlite::Result<()> {
    tx.put(
        row,
        [("endpoint", row.text("Name").to_owned()), ("endpoint", row.text("Guid").to_owned())],
    )
}

fn one(call: &Call<'_>) -> Result<Object, Refusal> {
    let identity = call.text("Identity").ok_or_else(|| refusal::missing("Identity"))?;
    endpoint(call.tx, call.tenant, identity)?.ok_or_else(|| unknown(identity))
}

/// The 404 of an endpoint's name that is not there, for every cmdlet that takes one.
pub fn unknown(identity: &str) -> Refusal {
    Refusal {
        text: rule::NO_ENDPOINT.text(&[identity]),
        ..Refusal::not_found(identity)
    }
}

fn get(call: &Call<'_>) -> Answer {
    let mut rows = match call.text("Identity") {
        Some(_) => vec![one(call)?],
        None => endpoints(call.tx, call.tenant)?,
    };
    rows.retain(|row| {
        call.text("Type")
            .is_none_or(|kind| kind.eq_ignore_ascii_case(row.text("EndpointType")))
    });
    Ok(Output {
        value: rows.iter().map(render).collect(),
        warnings: Vec::new(),
    })
}

fn new(call: &Call<'_>) -> Answer {
    let name = call.text("Name").ok_or_else(|| refusal::missing("Name"))?;
    if !call.is_on("ExchangeRemoteMove") {
        return Err(refusal::parameter_set("ExchangeRemoteMove"));
    }
    if call.text("RemoteServer").is_none() {
        return Err(refusal::missing("RemoteServer"));
    }
    if endpoint(call.tx, call.tenant, name)?.is_some() {
        return Err(permanent(format!("A migration endpoint with the name '{name}' already exists.")));
    }
    let mut row = Object::new(call.tenant, KIND, Map::new());
    row.set("Name", name);
    row.set("Guid", Uuid::new_v4().to_string());
    row.set("EndpointType", "ExchangeRemoteMove");
    row.set("MaxConcurrentMigrations", DEFAULT_MIGRATIONS);
    row.set("MaxConcurrentIncrementalSyncs", DEFAULT_INCREMENTAL_SYNCS);
    lookup::assign(call, &mut row, &["RemoteTenant"]);
    assign(call, &mut row)?;
    if !call.is_on("SkipVerification") {
        verify(call.tx, &row)?;
    }
    store(call.tx, &row)?;
    Ok(Output::one(render(&row)))
}

fn set(call: &Call<'_>) -> Answer {
    let before = one(call)?;
    let mut row = before.clone();
    assign(call, &mut row)?;
    let is_connection_given = [
        "RemoteServer",
        "ApplicationId",
        "Credentials",
        "AppSecretKeyVaultUrl",
        "TestMailbox",
    ];
    if is_connection_given.iter().any(|name| call.get(name).is_some()) && !call.is_on("SkipVerification") {
        verify(call.tx, &row)?;
    }
    if row.body == before.body {
        return Ok(lookup::unmodified(before.text("Name")));
    }
    store(call.tx, &row)?;
    Ok(Output::default())
}

fn remove(call: &Call<'_>) -> Answer {
    let row = one(call)?;
    let batches = call.tx.list(call.tenant, "migration-batch")?;
    if let Some(batch) = batches
        .iter()
        .find(|batch| batch.text("SourceEndpoint").eq_ignore_ascii_case(row.text("Name")))
    {
        return Err(permanent(format!(
            "The migration endpoint '{}' can't be removed because the migration batch '{}' uses it.",
            row.text("Name"),
            batch.text("Identity")
        )));
    }
    call.tx.delete(&row.id)?;
    Ok(Output::default())
}

fn assign(call: &Call<'_>, row: &mut Object) -> Result<(), Refusal> {
    if call.get("Credentials").is_some() && call.get("AppSecretKeyVaultUrl").is_some() {
        return Err(refusal::parameter_set("Credentials, AppSecretKeyVaultUrl"));
    }
    lookup::assign(call, row, &["RemoteServer", "ApplicationId", "AppSecretKeyVaultUrl"]);
    // An endpoint has one secret: the one of either kind takes the place of the other.
    if call.text("AppSecretKeyVaultUrl").is_some() {
        row.body.shift_remove("_UserName");
        row.body.shift_remove("_Secret");
    }
    if let Some(Value::Object(credential)) = call.get("Credentials") {
        row.set("_UserName", credential.get("UserName").cloned().unwrap_or_default());
        row.set("_Secret", credential.get("Password").cloned().unwrap_or_default());
        row.body.shift_remove("AppSecretKeyVaultUrl");
    }
    for property in ["MaxConcurrentMigrations", "MaxConcurrentIncrementalSyncs"] {
        match call.get(property) {
            Some(Value::Number(number)) => row.set(property, number.to_string()),
            Some(Value::String(text)) => row.set(property, text.as_str()),
            _ => {}
        }
    }
    check_concurrency(call, row)
}

fn limit(row: &Object, property: &str) -> u64 {
    row.text(property).parse().unwrap_or(i32::MAX as u64)
}

fn check_concurrency(call: &Call<'_>, row: &Object) -> Result<(), Refusal> {
    if limit(row, "MaxConcurrentIncrementalSyncs") > limit(row, "MaxConcurrentMigrations") {
        // Only what was asked for is refused: a small endpoint made without the other value just gets less of it.
        if call.get("MaxConcurrentIncrementalSyncs").is_some() {
            return Err(permanent(
                "MaxConcurrentIncrementalSyncs must not be greater than MaxConcurrentMigrations.",
            ));
        }
    }
    let others = endpoints(call.tx, call.tenant)?;
    let others = others
        .iter()
        .filter(|other| other.id != row.id)
        .map(|other| limit(other, "MaxConcurrentMigrations"));
    let sum = others.sum::<u64>() + limit(row, "MaxConcurrentMigrations");
    match sum > MOST_MIGRATIONS {
        false => Ok(()),
        true => {
            let (sum, most) = (sum.to_string(), MOST_MIGRATIONS.to_string());
            Err(Refusal::by(&rule::TOO_MANY_MIGRATIONS, &[&sum, &most]))
        }
    }
}

/// Asks the remote tenant for a token as the endpoint's application: server, tenant, vault, consent and secret, in this order.
/// What the organization relationships say is not looked at; that is found by a test or by a migration.
pub fn verify(tx: &Tx<'_>, endpoint: &Object) -> Result<(), Refusal> {
    let server = endpoint.text("RemoteServer");
    if !REMOTE_SERVERS.iter().any(|known| known.eq_ignore_ascii_case(server)) {
        return Err(Refusal::by(&rule::UNREACHABLE, &[]));
    }
    let remote = endpoint.text("RemoteTenant");
    if remote.is_empty() {
        return Err(refusal::missing("RemoteTenant"));
    }
    let Some(source) = directory::tenant(tx, remote) else {
        return Err(connection_failed(server, &rule::NO_TENANT, &[remote]));
    };
    if source.tenant == endpoint.tenant {
        return Err(Refusal::by(&rule::SAME_TENANT, &[]));
    }
    let secret = endpoint.text("_Secret");
    if secret.is_empty() {
        return verify_vault(tx, endpoint);
    }
    verify_application(tx, endpoint, &source, secret)
}

/// The source's consent is not looked at: the first scripts made the endpoint before the source had been asked.
fn verify_vault(tx: &Tx<'_>, endpoint: &Object) -> Result<(), Refusal> {
    match certificate::read(tx, endpoint) {
        Ok(()) => Ok(()),
        Err(NoCertificate::Store(cause)) => Err(cause.into()),
        Err(NoCertificate::Because { text, reason }) => {
            let text = reason.map_or_else(|| text.clone(), |reason| format!("{text} --> {reason}"));
            Err(Refusal::new(rule::NO_CERTIFICATE.exception, text))
        }
    }
}

fn verify_application(tx: &Tx<'_>, endpoint: &Object, source: &Object, secret: &str) -> Result<(), Refusal> {
    let server = endpoint.text("RemoteServer");
    let app_id = match endpoint.text("ApplicationId") {
        "" => endpoint.text("_UserName"),
        app_id => app_id,
    };
    let remote = endpoint.text("RemoteTenant");
    if !endpoint.text("_UserName").eq_ignore_ascii_case(app_id) {
        let text = format!(
            "{} --> the user name of the credentials is not the application '{app_id}'.",
            rule::CONNECTION_FAILED.text(&[server])
        );
        return Err(Refusal::new(rule::CONNECTION_FAILED.exception, text));
    }
    let application = directory::known_application(tx, app_id);
    if application.is_none() || directory::known_principal(tx, &source.tenant, app_id).is_none() {
        return Err(connection_failed(server, &rule::NOT_INSTALLED, &[app_id, remote]));
    }
    match directory::check_secret(tx, app_id, secret) {
        SecretState::Valid => {}
        SecretState::Expired => return Err(connection_failed(server, &rule::EXPIRED_SECRET, &[app_id])),
        SecretState::Wrong => return Err(connection_failed(server, &rule::WRONG_SECRET, &[app_id])),
    }
    match directory::has_app_role(tx, &source.tenant, app_id, "Mailbox.Migration") {
        true => Ok(()),
        false => Err(connection_failed(server, &rule::NOT_CONSENTED, &[remote, app_id])),
    }
}

/// What the source or its sign-in service answered, as it arrives through the endpoint.
fn connection_failed(server: &str, why: &Rule, things: &[&str]) -> Refusal {
    let outer = &rule::CONNECTION_FAILED;
    let text = format!("{} --> {}: {}", outer.text(&[server]), why.exception, why.text(things));
    Refusal::new(outer.exception, text)
}

fn permanent(text: impl Into<String>) -> Refusal {
    Refusal::new("Microsoft.Exchange.Data.Storage.Management.MigrationPermanentException", text)
}
