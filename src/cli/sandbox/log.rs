//! `xtenant sandbox log`: what the services were asked, and how it ended.

use std::path::Path;

use clap::Args;
use serde_json::json;

use super::trouble;
use crate::cli::Failure;
use crate::cli::Host;
use crate::model::Kind;
use crate::model::Record;
use crate::model::Trouble;
use crate::output;
use crate::sandbox::LoggedRequest;
use crate::sandbox::Sandbox;

/// Which requests to show.
#[derive(Args)]
pub struct LogArgs {
    /// How many of the newest requests
    #[arg(long, value_name = "N", default_value_t = 100)]
    last: usize,
    /// Those of one tenant only, contoso or northwind
    #[arg(long, value_name = "TENANT")]
    tenant: Option<String>,
}

/// Shows the newest requests, oldest first.
pub async fn log(host: &Host, folder: &Path, args: LogArgs) -> Result<(), Failure> {
    let sandbox = Sandbox::open(folder).await.map_err(trouble)?;
    if let Some(name) = args.tenant.as_deref().filter(|name| sandbox.tenant(name).is_none()) {
        let known: Vec<&str> = sandbox.tenants().iter().map(|tenant| tenant.name.as_str()).collect();
        let what = format!("the sandbox has no tenant `{name}`");
        let trouble = Trouble::new(Kind::Invalid, what).with_code("sandbox");
        return Err(trouble.with_remedy(format!("give one of {}", known.join(", "))).into());
    }
    let lines = sandbox.log(args.tenant.as_deref(), Some(args.last)).await.map_err(trouble)?;
    let screen = &host.screen;
    match (screen.is_json(), lines.is_empty()) {
        (true, _) => lines.iter().for_each(|line| screen.data(&described(line))),
        (false, true) => screen.data("the services of the sandbox were not asked anything yet"),
        (false, false) => {
            let rows: Vec<_> = lines.iter().map(row).collect();
            screen.data(&output::table(&rows, screen.width()));
        }
    }
    Ok(())
}

fn row(line: &LoggedRequest) -> Record {
    Record::default()
        .with("time", line.at.to_string())
        .with("tenant", line.tenant.as_str())
        .with("status", line.status.to_string())
        .with("request", line.line.as_str())
        .with("remark", line.note.as_str())
}

fn described(line: &LoggedRequest) -> String {
    let tenant = (!line.tenant.is_empty()).then_some(&line.tenant);
    let remark = (!line.note.is_empty()).then_some(&line.note);
    json!({"at": line.at, "tenant": tenant, "status": line.status, "request": line.line, "remark": remark,
        "client_request_ids": line.client_ids})
    .to_string()
}
