//! `DomainMap`: which domain of the source tenant becomes which domain of the target tenant.

use std::collections::BTreeMap;

use crate::model::Kind;
use crate::model::Record;
use crate::model::Trouble;
use crate::model::domain_of;
use crate::model::local_part_of;

/// Pairs of domains. Whole domains are compared, without case: `contoso.com` neither hits `eu.contoso.com` nor `contoso.com.br`,
/// and no address is mapped twice, so domains may be swapped.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DomainMap {
    pairs: BTreeMap<String, String>,
}

impl DomainMap {
    /// Reads rows with the columns `source` and `target`.
    pub fn from_rows(rows: &[Record]) -> Result<Self, Trouble> {
        let mut map = Self::default();
        for (at, row) in rows.iter().enumerate() {
            let domain = |column: &str| {
                let text = row.text(column).unwrap_or_default().trim().trim_start_matches('@').to_lowercase();
                is_domain(&text).then_some(text).ok_or_else(|| {
                    let found = row.text(column).unwrap_or_default();
                    Trouble::new(
                        Kind::Invalid,
                        format!("`{found}` in column `{column}` of pair {} of the domain map is no domain", at + 1),
                    )
                    .with_code("BadDomainMap")
                    .with_remedy("write one pair a line, such as `contoso.com,northwind.com`, below the header `source,target`")
                })
            };
            map.add(&domain("source")?, &domain("target")?)?;
        }
        Ok(map)
    }

    /// Adds a pair; the same source with another target is a conflict.
    pub fn add(&mut self, source: &str, target: &str) -> Result<(), Trouble> {
        let (source, target) = (source.to_lowercase(), target.to_lowercase());
        if let Some(known) = self.pairs.get(&source)
            && *known != target
        {
            let what = format!("the domain map sends `{source}` both to `{known}` and to `{target}`");
            return Err(Trouble::new(Kind::Invalid, what).with_code("BadDomainMap"));
        }
        self.pairs.insert(source, target);
        Ok(())
    }

    /// The address in the target tenant; `None` when its domain is not in the map.
    pub fn map(&self, address: &str) -> Option<String> {
        let target = self.pairs.get(&domain_of(address)?)?;
        Some(format!("{}@{target}", local_part_of(address)?))
    }

    /// Whether some domain is mapped to this one.
    pub fn has_target(&self, domain: &str) -> bool {
        self.pairs.values().any(|target| target.eq_ignore_ascii_case(domain))
    }

    /// Whether this domain is mapped to another.
    pub fn has_source(&self, domain: &str) -> bool {
        self.pairs.contains_key(&domain.to_lowercase())
    }
}

fn is_domain(text: &str) -> bool {
    let is_label = |label: &str| !label.is_empty() && label.chars().all(|character| character.is_alphanumeric() || character == '-');
    text.contains('.') && text.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn rows(pairs: &[(&str, &str)]) -> Vec<Record> {
        pairs
            .iter()
            .map(|(source, target)| Record::default().with("source", json!(source)).with("target", json!(target)))
            .collect()
    }

    #[test]
    fn only_whole_domains_are_mapped_and_only_once() {
        let map = DomainMap::from_rows(&rows(&[("Contoso.com", "northwind.com"), ("@northwind.com", "contoso.com")])).expect("a map");

        assert_eq!(map.map("Ann@CONTOSO.com").as_deref(), Some("Ann@northwind.com"));
        assert_eq!(map.map("ann@northwind.com").as_deref(), Some("ann@contoso.com"));
        for other in ["ann@eu.contoso.com", "ann@contoso.com.br", "ann@contosoXcom", "ann"] {
            assert_eq!(map.map(other), None, "{other}");
        }
    }

    #[test]
    fn a_pair_that_cannot_be_meant_is_refused() {
        let twice = DomainMap::from_rows(&rows(&[("contoso.com", "a.com"), ("contoso.com", "b.com")])).expect_err("two targets");
        let empty = DomainMap::from_rows(&rows(&[("contoso.com", "")])).expect_err("no target");

        assert!(twice.message.contains("both to `a.com` and to `b.com`"));
        assert_eq!(empty.message, "`` in column `target` of pair 1 of the domain map is no domain");
    }
}
