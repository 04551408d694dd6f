//! Sizes as Exchange writes them.

/// `3.214 GB (3,451,013,234 bytes)`.
pub fn shown(bytes: u64) -> String {
    let mut unit = 0;
    let mut amount = bytes as f64;
    while amount >= 1024.0 && unit + 1 < UNITS.len() {
        amount /= 1024.0;
        unit += 1;
    }
    let decimals = match amount {
        amount if amount < 10.0 => 3,
        amount if amount < 100.0 => 2,
        _ => 1,
    };
    let amount = format!("{amount:.decimals$}");
    let amount = amount.trim_end_matches('0').trim_end_matches('.');
    format!("{amount} {} ({} bytes)", UNITS[unit], grouped(bytes))
}

const UNITS: &[&str] = &["B", "KB", "MB", "GB", "TB"];

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut result = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            result.push(',');
        }
        result.push(digit);
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_carry_the_exact_bytes_in_parentheses() {
        assert_eq!(shown(3_451_013_234), "3.214 GB (3,451,013,234 bytes)");
        assert_eq!(shown(36_700_160), "35 MB (36,700,160 bytes)");
        assert_eq!(shown(126_248_550), "120.4 MB (126,248,550 bytes)");
        assert_eq!(shown(0), "0 B (0 bytes)");
    }
}
