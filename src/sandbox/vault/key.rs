//! What a private key tells of itself.

use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::KeyPair as _;

/// The size of an RSA key (PKCS#8) in bits; `None` for any other key.
pub fn bits(key: &[u8]) -> Option<u64> {
    let pair = KeyPair::from_pkcs8(key).ok()?;
    u64::try_from(pair.public_modulus_len() * 8).ok()
}

/// The public half of an RSA key (PKCS#8), as a certificate holds it.
pub fn public(key: &[u8]) -> Option<Vec<u8>> {
    let pair = KeyPair::from_pkcs8(key).ok()?;
    Some(pair.public_key().as_ref().to_vec())
}
