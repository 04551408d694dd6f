//! What a run would do, shown as a table or as data, and kept in a file.

use std::path::Path;

use serde_json::Value;

use crate::change::Mode;
use crate::change::Plan;
use crate::change::PlanHeading;
use crate::change::PlanTenant;
use crate::cli::Failure;
use crate::cli::Host;
use crate::cli::session::Session;
use crate::files::json;
use crate::model::Trouble;
use crate::output;
use crate::platform::Clock;
use crate::platform::SystemClock;

/// Whether the plan is all that goes to standard output.
pub fn is_data(host: &Host) -> bool {
    host.flags.what_if && host.screen.is_json()
}

/// Shows what the run of `script` with `arguments` would do, and keeps it where `--save` says.
pub fn show(host: &Host, session: &Session, script: &str, arguments: Value) -> Result<(), Failure> {
    debug_assert_eq!(session.gate.mode(), Mode::WhatIf);
    if host.flags.save.is_none() && !is_data(host) {
        host.screen.text(&output::plan(&session.gate.planned(), host.screen.width()));
        return Ok(());
    }
    let tenants = session.tenants.iter().map(|(param, tenant)| PlanTenant {
        param: param.clone(),
        profile: tenant.tag().name.clone(),
        id: tenant.tag().id,
        domain: tenant.tag().domain.clone(),
    });
    let heading = PlanHeading {
        script: script.to_owned(),
        arguments,
        tenants: tenants.collect(),
        made_by: format!("xtenant {}", env!("CARGO_PKG_VERSION")),
        made: SystemClock.now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
    };
    let plan = Plan::of(heading, &session.gate);
    match is_data(host) {
        true => host.screen.data(&plan.sealed().to_string()),
        false => host.screen.text(&output::plan(&session.gate.planned(), host.screen.width())),
    }
    match &host.flags.save {
        Some(file) => save(host, &plan, file),
        None => Ok(()),
    }
}

fn save(host: &Host, plan: &Plan, file: &Path) -> Result<(), Failure> {
    json::write(file, &plan.sealed()).map_err(Trouble::from)?;
    host.screen.note(&format!("the plan is in {}", file.display()));
    Ok(())
}
