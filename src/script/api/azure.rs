//! What scripts ask of Azure beyond plain readings: names, secrets, the audit log, and the tenant as another application sees it.

use jiff::Timestamp;
use rhai::Dynamic;
use rhai::Engine;
use rhai::FuncRegistration;
use rhai::ImmutableString;
use rhai::Map;
use rhai::NativeCallContext;

use super::call::Call;
use super::call::function;
use super::object::Object;
use super::secret::Secret;
use super::stream::Stream;
use super::tenant::TenantHandle;
use super::time::Time;
use crate::model::Trouble;
use crate::model::moment;
use crate::script::thrown::At;
use crate::script::thrown::Fallible;
use crate::script::thrown::invalid;

pub(super) fn register(engine: &mut Engine) {
    names(engine);
    secrets(engine);
    audit(engine);
    FuncRegistration::new_getter("caller")
        .with_params_info(["tenant: Tenant", "map"])
        .with_comments(["/// The application that is signed in: `app_id`, and `object_id`, by which this tenant knows it."])
        .register_into_engine(engine, |ctx: NativeCallContext, tenant: &mut TenantHandle| -> Fallible<Map> {
            let caller = tenant.host.wait(&ctx, tenant.tenant.caller())?;
            Ok(Map::from([
                ("app_id".into(), caller.app_id.into()),
                ("object_id".into(), caller.object_id.into()),
            ]))
        });
}

fn names(engine: &mut Engine) {
    function!(
        engine,
        "check_vault_name",
        ["subscription: string", "name: string", "Object"],
        "Whether a key vault could be called so: `nameAvailable`, and if not `reason`, `message` and `remedy`.",
        "name",
        |call, subscription: Dynamic, name: ImmutableString| -> Object {
            let subscription = call.identity(&subscription, "id")?;
            Ok(call.found(call.read(call.tenant().check_vault_name(&subscription, &name))?))
        }
    );
    function!(
        engine,
        "check_storage_account_name",
        ["subscription: string", "name: string", "Object"],
        "Whether a storage account could be called so: `nameAvailable`, and if not `reason`, `message` and `remedy`.",
        "name",
        |call, subscription: Dynamic, name: ImmutableString| -> Object {
            let subscription = call.identity(&subscription, "id")?;
            Ok(call.found(call.read(call.tenant().check_storage_account_name(&subscription, &name))?))
        }
    );
}

fn secrets(engine: &mut Engine) {
    function!(
        engine,
        "get_vault_secret",
        ["url: string", "Object"],
        "Reads a secret of a vault by its URL; `.secret` holds it. A certificate gives the secret behind it, its private key included.",
        "vault secret",
        |call, secret: Dynamic| -> Object {
            let url = call.identity(&secret, "id")?;
            let (record, secret) = call.read(call.tenant().vault_secret(&url))?;
            Ok(call.found(record).with_secret(Some(secret)))
        }
    );
    function!(
        engine,
        "as_application",
        ["application: string", "secret: Secret", "Tenant"],
        "This tenant, signed in as an application by its certificate: what `get_vault_secret` gave, or its `.secret`. It is the same \
         tenant to WRITES, and under what-if signed in as before.",
        "tenant",
        |call, application: Dynamic, secret: Dynamic| -> TenantHandle {
            let application = call.identity(&application, "appId")?;
            let secret = match (secret.read_lock::<Secret>(), secret.read_lock::<Object>()) {
                (Some(secret), _) => Some(secret.0.clone()),
                (_, Some(object)) => object.secret().cloned(),
                _ => None,
            };
            let wrong = || invalid("`as_application` takes the secret behind a certificate, as `get_vault_secret` gives");
            let secret = secret.ok_or_else(wrong).at(call.ctx)?;
            let wait = call.waiting("waiting for the sign-in of the application");
            let told = |text: &str| wait.say(text);
            let tenant = call.read(call.tenant().as_application(call.gate(), &application, &secret, &told))?;
            Ok(TenantHandle::new(tenant, call.handle.host.clone()))
        }
    );
}

fn audit(engine: &mut Engine) {
    const EVENTS: &str = "Who did what to the key vaults that log into a storage account, oldest first: `time`, `operation`, `caller`, \
                          `result`, `uri`, `vault`; `vault` and `since` select. Needs the role Storage Blob Data Reader.";
    function!(
        engine,
        "find_audit_events",
        ["storage_account: string", "Stream"],
        EVENTS,
        "audit event",
        |call, account: Dynamic| -> Stream { events(&call, &account, &Map::new()) }
    );
    function!(
        engine,
        "find_audit_events",
        ["storage_account: string", "options: map", "Stream"],
        EVENTS,
        "audit event",
        |call, account: Dynamic, options: Map| -> Stream { events(&call, &account, &options) }
    );
}

fn events(call: &Call, account: &Dynamic, options: &Map) -> Fallible<Stream> {
    if let Some(unknown) = options.keys().find(|name| !["vault", "since"].contains(&name.as_str())) {
        return Err(invalid(format!(
            "`find_audit_events` has no option `{unknown}`; it has vault, since"
        )))
        .at(call.ctx);
    }
    let given = |name: &str| options.get(name).filter(|value| !value.is_unit());
    let account = call.identity(account, "id")?;
    let vault = given("vault").map(|vault| call.identity(vault, "id")).transpose()?;
    let since = given("since").map(time).transpose().at(call.ctx)?;
    let (handle, noun, position) = (call.handle.clone(), call.noun, call.ctx.call_position());
    Ok(Stream::of_pages(move || {
        let handle = handle.clone();
        let mut log = handle.tenant.find_audit_events(&account, vault.as_deref(), since);
        move || {
            let page = handle.host.wait_at(position, log.next_page())?;
            let object = |event| Dynamic::from(handle.object(event, noun, "read"));
            Ok(page.map(|events| events.into_iter().map(object).collect()))
        }
    }))
}

fn time(value: &Dynamic) -> Result<Timestamp, Trouble> {
    let time = value.read_lock::<Time>().map(|time| time.0);
    time.or_else(|| moment(&value.to_string()))
        .ok_or_else(|| invalid(format!("`{value}` is no time; write it as `2026-03-01T18:00:00Z`")))
}
