//! What a run may use up.

use std::time::Duration;

/// Limits of one run. The defaults let any honest script through and stop one that has gone astray.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Operations of all threads together.
    pub operations: u64,
    /// Calls within calls.
    pub call_levels: usize,
    /// Bytes in one text.
    pub string_bytes: usize,
    /// Entries in one array.
    pub array_items: usize,
    /// Entries in one map.
    pub map_entries: usize,
    /// Wall time; a migration is watched for days, so there is none unless it is set.
    pub time: Option<Duration>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            operations: 10_000_000_000,
            call_levels: 100,
            string_bytes: 64 << 20,
            array_items: 2_000_000,
            map_entries: 1_000_000,
            time: None,
        }
    }
}
