//! The SHA-1 thumbprint of a certificate in its several spellings.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

/// Two capital digits a byte, as thumbprints are written.
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

/// Whether `shown`, the `customKeyIdentifier` of a key in the directory, is `thumbprint`: 40 hexadecimal digits or, for keys that
/// some tools added, the base64 of its bytes in either alphabet.
pub fn is_thumbprint(shown: &str, thumbprint: &[u8]) -> bool {
    let plain = shown.trim_end_matches('=');
    if plain.is_empty() {
        return false;
    }
    shown.eq_ignore_ascii_case(&hexadecimal(thumbprint))
        || plain == BASE64_STANDARD.encode(thumbprint).trim_end_matches('=')
        || plain == BASE64_URL_SAFE_NO_PAD.encode(thumbprint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thumbprint_is_known_in_each_spelling_and_no_other_is_taken_for_it() {
        // As `xxd -r -p | base64` has it; the bytes hold both characters in which the alphabets differ.
        let thumbprint = [0xfb, 0xef, 0xff, 0x2c];

        for shown in ["FBEFFF2C", "fbefff2c", "++//LA==", "++//LA", "--__LA"] {
            assert!(is_thumbprint(shown, &thumbprint), "{shown}");
        }
        for shown in ["FBEFFF2D", "", "=", "++__LA"] {
            assert!(!is_thumbprint(shown, &thumbprint), "{shown}");
        }
        assert!(!is_thumbprint("", &[]));
    }
}
