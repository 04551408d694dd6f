//! `ProxyAddress`: one entry of `EmailAddresses`, such as `SMTP:ann@contoso.com` or `X500:/o=First Organization/cn=ann`.

use std::fmt;

/// An address with its type. Everything is compared without case but one thing: `SMTP:` is the primary address, `smtp:` is not.
#[derive(Debug, Clone)]
pub struct ProxyAddress {
    prefix: String,
    address: String,
}

impl ProxyAddress {
    /// Reads `prefix:address`; a bare `local@domain` is a secondary SMTP address. `None` when the text is neither.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (prefix, address) = match text.split_once(':') {
            Some((prefix, address)) if !prefix.is_empty() && prefix.chars().all(|c| c.is_ascii_alphanumeric()) => (prefix, address),
            _ if is_smtp_address(text) => ("smtp", text),
            _ => return None,
        };
        let is_whole = !address.is_empty() && (!prefix.eq_ignore_ascii_case("smtp") || is_smtp_address(address));
        is_whole.then(|| Self::new(prefix, address))
    }

    fn new(prefix: &str, address: &str) -> Self {
        Self {
            prefix: prefix.to_owned(),
            address: address.to_owned(),
        }
    }

    /// A primary address.
    pub fn primary(address: &str) -> Self {
        Self::new("SMTP", address)
    }

    /// A secondary SMTP address.
    pub fn secondary(address: &str) -> Self {
        Self::new("smtp", address)
    }

    /// A legacy distinguished name as an address, which keeps replies to old mail deliverable.
    pub fn x500(legacy_dn: &str) -> Self {
        Self::new("X500", legacy_dn)
    }

    /// The type without regard to case.
    pub fn is(&self, prefix: &str) -> bool {
        self.prefix.eq_ignore_ascii_case(prefix)
    }

    /// Whether it is an SMTP address, primary or secondary.
    pub fn is_smtp(&self) -> bool {
        self.is("smtp")
    }

    /// Whether it is the primary SMTP address.
    pub fn is_primary(&self) -> bool {
        self.prefix == "SMTP"
    }

    /// The address without its type.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Whether both are the same address, primary or not.
    pub fn is_same_address(&self, other: &Self) -> bool {
        self.is(&other.prefix) && same_text(&self.address, &other.address)
    }

    /// The domain of an SMTP address, in lower case.
    pub fn domain(&self) -> Option<String> {
        self.is_smtp().then(|| domain_of(&self.address)).flatten()
    }
}

impl PartialEq for ProxyAddress {
    fn eq(&self, other: &Self) -> bool {
        self.is(&other.prefix) && self.is_primary() == other.is_primary() && same_text(&self.address, &other.address)
    }
}

impl Eq for ProxyAddress {}

impl fmt::Display for ProxyAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.prefix, self.address)
    }
}

/// The domain of `local@domain`, in lower case.
pub fn domain_of(address: &str) -> Option<String> {
    let (_, domain) = address.rsplit_once('@')?;
    (!domain.is_empty()).then(|| domain.to_lowercase())
}

/// The part of `local@domain` before the domain.
pub fn local_part_of(address: &str) -> Option<&str> {
    let (local, _) = address.rsplit_once('@')?;
    (!local.is_empty()).then_some(local)
}

/// `address` without the `SMTP:` that the service puts in front of `ExternalEmailAddress`.
pub fn without_prefix(address: &str) -> &str {
    match address.split_once(':') {
        Some((prefix, bare)) if prefix.eq_ignore_ascii_case("smtp") => bare,
        _ => address,
    }
}

/// Whether two names or addresses are the same to Exchange, which ignores case, also beyond ASCII.
pub fn same_text(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other) || (!one.is_ascii() && one.to_lowercase() == other.to_lowercase())
}

fn is_smtp_address(text: &str) -> bool {
    let has_blank = text.chars().any(char::is_whitespace);
    !has_blank && local_part_of(text).is_some() && domain_of(text).is_some_and(|domain| domain.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_matters_only_for_which_address_is_primary() {
        let parse = |text| ProxyAddress::parse(text).expect("an address");

        assert_eq!(parse("x500:/o=First/CN=ann"), parse("X500:/O=first/cn=Ann"));
        assert_eq!(parse("SMTP:Ann@Contoso.com"), parse("SMTP:ann@contoso.com"));
        assert_ne!(parse("SMTP:ann@contoso.com"), parse("smtp:ann@contoso.com"));
        assert_eq!(parse("ann@contoso.com"), ProxyAddress::secondary("ann@contoso.com"));
    }

    #[test]
    fn what_is_no_address_is_not_taken_for_one() {
        for text in [
            "",
            "ann",
            "smtp:",
            "smtp:ann",
            "System.Object[]",
            "ann@contoso",
            "@contoso.com",
            "smtp:an n@contoso.com",
        ] {
            assert_eq!(ProxyAddress::parse(text), None, "{text}");
        }
    }

    #[test]
    fn an_x500_address_keeps_blanks_commas_and_colons() {
        let address = ProxyAddress::parse("X500:/o=A, Inc: East/ou=Group (FYDIBOHF23SPDLT)/cn=x").expect("an address");

        assert_eq!(address.address(), "/o=A, Inc: East/ou=Group (FYDIBOHF23SPDLT)/cn=x");
        assert_eq!(address.domain(), None);
    }
}
