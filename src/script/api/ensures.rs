//! `ensure_...`: make it so, and say in `.outcome` whether anything had to change.

use rhai::Array;
use rhai::Dynamic;
use rhai::Engine;
use rhai::ImmutableString;
use rhai::Map;
use uuid::Uuid;

use super::call::function;
use super::object::Object;
use crate::model::Arguments;
use crate::script::thrown::At;
use crate::script::thrown::invalid;

pub(super) fn register(engine: &mut Engine) {
    set_up(engine);
    recipients(engine);
}

fn set_up(engine: &mut Engine) {
    function!(
        engine,
        "ensure_customization",
        ["Object"],
        "Makes sure that the organization can be customized, and waits for it up to an hour.",
        "organization",
        |call| -> Object {
            let wait = call.waiting("waiting for the organization");
            let told = |text: &str| wait.say(text);
            call.ensured(call.tenant().ensure_customization(call.gate(), &told))
        }
    );
    function!(
        engine,
        "ensure_application",
        ["arguments: map", "Object"],
        "Makes sure of the multi-tenant migration application: displayName, appId, requires (names of application permissions).",
        "application",
        |call, arguments: Map| -> Object {
            let arguments = call.arguments(&arguments)?;
            call.ensured(call.tenant().ensure_application(call.gate(), arguments))
        }
    );
    function!(
        engine,
        "ensure_consent",
        ["application: string", "roles: array", "Object"],
        "Makes sure that the application has these application permissions in this tenant.",
        "service principal",
        |call, application: Dynamic, roles: Array| -> Object {
            let application = call.identity(&application, "appId")?;
            let roles: Vec<String> = roles.iter().map(ToString::to_string).collect();
            let roles: Vec<&str> = roles.iter().map(String::as_str).collect();
            call.ensured(call.tenant().ensure_consent(call.gate(), &application, &roles))
        }
    );
    function!(
        engine,
        "ensure_service_principal",
        ["application: string", "Object"],
        "Makes sure that an application, also one of another tenant, has a service principal here; this grants nothing.",
        "service principal",
        |call, application: Dynamic| -> Object {
            let application = call.identity(&application, "appId")?;
            call.ensured(call.tenant().ensure_service_principal(call.gate(), &application))
        }
    );
    function!(
        engine,
        "ensure_organization_relationship",
        ["partner_id: string", "arguments: map", "Object"],
        "Makes sure of the organization relationship with a partner tenant; capabilities and scopes are united. \
         `partner_domains` are looked for in other relationships and reported.",
        "organization relationship",
        |call, partner: ImmutableString, arguments: Map| -> Object {
            let partner = Uuid::parse_str(&partner).map_err(|_| invalid(format!("`{partner}` is no tenant id")));
            let (partner, arguments) = (partner.at(call.ctx)?, call.arguments(&arguments)?);
            call.ensured(call.tenant().ensure_organization_relationship(call.gate(), partner, arguments))
        }
    );
    function!(
        engine,
        "ensure_migration_endpoint",
        ["name: string", "arguments: map", "Object"],
        "Makes sure of a migration endpoint: RemoteTenant, RemoteServer, ApplicationId, MaxConcurrentMigrations, and Credentials or \
         AppSecretKeyVaultUrl.",
        "migration endpoint",
        |call, name: ImmutableString, arguments: Map| -> Object {
            let arguments = call.arguments(&arguments)?;
            call.ensured(call.tenant().ensure_migration_endpoint(call.gate(), &name, arguments))
        }
    );
}

fn recipients(engine: &mut Engine) {
    const GROUP: &str = "Makes sure of a mail-enabled security group.";
    function!(
        engine,
        "ensure_group",
        ["name: string", "arguments: map", "Object"],
        GROUP,
        "group",
        |call, name: ImmutableString, arguments: Map| -> Object {
            let arguments = call.arguments(&arguments)?;
            call.ensured(call.tenant().ensure_group(call.gate(), &name, arguments))
        }
    );
    function!(
        engine,
        "ensure_group",
        ["name: string", "Object"],
        GROUP,
        "group",
        |call, name: ImmutableString| -> Object { call.ensured(call.tenant().ensure_group(call.gate(), &name, Arguments::new())) }
    );
    function!(
        engine,
        "ensure_group_member",
        ["group: string", "member: string", "Object"],
        "Makes sure that a recipient is a direct member of a group.",
        "recipient",
        |call, group: Dynamic, member: Dynamic| -> Object {
            let (group, member) = (call.identity(&group, "Identity")?, call.identity(&member, "Identity")?);
            call.ensured(call.tenant().ensure_group_member(call.gate(), &group, &member))
        }
    );
    function!(
        engine,
        "ensure_mailuser",
        ["upn: string", "arguments: map", "Object"],
        "Makes sure of a MailUser with these properties: those of New-MailUser and Set-MailUser in one map.",
        "MailUser",
        |call, upn: Dynamic, arguments: Map| -> Object {
            let (upn, arguments) = (call.identity(&upn, "UserPrincipalName")?, call.arguments(&arguments)?);
            call.ensured(call.tenant().ensure_mailuser(call.gate(), &upn, arguments))
        }
    );
    const LICENCE: &str = "Makes sure that a user has a licence, by part number or id; `disabledPlans` and `usageLocation` are optional.";
    function!(
        engine,
        "ensure_licence",
        ["user: string", "sku: string", "arguments: map", "Object"],
        LICENCE,
        "Entra user",
        |call, user: Dynamic, sku: ImmutableString, arguments: Map| -> Object {
            let (user, arguments) = (call.identity(&user, "id")?, call.arguments(&arguments)?);
            call.ensured(call.tenant().ensure_licence(call.gate(), &user, &sku, arguments))
        }
    );
    function!(
        engine,
        "ensure_licence",
        ["user: string", "sku: string", "Object"],
        LICENCE,
        "Entra user",
        |call, user: Dynamic, sku: ImmutableString| -> Object {
            let user = call.identity(&user, "id")?;
            call.ensured(call.tenant().ensure_licence(call.gate(), &user, &sku, Arguments::new()))
        }
    );
}
