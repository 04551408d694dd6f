//! `ByteSize`: the sizes Exchange prints, such as `3.214 GB (3,451,013,234 bytes)`.

use std::fmt;

/// A number of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ByteSize(pub u64);

impl ByteSize {
    /// Reads what Exchange prints: the exact count stands in the parentheses. A bare number is bytes. `Unlimited` is no size.
    pub fn parse(text: &str) -> Option<Self> {
        let exact = text.split_once('(').map_or(text, |(_, rest)| rest);
        let digits = exact.split(" bytes").next()?.replace(',', "");
        digits.trim().parse().ok().map(Self)
    }
}

impl fmt::Display for ByteSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [(u64, &str); 4] = [(1 << 40, "TB"), (1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "KB")];
        match UNITS.iter().find(|(unit, _)| self.0 >= *unit) {
            Some((unit, name)) => write!(f, "{:.1} {name}", self.0 as f64 / *unit as f64),
            None => write!(f, "{} B", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exact_count_in_parentheses_is_taken() {
        assert_eq!(ByteSize::parse("3.214 GB (3,451,013,234 bytes)"), Some(ByteSize(3_451_013_234)));
        assert_eq!(ByteSize::parse("0 B (0 bytes)"), Some(ByteSize(0)));
        assert_eq!(ByteSize::parse("Unlimited"), None);
        assert_eq!(ByteSize(32_212_254_720).to_string(), "30.0 GB");
    }
}
