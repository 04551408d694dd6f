//! What a transaction has read already. Rules ask for the same tenant, time and user many times in one request, and the state of a
//! transaction that only reads does not change under it.

use std::cell::RefCell;

use super::Object;

/// How many settings and how many look-ups are kept: the first ones, which are those that come again.
const MOST: usize = 16;
/// The longest result that is kept.
const LONGEST: usize = 2;

/// The first things that were read.
#[derive(Default)]
pub struct Seen {
    meta: RefCell<Vec<(String, Option<String>)>>,
    found: RefCell<Vec<(LookUp, Vec<Object>)>>,
}

struct LookUp {
    tenant: String,
    form: String,
    value: String,
}

impl Seen {
    /// The setting `key`, read now or before.
    pub fn meta(&self, key: &str, read: impl FnOnce() -> Option<String>) -> Option<String> {
        if let Some((_, value)) = self.meta.borrow().iter().find(|(known, _)| known == key) {
            return value.clone();
        }
        let value = read();
        let mut meta = self.meta.borrow_mut();
        if meta.len() < MOST {
            meta.push((key.to_owned(), value.clone()));
        }
        value
    }

    /// What the look-up leads to, found now or before.
    pub fn found(
        &self,
        tenant: &str,
        form: &str,
        value: &str,
        find: impl FnOnce() -> rusqlite::Result<Vec<Object>>,
    ) -> rusqlite::Result<Vec<Object>> {
        let is_same = |known: &LookUp| known.value == value && known.form == form && known.tenant == tenant;
        if let Some((_, objects)) = self.found.borrow().iter().find(|(known, _)| is_same(known)) {
            return Ok(objects.clone());
        }
        let objects = find()?;
        let mut found = self.found.borrow_mut();
        if found.len() < MOST && objects.len() <= LONGEST {
            let [tenant, form, value] = [tenant, form, value].map(str::to_owned);
            found.push((LookUp { tenant, form, value }, objects.clone()));
        }
        Ok(objects)
    }
}
