//! What migration users that are not finished rely on: endpoint, application, credential, vault, relationship and consent.

use crate::change::Descriptor;
use crate::change::Verb;
use crate::journal::ChangeRow;
use crate::model::Arguments;
use crate::model::Kind;
use crate::model::Record;
use crate::model::Trouble;
use crate::model::same_text;
use crate::tenant::Tenant;
use crate::tenant::reading;

/// The nouns that a move relies on.
const NEEDED: [&str; 10] = [
    "migration endpoint",
    "application",
    "service principal",
    "app role assignment",
    "organization relationship",
    "vault",
    "certificate",
    "vault secret",
    "role assignment",
    "resource group",
];

/// What is under way, in all the tenants that could be read.
pub(super) struct InUse {
    moves: Vec<Move>,
    unread: Vec<String>,
    partners: usize,
}

struct Move {
    user: String,
    status: String,
    tenant: Tenant,
    endpoint: Option<Record>,
}

impl InUse {
    /// Whether a write takes away what a move may rely on.
    pub(super) fn concerns(descriptor: &Descriptor) -> bool {
        let gives = ["new_", "add_", "recover_"].iter().any(|verb| descriptor.name.starts_with(verb));
        NEEDED.contains(&descriptor.noun) && !gives && descriptor.verb != Verb::Create
    }

    /// Reads the migration users of `tenants`, and by which endpoint they move.
    pub(super) async fn read(tenants: &[Tenant]) -> Result<Self, Trouble> {
        let mut found = Self {
            moves: Vec::new(),
            unread: Vec::new(),
            partners: tenants.len(),
        };
        for tenant in tenants {
            match found.read_one(tenant).await {
                Err(trouble) if trouble.kind == Kind::Forbidden => found.unread.push(format!(
                    "whether moves are under way in tenant `{}`: its migration users may not be read",
                    tenant.tag().name
                )),
                read => read?,
            }
        }
        Ok(found)
    }

    async fn read_one(&mut self, tenant: &Tenant) -> Result<(), Trouble> {
        let all = async |name: &str| {
            let listing = reading(name).expect("the table of readings has it");
            tenant.find_all(listing, Arguments::new()).await
        };
        let users = all("find_migration_users").await?;
        let is_finished = |user: &&Record| user.text("Status").is_some_and(|status| status.starts_with("Completed"));
        let unfinished: Vec<_> = users.iter().filter(|user| !is_finished(user)).collect();
        if unfinished.is_empty() {
            return Ok(());
        }
        let (batches, endpoints) = (all("find_migration_batches").await?, all("find_migration_endpoints").await?);
        for user in unfinished {
            let named = |list: &[Record], name: Option<&str>| {
                let is_it = |record: &&Record| name.is_some_and(|name| record.text("Identity").is_some_and(|known| same_text(known, name)));
                list.iter().find(is_it).cloned()
            };
            let batch = named(&batches, user.text("BatchId"));
            let endpoint = batch.as_ref().and_then(|batch| named(&endpoints, batch.text("SourceEndpoint")));
            self.moves.push(Move {
                user: user.text("Identity").unwrap_or_default().to_owned(),
                status: user.text("Status").unwrap_or_default().to_owned(),
                tenant: tenant.clone(),
                endpoint,
            });
        }
        Ok(())
    }

    /// Why what `row` changed in `tenant`, and is now as `object` says, must stay; where nobody can tell, it is needed.
    pub(super) async fn reason(&self, tenant: &Tenant, row: &ChangeRow, object: Option<&Record>) -> Option<String> {
        let mut application = None;
        for under_way in &self.moves {
            if application.is_none() {
                application = Some(application_of(tenant, row, object).await);
            }
            let known = application.as_ref().and_then(Option::as_deref);
            if under_way.needs(tenant, row, object, known) {
                return Some(format!(
                    "migration user `{}` of tenant `{}` is {} and needs it; complete or remove it first",
                    under_way.user,
                    under_way.tenant.tag().name,
                    under_way.status
                ));
            }
        }
        None
    }

    /// What could not be looked into.
    pub(super) fn not_checked(self) -> Vec<String> {
        let mut unread = self.unread;
        if self.partners < 2 {
            unread.push("whether moves are under way in the partner's tenant: `--partner PROFILE` looks there, too".to_owned());
        }
        unread
    }
}

impl Move {
    fn needs(&self, tenant: &Tenant, row: &ChangeRow, object: Option<&Record>, application: Option<&str>) -> bool {
        let is_here = self.tenant.tag().id == tenant.tag().id;
        let of_endpoint = |name: &str| self.endpoint.as_ref().and_then(|endpoint| endpoint.text(name));
        let is = |left: Option<&str>, right: Option<&str>| left.zip(right).is_none_or(|(left, right)| same_text(left, right));
        match row.intent.noun.as_str() {
            "migration endpoint" => is_here && is(of_endpoint("Identity"), object.and_then(|object| object.text("Identity"))),
            "application" | "service principal" | "app role assignment" => is(of_endpoint("ApplicationId"), application),
            "organization relationship" => true,
            // A vault is used by the URL of its certificate.
            _ => is_here && of_endpoint("AppSecretKeyVaultUrl").is_some(),
        }
    }
}

/// The application id of an application, of its principal, or of the principal that holds a role.
async fn application_of(tenant: &Tenant, row: &ChangeRow, object: Option<&Record>) -> Option<String> {
    if let Some(id) = object.and_then(|object| object.text("appId")).or(row.reply["appId"].as_str()) {
        return Some(id.to_owned());
    }
    let principal = row.intent.arguments["principalId"].as_str().or(row.reply["principalId"].as_str())?;
    let principals = reading("get_service_principal")?;
    let found = tenant.get(principals, Some(principal)).await.ok()?;
    found.text("appId").map(str::to_owned)
}
