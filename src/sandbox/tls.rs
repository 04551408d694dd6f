//! The sandbox's own certificate authority and the certificate of its listener.
//!
//! The authority is made once with the folder, so that whoever trusts it keeps doing so. The listener's certificate is made anew at
//! each start and lives in wall time, as TLS libraries check it.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::ToSpan;
use jiff::tz::TimeZone;
use rcgen::BasicConstraints;
use rcgen::CertificateParams;
use rcgen::DnType;
use rcgen::ExtendedKeyUsagePurpose;
use rcgen::IsCa;
use rcgen::Issuer;
use rcgen::KeyPair;
use rcgen::KeyUsagePurpose;
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::PrivatePkcs8KeyDer;

use super::error::SandboxError;
use super::hosts;
use super::private;

/// The authority's certificate in the folder.
pub const CERTIFICATE: &str = "ca.pem";
/// The file of a folder with the authority's key.
pub const KEY: &str = "ca.key.pem";

/// Makes the authority of a new folder, unless it has one.
pub fn install(folder: &Path) -> Result<(), SandboxError> {
    if folder.join(CERTIFICATE).exists() && folder.join(KEY).exists() {
        return Ok(());
    }
    let key = KeyPair::generate().map_err(unmade)?;
    let certificate = authority().self_signed(&key).map_err(unmade)?;
    private::write(&folder.join(KEY), key.serialize_pem().as_bytes())?;
    private::write(&folder.join(CERTIFICATE), certificate.pem().as_bytes())
}

/// The authority's certificate, which clients trust.
pub fn ca_pem(folder: &Path) -> Result<String, SandboxError> {
    let path = folder.join(CERTIFICATE);
    fs::read_to_string(&path).map_err(SandboxError::file(path))
}

/// What the listener needs: a certificate for all hosts of all clouds, HTTP/2 and HTTP/1.1.
pub fn server(folder: &Path) -> Result<Arc<ServerConfig>, SandboxError> {
    let path = folder.join(KEY);
    let pem = fs::read_to_string(&path).map_err(SandboxError::file(path))?;
    let issuer = Issuer::new(authority(), KeyPair::from_pem(&pem).map_err(unmade)?);
    let key = KeyPair::generate().map_err(unmade)?;
    let certificate = leaf()?.signed_by(&key, &issuer).map_err(unmade)?;
    let chain: Vec<CertificateDer<'static>> = vec![certificate.der().clone()];
    let private = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(unmade)?
        .with_no_client_auth()
        .with_single_cert(chain, private)
        .map_err(unmade)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

/// The same at each call, so that a leaf can be issued later from the key alone.
fn authority() -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, "xtenant sandbox");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.not_before = rcgen::date_time_ymd(2020, 1, 1);
    params.not_after = rcgen::date_time_ymd(2120, 1, 1);
    params
}

fn leaf() -> Result<CertificateParams, SandboxError> {
    let mut params = CertificateParams::new(hosts::certificate_names()).map_err(unmade)?;
    params.distinguished_name.push(DnType::CommonName, hosts::CONTROL);
    params.use_authority_key_identifier_extension = true;
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let today = TimeZone::UTC.to_datetime(Timestamp::now()).date();
    let (from, to) = (today.saturating_sub(2.days()), today.saturating_add(390.days()));
    params.not_before = rcgen::date_time_ymd(i32::from(from.year()), from.month().unsigned_abs(), from.day().unsigned_abs());
    params.not_after = rcgen::date_time_ymd(i32::from(to.year()), to.month().unsigned_abs(), to.day().unsigned_abs());
    Ok(params)
}

fn unmade(cause: impl std::fmt::Display) -> SandboxError {
    SandboxError::Listener(cause.to_string())
}
