//! The list of proxy addresses that an object should have, made of what it has and what is wanted.

use crate::model::ProxyAddress;
use crate::model::same_text;

/// What is wanted, and of what is there besides everything that does no harm: addresses of other types than SMTP, and those in
/// domains that are wanted or accepted, because others make a move fail (F-55). What is kept becomes secondary; where nothing
/// wanted is primary, the primary address stays that.
pub fn united_addresses(known: &[String], wanted: Vec<String>, accepted: &[String]) -> Vec<String> {
    let at_home: Vec<String> = wanted
        .iter()
        .filter_map(|entry| ProxyAddress::parse(entry)?.domain())
        .chain(accepted.iter().map(|domain| domain.to_lowercase()))
        .collect();
    let mut list = wanted;
    for entry in known {
        let address = ProxyAddress::parse(entry);
        let domain = address.as_ref().and_then(ProxyAddress::domain);
        if list.iter().any(|other| is_same(other, entry)) || domain.is_some_and(|domain| !at_home.contains(&domain)) {
            continue;
        }
        list.push(match address.filter(ProxyAddress::is_smtp) {
            Some(address) => ProxyAddress::secondary(address.address()).to_string(),
            None => entry.clone(),
        });
    }
    if !list.iter().any(|entry| is_primary(entry))
        && let Some(primary) = known.iter().find(|entry| is_primary(entry))
        && let Some(entry) = list.iter_mut().find(|entry| is_same(entry, primary))
    {
        *entry = primary.clone();
    }
    list
}

fn is_primary(entry: &str) -> bool {
    ProxyAddress::parse(entry).is_some_and(|address| address.is_primary())
}

fn is_same(one: &str, other: &str) -> bool {
    match (ProxyAddress::parse(one), ProxyAddress::parse(other)) {
        (Some(one), Some(other)) => one.is_same_address(&other),
        _ => same_text(one, other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(entries: &[&str]) -> Vec<String> {
        entries.iter().map(|entry| (*entry).to_owned()).collect()
    }

    #[test]
    fn what_an_object_has_besides_stays_unless_its_domain_is_foreign() {
        let known = list(&[
            "SMTP:lara@contoso.com",
            "smtp:l.newton@northwind.com",
            "SMTP:lara@fabrikam.com",
            "X500:/o=ExchangeLabs/cn=lara",
            "SPO:SPO_1@SPO_2",
        ]);
        let wanted = list(&["SMTP:Lara.Newton@northwind.com", "X500:/o=First Organization/cn=Lara"]);

        assert_eq!(
            united_addresses(&known, wanted, &list(&["northwind.com", "Fabrikam.com"])),
            [
                "SMTP:Lara.Newton@northwind.com",
                "X500:/o=First Organization/cn=Lara",
                "smtp:l.newton@northwind.com",
                "smtp:lara@fabrikam.com",
                "X500:/o=ExchangeLabs/cn=lara",
                "SPO:SPO_1@SPO_2",
            ]
        );
    }

    #[test]
    fn the_primary_address_stays_primary_where_nothing_else_is() {
        let known = list(&["smtp:l@northwind.com", "SMTP:Lara@northwind.com"]);

        let with_it = united_addresses(&known, list(&["smtp:new@northwind.com", "smtp:lara@northwind.com"]), &[]);
        let without_it = united_addresses(&known, list(&["smtp:new@northwind.com"]), &[]);

        assert_eq!(
            with_it,
            ["smtp:new@northwind.com", "SMTP:Lara@northwind.com", "smtp:l@northwind.com"]
        );
        assert_eq!(
            without_it,
            ["smtp:new@northwind.com", "smtp:l@northwind.com", "SMTP:Lara@northwind.com"]
        );
    }
}
