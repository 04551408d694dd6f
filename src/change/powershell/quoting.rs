//! Texts as literals of PowerShell. It takes the typographic quotes for quotes as well, so they are doubled like the plain ones.

/// What ends a text in single quotes.
pub(super) const SINGLE: [char; 5] = ['\'', '\u{2018}', '\u{2019}', '\u{201A}', '\u{201B}'];

/// What ends a text in double quotes.
const DOUBLE: [char; 4] = ['"', '\u{201C}', '\u{201D}', '\u{201E}'];

/// `text` as a literal: in single quotes, or in double ones when it has characters that do not survive in a file.
pub(super) fn quoted(text: &str) -> String {
    match text.chars().any(is_fragile) {
        true => format!("\"{}\"", expandable(text)),
        false => format!("'{}'", verbatim(text)),
    }
}

/// `text` as it stands between double quotes.
pub(super) fn expandable(text: &str) -> String {
    let mut all = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            // Some editors take a `#` in a text for a comment.
            '`' | '$' | '#' => all.extend(['`', c]),
            c if DOUBLE.contains(&c) => all.extend(['`', c]),
            '\n' => all.push_str("`n"),
            '\r' => all.push_str("`r"),
            '\t' => all.push_str("`t"),
            c if is_fragile(c) => all.push_str(&format!("`u{{{:x}}}", u32::from(c))),
            c => all.push(c),
        }
    }
    all
}

/// A name in a table: bare when it is a plain word.
pub(super) fn key(name: &str) -> String {
    let is_word = name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(|c| c.is_ascii_alphanumeric());
    match is_word {
        true => name.to_owned(),
        false => quoted(name),
    }
}

/// `text` in a comment, which it cannot leave.
pub(super) fn comment(text: &str) -> String {
    text.chars().map(|c| if is_fragile(c) { ' ' } else { c }).collect()
}

fn verbatim(text: &str) -> String {
    let mut all = String::with_capacity(text.len());
    for c in text.chars() {
        all.push(c);
        if SINGLE.contains(&c) {
            all.push(c);
        }
    }
    all
}

/// Line breaks are another matter on another system; other control characters are shown by no editor.
fn is_fragile(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A literal as PowerShell's own tokenizer reads it: of a pair of quotes the second counts, and a backtick escapes.
    fn read(literal: &str) -> Option<String> {
        let mut letters = literal.chars().peekable();
        let is_single = SINGLE.contains(&letters.next()?);
        let mut text = String::new();
        loop {
            let c = letters.next()?;
            match c {
                c if is_single && SINGLE.contains(&c) => match letters.next() {
                    Some(second) if SINGLE.contains(&second) => text.push(second),
                    Some(_) => return None,
                    None => return Some(text),
                },
                c if !is_single && DOUBLE.contains(&c) => return letters.next().is_none().then_some(text),
                '$' if !is_single => return None,
                '`' if !is_single => text.push(match letters.next()? {
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    'u' => {
                        let code: String = letters.by_ref().skip(1).take_while(|c| *c != '}').collect();
                        char::from_u32(u32::from_str_radix(&code, 16).ok()?)?
                    }
                    c => c,
                }),
                c => text.push(c),
            }
        }
    }

    proptest! {
        #[test]
        fn every_text_is_read_back_as_it_was(text in r#"[a-z$`'"(){}@‘’‚‛“”„\n\r\t\x00 é‹›]{0,12}"#) {
            prop_assert_eq!(read(&quoted(&text)), Some(text.clone()));
            prop_assert_eq!(read(&format!("\"{}\"", expandable(&text))), Some(text));
        }

        #[test]
        fn no_text_leaves_its_comment(text in any::<String>()) {
            prop_assert!(!comment(&text).contains(['\n', '\r']));
        }
    }

    #[test]
    fn a_plain_text_stands_in_single_quotes_and_one_with_line_breaks_in_double_ones() {
        assert_eq!(quoted("$5 `off` for O’Hara's"), "'$5 `off` for O’’Hara''s'");
        assert_eq!(quoted("a\n$b"), "\"a`n`$b\"");
        assert_eq!(key("ExchangeGuid"), "ExchangeGuid");
        assert_eq!(key("@odata.type"), "'@odata.type'");
    }
}
