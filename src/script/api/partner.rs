//! What can be learnt of the partner tenant from this side, and of the way there.

use rhai::Array;
use rhai::Dynamic;
use rhai::Engine;
use rhai::ImmutableString;

use super::call::Call;
use super::call::function;
use super::object::Object;
use super::secret::Secret;
use super::tenant::TenantHandle;
use crate::model::Record;
use crate::script::thrown::At;
use crate::script::thrown::Fallible;
use crate::script::value::to_record;

pub(super) fn register(engine: &mut Engine) {
    partner(engine);
    endpoint_tests(engine);
}

fn partner(engine: &mut Engine) {
    const CONSENT: &str =
        "Whether a partner tenant has consented to the application, seen from here: `state` is consented, not_consented or principal_only.";
    function!(
        engine,
        "application_consent",
        ["application: string", "partner: string", "Object"],
        CONSENT,
        "consent",
        |call, application: Dynamic, partner: Dynamic| -> Object { consent(&call, &application, &partner, &Dynamic::UNIT) }
    );
    function!(
        engine,
        "application_consent",
        ["application: string", "partner: string", "secret: Secret", "Object"],
        CONSENT,
        "consent",
        |call, application: Dynamic, partner: Dynamic, secret: Dynamic| -> Object { consent(&call, &application, &partner, &secret) }
    );
    function!(
        engine,
        "consent_link",
        ["application: string", "partner: string", "string"],
        "The link by which an administrator of a partner tenant consents to the application.",
        "link",
        |call, application: Dynamic, partner: Dynamic| -> String {
            let application = call.identity(&application, "appId")?;
            Ok(call.tenant().consent_link(&application, &partner_of(&partner)))
        }
    );
    function!(
        engine,
        "find_tenant",
        ["domain_or_id: string", "Object"],
        "Any tenant by domain or id: tenantId, displayName, defaultDomainName.",
        "tenant",
        |call, wanted: ImmutableString| -> Object { Ok(call.found(call.read(call.tenant().find_tenant(&wanted))?)) }
    );
    function!(
        engine,
        "find_app_role_names",
        ["principal: Object", "array"],
        "The names of the application permissions that a service principal holds in this tenant, such as `Mailbox.Migration`.",
        "permission",
        |call, principal: Dynamic| -> Array {
            let principal = call.identity(&principal, "id")?;
            let names = call.read(call.tenant().find_app_role_names(&principal))?;
            Ok(names.into_iter().map(Dynamic::from).collect())
        }
    );
    function!(
        engine,
        "find_requested_role_names",
        ["application: Object", "array"],
        "The names of the permissions that an application asks for, such as `Mailbox.Migration`.",
        "permission",
        |call, application: Dynamic| -> Array {
            let application = to_record(&application).at(call.ctx)?;
            let names = call.read(call.tenant().find_requested_role_names(&application))?;
            Ok(names.into_iter().map(Dynamic::from).collect())
        }
    );
}

fn endpoint_tests(engine: &mut Engine) {
    const TEST: &str = "The service's own test of a migration endpoint, with the address of a target MailUser of that user's move \
                        too; a failed test has `Result` Failed.";
    function!(
        engine,
        "test_migration_endpoint",
        ["endpoint: string", "Object"],
        TEST,
        "endpoint test",
        |call, endpoint: Dynamic| -> Object {
            let endpoint = call.identity(&endpoint, "Identity")?;
            Ok(call.found(call.read(call.tenant().test_migration_endpoint(&endpoint, None))?))
        }
    );
    function!(
        engine,
        "test_migration_endpoint",
        ["endpoint: string", "mailbox: string", "Object"],
        TEST,
        "endpoint test",
        |call, endpoint: Dynamic, mailbox: Dynamic| -> Object {
            let endpoint = call.identity(&endpoint, "Identity")?;
            let mailbox = match mailbox.is_unit() {
                true => None,
                false => Some(call.identity(&mailbox, "PrimarySmtpAddress")?),
            };
            let test = call.tenant().test_migration_endpoint(&endpoint, mailbox.as_deref());
            Ok(call.found(call.read(test)?))
        }
    );
}

fn consent(call: &Call, application: &Dynamic, partner: &Dynamic, secret: &Dynamic) -> Fallible<Object> {
    let application = call.identity(application, "appId")?;
    let secret = secret.read_lock::<Secret>().map(|secret| secret.0.clone());
    let partner = partner_of(partner);
    let consent = call.read(call.tenant().application_consent(&application, &partner, secret.as_ref()))?;
    let record = Record::default()
        .with("state", consent.state.as_str())
        .with("detail", consent.detail);
    Ok(call.found(record))
}

/// A partner is a domain, an id, or another tenant that is signed in.
fn partner_of(partner: &Dynamic) -> String {
    match partner.read_lock::<TenantHandle>() {
        Some(tenant) => tenant.tag().domain.clone(),
        None => partner.to_string(),
    }
}
