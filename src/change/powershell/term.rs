//! `Term`: a value of PowerShell with its layout, so that what nests is indented.

use super::quoting::key;

/// How long a list or table may be on one line.
const SHORT: usize = 100;

/// A value as it stands in a script.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Term {
    /// An expression.
    Plain(String),
    /// An array, also of one.
    List(Vec<Term>),
    /// A hashtable.
    Table(Vec<(String, Term)>),
}

impl Term {
    /// The text, its further lines indented by `depth` steps.
    pub(super) fn text(&self, depth: usize) -> String {
        match self.line() {
            line if line.len() <= SHORT && !line.contains('\n') && !self.is_deep() => line,
            _ => self.lines(depth),
        }
    }

    /// A table with each entry on a line of its own, however short.
    pub(super) fn lines(&self, depth: usize) -> String {
        let step = "    ".repeat(depth + 1);
        let end = "    ".repeat(depth);
        match self {
            Term::Plain(text) => text.clone(),
            Term::List(items) => {
                let items: Vec<_> = items.iter().map(|item| format!("{step}{}", item.item(depth + 1))).collect();
                format!("@(\n{}\n{end})", items.join("\n"))
            }
            Term::Table(entries) => {
                let entries: Vec<_> = entries
                    .iter()
                    .map(|(name, value)| format!("{step}{} = {}", key(name), value.text(depth + 1)))
                    .collect();
                format!("@{{\n{}\n{end}}}", entries.join("\n"))
            }
        }
    }

    /// An array among the lines of another would be unrolled into it; the comma keeps it one.
    fn item(&self, depth: usize) -> String {
        match self {
            Term::List(_) => format!(", {}", self.text(depth)),
            _ => self.text(depth),
        }
    }

    fn line(&self) -> String {
        match self {
            Term::Plain(text) => text.clone(),
            Term::List(items) => {
                let comma = if let [Term::List(_)] = items[..] { ", " } else { "" };
                format!("@({comma}{})", items.iter().map(Term::line).collect::<Vec<_>>().join(", "))
            }
            Term::Table(entries) if entries.is_empty() => "@{}".to_owned(),
            Term::Table(entries) => {
                let entries: Vec<_> = entries
                    .iter()
                    .map(|(name, value)| format!("{} = {}", key(name), value.line()))
                    .collect();
                format!("@{{ {} }}", entries.join("; "))
            }
        }
    }

    /// A table within something within something reads better in lines.
    fn is_deep(&self) -> bool {
        let nests = |term: &Term| matches!(term, Term::Table(entries) if !entries.is_empty());
        match self {
            Term::Plain(_) => false,
            Term::List(items) => items.iter().any(Term::is_deep),
            Term::Table(entries) => entries.iter().any(|(_, value)| nests(value) || value.is_deep()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> Term {
        Term::Plain(text.to_owned())
    }

    #[test]
    fn short_values_stand_on_one_line_and_nested_tables_on_their_own() {
        let edit = Term::Table(vec![("Add".into(), Term::List(vec![plain("'smtp:a'"), plain("'smtp:b'")]))]);

        assert_eq!(edit.text(1), "@{ Add = @('smtp:a', 'smtp:b') }");
        assert_eq!(
            Term::Table(vec![("EmailAddresses".into(), edit)]).text(0),
            "@{\n    EmailAddresses = @{ Add = @('smtp:a', 'smtp:b') }\n}"
        );
    }

    #[test]
    fn a_list_in_a_list_stays_one() {
        let inner = Term::List(vec![plain("1")]);

        assert_eq!(Term::List(vec![inner.clone()]).text(0), "@(, @(1))");
        assert_eq!(Term::List(vec![inner.clone(), inner]).text(0), "@(@(1), @(1))");
    }
}
