//! `xtenant sandbox recover`: what is wrong with a folder, and what can be taken out of it.

use std::path::Path;

use serde_json::json;

use super::trouble;
use crate::cli::Failure;
use crate::cli::Host;
use crate::cli::Status;
use crate::sandbox::Recovered;
use crate::sandbox::Sandbox;

/// Looks through the folder, and makes a sandbox in `to` of what can be read when it is given. Damage that is only told is a finding.
pub fn recover(host: &Host, folder: &Path, to: Option<&Path>) -> Result<Status, Failure> {
    let found = match to {
        Some(to) => Sandbox::recover(folder, to),
        None => Sandbox::examine(folder),
    };
    let found = found.map_err(trouble)?;
    show(host, &found);
    if let Some(to) = to {
        host.screen.remark(&format!("made a sandbox of it in {}", to.display()));
    }
    Ok(match found.damage.is_empty() || to.is_some() {
        true => Status::Ok,
        false => Status::Findings,
    })
}

fn show(host: &Host, found: &Recovered) {
    let screen = &host.screen;
    if screen.is_json() {
        let told = json!({"damage": found.damage, "objects": found.objects, "events": found.events, "lost": found.lost});
        return screen.data(&told.to_string());
    }
    match found.damage.is_empty() {
        true => screen.data("nothing is damaged"),
        false => found.damage.iter().for_each(|line| screen.data(line)),
    }
    screen.data(&found.told());
}
