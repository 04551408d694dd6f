//! Who may run what: the Exchange roles that directory roles bring, and the cmdlet that shows role assignments.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::sandbox::Caller;
use crate::sandbox::Tx;
use crate::sandbox::directory;
use crate::sandbox::exchange::Answer;
use crate::sandbox::exchange::Call;
use crate::sandbox::exchange::Cmdlet;
use crate::sandbox::exchange::Output;
use crate::sandbox::exchange::Parameter::Bool;
use crate::sandbox::exchange::Parameter::Multi;
use crate::sandbox::exchange::Parameter::Switch;
use crate::sandbox::exchange::Parameter::Text;
use crate::sandbox::exchange::Refusal;
use crate::sandbox::exchange::role_group;
use crate::sandbox::ids;
use crate::sandbox::replication;

/// The cmdlets of role-based access.
pub const CMDLETS: &[Cmdlet] = &[Cmdlet {
    name: "Get-ManagementRoleAssignment",
    parameters: &[
        ("Identity", Text),
        ("RoleAssignee", Text),
        ("Role", Text),
        ("AssignmentMethod", Multi),
        ("RoleAssigneeType", Text),
        ("Enabled", Bool),
        ("Delegating", Bool),
        ("Exclusive", Bool),
        ("GetEffectiveUsers", Switch),
    ],
    mandatory: &[],
    role: "View",
    run: get_assignment,
}];

const ORGANIZATION_MANAGEMENT: &[&str] = &[
    "Move Mailboxes",
    "Migration",
    "Mail Recipients",
    "Mail Recipient Creation",
    "Organization Configuration",
    "Federated Sharing",
    "Distribution Groups",
    "Security Group Creation and Membership",
    "Recipient Policies",
    "Role Management",
    "View-Only Configuration",
    "View-Only Recipients",
];
const RECIPIENT_MANAGEMENT: &[&str] = &[
    "Move Mailboxes",
    "Migration",
    "Mail Recipients",
    "Mail Recipient Creation",
    "Distribution Groups",
    "Security Group Creation and Membership",
    "Recipient Policies",
];
const VIEW_ONLY: &[&str] = &["View-Only Configuration", "View-Only Recipients"];

/// All roles: Organization Management holds every one.
pub const ALL: &[&str] = ORGANIZATION_MANAGEMENT;

/// The built-in role groups with their roles.
pub const GROUPS: &[(&str, &[&str])] = &[
    ("Organization Management", ORGANIZATION_MANAGEMENT),
    ("Recipient Management", RECIPIENT_MANAGEMENT),
    ("View-Only Organization Management", VIEW_ONLY),
];

/// Cmdlets that a second role brings too, without the parameters of mailbox moves.
const SHARED: &[(&str, &str)] = &[
    ("New-OrganizationRelationship", "Federated Sharing"),
    ("Set-OrganizationRelationship", "Federated Sharing"),
    ("Remove-OrganizationRelationship", "Federated Sharing"),
];
const OF_MOVES: &[&str] = &[
    "MailboxMoveEnabled",
    "MailboxMoveCapability",
    "MailboxMovePublishedScopes",
    "OAuthApplicationId",
];

/// Directory roles by template id and the role group whose members Exchange counts their holders among.
const MAPPED: &[(&str, &str)] = &[
    (ids::GLOBAL_ADMINISTRATOR, "Organization Management"),
    (ids::EXCHANGE_ADMINISTRATOR, "Organization Management"),
    (ids::EXCHANGE_RECIPIENT_ADMINISTRATOR, "Recipient Management"),
    (ids::GLOBAL_READER, "View-Only Organization Management"),
    ("194ae4cb-b126-40b2-bd5b-6091b380977d", "View-Only Organization Management"),
    ("5d6b6bb7-de71-4623-b4af-96380a352509", "View-Only Organization Management"),
    ("17315797-102d-40b4-93e0-432062caca18", "View-Only Organization Management"),
    ("729827e3-9c14-49f7-bb1b-9608f156bbb8", "View-Only Organization Management"),
];

fn groups_of<'a>(directory_roles: &'a [String]) -> impl Iterator<Item = &'static str> + 'a {
    let is_held = |template: &str| directory_roles.iter().any(|held| held.eq_ignore_ascii_case(template));
    MAPPED
        .iter()
        .filter(move |(template, _)| is_held(template))
        .map(|(_, group)| *group)
}

/// The roles that somebody has.
pub struct Held(Vec<String>);

impl Held {
    /// Those of the caller: by directory roles, and by the role groups into which an administrator put them.
    pub fn of(tx: &Tx<'_>, caller: &Caller) -> Self {
        let mapped = groups_of(&caller.directory_roles).flat_map(roles_of).map(|role| (*role).to_owned());
        let joined = role_group::of_member(tx, &caller.tenant, &caller.object_id).into_iter();
        Self(mapped.chain(joined.flat_map(|(_, roles)| roles)).collect())
    }

    /// Whether Exchange knows the caller at all.
    pub fn is_nothing(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether they may run the cmdlet. Reading needs any role.
    pub fn may_run(&self, cmdlet: &Cmdlet) -> bool {
        let is_shared = SHARED.iter().any(|(name, role)| *name == cmdlet.name && self.has(role));
        is_shared || self.has(cmdlet.role) || (cmdlet.role == "View" && !self.is_nothing())
    }

    /// The first of the bound parameters that none of the roles brings to the cmdlet, which for the caller is not there.
    pub fn lacking<'p>(&self, cmdlet: &Cmdlet, parameters: &'p Map<String, Value>) -> Option<&'p str> {
        let is_partial = SHARED.iter().any(|(name, _)| *name == cmdlet.name) && !self.has(cmdlet.role);
        let mut names = parameters.keys().map(String::as_str);
        names.find(|name| is_partial && OF_MOVES.contains(name))
    }

    fn has(&self, role: &str) -> bool {
        self.0.iter().any(|held| held == role)
    }
}

/// The built-in role group of that name, without case.
pub fn built_in(name: &str) -> Option<(&'static str, &'static [&'static str])> {
    GROUPS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).copied()
}

fn roles_of(group: &str) -> &'static [&'static str] {
    GROUPS.iter().find(|(name, _)| *name == group).map_or(&[], |(_, roles)| *roles)
}

fn get_assignment(call: &Call<'_>) -> Answer {
    let groups: Vec<&str> = match call.text("RoleAssignee") {
        None => GROUPS.iter().map(|(name, _)| *name).collect(),
        Some(assignee) => match GROUPS.iter().find(|(name, _)| name.eq_ignore_ascii_case(assignee)) {
            Some((name, _)) => vec![*name],
            None => groups_of_principal(call, assignee)?,
        },
    };
    let methods = call.list("AssignmentMethod");
    let is_direct = call
        .text("RoleAssignee")
        .is_none_or(|assignee| GROUPS.iter().any(|(name, _)| name.eq_ignore_ascii_case(assignee)));
    let method = if is_direct { "Direct" } else { "RoleGroup" };
    let is_method = methods.is_empty() || methods.iter().any(|wanted| wanted.eq_ignore_ascii_case(method));
    let mut value = Vec::new();
    for group in groups
        .into_iter()
        .filter(|_| is_method && call.get("Enabled").is_none_or(|_| call.is_on("Enabled")))
    {
        for role in roles_of(group) {
            let name = format!("{role}-{group}");
            let is_role = call.text("Role").is_none_or(|wanted| wanted.eq_ignore_ascii_case(role));
            let is_named = call.text("Identity").is_none_or(|wanted| wanted.eq_ignore_ascii_case(&name));
            let is_kind = call
                .text("RoleAssigneeType")
                .is_none_or(|wanted| wanted.eq_ignore_ascii_case("RoleGroup"));
            if is_role && is_named && is_kind {
                value.push(record(&name, role, group, method));
            }
        }
    }
    match (call.text("Identity"), value.is_empty()) {
        (Some(identity), true) => Err(Refusal::not_found(identity)),
        _ => Ok(Output {
            value,
            warnings: Vec::new(),
        }),
    }
}

/// The role groups of a person, or of a service principal that is named by object id or application id.
fn groups_of_principal(call: &Call<'_>, assignee: &str) -> Result<Vec<&'static str>, Refusal> {
    if let Some(user) = directory::user(call.tx, call.tenant, assignee) {
        let held = directory::directory_roles(call.tx, call.tenant, user.text("id"));
        let joined = role_group::of_member(call.tx, call.tenant, user.text("id"));
        let joined = joined.iter().filter_map(|(name, _)| built_in(name)).map(|(name, _)| name);
        return Ok(groups_of(&held).chain(joined).collect());
    }
    let principal = directory::service_principal_by_id(call.tx, call.tenant, assignee)
        .or_else(|| directory::service_principal(call.tx, call.tenant, assignee))
        .and_then(|principal| replication::elsewhere(call.tx, principal))
        .ok_or_else(|| Refusal::not_found(assignee))?;
    let held = directory::directory_roles(call.tx, call.tenant, principal.text("id"));
    Ok(groups_of(&held).collect())
}

fn record(name: &str, role: &str, group: &str, method: &str) -> Map<String, Value> {
    let record = json!({
        "Name": name,
        "Identity": name,
        "Role": role,
        "RoleAssigneeName": group,
        "RoleAssignee": group,
        "RoleAssigneeType": "RoleGroup",
        "AssignmentMethod": method,
        "EffectiveUserName": "All Group Members",
        "RoleAssignmentDelegationType": "Regular",
        "RecipientReadScope": "Organization",
        "ConfigReadScope": "OrganizationConfig",
        "RecipientWriteScope": "Organization",
        "ConfigWriteScope": "OrganizationConfig",
        "CustomRecipientWriteScope": null,
        "Enabled": true,
        "IsValid": true,
    });
    record.as_object().cloned().unwrap_or_default()
}
