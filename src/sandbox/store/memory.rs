//! What was computed for one request and serves others too. It is never the only place of anything: a restart forgets it.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

use serde_json::Value;

/// How many tokens are remembered.
const MOST_TOKENS: usize = 1024;

/// What an open state remembers.
#[derive(Default)]
pub struct Memory {
    tokens: Mutex<HashMap<String, Arc<Value>>>,
    exchange_requests: AtomicU64,
}

impl Memory {
    /// The claims of a token whose signature was found good, now or before. Everything else about it is checked each time.
    pub fn token(&self, token: &str, verify: impl FnOnce() -> Option<Value>) -> Option<Arc<Value>> {
        let tokens = || self.tokens.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(known) = tokens().get(token) {
            return Some(Arc::clone(known));
        }
        let claims = Arc::new(verify()?);
        let mut tokens = tokens();
        if tokens.len() >= MOST_TOKENS {
            tokens.clear();
        }
        tokens.insert(token.to_owned(), Arc::clone(&claims));
        Some(claims)
    }

    /// Counts a request to Exchange.
    pub fn count_exchange_request(&self) -> u64 {
        self.exchange_requests.fetch_add(1, Ordering::Relaxed) + 1
    }
}
