//! Making sure of a MailUser with everything that the migration wants of it.

use serde_json::Value;
use uuid::Uuid;

use crate::change::Fate;
use crate::change::Gate;
use crate::change::Patience;
use crate::model::Arguments;
use crate::model::Given;
use crate::model::Record;
use crate::model::Trouble;
use crate::model::same_text;
use crate::model::united_addresses;
use crate::tenant::Ensured;
use crate::tenant::Tenant;
use crate::tenant::ensure::addresses;
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
    /// The MailUser `identity` with `arguments`, which are those of `New-MailUser` and `Set-MailUser` in one map. A MailUser that is
    /// not there is made with the user principal name among the arguments, or else `identity`. `EmailAddresses` as a list means all
    /// that are wanted: what the object has besides stays, unless its domain is foreign to this tenant.
    ///
    /// Exchange finds a MailUser by any of its names and addresses, so one that is found may be another person's. It is touched only
    /// when `identity` is its id or either user principal name is its own, and when it does not wait for another mailbox.
    pub async fn ensure_mailuser(&self, gate: &Gate, identity: &str, mut arguments: Arguments) -> Result<Ensured, Trouble> {
        let upn = take_text(&mut arguments, "UserPrincipalName");
        let upn = take_text(&mut arguments, "MicrosoftOnlineServicesID").or(upn);
        let mailusers = reading("get_mailuser").expect("the table of readings has it");
        match self.look_up(mailusers, identity).await? {
            Some(found) => self.update_mailuser(gate, identity, found, upn, arguments).await,
            None => self.make_mailuser(gate, upn.as_deref().unwrap_or(identity), arguments).await,
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
        let is_planned = made.fate == Fate::Planned;
        let patience = if is_planned { Patience::NONE } else { REPLICATION };
        let mut made = Ensured::created(made);
        let mut stamps = arguments;
        stamps.retain(|name, _| !is_for_new(name));
        // The service gave it addresses, which a short answer does not hold and a whole list would take away.
        if has_whole_list(&stamps) && !made.record.has("EmailAddresses") && !is_planned {
            let mailusers = reading("get_mailuser").expect("the table of readings has it");
            made.record = self.get_newborn(mailusers, upn).await?;
        }
        let stamps = self.stamps(&made.record, stamps).await?;
        if stamps.is_empty() {
            return Ok(made);
        }
        let stamped = self.apply_patiently(gate, &SET_MAILUSER, Some(upn), stamps, patience).await?;
        Ok(made.overlaid(stamped))
    }

    async fn update_mailuser(
        &self,
        gate: &Gate,
        identity: &str,
        found: Record,
        upn: Option<String>,
        mut arguments: Arguments,
    ) -> Result<Ensured, Trouble> {
        if found.text("RecipientTypeDetails").is_some_and(|kind| kind != "MailUser") {
            return Err(self.occupied(identity, &found));
        }
        self.refuse_another_person(identity, &found, upn.as_deref(), &arguments)?;
        if let Some(upn) = upn.filter(|upn| !found.text("UserPrincipalName").is_some_and(|known| same_text(known, upn))) {
            arguments.set("MicrosoftOnlineServicesID", upn);
        }
        let mut names = arguments.clone();
        names.retain(|name, _| is_one_of(OF_THE_USER, name));
        let mut stamps = arguments;
        stamps.retain(|name, _| !is_one_of(AT_BIRTH, name));
        let stamps = self.stamps(&found, stamps).await?;

        let mut ensured = Ensured::unchanged(found);
        // The names first: the identity may be a user principal name that the stamps change.
        if !names.is_empty() {
            let applied = self.apply(gate, &SET_USER, Some(identity), names).await?;
            ensured = ensured.overlaid(applied);
        }
        if !stamps.is_empty() {
            let applied = self.apply(gate, &SET_MAILUSER, Some(identity), stamps).await?;
            ensured = ensured.overlaid(applied);
        }
        Ok(ensured)
    }

    fn refuse_another_person(&self, identity: &str, found: &Record, upn: Option<&str>, arguments: &Arguments) -> Result<(), Trouble> {
        let own = found.text("UserPrincipalName").unwrap_or_default();
        let is_id = Uuid::parse_str(identity.trim_matches(['{', '}'])).is_ok();
        if !is_id && !same_text(own, identity) && !upn.is_some_and(|upn| same_text(own, upn)) {
            return Err(self.conflict(
                identity,
                format!(
                    "`{identity}` is a name or address of the MailUser `{own}` in tenant `{}`",
                    self.tag().name
                ),
                "name the MailUser by its own user principal name or id if it is the right one; otherwise free the name first",
            ));
        }
        let wanted = arguments.text("ExchangeGuid").and_then(|text| Uuid::parse_str(text.trim()).ok());
        match (found.guid("ExchangeGuid"), wanted) {
            (Some(known), Some(wanted)) if known != wanted => Err(self.conflict(
                identity,
                format!("the MailUser `{own}` waits for the mailbox with ExchangeGuid {known}, not {wanted}"),
                "find out whose mailbox that is; when the MailUser is the right one, set its `ExchangeGuid` with `set_mailuser`",
            )),
            _ => Ok(()),
        }
    }

    /// `arguments` as `Set-MailUser` takes them for an object that is as `found` says.
    async fn stamps(&self, found: &Record, mut arguments: Arguments) -> Result<Arguments, Trouble> {
        // "No archive" is an all-zero GUID. Stamping that would count as an archive that does not match, unless it takes one away.
        let has_archive = found.guid("ArchiveGuid").is_some();
        arguments.retain(|name, given| has_archive || !(name.eq_ignore_ascii_case("ArchiveGuid") && is_nil(given)));
        if !has_whole_list(&arguments) {
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
        arguments.set("EmailAddresses", united_addresses(&known, wanted, &accepted));
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

/// Whether the addresses are given as all that are wanted, not as an edit.
fn has_whole_list(arguments: &Arguments) -> bool {
    matches!(
        arguments.get("EmailAddresses"),
        Some(Given::Plain(Value::Array(_) | Value::String(_)))
    )
}

fn is_nil(given: &Given) -> bool {
    let text = given.plain().and_then(Value::as_str).unwrap_or_default();
    Uuid::parse_str(text.trim()).is_ok_and(|guid| guid.is_nil())
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;
    use serde_json::json;

    use super::*;
    use crate::change::Impact;
    use crate::change::Mode;
    use crate::tenant::Outcome;
    use crate::tenant::testing::Fake;
    use crate::tenant::testing::gate;
    use crate::tenant::testing::open_gate;
    use crate::tenant::testing::refusal;
    use crate::tenant::testing::told;

    const UPN: &str = "Lara.Newton@northwind.com";

    fn lara() -> Arguments {
        Arguments::new()
            .with("UserPrincipalName", UPN)
            .with("Name", "LaraN")
            .with("FirstName", "Lara")
            .with("PrimarySmtpAddress", UPN)
            .with("ExternalEmailAddress", "LaraN@contoso.onmicrosoft.com")
            .with("ExchangeGuid", "1ec059c7-8396-4d0b-af4e-d6bd4c12a8d8")
            .with("ArchiveGuid", "00000000-0000-0000-0000-000000000000")
            .with(
                "EmailAddresses",
                json!([
                    format!("SMTP:{UPN}"),
                    "smtp:LaraN@northwindtraders.onmicrosoft.com",
                    "X500:/o=First Organization/cn=d11e-Lara"
                ]),
            )
            .with("CustomAttribute1", "ProjectKermit")
            .with("Password", Given::Secret(SecretString::from("correct horse")))
    }

    #[tokio::test]
    async fn a_mailuser_is_made_then_stamped_and_the_second_time_left_alone() {
        let fake = Fake::new();
        let (tenant, gate) = (fake.tenant(), open_gate());

        let first = tenant.ensure_mailuser(&gate, UPN, lara()).await.unwrap();
        let again = tenant.ensure_mailuser(&gate, UPN, lara()).await.unwrap();

        assert_eq!((first.outcome, again.outcome), (Outcome::Created, Outcome::Unchanged));
        let [(new, birth), (set, stamps)] = &fake.writes()[..] else {
            panic!("{:?}", fake.written())
        };
        assert_eq!((&new[..], &set[..]), ("New-MailUser", "Set-MailUser"));
        assert_eq!(
            (&birth["MicrosoftOnlineServicesID"], &birth["FirstName"]),
            (&json!(UPN), &json!("Lara"))
        );
        assert_eq!(birth.get("ExchangeGuid"), None);
        assert_eq!(stamps["ExchangeGuid"], "1ec059c7-8396-4d0b-af4e-d6bd4c12a8d8");
        assert_eq!((stamps.get("ArchiveGuid"), stamps.get("PrimarySmtpAddress")), (None, None));
        assert_eq!(again.record.text("CustomAttribute1"), Some("ProjectKermit"));
    }

    #[tokio::test]
    async fn only_what_differs_is_written_to_a_mailuser_that_is_there() {
        let fake = Fake::new().with(
            "MailUser",
            json!({"UserPrincipalName": UPN, "Name": "LaraN", "FirstName": "Lara", "RecipientTypeDetails": "MailUser",
                "ExternalEmailAddress": "SMTP:LaraN@contoso.onmicrosoft.com", "CustomAttribute1": "",
                "ExchangeGuid": "1ec059c7-8396-4d0b-af4e-d6bd4c12a8d8",
                "EmailAddresses": [format!("SMTP:{UPN}"), "smtp:LaraN@northwindtraders.onmicrosoft.com",
                    "x500:/o=first organization/cn=d11e-Lara", "smtp:LaraN@contoso.com"]}),
        );

        let ensured = fake.tenant().ensure_mailuser(&open_gate(), UPN, lara()).await.unwrap();

        assert_eq!(ensured.outcome, Outcome::Updated);
        let [(_, stamps)] = &fake.writes()[..] else {
            panic!("{:?}", fake.written())
        };
        let names: Vec<&String> = stamps.as_object().unwrap().keys().collect();
        assert_eq!(names, ["Identity", "CustomAttribute1", "EmailAddresses"]);
        assert!(!ensured.record.list("EmailAddresses").contains(&"smtp:LaraN@contoso.com".to_owned()));
    }

    #[tokio::test]
    async fn a_mailuser_that_is_not_known_everywhere_yet_is_waited_for_as_one_change() {
        let fake = Fake::new().refusing(|call, before| {
            (call == "Set-MailUser" && before < 7).then(|| refusal(call, 404, "ManagementObjectNotFoundException", "couldn't be found"))
        });
        let gate = open_gate();

        fake.tenant().ensure_mailuser(&gate, UPN, lara()).await.unwrap();

        assert_eq!(told(&gate), ["new_mailuser done", "set_mailuser done"]);
        assert!(fake.written().len() > 2 && fake.waited().as_secs() > 0);
    }

    #[tokio::test]
    async fn addresses_that_the_service_gives_at_birth_are_kept_also_when_its_answer_is_short() {
        let fake = Fake::new().terse();

        fake.tenant().ensure_mailuser(&open_gate(), UPN, lara()).await.unwrap();

        let (_, stamps) = fake.writes().pop().unwrap();
        let sent: Vec<&str> = stamps["EmailAddresses"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(Value::as_str)
            .collect();
        assert!(sent.contains(&"smtp:given@northwind.com"), "{sent:?}");
        assert_eq!(sent.iter().filter(|entry| entry.starts_with("SMTP:")).count(), 1);
    }

    fn another(address: &str, guid: &str) -> Fake {
        Fake::new().with(
            "MailUser",
            json!({"UserPrincipalName": "laura@northwind.com", "Name": "Laura", "RecipientTypeDetails": "MailUser", "Guid": LAURA,
                "ExchangeGuid": guid, "EmailAddresses": ["SMTP:laura@northwind.com", address]}),
        )
    }

    const LAURA: &str = "3b2f5f70-0000-4000-8000-c0ffee000011";

    #[tokio::test]
    async fn a_mailuser_that_merely_has_the_address_is_another_persons_and_left_alone() {
        let fake = another(&format!("smtp:{UPN}"), "");
        let tenant = fake.tenant();

        let refused = tenant.ensure_mailuser(&open_gate(), UPN, lara()).await.unwrap_err();

        assert_eq!(refused.kind, crate::model::Kind::Conflict);
        assert!(refused.message.contains(UPN) && refused.message.contains("laura@northwind.com"));
        assert!(fake.writes().is_empty());
        // By its id it is meant, whatever it is called by now.
        tenant.ensure_mailuser(&open_gate(), LAURA, lara()).await.unwrap();
        assert_eq!(fake.writes()[0].1["Identity"], LAURA);
    }

    #[tokio::test]
    async fn a_mailuser_that_waits_for_another_mailbox_is_a_conflict_that_names_both() {
        let fake = another("smtp:l@northwind.com", "99999999-9999-4999-8999-999999999999");

        for identity in [LAURA, "laura@northwind.com"] {
            let refused = fake.tenant().ensure_mailuser(&open_gate(), identity, lara()).await.unwrap_err();

            assert_eq!(refused.kind, crate::model::Kind::Conflict);
            assert!(refused.message.contains("99999999-") && refused.message.contains("1ec059c7-"));
        }
        assert!(fake.writes().is_empty());
    }

    #[tokio::test]
    async fn somebody_else_in_the_place_is_a_conflict_and_nothing_is_written() {
        let fake = Fake::new().with("Mailbox", json!({"UserPrincipalName": UPN, "RecipientTypeDetails": "UserMailbox"}));

        let refused = fake.tenant().ensure_mailuser(&open_gate(), UPN, lara()).await.unwrap_err();

        assert_eq!(refused.kind, crate::model::Kind::Conflict);
        assert!(refused.message.contains("is a UserMailbox"));
        assert!(fake.writes().is_empty());
    }

    #[tokio::test]
    async fn what_if_lists_both_changes_and_sends_none() {
        let fake = Fake::new();
        let gate = gate(Mode::WhatIf, Impact::Medium);

        let ensured = fake.tenant().ensure_mailuser(&gate, UPN, lara()).await.unwrap();

        assert_eq!(ensured.outcome, Outcome::Planned);
        assert_eq!(ensured.record.text("PrimarySmtpAddress"), Some(UPN));
        assert_eq!(told(&gate), ["new_mailuser planned", "set_mailuser planned"]);
        assert!(fake.writes().is_empty());
    }
}
