//! From where a vault can be reached.

use std::net::Ipv4Addr;

use serde_json::Value;

use crate::sandbox::Object;

/// Who comes to a vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visitor {
    /// Somebody from this address.
    From(Ipv4Addr),
    /// One of the services of Microsoft that every vault may trust; Exchange Online is on the published list.
    TrustedService,
}

/// Whether the vault's firewall lets the visitor in.
pub fn admits(vault: &Object, visitor: Visitor) -> bool {
    let properties = vault.body.get("properties").unwrap_or(&Value::Null);
    let rules = &properties["networkAcls"];
    let is_closed = properties["publicNetworkAccess"]
        .as_str()
        .is_some_and(|word| word.eq_ignore_ascii_case("Disabled"));
    let is_open = !is_closed
        && rules["defaultAction"]
            .as_str()
            .is_none_or(|word| !word.eq_ignore_ascii_case("Deny"));
    let ranges = rules["ipRules"].as_array().into_iter().flatten();
    let mut ranges = ranges.filter_map(|rule| range(rule["value"].as_str()?));
    is_open
        || match visitor {
            Visitor::From(address) => !is_closed && ranges.any(|range| range.holds(address)),
            // So it is also when nothing is said.
            Visitor::TrustedService => rules["bypass"]
                .as_str()
                .is_none_or(|word| word.eq_ignore_ascii_case("AzureServices")),
        }
}

/// Whether it is an IPv4 address, or a range of them.
pub fn is_range(text: &str) -> bool {
    range(text).is_some()
}

struct Range {
    start: Ipv4Addr,
    bits: u32,
}

impl Range {
    fn holds(&self, address: Ipv4Addr) -> bool {
        let mask = u32::MAX.checked_shl(32 - self.bits).unwrap_or(0);
        self.start.to_bits() & mask == address.to_bits() & mask
    }
}

/// `203.0.113.7` or `203.0.113.0/24`
fn range(text: &str) -> Option<Range> {
    let (start, bits) = text.split_once('/').unwrap_or((text, "32"));
    let bits = bits.parse().ok().filter(|bits| *bits <= 32)?;
    Some(Range {
        start: start.parse().ok()?,
        bits,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_holds_the_addresses_that_begin_alike() {
        let holds = |range: &str, address: &str| super::range(range).unwrap().holds(address.parse().unwrap());

        assert!(holds("203.0.113.7", "203.0.113.7") && !holds("203.0.113.7", "203.0.113.8"));
        assert!(holds("203.0.113.0/24", "203.0.113.200") && !holds("203.0.113.0/24", "203.0.114.1"));
        assert!(holds("0.0.0.0/0", "198.51.100.1"));
        for wrong in ["", "203.0.113", "203.0.113.0/33", "203.0.113.0/", "::1", "home"] {
            assert!(!is_range(wrong), "{wrong}");
        }
    }
}
