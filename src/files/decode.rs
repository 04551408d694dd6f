//! The text of a file, whatever tool wrote it. Windows PowerShell 5.1 writes UTF-16 with a byte order mark, everything else UTF-8.

use std::path::Path;

use crate::files::FileError;
use crate::files::Place;

const UTF8_MARK: &[u8] = &[0xEF, 0xBB, 0xBF];

/// The text of `bytes` without its byte order mark.
pub(super) fn text(path: &Path, bytes: Vec<u8>) -> Result<String, FileError> {
    if let Some(wide) = wide_text(&bytes) {
        return Ok(wide);
    }
    let bytes = match bytes.strip_prefix(UTF8_MARK) {
        Some(rest) => rest.to_vec(),
        None => bytes,
    };
    String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let place = Place::of_offset(&String::from_utf8_lossy(&error.as_bytes()[..good]), good);
        not_utf8(path, place)
    })
}

/// The error for text in an old code page, which cannot be told apart from others and is therefore never guessed.
pub(super) fn not_utf8(path: &Path, place: Place) -> FileError {
    FileError::malformed(path, place, "the text is neither UTF-8 nor UTF-16").with_remedy("save it as UTF-8")
}

/// The text when the bytes start with a UTF-16 mark. Halves of characters that stand alone become U+FFFD.
pub(super) fn wide_text(bytes: &[u8]) -> Option<String> {
    let (rest, is_little) = match bytes {
        [0xFF, 0xFE, rest @ ..] => (rest, true),
        [0xFE, 0xFF, rest @ ..] => (rest, false),
        _ => return None,
    };
    let unit = |pair: [u8; 2]| {
        if is_little {
            u16::from_le_bytes(pair)
        } else {
            u16::from_be_bytes(pair)
        }
    };
    let units: Vec<u16> = rest.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
    Some(String::from_utf16_lossy(&units))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_encodings_of_powershell_are_read() {
        let wide: Vec<u8> = [0xFF, 0xFE]
            .into_iter()
            .chain("Zoë".encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        let marked = [UTF8_MARK, "Zoë".as_bytes()].concat();

        assert_eq!(text(Path::new("a"), wide).expect("read"), "Zoë");
        assert_eq!(text(Path::new("a"), marked).expect("read"), "Zoë");
    }

    #[test]
    fn an_old_code_page_is_refused_with_its_place() {
        let error = text(Path::new("users.csv"), b"Name\nZo\xEB\n".to_vec()).expect_err("not UTF-8");

        assert_eq!(error.to_string(), "users.csv:2:3: the text is neither UTF-8 nor UTF-16");
    }
}
