//! Raw bytes, such as the CSV of a batch: legible when they are text.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::quoting::SINGLE;

/// An expression that gives `bytes`.
pub(super) fn expression(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes).ok().and_then(here) {
        Some(text) => format!("[Text.Encoding]::UTF8.GetBytes({text})"),
        None => format!("[Convert]::FromBase64String('{}')", STANDARD.encode(bytes)),
    }
}

/// A text of several lines as a here-string, when every character of it survives in one.
fn here(text: &str) -> Option<String> {
    let plain = text.replace("\r\n", "\n");
    let is_windows = plain.len() != text.len();
    let is_even = !is_windows || plain.matches('\n').count() == text.len() - plain.len();
    let is_legible = plain.contains('\n') && plain.chars().all(|c| c == '\n' || c == '\t' || !c.is_control());
    // A quote with an `@` behind it at the beginning of a line is its end.
    let ends_itself = plain
        .lines()
        .any(|line| line.strip_prefix(SINGLE).is_some_and(|rest| rest.starts_with('@')));
    if !is_even || !is_legible || ends_itself {
        return None;
    }
    // A script that was carried through another system has that system's line breaks.
    let ending = if is_windows { "`r`n" } else { "`n" };
    Some(format!("(@'\n{plain}\n'@ -replace '\\r?\\n', \"{ending}\")"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_csv_is_legible_and_keeps_its_line_breaks() {
        assert_eq!(
            expression(b"EmailAddress\nlara@northwind.com\n"),
            "[Text.Encoding]::UTF8.GetBytes((@'\nEmailAddress\nlara@northwind.com\n\n'@ -replace '\\r?\\n', \"`n\"))"
        );
        assert!(expression(b"a\r\nb\r\n").ends_with("\"`r`n\"))"));
    }

    #[test]
    fn what_would_not_survive_as_text_is_base64() {
        for bytes in [
            &b"a\r\nb\nc"[..],
            b"a\n'@\nb",
            b"one line",
            b"\xff\n",
            b"a\x00\n",
            "x\n\u{2019}@".as_bytes(),
        ] {
            assert!(expression(bytes).starts_with("[Convert]::FromBase64String('"), "{bytes:?}");
        }
    }
}
