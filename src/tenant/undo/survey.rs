//! What taking changes back would do: the writes in their order, and by name what has no way back, what was changed since, and
//! what must not be touched.

use std::collections::HashMap;

use uuid::Uuid;

use crate::change::Applied;
use crate::change::Descriptor;
use crate::change::Gate;
use crate::change::Impact;
use crate::change::Operation;
use crate::change::Patience;
use crate::change::Permissions;
use crate::change::Service;
use crate::change::Verb;
use crate::change::Way;
use crate::change::identity;
use crate::change::restoration;
use crate::change::way_back;
use crate::journal::ChangeId;
use crate::journal::ChangeRow;
use crate::model::Arguments;
use crate::model::Kind;
use crate::model::Record;
use crate::model::Trouble;
use crate::tenant::Tenant;
use crate::tenant::operations;
use crate::tenant::reading;
use crate::tenant::undo::in_use::InUse;

/// Something to say about a change before it is taken back.
#[derive(Debug, Clone)]
pub struct Note {
    /// The change.
    pub change: ChangeId,
    /// The tenant's profile.
    pub tenant: String,
    /// The object with its noun.
    pub object: String,
    /// What there is to say.
    pub text: String,
}

impl Note {
    fn new(row: &ChangeRow, text: impl Into<String>) -> Self {
        let intent = &row.intent;
        Self {
            change: row.id,
            tenant: intent.tenant_name.clone(),
            object: match intent.label.is_empty() || intent.label == intent.noun {
                true => intent.noun.clone(),
                false => format!("{} `{}`", intent.noun, intent.label),
            },
            text: text.into(),
        }
    }
}

/// One write that takes changes back.
pub struct Step {
    /// The changes that it takes back.
    pub changes: Vec<ChangeId>,
    /// What they changed.
    pub note: Note,
    /// The write.
    pub descriptor: &'static Descriptor,
    tenant: Tenant,
    object: Option<String>,
    arguments: Arguments,
    arises: Option<ChangeRow>,
}

/// All that is known beforehand.
#[derive(Default)]
pub struct Survey {
    /// The writes, in their order.
    pub steps: Vec<Step>,
    /// What has no way back, and why.
    pub without: Vec<Note>,
    /// What stays behind although it is taken back.
    pub remains: Vec<Note>,
    /// What was changed since, and is left alone.
    pub conflicts: Vec<Note>,
    /// What is as it was before already.
    pub settled: Vec<Note>,
    /// What must not be touched; while there is any, nothing is.
    pub refused: Vec<Note>,
    /// What nobody could look into.
    pub not_checked: Vec<String>,
}

impl Survey {
    /// Reads what taking `rows` back needs. `origins` holds, for rows that took back earlier changes, those changes. `is_forced` is
    /// whether what was changed since is written over.
    pub async fn of(
        tenants: &[Tenant],
        partners: &[Tenant],
        rows: &[ChangeRow],
        origins: &HashMap<ChangeId, ChangeRow>,
        is_forced: bool,
    ) -> Result<Self, Trouble> {
        let mut surveyor = Surveyor {
            survey: Survey::default(),
            seen: HashMap::new(),
            in_use: None,
            is_forced,
            everywhere: tenants.iter().chain(partners).cloned().collect(),
        };
        for row in rows.iter().rev() {
            let Some(tenant) = tenants.iter().find(|tenant| tenant.tag().id == row.intent.tenant) else {
                continue;
            };
            surveyor.look(tenant, row, origins).await?;
        }
        if let Some(in_use) = surveyor.in_use {
            surveyor.survey.not_checked = in_use.not_checked();
        }
        Ok(surveyor.survey)
    }
}

type Place = (Uuid, &'static str, String);

struct Surveyor {
    survey: Survey,
    /// The objects as they will be when the steps so far are done.
    seen: HashMap<Place, Option<Record>>,
    in_use: Option<InUse>,
    is_forced: bool,
    everywhere: Vec<Tenant>,
}

impl Surveyor {
    async fn look(&mut self, tenant: &Tenant, row: &ChangeRow, origins: &HashMap<ChangeId, ChangeRow>) -> Result<(), Trouble> {
        let Some(descriptor) = operations::find(&row.intent.operation) else {
            let text = format!("this version knows no `{}`", row.intent.operation);
            self.survey.without.push(Note::new(row, text));
            return Ok(());
        };
        let origin = origins.get(&row.id);
        // An application that is made again is another one, which neither the partner nor an endpoint knows.
        let (way, arises) = match (way_back(row, descriptor, origin, operations::find), origin) {
            (Way::None(_), Some(origin)) if is_remakeable(origin) => (again(origin), Some(origin.clone())),
            (way, _) => (way, None),
        };
        if let Some(reason) = self.changed_type(tenant, row, &way).await? {
            self.survey.refused.push(Note::new(row, reason));
            return Ok(());
        }
        match way {
            Way::None(reason) => self.survey.without.push(Note::new(row, reason)),
            Way::Restore => self.restore(tenant, row, descriptor).await?,
            Way::Write {
                descriptor,
                object,
                arguments,
            } => self.write(tenant, row, descriptor, object, arguments, arises).await?,
        }
        Ok(())
    }

    async fn restore(&mut self, tenant: &Tenant, row: &ChangeRow, descriptor: &'static Descriptor) -> Result<(), Trouble> {
        let object = identity(row);
        let Some(reading) = descriptor.before else {
            self.survey.without.push(Note::new(row, "it cannot be read"));
            return Ok(());
        };
        let place = (tenant.tag().id, reading, object.clone().unwrap_or_default());
        let Some(now) = self.read(tenant, reading, object.as_deref()).await? else {
            self.survey.settled.push(Note::new(row, "it is not there any more"));
            return Ok(());
        };
        if let Some(reason) = self.used(tenant, row, descriptor, Some(&now)).await? {
            self.survey.refused.push(Note::new(row, reason));
            return Ok(());
        }
        let found = restoration(descriptor, &row.intent.touched, &now);
        for (property, reason) in &found.without {
            self.survey.without.push(Note::new(row, format!("{property}: {reason}")));
        }
        if !found.conflicts.is_empty() && !self.is_forced {
            for conflict in &found.conflicts {
                let text = format!(
                    "{} was {} after the run and is {} now",
                    conflict.property,
                    told(&conflict.left),
                    told(&conflict.found)
                );
                self.survey.conflicts.push(Note::new(row, text));
            }
            return Ok(());
        }
        self.seen.insert(place, Some(found.after));
        if found.arguments.is_empty() {
            if found.without.is_empty() {
                self.survey.settled.push(Note::new(row, "it is as it was before"));
            }
            return Ok(());
        }
        self.step(tenant, row, descriptor, object, found.arguments, None);
        Ok(())
    }

    async fn write(
        &mut self,
        tenant: &Tenant,
        row: &ChangeRow,
        descriptor: &'static Descriptor,
        object: Option<String>,
        arguments: Arguments,
        arises: Option<ChangeRow>,
    ) -> Result<(), Trouble> {
        let now = match (descriptor.before, descriptor.verb) {
            (Some(reading), _) => {
                let Some(now) = self.read(tenant, reading, object.as_deref()).await? else {
                    self.survey.settled.push(Note::new(row, "it is not there any more"));
                    return Ok(());
                };
                Some(now)
            }
            (None, _) => None,
        };
        if let Some(reason) = self.used(tenant, row, descriptor, now.as_ref()).await? {
            self.survey.refused.push(Note::new(row, reason));
            return Ok(());
        }
        if let (Some(conflict), false) = (now.as_ref().and_then(|now| made_otherwise(row, descriptor, now)), self.is_forced) {
            self.survey.conflicts.push(Note::new(row, conflict));
            return Ok(());
        }
        if descriptor.noun == "migration batch" {
            let status = now.as_ref().and_then(|now| now.text("Status")).unwrap_or_default().to_owned();
            let is_resting = RESTING.iter().any(|resting| resting.eq_ignore_ascii_case(&status));
            match descriptor.name {
                "stop_migration_batch" if is_resting => {
                    self.survey
                        .settled
                        .push(Note::new(row, format!("it is {status}, so nothing is to be stopped")));
                    return Ok(());
                }
                "remove_migration_batch" if status.starts_with("Complet") => {
                    let text = "its users have moved, which nothing takes back but a migration in the other direction; the batch stays";
                    self.survey.without.push(Note::new(row, text));
                    return Ok(());
                }
                "remove_migration_batch" if !is_resting => {
                    let stop = operations::find("stop_migration_batch").expect("the table of operations has it");
                    self.step(tenant, row, stop, object.clone(), Arguments::new(), None);
                }
                _ => {}
            }
        }
        if let Some(remains) = remains(descriptor.name) {
            self.survey.remains.push(Note::new(row, remains));
        }
        self.step(tenant, row, descriptor, object, arguments, arises);
        Ok(())
    }

    fn step(
        &mut self,
        tenant: &Tenant,
        row: &ChangeRow,
        descriptor: &'static Descriptor,
        object: Option<String>,
        arguments: Arguments,
        arises: Option<ChangeRow>,
    ) {
        self.survey.steps.push(Step {
            changes: vec![row.id],
            note: Note::new(row, descriptor.verb.past()),
            descriptor,
            tenant: tenant.clone(),
            object,
            arguments,
            arises,
        });
    }

    /// The object as it is once the steps so far are done.
    async fn read(&mut self, tenant: &Tenant, name: &'static str, object: Option<&str>) -> Result<Option<Record>, Trouble> {
        let place = (tenant.tag().id, name, object.unwrap_or_default().to_owned());
        if let Some(known) = self.seen.get(&place) {
            return Ok(known.clone());
        }
        let reading = reading(name).expect("a descriptor names a reading");
        let found = match tenant.get(reading, object).await {
            Ok(record) => Some(record),
            Err(trouble) if trouble.kind == Kind::NotFound => None,
            Err(trouble) => return Err(trouble),
        };
        self.seen.insert(place, found.clone());
        Ok(found)
    }

    /// Why an object that has become something else since must not be touched.
    async fn changed_type(&mut self, tenant: &Tenant, row: &ChangeRow, way: &Way) -> Result<Option<String>, Trouble> {
        let noun = row.intent.noun.as_str();
        let is_removal =
            matches!(way, Way::Write { descriptor, .. } if descriptor.verb == Verb::Remove || descriptor.name == "set_licences");
        if matches!(way, Way::None(_)) || !matches!(noun, "MailUser" | "mailbox" | "user" | "recipient" | "Entra user") {
            return Ok(None);
        }
        if noun == "Entra user" && !is_removal {
            return Ok(None);
        }
        let object = match way {
            Way::Write { object: Some(object), .. } => Some(object.clone()),
            _ => identity(row),
        };
        let Some(recipient) = self.read(tenant, "get_recipient", object.as_deref()).await? else {
            return Ok(None);
        };
        let is = recipient.text("RecipientTypeDetails").unwrap_or_default();
        let recorded = row.intent.touched.iter().find(|(name, _, _)| name == "RecipientTypeDetails");
        let was = recorded
            .and_then(|(_, old, _)| old.as_str())
            .or(row.reply["RecipientTypeDetails"].as_str());
        let was_mailbox = was.map_or(noun == "mailbox", |was| was.ends_with("Mailbox"));
        let is_mailbox = is.ends_with("Mailbox");
        let knows = was.is_some() || noun != "recipient" && noun != "user";
        let is_other = knows && was_mailbox != is_mailbox;
        Ok(is_other.then(|| match is_mailbox {
            true => format!("it is a {is} by now, which an undo never removes nor writes to"),
            false => format!("it was a mailbox and is a {is} by now, which an undo never removes nor writes to"),
        }))
    }

    /// Why something that a migration user needs must not be touched.
    async fn used(
        &mut self,
        tenant: &Tenant,
        row: &ChangeRow,
        descriptor: &'static Descriptor,
        now: Option<&Record>,
    ) -> Result<Option<String>, Trouble> {
        if !InUse::concerns(descriptor) {
            return Ok(None);
        }
        if self.in_use.is_none() {
            self.in_use = Some(InUse::read(&self.everywhere).await?);
        }
        let in_use = self.in_use.as_ref().expect("it was read above");
        Ok(in_use.reason(tenant, row, now).await)
    }
}

impl Step {
    /// Puts the write before the gate. `renamed` says which ids of objects that were made again stand for which; it learns new ones.
    pub async fn take_back(&self, gate: &Gate, renamed: &mut HashMap<String, String>) -> Result<Applied, Trouble> {
        let object = self.object.as_ref().map(|object| renamed.get(object).unwrap_or(object).clone());
        let mut arguments = Arguments::new();
        for (name, given) in self.arguments.iter() {
            let other = given.plain().and_then(|value| value.as_str()).and_then(|text| renamed.get(text));
            match other {
                Some(other) => arguments.set(name, other.as_str()),
                None => arguments.set(name, given.clone()),
            }
        }
        let applied = self
            .tenant
            .apply_patiently(gate, self.descriptor, object.as_deref(), arguments, STOPPING)
            .await?;
        if let Some(origin) = &self.arises {
            for name in ["id", "appId", "Guid", "ExchangeObjectId"] {
                if let (Some(old), Some(new)) = (origin.reply[name].as_str(), applied.record.text(name)) {
                    renamed.insert(old.to_owned(), new.to_owned());
                }
            }
        }
        Ok(applied)
    }
}

/// States in which a batch does nothing.
const RESTING: [&str; 10] = [
    "Created",
    "Stopped",
    "Failed",
    "Synced",
    "SyncedWithErrors",
    "Completed",
    "CompletedWithErrors",
    "CompletedWithWarnings",
    "Corrupted",
    "Waiting",
];

/// A batch that was just stopped is not removed before its users have stopped.
const STOPPING: Patience = Patience::new(
    |trouble| trouble.message.contains("'Stopping'"),
    std::time::Duration::from_secs(15),
    std::time::Duration::from_secs(1800),
);

/// What was changed since on an object that the run made.
fn made_otherwise(row: &ChangeRow, remover: &Descriptor, now: &Record) -> Option<String> {
    let maker = operations::find(&row.intent.operation)?;
    if maker.verb != Verb::Create || remover.verb != Verb::Remove {
        return None;
    }
    let own = ["Guid", "BatchGuid", "id"].into_iter().find(|name| row.reply[*name].is_string());
    let is_other = own.is_some_and(|name| {
        now.text(name)
            .is_some_and(|id| !id.eq_ignore_ascii_case(row.reply[name].as_str().unwrap_or_default()))
    });
    is_other.then(|| "another object has its name by now".to_owned())
}

fn is_remakeable(origin: &ChangeRow) -> bool {
    matches!(
        origin.intent.noun.as_str(),
        "group" | "service principal" | "resource group" | "storage account"
    )
}

/// The same write once more.
fn again(origin: &ChangeRow) -> Way {
    let Some(descriptor) = operations::find(&origin.intent.operation) else {
        return Way::None("this version does not know how it was made".to_owned());
    };
    let given = origin.intent.arguments.as_object().into_iter().flatten();
    let arguments = given.fold(Arguments::new(), |all, (name, value)| all.with(name, value.clone()));
    match Operation::new(descriptor, origin.intent.object.clone(), arguments.clone()) {
        Ok(_) => Way::Write {
            descriptor,
            object: origin.intent.object.clone(),
            arguments,
        },
        Err(trouble) => Way::None(trouble.message.clone()),
    }
}

/// What an object that is removed leaves behind.
fn remains(remover: &str) -> Option<&'static str> {
    Some(match remover {
        "remove_mailuser" | "remove_entra_user" => "soft-deleted, it keeps its addresses' history for 30 days among the deleted users",
        "remove_application" | "remove_service_principal" => "it stays among the deleted items of the directory for 30 days",
        "remove_vault" => "soft-deleted, it keeps its name until it is purged",
        "remove_certificate" | "remove_vault_secret" => "it stays among what was deleted of the vault until it is purged",
        _ => return None,
    })
}

fn told(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Null => "empty".to_owned(),
        serde_json::Value::String(text) => format!("`{text}`"),
        other => format!("`{other}`"),
    }
}

/// What an undo of `rows` may write, as far as their record tells.
pub fn undo_permissions(rows: &[ChangeRow], origins: &HashMap<ChangeId, ChangeRow>) -> Permissions {
    let mut most: HashMap<(String, Service), Impact> = HashMap::new();
    for row in rows {
        let Some(descriptor) = operations::find(&row.intent.operation) else {
            continue;
        };
        let (descriptor, arguments) = match way_back(row, descriptor, origins.get(&row.id), operations::find) {
            Way::Write { descriptor, arguments, .. } => (descriptor, arguments),
            Way::Restore => {
                let old = row.intent.touched.iter().filter(|(_, old, new)| old != new);
                let old = old.fold(Arguments::new(), |all, (name, old, _)| all.with(name, old.clone()));
                (descriptor, old)
            }
            Way::None(_) => match origins.get(&row.id).filter(|origin| is_remakeable(origin)).map(again) {
                Some(Way::Write { descriptor, arguments, .. }) => (descriptor, arguments),
                _ => continue,
            },
        };
        let impact = (descriptor.impact)(&arguments, None);
        let place = most.entry((row.intent.tenant_name.clone(), descriptor.service)).or_insert(impact);
        *place = impact.max(*place);
    }
    let mut permissions = Permissions::none();
    for ((tenant, service), impact) in most {
        permissions.grant(&tenant, service, impact);
    }
    permissions
}
