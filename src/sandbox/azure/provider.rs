//! Resource providers, and whether a subscription is registered to use them.

use jiff::Timestamp;
use jiff::ToSpan;
use serde_json::Map;
use serde_json::Value;

use crate::sandbox::Object;
use crate::sandbox::Tx;

/// One namespace of Azure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Provider {
    /// Its name, in its own casing.
    pub namespace: &'static str,
    /// The resource types the sandbox knows of it.
    pub types: &'static [&'static str],
    /// Whether it needs no registration.
    pub is_free: bool,
}

/// The providers the sandbox knows.
pub const PROVIDERS: &[Provider] = &[
    Provider {
        namespace: "Microsoft.KeyVault",
        types: &[
            "vaults",
            "vaults/accessPolicies",
            "deletedVaults",
            "locations/deletedVaults",
            "checkNameAvailability",
        ],
        is_free: false,
    },
    Provider {
        namespace: "Microsoft.Storage",
        types: &["storageAccounts", "locations/asyncoperations", "checkNameAvailability"],
        is_free: false,
    },
    Provider {
        namespace: "microsoft.insights",
        types: &["diagnosticSettings", "diagnosticSettingsCategories"],
        is_free: false,
    },
    Provider {
        namespace: "Microsoft.Authorization",
        types: &["roleAssignments", "roleDefinitions"],
        is_free: true,
    },
];

/// How a subscription stands with a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Registration {
    /// Never registered, or no longer.
    NotRegistered,
    /// Asked for, not done yet.
    Registering,
    /// Usable.
    Registered,
}

impl Registration {
    /// As Azure writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::NotRegistered => "NotRegistered",
            Self::Registering => "Registering",
            Self::Registered => "Registered",
        }
    }
}

/// Where a subscription keeps since when each provider is registered.
const KEPT: &str = "_providers";
/// How long a registration takes, in seconds of the sandbox's clock.
const REGISTRATION: i64 = 30;

/// The provider of that namespace, without case.
pub fn provider(namespace: &str) -> Option<&'static Provider> {
    PROVIDERS.iter().find(|provider| provider.namespace.eq_ignore_ascii_case(namespace))
}

/// How `subscription` stands with `provider` now.
pub fn registration(tx: &Tx<'_>, subscription: &Object, provider: &Provider) -> Registration {
    let kept = subscription.body.get(KEPT).and_then(|kept| kept[provider.namespace].as_str());
    match kept.and_then(|since| since.parse::<Timestamp>().ok()) {
        _ if provider.is_free => Registration::Registered,
        None => Registration::NotRegistered,
        Some(since) if since > tx.now() => Registration::Registering,
        Some(_) => Registration::Registered,
    }
}

/// Begins the registration of `provider`, unless it is registered or under way.
pub fn register(tx: &Tx<'_>, subscription: &mut Object, provider: &Provider) -> rusqlite::Result<()> {
    if registration(tx, subscription, provider) != Registration::NotRegistered {
        return Ok(());
    }
    let since = tx.now() + REGISTRATION.seconds();
    keep(subscription, provider, Some(since));
    tx.update(subscription)
}

/// Ends the registration of `provider`.
pub fn unregister(tx: &Tx<'_>, subscription: &mut Object, provider: &Provider) -> rusqlite::Result<()> {
    keep(subscription, provider, None);
    tx.update(subscription)
}

/// All providers as registered since `since`, as a subscription keeps it.
pub fn all_registered(since: Timestamp) -> Map<String, Value> {
    let kept = PROVIDERS
        .iter()
        .map(|provider| (provider.namespace.to_owned(), since.to_string().into()));
    kept.collect()
}

fn keep(subscription: &mut Object, provider: &Provider, since: Option<Timestamp>) {
    if let Some(kept) = subscription.body.get_mut(KEPT).and_then(Value::as_object_mut) {
        match since {
            Some(since) => kept.insert(provider.namespace.to_owned(), since.to_string().into()),
            None => kept.remove(provider.namespace),
        };
    }
}
