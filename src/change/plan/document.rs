//! What stands in a plan.

use serde::Deserialize;
use serde::Serialize;
use serde_json::Map;
use serde_json::Value;
use uuid::Uuid;

/// What a run would do, in its order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// What kind of file this is, and its version.
    pub format: String,
    /// The program that made it.
    pub made_by: String,
    /// When it was made.
    pub made: String,
    /// The script that would make the changes.
    pub script: String,
    /// The script's arguments as they were given.
    pub arguments: Value,
    /// The tenants that were open.
    pub tenants: Vec<PlanTenant>,
    /// The changes in their order.
    pub changes: Vec<PlannedChange>,
    /// What was taken for granted instead of waited for.
    pub assumptions: Vec<String>,
    /// What the service would have been asked, had there been anything to ask about.
    pub not_probed: Vec<String>,
}

/// A tenant of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanTenant {
    /// The script's parameter that named it.
    pub param: String,
    /// The profile's name.
    pub profile: String,
    /// The tenant id.
    pub id: Uuid,
    /// The initial domain.
    pub domain: String,
}

/// A change that would be made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedChange {
    /// Its number, from 1.
    pub n: usize,
    /// The profile of its tenant.
    pub tenant: String,
    /// The operation's name, such as `set_mailuser`.
    pub operation: String,
    /// The identity of the object, for writes on an existing one.
    pub object: Option<Value>,
    /// How people call the object.
    pub label: String,
    /// `low`, `medium`, `high` or `irreversible`.
    pub impact: String,
    /// The arguments; what is no plain value is told by a member that begins with `$`.
    pub arguments: Map<String, Value>,
    /// The properties that would change.
    pub touched: Vec<Touched>,
    /// The placeholders that this change gives a value to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outputs: Vec<Output>,
}

/// A property that would change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Touched {
    /// Its name.
    pub name: String,
    /// The value when the plan was made.
    pub old: Value,
    /// The value that it would get.
    pub new: Value,
}

/// A value that only the service can assign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Output {
    /// What stands in its place in the changes that come later.
    pub placeholder: String,
    /// The property of the new object that is the value.
    pub property: String,
}
