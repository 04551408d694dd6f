//! The faults of a sandbox, as its state keeps them.

use aws_lc_rs::digest;
use jiff::Timestamp;
use serde::Deserialize;
use serde::Serialize;
use serde_json::Value;

use super::check;
use super::check::Unfit;
use super::spec::FaultSpec;
use super::throttle::Window;
use crate::sandbox::Object;
use crate::sandbox::Tx;

const KIND: &str = "fault";
const LAST: &str = "fault.last";
/// No tenant's: who looks through the objects of a tenant never meets them.
const NOWHERE: &str = "";
/// How many of those who came back too early are kept by name; the rest is only counted.
const MOST_EARLY: usize = 200;

/// A fault with what came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InjectedFault {
    /// Its number.
    pub id: u64,
    /// What was ordered.
    #[serde(flatten)]
    pub spec: FaultSpec,
    /// How many calls it was about.
    pub matched: u64,
    /// How often it happened.
    pub fired: u64,
    /// How many more calls were refused while a throttled client should have stayed away.
    pub refused_meanwhile: u64,
    /// How many of those were calls that had been refused before.
    pub too_early: u64,
    /// The last of these.
    pub early: Vec<EarlyReturn>,
}

/// A throttled client that came back before its time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EarlyReturn {
    /// When, by the sandbox's clock.
    pub at: Timestamp,
    /// By how many seconds it was too early.
    pub seconds: f64,
    /// The tenant that it asked.
    pub tenant: String,
    /// The application that came.
    pub client: String,
    /// What it asked for.
    pub operation: String,
}

/// A fault as it is stored: with the clients that should stay away just now.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Kept {
    /// What people see.
    #[serde(flatten)]
    pub fault: InjectedFault,
    /// The clients.
    pub windows: Vec<Window>,
    #[serde(skip)]
    key: String,
}

impl Kept {
    /// Counts one more call and says whether the fault happens to it.
    pub fn happens(&mut self) -> bool {
        let fault = &mut self.fault;
        fault.matched += 1;
        let is_due = fault.matched > fault.spec.skip && fault.spec.count.is_none_or(|count| fault.fired < count);
        let happens = is_due
            && fault
                .spec
                .probability
                .is_none_or(|likely| draw(fault.spec.seed, fault.matched) < likely);
        fault.fired += u64::from(happens);
        happens
    }

    /// Notes a client that came back too early.
    pub fn note_early(&mut self, early: EarlyReturn) {
        self.fault.too_early += 1;
        if self.fault.early.len() == MOST_EARLY {
            self.fault.early.remove(0);
        }
        self.fault.early.push(early);
    }
}

/// A number from 0 to 1 for the call of that number.
fn draw(seed: u64, call: u64) -> f64 {
    let drawn = digest::digest(&digest::SHA256, format!("{seed} {call}").as_bytes());
    let first = drawn
        .as_ref()
        .iter()
        .take(4)
        .fold(0u32, |number, byte| number << 8 | u32::from(*byte));
    f64::from(first) / (f64::from(u32::MAX) + 1.0)
}

/// Orders a fault.
pub fn add(tx: &Tx<'_>, spec: FaultSpec) -> Result<InjectedFault, Unfit> {
    let spec = check::fitting(tx, spec)?;
    let id = tx.meta(LAST).and_then(|last| last.parse::<u64>().ok()).unwrap_or_default() + 1;
    tx.set_meta(LAST, &id.to_string())?;
    let kept = Kept {
        fault: InjectedFault {
            id,
            spec,
            matched: 0,
            fired: 0,
            refused_meanwhile: 0,
            too_early: 0,
            early: Vec::new(),
        },
        windows: Vec::new(),
        key: String::new(),
    };
    tx.put(&Object::new(NOWHERE, KIND, body(&kept)), [])?;
    Ok(kept.fault)
}

/// The faults in the order they were made.
pub fn list(tx: &Tx<'_>) -> rusqlite::Result<Vec<InjectedFault>> {
    Ok(kept(tx)?.into_iter().map(|kept| kept.fault).collect())
}

/// Forgets the faults of these numbers, or all when there are none, and returns the numbers of those that are gone.
pub fn clear(tx: &Tx<'_>, ids: &[u64]) -> Result<Vec<u64>, Unfit> {
    let there = kept(tx)?;
    if let Some(id) = ids.iter().find(|id| there.iter().all(|kept| kept.fault.id != **id)) {
        return Err(Unfit::Number { id: *id });
    }
    let gone: Vec<_> = there
        .into_iter()
        .filter(|kept| ids.is_empty() || ids.contains(&kept.fault.id))
        .collect();
    gone.iter().try_for_each(|kept| tx.delete(&kept.key))?;
    Ok(gone.iter().map(|kept| kept.fault.id).collect())
}

/// The faults with all that is stored of them.
pub fn kept(tx: &Tx<'_>) -> rusqlite::Result<Vec<Kept>> {
    let objects = tx.list(NOWHERE, KIND)?.into_iter();
    let kept = objects.map(|object| {
        let kept: Kept = serde_json::from_value(Value::Object(object.body))
            .map_err(|cause| rusqlite::Error::FromSqlConversionFailure(3, rusqlite::types::Type::Text, Box::new(cause)))?;
        Ok(Kept { key: object.id, ..kept })
    });
    kept.collect()
}

/// Stores what a call changed.
pub fn store(tx: &Tx<'_>, kept: &Kept) -> rusqlite::Result<()> {
    tx.update(&Object {
        id: kept.key.clone(),
        tenant: NOWHERE.to_owned(),
        kind: KIND.to_owned(),
        body: body(kept),
    })
}

fn body(kept: &Kept) -> serde_json::Map<String, Value> {
    match serde_json::to_value(kept) {
        Ok(Value::Object(body)) => body,
        _ => unreachable!("a struct of texts and numbers is a JSON object"),
    }
}
