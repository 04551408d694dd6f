//! The key vault of the classic flow: it exists, Exchange may read it, and the endpoint's URL names what is in it.

use crate::migrate::finding::Finding;
use crate::migrate::setup::rights::Rights;
use crate::migrate::setup::seen::Look;
use crate::migrate::setup::seen::Seen;
use crate::model::CertificateUrl;
use crate::model::Record;
use crate::model::same_text;

/// What Exchange must be able to do, with certificates and with secrets.
const NEEDED: [&str; 2] = ["get", "list"];

/// Findings about the vault; none when the set-up has no vault.
pub(super) fn vault(seen: &Seen<'_>) -> Vec<Finding> {
    let Some(given) = seen.text("key_vault_url") else {
        return Vec::new();
    };
    let url = CertificateUrl::parse(given);
    let name = url.as_ref().map_or("of the URL", CertificateUrl::vault);
    let found = seen.object("vault");
    vec![
        link(seen, given, &url),
        exists(name, &found),
        permissions(seen, name, &found, "certificates"),
        permissions(seen, name, &found, "secrets"),
    ]
}

fn exists(name: &str, vault: &Look) -> Finding {
    let finding = Finding::of("target", "vault.exists", format!("key vault {name}"))
        .fails_as("F-32")
        .mend(
            "check `--key-vault-url` and `--subscription-id`; a vault that was deleted comes back with `az keyvault recover`, a new one is \
             made by `setup-target --auth key-vault`",
        );
    match vault {
        Look::NotLooked => finding,
        Look::Missing => finding.found(format!("KeyVault: {name} not found"), false),
        Look::Found(vault) => finding.found(vault.text("id").unwrap_or(name), true),
    }
}

/// Whether Exchange's service principal may read what is in `container`.
fn permissions(seen: &Seen<'_>, name: &str, vault: &Look, container: &str) -> Finding {
    let finding = Finding::of(
        "target",
        &format!("vault.{container}"),
        format!("Exchange has {} on {container}", NEEDED.join(" and ")),
    );
    let Look::Found(vault) = vault else {
        return finding;
    };
    let Look::Found(exchange) = seen.object("exchange_principal") else {
        return finding.unseen("Exchange's service principal was not seen in this tenant");
    };
    let object_id = exchange.text("id").unwrap_or_default();
    let Some(rights) = Rights::of(object_id, vault, seen.objects("role_assignments_of_vault")) else {
        return finding.unseen("the role assignments of the vault were not seen");
    };
    let lacking: Vec<&str> = NEEDED.into_iter().filter(|word| !rights.allow(container, word)).collect();
    let finding = finding.fails_as("F-32").mend(remedy(name, object_id, vault, &rights));
    if lacking.is_empty() {
        // Microsoft does not say whether it works, and nobody should learn it from a failed migration.
        let doubt = if rights.are_roles {
            " by a role; it is not documented that mailbox moves read such vaults"
        } else {
            ""
        };
        return finding.found(format!("{}{doubt}", NEEDED.join(", ")), true);
    }
    let what = if container == "certificates" { "Certificate" } else { "Secrets" };
    let said = if rights.are_none() {
        format!("Exchange does not have any permissions on the KeyVault [{name}]")
    } else {
        format!(
            "Exchange does not have [{}] permission on KeyVault [{name}]'s {what} container",
            lacking.join(", ")
        )
    };
    finding.found(said, false)
}

fn remedy(name: &str, object_id: &str, vault: &Record, rights: &Rights) -> String {
    let command = if rights.are_roles {
        let scope = vault.text("id").unwrap_or("the vault's id");
        format!(
            "az role assignment create --role \"Key Vault Certificate User\" --assignee-object-id {object_id} --assignee-principal-type \
             ServicePrincipal --scope {scope}"
        )
    } else {
        format!(
            "az keyvault set-policy --name {name} --object-id {object_id} --certificate-permissions get list --secret-permissions get list"
        )
    };
    format!("run `setup-target --auth key-vault`, or let an owner of the vault run `{command}`")
}

/// Whether the URL names a version, and one that this vault has.
fn link(seen: &Seen<'_>, given: &str, url: &Result<CertificateUrl, String>) -> Finding {
    let finding = Finding::of("target", "vault.url", "the id of a certificate in the vault, with its version")
        .fails_as("F-09")
        .mend("give the id of the certificate as `az keyvault certificate show --query id` prints it");
    let url = match url {
        Ok(url) => url,
        Err(why) => return finding.found(why, false),
    };
    if let Look::Found(vault) = seen.object("vault")
        && let Some(host) = vault_host(&vault)
        && !same_text(&host, &format!("{}.{}", url.vault(), url.suffix()))
    {
        return finding.found(format!("the vault's host is {host}"), false);
    }
    match seen.object("vault_certificate") {
        Look::Found(certificate) => {
            let id = certificate.text("id").unwrap_or_default();
            let is_it = CertificateUrl::parse(id).is_ok_and(|found| found == *url);
            finding.found(if is_it { given } else { id }, is_it)
        }
        _ => finding.unseen("the certificate was not seen"),
    }
}

fn vault_host(vault: &Record) -> Option<String> {
    let uri = vault.get("properties")?.get("vaultUri")?.as_str()?;
    let host = uri.split_once("://")?.1.trim_end_matches('/');
    Some(host.trim_end_matches(":443").to_owned())
}
