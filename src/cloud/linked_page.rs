//! `LinkedPage`: what Graph, Azure Resource Manager and Key Vault give of a collection at a time.

use serde_json::Map;
use serde_json::Value;

use crate::cloud::CloudError;
use crate::cloud::answer::Answer;
use crate::cloud::answer::text;
use crate::cloud::request::Call;
use crate::model::KeyCache;
use crate::model::Record;

/// One page of a collection; the next one lies behind a link.
#[derive(Debug, Default)]
pub struct LinkedPage {
    /// The objects.
    pub records: Vec<Record>,
    /// The link to the next page.
    pub next: Option<String>,
}

impl LinkedPage {
    /// Reads the answer to `call`, whose link is called `link`, making each object what `shape` makes of it.
    pub(super) fn read(
        call: &Call,
        answer: &Answer,
        link: &str,
        shape: impl Fn(Map<String, Value>) -> Map<String, Value>,
    ) -> Result<Self, CloudError> {
        let mut body = answer.expect_json(call)?;
        let next = text(&body, link).map(str::to_owned);
        let Some(Value::Array(items)) = body.get_mut("value").map(Value::take) else {
            return Err(answer.unreadable(call, "it is not a collection"));
        };
        let mut keys = KeyCache::default();
        let records = items
            .into_iter()
            .filter_map(|item| match item {
                Value::Object(map) => Some(keys.record(shape(map))),
                _ => None,
            })
            .collect();
        Ok(Self { records, next })
    }
}
