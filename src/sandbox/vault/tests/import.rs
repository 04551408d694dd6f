//! Certificates and keys that come from elsewhere, or from before.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rcgen::BasicConstraints;
use rcgen::CertificateParams;
use rcgen::DnType;
use rcgen::ExtendedKeyUsagePurpose;
use rcgen::IsCa;
use rcgen::KeyPair;
use rcgen::KeyUsagePurpose;
use rcgen::PKCS_RSA_SHA256;
use rcgen::RsaKeySize;
use rcgen::SanType;
use serde_json::Value;
use serde_json::json;

use super::super::container;
use super::super::key;
use super::super::policy;
use super::room::Room;
use super::room::self_signed;

fn pem(params: &CertificateParams, signer: &KeyPair, key: &KeyPair) -> Value {
    let certificate = params.self_signed(signer).unwrap();
    json!({"value": format!("{}{}", key.serialize_pem(), certificate.pem())})
}

fn rsa(size: RsaKeySize) -> KeyPair {
    KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, size).unwrap()
}

#[test]
fn an_imported_certificate_is_the_one_that_was_brought() {
    let room = Room::new();
    let made = room.make("made", json!({}));
    let (_, secret) = room.call("GET", "secrets/made", Value::Null);

    let (status, bundle) = room.call("POST", "certificates/brought/import", json!({"value": secret["value"]}));

    assert_eq!((status, &bundle["x5t"]), (200, &made["x5t"]));
    assert_eq!(bundle["policy"]["x509_props"]["subject"], "CN=northwind_contoso_4711");
    assert_eq!(bundle["policy"]["issuer"]["name"], "Unknown");
    let nothing = room.code("POST", "certificates/brought/import", json!({"value": "bm9uZQ=="}));
    assert_eq!((nothing.0, nothing.1.as_str()), (400, "BadParameter"));
}

#[test]
fn pem_is_taken_as_it_is_and_in_base64_as_libraries_send_it() {
    let room = Room::new();
    let key = rsa(RsaKeySize::_2048);
    let plain = pem(&CertificateParams::default(), &key, &key);
    let text = plain["value"].as_str().unwrap();

    let (status, first) = room.call("POST", "certificates/plain/import", plain.clone());
    let (again, second) = room.call("POST", "certificates/encoded/import", json!({"value": STANDARD.encode(text)}));

    assert_eq!((status, again), (200, 200), "{second}");
    assert_eq!(first["x5t"], second["x5t"]);
    assert_eq!(second["policy"]["secret_props"]["contentType"], "application/x-pem-file");
}

#[test]
fn the_policy_of_an_imported_certificate_is_what_the_certificate_says() {
    let room = Room::new();
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::OrganizationName, "Northwind");
    params
        .distinguished_name
        .push(DnType::from_oid(&[2, 5, 4, 41]), "a name that a vault would not make");
    params.not_before = rcgen::date_time_ymd(2025, 1, 31);
    params.not_after = rcgen::date_time_ymd(2045, 3, 1);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::EmailProtection];
    params.subject_alt_names = vec![
        SanType::DnsName("mail.northwind.com".try_into().unwrap()),
        SanType::Rfc822Name("nils@northwind.com".try_into().unwrap()),
    ];
    let key = rsa(RsaKeySize::_3072);
    let mut body = pem(&params, &key, &key);
    body["policy"] = json!({"key_props": {"exportable": false, "key_size": 2048}, "x509_props": {"subject": "CN=wished"}});

    let (status, bundle) = room.call("POST", "certificates/brought/import", body);

    assert_eq!(status, 200, "{bundle}");
    let policy = &bundle["policy"];
    let subject = policy["x509_props"]["subject"].as_str().unwrap();
    assert!(subject.contains("O=Northwind") && !subject.contains("wished"), "{subject}");
    let expected = json!({"exportable": false, "kty": "RSA", "key_size": 3072, "reuse_key": false});
    assert_eq!(policy["key_props"], expected);
    assert_eq!(policy["secret_props"]["contentType"], "application/x-pem-file");
    let told = |name: &str| &policy["x509_props"][name];
    assert_eq!(told("validity_months"), 241);
    assert_eq!(told("key_usage"), &json!(["digitalSignature", "keyCertSign"]));
    assert_eq!(told("ekus"), &json!(["1.3.6.1.5.5.7.3.4"]));
    let names = json!({"dns_names": ["mail.northwind.com"], "emails": ["nils@northwind.com"]});
    assert_eq!(told("sans"), &names);
    assert_eq!(told("basic_constraints"), &json!({"ca": true}));

    let changed = json!({"key_props": {"exportable": true}});
    assert_eq!(room.call("PATCH", "certificates/brought/policy", changed).0, 200);
    let renewed = room.code("POST", "certificates/brought/create", json!({}));
    assert_eq!((renewed.0, renewed.1.as_str()), (400, "BadParameter"), "the vault cannot make it");
}

#[test]
fn a_key_that_is_not_rsa_or_of_another_certificate_is_not_imported() {
    let room = Room::new();
    let params = CertificateParams::default();
    let (own, other, curved) = (rsa(RsaKeySize::_2048), rsa(RsaKeySize::_2048), KeyPair::generate().unwrap());
    let import = |body: Value| {
        let (status, answer) = room.call("POST", "certificates/brought/import", body);
        let message = answer["error"]["message"].as_str().unwrap_or_default();
        (status, answer["error"]["code"].clone(), message.to_owned())
    };

    let (status, code, message) = import(pem(&params, &own, &other));
    assert_eq!((status, code), (400, json!("BadParameter")));
    assert!(message.contains("does not belong"), "{message}");
    let (status, code, message) = import(pem(&params, &curved, &curved));
    assert_eq!((status, code), (400, json!("BadParameter")));
    assert!(message.contains("RSA"), "{message}");
    assert_eq!(import(pem(&params, &own, &own)).0, 200);
}

#[test]
fn a_key_is_reused_when_the_policy_says_so_and_in_the_size_it_has() {
    let room = Room::new();
    let public = || {
        let (_, secret) = room.call("GET", "secrets/move", Value::Null);
        let (_, held) = container::read(policy::PKCS12, secret["value"].as_str().unwrap(), "").unwrap();
        key::public(&held).unwrap()
    };
    let mut keys = Vec::new();
    for reuse in [false, true, false] {
        room.make("move", json!({"key_props": {"reuse_key": reuse}}));
        keys.push(public());
    }
    let larger = self_signed(json!({"key_props": {"reuse_key": true, "key_size": 3072}}));

    assert_eq!(keys[0], keys[1]);
    assert_ne!(keys[1], keys[2]);
    let refused = room.code("POST", "certificates/move/create", larger);
    assert_eq!((refused.0, refused.1.as_str()), (400, "BadParameter"));
}
