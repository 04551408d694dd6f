//! The secret behind a certificate: PKCS#12 without a password, or PEM.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use p12_keystore::Certificate;
use p12_keystore::KeyStore;
use p12_keystore::KeyStoreEntry;
use p12_keystore::Pkcs12ImportPolicy;
use p12_keystore::PrivateKey;
use p12_keystore::PrivateKeyChain;
use x509_cert::der::Decode;
use x509_cert::der::DecodePem;
use x509_cert::der::Document;
use x509_cert::der::Encode;

use super::policy;

/// As the service has it; the default of ten thousand guards a password, and there is none.
const ITERATIONS: u32 = 2000;

/// The secret's value for a content type: the certificate, and its key (PKCS#8) when that may leave the vault.
pub fn write(content_type: &str, certificate: &[u8], key: Option<&[u8]>) -> Option<String> {
    match content_type {
        policy::PEM => Some(format!(
            "{}{}",
            key.map(|key| pem("PRIVATE KEY", key)).unwrap_or_default(),
            pem("CERTIFICATE", certificate)
        )),
        _ => pkcs12(certificate, key).map(|pfx| STANDARD.encode(pfx)),
    }
}

fn pkcs12(certificate: &[u8], key: Option<&[u8]>) -> Option<Vec<u8>> {
    let certificate = Certificate::from_der(certificate).ok()?;
    let mut store = KeyStore::new();
    let entry = match key {
        Some(key) => KeyStoreEntry::PrivateKeyChain(PrivateKeyChain::new("1", PrivateKey::from_der(key).ok()?, [certificate])),
        None => KeyStoreEntry::Certificate(certificate),
    };
    store.add_entry("certificate", entry);
    let writer = store.writer("").encryption_iterations(ITERATIONS).mac_iterations(ITERATIONS);
    writer.write().ok()
}

fn pem(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines = text
        .as_bytes()
        .chunks(64)
        .map(|line| String::from_utf8_lossy(line).into_owned() + "\n");
    format!("-----BEGIN {label}-----\n{}-----END {label}-----\n", lines.collect::<String>())
}

/// Certificate and key (PKCS#8), in DER, of what a caller imports.
pub fn read(content_type: &str, value: &str, password: &str) -> Option<(Vec<u8>, Vec<u8>)> {
    if content_type == policy::PEM {
        let certificate = x509_cert::Certificate::from_pem(block(value, "CERTIFICATE")?).ok()?;
        let (_, key) = Document::from_pem(block(value, "PRIVATE KEY")?).ok()?;
        return Some((certificate.to_der().ok()?, key.as_bytes().to_vec()));
    }
    let store = KeyStore::from_pkcs12(&STANDARD.decode(value).ok()?, password, Pkcs12ImportPolicy::Strict).ok()?;
    let (_, chain) = store.private_key_chain()?;
    let certificate = chain.certs().first()?.as_der().to_vec();
    x509_cert::Certificate::from_der(&certificate).ok()?;
    Some((certificate, chain.key().as_der().to_vec()))
}

fn block<'a>(text: &'a str, label: &str) -> Option<&'a str> {
    let (begin, end) = (format!("-----BEGIN {label}-----"), format!("-----END {label}-----"));
    let text = &text[text.find(&begin)?..];
    Some(&text[..text.find(&end)? + end.len()])
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use serde_json::json;

    use super::super::issue;
    use super::*;

    fn made() -> (Vec<u8>, Vec<u8>) {
        let now: Timestamp = "2026-01-05T08:00:00Z".parse().unwrap();
        let policy = policy::merged(None, &json!({"x509_props": {"subject": "CN=x"}}), now).unwrap();
        let key = issue::new_key(&policy).unwrap();
        (issue::self_signed(&policy, &key, now).unwrap().certificate, key)
    }

    #[test]
    fn what_is_written_can_be_read_and_a_key_that_may_not_leave_stays() {
        let (certificate, key) = made();
        for content_type in [policy::PKCS12, policy::PEM] {
            let whole = write(content_type, &certificate, Some(&key)).unwrap();
            let public = write(content_type, &certificate, None).unwrap();

            assert_eq!(read(content_type, &whole, ""), Some((certificate.clone(), key.clone())));
            assert_eq!(read(content_type, &public, ""), None);
        }
        let pfx = write(policy::PKCS12, &certificate, Some(&key)).unwrap();
        assert_eq!(read(policy::PKCS12, &pfx, "wrong"), None);
    }
}
