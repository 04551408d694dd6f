//! The certificate and key that stand behind a certificate of a vault.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use p12_keystore::Pkcs12Archive;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;
use secrecy::ExposeSecret;
use secrecy::SecretString;
use x509_cert::der::pem::LineEnding;
use x509_cert::der::pem::encode_string;

/// Takes the value of a certificate's secret apart, base64 of a PFX without password or PEM: the certificate in PEM, and its key
/// in PEM as PKCS#8. The error never quotes the value.
pub fn certificate_from_pfx(pfx_base64: &SecretString) -> Result<(String, SecretString), String> {
    let text = pfx_base64.expose_secret().trim();
    let (certificate, key) = match text.contains("-----BEGIN") {
        true => from_pem(text.as_bytes())?,
        false => from_pfx(text)?,
    };
    let encoded = |label: &str, der: &[u8]| encode_string(label, LineEnding::LF, der).map_err(|error| error.to_string());
    Ok((encoded("CERTIFICATE", &certificate)?, encoded("PRIVATE KEY", &key)?.into()))
}

const NO_KEY: &str = "it holds no private key: the certificate's key is not exportable";

fn from_pem(text: &[u8]) -> Result<(Vec<u8>, Vec<u8>), String> {
    let certificate = CertificateDer::from_pem_slice(text).map_err(|_| "it holds no certificate".to_owned())?;
    match PrivateKeyDer::from_pem_slice(text).map_err(|_| NO_KEY.to_owned())? {
        PrivateKeyDer::Pkcs8(key) => Ok((certificate.to_vec(), key.secret_pkcs8_der().to_vec())),
        _ => Err("its private key is not in PKCS#8".into()),
    }
}

fn from_pfx(text: &str) -> Result<(Vec<u8>, Vec<u8>), String> {
    let pfx = BASE64_STANDARD
        .decode(text)
        .map_err(|_| "it is neither PEM nor base64 of a PFX".to_owned())?;
    let archive = Pkcs12Archive::from_pkcs12(&pfx, "").map_err(|error| format!("its PFX is not readable without a password: {error}"))?;
    let key = archive.keys.into_iter().next().ok_or(NO_KEY)?;
    let id = key.local_key_id.as_ref().map(|id| &id.0);
    // A chain may come along; without ids the certificate of the key stands first.
    let own = archive.certs.iter().find(|bag| id.is_some() && bag.local_key_id.as_ref() == id);
    let own = own.or(archive.certs.first()).ok_or("it holds no certificate")?;
    Ok((own.cert.as_der().to_vec(), key.key.as_der().to_vec()))
}

#[cfg(test)]
mod tests {
    use p12_keystore::Certificate;
    use p12_keystore::EncryptionAlgorithm;
    use p12_keystore::KeyStore;
    use p12_keystore::KeyStoreEntry;
    use p12_keystore::PrivateKey;
    use p12_keystore::PrivateKeyChain;

    use super::*;
    use crate::cloud::assertion::Signer;

    fn made() -> (rcgen::Certificate, rcgen::KeyPair) {
        let key = rcgen::KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, rcgen::RsaKeySize::_2048).unwrap();
        let certificate = rcgen::CertificateParams::new(vec![]).unwrap().self_signed(&key).unwrap();
        (certificate, key)
    }

    #[test]
    fn the_certificate_and_key_of_a_pfx_can_sign_in() {
        let (certificate, key) = made();
        for algorithm in [
            EncryptionAlgorithm::PbeWithHmacSha256AndAes256,
            EncryptionAlgorithm::PbeWithShaAnd3KeyTripleDesCbc,
        ] {
            let chain = PrivateKeyChain::new(
                vec![1],
                PrivateKey::from_der(&key.serialize_der()).unwrap(),
                [Certificate::from_der(certificate.der()).unwrap()],
            );
            let mut store = KeyStore::new();
            store.add_entry("contoso-move-cert", KeyStoreEntry::PrivateKeyChain(chain));
            let pfx = store.writer("").encryption_algorithm(algorithm).write().unwrap();

            let (read, read_key) = certificate_from_pfx(&BASE64_STANDARD.encode(pfx).into()).unwrap();

            assert_eq!(CertificateDer::from_pem_slice(read.as_bytes()).unwrap(), *certificate.der());
            assert!(Signer::new(&read, &read_key).is_ok());
        }
    }

    #[test]
    fn pem_serves_as_well() {
        let (certificate, key) = made();

        let (read, read_key) = certificate_from_pfx(&format!("{}{}", key.serialize_pem(), certificate.pem()).into()).unwrap();

        assert!(Signer::new(&read, &read_key).is_ok());
    }

    #[test]
    fn what_holds_no_key_says_so_and_quotes_nothing() {
        let (certificate, _) = made();

        let public = certificate_from_pfx(&certificate.pem().into()).unwrap_err();
        let nonsense = certificate_from_pfx(&"s3cret".into()).unwrap_err();

        assert!(public.contains("exportable"), "{public}");
        assert!(!nonsense.contains("s3cret"), "{nonsense}");
    }
}
