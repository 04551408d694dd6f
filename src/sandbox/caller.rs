//! Who calls: what a checked access token says.

/// The claims that decide what a call may do.
#[derive(Debug, Clone, PartialEq)]
pub struct Caller {
    /// The tenant's short name.
    pub tenant: String,
    /// The client application's id.
    pub app_id: String,
    /// The object id of the service principal, or of the signed-in user.
    pub object_id: String,
    /// App roles in the token (`Exchange.ManageAsApp`, `Application.ReadWrite.All`, ...).
    pub roles: Vec<String>,
    /// Directory role template ids.
    pub directory_roles: Vec<String>,
    /// The delegated permissions of a signed-in user's token; `None` when an application calls as itself.
    pub scopes: Option<Vec<String>>,
}

impl Caller {
    /// Whether the token carries the app role.
    pub fn has_role(&self, role: &str) -> bool {
        self.roles.iter().any(|held| held == role)
    }
}
