//! Arguments that a call always carries, so that a script cannot leave them out.

use serde_json::json;

use crate::change::Descriptor;
use crate::model::Arguments;

/// `arguments` with what the service wants in every call of this kind.
pub(in crate::tenant) fn completed(descriptor: &Descriptor, arguments: Arguments) -> Arguments {
    let always = match descriptor.name {
        "clear_previous_mailbox_info" => vec![("PermanentlyClearPreviousMailboxInfo", json!(true))],
        // The switch chooses the parameter set; we make no other kind of endpoint.
        "new_migration_endpoint" => vec![("ExchangeRemoteMove", json!(true))],
        // Graph refuses the call when one of the arrays is missing, also when there is nothing in it.
        "set_licences" => vec![("addLicenses", json!([])), ("removeLicenses", json!([]))],
        // The application is often no owner of the group, and has no mailbox to be one.
        "add_group_member" | "remove_group_member" => vec![("BypassSecurityGroupManagerCheck", json!(true))],
        _ => Vec::new(),
    };
    let missing: Vec<_> = always.into_iter().filter(|(name, _)| arguments.get(name).is_none()).collect();
    missing
        .into_iter()
        .fold(arguments, |arguments, (name, value)| arguments.with(name, value))
}
