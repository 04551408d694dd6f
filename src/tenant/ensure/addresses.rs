//! The proxy addresses that a caller wants on a MailUser.

use crate::model::ProxyAddress;

/// The primary address of a list.
pub(super) fn primary(list: &[String]) -> Option<&str> {
    list.iter().find_map(|entry| entry.strip_prefix("SMTP:"))
}

/// `list` with a primary address: its own, or `primary`.
pub(super) fn with_primary(mut list: Vec<String>, wanted: Option<&str>) -> Vec<String> {
    let Some(wanted) = wanted.filter(|_| primary(&list).is_none()) else {
        return list;
    };
    let primary = ProxyAddress::primary(wanted);
    list.retain(|entry| !ProxyAddress::parse(entry).is_some_and(|address| address.is_same_address(&primary)));
    list.insert(0, primary.to_string());
    list
}

/// Whether `known` has an address that is not wanted, in a domain of which the wanted ones say nothing.
pub(super) fn has_strangers(known: &[String], wanted: &[String]) -> bool {
    let domains: Vec<String> = wanted.iter().filter_map(|entry| domain(entry)).collect();
    known
        .iter()
        .filter_map(|entry| domain(entry))
        .any(|domain| !domains.contains(&domain))
}

fn domain(entry: &str) -> Option<String> {
    ProxyAddress::parse(entry)?.domain()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(entries: &[&str]) -> Vec<String> {
        entries.iter().map(|entry| (*entry).to_owned()).collect()
    }

    #[test]
    fn an_address_in_a_domain_of_which_nothing_is_said_is_a_stranger() {
        let wanted = list(&["SMTP:Lara@northwind.com", "X500:/o=First Organization/cn=Lara"]);

        assert!(has_strangers(&list(&["smtp:lara@contoso.com"]), &wanted));
        assert!(!has_strangers(&list(&["smtp:l@Northwind.com", "SPO:SPO_1@SPO_2"]), &wanted));
    }

    #[test]
    fn the_primary_address_that_was_given_apart_becomes_part_of_the_list() {
        let whole = with_primary(
            list(&["smtp:lara@northwind.com", "smtp:l@northwind.com"]),
            Some("Lara@northwind.com"),
        );

        assert_eq!(whole, ["SMTP:Lara@northwind.com", "smtp:l@northwind.com"]);
    }
}
