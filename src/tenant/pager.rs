//! Reading many objects, page by page, no further than the caller asks.

use std::collections::HashSet;

use serde_json::Value;

use crate::change::escaped;
use crate::cloud::ExchangePageToken;
use crate::model::Arguments;
use crate::model::Given;
use crate::model::Kind;
use crate::model::Record;
use crate::model::Trouble;
use crate::model::asks_for_placeholder;
use crate::tenant::From;
use crate::tenant::Reading;
use crate::tenant::Tenant;
use crate::tenant::identity::goes_by;

/// The largest page of Graph; by itself it gives a hundred objects.
const GRAPH_PAGE: u64 = 999;

/// Exchange names a cursor on its side, which may stay the same from page to page, so its pages are counted. At 1000 objects a
/// page this is a million.
const MOST_EXCHANGE_PAGES: usize = 1000;

/// The query options of Graph that a reading takes, with or without the `$`.
const OPTIONS: &[&str] = &["filter", "select", "top", "orderby", "search", "expand", "count"];

enum Step {
    First,
    Exchange(ExchangePageToken),
    Link(String),
    Done,
}

/// The pages of a reading.
pub struct Pager {
    tenant: Tenant,
    reading: &'static Reading,
    arguments: Arguments,
    step: Step,
    exchange_pages: usize,
    links: HashSet<String>,
}

impl Tenant {
    /// Whatever `reading` gives for `arguments` (a cmdlet's parameters, or the query options `filter`, `select`, `top`), read as
    /// the pages are asked for. A named object that does not exist gives no objects rather than an error.
    pub fn find(&self, reading: &'static Reading, arguments: Arguments) -> Pager {
        Pager {
            tenant: self.clone(),
            reading,
            arguments,
            step: Step::First,
            exchange_pages: 0,
            links: HashSet::new(),
        }
    }

    /// Everything that `reading` gives, for what is known to be short.
    pub(super) async fn find_all(&self, reading: &'static Reading, arguments: Arguments) -> Result<Vec<Record>, Trouble> {
        let mut pager = self.find(reading, arguments);
        let mut all = Vec::new();
        while let Some(page) = pager.next_page().await? {
            all.extend(page);
        }
        Ok(all)
    }
}

impl Pager {
    /// The next page; `None` after the last.
    pub async fn next_page(&mut self) -> Result<Option<Vec<Record>>, Trouble> {
        let tenant = self.tenant.tag().name.clone();
        let answer = self.read().await;
        if answer.is_err() {
            self.step = Step::Done;
        }
        answer.map_err(|trouble| trouble.in_tenant(tenant))
    }

    async fn read(&mut self) -> Result<Option<Vec<Record>>, Trouble> {
        if matches!(self.step, Step::Done) {
            return Ok(None);
        }
        if matches!(self.step, Step::First) {
            self.prepare()?;
            let is_unsendable = |value: &Given| value.plain().and_then(Value::as_str).is_some_and(asks_for_placeholder);
            if self.arguments.iter().any(|(_, value)| is_unsendable(value)) {
                self.step = Step::Done;
                return Ok(None);
            }
        }
        let has_identity = self.arguments.get("Identity").or(self.arguments.get("id")).is_some();
        let answer = match self.reading.from {
            From::Cmdlet { name, .. } => self.read_exchange(name).await,
            From::Graph { path, select, .. } => self.read_graph(path, select).await,
            From::Arm { path, api_version } => self.read_arm(path, api_version).await,
            From::Vault { path } => self.read_vault(path).await,
        };
        match answer {
            Ok((mut records, next)) => {
                if self.is_circle(&next) {
                    let message = format!("the pages of `{}` do not come to an end", self.reading.name);
                    return Err(Trouble::new(Kind::Network, message)
                        .with_code("endless_pages")
                        .with_remedy("narrow the filter"));
                }
                self.step = next;
                // Some cmdlets answer an identity that they do not know with every object they have.
                if let Some(identity) = self.arguments.text("Identity").filter(|_| !self.reading.identity) {
                    records.retain(|record| goes_by(record, identity));
                }
                Ok(Some(records))
            }
            // A subscription that cannot be seen is a mistake rather than an empty one.
            Err(trouble) if trouble.kind == Kind::NotFound && has_identity && trouble.code != "SubscriptionNotFound" => {
                self.step = Step::Done;
                Ok(None)
            }
            Err(trouble) => Err(trouble),
        }
    }

    /// Whether the service goes round in circles when it offers `next`.
    fn is_circle(&mut self, next: &Step) -> bool {
        match next {
            Step::Exchange(_) => {
                self.exchange_pages += 1;
                self.exchange_pages == MOST_EXCHANGE_PAGES
            }
            Step::Link(link) => !self.links.insert(link.clone()),
            Step::First | Step::Done => false,
        }
    }

    async fn read_exchange(&self, cmdlet: &str) -> Result<(Vec<Record>, Step), Trouble> {
        let page = match &self.step {
            Step::Exchange(token) => Some(token),
            _ => None,
        };
        let answer = self.tenant.wire().exchange_read(cmdlet, &self.arguments, page).await?;
        Ok((answer.records, answer.next.map_or(Step::Done, Step::Exchange)))
    }

    async fn read_graph(&self, path: &str, select: Option<&str>) -> Result<(Vec<Record>, Step), Trouble> {
        let path = filled(path, self.arguments.text("id").unwrap_or_default());
        let mut query: Vec<(String, String)> = Vec::new();
        for (name, given) in self.arguments.iter().filter(|(name, _)| *name != "id") {
            let value = given.plain().unwrap_or(&Value::Null);
            query.push((format!("${name}"), value.as_str().map_or_else(|| value.to_string(), str::to_owned)));
        }
        if let Some(select) = select.filter(|_| self.arguments.get("select").is_none()) {
            query.push(("$select".into(), select.into()));
        }
        let query: Vec<(&str, &str)> = query.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let answer = self.tenant.wire().graph_page(&path, &query, self.link()).await?;
        Ok((answer.records, answer.next.map_or(Step::Done, Step::Link)))
    }

    async fn read_arm(&self, path: &str, api_version: &str) -> Result<(Vec<Record>, Step), Trouble> {
        let path = self.tenant.place(path, self.arguments.text("id"))?;
        let answer = self.tenant.wire().arm_page(&path, api_version, &[], self.link()).await?;
        Ok((answer.records, answer.next.map_or(Step::Done, Step::Link)))
    }

    async fn read_vault(&self, path: &str) -> Result<(Vec<Record>, Step), Trouble> {
        let url = self.tenant.place(path, self.arguments.text("id"))?;
        let answer = self.tenant.wire().vault_page(&url, self.link()).await?;
        Ok((answer.records, answer.next.map_or(Step::Done, Step::Link)))
    }

    fn link(&self) -> Option<&str> {
        match &self.step {
            Step::Link(link) => Some(link),
            _ => None,
        }
    }

    /// Brings the arguments into the service's form.
    fn prepare(&mut self) -> Result<(), Trouble> {
        let given = std::mem::take(&mut self.arguments);
        let is_graph = !matches!(self.reading.from, From::Cmdlet { .. });
        for (name, value) in given.iter() {
            let text = value.plain().and_then(Value::as_str).unwrap_or_default();
            let is_identity = name.eq_ignore_ascii_case("Identity") || name.eq_ignore_ascii_case("id");
            // A null or empty identity would mean "all of them" to the service.
            if is_identity && text.trim().is_empty() {
                return Err(self.invalid(format!("`{}` needs to know which {}", self.reading.name, self.reading.noun)));
            }
            if !is_graph {
                self.arguments.set(name, value.clone());
                continue;
            }
            let option = name.trim_start_matches('$').to_ascii_lowercase();
            match is_identity {
                true => self.arguments.set("id", text),
                false if OPTIONS.contains(&option.as_str()) => self.arguments.set(&option, value.clone()),
                false => {
                    return Err(self
                        .invalid(format!("`{}` has no option `{name}`", self.reading.name))
                        .with_remedy(format!("its options are {}", OPTIONS.join(", "))));
                }
            }
        }
        if self.reading.identity && self.arguments.get(self.reading.plain).is_none() {
            return Err(self.invalid(format!("`{}` needs to know which {}", self.reading.name, self.reading.noun)));
        }
        if let From::Cmdlet { switches, .. } = self.reading.from {
            for switch in switches {
                self.arguments.set(switch, true);
            }
        }
        let (size, largest) = match is_graph {
            true => ("top", Given::from(GRAPH_PAGE)),
            false => ("ResultSize", Given::from("Unlimited")),
        };
        if self.reading.sized && self.arguments.get(size).is_none() {
            self.arguments.set(size, largest);
        }
        Ok(())
    }

    fn invalid(&self, message: String) -> Trouble {
        Trouble::new(Kind::Invalid, message).with_code("invalid_argument")
    }
}

/// A path with the identity in it. Inside the quotes of a key a quote is doubled.
pub(super) fn filled(path: &str, identity: &str) -> String {
    path.replace("{id}", &escaped(&identity.replace('\'', "''")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::tenant::reading;
    use crate::tenant::testing::Fake;

    async fn all(fake: &Fake, name: &str, arguments: Arguments) -> Result<Vec<Record>, Trouble> {
        fake.tenant().find_all(reading(name).unwrap(), arguments).await
    }

    #[tokio::test]
    async fn everything_is_asked_for_where_the_service_would_stop_at_a_thousand() {
        let fake = Fake::new();

        all(&fake, "find_soft_deleted_mailboxes", Arguments::new()).await.unwrap();
        all(&fake, "find_organization_relationships", Arguments::new()).await.unwrap();

        assert_eq!(
            fake.reads(),
            [
                (
                    "Get-Mailbox".to_owned(),
                    json!({"SoftDeletedMailbox": true, "ResultSize": "Unlimited"})
                ),
                ("Get-OrganizationRelationship".to_owned(), json!({})),
            ]
        );
    }

    #[tokio::test]
    async fn graph_gives_its_largest_pages_where_it_knows_pages() {
        let fake = Fake::new();

        all(&fake, "find_entra_users", Arguments::new()).await.unwrap();
        all(&fake, "find_subscribed_skus", Arguments::new()).await.unwrap();

        let reads = fake.reads();
        assert_eq!((&reads[0].1["$top"], &reads[1].1["$top"]), (&json!("999"), &Value::Null));
    }

    #[tokio::test]
    async fn many_pages_are_read_to_the_end_and_a_circle_is_noticed() {
        let long = Fake::new().paging(|page| (page < 2000).then(|| format!("page {}", page + 1)));
        let round = Fake::new().paging(|page| Some(format!("page {}", (page + 1) % 3)));

        let read = all(&long, "find_entra_users", Arguments::new()).await;
        let stuck = all(&round, "find_entra_users", Arguments::new()).await;

        assert!(read.is_ok());
        assert_eq!(long.reads().len(), 2001);
        assert_eq!(stuck.unwrap_err().code, "endless_pages");
    }

    #[tokio::test]
    async fn a_named_object_that_is_not_there_gives_no_objects() {
        let found = all(&Fake::new(), "find_mailboxes", Arguments::new().with("Identity", "nobody")).await;

        assert_eq!(found.unwrap().len(), 0);
    }

    #[tokio::test]
    async fn an_identity_that_the_service_answers_with_everything_gives_no_objects() {
        let fake = Fake::new().with("MigrationBatch", json!({"Identity": "wave1"}));

        let found = all(&fake, "find_migration_batches", Arguments::new().with("Identity", "wave2")).await;

        assert_eq!(found.unwrap().len(), 0);
    }

    #[tokio::test]
    async fn an_empty_identity_is_refused_because_the_service_takes_it_for_all() {
        let fake = Fake::new();

        let refused = all(&fake, "find_mailboxes", Arguments::new().with("Identity", Value::Null)).await;
        let missing = all(&fake, "find_group_members", Arguments::new()).await;

        assert_eq!(refused.unwrap_err().kind, Kind::Invalid);
        assert_eq!(missing.unwrap_err().kind, Kind::Invalid);
        assert!(fake.reads().is_empty());
    }

    #[tokio::test]
    async fn what_only_stands_for_a_later_value_is_never_sent() {
        let fake = Fake::new();

        let named = all(&fake, "find_app_role_assignments", Arguments::new().with("id", "‹object id of x›")).await;
        let filter = Arguments::new().with("filter", "appId eq '‹application id of x›'");
        let filtered = all(&fake, "find_applications", filter).await;

        assert!(named.unwrap().is_empty() && filtered.unwrap().is_empty());
        assert!(fake.reads().is_empty());
    }

    #[tokio::test]
    async fn a_filter_reaches_the_connection_as_it_was_written() {
        let fake = Fake::new();
        let filter = "Name -eq 'the $true story'";

        all(&fake, "find_mailboxes", Arguments::new().with("Filter", filter)).await.unwrap();

        assert_eq!(fake.reads()[0].1["Filter"], filter);
    }

    #[tokio::test]
    async fn options_of_graph_are_taken_with_and_without_the_dollar() {
        let fake = Fake::new();

        all(
            &fake,
            "find_applications",
            Arguments::new().with("$filter", "appId eq '5e5e'").with("top", 5),
        )
        .await
        .unwrap();
        let refused = all(&fake, "find_applications", Arguments::new().with("Filter ", "x")).await;

        assert_eq!(fake.reads()[0].1, json!({"$filter": "appId eq '5e5e'", "$top": "5"}));
        assert_eq!(refused.unwrap_err().kind, Kind::Invalid);
    }

    #[test]
    fn a_guest_stays_inside_the_path() {
        assert_eq!(
            filled("/users/{id}", "ann_contoso.com#EXT#@northwind.com"),
            "/users/ann_contoso.com%23EXT%23@northwind.com"
        );
    }
}
