//! The `_xHHHH_` escapes of CLIXML: PowerShell writes control characters and halves of wide characters that way, in texts and names.

/// Text with its escapes undone.
pub(super) fn decode(text: &str) -> String {
    if !text.contains("_x") {
        return text.to_owned();
    }
    let mut units: Vec<u16> = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        units.extend(rest[..at].encode_utf16());
        let code = rest
            .get(at + 2..at + 7)
            .and_then(|digits| digits.strip_suffix('_'))
            .and_then(|digits| {
                let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
                is_hex.then(|| u16::from_str_radix(digits, 16).ok()).flatten()
            });
        match code {
            Some(unit) => {
                units.push(unit);
                rest = &rest[at + 7..];
            }
            None => {
                units.extend("_x".encode_utf16());
                rest = &rest[at + 2..];
            }
        }
    }
    units.extend(rest.encode_utf16());
    String::from_utf16_lossy(&units)
}

/// Text as PowerShell would write it between tags or in an attribute.
pub(super) fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut units = [0; 2];
    for (at, character) in text.char_indices() {
        let is_escape_lookalike = character == '_' && matches!(text[at + 1..].chars().next(), Some('x' | 'X'));
        let is_wide_or_forbidden = character > '\u{FFFF}' || matches!(character, '\u{FFFE}' | '\u{FFFF}');
        match character {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            _ if character.is_control() || is_escape_lookalike || is_wide_or_forbidden => {
                for unit in character.encode_utf16(&mut units) {
                    out.push_str(&format!("_x{unit:04X}_"));
                }
            }
            _ => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_and_wide_characters_are_written_as_powershell_does() {
        assert_eq!(encode("a\r\nb_x000D_😀"), "a_x000D__x000A_b_x005F_x000D__xD83D__xDE00_");
        assert_eq!(decode("a_x000D__x000A_b_x005F_x000D__xD83D__xDE00_"), "a\r\nb_x000D_😀");
    }

    #[test]
    fn an_underscore_that_starts_no_escape_stays() {
        assert_eq!(decode("first_x_last _x12_ _xyz"), "first_x_last _x12_ _xyz");
    }
}
