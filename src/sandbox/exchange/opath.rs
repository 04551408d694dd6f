//! The filter language of the `Filter` parameter, as far as administrators use it: comparisons with `-eq -ne -like -notlike -gt
//! -ge -lt -le`, joined by `-and`, `-or`, `-not` and parentheses.
//!
//! Without PowerShell in between, `$true` is not a value: the service wants `'True'`.

use serde_json::Map;
use serde_json::Value;

use crate::sandbox::exchange::Refusal;

/// A filter that was read.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    /// One property compared with one value.
    Compare {
        /// The property, as written.
        property: String,
        /// How it is compared.
        operator: Operator,
        /// The value; none is `$null`.
        value: Option<String>,
    },
    /// Both hold.
    And(Box<Filter>, Box<Filter>),
    /// One of them holds.
    Or(Box<Filter>, Box<Filter>),
    /// It does not hold.
    Not(Box<Filter>),
}

/// How a property is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `-eq`
    Equal,
    /// `-ne`
    NotEqual,
    /// `-like`, with `*` at either end or inside
    Like,
    /// `-notlike`
    NotLike,
    /// `-gt`
    Greater,
    /// `-ge`
    GreaterOrEqual,
    /// `-lt`
    Less,
    /// `-le`
    LessOrEqual,
}

impl Filter {
    /// Reads a filter.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let tokens = tokens(text)?;
        let mut reader = Reader { text, tokens, at: 0 };
        let filter = reader.alternatives()?;
        match reader.peek() {
            None => Ok(filter),
            Some(_) => Err(syntax(text, "an operator was expected")),
        }
    }

    /// The properties it names.
    pub fn properties(&self) -> Vec<&str> {
        match self {
            Self::Compare { property, .. } => vec![property],
            Self::And(left, right) | Self::Or(left, right) => [left.properties(), right.properties()].concat(),
            Self::Not(inner) => inner.properties(),
        }
    }

    /// Whether it holds for the object.
    pub fn matches(&self, object: &Map<String, Value>) -> bool {
        match self {
            Self::And(left, right) => left.matches(object) && right.matches(object),
            Self::Or(left, right) => left.matches(object) || right.matches(object),
            Self::Not(inner) => !inner.matches(object),
            Self::Compare { property, operator, value } => {
                let held = object.iter().find(|(name, _)| name.eq_ignore_ascii_case(property));
                compare(held.map_or(&Value::Null, |(_, held)| held), *operator, value.as_deref())
            }
        }
    }
}

fn compare(held: &Value, operator: Operator, wanted: Option<&str>) -> bool {
    match operator {
        Operator::NotEqual => return !compare(held, Operator::Equal, wanted),
        Operator::NotLike => return !compare(held, Operator::Like, wanted),
        _ => {}
    }
    let held = texts(held);
    let Some(wanted) = wanted else {
        return operator == Operator::Equal && held.is_empty();
    };
    // A property without value equals the empty text, as a directory attribute that is not there.
    if wanted.is_empty() && operator == Operator::Equal {
        return held.is_empty();
    }
    held.iter().any(|held| match operator {
        Operator::Like => is_like(&held.to_lowercase(), &wanted.to_lowercase()) || is_like(address_of(held), &wanted.to_lowercase()),
        Operator::Equal => held.to_lowercase() == wanted.to_lowercase() || address_of(held).eq_ignore_ascii_case(wanted),
        Operator::Greater => order(held, wanted).is_gt(),
        Operator::GreaterOrEqual => order(held, wanted).is_ge(),
        Operator::Less => order(held, wanted).is_lt(),
        Operator::LessOrEqual => order(held, wanted).is_le(),
        Operator::NotEqual | Operator::NotLike => false,
    })
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Null => Vec::new(),
        Value::String(text) if text.is_empty() => Vec::new(),
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        other => vec![other.to_string()],
    }
}

/// The address of an SMTP proxy, so that `EmailAddresses -eq 'ann@contoso.com'` finds it without prefix.
fn address_of(held: &str) -> &str {
    match held.split_once(':') {
        Some((prefix, address)) if prefix.eq_ignore_ascii_case("smtp") => address,
        _ => held,
    }
}

fn order(held: &str, wanted: &str) -> std::cmp::Ordering {
    match (held.parse::<f64>(), wanted.parse::<f64>()) {
        (Ok(held), Ok(wanted)) => held.total_cmp(&wanted),
        _ => held.to_lowercase().cmp(&wanted.to_lowercase()),
    }
}

fn is_like(held: &str, pattern: &str) -> bool {
    let held = held.to_lowercase();
    let parts: Vec<&str> = pattern.split('*').collect();
    let [first, middle @ .., last] = parts.as_slice() else {
        return held == pattern;
    };
    let Some(mut rest) = held.strip_prefix(first) else { return false };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Open,
    Close,
    /// A word that begins with `-`.
    Dash(String),
    Word(String),
    Quoted(String),
}

fn tokens(text: &str) -> Result<Vec<Token>, Refusal> {
    let mut tokens = Vec::new();
    let mut rest = text.chars().peekable();
    while let Some(&next) = rest.peek() {
        match next {
            ' ' | '\t' | '\r' | '\n' => {
                rest.next();
            }
            '{' | '(' => {
                rest.next();
                tokens.push(Token::Open);
            }
            '}' | ')' => {
                rest.next();
                tokens.push(Token::Close);
            }
            '\'' | '"' => {
                rest.next();
                tokens.push(Token::Quoted(quoted(text, next, &mut rest)?));
            }
            _ => {
                let mut word = String::new();
                while let Some(&next) = rest.peek() {
                    if next.is_whitespace() || "(){}'\"".contains(next) {
                        break;
                    }
                    word.push(next);
                    rest.next();
                }
                tokens.push(match word.strip_prefix('-') {
                    Some(operator) => Token::Dash(operator.to_lowercase()),
                    None => Token::Word(word),
                });
            }
        }
    }
    Ok(tokens)
}

fn quoted(text: &str, mark: char, rest: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Result<String, Refusal> {
    let mut value = String::new();
    while let Some(next) = rest.next() {
        if next != mark {
            value.push(next);
        } else if rest.next_if_eq(&mark).is_some() {
            value.push(mark);
        } else {
            return Ok(value);
        }
    }
    Err(syntax(text, "a quotation mark is missing"))
}

struct Reader<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn take(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token
    }

    fn take_dash(&mut self, word: &str) -> bool {
        let is_it = matches!(self.peek(), Some(Token::Dash(found)) if found == word);
        self.at += usize::from(is_it);
        is_it
    }

    fn alternatives(&mut self) -> Result<Filter, Refusal> {
        let mut filter = self.conjunction()?;
        while self.take_dash("or") {
            filter = Filter::Or(Box::new(filter), Box::new(self.conjunction()?));
        }
        Ok(filter)
    }

    fn conjunction(&mut self) -> Result<Filter, Refusal> {
        let mut filter = self.term()?;
        while self.take_dash("and") {
            filter = Filter::And(Box::new(filter), Box::new(self.term()?));
        }
        Ok(filter)
    }

    fn term(&mut self) -> Result<Filter, Refusal> {
        if self.take_dash("not") {
            return Ok(Filter::Not(Box::new(self.term()?)));
        }
        match self.take() {
            Some(Token::Open) => {
                let filter = self.alternatives()?;
                match self.take() {
                    Some(Token::Close) => Ok(filter),
                    _ => Err(syntax(self.text, "a closing parenthesis is missing")),
                }
            }
            Some(Token::Word(property)) => self.comparison(property),
            _ => Err(syntax(self.text, "a property was expected")),
        }
    }

    fn comparison(&mut self, property: String) -> Result<Filter, Refusal> {
        let operator = match self.take() {
            Some(Token::Dash(operator)) => operator,
            _ => return Err(syntax(self.text, "an operator was expected")),
        };
        let operator = match operator.as_str() {
            "eq" => Operator::Equal,
            "ne" => Operator::NotEqual,
            "like" => Operator::Like,
            "notlike" => Operator::NotLike,
            "gt" => Operator::Greater,
            "ge" => Operator::GreaterOrEqual,
            "lt" => Operator::Less,
            "le" => Operator::LessOrEqual,
            unknown => return Err(syntax(self.text, &format!("-{unknown} is not an operator"))),
        };
        let value = match self.take() {
            Some(Token::Quoted(value)) => Some(value),
            Some(Token::Word(word)) if word.eq_ignore_ascii_case("$null") => None,
            Some(Token::Word(word)) if word.starts_with('$') => {
                return Err(syntax(self.text, &format!("{word} is not a value here")));
            }
            Some(Token::Word(word)) => Some(word),
            _ => return Err(syntax(self.text, "a value was expected")),
        };
        Ok(Filter::Compare { property, operator, value })
    }
}

fn syntax(text: &str, what: &str) -> Refusal {
    Refusal::new(
        "Microsoft.Exchange.Data.ParsingException",
        format!("Invalid filter syntax in \"{text}\": {what}."),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn holds(filter: &str) -> bool {
        let object = json!({
            "CustomAttribute1": "ProjectKermit",
            "RecipientTypeDetails": "UserMailbox",
            "EmailAddresses": ["SMTP:ann@contoso.com", "smtp:anna@contoso.onmicrosoft.com"],
            "LitigationHoldEnabled": true,
            "ForwardingAddress": null,
            "Name": "Ann O'Hara",
        });
        Filter::parse(filter).unwrap().matches(object.as_object().unwrap())
    }

    #[test]
    fn values_are_compared_without_case_and_with_quotation_marks_doubled() {
        assert!(holds("customattribute1 -eq 'projectkermit'"));
        assert!(holds("Name -eq 'Ann O''Hara'"));
        assert!(holds("LitigationHoldEnabled -eq 'True'"));
        assert!(!holds("CustomAttribute1 -ne \"ProjectKermit\""));
    }

    #[test]
    fn one_of_several_addresses_is_enough() {
        assert!(holds("EmailAddresses -eq 'smtp:ANN@contoso.com'"));
        assert!(holds("EmailAddresses -eq 'ann@contoso.com'"));
        assert!(holds("EmailAddresses -like '*@contoso.onmicrosoft.com'"));
        assert!(!holds("EmailAddresses -like '*@fabrikam.com'"));
    }

    #[test]
    fn and_binds_stronger_than_or() {
        assert!(holds(
            "Name -eq 'x' -and CustomAttribute1 -eq 'x' -or RecipientTypeDetails -eq 'UserMailbox'"
        ));
        assert!(!holds(
            "Name -eq 'x' -and (CustomAttribute1 -eq 'x' -or RecipientTypeDetails -eq 'UserMailbox')"
        ));
        assert!(holds("-not (ForwardingAddress -ne $null)"));
    }

    #[test]
    fn a_broken_filter_is_refused() {
        for broken in ["Name", "Name -eq", "Name -is 'x'", "(Name -eq 'x'", "Name -eq 'x", "Name -eq $true"] {
            assert!(Filter::parse(broken).is_err(), "{broken}");
        }
    }
}
