//! The subject of a certificate, as Key Vault takes it.

use crate::model::Kind;
use crate::model::Trouble;

/// Says what is wrong with `text` as the subject of a certificate: an X.500 name that begins with `CN=`, such as
/// `CN=northwind_contoso, O="Northwind, Inc."`.
///
/// # Errors
///
/// What is wrong with it, and how a subject is written.
pub fn check_certificate_subject(text: &str) -> Result<(), Trouble> {
    let Some(what) = fault(text) else { return Ok(()) };
    Err(
        Trouble::new(Kind::Invalid, format!("`{text}` is no subject of a certificate: {what}"))
            .with_code("invalid_subject")
            .with_remedy("write `CN=NAME`; a name with a comma stands in quotation marks, `CN=\"NAME, INC.\"`"),
    )
}

fn fault(text: &str) -> Option<&'static str> {
    if !text.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("CN=")) {
        return Some("it does not begin with `CN=`");
    }
    let Some(parts) = parts(text) else {
        return Some("a quotation or an escape in it has no end");
    };
    parts.iter().enumerate().find_map(|(at, part)| match part.split_once('=') {
        Some((_, value)) if at == 0 && is_empty(value) => Some("nothing stands behind `CN=`"),
        Some((name, value)) if name.trim().is_empty() || is_empty(value) => Some("one of its parts is empty"),
        Some((_, value)) if !is_well_quoted(value.trim()) => Some("quotation marks stand around a whole value or not at all"),
        Some(_) => None,
        None => Some("each of its parts is NAME=VALUE; a value with a comma stands in quotation marks"),
    })
}

/// The parts between commas that are neither quoted nor escaped; `None` when a quotation or an escape has no end.
fn parts(text: &str) -> Option<Vec<&str>> {
    let (mut parts, mut start) = (Vec::new(), 0);
    let (mut is_quoted, mut is_escaped) = (false, false);
    for (at, character) in text.char_indices() {
        if matches!(character, ',' | ';') && !is_quoted && !is_escaped {
            parts.push(&text[start..at]);
            start = at + 1;
        }
        is_quoted ^= character == '"' && !is_escaped;
        is_escaped = character == '\\' && !is_escaped;
    }
    parts.push(&text[start..]);
    (!is_quoted && !is_escaped).then_some(parts)
}

fn is_empty(value: &str) -> bool {
    value.trim().trim_matches('"').trim().is_empty()
}

fn is_well_quoted(value: &str) -> bool {
    let inner = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    // A quotation mark in the text is doubled or escaped.
    let plain = inner.unwrap_or(value).replace("\\\"", "");
    match inner {
        Some(_) => !plain.replace("\"\"", "").contains('"'),
        None => !plain.contains('"'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_parts_quotations_and_escapes_is_a_subject() {
        for text in [
            "CN=northwind_contoso",
            "cn=Move, O=Northwind",
            r#"CN="Northwind, Inc.", C=NL"#,
            r"CN=Northwind\, Inc.",
            r#"CN="the ""move"" key""#,
        ] {
            assert!(check_certificate_subject(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn what_a_vault_would_refuse_is_refused_with_the_reason() {
        for (text, reason) in [
            ("northwind", "does not begin with `CN=`"),
            ("O=Northwind", "does not begin with `CN=`"),
            ("CN=", "nothing stands behind"),
            ("CN= , O=Northwind", "nothing stands behind"),
            (r#"CN="""#, "nothing stands behind"),
            (r#"CN="Northwind"#, "has no end"),
            (r"CN=Northwind\", "has no end"),
            (r#"CN=North"wi"nd"#, "quotation marks"),
            ("CN=Northwind, Inc.", "NAME=VALUE"),
            ("CN=Northwind,", "NAME=VALUE"),
            ("CN=Northwind, O=", "is empty"),
        ] {
            let refused = check_certificate_subject(text).expect_err(text);
            assert!(refused.message.contains(reason), "{text}: {}", refused.message);
        }
    }
}
