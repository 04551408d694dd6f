//! The key with which clients encrypt passwords, so that they do not lie in the clear inside a body.
//!
//! The service ships the public half with its module; the sandbox makes its own, and keeps the private half in its state.

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::encoding::Pkcs8V1Der;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::rsa::Pkcs1PrivateDecryptingKey;
use aws_lc_rs::rsa::PrivateDecryptingKey;
use aws_lc_rs::signature::KeyPair;
use aws_lc_rs::signature::RsaKeyPair;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::sandbox::Tx;

const PRIVATE: &str = "exchange.key";
const PUBLIC: &str = "exchange.public";

/// Makes the key of a new sandbox, when it has none.
pub fn install(tx: &Tx<'_>) -> rusqlite::Result<()> {
    if tx.meta(PRIVATE).is_some() {
        return Ok(());
    }
    let key = RsaKeyPair::generate(KeySize::Rsa2048).expect("an RSA key can be made");
    let private: Pkcs8V1Der<'_> = key.as_der().expect("a new RSA key can be written");
    let public = key.public_key();
    let xml = format!(
        "<RSAKeyValue><Modulus>{}</Modulus><Exponent>{}</Exponent></RSAKeyValue>",
        STANDARD.encode(public.modulus().big_endian_without_leading_zero()),
        STANDARD.encode(public.exponent().big_endian_without_leading_zero()),
    );
    tx.set_meta(PRIVATE, &STANDARD.encode(private.as_ref()))?;
    tx.set_meta(PUBLIC, &xml)
}

/// The public key as the `RSAKeyValue` document that .NET reads.
pub fn public_key(tx: &Tx<'_>) -> rusqlite::Result<String> {
    install(tx)?;
    Ok(tx.meta(PUBLIC).unwrap_or_default())
}

/// What was encrypted with the public key; `None` for any other text.
pub fn decrypted(tx: &Tx<'_>, text: &str) -> Option<String> {
    let cipher = STANDARD.decode(text).ok()?;
    let private = STANDARD.decode(tx.meta(PRIVATE)?).ok()?;
    let key = PrivateDecryptingKey::from_pkcs8(&private).ok()?;
    let key = Pkcs1PrivateDecryptingKey::new(key).ok()?;
    let mut plain = vec![0; key.min_output_size()];
    let plain = key.decrypt(&cipher, &mut plain).ok()?;
    String::from_utf8(plain.to_vec()).ok()
}
