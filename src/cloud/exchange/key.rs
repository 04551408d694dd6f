//! The service's public key, with which secrets are encrypted inside the body. It comes with the module file that the service
//! generates for PowerShell, as an `RSAKeyValue` document somewhere in its text.

use std::fmt;

use aws_lc_rs::rsa::Pkcs1PublicEncryptingKey;
use aws_lc_rs::rsa::PublicEncryptingKey;
use aws_lc_rs::rsa::PublicKeyComponents;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;

use crate::cloud::CloudError;
use crate::cloud::Connection;
use crate::cloud::exchange::fault;
use crate::cloud::link::url;
use crate::cloud::request::Call;
use crate::cloud::sign_in::Resource;

/// A public key that only the service can undo.
pub(in crate::cloud) struct SecretKey(Pkcs1PublicEncryptingKey);

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RSA key of {} bits", self.0.key_size_bits())
    }
}

impl SecretKey {
    /// Base64 of the ciphertext.
    pub(super) fn encrypt(&self, plain: &str) -> Result<String, String> {
        let limit = self.0.max_plaintext_size();
        if plain.len() > limit {
            return Err(format!("is too long to be encrypted, {} bytes of at most {limit}", plain.len()));
        }
        let mut ciphertext = vec![0; self.0.ciphertext_size()];
        match self.0.encrypt(plain.as_bytes(), &mut ciphertext) {
            Ok(ciphertext) => Ok(BASE64_STANDARD.encode(ciphertext)),
            Err(_) => Err("could not be encrypted".into()),
        }
    }

    /// The key inside `text`, if there is one.
    fn find(text: &str) -> Option<Self> {
        let (_, document) = text.split_once("<RSAKeyValue>")?;
        let (document, _) = document.split_once("</RSAKeyValue>")?;
        let components = PublicKeyComponents {
            n: number(document, "Modulus")?,
            e: number(document, "Exponent")?,
        };
        let key: PublicEncryptingKey = components.try_into().ok()?;
        Pkcs1PublicEncryptingKey::new(key).ok().map(Self)
    }
}

/// A big-endian number in base64, as XML signatures write it.
fn number(document: &str, name: &str) -> Option<Vec<u8>> {
    let (_, rest) = document.split_once(&format!("<{name}>"))?;
    let (encoded, _) = rest.split_once(&format!("</{name}>"))?;
    let encoded: String = encoded.split_whitespace().collect();
    let bytes = BASE64_STANDARD.decode(encoded).ok()?;
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    Some(bytes[zeros..].to_vec())
}

/// The first key in any string of `value`.
fn find_in(value: &Value) -> Option<SecretKey> {
    match value {
        Value::String(text) => SecretKey::find(text),
        Value::Array(items) => items.iter().find_map(find_in),
        Value::Object(map) => map.values().find_map(find_in),
        _ => None,
    }
}

impl Connection {
    /// The public key, fetched once. `None` when the service has none: secrets then travel as text inside TLS, which is what
    /// other clients do all the time. A fetch that fails is an error, and the next secret tries again.
    pub(super) async fn secret_key(&self) -> Result<Option<&SecretKey>, CloudError> {
        self.0
            .secret_key
            .get_or_try_init(|| self.fetch_secret_key())
            .await
            .map(Option::as_ref)
    }

    async fn fetch_secret_key(&self) -> Result<Option<SecretKey>, CloudError> {
        let tenant = self.tenant_id().await?;
        let mut url = url(self.cloud().exchange, &format!("/adminapi/v1.0/{tenant}/EXOModuleFile"))?;
        url.set_query(Some("Version=3.9.0"));
        let call = Call {
            headers: vec![("commandname", "*".into())],
            ..Call::get("the public key of Exchange", url)
        };
        let answer = self.send(&call, Resource::Exchange).await?;
        match answer.status.as_u16() {
            404 => return Ok(None),
            200..=299 => {}
            // Whoever could not be asked may have a key all the same.
            _ => return Err(fault::read("EXOModuleFile", &answer, call.is_read).into()),
        }
        Ok(match answer.json() {
            Some(json) => find_in(&json),
            None => std::str::from_utf8(&answer.body).ok().and_then(SecretKey::find),
        })
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::encoding::AsDer;
    use aws_lc_rs::rsa::KeySize;
    use aws_lc_rs::rsa::Pkcs1PrivateDecryptingKey;
    use aws_lc_rs::rsa::PrivateDecryptingKey;
    use aws_lc_rs::signature::KeyPair;
    use aws_lc_rs::signature::RsaKeyPair;
    use secrecy::SecretString;
    use serde_json::json;

    use super::*;
    use crate::cloud::testing::Reply;
    use crate::cloud::testing::Site;
    use crate::model::Arguments;
    use crate::model::Given;
    use crate::model::Kind;
    use crate::model::Trouble;

    fn key_and_document() -> (PrivateDecryptingKey, String) {
        let private = PrivateDecryptingKey::generate(KeySize::Rsa2048).unwrap();
        let der: aws_lc_rs::encoding::Pkcs8V1Der = private.as_der().unwrap();
        let pair = RsaKeyPair::from_pkcs8(der.as_ref()).unwrap();
        let components: PublicKeyComponents<Vec<u8>> = pair.public_key().into();
        let document = format!(
            "<RSAKeyValue><Modulus>{}</Modulus><Exponent>{}</Exponent></RSAKeyValue>",
            BASE64_STANDARD.encode(components.n),
            BASE64_STANDARD.encode(components.e)
        );
        (private, document)
    }

    fn decrypt(key: PrivateDecryptingKey, text: &str) -> String {
        let key = Pkcs1PrivateDecryptingKey::new(key).unwrap();
        let mut plain = vec![0; key.min_output_size()];
        let plain = key.decrypt(&BASE64_STANDARD.decode(text).unwrap(), &mut plain).unwrap();
        String::from_utf8(plain.to_vec()).unwrap()
    }

    #[tokio::test]
    async fn a_credential_is_encrypted_with_the_key_from_the_module_file() {
        let (private, document) = key_and_document();
        let module = format!("function Protect {{ $key = '{document}' }}");
        let site = Site::start(move |request| match request.method.as_str() {
            "GET" => Reply::value(json!([{"exportedCmdlets": "Get-Mailbox", "moduleFile": module}])),
            _ => Reply::value(json!([])),
        })
        .await;
        let credential = Given::Credential {
            user: "5e5e5e5e-3333-4333-8333-c0ffee000003".into(),
            secret: SecretString::from("k7Q~synthetic"),
        };

        site.connection()
            .exchange_read(
                "Test-MigrationServerAvailability",
                &Arguments::new().with("Credentials", credential),
                None,
            )
            .await
            .unwrap();

        let body = site.last().json();
        let sent = body["CmdletInput"]["Parameters"]["Credentials"].as_str().unwrap();
        assert_eq!(
            decrypt(private, sent),
            r#"{"UserName":"5e5e5e5e-3333-4333-8333-c0ffee000003","Password":"k7Q~synthetic"}"#
        );
    }

    #[tokio::test]
    async fn a_key_that_cannot_be_fetched_holds_the_secret_back_until_it_can() {
        let (_, document) = key_and_document();
        let site = Site::start(move |request| match request.path.ends_with("/EXOModuleFile") {
            true if request.count == 0 => Reply::bytes(403, vec![0; 8]),
            true => Reply::json(200, json!({"value": [document]})),
            false => Reply::value(json!([])),
        })
        .await;
        let connection = site.connection();
        let credential = Given::Credential {
            user: "5e5e".into(),
            secret: SecretString::from("k7Q~synthetic"),
        };
        let arguments = Arguments::new().with("Credentials", credential);
        let test = async || connection.exchange_read("Test-MigrationServerAvailability", &arguments, None).await;

        let refused = test().await;
        assert_eq!(Trouble::from(refused.unwrap_err()).kind, Kind::Forbidden);
        assert_eq!(site.requests().len(), 1);

        test().await.unwrap();
        assert!(site.last().json()["CmdletInput"]["Parameters"]["Credentials"].is_string());
    }

    #[test]
    fn what_does_not_fit_the_key_is_refused() {
        let (_, document) = key_and_document();
        let key = SecretKey::find(&document).unwrap();

        assert!(key.encrypt(&"x".repeat(245)).is_ok());
        assert!(key.encrypt(&"x".repeat(246)).unwrap_err().contains("too long"));
        assert!(SecretKey::find("<RSAKeyValue><Modulus>?</Modulus></RSAKeyValue>").is_none());
    }
}
