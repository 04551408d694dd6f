//! The key that signs tokens: made once with the sandbox and kept in its state.

use aws_lc_rs::digest;
use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::encoding::Pkcs8V1Der;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::KeyPair;
use aws_lc_rs::signature::RSA_PKCS1_2048_8192_SHA256;
use aws_lc_rs::signature::RSA_PKCS1_SHA256;
use aws_lc_rs::signature::RsaKeyPair;
use aws_lc_rs::signature::UnparsedPublicKey;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rustls::pki_types::PrivatePkcs8KeyDer;
use serde_json::Value;
use serde_json::json;

use crate::sandbox::Tx;

const PRIVATE: &str = "entra.key";
const PUBLIC: &str = "entra.public";
const MODULUS: &str = "entra.modulus";
const CERTIFICATE: &str = "entra.certificate";
const ID: &str = "entra.kid";

/// Makes the signing key of a new sandbox.
pub fn install(tx: &Tx<'_>) -> rusqlite::Result<()> {
    let key = RsaKeyPair::generate(KeySize::Rsa2048).expect("an RSA key can be made");
    let private: Pkcs8V1Der<'_> = key.as_der().expect("a new RSA key can be written");
    let public = key.public_key();
    let certificate = certificate(private.as_ref());
    let id = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, &certificate);
    tx.set_meta(PRIVATE, &URL_SAFE_NO_PAD.encode(private.as_ref()))?;
    tx.set_meta(PUBLIC, &URL_SAFE_NO_PAD.encode(public.as_ref()))?;
    tx.set_meta(MODULUS, &URL_SAFE_NO_PAD.encode(public.modulus().big_endian_without_leading_zero()))?;
    tx.set_meta(CERTIFICATE, &STANDARD.encode(&certificate))?;
    tx.set_meta(ID, &URL_SAFE_NO_PAD.encode(id))
}

/// The certificate of the key, in DER.
fn certificate(private: &[u8]) -> Vec<u8> {
    let private = PrivatePkcs8KeyDer::from(private.to_vec());
    let key = rcgen::KeyPair::from_pkcs8_der_and_sign_algo(&private, &rcgen::PKCS_RSA_SHA256).expect("it was just made");
    let mut params = rcgen::CertificateParams::default();
    params
        .distinguished_name
        .push(rcgen::DnType::CommonName, "accounts.accesscontrol.windows.net");
    params.self_signed(&key).expect("the parameters are complete").der().to_vec()
}

/// The key as the JWK set shows it.
pub fn published(tx: &Tx<'_>) -> Value {
    let id = tx.meta(ID).unwrap_or_default();
    json!({
        "kty": "RSA",
        "use": "sig",
        "kid": id,
        "x5t": id,
        "n": tx.meta(MODULUS).unwrap_or_default(),
        "e": "AQAB",
        "x5c": [tx.meta(CERTIFICATE).unwrap_or_default()],
    })
}

/// Signs claims; `None` when the sandbox's key cannot be read.
pub fn sign(tx: &Tx<'_>, claims: &Value) -> Option<String> {
    let private = URL_SAFE_NO_PAD.decode(tx.meta(PRIVATE)?).ok()?;
    let key = RsaKeyPair::from_pkcs8(&private).ok()?;
    let id = tx.meta(ID)?;
    let header = json!({"typ": "JWT", "alg": "RS256", "x5t": id, "kid": id});
    let signed = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header.to_string()),
        URL_SAFE_NO_PAD.encode(claims.to_string())
    );
    let mut signature = vec![0; key.public_modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature)
        .ok()?;
    Some(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

/// The claims of `token` when this sandbox signed it.
pub fn verified(tx: &Tx<'_>, token: &str) -> Option<Value> {
    let (signed, signature) = token.rsplit_once('.')?;
    let public = URL_SAFE_NO_PAD.decode(tx.meta(PUBLIC)?).ok()?;
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, public);
    key.verify(signed.as_bytes(), &signature).ok()?;
    claims(token)
}

/// The claims of `token`, whoever signed it.
pub fn claims(token: &str) -> Option<Value> {
    let payload = token.split('.').nth(1)?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use x509_cert::Certificate;
    use x509_cert::der::Decode;

    use super::*;
    use crate::sandbox::testing::Desk;
    use crate::sandbox::testing::read;
    use crate::sandbox::testing::request;

    #[test]
    fn a_token_names_a_published_key_whose_certificate_holds_it() {
        let desk = Desk::new();
        let token = desk.token("contoso", "https://graph.microsoft.com/.default");
        let header = URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap();
        let header: Value = serde_json::from_slice(&header).unwrap();

        let (_, set) = read(
            &desk
                .world
                .answer(&request("GET", "login.microsoftonline.com", "/common/discovery/v2.0/keys")),
        );

        let key = &set["keys"][0];
        assert_eq!((&header["kid"], &header["x5t"]), (&key["kid"], &key["x5t"]));
        let der = STANDARD.decode(key["x5c"][0].as_str().unwrap()).unwrap();
        let thumbprint = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, &der);
        assert_eq!(key["x5t"], URL_SAFE_NO_PAD.encode(thumbprint));
        let certificate = Certificate::from_der(&der).unwrap();
        let held = &certificate.tbs_certificate().subject_public_key_info().subject_public_key;
        let modulus = URL_SAFE_NO_PAD.decode(key["n"].as_str().unwrap()).unwrap();
        assert!(held.as_bytes().unwrap().windows(modulus.len()).any(|part| part == modulus));
    }
}
