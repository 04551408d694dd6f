//! Making sure of a certificate in a key vault that an application can sign in with.

use std::time::Duration;

use crate::change::Applied;
use crate::change::Fate;
use crate::change::Gate;
use crate::change::Mode;
use crate::model::Arguments;
use crate::model::Kind;
use crate::model::Record;
use crate::model::Trouble;
use crate::model::check_certificate_subject;
use crate::tenant::Ensured;
use crate::tenant::Outcome;
use crate::tenant::Tenant;
use crate::tenant::azure::Certificate;
use crate::tenant::azure::check_certificate_rule;
use crate::tenant::azure::place;
use crate::tenant::ensure::certificate_request::months;
use crate::tenant::ensure::certificate_request::policy;
use crate::tenant::ensure::ensured::take_text;
use crate::tenant::ensure::waiting::FRESH_ACCESS;
use crate::tenant::ensure::waiting::fresh_access;
use crate::tenant::ensure::waiting::is_no_host;
use crate::tenant::ensure::waiting::is_not_let_in_yet;
use crate::tenant::operations::NEW_CERTIFICATE;
use crate::tenant::reading;
use crate::tenant::waiting::Progress;
use crate::tenant::waiting::Wait;

const EVERY: Duration = Duration::from_secs(5);
const AT_MOST: Duration = Duration::from_secs(300);

/// What a vault has under the name that was asked for.
enum Found {
    Nothing,
    /// Its making was begun, by this run or an earlier one.
    Unfinished,
    Issued(Record),
}

impl Tenant {
    /// The newest version of the certificate `name` in `vault` (a resource id or URL), or a new self-signed one for `subject` with
    /// `validity_months`. One that could not be used to sign in is trouble.
    pub async fn ensure_certificate(
        &self,
        gate: &Gate,
        vault: &str,
        name: &str,
        mut arguments: Arguments,
        progress: Progress<'_>,
    ) -> Result<Ensured, Trouble> {
        let named = |trouble: Trouble| trouble.in_tenant(&self.tag().name).on_object(name);
        check_certificate_rule(name).map_err(named)?;
        let subject = take_text(&mut arguments, "subject");
        if let Some(subject) = &subject {
            check_certificate_subject(subject).map_err(named)?;
        }
        let months = months(&mut arguments).map_err(named)?;
        let vault = place(self.connection().cloud(), "vault", vault).map_err(named)?;
        let url = format!("{vault}/certificates/{name}");
        let found = self.certificate_at(gate, &url, progress).await.map_err(named)?;
        match found {
            Found::Issued(bundle) => {
                self.check_usable(&Certificate(&bundle), &url, name)?;
                self.settle(gate, &NEW_CERTIFICATE, name);
                let note = other_subject(&Certificate(&bundle), name, subject.as_deref());
                Ok(Ensured::unchanged(bundle).noting(note))
            }
            Found::Unfinished => {
                self.settle(gate, &NEW_CERTIFICATE, name);
                let record = match gate.mode() {
                    Mode::Apply => self.issued(&url, name, progress).await.map_err(named)?,
                    Mode::WhatIf => planned(&url, name),
                };
                let note = format!("the certificate `{name}` was being made already; it was waited for, not made twice");
                Ok(Ensured::unchanged(record).noting(Some(note)))
            }
            Found::Nothing => {
                let Some(subject) = subject else {
                    return Err(named(
                        Trouble::new(
                            Kind::Invalid,
                            format!("a new certificate `{name}` needs `subject`, such as `CN=northwind_contoso`"),
                        )
                        .with_code("missing_argument"),
                    ));
                };
                self.make_certificate(gate, &vault, name, &subject, months, progress).await
            }
        }
    }

    async fn make_certificate(
        &self,
        gate: &Gate,
        vault: &str,
        name: &str,
        subject: &str,
        months: i64,
        progress: Progress<'_>,
    ) -> Result<Ensured, Trouble> {
        let arguments = Arguments::new().with("name", name).with("policy", policy(subject, months));
        let applied = self
            .apply_patiently(gate, &NEW_CERTIFICATE, Some(vault), arguments, FRESH_ACCESS)
            .await;
        let url = format!("{vault}/certificates/{name}");
        let outcome = match applied {
            Ok(applied) if applied.fate == Fate::Planned => {
                let record = planned(&url, name);
                if let Some(planned) = applied.planned {
                    promise(gate, planned, name);
                }
                return Ok(Ensured::created(Applied { record, ..applied }));
            }
            Ok(_) => Outcome::Created,
            // Somebody began it since we looked. The service calls that forbidden, with the status of a conflict.
            Err(trouble) if trouble.kind == Kind::Conflict && trouble.code == "Forbidden" => Outcome::Unchanged,
            Err(trouble) if trouble.kind == Kind::AlreadyExists => Outcome::Unchanged,
            Err(trouble) => return Err(trouble),
        };
        let record = self.issued(&url, name, progress).await?;
        Ok(Ensured {
            outcome,
            ..Ensured::unchanged(record)
        })
    }

    async fn certificate_at(&self, gate: &Gate, url: &str, progress: Progress<'_>) -> Result<Found, Trouble> {
        let certificates = reading("get_certificate").expect("the table of readings has it");
        let is_what_if = gate.mode() == Mode::WhatIf;
        let host = url.split('/').nth(2).unwrap_or(url);
        let wait = fresh_access(host);
        let passes = |trouble: &Trouble| !is_what_if && is_not_let_in_yet(trouble);
        let found = self
            .wait_out(&wait, progress, passes, async || self.get(certificates, Some(url)).await)
            .await;
        match found {
            Ok(bundle) if Certificate(&bundle).is_issued() => Ok(Found::Issued(bundle)),
            Ok(_) => Ok(Found::Unfinished),
            Err(trouble) if trouble.kind == Kind::NotFound && !is_no_host(&trouble) => self.unfinished(url).await,
            // The vault, or our access to it, is only planned.
            Err(trouble) if is_what_if && is_not_let_in_yet(&trouble) => Ok(Found::Nothing),
            Err(trouble) => Err(trouble),
        }
    }

    async fn unfinished(&self, url: &str) -> Result<Found, Trouble> {
        let operations = reading("get_certificate_operation").expect("the table of readings has it");
        let operation = self.look_up(operations, url).await?;
        let is_underway = operation.is_some_and(|operation| is_status(&operation, "inProgress"));
        Ok(if is_underway { Found::Unfinished } else { Found::Nothing })
    }

    /// The certificate at `url`, whose making was begun, as soon as it is issued.
    async fn issued(&self, url: &str, name: &str, progress: Progress<'_>) -> Result<Record, Trouble> {
        let operations = reading("get_certificate_operation").expect("the table of readings has it");
        let certificates = reading("get_certificate").expect("the table of readings has it");
        let wait = Wait::new(format!("the certificate {name}"), EVERY, AT_MOST);
        let bundle = self
            .wait_for(&wait, progress, async || {
                match self.look_up(operations, url).await? {
                    Some(operation) if is_status(&operation, "inProgress") => return Ok(None),
                    Some(operation) if !is_status(&operation, "completed") => return Err(self.not_issued(&operation, name)),
                    _ => {}
                }
                let bundle = self.look_up(certificates, url).await?;
                Ok(bundle.filter(|bundle| Certificate(bundle).is_issued()))
            })
            .await
            .map_err(late)?;
        self.check_usable(&Certificate(&bundle), url, name)?;
        Ok(bundle)
    }

    fn not_issued(&self, operation: &Record, name: &str) -> Trouble {
        let status = operation.text("status").unwrap_or("failed");
        let why = operation.get("error").and_then(|error| error["message"].as_str());
        let why = why.or(operation.text("status_details")).unwrap_or("the vault does not say why");
        self.conflict(
            name,
            format!("the certificate `{name}` was not issued, its request is {status}: {why}"),
            "choose another name for the certificate, or remove the request in the vault and run this again",
        )
    }
}

fn is_status(operation: &Record, status: &str) -> bool {
    operation.text("status").is_some_and(|known| known.eq_ignore_ascii_case(status))
}

fn other_subject(certificate: &Certificate<'_>, name: &str, wanted: Option<&str>) -> Option<String> {
    let (known, wanted) = (certificate.subject()?, wanted?);
    (!known.eq_ignore_ascii_case(wanted))
        .then(|| format!("the certificate `{name}` is for {known}, not for {wanted}, and is used as it is"))
}

/// A certificate whose version only the vault can give.
fn planned(url: &str, name: &str) -> Record {
    let version = format!("‹version of {name}›");
    let record = Record::default()
        .with("id", format!("{url}/{version}"))
        .with("sid", format!("{}/{version}", url.replacen("/certificates/", "/secrets/", 1)))
        .with("name", name)
        .with("x5t", format!("‹thumbprint of {name}›"));
    Certificate(&record).told()
}

/// Takes note of what the vault assigns: the version, the thumbprint, and the content that an application is given as its key.
fn promise(gate: &Gate, planned: usize, name: &str) {
    gate.promise(planned, &format!("‹version of {name}›"), "version");
    gate.promise(planned, &format!("‹thumbprint of {name}›"), "x5t");
    gate.promise(planned, &format!("‹certificate of {name}›"), "cer");
}

fn late(mut trouble: Trouble) -> Trouble {
    if trouble.kind == Kind::Timeout {
        trouble.code = "certificate_not_issued".into();
        trouble.message.push_str(" (F-13)");
        trouble.remedy = Some("run this again: it goes on waiting for the same request instead of making another".into());
    }
    trouble
}

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use serde_json::json;

    use super::*;
    use crate::change::Impact;
    use crate::tenant::testing::Fake;
    use crate::tenant::testing::VAULT;
    use crate::tenant::testing::azure;
    use crate::tenant::testing::gate;
    use crate::tenant::testing::open_gate;
    use crate::tenant::testing::refusal;
    use crate::tenant::waiting::SILENT;

    const URL: &str = "https://nwt-kv.vault.azure.net/certificates/move";

    async fn ensure_as(fake: &Fake, gate: &Gate, subject: &str) -> Result<Ensured, Trouble> {
        let arguments = Arguments::new().with("subject", subject);
        fake.tenant().ensure_certificate(gate, VAULT, "move", arguments, SILENT).await
    }

    async fn ensure(fake: &Fake) -> Result<Ensured, Trouble> {
        ensure_as(fake, &open_gate(), "CN=move").await
    }

    fn holding(attributes: Value, exportable: bool) -> Fake {
        azure().with_resource(
            URL,
            json!({"id": format!("{URL}/0a1b"), "cer": "MIID", "x5t": "XyyaCx0-T2BxgpOktcbX6PkBI0U", "attributes": attributes,
                "policy": {"key_props": {"exportable": exportable}, "x509_props": {"subject": "CN=move"}}}),
        )
    }

    #[tokio::test]
    async fn a_certificate_is_made_once_and_waited_for() {
        let fake = azure();

        let first = ensure(&fake).await.unwrap();
        let again = ensure(&fake).await.unwrap();

        assert_eq!((first.outcome, again.outcome), (Outcome::Created, Outcome::Unchanged));
        assert_eq!(fake.written(), [format!("POST {URL}/create")]);
        let policy = &fake.writes()[0].1["policy"];
        assert_eq!(
            (&policy["issuer"]["name"], &policy["x509_props"]["validity_months"]),
            (&json!("Self"), &json!(12))
        );
        assert_eq!(policy["lifetime_actions"][0]["action"]["action_type"], "EmailContacts");
        assert_eq!(
            again.record.text("url"),
            Some("https://nwt-kv.vault.azure.net:443/certificates/move/0a1b")
        );
        assert_eq!(again.record.text("expires"), Some("2027-01-05T08:00:00Z"));
        assert!(fake.waited() >= EVERY);
    }

    #[tokio::test]
    async fn one_that_is_being_made_is_waited_for_and_not_made_twice() {
        let fake = azure().with_resource(&format!("{URL}/pending"), json!({"status": "inProgress"}));

        let ensured = ensure(&fake).await.unwrap();

        assert_eq!(ensured.outcome, Outcome::Unchanged);
        assert!(ensured.record.text("url").is_some() && ensured.notes[0].contains("not made twice"));
        assert!(fake.writes().is_empty());
    }

    #[tokio::test]
    async fn one_that_nobody_could_use_is_trouble_with_a_way_out() {
        let now = 1_767_600_000;
        let cases = [
            (holding(json!({"enabled": false}), true), "certificate_disabled"),
            (holding(json!({"enabled": true, "exp": now - 60}), true), "certificate_expired"),
            (
                holding(json!({"enabled": true, "nbf": now + 3600}), true),
                "certificate_not_yet_valid",
            ),
            (holding(json!({"enabled": true}), false), "certificate_not_exportable"),
        ];
        for (fake, code) in cases {
            let refused = ensure(&fake).await.unwrap_err();

            assert_eq!(refused.code, code);
            assert!(refused.message.contains("`move` of the vault `nwt-kv`"), "{}", refused.message);
            assert!(refused.remedy.as_deref().unwrap().contains("`--certificate-name`"));
            assert!(fake.writes().is_empty());
        }
    }

    #[tokio::test]
    async fn a_subject_that_does_not_begin_with_its_name_is_refused_before_anything_is_asked() {
        for subject in ["northwind", "O=northwind", "CN=", "CN=\"northwind"] {
            let fake = azure();

            let refused = ensure_as(&fake, &open_gate(), subject).await.unwrap_err();

            assert_eq!(refused.code, "invalid_subject");
            assert!(fake.reads().is_empty());
        }
    }

    #[tokio::test]
    async fn access_that_was_just_given_is_waited_for_and_missing_access_is_told() {
        let forbidden = |call: &str| Some(refusal(call, 403, "ForbiddenByPolicy", "the access policy lacks certificates get"));
        let soon =
            azure().refusing_reads(move |call, before| (call.contains("/certificates/") && before < 5).then(|| forbidden(call)).flatten());
        let never = azure().refusing_reads(move |call, _| if call.contains("/certificates/") { forbidden(call) } else { None });

        assert_eq!(ensure(&soon).await.unwrap().outcome, Outcome::Created);
        let refused = ensure(&never).await.unwrap_err();

        assert_eq!(refused.kind, Kind::Forbidden);
        assert_eq!(never.waited().as_secs(), 120);
    }

    #[tokio::test]
    async fn what_is_not_issued_in_time_goes_on_the_next_time() {
        let fake = azure().with_resource(
            &format!("{URL}/pending"),
            json!({"status": "inProgress", "issuer": {"name": "Unknown"}}),
        );

        let late = ensure(&fake).await.unwrap_err();

        assert_eq!((late.kind, &*late.code), (Kind::Timeout, "certificate_not_issued"));
        assert_eq!(fake.waited(), AT_MOST);
    }

    #[tokio::test]
    async fn a_planned_certificate_has_a_url_whose_version_is_still_open() {
        let fake = azure();

        let planned = ensure_as(&fake, &gate(Mode::WhatIf, Impact::High), "CN=move").await.unwrap();

        assert_eq!(
            planned.record.text("url"),
            Some("https://nwt-kv.vault.azure.net:443/certificates/move/‹version of move›")
        );
        assert_eq!((planned.outcome, fake.waited()), (Outcome::Planned, Duration::ZERO));
        assert!(fake.writes().is_empty());
    }
}
