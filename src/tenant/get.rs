//! Reading one object.

use crate::model::Arguments;
use crate::model::Kind;
use crate::model::Record;
use crate::model::Trouble;
use crate::model::is_placeholder;
use crate::tenant::From;
use crate::tenant::Reading;
use crate::tenant::Tenant;
use crate::tenant::azure::Certificate;
use crate::tenant::azure::place;
use crate::tenant::identity::goes_by;
use crate::tenant::pager::filled;

impl Tenant {
    /// The one object that `reading` gives for `identity`; not found, or more than one, is an error.
    pub async fn get(&self, reading: &'static Reading, identity: Option<&str>) -> Result<Record, Trouble> {
        let trouble = |trouble: Trouble| {
            let trouble = trouble.in_tenant(&self.tag().name);
            match identity {
                Some(identity) => trouble.on_object(identity),
                None => trouble,
            }
        };
        // An empty identity would mean "all of them" to the service.
        let identity = identity.map(str::trim).filter(|_| reading.identity);
        match identity {
            None if reading.identity => return Err(trouble(missing_identity(reading))),
            Some("") => return Err(trouble(missing_identity(reading))),
            Some(identity) if is_placeholder(identity) || reading.is_azure() && identity.ends_with('›') => {
                return Err(trouble(self.absent(reading, identity)));
            }
            _ => {}
        }
        match reading.from {
            From::Cmdlet { name, switches } => self.get_by_cmdlet(reading, name, switches, identity).await,
            From::Graph { path, alternate, select } => self.get_from_graph(reading, path, alternate, select, identity).await,
            From::Arm { path, api_version } => self.get_from_arm(path, api_version, identity).await,
            From::Vault { path } => self.get_from_vault(path, identity).await,
        }
        .map_err(trouble)
    }

    /// Like `get`, where that there is none is an answer too.
    pub(super) async fn look_up(&self, reading: &'static Reading, identity: &str) -> Result<Option<Record>, Trouble> {
        match self.get(reading, Some(identity)).await {
            Ok(record) => Ok(Some(record)),
            Err(trouble) if trouble.kind == Kind::NotFound => Ok(None),
            Err(trouble) => Err(trouble),
        }
    }

    async fn get_by_cmdlet(
        &self,
        reading: &'static Reading,
        cmdlet: &str,
        switches: &[&str],
        identity: Option<&str>,
    ) -> Result<Record, Trouble> {
        let mut parameters = Arguments::new();
        if let Some(identity) = identity {
            parameters.set("Identity", identity);
        }
        for switch in switches {
            parameters.set(switch, true);
        }
        let mut found: Vec<Record> = Vec::new();
        let mut page = None;
        loop {
            let answer = self.wire().exchange_read(cmdlet, &parameters, page.as_ref()).await?;
            let wanted = |record: &Record| !reading.verifiable || identity.is_none_or(|identity| goes_by(record, identity));
            found.extend(answer.records.into_iter().filter(wanted));
            page = answer.next;
            if page.is_none() || found.len() > 1 {
                break;
            }
        }
        let identity = identity.unwrap_or_default();
        match found.len() {
            0 => Err(self.absent(reading, identity)),
            1 => Ok(found.swap_remove(0)),
            _ => Err(Trouble::new(
                Kind::Conflict,
                format!(
                    "more than one {} of tenant `{}` goes by `{identity}`",
                    reading.noun,
                    self.tag().name
                ),
            )
            .with_code("ambiguous")
            .with_remedy("name it by its primary address or object id")),
        }
    }

    async fn get_from_graph(
        &self,
        reading: &'static Reading,
        path: &str,
        alternate: Option<&str>,
        select: Option<&str>,
        identity: Option<&str>,
    ) -> Result<Record, Trouble> {
        let query: Vec<(&str, &str)> = select.map(|select| ("$select", select)).into_iter().collect();
        let Some(identity) = identity else {
            let page = self.wire().graph_page(path, &query, None).await?;
            return page.records.into_iter().next().ok_or_else(|| self.absent(reading, ""));
        };
        if let Some(alternate) = alternate {
            match self
                .wire()
                .graph_get(&filled(alternate, identity), &query)
                .await
                .map_err(Trouble::from)
            {
                Err(trouble) if trouble.kind == Kind::NotFound => {}
                answer => return answer,
            }
        }
        Ok(self.wire().graph_get(&filled(path, identity), &query).await?)
    }

    async fn get_from_arm(&self, path: &str, api_version: &str, identity: Option<&str>) -> Result<Record, Trouble> {
        let path = self.place(path, identity)?;
        Ok(self.wire().arm_get(&path, api_version).await?)
    }

    async fn get_from_vault(&self, path: &str, identity: Option<&str>) -> Result<Record, Trouble> {
        let url = self.place(path, identity)?;
        let record = self.wire().vault_get(&url).await?;
        Ok(match record.has("x5t") {
            true => Certificate(&record).told(),
            false => record,
        })
    }

    /// A path to Azure, whose first part is the identity.
    pub(super) fn place(&self, path: &str, identity: Option<&str>) -> Result<String, Trouble> {
        let (first, rest) = path.split_once('/').unwrap_or((path, ""));
        let Some(name) = first.strip_prefix('{').and_then(|first| first.strip_suffix('}')) else {
            return Ok(path.to_owned());
        };
        let begin = place(self.connection().cloud(), name, identity.unwrap_or_default())?;
        Ok(match rest {
            "" => begin,
            rest => format!("{begin}/{rest}"),
        })
    }

    fn absent(&self, reading: &Reading, identity: &str) -> Trouble {
        Trouble::new(
            Kind::NotFound,
            match identity {
                "" => format!("tenant `{}` shows no {}", self.tag().name, reading.noun),
                identity => format!("no {} `{identity}` in tenant `{}`", reading.noun, self.tag().name),
            },
        )
    }
}

fn missing_identity(reading: &Reading) -> Trouble {
    Trouble::new(Kind::Invalid, format!("`{}` needs to know which {}", reading.name, reading.noun)).with_code("missing_identity")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::tenant::reading;
    use crate::tenant::testing::Fake;

    fn service() -> Fake {
        Fake::new()
            .with("MigrationBatch", json!({"Identity": "wave1"}))
            .with("applications", json!({"id": "o", "appId": "5e5e"}))
    }

    async fn get(fake: &Fake, name: &str, identity: &str) -> Result<Record, Trouble> {
        fake.tenant().get(reading(name).unwrap(), Some(identity)).await
    }

    #[tokio::test]
    async fn an_application_is_read_by_either_of_its_ids() {
        let fake = service();

        assert_eq!(get(&fake, "get_application", "5e5e").await.unwrap().text("id"), Some("o"));
        assert_eq!(get(&fake, "get_application", "o").await.unwrap().text("appId"), Some("5e5e"));
        assert_eq!(get(&fake, "get_application", "x").await.unwrap_err().kind, Kind::NotFound);
    }

    #[tokio::test]
    async fn what_is_not_there_is_named_with_its_tenant() {
        let absent = get(&service(), "get_migration_batch", "wave2").await.unwrap_err();

        assert_eq!(absent.kind, Kind::NotFound);
        assert_eq!(
            (absent.tenant.as_deref(), absent.object.as_deref()),
            (Some("northwind"), Some("wave2"))
        );
    }

    #[tokio::test]
    async fn two_objects_of_that_name_are_ambiguous() {
        let fake = Fake::new()
            .with("MailUser", json!({"DisplayName": "Lara", "Name": "a"}))
            .with("MailUser", json!({"DisplayName": "Lara", "Name": "b"}));

        assert_eq!(get(&fake, "get_mailuser", "lara").await.unwrap_err().code, "ambiguous");
    }

    #[tokio::test]
    async fn an_empty_identity_or_a_placeholder_is_not_sent() {
        let fake = service();

        assert_eq!(get(&fake, "get_migration_batch", " ").await.unwrap_err().kind, Kind::Invalid);
        assert_eq!(
            get(&fake, "get_application", "‹application id of x›").await.unwrap_err().kind,
            Kind::NotFound
        );
        assert!(fake.reads().is_empty());
    }
}
