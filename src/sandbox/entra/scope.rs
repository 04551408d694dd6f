//! What a client asks for: permissions of one resource, and what it wants to know about the person.

use super::refusal::Refusal;
use super::resource;
use crate::sandbox::ids;

const OF_OPENID: &[&str] = &["openid", "profile", "email", "offline_access"];
/// Permissions that name no resource are Graph's.
const DEFAULT_RESOURCE: &str = "https://graph.microsoft.com";

/// A `scope`, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// The parts that are about the person and the answer, not about a resource.
    pub openid: Vec<String>,
    /// The resource as it was named.
    pub audience: String,
    /// Whether the resource was named at all.
    pub names_resource: bool,
    /// The permissions that were named, without the resource.
    pub permissions: Vec<String>,
    /// Whether all that is granted was asked for (`.default`).
    pub is_default: bool,
}

impl Scope {
    /// Reads a `scope` of the v2 addresses.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let mut scope = Self {
            openid: Vec::new(),
            audience: String::new(),
            names_resource: false,
            permissions: Vec::new(),
            is_default: false,
        };
        for part in text.split_whitespace() {
            if Self::is_openid(part) {
                scope.openid.push(part.to_owned());
                continue;
            }
            let (audience, permission) = part.rsplit_once('/').unwrap_or(("", part));
            let names_resource = !audience.is_empty();
            let audience = if names_resource { audience } else { DEFAULT_RESOURCE };
            if permission.is_empty() {
                return Err(invalid(text, &format!("The scope {part} is not valid.")));
            }
            if Self::is_openid(permission) && resource::app_id(audience) == Some(ids::GRAPH) {
                scope.openid.push(permission.to_owned());
                continue;
            }
            if !scope.audience.is_empty() && !scope.audience.eq_ignore_ascii_case(audience) {
                let text = "The provided value for the input parameter 'scope' is not valid because it contains more than one resource.";
                return Err(Refusal::new(700022, "invalid_scope", text));
            }
            scope.audience = audience.to_owned();
            scope.names_resource = names_resource;
            match permission {
                ".default" => scope.is_default = true,
                named => scope.permissions.push(named.to_owned()),
            }
        }
        if scope.is_default && !scope.permissions.is_empty() {
            return Err(invalid(text, ".default scope can't be combined with resource-specific scopes."));
        }
        if scope.audience.is_empty() {
            scope.audience = DEFAULT_RESOURCE.to_owned();
        }
        Ok(scope)
    }

    /// All that is granted of a `resource`, as the v1 addresses ask for it.
    pub fn of_resource(resource: &str) -> Self {
        Self {
            openid: OF_OPENID.iter().map(|part| (*part).to_owned()).collect(),
            audience: resource.to_owned(),
            names_resource: true,
            permissions: Vec::new(),
            is_default: true,
        }
    }

    /// Whether a permission is about the person or the answer, and not about a resource.
    pub fn is_openid(name: &str) -> bool {
        OF_OPENID.contains(&name)
    }

    /// Whether that OpenID part was asked for.
    pub fn has(&self, part: &str) -> bool {
        self.openid.iter().any(|known| known == part)
    }

    /// Whether nothing of a resource was asked for.
    pub fn is_about_person(&self) -> bool {
        !self.is_default && self.permissions.is_empty()
    }

    /// As the v2 addresses name it.
    pub fn text(&self) -> String {
        let default = self.is_default.then(|| format!("{}/.default", self.audience));
        let named = self.permissions.iter().map(|name| self.shown(name));
        let parts: Vec<_> = default.into_iter().chain(named).chain(self.openid.iter().cloned()).collect();
        parts.join(" ")
    }

    /// The permission as the client named it.
    pub fn shown(&self, permission: &str) -> String {
        match self.names_resource {
            true => format!("{}/{permission}", self.audience),
            false => permission.to_owned(),
        }
    }
}

fn invalid(scope: &str, why: &str) -> Refusal {
    let text = format!("The provided value for the input parameter 'scope' is not valid. {why} Scope: '{scope}'.");
    Refusal::new(70011, "invalid_scope", text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_names_one_resource_by_address_id_or_not_at_all() {
        let of = |text: &str| {
            let scope = Scope::parse(text).ok()?;
            Some((scope.audience, scope.permissions.join(" "), scope.is_default))
        };
        let is = |audience: &str, permissions: &str, is_default| Some((audience.to_owned(), permissions.to_owned(), is_default));

        assert_eq!(
            of("openid User.Read Mail.Read"),
            is("https://graph.microsoft.com", "User.Read Mail.Read", false)
        );
        assert_eq!(
            of("https://management.core.windows.net//.default offline_access"),
            is("https://management.core.windows.net/", "", true)
        );
        assert_eq!(
            of("797f4846-ba00-4fd7-ba43-dac1f8f63013/user_impersonation"),
            is("797f4846-ba00-4fd7-ba43-dac1f8f63013", "user_impersonation", false)
        );
        assert_eq!(
            of("https://graph.microsoft.com/openid https://graph.microsoft.com/User.Read"),
            is("https://graph.microsoft.com", "User.Read", false)
        );
        assert_eq!(of("https://vault.azure.net/.default User.Read"), None);
        assert_eq!(of("User.Read https://graph.microsoft.com/.default"), None);
    }
}
