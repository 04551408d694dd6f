//! A change as the PowerShell that would make it, for people who read plans in their own language.

use serde_json::Value;

use crate::change::Call;
use crate::change::Operation;
use crate::model::Given;

/// The cmdlet with its parameters; Graph writes as `Invoke-MgGraphRequest`. Secrets become `Read-Host` prompts.
pub fn powershell(operation: &Operation) -> String {
    let descriptor = operation.descriptor;
    match descriptor.call {
        Call::Cmdlet(cmdlet) => {
            let mut line = cmdlet.to_owned();
            if let (Some(identity), Some(object)) = (descriptor.identity, &operation.object) {
                line.push_str(&format!(" -{identity} {}", quoted(object)));
            }
            for (name, given) in operation.arguments.iter() {
                line.push_str(&match given {
                    Given::Plain(Value::Bool(flag)) => format!(" -{name}:${flag}"),
                    Given::Plain(value) => format!(" -{name} {}", literal(value)),
                    Given::Secret(_) => format!(" -{name} (Read-Host -AsSecureString '{name}')"),
                    Given::Credential { user, .. } => format!(" -{name} (Get-Credential {})", quoted(user)),
                    Given::Bytes(bytes) => format!(
                        " -{name} ([Text.Encoding]::UTF8.GetBytes({}))",
                        quoted(&String::from_utf8_lossy(bytes))
                    ),
                });
            }
            line
        }
        Call::Http { method, .. } => {
            let path = operation.path().unwrap_or_default();
            let body: serde_json::Map<_, _> = operation
                .arguments
                .iter()
                .map(|(name, given)| (name.to_owned(), given.shown()))
                .collect();
            format!(
                "Invoke-MgGraphRequest -Method {method} -Uri {} -Body {}",
                quoted(&format!("/v1.0{path}")),
                quoted(&Value::Object(body).to_string())
            )
        }
    }
}

fn literal(value: &Value) -> String {
    match value {
        Value::Null => "$null".into(),
        Value::Bool(flag) => format!("${flag}"),
        Value::Number(number) => number.to_string(),
        Value::String(text) => quoted(text),
        Value::Array(items) => format!("@({})", items.iter().map(literal).collect::<Vec<_>>().join(", ")),
        Value::Object(members) => {
            format!(
                "@{{{}}}",
                members
                    .iter()
                    .map(|(name, value)| format!("{name}={}", literal(value)))
                    .collect::<Vec<_>>()
                    .join("; ")
            )
        }
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
