//! `ensure_...`: make it so, and say in `.outcome` whether anything had to change. And what can be learnt of the partner tenant.

use std::future::Future;
use std::sync::Mutex;

use rhai::Array;
use rhai::Dynamic;
use rhai::Engine;
use rhai::ImmutableString;
use rhai::Map;
use rhai::NativeCallContext;
use uuid::Uuid;

use super::describe;
use super::object::Object;
use super::secret::Secret;
use super::tenant::TenantHandle;
use crate::model::Arguments;
use crate::model::Record;
use crate::model::Trouble;
use crate::script::host::lock;
use crate::script::thrown::At;
use crate::script::thrown::Fallible;
use crate::script::thrown::invalid;
use crate::script::value::to_arguments;
use crate::script::value::to_record;
use crate::tenant::Ensured;

pub(super) fn register(engine: &mut Engine) {
    set_up(engine);
    recipients(engine);
    partner(engine);
}

fn done(
    tenant: &TenantHandle,
    ctx: &NativeCallContext,
    noun: &'static str,
    work: impl Future<Output = Result<Ensured, Trouble>>,
) -> Fallible<Object> {
    let ensured = tenant.host.wait(ctx, work)?;
    for note in &ensured.notes {
        tenant.host.console.note(note);
    }
    let object = tenant.object(ensured.record, noun, ensured.outcome.as_str());
    Ok(object.with_secret(ensured.secret).with_notes(ensured.notes))
}

fn set_up(engine: &mut Engine) {
    describe(
        "ensure_customization",
        &["tenant: Tenant", "Object"],
        "Makes sure that the organization can be customized, and waits for it up to an hour.",
    )
    .register_into_engine(engine, |ctx: NativeCallContext, tenant: TenantHandle| {
        let host = &tenant.host;
        let shown = Mutex::new(None);
        let progress = |text: &str| {
            lock(&shown).get_or_insert_with(|| host.begin_to_wait("waiting for the organization"));
            host.say(text);
        };
        done(
            &tenant,
            &ctx,
            "organization",
            tenant.tenant.ensure_customization(&host.gate, &progress),
        )
    });
    describe(
        "ensure_application",
        &["tenant: Tenant", "arguments: map", "Object"],
        "Makes sure of the multi-tenant migration application: displayName, appId, requires (names of application permissions).",
    )
    .register_into_engine(engine, |ctx: NativeCallContext, tenant: TenantHandle, arguments: Map| {
        let arguments = given(&ctx, &arguments)?;
        done(
            &tenant,
            &ctx,
            "application",
            tenant.tenant.ensure_application(&tenant.host.gate, arguments),
        )
    });
    describe(
        "ensure_consent",
        &["tenant: Tenant", "application: string", "roles: array", "Object"],
        "Makes sure that the application has these application permissions in this tenant.",
    )
    .register_into_engine(
        engine,
        |ctx: NativeCallContext, tenant: TenantHandle, application: Dynamic, roles: Array| {
            let application = tenant.identity(&application, "appId", "ensure_consent").at(&ctx)?;
            let roles: Vec<String> = roles.iter().map(ToString::to_string).collect();
            let roles: Vec<&str> = roles.iter().map(String::as_str).collect();
            done(
                &tenant,
                &ctx,
                "service principal",
                tenant.tenant.ensure_consent(&tenant.host.gate, &application, &roles),
            )
        },
    );
    describe(
        "ensure_service_principal",
        &["tenant: Tenant", "application: string", "Object"],
        "Makes sure that an application, also one of another tenant, has a service principal here; this grants nothing.",
    )
    .register_into_engine(engine, |ctx: NativeCallContext, tenant: TenantHandle, application: Dynamic| {
        let application = tenant.identity(&application, "appId", "ensure_service_principal").at(&ctx)?;
        let work = tenant.tenant.ensure_service_principal(&tenant.host.gate, &application);
        done(&tenant, &ctx, "service principal", work)
    });
    describe("ensure_organization_relationship", &["tenant: Tenant", "partner_id: string", "arguments: map", "Object"], "Makes sure of the organization relationship with a partner tenant; capabilities and scopes are united. `partner_domains` are looked for in other relationships and reported.")
        .register_into_engine(engine, |ctx: NativeCallContext, tenant: TenantHandle, partner: ImmutableString, arguments: Map| {
            let partner = Uuid::parse_str(&partner).map_err(|_| invalid(format!("`{partner}` is no tenant id"))).at(&ctx)?;
            let arguments = given(&ctx, &arguments)?;
            let work = tenant.tenant.ensure_organization_relationship(&tenant.host.gate, partner, arguments);
            done(&tenant, &ctx, "organization relationship", work)
        });
    describe(
        "ensure_migration_endpoint",
        &["tenant: Tenant", "name: string", "arguments: map", "Object"],
        "Makes sure of a migration endpoint: RemoteTenant, RemoteServer, ApplicationId, Credentials, MaxConcurrentMigrations.",
    )
    .register_into_engine(
        engine,
        |ctx: NativeCallContext, tenant: TenantHandle, name: ImmutableString, arguments: Map| {
            let arguments = given(&ctx, &arguments)?;
            let work = tenant.tenant.ensure_migration_endpoint(&tenant.host.gate, &name, arguments);
            done(&tenant, &ctx, "migration endpoint", work)
        },
    );
}

fn recipients(engine: &mut Engine) {
    describe(
        "ensure_group",
        &["tenant: Tenant", "name: string", "arguments: map", "Object"],
        "Makes sure of a mail-enabled security group.",
    )
    .register_into_engine(
        engine,
        |ctx: NativeCallContext, tenant: TenantHandle, name: ImmutableString, arguments: Map| {
            let arguments = given(&ctx, &arguments)?;
            done(
                &tenant,
                &ctx,
                "group",
                tenant.tenant.ensure_group(&tenant.host.gate, &name, arguments),
            )
        },
    );
    describe(
        "ensure_group",
        &["tenant: Tenant", "name: string", "Object"],
        "Makes sure of a mail-enabled security group.",
    )
    .register_into_engine(engine, |ctx: NativeCallContext, tenant: TenantHandle, name: ImmutableString| {
        done(
            &tenant,
            &ctx,
            "group",
            tenant.tenant.ensure_group(&tenant.host.gate, &name, Arguments::new()),
        )
    });
    describe(
        "ensure_group_member",
        &["tenant: Tenant", "group: string", "member: string", "Object"],
        "Makes sure that a recipient is a direct member of a group.",
    )
    .register_into_engine(
        engine,
        |ctx: NativeCallContext, tenant: TenantHandle, group: Dynamic, member: Dynamic| {
            let group = tenant.identity(&group, "Identity", "ensure_group_member").at(&ctx)?;
            let member = tenant.identity(&member, "Identity", "ensure_group_member").at(&ctx)?;
            done(
                &tenant,
                &ctx,
                "recipient",
                tenant.tenant.ensure_group_member(&tenant.host.gate, &group, &member),
            )
        },
    );
    describe(
        "ensure_mailuser",
        &["tenant: Tenant", "upn: string", "arguments: map", "Object"],
        "Makes sure of a MailUser with these properties: those of New-MailUser and Set-MailUser in one map.",
    )
    .register_into_engine(
        engine,
        |ctx: NativeCallContext, tenant: TenantHandle, upn: Dynamic, arguments: Map| {
            let upn = tenant.identity(&upn, "UserPrincipalName", "ensure_mailuser").at(&ctx)?;
            let arguments = given(&ctx, &arguments)?;
            done(
                &tenant,
                &ctx,
                "MailUser",
                tenant.tenant.ensure_mailuser(&tenant.host.gate, &upn, arguments),
            )
        },
    );
    const LICENCE: &str = "Makes sure that a user has a licence, by part number or id; `disabledPlans` and `usageLocation` are optional.";
    describe(
        "ensure_licence",
        &["tenant: Tenant", "user: string", "sku: string", "arguments: map", "Object"],
        LICENCE,
    )
    .register_into_engine(
        engine,
        |ctx: NativeCallContext, tenant: TenantHandle, user: Dynamic, sku: ImmutableString, arguments: Map| {
            licence(&ctx, &tenant, &user, &sku, &arguments)
        },
    );
    describe(
        "ensure_licence",
        &["tenant: Tenant", "user: string", "sku: string", "Object"],
        LICENCE,
    )
    .register_into_engine(
        engine,
        |ctx: NativeCallContext, tenant: TenantHandle, user: Dynamic, sku: ImmutableString| {
            licence(&ctx, &tenant, &user, &sku, &Map::new())
        },
    );
}

fn licence(ctx: &NativeCallContext, tenant: &TenantHandle, user: &Dynamic, sku: &str, arguments: &Map) -> Fallible<Object> {
    let user = tenant.identity(user, "id", "ensure_licence").at(ctx)?;
    let arguments = given(ctx, arguments)?;
    done(
        tenant,
        ctx,
        "Entra user",
        tenant.tenant.ensure_licence(&tenant.host.gate, &user, sku, arguments),
    )
}

fn partner(engine: &mut Engine) {
    const CONSENT: &str =
        "Whether a partner tenant has consented to the application, seen from here: `state` is consented, not_consented or principal_only.";
    describe(
        "application_consent",
        &["tenant: Tenant", "application: string", "partner: string", "Object"],
        CONSENT,
    )
    .register_into_engine(
        engine,
        |ctx: NativeCallContext, tenant: TenantHandle, application: Dynamic, partner: Dynamic| {
            consent(&ctx, &tenant, &application, &partner, &Dynamic::UNIT)
        },
    );
    describe(
        "application_consent",
        &[
            "tenant: Tenant",
            "application: string",
            "partner: string",
            "secret: Secret",
            "Object",
        ],
        CONSENT,
    )
    .register_into_engine(
        engine,
        |ctx: NativeCallContext, tenant: TenantHandle, application: Dynamic, partner: Dynamic, secret: Dynamic| {
            consent(&ctx, &tenant, &application, &partner, &secret)
        },
    );
    describe(
        "consent_link",
        &["tenant: Tenant", "application: string", "partner: string", "string"],
        "The link by which an administrator of a partner tenant consents to the application.",
    )
    .register_into_engine(
        engine,
        |ctx: NativeCallContext, tenant: TenantHandle, application: Dynamic, partner: Dynamic| -> Fallible<String> {
            let application = tenant.identity(&application, "appId", "consent_link").at(&ctx)?;
            Ok(tenant.tenant.consent_link(&application, &partner_of(&partner)))
        },
    );
    describe(
        "find_tenant",
        &["tenant: Tenant", "domain_or_id: string", "Object"],
        "Any tenant by domain or id: tenantId, displayName, defaultDomainName.",
    )
    .register_into_engine(
        engine,
        |ctx: NativeCallContext, tenant: TenantHandle, wanted: ImmutableString| -> Fallible<Object> {
            let record = tenant.host.wait(&ctx, tenant.tenant.find_tenant(&wanted))?;
            Ok(tenant.object(record, "tenant", "read"))
        },
    );
    const TEST: &str = "The service's own test of a migration endpoint, with the address of a target MailUser of that user's move too; a failed test has `Result` Failed.";
    describe("test_migration_endpoint", &["tenant: Tenant", "endpoint: string", "Object"], TEST)
        .register_into_engine(engine, |ctx: NativeCallContext, tenant: TenantHandle, endpoint: Dynamic| {
            test(&ctx, &tenant, &endpoint, &Dynamic::UNIT)
        });
    describe(
        "test_migration_endpoint",
        &["tenant: Tenant", "endpoint: string", "mailbox: string", "Object"],
        TEST,
    )
    .register_into_engine(
        engine,
        |ctx: NativeCallContext, tenant: TenantHandle, endpoint: Dynamic, mailbox: Dynamic| test(&ctx, &tenant, &endpoint, &mailbox),
    );
    describe(
        "find_app_role_names",
        &["tenant: Tenant", "principal: Object", "array"],
        "The names of the application permissions that a service principal holds in this tenant, such as `Mailbox.Migration`.",
    )
    .register_into_engine(
        engine,
        |ctx: NativeCallContext, tenant: TenantHandle, principal: Dynamic| -> Fallible<Array> {
            let principal = tenant.identity(&principal, "id", "find_app_role_names").at(&ctx)?;
            let names = tenant.host.wait(&ctx, tenant.tenant.find_app_role_names(&principal))?;
            Ok(names.into_iter().map(Dynamic::from).collect())
        },
    );
    describe(
        "find_requested_role_names",
        &["tenant: Tenant", "application: Object", "array"],
        "The names of the permissions that an application asks for, such as `Mailbox.Migration`.",
    )
    .register_into_engine(
        engine,
        |ctx: NativeCallContext, tenant: TenantHandle, application: Dynamic| -> Fallible<Array> {
            let application = to_record(&application).at(&ctx)?;
            let names = tenant.host.wait(&ctx, tenant.tenant.find_requested_role_names(&application))?;
            Ok(names.into_iter().map(Dynamic::from).collect())
        },
    );
}

fn consent(ctx: &NativeCallContext, tenant: &TenantHandle, application: &Dynamic, partner: &Dynamic, secret: &Dynamic) -> Fallible<Object> {
    let application = tenant.identity(application, "appId", "application_consent").at(ctx)?;
    let secret = secret.read_lock::<Secret>().map(|secret| secret.0.clone());
    let partner = partner_of(partner);
    let work = tenant.tenant.application_consent(&application, &partner, secret.as_ref());
    let consent = tenant.host.wait(ctx, work)?;
    let record = Record::default()
        .with("state", consent.state.as_str().replace(' ', "_"))
        .with("detail", consent.detail);
    Ok(tenant.object(record, "consent", "read"))
}

fn test(ctx: &NativeCallContext, tenant: &TenantHandle, endpoint: &Dynamic, mailbox: &Dynamic) -> Fallible<Object> {
    let endpoint = tenant.identity(endpoint, "Identity", "test_migration_endpoint").at(ctx)?;
    let mailbox = match mailbox.is_unit() {
        true => None,
        false => Some(tenant.identity(mailbox, "PrimarySmtpAddress", "test_migration_endpoint").at(ctx)?),
    };
    let record = tenant
        .host
        .wait(ctx, tenant.tenant.test_migration_endpoint(&endpoint, mailbox.as_deref()))?;
    Ok(tenant.object(record, "endpoint test", "read"))
}

fn given(ctx: &NativeCallContext, arguments: &Map) -> Fallible<Arguments> {
    to_arguments(None, arguments).at(ctx)
}

/// A partner is a domain, an id, or another tenant that is signed in.
fn partner_of(partner: &Dynamic) -> String {
    match partner.read_lock::<TenantHandle>() {
        Some(tenant) => tenant.tag().domain.clone(),
        None => partner.to_string(),
    }
}
