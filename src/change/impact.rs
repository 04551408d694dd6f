//! How much is at stake.

use std::fmt;
use std::str::FromStr;

/// The impact of a change is that of what it sets in motion, not of the call alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Impact {
    /// Nobody notices.
    Low,
    /// One object, easily put back.
    Medium,
    /// Many people or access rights; can be put back with effort.
    High,
    /// There is no way back.
    Irreversible,
}

impl Impact {
    /// The word in `WRITES` and in plans.
    pub fn as_str(self) -> &'static str {
        match self {
            Impact::Low => "low",
            Impact::Medium => "medium",
            Impact::High => "high",
            Impact::Irreversible => "irreversible",
        }
    }
}

impl fmt::Display for Impact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Impact {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Impact::Low, Impact::Medium, Impact::High, Impact::Irreversible]
            .into_iter()
            .find(|impact| impact.as_str() == text)
            .ok_or_else(|| format!("`{text}` is no impact; use low, medium, high or irreversible"))
    }
}
