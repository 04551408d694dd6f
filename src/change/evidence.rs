//! `Evidence`: by what it shows that a write was made, for writes of which neither the touched properties nor the being there of the
//! object tell it.

use std::fmt;

use crate::change::Operation;
use crate::model::Record;

/// Stands in `Descriptor::made` for the place that the path of a request names: what is put into Azure is found where it was put.
pub const ITS_PLACE: &str = "";

/// Which objects of a reading are meant.
#[derive(Debug, Clone, Copy)]
pub enum About<'a> {
    /// The plain text that the reading takes: an identity or a filter.
    Plain(&'a str),
    /// Those whose property has this value.
    Property(&'a str, &'a str),
    /// All it gives.
    All,
}

/// What is read, and what it says.
#[derive(Clone, Copy)]
pub struct Evidence {
    /// The reading's name.
    pub reading: &'static str,
    /// The identity or filter that the reading is given; `None` when the operation does not tell it.
    pub about: fn(&Operation) -> Option<String>,
    /// Whether what was read shows that the write was made; `None` when it does not tell.
    pub shows: fn(&Operation, &[Record]) -> Option<bool>,
}

impl fmt::Debug for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Evidence({})", self.reading)
    }
}
