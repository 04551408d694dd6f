//! Placeholders: `‹application id of x›` stands for a value that only the service can assign, while a run merely shows what it
//! would do. A placeholder is never sent.

/// Whether the whole text is a placeholder. A name that merely has such a mark in it is a name.
pub fn is_placeholder(text: &str) -> bool {
    text.starts_with('‹') && text.ends_with('›')
}

/// Whether the text is a placeholder or a filter that compares with one, as `appId eq '‹application id of x›'` does.
pub fn asks_for_placeholder(text: &str) -> bool {
    text.split('\'').any(is_placeholder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_whole_text_between_the_marks_is_a_placeholder() {
        assert!(is_placeholder("‹application id of x›"));
        for name in ["Ann ‹Sales›", "‹Sales› Ann", "‹Sales", "", "5e5e"] {
            assert!(!is_placeholder(name), "{name}");
        }
    }

    #[test]
    fn a_filter_asks_for_a_placeholder_where_it_compares_with_one() {
        assert!(asks_for_placeholder("appId eq '‹application id of x›'"));
        assert!(asks_for_placeholder("‹application id of x›"));
        assert!(!asks_for_placeholder("displayName eq 'Ann ‹Sales›'"));
    }
}
