//! What a certificate from elsewhere tells of its policy.

use jiff::Timestamp;
use jiff::Unit;
use jiff::tz::TimeZone;
use serde_json::Value;
use serde_json::json;
use x509_cert::Certificate;
use x509_cert::ext::pkix::BasicConstraints;
use x509_cert::ext::pkix::ExtendedKeyUsage;
use x509_cert::ext::pkix::KeyUsage;
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;

use super::policy_rules::USAGES;

/// From when until when the certificate is valid.
pub fn validity(certificate: &Certificate) -> Option<(Timestamp, Timestamp)> {
    let validity = certificate.tbs_certificate().validity();
    let instant = |seconds: u64| Timestamp::from_second(i64::try_from(seconds).ok()?).ok();
    Some((
        instant(validity.not_before.to_unix_duration().as_secs())?,
        instant(validity.not_after.to_unix_duration().as_secs())?,
    ))
}

/// The parts of a policy that follow from a certificate whose key has that many bits. Names that are neither of hosts nor of
/// mailboxes are left out.
pub fn policy(certificate: &Certificate, bits: u64, content_type: &str) -> Option<Value> {
    let content = certificate.tbs_certificate();
    let usages = content.get_extension::<KeyUsage>().ok()?;
    let purposes = content.get_extension::<ExtendedKeyUsage>().ok()?;
    let names = content.get_extension::<SubjectAltName>().ok()?;
    let constraints = content.get_extension::<BasicConstraints>().ok()?;
    let names = names.map(|(_, names)| names.0).unwrap_or_default();
    let purposes = purposes.map(|(_, purposes)| purposes.0).unwrap_or_default();
    let purposes: Vec<String> = purposes.iter().map(ToString::to_string).collect();
    Some(json!({
        "key_props": {"kty": "RSA", "key_size": bits},
        "secret_props": {"contentType": content_type},
        "x509_props": {
            "subject": content.subject().to_string(),
            "sans": sans(&names),
            "ekus": purposes,
            "key_usage": usages.map(|(_, usages)| words(&usages)).unwrap_or_default(),
            "validity_months": months(certificate)?,
            "basic_constraints": {"ca": constraints.is_some_and(|(_, constraints)| constraints.ca)},
        },
    }))
}

fn months(certificate: &Certificate) -> Option<i32> {
    let (start, end) = validity(certificate)?;
    let (start, end) = (TimeZone::UTC.to_datetime(start), TimeZone::UTC.to_datetime(end));
    let span = start.until((Unit::Month, end)).ok()?;
    Some(span.get_months().max(1))
}

fn words(usage: &KeyUsage) -> Vec<&'static str> {
    let has = [
        usage.digital_signature(),
        usage.non_repudiation(),
        usage.key_encipherment(),
        usage.data_encipherment(),
        usage.key_agreement(),
        usage.key_cert_sign(),
        usage.crl_sign(),
        usage.encipher_only(),
        usage.decipher_only(),
    ];
    let both = USAGES.iter().zip(has);
    both.filter(|(_, has)| *has).map(|(word, _)| *word).collect()
}

fn sans(names: &[GeneralName]) -> Value {
    let of = |pick: fn(&GeneralName) -> Option<&str>| names.iter().filter_map(pick).collect::<Vec<_>>();
    let hosts = of(|name| match name {
        GeneralName::DnsName(name) => Some(name.as_str()),
        _ => None,
    });
    let mailboxes = of(|name| match name {
        GeneralName::Rfc822Name(name) => Some(name.as_str()),
        _ => None,
    });
    let mut sans = json!({});
    for (field, names) in [("dns_names", hosts), ("emails", mailboxes)] {
        if !names.is_empty() {
            sans[field] = json!(names);
        }
    }
    sans
}
