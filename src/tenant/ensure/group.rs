//! Making sure of a scope group and its members.

use crate::change::Gate;
use crate::change::Patience;
use crate::model::Arguments;
use crate::model::Kind;
use crate::model::Record;
use crate::model::Trouble;
use crate::tenant::Ensured;
use crate::tenant::Tenant;
use crate::tenant::ensure::waiting::REPLICATION;
use crate::tenant::identity::goes_by;
use crate::tenant::operations::ADD_GROUP_MEMBER;
use crate::tenant::operations::NEW_GROUP;
use crate::tenant::reading;

impl Tenant {
    /// The mail-enabled security group `name`. One that is there is left as it is; one of another kind is a conflict.
    pub async fn ensure_group(&self, gate: &Gate, name: &str, arguments: Arguments) -> Result<Ensured, Trouble> {
        let groups = reading("get_group").expect("the table of readings has it");
        if let Some(found) = self.look_up(groups, name).await? {
            return match found.text("RecipientTypeDetails") {
                None | Some("MailUniversalSecurityGroup") => {
                    self.settle(gate, &NEW_GROUP, name);
                    Ok(Ensured::unchanged(found))
                }
                Some(other) => Err(self.conflict(
                    name,
                    format!("`{name}` is a {other}, not a mail-enabled security group"),
                    "choose another name; a group cannot change its kind",
                )),
            };
        }
        let arguments = arguments.with("Name", name).with("Type", "Security");
        Ok(Ensured::created(self.apply(gate, &NEW_GROUP, None, arguments).await?))
    }

    /// `member` directly in `group`.
    pub async fn ensure_group_member(&self, gate: &Gate, group: &str, member: &str) -> Result<Ensured, Trouble> {
        let recipients = reading("get_recipient").expect("the table of readings has it");
        let recipient = self.look_up(recipients, member).await?;
        if let Some(found) = self.direct_member(group, member, recipient.as_ref()).await? {
            self.settle(gate, &ADD_GROUP_MEMBER, group);
            return Ok(Ensured::unchanged(found));
        }
        let arguments = Arguments::new().with("Member", member);
        // Whoever was found a moment ago and is not found now has not reached every server yet; whoever was not is misspelt.
        let patience = if recipient.is_some() { REPLICATION } else { Patience::NONE };
        let applied = self
            .apply_patiently(gate, &ADD_GROUP_MEMBER, Some(group), arguments, patience)
            .await;
        let record = recipient.unwrap_or_else(|| Record::default().with("Identity", member));
        match applied {
            Ok(applied) => Ok(Ensured {
                record,
                ..Ensured::updated(applied)
            }),
            // The list of members lags behind what was added a moment ago.
            Err(trouble) if trouble.kind == Kind::AlreadyExists => Ok(Ensured::unchanged(record)),
            Err(trouble) => Err(trouble),
        }
    }

    /// The member of `group` that is `member`, if it is one.
    async fn direct_member(&self, group: &str, member: &str, recipient: Option<&Record>) -> Result<Option<Record>, Trouble> {
        let ids: Vec<&str> = ["ExternalDirectoryObjectId", "Guid", "PrimarySmtpAddress"]
            .iter()
            .filter_map(|form| recipient?.text(form))
            .chain([member])
            .collect();
        let members = reading("find_group_members").expect("the table of readings has it");
        let mut pager = self.find(members, Arguments::new().with("Identity", group));
        while let Some(page) = pager.next_page().await? {
            if let Some(found) = page.into_iter().find(|known| ids.iter().any(|id| goes_by(known, id))) {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::tenant::Outcome;
    use crate::tenant::testing::Fake;
    use crate::tenant::testing::open_gate;

    #[tokio::test]
    async fn a_scope_group_is_made_once_as_a_security_group() {
        let fake = Fake::new();
        let (tenant, gate) = (fake.tenant(), open_gate());

        let first = tenant.ensure_group(&gate, "moves", Arguments::new()).await.unwrap();
        let again = tenant.ensure_group(&gate, "moves", Arguments::new()).await.unwrap();

        assert_eq!((first.outcome, again.outcome), (Outcome::Created, Outcome::Unchanged));
        assert_eq!(fake.writes()[0].1["Type"], "Security");
    }

    #[tokio::test]
    async fn a_member_is_known_by_whichever_name_the_list_shows() {
        let fake = Fake::new()
            .with(
                "Mailbox",
                json!({"Identity": "LaraN", "PrimarySmtpAddress": "lara@contoso.com", "Guid": "9feb"}),
            )
            .with("DistributionGroup", json!({"Name": "moves"}))
            .with("DistributionGroupMember", json!({"Name": "Lara Newton", "Guid": "9FEB"}));
        let (tenant, gate) = (fake.tenant(), open_gate());

        let known = tenant.ensure_group_member(&gate, "moves", "lara@contoso.com").await.unwrap();
        let new = tenant.ensure_group_member(&gate, "moves", "alex@contoso.com").await.unwrap();

        assert_eq!((known.outcome, new.outcome), (Outcome::Unchanged, Outcome::Updated));
        assert_eq!(fake.written(), ["Add-DistributionGroupMember"]);
        assert_eq!(fake.writes()[0].1["Member"], "alex@contoso.com");
    }
}
