//! Several values in one CSV cell. The separator is `;`, as everyone uses; an entry that holds one is put in quotes, which
//! plain joining forgets, so that an X500 name with `;` or `,` comes back whole.

/// Joins values for one cell; [`split_list`] gives them back.
pub fn join_list<T: AsRef<str>>(entries: &[T]) -> String {
    let quoted = |entry: &str| {
        let needs_quotes = entry.is_empty() || entry.contains([';', '"']) || entry.trim() != entry;
        if needs_quotes {
            format!("\"{}\"", entry.replace('"', "\"\""))
        } else {
            entry.to_owned()
        }
    };
    entries.iter().map(|entry| quoted(entry.as_ref())).collect::<Vec<_>>().join(";")
}

/// The values of one cell. Blanks around entries and empty entries are dropped unless quoted.
pub fn split_list(cell: &str) -> Vec<String> {
    let mut entries = Vec::new();
    let mut rest = cell.trim_start();
    while !rest.is_empty() {
        let (entry, after) = match rest.strip_prefix('"').and_then(quoted_entry) {
            Some((entry, after)) => (Some(entry), after),
            None => {
                let (entry, after) = rest.split_once(';').unwrap_or((rest, ""));
                let entry = entry.trim();
                ((!entry.is_empty()).then(|| entry.to_owned()), after)
            }
        };
        entries.extend(entry);
        rest = after.trim_start();
    }
    entries
}

/// The entry up to its closing quote and what follows the separator; `None` when the quote is not one of ours.
fn quoted_entry(text: &str) -> Option<(String, &str)> {
    let mut entry = String::new();
    let mut rest = text;
    loop {
        let (part, after) = rest.split_once('"')?;
        entry.push_str(part);
        if let Some(more) = after.strip_prefix('"') {
            entry.push('"');
            rest = more;
            continue;
        }
        let after = after.trim_start();
        return match after.strip_prefix(';') {
            Some(after) => Some((entry, after)),
            None => after.is_empty().then_some((entry, after)),
        };
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_x500_name_with_separators_survives_one_cell() {
        let entries = ["SMTP:ann@contoso.com", "X500:/o=A; B, Inc/cn=\"x\""];

        let cell = join_list(&entries);

        assert_eq!(cell, "SMTP:ann@contoso.com;\"X500:/o=A; B, Inc/cn=\"\"x\"\"\"");
        assert_eq!(split_list(&cell), entries);
    }

    #[test]
    fn a_cell_written_by_hand_may_have_blanks_and_a_last_separator() {
        assert_eq!(split_list(" smtp:a@b.c ; smtp:d@e.f;"), ["smtp:a@b.c", "smtp:d@e.f"]);
        assert_eq!(split_list("5\" screen;x"), ["5\" screen", "x"]);
    }

    proptest! {
        #[test]
        fn any_list_comes_back_from_its_cell(entries in proptest::collection::vec("[ -~äß;\"]{0,12}", 0..5)) {
            prop_assert_eq!(split_list(&join_list(&entries)), entries);
        }
    }
}
