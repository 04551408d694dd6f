//! Making sure that an application can sign in with a certificate, or no longer.

use jiff::SignedDuration;
use jiff::Timestamp;
use serde_json::Value;
use serde_json::json;

use crate::change::Gate;
use crate::change::Mode;
use crate::model::Arguments;
use crate::model::Kind;
use crate::model::Record;
use crate::model::Trouble;
use crate::model::is_placeholder;
use crate::model::is_thumbprint;
use crate::model::moment;
use crate::tenant::Ensured;
use crate::tenant::Tenant;
use crate::tenant::azure::Certificate;
use crate::tenant::azure::written;
use crate::tenant::ensure::waiting::REPLICATION;
use crate::tenant::operations::SET_APPLICATION_KEYS;
use crate::tenant::reading;

/// A key may not outlive its certificate, and one of twelve months is a little shorter than a year in some countings.
const LONGEST: SignedDuration = SignedDuration::from_hours(363 * 24);

impl Tenant {
    /// `certificate` (a bundle of a key vault) among the keys of the application `app_id`. Keys that are there stay.
    pub async fn ensure_application_key(&self, gate: &Gate, app_id: &str, certificate: &Record) -> Result<Ensured, Trouble> {
        let bundle = Certificate(certificate);
        let application = match is_placeholder(app_id) {
            true => Record::default().with("appId", app_id),
            false => self.newborn_application(gate, app_id).await?,
        };
        let now = self.wire().clock().now();
        let mut keys = self.keys(&application).await?;
        let thumbprint = bundle.thumbprint();
        let is_own = |key: &Value| thumbprint.as_ref().is_some_and(|thumbprint| has_thumbprint(key, thumbprint));
        if keys.iter().any(|key| is_own(key) && is_in_time(key, now)) {
            self.settle(gate, &SET_APPLICATION_KEYS, application.text("displayName").unwrap_or(app_id));
            return Ok(Ensured::unchanged(application));
        }
        keys.retain(|key| !is_own(key));
        keys.push(self.key(&bundle, now)?);
        let arguments = Arguments::new().with("keyCredentials", Value::Array(keys));
        self.set_keys(gate, app_id, arguments).await
    }

    /// The application `app_id` without `certificate` among its keys; the others stay.
    pub async fn ensure_no_application_key(&self, gate: &Gate, app_id: &str, certificate: &Record) -> Result<Ensured, Trouble> {
        let application = self.newborn_application(gate, app_id).await?;
        let thumbprint = Certificate(certificate).thumbprint();
        let mut keys = self.keys(&application).await?;
        let before = keys.len();
        keys.retain(|key| !thumbprint.as_ref().is_some_and(|thumbprint| has_thumbprint(key, thumbprint)));
        if keys.len() == before {
            self.settle(gate, &SET_APPLICATION_KEYS, application.text("displayName").unwrap_or(app_id));
            return Ok(Ensured::unchanged(application));
        }
        let arguments = Arguments::new().with("keyCredentials", Value::Array(keys));
        self.set_keys(gate, app_id, arguments).await
    }

    async fn set_keys(&self, gate: &Gate, app_id: &str, arguments: Arguments) -> Result<Ensured, Trouble> {
        let applied = self
            .apply_patiently(gate, &SET_APPLICATION_KEYS, Some(app_id), arguments, REPLICATION)
            .await?;
        Ok(Ensured::updated(applied))
    }

    /// The application, which this run may have made a moment ago.
    async fn newborn_application(&self, gate: &Gate, app_id: &str) -> Result<Record, Trouble> {
        let applications = reading("get_application").expect("the table of readings has it");
        let found = match gate.mode() {
            Mode::Apply => self.get_newborn(applications, app_id).await,
            Mode::WhatIf => self.get(applications, Some(app_id)).await,
        };
        found.map_err(|trouble| match trouble.kind {
            Kind::NotFound => Trouble::new(Kind::NotFound, format!("no application `{app_id}` in tenant `{}`", self.tag().name))
                .with_code("no_application")
                .with_remedy("check the application id; `find_applications` lists those that are registered in this tenant")
                .in_tenant(&self.tag().name)
                .on_object(app_id),
            _ => trouble,
        })
    }

    /// The keys of an application with their content, which only a question for nothing else brings; what is written back without
    /// it could not be told from another key.
    async fn keys(&self, application: &Record) -> Result<Vec<Value>, Trouble> {
        let Some(id) = application.text("id").filter(|id| !is_placeholder(id)) else {
            return Ok(Vec::new());
        };
        let path = format!("/applications/{id}");
        // Another server may answer than the one that knew the application already.
        let answer = self
            .newborn("application", id, async || {
                Ok(self.wire().graph_get(&path, &[("$select", "keyCredentials")]).await?)
            })
            .await;
        let answer = answer.map_err(|trouble| trouble.in_tenant(&self.tag().name).on_object(id))?;
        Ok(answer.get("keyCredentials").and_then(Value::as_array).cloned().unwrap_or_default())
    }

    fn key(&self, certificate: &Certificate<'_>, now: Timestamp) -> Result<Value, Trouble> {
        let name = certificate.subject().or(certificate.0.text("name")).unwrap_or("certificate");
        if certificate.0.text("id").is_some_and(|id| id.ends_with('›')) {
            let later = format!("‹certificate of {name}›");
            return Ok(json!({"type": "AsymmetricX509Cert", "usage": "Verify", "key": later, "displayName": name}));
        }
        let parts = certificate.0.text("cer").zip(certificate.not_before().zip(certificate.expires()));
        let Some((cer, (begins, expires))) = parts else {
            return Err(Trouble::new(
                Kind::Invalid,
                "a certificate of a key vault is needed, as `ensure_certificate` or `get_certificate` gives",
            )
            .with_code("invalid_argument")
            .in_tenant(&self.tag().name));
        };
        let longest = now.checked_add(LONGEST).unwrap_or(expires);
        Ok(json!({
            "type": "AsymmetricX509Cert", "usage": "Verify", "key": cer, "displayName": name,
            "startDateTime": written(begins), "endDateTime": written(expires.min(longest)),
        }))
    }
}

fn has_thumbprint(key: &Value, thumbprint: &[u8]) -> bool {
    key["customKeyIdentifier"]
        .as_str()
        .is_some_and(|shown| is_thumbprint(shown, thumbprint))
}

fn is_in_time(key: &Value, now: Timestamp) -> bool {
    key["endDateTime"].as_str().and_then(moment).is_none_or(|end| end > now)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::change::Impact;
    use crate::tenant::Outcome;
    use crate::tenant::testing::Fake;
    use crate::tenant::testing::gate;
    use crate::tenant::testing::open_gate;
    use crate::tenant::testing::record;
    use crate::tenant::testing::refusal;

    /// As `date -u -d 2026-01-05T07:50:00Z +%s` has it.
    const BEGIN: i64 = 1_767_599_400;
    const HEX: &str = "5F2C9A0B1D3E4F60718293A4B5C6D7E8F9012345";

    fn certificate(days: i64) -> Record {
        record(
            json!({"id": "https://kv.vault.azure.net/certificates/move/0a1b", "cer": "MIID", "x5t": "XyyaCx0-T2BxgpOktcbX6PkBI0U",
            "attributes": {"enabled": true, "nbf": BEGIN, "exp": BEGIN + days * 86400},
            "policy": {"x509_props": {"subject": "CN=move"}}}),
        )
    }

    fn with_keys(keys: Value) -> Fake {
        Fake::new().with(
            "applications",
            json!({"id": "o", "appId": "5e5e", "displayName": "friends", "keyCredentials": keys}),
        )
    }

    async fn ensure(fake: &Fake, certificate: &Record) -> Ensured {
        fake.tenant()
            .ensure_application_key(&open_gate(), "5e5e", certificate)
            .await
            .unwrap()
    }

    #[tokio::test]
    async fn a_key_is_taken_away_by_its_thumbprint_and_the_others_stay() {
        let fake = with_keys(
            json!([{"keyId": "k", "key": "OTHER", "customKeyIdentifier": "AB"}, {"keyId": "m", "key": "OURS", "customKeyIdentifier": HEX}]),
        );
        let (tenant, gate) = (fake.tenant(), open_gate());

        let first = tenant.ensure_no_application_key(&gate, "5e5e", &certificate(365)).await.unwrap();
        let again = tenant.ensure_no_application_key(&gate, "5e5e", &certificate(365)).await.unwrap();

        assert_eq!((first.outcome, again.outcome), (Outcome::Updated, Outcome::Unchanged));
        assert_eq!(
            fake.writes()[0].1["keyCredentials"],
            json!([{"keyId": "k", "key": "OTHER", "customKeyIdentifier": "AB"}])
        );
        assert_eq!(fake.writes().len(), 1);
    }

    #[tokio::test]
    async fn a_key_is_added_to_those_that_are_there_and_ends_within_a_year() {
        let fake = with_keys(json!([{"keyId": "k", "key": "OTHER", "customKeyIdentifier": "AB"}]));

        let ensured = ensure(&fake, &certificate(366)).await;

        assert_eq!(ensured.outcome, Outcome::Updated);
        let (call, body) = &fake.writes()[0];
        assert_eq!(call, "PATCH /applications/o");
        let keys = &body["keyCredentials"];
        assert_eq!((&keys[0]["key"], &keys[1]["key"]), (&json!("OTHER"), &json!("MIID")));
        assert_eq!(keys[1]["displayName"], "CN=move");
        assert_eq!(
            (&keys[1]["startDateTime"], &keys[1]["endDateTime"]),
            (&json!("2026-01-05T07:50:00Z"), &json!("2027-01-03T08:00:00Z"))
        );
    }

    #[tokio::test]
    async fn a_key_does_not_outlive_its_certificate() {
        let fake = with_keys(json!([]));

        ensure(&fake, &certificate(30)).await;

        assert_eq!(fake.writes()[0].1["keyCredentials"][0]["endDateTime"], "2026-02-04T07:50:00Z");
    }

    #[tokio::test]
    async fn a_key_that_is_there_in_time_is_left_alone_and_one_that_ended_is_replaced() {
        let known = |end: &str, as_it_is_written: &str| json!([{"customKeyIdentifier": as_it_is_written, "endDateTime": end}]);

        for spelling in [HEX, "XyyaCx0+T2BxgpOktcbX6PkBI0U="] {
            let fake = with_keys(known("2026-12-01T00:00:00Z", spelling));
            assert_eq!(ensure(&fake, &certificate(366)).await.outcome, Outcome::Unchanged);
            assert!(fake.writes().is_empty());
        }
        let ended = with_keys(known("2026-01-01T00:00:00Z", HEX));
        ensure(&ended, &certificate(366)).await;
        assert_eq!(ended.writes()[0].1["keyCredentials"].as_array().unwrap().len(), 1);
    }

    #[tokio::test]
    async fn an_application_that_was_just_made_is_waited_for_and_one_that_is_not_there_is_told() {
        let unknown = |call: &str| Some(refusal(call, 404, "Request_ResourceNotFound", "no such object"));
        let young = with_keys(json!([]))
            .refusing_reads(move |call, before| if before < 6 { unknown(call) } else { None })
            .refusing(move |call, before| if before < 12 { unknown(call) } else { None });
        let (absent, planned) = (Fake::new(), Fake::new());

        let ensured = ensure(&young, &certificate(365)).await;
        let added = absent
            .tenant()
            .ensure_application_key(&open_gate(), "6f6f", &certificate(365))
            .await;
        let taken = planned
            .tenant()
            .ensure_no_application_key(&gate(Mode::WhatIf, Impact::High), "6f6f", &certificate(365))
            .await;

        assert_eq!(ensured.outcome, Outcome::Updated);
        assert!(young.waited() >= Duration::from_secs(10) && young.writes().len() > 1);
        for refused in [added.unwrap_err(), taken.unwrap_err()] {
            assert_eq!((refused.kind, &*refused.code), (Kind::NotFound, "no_application"));
            assert!(refused.remedy.is_some());
        }
        assert_eq!((absent.waited().as_secs(), planned.waited().as_secs()), (120, 0));
    }

    #[tokio::test]
    async fn a_planned_certificate_for_a_planned_application_is_a_plan() {
        let fake = Fake::new();
        let planned = record(json!({"id": "https://kv.vault.azure.net/certificates/move/‹version of move›", "name": "move"}));

        let ensured = fake
            .tenant()
            .ensure_application_key(&gate(Mode::WhatIf, Impact::High), "‹application id of friends›", &planned)
            .await
            .unwrap();

        assert_eq!(ensured.outcome, Outcome::Planned);
        assert!(fake.writes().is_empty());
    }
}
