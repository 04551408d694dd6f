//! The certificate and key that stand behind a certificate of a vault.

use secrecy::SecretString;

/// Takes the value of a certificate's secret apart, base64 of a PFX without password or PEM: the certificate in PEM, and its key
/// in PEM as PKCS#8. The error never quotes the value.
pub fn certificate_from_pfx(pfx_base64: &SecretString) -> Result<(String, SecretString), String> {
    let _ = pfx_base64;
    Err("not readable yet".into())
}
