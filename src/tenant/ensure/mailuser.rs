//! Making sure of a MailUser with everything that the migration wants of it.

use serde_json::Value;

use crate::change::Fate;
use crate::change::Gate;
use crate::change::Patience;
use crate::model::Arguments;
use crate::model::Given;
use crate::model::Record;
use crate::model::Trouble;
use crate::tenant::Ensured;
use crate::tenant::Tenant;
use crate::tenant::ensure::addresses;
use crate::tenant::ensure::ensured::same_text;
use crate::tenant::ensure::ensured::take_list;
use crate::tenant::ensure::ensured::take_text;
use crate::tenant::ensure::waiting::REPLICATION;
use crate::tenant::operations::NEW_MAILUSER;
use crate::tenant::operations::SET_MAILUSER;
use crate::tenant::operations::SET_USER;
use crate::tenant::reading;

/// What Exchange keeps on the user and not on the MailUser.
const OF_THE_USER: &[&str] = &["FirstName", "LastName", "Initials"];

/// What counts only when the MailUser is made.
const AT_BIRTH: &[&str] = &["Password", "OrganizationalUnit", "FirstName", "LastName", "Initials"];

impl Tenant {
    /// The MailUser `upn` with `arguments`, which are those of `New-MailUser` and `Set-MailUser` in one map. `EmailAddresses` as a
    /// list means all that are wanted: what the object has besides stays, unless its domain is foreign to this tenant.
    pub async fn ensure_mailuser(&self, gate: &Gate, upn: &str, arguments: Arguments) -> Result<Ensured, Trouble> {
        let arguments = self.without_upn(upn, arguments)?;
        let mailusers = reading("get_mailuser").expect("the table of readings has it");
        match self.look_up(mailusers, upn).await? {
            Some(found) => self.update_mailuser(gate, upn, found, arguments).await,
            None => self.make_mailuser(gate, upn, arguments).await,
        }
    }

    async fn make_mailuser(&self, gate: &Gate, upn: &str, arguments: Arguments) -> Result<Ensured, Trouble> {
        let recipients = reading("get_recipient").expect("the table of readings has it");
        if let Some(occupant) = self.look_up(recipients, upn).await? {
            return Err(self.occupied(upn, &occupant));
        }
        let is_for_new = |name: &str| NEW_MAILUSER.argument(name).is_some();
        let mut birth = arguments.clone();
        birth.retain(|name, _| is_for_new(name));
        birth.set("MicrosoftOnlineServicesID", upn);
        if birth.get("Name").is_none() {
            birth.set("Name", upn.split('@').next().unwrap_or(upn));
        }
        // Without it the service makes the source's address the primary one, and the move fails for a foreign domain (F-55).
        if birth.get("PrimarySmtpAddress").is_none() {
            let listed = take_list(&mut arguments.clone(), "EmailAddresses");
            birth.set("PrimarySmtpAddress", addresses::primary(&listed).unwrap_or(upn));
        }
        let made = self.apply(gate, &NEW_MAILUSER, None, birth).await?;
        let patience = if made.fate == Fate::Planned { Patience::NONE } else { REPLICATION };
        let made = Ensured::created(made);
        let mut stamps = arguments;
        stamps.retain(|name, _| !is_for_new(name));
        let stamps = self.stamps(&made.record, stamps).await?;
        if stamps.is_empty() {
            return Ok(made);
        }
        let stamped = self.apply_patiently(gate, &SET_MAILUSER, Some(upn), stamps, patience).await?;
        Ok(made.overlaid(stamped))
    }

    async fn update_mailuser(&self, gate: &Gate, upn: &str, found: Record, arguments: Arguments) -> Result<Ensured, Trouble> {
        if found.text("RecipientTypeDetails").is_some_and(|kind| kind != "MailUser") {
            return Err(self.occupied(upn, &found));
        }
        let mut names = arguments.clone();
        names.retain(|name, _| is_one_of(OF_THE_USER, name));
        let mut stamps = arguments;
        stamps.retain(|name, _| !is_one_of(AT_BIRTH, name));
        let stamps = self.stamps(&found, stamps).await?;

        let mut ensured = Ensured::unchanged(found);
        if !stamps.is_empty() {
            let applied = self.apply(gate, &SET_MAILUSER, Some(upn), stamps).await?;
            ensured = ensured.overlaid(applied);
        }
        if !names.is_empty() {
            let applied = self.apply(gate, &SET_USER, Some(upn), names).await?;
            ensured = ensured.overlaid(applied);
        }
        Ok(ensured)
    }

    /// `arguments` as `Set-MailUser` takes them for an object that is as `found` says.
    async fn stamps(&self, found: &Record, mut arguments: Arguments) -> Result<Arguments, Trouble> {
        // "No archive" is an all-zero GUID, and stamping that would count as an archive that does not match.
        arguments.retain(|name, given| !(name.eq_ignore_ascii_case("ArchiveGuid") && is_nil(given)));
        let is_whole_list = arguments
            .get("EmailAddresses")
            .is_some_and(|given| is_list("EmailAddresses", given));
        if !is_whole_list {
            return Ok(arguments);
        }
        // The service takes the list or the primary address in one call, not both; the list holds the primary one.
        let primary = take_text(&mut arguments, "PrimarySmtpAddress");
        let wanted = addresses::with_primary(take_list(&mut arguments, "EmailAddresses"), primary.as_deref());
        let known = found.list("EmailAddresses");
        let accepted = match addresses::has_strangers(&known, &wanted) {
            true => self.accepted_domains().await?,
            false => Vec::new(),
        };
        arguments.set("EmailAddresses", addresses::united(&known, wanted, &accepted));
        Ok(arguments)
    }

    async fn accepted_domains(&self) -> Result<Vec<String>, Trouble> {
        let listing = reading("find_accepted_domains").expect("the table of readings has it");
        let domains = self.find_all(listing, Arguments::new()).await?;
        Ok(domains
            .iter()
            .filter_map(|domain| domain.text("DomainName"))
            .map(str::to_owned)
            .collect())
    }

    fn without_upn(&self, upn: &str, mut arguments: Arguments) -> Result<Arguments, Trouble> {
        for name in ["UserPrincipalName", "MicrosoftOnlineServicesID"] {
            if let Some(other) = take_text(&mut arguments, name).filter(|other| !same_text(other, upn)) {
                return Err(self.conflict(
                    upn,
                    format!("`ensure_mailuser` was asked for `{upn}` and for `{other}`"),
                    "leave the user principal name out of the arguments",
                ));
            }
        }
        Ok(arguments)
    }

    fn occupied(&self, upn: &str, occupant: &Record) -> Trouble {
        let kind = occupant.text("RecipientTypeDetails").unwrap_or("recipient");
        self.conflict(
            upn,
            format!("`{upn}` is a {kind} in tenant `{}`, not a MailUser", self.tag().name),
            "a mailbox may be the outcome of a move that is done; otherwise free the address first",
        )
    }
}

fn is_one_of(names: &[&str], name: &str) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

fn is_list(name: &str, given: &Given) -> bool {
    name.eq_ignore_ascii_case("EmailAddresses") && matches!(given, Given::Plain(Value::Array(_) | Value::String(_)))
}

fn is_nil(given: &Given) -> bool {
    let text = given.plain().and_then(Value::as_str).unwrap_or_default();
    uuid::Uuid::parse_str(text.trim()).is_ok_and(|guid| guid.is_nil())
}
