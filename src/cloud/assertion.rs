//! The signed assertion by which a certificate proves an application: PS256 with `x5t#S256`, Entra's documented form.

use std::fmt;

use aws_lc_rs::digest;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::RSA_PSS_SHA256;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::Timestamp;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;
use secrecy::ExposeSecret;
use secrecy::SecretString;
use serde_json::json;
use uuid::Uuid;

/// How long an assertion is good for; Entra wants five to ten minutes.
const LIFE_SECONDS: i64 = 600;

/// A certificate with its key, checked to be usable.
pub(super) struct Signer {
    thumbprint: String,
    key: KeyPair,
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "signer with certificate {}", self.thumbprint)
    }
}

impl Signer {
    pub(super) fn new(certificate_pem: &str, key_pem: &SecretString) -> Result<Self, String> {
        let certificate =
            CertificateDer::from_pem_slice(certificate_pem.as_bytes()).map_err(|error| format!("the certificate is not PEM: {error}"))?;
        let key = PrivateKeyDer::from_pem_slice(key_pem.expose_secret().as_bytes())
            .map_err(|_| "the key is not a private key in PEM, or it is protected by a password".to_owned())?;
        let key = match &key {
            PrivateKeyDer::Pkcs8(der) => KeyPair::from_pkcs8(der.secret_pkcs8_der()),
            PrivateKeyDer::Pkcs1(der) => KeyPair::from_der(der.secret_pkcs1_der()),
            _ => return Err("the key must be an RSA key".into()),
        };
        Ok(Self {
            thumbprint: BASE64_URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, &certificate)),
            key: key.map_err(|_| "the key must be an RSA key of at least 2048 bits".to_owned())?,
        })
    }

    /// A fresh assertion of `client_id` for the token endpoint `audience`.
    pub(super) fn assertion(&self, client_id: &str, audience: &str, now: Timestamp) -> Result<SecretString, String> {
        let now = now.as_second();
        let header = json!({"alg": "PS256", "typ": "JWT", "x5t#S256": self.thumbprint});
        let claims = json!({
            "aud": audience, "iss": client_id, "sub": client_id, "jti": Uuid::new_v4(),
            "nbf": now, "iat": now, "exp": now + LIFE_SECONDS,
        });
        let part = |value: serde_json::Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(header), part(claims));
        let mut signature = vec![0; self.key.public_modulus_len()];
        self.key
            .sign(&RSA_PSS_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature)
            .map_err(|_| "the key could not sign".to_owned())?;
        Ok(format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature)).into())
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::signature::RSA_PSS_2048_8192_SHA256;
    use aws_lc_rs::signature::UnparsedPublicKey;
    use rcgen::CertificateParams;
    use rcgen::PublicKeyData;
    use rcgen::RsaKeySize;
    use serde_json::Value;

    use super::*;

    #[test]
    fn an_assertion_is_signed_by_the_certificates_key_and_names_its_thumbprint() {
        let key = rcgen::KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, RsaKeySize::_2048).unwrap();
        let certificate = CertificateParams::new(vec![]).unwrap().self_signed(&key).unwrap();
        let signer = Signer::new(&certificate.pem(), &key.serialize_pem().into()).unwrap();

        let assertion = signer
            .assertion("app", "https://login/t/token", "2026-11-23T12:00:00Z".parse().unwrap())
            .unwrap();

        let (signed, signature) = assertion.expose_secret().rsplit_once('.').unwrap();
        let decode = |part: &str| BASE64_URL_SAFE_NO_PAD.decode(part).unwrap();
        let parts: Vec<Value> = signed
            .split('.')
            .map(|part| serde_json::from_slice(&decode(part)).unwrap())
            .collect();
        UnparsedPublicKey::new(&RSA_PSS_2048_8192_SHA256, key.der_bytes())
            .verify(signed.as_bytes(), &decode(signature))
            .unwrap();
        let thumbprint = BASE64_URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, certificate.der()));
        assert_eq!(parts[0], json!({"alg": "PS256", "typ": "JWT", "x5t#S256": thumbprint}));
        assert_eq!(parts[1]["aud"], "https://login/t/token");
        assert_eq!(parts[1]["exp"].as_i64().unwrap() - parts[1]["nbf"].as_i64().unwrap(), 600);
    }

    #[test]
    fn a_key_that_cannot_sign_is_refused_before_anything_is_sent() {
        let curve = rcgen::KeyPair::generate().unwrap();
        let certificate = CertificateParams::new(vec![]).unwrap().self_signed(&curve).unwrap();

        let error = Signer::new(&certificate.pem(), &curve.serialize_pem().into()).unwrap_err();

        assert!(error.contains("RSA"), "{error}");
        assert!(Signer::new("nonsense", &curve.serialize_pem().into()).is_err());
    }
}
