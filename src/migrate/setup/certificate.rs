//! The certificate of the classic flow, in the vault and on the application.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;

use crate::migrate::finding::Finding;
use crate::migrate::seen::records;
use crate::migrate::setup::rights::part;
use crate::migrate::setup::seen::Look;
use crate::migrate::setup::seen::Seen;
use crate::model::Record;
use crate::model::hexadecimal;
use crate::model::is_thumbprint;
use crate::model::moment;

/// Whether the certificate in the vault can be used now; none when the set-up has no vault.
pub(super) fn certificate(seen: &Seen<'_>) -> Option<Finding> {
    let url = seen.text("key_vault_url")?;
    let renew = "make a new certificate with `setup-target --auth key-vault --certificate-name`, another name than now";
    let finding = Finding::of(
        "target",
        "vault.certificate",
        "an enabled certificate that is valid now, with its private key",
    )
    .fails_as("F-22")
    .mend(renew);
    let certificate = match seen.object("vault_certificate") {
        Look::NotLooked => return Some(finding),
        Look::Missing => {
            let look =
                "give the version that `az keyvault certificate list-versions` shows; without any, run `setup-target --auth key-vault`";
            return Some(finding.mend(look).found(format!("Error finding certificate '{url}'"), false));
        }
        Look::Found(certificate) => certificate,
    };
    let attributes = part(&certificate, "attributes");
    let policy = part(&certificate, "policy");
    let time = |name: &str| Timestamp::from_second(attributes.number(name)?).ok();
    let (from, until) = (time("nbf"), time("exp"));
    let shown = |time: Option<Timestamp>| time.map_or_else(|| "no time".to_owned(), |time| time.to_string());
    Some(if certificate.text("x5t").is_none() {
        finding
            .fails_as("F-13")
            .mend("wait until the vault has issued it, and check again")
            .found("not issued yet", false)
    } else if attributes.flag("enabled") == Some(false) {
        finding
            .mend("enable it: `az keyvault certificate set-attributes --enabled true --id` and its id")
            .found("disabled", false)
    } else if part(&policy, "key_props").flag("exportable") == Some(false) {
        finding.found("its private key is not exportable, so Exchange cannot sign with it", false)
    } else {
        match seen.text("now").and_then(moment) {
            None => finding.unseen(format!("it is valid until {}", shown(until))),
            Some(now) if from.is_some_and(|from| now < from) => finding
                .mend("wait until then, or check the clock of whoever made it")
                .found(format!("valid from {}", shown(from)), false),
            Some(now) if until.is_some_and(|until| now >= until) => finding.found(format!("expired at {}", shown(until)), false),
            Some(_) => finding.found(format!("valid until {}", shown(until)), true),
        }
    })
}

/// Whether the application knows that certificate and takes it now.
pub(super) fn on_application(seen: &Seen<'_>) -> Finding {
    let finding = Finding::of(
        "target",
        "application.certificate",
        "the vault's certificate, in time, on the application",
    )
    .fails_as("F-24")
    .mend("run `setup-target --auth key-vault`, which adds the certificate to the application");
    let (Look::Found(application), Look::Found(certificate)) = (seen.object("application"), seen.object("vault_certificate")) else {
        return finding;
    };
    let thumbprint = certificate.text("x5t").and_then(|x5t| URL_SAFE_NO_PAD.decode(x5t).ok());
    let Some(thumbprint) = thumbprint else {
        return finding.unseen("the vault shows no thumbprint yet");
    };
    let hex = hexadecimal(&thumbprint);
    let keys = records(application.get("keyCredentials"));
    let is_its_own = |key: &&Record| {
        key.text("customKeyIdentifier")
            .is_some_and(|shown| is_thumbprint(shown, &thumbprint))
    };
    let ours: Vec<&Record> = keys.iter().filter(is_its_own).collect();
    if ours.is_empty() {
        return finding.found(format!("the application does not have certificate {hex}"), false);
    }
    let Some(now) = seen.text("now").and_then(moment) else {
        return finding.unseen(format!("{hex}, at an unknown time"));
    };
    let time = |key: &Record, name: &str| key.text(name).and_then(moment);
    let has_begun = |key: &Record| time(key, "startDateTime").is_none_or(|from| from <= now);
    let latest = ours
        .iter()
        .filter(|key| has_begun(key))
        .filter_map(|key| time(key, "endDateTime"))
        .max();
    match latest {
        Some(until) => finding.found(format!("{hex} until {until}"), now < until),
        None => finding.found(format!("{hex} is not valid yet"), false),
    }
}
