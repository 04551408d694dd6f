//! `xtenant sandbox status`: the tenants and the time.

use std::path::Path;

use serde_json::Value;
use serde_json::json;

use super::trouble;
use crate::cli::Failure;
use crate::cli::Host;
use crate::model::Record;
use crate::output;
use crate::sandbox::Sandbox;
use crate::sandbox::TenantInfo;

/// Shows the tenants and the time.
pub async fn status(host: &Host, folder: &Path) -> Result<(), Failure> {
    let sandbox = Sandbox::open(folder).await.map_err(trouble)?;
    let now = sandbox.now().await.map_err(trouble)?;
    let screen = &host.screen;
    match screen.is_json() {
        true => {
            let tenants: Vec<_> = sandbox.tenants().iter().map(described).collect();
            let state = json!({ "folder": folder.display().to_string(), "now": now.to_string(), "tenants": tenants });
            screen.data(&state.to_string());
        }
        false => {
            let rows: Vec<_> = sandbox.tenants().iter().map(row).collect();
            screen.data(&format!("folder  {}\ntime    {now}\n", folder.display()));
            screen.data(&output::table(&rows, screen.width()));
        }
    }
    Ok(())
}

fn row(tenant: &TenantInfo) -> Record {
    Record::default()
        .with("tenant", tenant.name.as_str())
        .with("domains", tenant.domains.join(", "))
        .with("id", tenant.tenant_id.as_str())
}

fn described(tenant: &TenantInfo) -> Value {
    json!({
        "name": tenant.name,
        "organization": tenant.display_name,
        "domain": tenant.domain,
        "domains": tenant.domains,
        "tenant_id": tenant.tenant_id,
        "administrator": tenant.admin_client_id,
    })
}
