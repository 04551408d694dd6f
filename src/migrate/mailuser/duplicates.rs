//! Rows that want the same thing.

use std::collections::HashMap;

use crate::migrate::attributes::user_of;
use crate::model::Kind;
use crate::model::ProxyAddress;
use crate::model::Record;
use crate::model::Trouble;

/// Refuses rows of which two have the same value in one of `columns`; of a list the SMTP addresses count. For plans compare
/// `UserPrincipalName`, `ExchangeGuid`, `Alias` and `EmailAddresses`; for a list of users the column that names them.
pub fn refuse_duplicates(rows: &[Record], columns: &[&str]) -> Result<(), Trouble> {
    for column in columns {
        let mut seen: HashMap<String, usize> = HashMap::new();
        for (at, row) in rows.iter().enumerate() {
            for value in values(row, column) {
                if let Some(before) = seen.insert(value.to_lowercase(), at).filter(|before| *before != at) {
                    return Err(duplicate(rows, column, &value, before, at));
                }
            }
        }
    }
    Ok(())
}

fn values(row: &Record, column: &str) -> Vec<String> {
    let entries = row.list(column).into_iter().filter(|entry| !entry.trim().is_empty());
    if row.get(column).is_some_and(serde_json::Value::is_array) {
        let addresses = entries.filter_map(|entry| ProxyAddress::parse(&entry));
        return addresses
            .filter(ProxyAddress::is_smtp)
            .map(|address| address.address().to_owned())
            .collect();
    }
    entries.collect()
}

fn duplicate(rows: &[Record], column: &str, value: &str, before: usize, at: usize) -> Trouble {
    let name = |at: usize| rows[at].text("SourceUser").map_or_else(|| user_of(&rows[at]), str::to_owned);
    let what = match (name(before), name(at)) {
        (one, other) if one == other => format!("`{one}` is listed twice (rows {} and {})", before + 1, at + 1),
        (one, other) => format!(
            "`{one}` and `{other}` have the same {column}, `{value}` (rows {} and {})",
            before + 1,
            at + 1
        ),
    };
    Trouble::new(Kind::Invalid, what)
        .with_code("Duplicate")
        .on_object(value)
        .with_remedy("take one of the rows out, or give the addresses different names in the source")
}
