//! The operations by method and path, with the permission each needs and the name it has in the audit log.

use super::bin;
use super::call::Answer;
use super::call::Call;
use super::certificates;
use super::fault::Fault;
use super::import;
use super::making;
use super::secrets;
use crate::sandbox::azure::Container;
use crate::sandbox::azure::Container::Certificates;
use crate::sandbox::azure::Container::Secrets;

/// One operation of a vault as the documentation names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VaultOperation {
    /// `GET`, `POST`, ...
    pub method: &'static str,
    /// With `{}` for what is open. A last open place may also be empty or missing: the newest version.
    pub path: &'static str,
    /// What the operation is about: `certificates` or `secrets`.
    pub container: &'static str,
    /// The permission that an access policy has to give for it.
    pub permission: &'static str,
}

/// All operations.
pub fn operations() -> impl Iterator<Item = VaultOperation> {
    ROUTES.iter().map(|route| VaultOperation {
        method: route.method,
        path: route.path,
        container: route.container.name(),
        permission: route.permission,
    })
}

/// One operation.
pub struct Route {
    method: &'static str,
    path: &'static str,
    /// What it is about.
    pub container: Container,
    /// The permission it needs.
    pub permission: &'static str,
    /// Its name in the audit log.
    pub log: &'static str,
    /// Its rule.
    pub run: fn(&Call<'_>) -> Answer,
}

const fn route(
    method: &'static str,
    path: &'static str,
    (container, permission): (Container, &'static str),
    log: &'static str,
    run: fn(&Call<'_>) -> Answer,
) -> Route {
    Route {
        method,
        path,
        container,
        permission,
        log,
        run,
    }
}

// A word stands before the open place of a version that would take it too.
#[rustfmt::skip]
const ROUTES: &[Route] = &[
    route("GET", "certificates", (Certificates, "list"), "CertificateList", certificates::list),
    route("POST", "certificates/{}/create", (Certificates, "create"), "CertificateCreate", making::create),
    route("POST", "certificates/{}/import", (Certificates, "import"), "CertificateImport", import::import),
    route("GET", "certificates/{}/pending", (Certificates, "get"), "CertificatePendingGet", making::get),
    route("PATCH", "certificates/{}/pending", (Certificates, "update"), "CertificatePendingUpdate", making::cancel),
    route("DELETE", "certificates/{}/pending", (Certificates, "delete"), "CertificatePendingDelete", making::forget),
    route("GET", "certificates/{}/policy", (Certificates, "get"), "CertificatePolicyGet", certificates::policy),
    route("PATCH", "certificates/{}/policy", (Certificates, "update"), "CertificatePolicyUpdate", certificates::update_policy),
    route("GET", "certificates/{}/versions", (Certificates, "list"), "CertificateListVersions", certificates::versions),
    route("GET", "certificates/{}/{}", (Certificates, "get"), "CertificateGet", certificates::get),
    route("PATCH", "certificates/{}/{}", (Certificates, "update"), "CertificateUpdate", certificates::update),
    route("DELETE", "certificates/{}", (Certificates, "delete"), "CertificateDelete", bin::delete),
    route("GET", "deletedcertificates", (Certificates, "list"), "CertificateListDeleted", bin::list),
    route("GET", "deletedcertificates/{}", (Certificates, "get"), "CertificateGetDeleted", bin::get),
    route("DELETE", "deletedcertificates/{}", (Certificates, "purge"), "CertificatePurge", bin::purge),
    route("POST", "deletedcertificates/{}/recover", (Certificates, "recover"), "CertificateRecover", bin::recover),
    route("GET", "secrets", (Secrets, "list"), "SecretList", secrets::list),
    route("GET", "secrets/{}/versions", (Secrets, "list"), "SecretListVersions", secrets::versions),
    route("GET", "secrets/{}/{}", (Secrets, "get"), "SecretGet", secrets::get),
    route("PUT", "secrets/{}", (Secrets, "set"), "SecretSet", secrets::set),
    route("PATCH", "secrets/{}/{}", (Secrets, "set"), "SecretUpdate", secrets::update),
    route("DELETE", "secrets/{}", (Secrets, "delete"), "SecretDelete", bin::delete),
    route("GET", "deletedsecrets", (Secrets, "list"), "SecretListDeleted", bin::list),
    route("GET", "deletedsecrets/{}", (Secrets, "get"), "SecretGetDeleted", bin::get),
    route("DELETE", "deletedsecrets/{}", (Secrets, "purge"), "SecretPurge", bin::purge),
    route("POST", "deletedsecrets/{}/recover", (Secrets, "recover"), "SecretRecover", bin::recover),
];

/// The operation at `path`, and what stood at its open places.
pub fn find(method: &str, path: &str) -> Result<(&'static Route, Vec<String>), Fault> {
    let path = path.trim_start_matches('/');
    let matching = ROUTES
        .iter()
        .filter(|route| route.method == method)
        .find_map(|route| Some((route, captures(route.path, path)?)));
    matching.ok_or_else(|| {
        let place = path.rsplit('/').next().unwrap_or_default();
        Fault::bad_parameter(format!("Method {method} does not allow operation '{place}'"))
    })
}

fn captures(pattern: &str, path: &str) -> Option<Vec<String>> {
    let mut segments: Vec<&str> = path.split('/').collect();
    let wanted: Vec<&str> = pattern.split('/').collect();
    let has_version = pattern.ends_with("{}/{}");
    // SDKs ask for the newest version with a slash and nothing behind it, people without the slash.
    match segments.len() {
        given if has_version && given + 1 == wanted.len() => segments.push(""),
        given if !has_version && given == wanted.len() + 1 && segments.last() == Some(&"") => {
            segments.pop();
        }
        _ => {}
    }
    if segments.len() != wanted.len() {
        return None;
    }
    let mut captured = Vec::new();
    for (wanted, segment) in wanted.iter().zip(segments) {
        match *wanted {
            "{}" => captured.push(segment.to_owned()),
            name if name.eq_ignore_ascii_case(segment) => {}
            _ => return None,
        }
    }
    Some(captured)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(method: &str, path: &str) -> (&'static str, Vec<String>) {
        find(method, path).map(|(route, captured)| (route.log, captured)).unwrap()
    }

    #[test]
    fn the_newest_version_is_asked_for_with_and_without_a_slash() {
        let newest = vec!["x".to_owned(), String::new()];

        assert_eq!(named("GET", "/certificates/x"), ("CertificateGet", newest.clone()));
        assert_eq!(named("GET", "/certificates/x/"), ("CertificateGet", newest));
        assert_eq!(
            named("GET", "/certificates/x/pending"),
            ("CertificatePendingGet", vec!["x".to_owned()])
        );
        assert!(find("POST", "/certificates/x/pending/merge").is_err());
    }
}
