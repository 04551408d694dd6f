//! Signing in with a certificate: the signed assertion that stands for a secret.

use aws_lc_rs::digest;
use aws_lc_rs::signature::RSA_PKCS1_2048_8192_SHA256;
use aws_lc_rs::signature::RSA_PSS_2048_8192_SHA256;
use aws_lc_rs::signature::UnparsedPublicKey;
use aws_lc_rs::signature::VerificationAlgorithm;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde_json::Value;
use x509_cert::Certificate;
use x509_cert::der::Decode;

use super::refusal::Refusal;
use crate::sandbox::Object;
use crate::sandbox::Request;
use crate::sandbox::Tx;
use crate::sandbox::directory;
use crate::sandbox::hosts;

/// Checks the assertion against the application's certificates, the address it was sent to and the clocks.
pub fn check(tx: &Tx<'_>, request: &Request, application: &Object, assertion: &str) -> Result<(), Refusal> {
    let rejected = |text: &str| {
        Refusal::new(
            700027,
            "invalid_client",
            format!("The certificate with identifier used to sign the client assertion is not registered on application. {text}"),
        )
    };
    let malformed = || Refusal::new(50027, "invalid_client", "JWT token is invalid or malformed.");
    let (signed, signature) = assertion.rsplit_once('.').ok_or_else(malformed)?;
    let (header, payload) = signed.split_once('.').ok_or_else(malformed)?;
    let (header, claims) = (part(header).ok_or_else(malformed)?, part(payload).ok_or_else(malformed)?);
    let signature = URL_SAFE_NO_PAD.decode(signature.trim_end_matches('=')).map_err(|_| malformed())?;

    let named = |keys: Vec<Vec<u8>>| keys.into_iter().find(|der| is_named(der, &header));
    let certificate = named(directory::keys_in_time(tx, application)).ok_or_else(|| match named(certificates(application)) {
        Some(_) => rejected("[Reason - The key used is expired or not yet valid.]"),
        None => rejected("[Reason - The key was not found.]"),
    })?;
    let algorithm: &dyn VerificationAlgorithm = match header["alg"].as_str() {
        Some("PS256") => &RSA_PSS_2048_8192_SHA256,
        Some("RS256") => &RSA_PKCS1_2048_8192_SHA256,
        _ => return Err(malformed()),
    };
    let key = public_key(&certificate).ok_or_else(|| rejected("[Reason - The key could not be read.]"))?;
    let verified = UnparsedPublicKey::new(algorithm, key).verify(signed.as_bytes(), &signature);
    verified.map_err(|_| rejected("[Reason - The key was found, but use of the key to verify the signature failed.]"))?;

    let client_id = application.text("appId");
    if claims["iss"] != client_id || claims["sub"] != client_id {
        let text = "Client assertion issuer and subject must be the client application's id.";
        return Err(Refusal::new(700021, "invalid_client", text));
    }
    if !is_meant_for(tx, &claims, request) {
        let text = "Client assertion audience claim does not match Realm issuer. Review the documentation at \
                    https://learn.microsoft.com/entra/identity-platform/certificate-credentials .";
        return Err(Refusal::new(700023, "invalid_client", text));
    }
    // Strangers sign by the computer's clock, which the sandbox's is not bound to.
    if ![tx.now(), Timestamp::now()].into_iter().any(|now| is_in_time(&claims, now)) {
        let text = "Client assertion is not within its valid time range. Please check the expiry time of assertion.";
        return Err(Refusal::new(700024, "invalid_client", text));
    }
    Ok(())
}

fn is_in_time(claims: &Value, now: Timestamp) -> bool {
    // SDKs send fractions of seconds, and some leave `nbf` out.
    let now = now.as_second() as f64;
    let starts = claims["nbf"].as_f64().unwrap_or(now);
    claims["exp"].as_f64().is_some_and(|end| end > now) && starts <= now + 300.0
}

fn part(text: &str) -> Option<Value> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()?).ok()
}

/// The application's certificates in DER, in time or not.
fn certificates(application: &Object) -> Vec<Vec<u8>> {
    let credentials = application.body.get("keyCredentials").and_then(Value::as_array);
    let keys = credentials
        .into_iter()
        .flatten()
        .filter_map(|credential| credential["key"].as_str());
    keys.filter_map(|key| STANDARD.decode(key).ok()).collect()
}

fn is_named(der: &[u8], header: &Value) -> bool {
    let is = |name: &str, algorithm| {
        let named = header[name]
            .as_str()
            .and_then(|text| URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok());
        named.is_some_and(|named| named == digest::digest(algorithm, der).as_ref())
    };
    is("x5t#S256", &digest::SHA256) || is("x5t", &digest::SHA1_FOR_LEGACY_USE_ONLY)
}

fn public_key(der: &[u8]) -> Option<Vec<u8>> {
    let certificate = Certificate::from_der(der).ok()?;
    let key = &certificate.tbs_certificate().subject_public_key_info().subject_public_key;
    key.as_bytes().map(<[u8]>::to_vec)
}

/// Whether `aud` is the token endpoint that was asked, by any name of its tenant, or that tenant's issuer.
fn is_meant_for(tx: &Tx<'_>, claims: &Value, request: &Request) -> bool {
    let base = format!("https://{}/", hosts::login_of(&request.host));
    let own = format!("https://{}/", request.host);
    let audience = claims["aud"].as_str().unwrap_or_default();
    let address = audience.strip_prefix(base.as_str()).or(audience.strip_prefix(own.as_str()));
    let Some((named, rest)) = address.and_then(|address| address.split_once('/')) else {
        return false;
    };
    let asked = request.path.trim_start_matches('/').split('/').next().unwrap_or_default();
    let tenant = |name: &str| directory::tenant(tx, name).map(|tenant| tenant.id);
    let is_asked = named.eq_ignore_ascii_case(asked) || tenant(named).is_some_and(|named| Some(named) == tenant(asked));
    is_asked && ["oauth2/v2.0/token", "v2.0", "oauth2/token"].contains(&rest)
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::encoding::AsDer;
    use aws_lc_rs::encoding::Pkcs8V1Der;
    use aws_lc_rs::rand::SystemRandom;
    use aws_lc_rs::rsa::KeySize;
    use aws_lc_rs::signature::RSA_PSS_SHA256;
    use aws_lc_rs::signature::RsaKeyPair;
    use serde_json::json;

    use super::*;
    use crate::sandbox::testing::Desk;

    /// A key and its certificate in DER.
    fn identity() -> (RsaKeyPair, Vec<u8>) {
        let key = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
        let private: Pkcs8V1Der<'_> = key.as_der().unwrap();
        let private = rustls::pki_types::PrivatePkcs8KeyDer::from(private.as_ref().to_vec());
        let for_certificate = rcgen::KeyPair::from_pkcs8_der_and_sign_algo(&private, &rcgen::PKCS_RSA_SHA256).unwrap();
        let certificate = rcgen::CertificateParams::default().self_signed(&for_certificate).unwrap();
        (key, certificate.der().to_vec())
    }

    fn assertion(key: &RsaKeyPair, certificate: &[u8], client_id: &str, audience: &str, end: i64) -> String {
        let thumbprint = URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, certificate));
        let header = json!({"alg": "PS256", "typ": "JWT", "x5t#S256": format!("{thumbprint}=")});
        let claims = json!({
            "aud": audience, "iss": client_id, "sub": client_id, "jti": "1", "nbf": end as f64 - 600.0, "exp": end as f64 + 0.5,
        });
        let signed = format!(
            "{}.{}",
            URL_SAFE_NO_PAD.encode(header.to_string()),
            URL_SAFE_NO_PAD.encode(claims.to_string())
        );
        let mut signature = vec![0; key.public_modulus_len()];
        key.sign(&RSA_PSS_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature)
            .unwrap();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    #[test]
    fn a_certificate_signs_in_and_a_stranger_or_a_late_one_does_not() {
        let desk = Desk::new();
        let (key, certificate) = identity();
        let (other_key, other_certificate) = identity();
        let credential = json!({"type": "AsymmetricX509Cert", "usage": "Verify", "key": STANDARD.encode(&certificate)});
        let (status, application) = desk.graph(
            "contoso",
            "POST",
            "applications",
            json!({"displayName": "tool", "keyCredentials": [credential]}),
        );
        assert_eq!(status, 201, "{application}");
        assert!(application["keyCredentials"][0]["key"].is_null());
        let client_id = application["appId"].as_str().unwrap();
        desk.graph("contoso", "POST", "servicePrincipals", json!({"appId": client_id}));
        let sign_in = |assertion: &str| {
            let fields = [
                ("client_id", client_id),
                ("client_secret", ""),
                ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
                ("client_assertion", assertion),
            ];
            let (_, body) = desk.sign_in("contoso", &fields);
            body["error_codes"][0].as_u64()
        };
        let address = "https://login.microsoftonline.com/contoso.com/oauth2/v2.0/token";
        let soon = desk.world.now().as_second() + 300;

        assert_eq!(sign_in(&assertion(&key, &certificate, client_id, address, soon)), None);
        assert_eq!(
            sign_in(&assertion(&other_key, &other_certificate, client_id, address, soon)),
            Some(700027)
        );
        assert_eq!(
            sign_in(&assertion(&other_key, &certificate, client_id, address, soon)),
            Some(700027)
        );
        assert_eq!(
            sign_in(&assertion(&key, &certificate, client_id, address, soon - 400)),
            Some(700024)
        );
        // A stranger goes by the computer's clock, which no test of the sandbox is bound to.
        let real = Timestamp::now().as_second();
        assert_eq!(sign_in(&assertion(&key, &certificate, client_id, address, real + 300)), None);
        assert_eq!(
            sign_in(&assertion(&key, &certificate, client_id, address, real + 4000)),
            Some(700024)
        );
        let elsewhere = address.replace("contoso.com", "northwind.com");
        assert_eq!(sign_in(&assertion(&key, &certificate, client_id, &elsewhere, soon)), Some(700023));
    }

    #[test]
    fn a_certificate_signs_in_from_its_start_to_its_end_by_the_clock_of_the_sandbox() {
        let desk = Desk::new();
        let (key, certificate) = identity();
        let day = jiff::SignedDuration::from_hours(24);
        let (start, end) = (desk.world.now() + day, desk.world.now() + day * 2);
        let credential = json!({
            "type": "AsymmetricX509Cert", "usage": "Verify", "key": STANDARD.encode(&certificate),
            "startDateTime": start.to_string(), "endDateTime": end.to_string(),
        });
        let body = json!({"displayName": "tool", "keyCredentials": [credential]});
        let (status, application) = desk.graph("contoso", "POST", "applications", body);
        assert_eq!(status, 201, "{application}");
        let client_id = application["appId"].as_str().unwrap();
        desk.graph("contoso", "POST", "servicePrincipals", json!({"appId": client_id}));
        let sign_in = || {
            let address = "https://login.microsoftonline.com/contoso.com/oauth2/v2.0/token";
            let assertion = assertion(&key, &certificate, client_id, address, desk.world.now().as_second() + 300);
            let fields = [
                ("client_id", client_id),
                ("client_secret", ""),
                ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
                ("client_assertion", assertion.as_str()),
            ];
            let (status, body) = desk.sign_in("contoso", &fields);
            (status, body["error_codes"][0].as_u64())
        };

        assert_eq!(sign_in(), (401, Some(700027)));
        desk.world.advance(day.unsigned_abs()).unwrap();
        assert_eq!(sign_in(), (200, None));
        desk.world.advance(day.unsigned_abs()).unwrap();
        assert_eq!(sign_in(), (401, Some(700027)));
    }
}
