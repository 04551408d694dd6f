//! Who may use an operation: the permission in the token, and for a person also what they are in the directory.
//!
//! The permissions are the published ones; which people may do what follows from the roles' descriptions and from the rights that
//! members and guests have by default.

use super::fault::Fault;
use crate::sandbox::Caller;
use crate::sandbox::Object;
use crate::sandbox::Tx;
use crate::sandbox::directory;
use crate::sandbox::ids;

/// Lets an application write what it owns, and nothing else.
const OWNED_ONLY: &str = "Application.ReadWrite.OwnedBy";
/// Lets a client do whatever the person may do in the directory.
const AS_USER: &str = "Directory.AccessAsUser.All";

/// What an operation asks of its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rights {
    /// The application permissions of which an application needs one; none when only people may call.
    pub application: &'static [&'static str],
    /// The delegated permissions of which a client needs one to call for a person.
    pub delegated: &'static [&'static str],
    /// Those that are enough for the person's own object.
    pub own: &'static [&'static str],
    /// Which people may, whatever their client was granted.
    pub people: People,
}

/// Which people may use an operation. A Global Administrator always may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum People {
    /// All, guests too.
    Everybody,
    /// Members; a guest only for what is their own.
    Members,
    /// Who holds one of these directory roles.
    Holders(&'static [&'static str]),
    /// Who holds one of these directory roles or owns the object.
    Owners(&'static [&'static str]),
}

/// The same permissions for applications and for clients of members.
pub const fn both(permissions: &'static [&'static str]) -> Rights {
    Rights {
        application: permissions,
        delegated: permissions,
        own: &[],
        people: People::Members,
    }
}

impl Rights {
    /// With other delegated permissions.
    pub const fn delegated(self, delegated: &'static [&'static str]) -> Self {
        Self { delegated, ..self }
    }

    /// With delegated permissions that are enough for the person's own object.
    pub const fn own(self, own: &'static [&'static str]) -> Self {
        Self { own, ..self }
    }

    /// For these people.
    pub const fn people(self, people: People) -> Self {
        Self { people, ..self }
    }

    /// Refuses a caller who may not. `key` is what stands at the first open place of the path.
    pub fn check(&self, tx: &Tx<'_>, caller: &Caller, method: &str, key: Option<&str>) -> Result<(), Fault> {
        match &caller.scopes {
            None => self.check_application(tx, caller, method, key),
            Some(scopes) => self.check_person(tx, caller, scopes, key),
        }
    }

    fn check_application(&self, tx: &Tx<'_>, caller: &Caller, method: &str, key: Option<&str>) -> Result<(), Fault> {
        if directory::service_principal_by_id(tx, &caller.tenant, &caller.object_id).is_none() {
            return Err(Fault::unknown_caller());
        }
        // What only people may ask says so itself.
        let mut held = self.application.iter().filter(|permission| caller.has_role(permission)).peekable();
        if self.application.is_empty() {
            return Ok(());
        }
        let is_narrow = held.peek().is_some() && held.all(|permission| *permission == OWNED_ONLY);
        let is_permitted = self.application.iter().any(|permission| caller.has_role(permission));
        // Reading is not narrowed by it.
        match is_permitted && (!is_narrow || method == "GET" || key.is_none_or(|key| owns(tx, caller, key))) {
            true => Ok(()),
            false => Err(Fault::denied()),
        }
    }

    fn check_person(&self, tx: &Tx<'_>, caller: &Caller, scopes: &[String], key: Option<&str>) -> Result<(), Fault> {
        let person = directory::user(tx, &caller.tenant, &caller.object_id).ok_or_else(Fault::unknown_caller)?;
        let is_granted = |wanted: &[&str]| wanted.iter().any(|name| scopes.iter().any(|held| held.eq_ignore_ascii_case(name)));
        let is_own = key.is_some_and(|key| is_named(&person, key));
        let is_permitted = is_granted(self.delegated) || is_granted(&[AS_USER]) || (is_own && is_granted(self.own));
        let is_entitled = match self.people {
            People::Everybody => true,
            People::Members => is_own || person.text("userType") != "Guest" || holds_any(caller),
            People::Holders(roles) => holds(caller, roles),
            People::Owners(roles) => holds(caller, roles) || key.is_some_and(|key| owns(tx, caller, key)),
        };
        match is_permitted && is_entitled {
            true => Ok(()),
            false => Err(Fault::denied()),
        }
    }
}

/// Whether the caller holds one of these directory roles or is Global Administrator.
pub fn holds(caller: &Caller, roles: &[&str]) -> bool {
    let is_held = |role: &&str| caller.directory_roles.iter().any(|held| held.eq_ignore_ascii_case(role));
    is_held(&ids::GLOBAL_ADMINISTRATOR) || roles.iter().any(is_held)
}

/// Whether the caller owns the application or service principal with that id or `appId=`. What does not exist is no matter of
/// ownership: the operation says so.
fn owns(tx: &Tx<'_>, caller: &Caller, key: &str) -> bool {
    let (form, value) = key.split_once('=').unwrap_or(("id", key));
    let mut found = tx.sound(tx.find(&caller.tenant, form, value));
    found.retain(|object| ["application", "servicePrincipal"].contains(&object.kind.as_str()));
    found.is_empty() || found.iter().any(|object| is_owner(object, caller))
}

/// Whether the caller is noted as an owner of the object.
pub fn is_owner(object: &Object, caller: &Caller) -> bool {
    object.list(OWNERS).contains(&caller.object_id)
}

/// Where applications and service principals keep the ids of their owners.
pub const OWNERS: &str = "_owners";

fn holds_any(caller: &Caller) -> bool {
    let is_role = |held: &String| ids::DIRECTORY_ROLES.iter().any(|(_, id)| held.eq_ignore_ascii_case(id));
    caller.directory_roles.iter().any(is_role)
}

fn is_named(person: &Object, key: &str) -> bool {
    [person.text("id"), person.text("userPrincipalName")]
        .iter()
        .any(|name| name.eq_ignore_ascii_case(key))
}
