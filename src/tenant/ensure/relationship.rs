//! Making sure of the organization relationship with the partner.

use uuid::Uuid;

use crate::change::Gate;
use crate::change::Patience;
use crate::model::Arguments;
use crate::model::Given;
use crate::model::Kind;
use crate::model::Record;
use crate::model::Trouble;
use crate::model::same_text;
use crate::tenant::Ensured;
use crate::tenant::Tenant;
use crate::tenant::ensure::customization::is_dehydrated;
use crate::tenant::ensure::ensured::required;
use crate::tenant::ensure::ensured::take_list;
use crate::tenant::ensure::waiting::CUSTOMIZATION;
use crate::tenant::identity::goes_by;
use crate::tenant::operations::NEW_ORGANIZATION_RELATIONSHIP;
use crate::tenant::operations::SET_ORGANIZATION_RELATIONSHIP;
use crate::tenant::reading;

impl Tenant {
    /// A relationship with the tenant `partner_id` that lets mailboxes move. It is matched by the partner's tenant id; capabilities
    /// and scopes are added to those that are there. Relationships keyed by one of `partner_domains` are reported, never edited.
    pub async fn ensure_organization_relationship(
        &self,
        gate: &Gate,
        partner_id: Uuid,
        mut arguments: Arguments,
    ) -> Result<Ensured, Trouble> {
        let partner_domains = take_list(&mut arguments, "partner_domains");
        for switch in ["Enabled", "MailboxMoveEnabled"] {
            if arguments.get(switch).is_none() {
                arguments.set(switch, true);
            }
        }
        let listing = reading("find_organization_relationships").expect("the table of readings has it");
        let all = self.find_all(listing, Arguments::new()).await?;
        let is_keyed_by = |relationship: &Record, key: &str| relationship.list("DomainNames").iter().any(|name| same_text(name, key));
        let key = partner_id.to_string();
        let (ours, others): (Vec<Record>, Vec<Record>) = all.into_iter().partition(|relationship| is_keyed_by(relationship, &key));
        let rivals = others
            .iter()
            .filter(|other| partner_domains.iter().any(|domain| is_keyed_by(other, domain)));
        let notes: Vec<String> = rivals.map(rivalry).collect();

        let mut ensured = match ours.into_iter().next() {
            Some(found) => self.extend_relationship(gate, &found, arguments).await?,
            None => self.make_relationship(gate, &key, &others, arguments).await?,
        };
        ensured.notes.extend(notes);
        Ok(ensured)
    }

    async fn make_relationship(&self, gate: &Gate, key: &str, others: &[Record], arguments: Arguments) -> Result<Ensured, Trouble> {
        let name = required(&arguments, "ensure_organization_relationship", "Name")?;
        if let Some(other) = others.iter().find(|other| goes_by(other, name)) {
            return Err(self.conflict(
                name,
                format!(
                    "the organization relationship `{name}` is there already, for {}",
                    other.list("DomainNames").join(", ")
                ),
                "choose another name; relationships of other partners are never edited",
            ));
        }
        for scope in scopes(&arguments) {
            self.scope_group(&scope).await?;
        }
        // An organization that was opened for customization a moment ago still refuses for a while.
        let config = self.organization_config().await?;
        let patience = if is_dehydrated(&config) { Patience::NONE } else { CUSTOMIZATION };
        let arguments = arguments.with("DomainNames", vec![key.to_owned()]);
        let applied = self
            .apply_patiently(gate, &NEW_ORGANIZATION_RELATIONSHIP, None, arguments, patience)
            .await?;
        Ok(Ensured::created(applied))
    }

    async fn extend_relationship(&self, gate: &Gate, found: &Record, mut arguments: Arguments) -> Result<Ensured, Trouble> {
        // The relationship that is there keeps its name.
        arguments.remove("Name");
        let name = found.text("Identity").or(found.text("Name")).unwrap_or_default();
        let applications = (found.text("OAuthApplicationId"), arguments.text("OAuthApplicationId"));
        if let (Some(known), Some(wanted)) = applications
            && !same_text(known, wanted)
        {
            return Err(self.conflict(
                name,
                format!("the organization relationship `{name}` admits application `{known}`, not `{wanted}`"),
                "find out who uses the application that is there; change `OAuthApplicationId` by hand if nobody does",
            ));
        }
        if let Some(Given::Plain(wanted)) = arguments.remove("MailboxMoveCapability") {
            let wanted = Record::default().with("wanted", wanted).flags("wanted");
            let known: Vec<String> = found
                .flags("MailboxMoveCapability")
                .into_iter()
                .filter(|flag| flag != "None")
                .collect();
            let lacking: Vec<String> = wanted
                .into_iter()
                .filter(|flag| !known.iter().any(|known| same_text(known, flag)))
                .collect();
            if !lacking.is_empty() {
                arguments.set("MailboxMoveCapability", [known, lacking].concat().join(","));
            }
        }
        let wanted = take_list(&mut arguments, "MailboxMovePublishedScopes");
        let known = found.list("MailboxMovePublishedScopes");
        let mut lacking = Vec::new();
        for scope in wanted {
            let group = self.scope_group(&scope).await?;
            let is_published = |entry: &String| same_text(entry, &scope) || group.as_ref().is_some_and(|group| goes_by(group, entry));
            if !known.iter().any(is_published) {
                lacking.push(scope);
            }
        }
        if !lacking.is_empty() {
            arguments.set("MailboxMovePublishedScopes", [known, lacking].concat());
        }
        let applied = self.apply(gate, &SET_ORGANIZATION_RELATIONSHIP, Some(name), arguments).await?;
        Ok(Ensured::updated(applied))
    }

    /// The group that a scope names; `None` when it is not there (yet). The service drops every other kind of group with no more
    /// than a warning, after which nobody may be moved.
    async fn scope_group(&self, scope: &str) -> Result<Option<Record>, Trouble> {
        let groups = reading("get_group").expect("the table of readings has it");
        let Some(group) = self.look_up(groups, scope).await? else {
            return Ok(None);
        };
        match group.text("RecipientTypeDetails") {
            None | Some("MailUniversalSecurityGroup") => Ok(Some(group)),
            Some(other) => Err(Trouble::new(
                Kind::Invalid,
                format!("`{scope}` is a {other}, and only a mail-enabled security group can be a scope"),
            )
            .with_code("not_a_security_group")
            .with_remedy("name or make a mail-enabled security group (`Type` `Security`)")
            .in_tenant(&self.tag().name)
            .on_object(scope)),
        }
    }

    pub(super) fn conflict(&self, object: &str, message: String, remedy: &str) -> Trouble {
        Trouble::new(Kind::Conflict, message)
            .with_remedy(remedy)
            .in_tenant(&self.tag().name)
            .on_object(object)
    }
}

fn scopes(arguments: &Arguments) -> Vec<String> {
    take_list(&mut arguments.clone(), "MailboxMovePublishedScopes")
}

fn rivalry(relationship: &Record) -> String {
    format!(
        "the organization relationship `{}` is keyed by {}; when the service picks that one first, moves of single mailboxes are refused (F-42)",
        relationship.text("Name").or(relationship.text("Identity")).unwrap_or_default(),
        relationship.list("DomainNames").join(", ")
    )
}

#[cfg(test)]
mod tests {
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

    const PARTNER: Uuid = Uuid::from_u128(0x1111);

    fn service() -> Fake {
        Fake::new()
            .with("OrganizationConfig", json!({"Name": "northwind", "IsDehydrated": false}))
            .with(
                "DistributionGroup",
                json!({"Name": "moves", "PrimarySmtpAddress": "moves@northwind.com", "RecipientTypeDetails": "MailUniversalSecurityGroup"}),
            )
            .with(
                "DistributionGroup",
                json!({"Name": "staff", "RecipientTypeDetails": "MailUniversalDistributionGroup"}),
            )
    }

    fn outbound() -> Arguments {
        Arguments::new()
            .with("Name", "northwind_contoso")
            .with("MailboxMoveCapability", "RemoteOutbound")
            .with("OAuthApplicationId", "5e5e")
            .with("MailboxMovePublishedScopes", json!(["moves@northwind.com"]))
            .with("partner_domains", json!(["contoso.com"]))
    }

    fn with_relationship(application: &str) -> Fake {
        service().with(
            "OrganizationRelationship",
            json!({"Name": "old", "Identity": "old", "DomainNames": [PARTNER.to_string()], "Enabled": true, "MailboxMoveEnabled": true,
                "MailboxMoveCapability": "Inbound", "OAuthApplicationId": application, "MailboxMovePublishedScopes": ["other"]}),
        )
    }

    #[tokio::test]
    async fn a_relationship_is_made_once_and_then_left_alone() {
        let fake = service();
        let (tenant, gate) = (fake.tenant(), open_gate());

        let first = tenant.ensure_organization_relationship(&gate, PARTNER, outbound()).await.unwrap();
        // The service shows a scope by its name, whatever it was given as.
        fake.change("OrganizationRelationship", |all| {
            all[0].set("MailboxMovePublishedScopes", json!(["moves"]))
        });
        let again = tenant.ensure_organization_relationship(&gate, PARTNER, outbound()).await.unwrap();

        assert_eq!((first.outcome, again.outcome), (Outcome::Created, Outcome::Unchanged));
        assert_eq!(fake.written(), ["New-OrganizationRelationship"]);
        assert_eq!(fake.writes()[0].1["DomainNames"], json!([PARTNER.to_string()]));
    }

    #[tokio::test]
    async fn capabilities_and_scopes_are_added_to_those_that_are_there() {
        for capability in [json!("RemoteOutbound"), json!(["RemoteOutbound"])] {
            let fake = with_relationship("");
            let arguments = outbound().with("MailboxMoveCapability", capability);

            let ensured = fake
                .tenant()
                .ensure_organization_relationship(&open_gate(), PARTNER, arguments)
                .await
                .unwrap();

            assert_eq!(ensured.outcome, Outcome::Updated);
            let (_, sent) = &fake.writes()[0];
            assert_eq!(sent["MailboxMoveCapability"], "Inbound,RemoteOutbound");
            assert_eq!(sent["MailboxMovePublishedScopes"], json!(["other", "moves@northwind.com"]));
            assert_eq!((sent.get("Name"), sent.get("Enabled")), (None, None));
        }
    }

    #[tokio::test]
    async fn another_application_is_a_conflict_that_names_both() {
        let fake = with_relationship("6f6f");

        let refused = fake
            .tenant()
            .ensure_organization_relationship(&open_gate(), PARTNER, outbound())
            .await
            .unwrap_err();

        assert_eq!(refused.kind, Kind::Conflict);
        assert!(refused.message.contains("`6f6f`") && refused.message.contains("`5e5e`"));
        assert!(fake.writes().is_empty());
    }

    #[tokio::test]
    async fn a_relationship_keyed_by_the_partners_domain_is_reported_and_not_edited() {
        let fake = service().with(
            "OrganizationRelationship",
            json!({"Name": "free busy", "DomainNames": ["Contoso.com"], "MailboxMoveEnabled": false}),
        );

        let ensured = fake
            .tenant()
            .ensure_organization_relationship(&open_gate(), PARTNER, outbound())
            .await
            .unwrap();

        assert_eq!(ensured.notes.len(), 1);
        assert!(ensured.notes[0].contains("`free busy`") && ensured.notes[0].contains("F-42"));
        assert_eq!(fake.written(), ["New-OrganizationRelationship"]);
    }

    #[tokio::test]
    async fn a_scope_that_the_service_would_silently_drop_is_refused() {
        let scope = outbound().with("MailboxMovePublishedScopes", json!(["staff"]));

        let refused = service()
            .tenant()
            .ensure_organization_relationship(&open_gate(), PARTNER, scope)
            .await
            .unwrap_err();

        assert_eq!(refused.code, "not_a_security_group");
    }

    #[tokio::test]
    async fn an_organization_that_was_just_customized_is_waited_for() {
        let fake = service().refusing(|call, before| {
            (call.starts_with("New-") && before < 20)
                .then(|| refusal(call, 400, "InvalidOperationInDehydratedContextException", "isn't currently allowed"))
        });
        let gate = open_gate();

        fake.tenant()
            .ensure_organization_relationship(&gate, PARTNER, outbound())
            .await
            .unwrap();

        assert_eq!(told(&gate), ["new_organization_relationship done"]);
        assert!(fake.waited().as_secs() >= 300);
    }

    #[tokio::test]
    async fn what_if_sends_nothing() {
        let fake = service();

        let ensured = fake
            .tenant()
            .ensure_organization_relationship(&gate(Mode::WhatIf, Impact::High), PARTNER, outbound())
            .await
            .unwrap();

        assert_eq!(ensured.outcome, Outcome::Planned);
        assert!(fake.writes().is_empty());
    }
}
