//! Patterns for operations and objects: `*` stands for anything, `{...}` for one part of a path. Case does not count.

use regex_lite::Regex;
use regex_lite::escape;

/// Places in the documented operations of Azure where the id of a resource stands, with all its parts.
const WHOLE_IDS: [&str; 2] = ["{scope}", "{resource}"];

/// A pattern of a whole text.
pub struct Pattern(Option<Regex>);

impl Pattern {
    /// Of the name of an object, where only `*` is special.
    pub fn of_object(text: &str) -> Self {
        Self::matching(&text.split('*').map(escape).collect::<Vec<_>>().join(".*"))
    }

    /// Of an operation. A path without a method is meant with any method.
    pub fn of_operation(text: &str) -> Self {
        let mut expression = String::new();
        if text.starts_with('/') {
            expression.push_str("[a-z]+ ");
        }
        let text = keys_as_parts(text);
        let mut rest = text.as_str();
        while let Some(at) = rest.find(['*', '{']) {
            expression.push_str(&escape(&rest[..at]));
            let end = rest[at..].find('}').filter(|_| rest[at..].starts_with('{')).unwrap_or(0);
            let place = &rest[at..=at + end];
            let is_one_part = end > 0 && !WHOLE_IDS.contains(&place);
            expression.push_str(if is_one_part { "[^/]+" } else { ".*" });
            rest = &rest[at + end + 1..];
        }
        expression.push_str(&escape(rest));
        Self::matching(&expression)
    }

    fn matching(expression: &str) -> Self {
        // Longer than any name could be, it matches nothing.
        Self(Regex::new(&format!("(?is)^(?:{expression})$")).ok())
    }

    /// Whether the pattern covers `text`.
    pub fn covers(&self, text: &str) -> bool {
        self.0.as_ref().is_some_and(|regex| regex.is_match(text))
    }
}

/// A path with each key in parentheses as a part of its own: `/applications(appId='{id}')` becomes `/applications/{id}`.
pub fn keys_as_parts(path: &str) -> String {
    let parts = path
        .split('/')
        .map(|part| match part.strip_suffix(')').and_then(|part| part.split_once('(')) {
            Some((name, key)) => {
                let key = key.split_once('=').map_or(key, |(_, key)| key);
                format!("{name}/{}", key.trim_matches('\''))
            }
            None => part.to_owned(),
        });
    parts.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_brace_is_one_part_of_a_path_and_a_star_is_anything() {
        let covers = |pattern: &str, text: &str| Pattern::of_operation(pattern).covers(text);

        assert!(covers("GET /users/{id}", "GET /users/anna@contoso.com"));
        assert!(!covers("GET /users/{id}", "GET /users/anna@contoso.com/licenseDetails"));
        assert!(covers("GET /users/*", "GET /users/anna@contoso.com/licenseDetails"));
        assert!(covers("/users/{}", "PATCH /Users/1"));
        assert!(!covers("GET /users/{id}", "PATCH /users/1"));
        assert!(covers("GET /applications(appId='{id}')", "GET /applications/1"));
        assert!(covers("get-mailuser", "Get-MailUser"));
        assert!(covers("*-MailUser", "Set-MailUser"));
        assert!(!covers("Get-Mail", "Get-MailUser"));
        assert!(covers("*/config/{", "GET /a/config/"), "an open brace is as good as a star");
        assert!(Pattern::of_object("lara*").covers("LaraN@contoso.com"));
        assert!(!Pattern::of_object("a.c").covers("abc"));
    }
}
