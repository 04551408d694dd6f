//! Opaque values that stand for something in the state: device codes, authorization codes and refresh tokens.

use aws_lc_rs::rand;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// A new value that nobody guesses.
pub fn make() -> String {
    let mut bytes = [0; 48];
    rand::fill(&mut bytes).expect("the system has random numbers");
    format!("1.{}", URL_SAFE_NO_PAD.encode(bytes))
}
