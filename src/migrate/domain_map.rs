//! stub
use crate::model::Record;
use crate::model::Trouble;
/// Which domain of the source tenant becomes which domain of the target tenant.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DomainMap;
impl DomainMap {
    /// Reads rows with the columns `source` and `target`.
    pub fn from_rows(rows: &[Record]) -> Result<Self, Trouble> {
        let _ = rows;
        Ok(Self)
    }
    /// The address in the target tenant; `None` when its domain is not in the map.
    pub fn map(&self, address: &str) -> Option<String> {
        let _ = address;
        None
    }
}
