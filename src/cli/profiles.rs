//! `xtenant profiles`: the names for tenants, where they live and how they sign in.

use serde_json::Value;

use crate::cli::Failure;
use crate::cli::Host;
use crate::cli::Status;
use crate::config::Profile;
use crate::model::Record;
use crate::output;
use crate::platform;

/// Lists the profiles.
pub fn profiles(host: &Host) -> Result<Status, Failure> {
    let rows: Vec<Record> = host.config.profiles.iter().map(row).collect();
    let screen = &host.screen;
    if screen.is_json() {
        screen.data(&Value::Array(rows.iter().map(|row| Value::Object(row.to_map())).collect()).to_string());
    } else {
        screen.data(&output::table(&rows, screen.width()));
        let path = host.config.path.display();
        screen.remark(&match host.config.path.exists() {
            true => format!("from {path}"),
            false => format!("these are built in; define your own in {path}"),
        });
    }
    for profile in &host.config.profiles {
        let file = profile.sign_in.as_ref().and_then(|sign_in| sign_in.secret_file());
        if let Some(file) = file.filter(|file| platform::others_may_read(file)) {
            screen.note(&format!(
                "warning: others on this computer may read {}, the secret of profile `{}`",
                file.display(),
                profile.name
            ));
        }
    }
    screen.finish()?;
    Ok(Status::Ok)
}

fn row(profile: &Profile) -> Record {
    let lives = match profile.is_sandbox {
        true => "sandbox",
        false => profile.cloud.as_str(),
    };
    let signs_in = match &profile.sign_in {
        Some(sign_in) => sign_in.describe(),
        None => "the sandbox's administrator".to_owned(),
    };
    Record::default()
        .with("profile", profile.name.as_str())
        .with("domain", profile.domain.as_str())
        .with("cloud", lives)
        .with("sign-in", signs_in)
}
