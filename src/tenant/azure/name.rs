//! Names that are unique in the whole cloud: their rules, and whether they can still be had.

use crate::cloud::ArmQuestion;
use crate::model::Kind;
use crate::model::Record;
use crate::model::Trouble;
use crate::tenant::Tenant;
use crate::tenant::azure::subscription_of;

impl Tenant {
    /// Whether a key vault could be called `name`: `nameAvailable`, `reason` and `message`.
    pub async fn check_vault_name(&self, subscription: &str, name: &str) -> Result<Record, Trouble> {
        self.ask_for(ArmQuestion::VaultName, subscription, name).await
    }

    /// Whether a storage account could be called `name`.
    pub async fn check_storage_account_name(&self, subscription: &str, name: &str) -> Result<Record, Trouble> {
        self.ask_for(ArmQuestion::StorageAccountName, subscription, name).await
    }

    async fn ask_for(&self, question: ArmQuestion, subscription: &str, name: &str) -> Result<Record, Trouble> {
        let named = |trouble: Trouble| trouble.in_tenant(&self.tag().name).on_object(name);
        let subscription = subscription_of(subscription).map_err(named)?;
        let answer = self.wire().arm_ask(question, &subscription, name).await;
        answer.map_err(|error| named(error.into()))
    }
}

/// Refuses what no key vault may be called.
pub(in crate::tenant) fn check_vault_rule(name: &str) -> Result<(), Trouble> {
    let is_sound = (3..=24).contains(&name.len())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && !name.ends_with('-')
        && !name.contains("--");
    match is_sound {
        true => Ok(()),
        false => Err(refused(
            name,
            "key vault",
            "3 to 24 letters, digits and single hyphens, beginning with a letter and not ending with a hyphen",
        )),
    }
}

/// Refuses what no storage account may be called.
pub(in crate::tenant) fn check_storage_account_rule(name: &str) -> Result<(), Trouble> {
    match (3..=24).contains(&name.len()) && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()) {
        true => Ok(()),
        false => Err(refused(name, "storage account", "3 to 24 digits and lower-case letters")),
    }
}

/// Refuses what no resource group may be called.
pub(in crate::tenant) fn check_group_rule(name: &str) -> Result<(), Trouble> {
    let is_sound = (1..=90).contains(&name.chars().count())
        && name.chars().all(|c| c.is_alphanumeric() || "_-.()".contains(c))
        && !name.ends_with('.');
    match is_sound {
        true => Ok(()),
        false => Err(refused(
            name,
            "resource group",
            "up to 90 letters, digits and `_ - . ( )`, not ending with a full stop",
        )),
    }
}

/// Refuses what no certificate in a key vault may be called.
pub(in crate::tenant) fn check_certificate_rule(name: &str) -> Result<(), Trouble> {
    match (1..=127).contains(&name.len()) && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
        true => Ok(()),
        false => Err(refused(name, "certificate", "up to 127 letters, digits and hyphens")),
    }
}

fn refused(name: &str, noun: &str, rule: &str) -> Trouble {
    Trouble::new(Kind::Invalid, format!("no {noun} can be called `{name}`"))
        .with_code("invalid_name")
        .with_remedy(format!("choose a name of {rule}"))
        .on_object(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_azure_would_refuse_is_refused_with_its_rule() {
        let long = "a".repeat(25);
        for name in ["kv", &long, "1kv", "kv-", "k--v", "k_v", "kv.x"] {
            assert!(check_vault_rule(name).is_err(), "{name}");
        }
        for name in ["ab", &long, "Audit", "au-dit"] {
            assert!(check_storage_account_rule(name).is_err(), "{name}");
        }
        for name in ["", "rg.", "rg/x", &"r".repeat(91)] {
            assert!(check_group_rule(name).is_err(), "{name}");
        }
        assert!(check_certificate_rule("move_2021").is_err());
        assert!(check_vault_rule("nwt-xtmove-kv").is_ok() && check_storage_account_rule("nwtaudit1").is_ok());
        assert!(check_group_rule("rg-xtmove (1)").is_err() && check_group_rule("rg-x_t.(move)").is_ok());
        assert!(check_certificate_rule("contoso-move-2021").is_ok());
    }
}
