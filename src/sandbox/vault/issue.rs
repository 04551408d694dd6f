//! Makes keys, signing requests and self-signed certificates, real ones that any reader takes.

use std::time::Duration;

use jiff::Timestamp;
use jiff::ToSpan;
use jiff::tz::TimeZone;
use rcgen::CertificateParams;
use rcgen::ExtendedKeyUsagePurpose;
use rcgen::IsCa;
use rcgen::KeyPair;
use rcgen::KeyUsagePurpose;
use rcgen::PKCS_RSA_SHA256;
use rcgen::RsaKeySize;
use rcgen::SanType;
use rcgen::string::Ia5String;
use rustls::pki_types::PrivatePkcs8KeyDer;
use serde_json::Value;

use super::policy_rules;
use super::subject;

/// A certificate's validity begins that long before it is made.
const HEAD_START: Duration = Duration::from_secs(600);

/// A certificate that was made.
pub struct Issued {
    /// In DER.
    pub certificate: Vec<u8>,
    /// From when on it is valid.
    pub not_before: Timestamp,
    /// Until when.
    pub not_after: Timestamp,
}

/// A new key for a checked policy, as PKCS#8.
pub fn new_key(policy: &Value) -> Option<Vec<u8>> {
    let size = match policy["key_props"]["key_size"].as_u64() {
        Some(4096) => RsaKeySize::_4096,
        Some(3072) => RsaKeySize::_3072,
        _ => RsaKeySize::_2048,
    };
    let key = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, size).ok()?;
    Some(key.serialize_der())
}

/// The signing request of that key, in DER.
pub fn request(policy: &Value, key: &[u8]) -> Option<Vec<u8>> {
    let request = params(policy)?.serialize_request(&read(key)?).ok()?;
    Some(request.der().to_vec())
}

/// A certificate that the key signs itself.
pub fn self_signed(policy: &Value, key: &[u8], now: Timestamp) -> Option<Issued> {
    let months = policy["x509_props"]["validity_months"].as_i64()?;
    let end = TimeZone::UTC.to_datetime(now).saturating_add(months.months());
    let not_before = whole_seconds(now - HEAD_START)?;
    let not_after = whole_seconds(TimeZone::UTC.to_timestamp(end).ok()?)?;
    let mut params = params(policy)?;
    let since_1970 = |time: Timestamp| Duration::from_secs(u64::try_from(time.as_second()).unwrap_or_default());
    params.not_before = rcgen::date_time_ymd(1970, 1, 1) + since_1970(not_before);
    params.not_after = rcgen::date_time_ymd(1970, 1, 1) + since_1970(not_after);
    let certificate = params.self_signed(&read(key)?).ok()?;
    Some(Issued {
        certificate: certificate.der().to_vec(),
        not_before,
        not_after,
    })
}

fn whole_seconds(time: Timestamp) -> Option<Timestamp> {
    Timestamp::from_second(time.as_second()).ok()
}

fn read(key: &[u8]) -> Option<KeyPair> {
    KeyPair::from_pkcs8_der_and_sign_algo(&PrivatePkcs8KeyDer::from(key), &PKCS_RSA_SHA256).ok()
}

fn params(policy: &Value) -> Option<CertificateParams> {
    let x509 = &policy["x509_props"];
    let mut params = CertificateParams::default();
    params.distinguished_name = subject::parse(x509["subject"].as_str()?)?;
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = texts(&x509["key_usage"]).filter_map(usage).collect();
    params.extended_key_usages = texts(&x509["ekus"]).filter_map(purpose).collect();
    let dns = texts(&x509["sans"]["dns_names"]).map(|name| Some(SanType::DnsName(Ia5String::try_from(name).ok()?)));
    let mail = texts(&x509["sans"]["emails"]).map(|name| Some(SanType::Rfc822Name(Ia5String::try_from(name).ok()?)));
    params.subject_alt_names = dns.chain(mail).collect::<Option<_>>()?;
    Some(params)
}

fn texts(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str)
}

fn usage(name: &str) -> Option<KeyUsagePurpose> {
    Some(match name {
        "digitalSignature" => KeyUsagePurpose::DigitalSignature,
        "nonRepudiation" => KeyUsagePurpose::ContentCommitment,
        "keyEncipherment" => KeyUsagePurpose::KeyEncipherment,
        "dataEncipherment" => KeyUsagePurpose::DataEncipherment,
        "keyAgreement" => KeyUsagePurpose::KeyAgreement,
        "keyCertSign" => KeyUsagePurpose::KeyCertSign,
        "cRLSign" => KeyUsagePurpose::CrlSign,
        "encipherOnly" => KeyUsagePurpose::EncipherOnly,
        "decipherOnly" => KeyUsagePurpose::DecipherOnly,
        _ => return None,
    })
}

fn purpose(oid: &str) -> Option<ExtendedKeyUsagePurpose> {
    Some(match oid {
        "1.3.6.1.5.5.7.3.1" => ExtendedKeyUsagePurpose::ServerAuth,
        "1.3.6.1.5.5.7.3.2" => ExtendedKeyUsagePurpose::ClientAuth,
        other => ExtendedKeyUsagePurpose::Other(policy_rules::components(other)?),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use x509_cert::Certificate;
    use x509_cert::der::Decode;

    use super::super::policy;
    use super::*;

    #[test]
    fn a_certificate_is_what_its_policy_says_by_the_clock_of_the_sandbox() {
        let now: Timestamp = "2026-01-05T08:00:00.25Z".parse().unwrap();
        let given = json!({"x509_props": {"subject": "CN=northwind_contoso_4711"}, "issuer": {"name": "Self"}});
        let policy = policy::merged(None, &given, now).unwrap();
        let key = new_key(&policy).unwrap();

        let issued = self_signed(&policy, &key, now).unwrap();

        let read = Certificate::from_der(&issued.certificate).unwrap();
        let content = read.tbs_certificate();
        assert_eq!(content.subject().to_string(), "CN=northwind_contoso_4711");
        assert_eq!(content.subject(), content.issuer());
        let from = content.validity().not_before.to_unix_duration().as_secs();
        assert_eq!(i64::try_from(from).unwrap(), issued.not_before.as_second());
        assert_eq!(issued.not_before.to_string(), "2026-01-05T07:50:00Z");
        assert_eq!(issued.not_after.to_string(), "2027-01-05T08:00:00Z");
    }
}
