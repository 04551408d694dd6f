//! `ensure_...` for what lies in Azure.

use rhai::Dynamic;
use rhai::Engine;
use rhai::ImmutableString;
use rhai::Map;

use super::call::Call;
use super::call::function;
use super::object::Object;
use crate::model::Record;
use crate::script::thrown::Fallible;
use crate::tenant::reading;

pub(super) fn register(engine: &mut Engine) {
    resources(engine);
    vaults(engine);
    keys(engine);
}

fn resources(engine: &mut Engine) {
    function!(
        engine,
        "ensure_resource_provider",
        ["subscription: string", "namespace: string", "Object"],
        "Makes sure that a resource provider such as Microsoft.KeyVault is registered in a subscription, and waits for it.",
        "resource provider",
        |call, subscription: Dynamic, namespace: ImmutableString| -> Object {
            let subscription = call.identity(&subscription, "id")?;
            let wait = call.waiting(format!("waiting for {namespace}"));
            let told = |text: &str| wait.say(text);
            call.ensured(
                call.tenant()
                    .ensure_resource_provider(call.gate(), &subscription, &namespace, &told),
            )
        }
    );
    function!(
        engine,
        "ensure_resource_group",
        ["subscription: string", "name: string", "arguments: map", "Object"],
        "Makes sure of a resource group; a new one is made in `location`.",
        "resource group",
        |call, subscription: Dynamic, name: ImmutableString, arguments: Map| -> Object {
            let (subscription, arguments) = (call.identity(&subscription, "id")?, call.arguments(&arguments)?);
            call.ensured(call.tenant().ensure_resource_group(call.gate(), &subscription, &name, arguments))
        }
    );
    function!(
        engine,
        "ensure_storage_account",
        ["group: string", "name: string", "arguments: map", "Object"],
        "Makes sure of a storage account, wherever in the subscription it is; a new one is made in `group` with `location` and `sku`.",
        "storage account",
        |call, group: Dynamic, name: ImmutableString, arguments: Map| -> Object {
            let (group, arguments) = (call.identity(&group, "id")?, call.arguments(&arguments)?);
            let wait = call.waiting(format!("waiting for the storage account {name}"));
            let told = |text: &str| wait.say(text);
            call.ensured(call.tenant().ensure_storage_account(call.gate(), &group, &name, arguments, &told))
        }
    );
    function!(
        engine,
        "ensure_diagnostic_setting",
        ["vault: string", "storage_account: string", "Object"],
        "Makes sure that a key vault logs who read what (AuditEvent) into a storage account.",
        "diagnostic setting",
        |call, vault: Dynamic, account: Dynamic| -> Object {
            let (vault, account) = (call.identity(&vault, "id")?, call.identity(&account, "id")?);
            call.ensured(call.tenant().ensure_diagnostic_setting(call.gate(), &vault, &account))
        }
    );
}

fn vaults(engine: &mut Engine) {
    function!(
        engine,
        "ensure_vault",
        ["group: string", "name: string", "arguments: map", "Object"],
        "Makes sure of a key vault in which the signed-in application may work, wherever in the subscription it is; a new one is made \
         in `group` with `location` and is ruled by access policies.",
        "vault",
        |call, group: Dynamic, name: ImmutableString, arguments: Map| -> Object {
            let (group, arguments) = (call.identity(&group, "id")?, call.arguments(&arguments)?);
            let wait = call.waiting(format!("waiting for the vault {name}"));
            let told = |text: &str| wait.say(text);
            call.ensured(call.tenant().ensure_vault(call.gate(), &group, &name, arguments, &told))
        }
    );
    function!(
        engine,
        "ensure_vault_access",
        ["vault: string", "object_id: string", "arguments: map", "Object"],
        "Makes sure that a service principal may do this in a key vault: `#{ certificates: [...], secrets: [...] }`. What others may stays.",
        "vault",
        |call, vault: Dynamic, object_id: Dynamic, arguments: Map| -> Object {
            let (vault, object_id) = (call.identity(&vault, "id")?, call.identity(&object_id, "id")?);
            let arguments = call.arguments(&arguments)?;
            call.ensured(call.tenant().ensure_vault_access(call.gate(), &vault, &object_id, arguments))
        }
    );
    function!(
        engine,
        "ensure_role_assignment",
        ["scope: string", "object_id: string", "role: string", "Object"],
        "Makes sure that a service principal has an Azure role, such as `Storage Blob Data Reader`, at a subscription, group or resource.",
        "role assignment",
        |call, scope: Dynamic, object_id: Dynamic, role: ImmutableString| -> Object {
            let (scope, object_id) = (call.identity(&scope, "id")?, call.identity(&object_id, "id")?);
            call.ensured(call.tenant().ensure_role_assignment(call.gate(), &scope, &object_id, &role))
        }
    );
    function!(
        engine,
        "ensure_certificate",
        ["vault: string", "name: string", "arguments: map", "Object"],
        "Makes sure of a usable certificate in a key vault; a new one is self-signed for `subject` and `validity_months`, and waited for. \
         `url` is its address as endpoints record it, `not_before` and `expires` its times, `thumbprint` what applications know it by.",
        "certificate",
        |call, vault: Dynamic, name: ImmutableString, arguments: Map| -> Object {
            let (vault, arguments) = (call.identity(&vault, "id")?, call.arguments(&arguments)?);
            let wait = call.waiting(format!("waiting for the certificate {name}"));
            let told = |text: &str| wait.say(text);
            call.ensured(call.tenant().ensure_certificate(call.gate(), &vault, &name, arguments, &told))
        }
    );
}

fn keys(engine: &mut Engine) {
    function!(
        engine,
        "ensure_application_key",
        ["application: string", "certificate: Object", "Object"],
        "Makes sure that an application can sign in with a certificate of a key vault; other keys stay.",
        "application",
        |call, application: Dynamic, certificate: Dynamic| -> Object {
            let (application, certificate) = (call.identity(&application, "appId")?, bundle(&call, &certificate)?);
            call.ensured(call.tenant().ensure_application_key(call.gate(), &application, &certificate))
        }
    );
    function!(
        engine,
        "ensure_no_application_key",
        ["application: string", "certificate: Object", "Object"],
        "Makes sure that an application can no longer sign in with a certificate of a key vault; other keys stay.",
        "application",
        |call, application: Dynamic, certificate: Dynamic| -> Object {
            let (application, certificate) = (call.identity(&application, "appId")?, bundle(&call, &certificate)?);
            call.ensured(call.tenant().ensure_no_application_key(call.gate(), &application, &certificate))
        }
    );
}

/// A certificate that the script gave: as an object, or by its URL.
fn bundle(call: &Call, certificate: &Dynamic) -> Fallible<Record> {
    if !certificate.is_string() {
        return call.record(certificate);
    }
    let certificates = reading("get_certificate").expect("the table of readings has it");
    call.read(call.tenant().get(certificates, Some(&certificate.to_string())))
}
