//! Names that are unique in the whole cloud: their rules, and whether they can still be had.

use serde_json::Value;

use crate::change::Gate;
use crate::change::Mode;
use crate::cloud::ArmQuestion;
use crate::model::Arguments;
use crate::model::Kind;
use crate::model::Record;
use crate::model::Trouble;
use crate::model::same_text;
use crate::tenant::Tenant;
use crate::tenant::azure::subscription_of;
use crate::tenant::reading;

impl Tenant {
    /// Whether a key vault could be called `name`: `nameAvailable`, and if not `reason`, `message` and `remedy`. A vault of our own
    /// that was removed and keeps its name is told apart from one of somebody else.
    pub async fn check_vault_name(&self, subscription: &str, name: &str) -> Result<Record, Trouble> {
        if let Some(deleted) = self.deleted_vault(subscription, name).await? {
            let properties = deleted.get("properties").unwrap_or(&Value::Null);
            let time = |name: &str| properties[name].as_str().unwrap_or("an unknown time").to_owned();
            let message = format!(
                "the vault `{name}` was removed at {} and keeps its name until {}",
                time("deletionDate"),
                time("scheduledPurgeDate")
            );
            return Ok(Record::default()
                .with("nameAvailable", false)
                .with("reason", "Deleted")
                .with("message", message)
                .with(
                    "remedy",
                    "bring it back with `recover_vault` (`az keyvault recover`), end it for good with `purge_vault`, or choose another name",
                ));
        }
        self.ask_for(ArmQuestion::VaultName, subscription, name).await
    }

    /// Whether a storage account could be called `name`: `nameAvailable`, and if not `reason`, `message` and `remedy`.
    pub async fn check_storage_account_name(&self, subscription: &str, name: &str) -> Result<Record, Trouble> {
        self.ask_for(ArmQuestion::StorageAccountName, subscription, name).await
    }

    async fn ask_for(&self, question: ArmQuestion, subscription: &str, name: &str) -> Result<Record, Trouble> {
        let named = |trouble: Trouble| trouble.in_tenant(&self.tag().name).on_object(name);
        let subscription = subscription_of(subscription).map_err(named)?;
        let answer = self.wire().arm_ask(question, &subscription, name).await;
        let answer = answer.map_err(|error| named(error.into()))?;
        Ok(match answer.flag("nameAvailable") {
            Some(false) => {
                let is_taken = answer.text("reason").is_none_or(|reason| same_text(reason, "AlreadyExists"));
                let remedy = match is_taken {
                    true => "choose another name; it must be the only one in the whole cloud",
                    false => "choose a name that follows the rule",
                };
                answer.with("remedy", remedy)
            }
            _ => answer,
        })
    }

    async fn deleted_vault(&self, subscription: &str, name: &str) -> Result<Option<Record>, Trouble> {
        let deleted = reading("find_deleted_vaults").expect("the table of readings has it");
        let called = |vault: &Record| vault.text("name").is_some_and(|known| same_text(known, name));
        match self.find_all(deleted, Arguments::new().with("id", subscription)).await {
            // Whoever may not see them still learns from Azure that the name is taken.
            Err(trouble) if trouble.kind == Kind::Forbidden => Ok(None),
            all => Ok(all?.into_iter().find(called)),
        }
    }

    /// Refuses a name that cannot be had, going by what `check_vault_name` or `check_storage_account_name` answered. A subscription
    /// that does not know the provider yet is not answered; a run that only plans says so in a note and goes on.
    pub(in crate::tenant) fn is_to_be_had(
        &self,
        gate: &Gate,
        noun: &str,
        name: &str,
        answer: Result<Record, Trouble>,
    ) -> Result<Option<String>, Trouble> {
        match answer {
            Err(trouble) if gate.mode() == Mode::WhatIf && trouble.code == "MissingSubscriptionRegistration" => Ok(Some(format!(
                "whether a {noun} can be called `{name}` was not checked: the subscription cannot be asked before its resource provider is \
                 registered"
            ))),
            answer => self.is_available(noun, name, &answer?).map(|()| None),
        }
    }

    /// Refuses a name that cannot be had, with what `check_vault_name` or `check_storage_account_name` said of it.
    fn is_available(&self, noun: &str, name: &str, answer: &Record) -> Result<(), Trouble> {
        if answer.flag("nameAvailable") != Some(false) {
            return Ok(());
        }
        let message = answer.text("message").unwrap_or("the name is taken");
        Err(
            Trouble::new(Kind::AlreadyExists, format!("no new {noun} can be called `{name}`: {message}"))
                .with_code("name_taken")
                .with_remedy(answer.text("remedy").unwrap_or("choose another name"))
                .in_tenant(&self.tag().name)
                .on_object(name),
        )
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
