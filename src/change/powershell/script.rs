//! The whole script: what it is, what it needs, what it asks, and the changes in their order.

use std::collections::BTreeSet;
use std::collections::HashSet;

use serde_json::Value;

use super::azure::subscription;
use super::connection::Connections;
use super::connection::Family;
use super::entry::PsChange;
use super::entry::PsHeading;
use super::helpers::Helper;
use super::helpers::PASSWORD_FILE;
use super::invocation::Invocation;
use super::invocation::first_place;
use super::invocation::invocation;
use super::names::Names;
use super::quoting::comment;
use super::quoting::quoted;
use super::rendering::PowerShell;
use super::term::Term;
use crate::change::Service;
use crate::change::TenantTag;
use crate::change::Verb;

/// How much of a value a comment shows.
const SHOWN: usize = 100;

/// What a script needs, gathered while its changes are written.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) names: Names,
    pub(super) helpers: BTreeSet<Helper>,
    pub(super) modules: BTreeSet<&'static str>,
    connections: Connections,
    known: HashSet<(uuid::Uuid, String)>,
    waited_for: HashSet<(uuid::Uuid, Service)>,
}

/// `changes` as a script for PowerShell 7 that runs as it stands.
pub fn powershell(heading: &PsHeading, changes: &[PsChange]) -> String {
    let mut draft = Draft::default();
    let mut body = String::new();
    for (at, change) in changes.iter().enumerate() {
        body.push_str(&draft.lead(change, || scopes(changes, &change.tenant)));
        body.push_str(&draft.change(at + 1, change));
    }
    format!("{}{body}", draft.head(heading, changes))
}

impl Draft {
    fn head(&self, heading: &PsHeading, changes: &[PsChange]) -> String {
        let mut head = String::new();
        for line in heading.lines.iter().flat_map(|line| line.lines()) {
            head.push_str(&format!("# {}\n", comment(line)));
        }
        for tenant in tenants(changes) {
            head.push_str(&comment(&format!("# Tenant {}: {}, {}", tenant.name, tenant.domain, tenant.id)));
            head.push('\n');
        }
        let changes = match changes.len() {
            1 => "1 change".to_owned(),
            many => format!("{many} changes"),
        };
        head.push_str(&format!(
            "# {changes}, made in this order; the first that fails ends the script.\n\n#Requires -Version 7.2\n"
        ));
        if !self.modules.is_empty() {
            let modules: Vec<_> = self.modules.iter().map(|module| required(module)).collect();
            head.push_str(&format!("#Requires -Modules {}\n", modules.join(", ")));
        }
        if self.helpers.contains(&Helper::GeneratedPassword) {
            head.push_str(&format!("\n{PASSWORD_FILE}"));
        }
        head.push_str("\n$ErrorActionPreference = 'Stop'\n");
        for helper in &self.helpers {
            head.push_str(&format!("\n{}", helper.definition()));
        }
        if !self.names.questions().is_empty() {
            head.push('\n');
        }
        for question in self.names.questions() {
            let secretly = if question.is_secret { " -AsSecureString" } else { "" };
            head.push_str(&format!(
                "{} = Read-Host -Prompt {}{secretly}\n",
                question.variable,
                quoted(&question.what)
            ));
        }
        head
    }

    fn lead<'c>(&mut self, change: &PsChange, scopes: impl FnOnce() -> Vec<&'c str>) -> String {
        let family = Family::of(change.descriptor.service);
        let subscription = first_place(change).and_then(subscription);
        self.connections.lead(family, &change.tenant, subscription, scopes)
    }

    /// One change: a comment that says what it does, and the call.
    fn change(&mut self, number: usize, change: &PsChange) -> String {
        let used = self.names.used();
        let call = invocation(change, self);
        let is_patient = self.names.used() > used || self.is_fresh(change);
        let mut text = format!("\n# {number}. {}\n", comment(&title(change)));
        for (name, old, new) in &change.touched {
            text.push_str(&format!("#    {}\n", comment(&format!("{name}: {} -> {}", shown(old), shown(new)))));
        }
        for line in &call.before {
            text.push_str(&format!("{line}\n"));
        }
        let mut command = call.cmdlet.to_owned();
        if !call.parameters.is_empty() {
            text.push_str(&format!("$parameters = {}\n", Term::Table(call.parameters.clone()).lines(0)));
            command.push_str(" @parameters");
        }
        if is_patient {
            self.helpers.insert(Helper::Patiently);
            command = format!("Invoke-Patiently {{ {command} }}");
        }
        let variable = (!change.outputs.is_empty()).then(|| self.names.object(kind_of_output(change)));
        let is_shown = change.descriptor.secret_reply.is_some();
        text.push_str(&lines(&call, &command, variable.as_deref(), is_shown));
        self.remember(change, &call, variable.as_deref());
        text
    }

    /// Whether the change relies on one that this script has just made.
    fn is_fresh(&self, change: &PsChange) -> bool {
        let tenant = change.tenant.id;
        let is_known = |name: &str| self.known.contains(&(tenant, name.to_lowercase()));
        let is_waited_for = self.waited_for.contains(&(tenant, change.descriptor.service));
        is_waited_for || change.object.as_deref().is_some_and(is_known) || change.arguments.values().filter_map(Value::as_str).any(is_known)
    }

    fn remember(&mut self, change: &PsChange, call: &Invocation, variable: Option<&str>) {
        let tenant = change.tenant.id;
        if change.descriptor.verb == Verb::Create {
            let names = ["Name", "Alias", "UserPrincipalName", "PrimarySmtpAddress", change.descriptor.label];
            let named = names.iter().filter_map(|name| change.arguments.get(*name)?.as_str());
            let all = named.chain([change.label.as_str()]).map(|name| (tenant, name.to_lowercase()));
            self.known.extend(all);
        }
        // A vault's own host and rights come a while after the vault.
        if change.descriptor.service == Service::Arm {
            self.waited_for.insert((tenant, Service::KeyVault));
        }
        if matches!(change.descriptor.powershell, PowerShell::Cmdlet { then: Some(_), .. }) {
            self.waited_for.insert((tenant, change.descriptor.service));
        }
        let Some(variable) = variable else { return };
        for (placeholder, property) in &change.outputs {
            let known = call.properties.iter().find(|(name, _)| name.eq_ignore_ascii_case(property));
            let expression = match known {
                Some((_, expression)) => expression.replace("{}", variable),
                None => format!("{variable}.{}", pascal(property)),
            };
            self.names.give(placeholder, expression);
        }
    }
}

/// The call with its variable and what follows it. An answer that has a secret is shown when no other change takes it.
fn lines(call: &Invocation, command: &str, variable: Option<&str>, is_shown: bool) -> String {
    let mut text = match (variable, call.result) {
        (Some(variable), None) => format!("{variable} = {command}\n"),
        (None, None) if is_shown => format!("{command}\n"),
        _ => format!("{command} | Out-Null\n"),
    };
    text.extend(call.then.map(|line| format!("{line}\n")));
    if let (Some(variable), Some(result)) = (variable, call.result) {
        text.push_str(&format!("{variable} = {result}\n"));
    }
    text
}

fn title(change: &PsChange) -> String {
    let object = match change.label.as_str() {
        label if label.is_empty() || label == change.descriptor.noun => change.descriptor.noun.to_owned(),
        label => format!("{} `{label}`", change.descriptor.noun),
    };
    let tenant = &change.tenant.name;
    match change.descriptor.verb {
        Verb::Create => format!("{tenant}: create {object}"),
        Verb::Update => format!("{tenant}: update {object}"),
        Verb::Remove => format!("{tenant}: remove {object}"),
        Verb::Act(past) => format!("{tenant}: {object} {past}"),
    }
}

fn shown(value: &Value) -> String {
    let text = match value {
        Value::Null => "(nothing)".to_owned(),
        Value::String(text) if text.is_empty() => "(nothing)".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}

fn kind_of_output(change: &PsChange) -> &'static str {
    match change.descriptor.secret_reply {
        Some(_) => "secret",
        None => change.descriptor.noun,
    }
}

/// What the objects of the modules call a property; PowerShell does not mind its case, people do.
fn pascal(property: &str) -> String {
    let words = property.split('.').map(|word| {
        let mut letters = word.chars();
        letters
            .next()
            .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    });
    words.collect::<Vec<String>>().join(".")
}

fn required(module: &str) -> String {
    match module {
        // Older ones do not tell which tenant they are in.
        "ExchangeOnlineManagement" => "@{ ModuleName = 'ExchangeOnlineManagement'; ModuleVersion = '3.0.0' }".to_owned(),
        module => format!("'{module}'"),
    }
}

fn tenants(changes: &[PsChange]) -> Vec<&TenantTag> {
    let mut tenants: Vec<&TenantTag> = Vec::new();
    for change in changes {
        if !tenants.contains(&&change.tenant) {
            tenants.push(&change.tenant);
        }
    }
    tenants
}

fn scopes<'c>(changes: &'c [PsChange], tenant: &TenantTag) -> Vec<&'c str> {
    let of_graph = changes
        .iter()
        .filter(|change| change.descriptor.service == Service::Graph && change.tenant == *tenant);
    let scopes: BTreeSet<_> = of_graph.map(|change| change.descriptor.permission).collect();
    scopes.into_iter().collect()
}
