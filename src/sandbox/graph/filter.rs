//! `$filter`: the part of OData that the directory serves.

use std::iter::Peekable;
use std::str::Chars;

use serde_json::Map;
use serde_json::Value;

use super::fault::Fault;

/// A parsed filter.
#[derive(Debug, PartialEq)]
pub enum Filter {
    /// Both hold.
    And(Box<Filter>, Box<Filter>),
    /// One holds.
    Or(Box<Filter>, Box<Filter>),
    /// It does not hold.
    Not(Box<Filter>),
    /// `property eq literal` and its like.
    Compare(String, Operator, Value),
    /// `property in (...)`.
    In(String, Vec<Value>),
    /// `startsWith(property, 'text')`.
    StartsWith(String, String),
    /// `endsWith(property, 'text')`.
    EndsWith(String, String),
    /// `property/any(x:condition)`; inside, the variable is the item.
    Any(String, String, Box<Filter>),
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `eq`
    Equal,
    /// `ne`
    NotEqual,
    /// `ge`
    AtLeast,
    /// `le`
    AtMost,
}

impl Filter {
    /// Parses the text of `$filter`.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let mut parser = Parser {
            tokens: tokens(text)?.into_iter().peekable(),
        };
        let filter = parser.or()?;
        match parser.tokens.next() {
            None => Ok(filter),
            Some(token) => Err(syntax(&format!("{token:?}"))),
        }
    }

    /// Whether the object meets it.
    pub fn matches(&self, object: &Map<String, Value>) -> bool {
        self.holds(&Value::Object(object.clone()), None)
    }

    /// The properties of the object that it looks at.
    pub fn properties(&self) -> Vec<&str> {
        match self {
            Self::And(left, right) | Self::Or(left, right) => {
                let mut all = left.properties();
                all.extend(right.properties());
                all
            }
            Self::Not(inner) => inner.properties(),
            Self::Compare(path, ..) | Self::In(path, _) | Self::StartsWith(path, _) | Self::EndsWith(path, _) | Self::Any(path, ..) => {
                vec![path.split('/').next().unwrap_or_default()]
            }
        }
    }

    /// Whether only the eventually consistent index answers it.
    pub fn is_advanced(&self) -> bool {
        match self {
            Self::And(left, right) | Self::Or(left, right) => left.is_advanced() || right.is_advanced(),
            Self::Not(_) | Self::EndsWith(..) | Self::Compare(_, Operator::NotEqual, _) => true,
            Self::Any(_, _, inner) => inner.is_advanced(),
            Self::Compare(..) | Self::In(..) | Self::StartsWith(..) => false,
        }
    }

    fn holds(&self, object: &Value, variable: Option<&str>) -> bool {
        let at = |path: &str| value_at(object, path, variable);
        let text = |path: &str| at(path).and_then(|value| Some(value.as_str()?.to_lowercase()));
        match self {
            Self::And(left, right) => left.holds(object, variable) && right.holds(object, variable),
            Self::Or(left, right) => left.holds(object, variable) || right.holds(object, variable),
            Self::Not(inner) => !inner.holds(object, variable),
            Self::Compare(path, operator, wanted) => compare(at(path).unwrap_or(&Value::Null), *operator, wanted),
            Self::In(path, all) => all
                .iter()
                .any(|wanted| compare(at(path).unwrap_or(&Value::Null), Operator::Equal, wanted)),
            Self::StartsWith(path, start) => text(path).is_some_and(|text| text.starts_with(&start.to_lowercase())),
            Self::EndsWith(path, end) => text(path).is_some_and(|text| text.ends_with(&end.to_lowercase())),
            Self::Any(path, name, inner) => {
                let items = at(path).and_then(Value::as_array);
                items.into_iter().flatten().any(|item| inner.holds(item, Some(name)))
            }
        }
    }
}

fn value_at<'v>(object: &'v Value, path: &str, variable: Option<&str>) -> Option<&'v Value> {
    let mut segments = path.split('/').peekable();
    if variable.is_some() && segments.peek().copied() == variable {
        segments.next();
    }
    segments.try_fold(object, |value, segment| value.get(segment))
}

fn compare(value: &Value, operator: Operator, wanted: &Value) -> bool {
    match (value, wanted) {
        (Value::String(value), Value::String(wanted)) => {
            let (value, wanted) = (value.to_lowercase(), wanted.to_lowercase());
            match operator {
                Operator::Equal => value == wanted,
                Operator::NotEqual => value != wanted,
                Operator::AtLeast => value >= wanted,
                Operator::AtMost => value <= wanted,
            }
        }
        (Value::Number(value), Value::Number(wanted)) => {
            let (value, wanted) = (value.as_f64().unwrap_or_default(), wanted.as_f64().unwrap_or_default());
            match operator {
                Operator::Equal => value == wanted,
                Operator::NotEqual => value != wanted,
                Operator::AtLeast => value >= wanted,
                Operator::AtMost => value <= wanted,
            }
        }
        _ => match operator {
            Operator::Equal => value == wanted,
            Operator::NotEqual => value != wanted,
            Operator::AtLeast | Operator::AtMost => false,
        },
    }
}

#[derive(Debug, PartialEq)]
enum Token {
    Open,
    Close,
    Comma,
    Text(String),
    Word(String),
}

fn tokens(text: &str) -> Result<Vec<Token>, Fault> {
    let mut found = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(&next) = chars.peek() {
        match next {
            ' ' => {
                chars.next();
            }
            '(' | ')' | ',' => {
                chars.next();
                found.push(match next {
                    '(' => Token::Open,
                    ')' => Token::Close,
                    _ => Token::Comma,
                });
            }
            '\'' => found.push(Token::Text(quoted(&mut chars)?)),
            _ => {
                let mut word = String::new();
                while let Some(&part) = chars.peek().filter(|part| !" (),'".contains(**part)) {
                    word.push(part);
                    chars.next();
                }
                found.push(Token::Word(word));
            }
        }
    }
    Ok(found)
}

fn quoted(chars: &mut Peekable<Chars<'_>>) -> Result<String, Fault> {
    chars.next();
    let mut text = String::new();
    loop {
        match chars.next() {
            Some('\'') if chars.peek() == Some(&'\'') => {
                chars.next();
                text.push('\'');
            }
            Some('\'') => return Ok(text),
            Some(part) => text.push(part),
            None => return Err(Fault::bad_request("There is an unterminated string literal in the filter.")),
        }
    }
}

struct Parser {
    tokens: Peekable<std::vec::IntoIter<Token>>,
}

impl Parser {
    fn or(&mut self) -> Result<Filter, Fault> {
        let mut left = self.and()?;
        while self.takes_word("or") {
            left = Filter::Or(Box::new(left), Box::new(self.and()?));
        }
        Ok(left)
    }

    fn and(&mut self) -> Result<Filter, Fault> {
        let mut left = self.term()?;
        while self.takes_word("and") {
            left = Filter::And(Box::new(left), Box::new(self.term()?));
        }
        Ok(left)
    }

    fn term(&mut self) -> Result<Filter, Fault> {
        match self.tokens.next() {
            Some(Token::Open) => {
                let inner = self.or()?;
                self.expect(Token::Close)?;
                Ok(inner)
            }
            Some(Token::Word(word)) if word == "not" => Ok(Filter::Not(Box::new(self.term()?))),
            Some(Token::Word(word)) if self.tokens.peek() == Some(&Token::Open) => self.function(&word),
            Some(Token::Word(property)) => self.comparison(property),
            other => Err(syntax(&format!("{other:?}"))),
        }
    }

    fn function(&mut self, name: &str) -> Result<Filter, Fault> {
        self.expect(Token::Open)?;
        if let Some(property) = name.strip_suffix("/any") {
            // The lexer leaves `x:x` together, as a colon is no separator.
            let first = self.word()?;
            let (variable, rest) = first.split_once(':').ok_or_else(|| syntax(&first))?;
            let inner = match self.tokens.peek() {
                Some(Token::Open) => self.function(rest)?,
                _ => self.comparison(rest.to_owned())?,
            };
            self.expect(Token::Close)?;
            return Ok(Filter::Any(property.to_owned(), variable.to_owned(), Box::new(inner)));
        }
        let property = self.word()?;
        self.expect(Token::Comma)?;
        let Some(Token::Text(text)) = self.tokens.next() else {
            return Err(syntax(name));
        };
        self.expect(Token::Close)?;
        match name.to_ascii_lowercase().as_str() {
            "startswith" => Ok(Filter::StartsWith(property, text)),
            "endswith" => Ok(Filter::EndsWith(property, text)),
            _ => Err(Fault::unsupported_query(format!(
                "Unsupported Query. The function '{name}' is not supported."
            ))),
        }
    }

    fn comparison(&mut self, property: String) -> Result<Filter, Fault> {
        let operator = match self.word()?.as_str() {
            "eq" => Operator::Equal,
            "ne" => Operator::NotEqual,
            "ge" => Operator::AtLeast,
            "le" => Operator::AtMost,
            "in" => return self.list(property),
            other => return Err(syntax(other)),
        };
        Ok(Filter::Compare(property, operator, self.literal()?))
    }

    fn list(&mut self, property: String) -> Result<Filter, Fault> {
        self.expect(Token::Open)?;
        let mut all = vec![self.literal()?];
        loop {
            match self.tokens.next() {
                Some(Token::Comma) => all.push(self.literal()?),
                Some(Token::Close) => return Ok(Filter::In(property, all)),
                other => return Err(syntax(&format!("{other:?}"))),
            }
        }
    }

    fn literal(&mut self) -> Result<Value, Fault> {
        match self.tokens.next() {
            Some(Token::Text(text)) => Ok(Value::String(text)),
            Some(Token::Word(word)) => Ok(match word.as_str() {
                "true" => Value::Bool(true),
                "false" => Value::Bool(false),
                "null" => Value::Null,
                number if number.parse::<i64>().is_ok() => Value::from(number.parse::<i64>().unwrap_or_default()),
                // GUIDs and times stand without quotes.
                other => Value::String(other.to_owned()),
            }),
            other => Err(syntax(&format!("{other:?}"))),
        }
    }

    fn word(&mut self) -> Result<String, Fault> {
        match self.tokens.next() {
            Some(Token::Word(word)) => Ok(word),
            other => Err(syntax(&format!("{other:?}"))),
        }
    }

    fn takes_word(&mut self, wanted: &str) -> bool {
        self.tokens
            .next_if(|token| matches!(token, Token::Word(word) if word == wanted))
            .is_some()
    }

    fn expect(&mut self, wanted: Token) -> Result<(), Fault> {
        match self.tokens.next() {
            Some(token) if token == wanted => Ok(()),
            other => Err(syntax(&format!("{other:?}"))),
        }
    }
}

fn syntax(near: &str) -> Fault {
    Fault::bad_request(format!("Invalid filter clause: syntax error near {near}."))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn holds(filter: &str, object: Value) -> bool {
        let Value::Object(object) = object else {
            panic!("an object is meant")
        };
        Filter::parse(filter).unwrap().matches(&object)
    }

    #[test]
    fn quotes_are_doubled_and_case_does_not_count() {
        assert!(holds("displayName eq 'O''Brien'", json!({"displayName": "o'brien"})));
    }

    #[test]
    fn and_binds_closer_than_or() {
        let filter = "userType eq 'Guest' or userType eq 'Member' and accountEnabled eq false";

        assert!(holds(filter, json!({"userType": "Guest", "accountEnabled": true})));
        assert!(!holds(filter, json!({"userType": "Member", "accountEnabled": true})));
    }

    #[test]
    fn a_list_is_searched_with_any() {
        let user = json!({"proxyAddresses": ["SMTP:lara@northwind.com"], "assignedLicenses": [{"skuId": "05e9"}]});

        assert!(holds("proxyAddresses/any(p:p eq 'smtp:lara@northwind.com')", user.clone()));
        assert!(holds("proxyAddresses/any(p:startsWith(p,'smtp:lara'))", user.clone()));
        assert!(holds("assignedLicenses/any(x:x/skuId eq 05e9)", user));
    }

    #[test]
    fn a_set_and_a_prefix_are_plain_and_a_suffix_is_advanced() {
        assert!(holds("id in ('1','2')", json!({"id": "2"})));
        assert!(!Filter::parse("startsWith(displayName,'a')").unwrap().is_advanced());
        assert!(Filter::parse("endsWith(mail,'@contoso.com')").unwrap().is_advanced());
    }

    #[test]
    fn half_a_filter_is_refused() {
        assert!(Filter::parse("displayName eq").is_err());
        assert!(Filter::parse("(displayName eq 'a'").is_err());
        assert!(Filter::parse("displayName eq 'a").is_err());
    }
}
