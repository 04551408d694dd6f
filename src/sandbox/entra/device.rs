//! Device codes: what a program without a browser shows, and a person enters elsewhere.

use aws_lc_rs::rand;
use jiff::SignedDuration;
use serde_json::Map;

use super::ticket;
use crate::sandbox::Object;
use crate::sandbox::Tx;

/// How long a code can be entered, in seconds of the sandbox's clock.
pub const LIFE: i64 = 900;
/// How many seconds a program waits before it asks again.
pub const INTERVAL: i64 = 5;

const KIND: &str = "deviceCode";
/// What a person can tell apart and will not read as a word.
const ALPHABET: &[u8] = b"BCDFGHJKLMNPQRSTVWXZ23456789";

/// What became of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Nobody has decided yet.
    Pending,
    /// A person signed in with it.
    Approved,
    /// A person refused.
    Declined,
    /// The program has its tokens.
    Redeemed,
}

impl Decision {
    const ALL: [(Self, &str); 4] = [
        (Self::Pending, "pending"),
        (Self::Approved, "approved"),
        (Self::Declined, "declined"),
        (Self::Redeemed, "redeemed"),
    ];

    fn name(self) -> &'static str {
        let found = Self::ALL.iter().find(|(decision, _)| *decision == self);
        found.map_or("pending", |(_, name)| name)
    }

    /// The decision on `code`.
    pub fn on(code: &Object) -> Self {
        let found = Self::ALL.iter().find(|(_, name)| *name == code.text("decision"));
        found.map_or(Self::Pending, |(decision, _)| *decision)
    }
}

/// Makes a code for the application `client_id`, which asks for `scope` at `tenant` (as it named it).
pub fn start(tx: &Tx<'_>, tenant: &str, client_id: &str, scope: &str) -> rusqlite::Result<Object> {
    let mut code = Object::new(ticket::TENANT, KIND, Map::new());
    code.set("client_id", client_id);
    code.set("scope", scope);
    code.set("tenant", tenant);
    code.set("user_code", user_code());
    code.set("device_code", ticket::make());
    code.set("decision", Decision::Pending.name());
    ticket::begin(tx, &mut code, SignedDuration::from_secs(LIFE))?;
    store(tx, &code)?;
    Ok(code)
}

/// The code that the program shows, when it can still be entered: neither expired nor decided. Case does not matter.
pub fn pending(tx: &Tx<'_>, user_code: &str) -> Option<Object> {
    let found = tx.sound(tx.find(ticket::TENANT, "userCode", user_code.trim()));
    let mut found = found.into_iter();
    found.find(|code| Decision::on(code) == Decision::Pending && !ticket::is_over(tx, code))
}

/// The code that the program polls with.
pub fn by_device_code(tx: &Tx<'_>, device_code: &str) -> Option<Object> {
    let found = tx.sound(tx.find(ticket::TENANT, "deviceCode", device_code));
    found.into_iter().find(|code| code.text("device_code") == device_code)
}

/// `user` signs the program in.
pub fn approve(tx: &Tx<'_>, code: &Object, user: &Object) -> rusqlite::Result<()> {
    let mut code = code.clone();
    ticket::set_user(&mut code.body, user);
    decide(tx, code, Decision::Approved)
}

/// The person does not want the program to sign in.
pub fn decline(tx: &Tx<'_>, code: &Object) -> rusqlite::Result<()> {
    decide(tx, code.clone(), Decision::Declined)
}

/// The program got its tokens.
pub fn redeem(tx: &Tx<'_>, code: &Object) -> rusqlite::Result<()> {
    decide(tx, code.clone(), Decision::Redeemed)
}

/// Notes that the program asked, and tells whether it waited as long as it was told to.
///
/// The note stays although the answer is a refusal. A second too early is forgiven, as programs count whole ones.
pub fn polled(tx: &Tx<'_>, code: &Object) -> rusqlite::Result<bool> {
    let waited = ticket::age(tx, code, "polled").is_none_or(|waited| waited.as_secs() >= INTERVAL - 1);
    let mut code = code.clone();
    code.set("polled", tx.now().to_string());
    let identities = identities(&code);
    tx.put_lasting(code, identities)?;
    Ok(waited)
}

fn decide(tx: &Tx<'_>, mut code: Object, decision: Decision) -> rusqlite::Result<()> {
    code.set("decision", decision.name());
    store(tx, &code)
}

fn store(tx: &Tx<'_>, code: &Object) -> rusqlite::Result<()> {
    tx.put(code, identities(code))
}

fn identities(code: &Object) -> Vec<(&'static str, String)> {
    vec![
        ("userCode", code.text("user_code").to_owned()),
        ("deviceCode", code.text("device_code").to_owned()),
    ]
}

fn user_code() -> String {
    let mut bytes = [0; 9];
    rand::fill(&mut bytes).expect("the system has random numbers");
    let letters = bytes.map(|byte| char::from(ALPHABET[usize::from(byte) % ALPHABET.len()]));
    letters.iter().collect()
}
