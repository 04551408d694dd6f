//! The list of proxy addresses that a MailUser should have, made of what it has and what is wanted.

/// The primary address of a list.
pub(super) fn primary(list: &[String]) -> Option<&str> {
    list.iter().find_map(|entry| entry.strip_prefix("SMTP:"))
}

/// `list` with a primary address: its own, or `primary`.
pub(super) fn with_primary(mut list: Vec<String>, wanted: Option<&str>) -> Vec<String> {
    let Some(wanted) = wanted.filter(|_| primary(&list).is_none()) else {
        return list;
    };
    list.retain(|entry| !smtp(entry).is_some_and(|address| address.eq_ignore_ascii_case(wanted)));
    list.insert(0, format!("SMTP:{wanted}"));
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

/// The whole list: what is wanted, and of what is there besides everything but addresses in domains that are neither wanted nor
/// accepted, because those make the move fail (F-55).
pub(super) fn united(known: &[String], wanted: Vec<String>, accepted: &[String]) -> Vec<String> {
    let domains: Vec<String> = wanted
        .iter()
        .filter_map(|entry| domain(entry))
        .chain(accepted.iter().map(|domain| domain.to_lowercase()))
        .collect();
    let mut list = wanted;
    let has_primary = primary(&list).is_some();
    for entry in known {
        let is_wanted = list.iter().any(|wanted| wanted.eq_ignore_ascii_case(entry));
        let is_at_home = domain(entry).is_none_or(|domain| domains.contains(&domain));
        if is_wanted || !is_at_home {
            continue;
        }
        match smtp(entry).filter(|_| has_primary) {
            Some(address) => list.push(format!("smtp:{address}")),
            None => list.push(entry.clone()),
        }
    }
    list
}

/// The address of an SMTP entry; an entry without type is one too.
fn smtp(entry: &str) -> Option<&str> {
    match entry.split_once(':') {
        Some((kind, address)) if kind.eq_ignore_ascii_case("smtp") => Some(address),
        Some(_) => None,
        None => Some(entry),
    }
}

fn domain(entry: &str) -> Option<String> {
    Some(smtp(entry)?.rsplit_once('@')?.1.to_lowercase())
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
            "smtp:lara@fabrikam.com",
            "X500:/o=ExchangeLabs/cn=lara",
            "SPO:SPO_1@SPO_2",
        ]);
        let wanted = list(&["SMTP:Lara.Newton@northwind.com", "X500:/o=First Organization/cn=Lara"]);

        assert!(has_strangers(&known, &wanted));
        assert_eq!(
            united(&known, wanted, &list(&["northwind.com", "Fabrikam.com"])),
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
    fn the_primary_address_that_was_given_apart_becomes_part_of_the_list() {
        let whole = with_primary(
            list(&["smtp:lara@northwind.com", "smtp:l@northwind.com"]),
            Some("Lara@northwind.com"),
        );

        assert_eq!(whole, ["SMTP:Lara@northwind.com", "smtp:l@northwind.com"]);
    }
}
