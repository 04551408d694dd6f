//! The MailUser contract, attribute by attribute.

use serde_json::Value;
use serde_json::json;

use crate::migrate::mailuser::mailuser_arguments;
use crate::migrate::mailuser::plan;
use crate::migrate::mailuser::plans;
use crate::migrate::mailuser::refuse_duplicates;
use crate::model::Record;

const LEGACY_DN: &str =
    "/o=First Organization/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn=d11ec1a2cacd4f81858c81907273f1f9-Lara";

fn record(value: Value) -> Record {
    value.as_object().cloned().expect("an object").into()
}

fn lara() -> Record {
    record(json!({
        "PrimarySmtpAddress": "Lara.Newton@contoso.com", "Alias": "LaraN", "DisplayName": "Lara Newton", "FirstName": "Lara",
        "LastName": "Newton", "Name": "Lara Newton", "UserPrincipalName": "Lara.Newton@contoso.com",
        "ExchangeGuid": "1ec059c7-8396-4d0b-af4e-d6bd4c12a8d8", "ArchiveGuid": "00000000-0000-0000-0000-000000000000",
        "LegacyExchangeDN": LEGACY_DN, "CustomAttribute1": "ProjectKermit",
        "EmailAddresses": ["SMTP:Lara.Newton@contoso.com", "smtp:LaraN@contoso.onmicrosoft.com"],
    }))
}

fn by_options() -> Record {
    record(json!({
        "upn_domain": "northwind.com", "primary_domain": "northwind.com", "target_delivery_domain": "northwindtraders.onmicrosoft.com",
        "accepted_domains": [{"DomainName": "northwind.com"}, {"DomainName": "northwindtraders.onmicrosoft.com"}],
    }))
}

fn by_map(pairs: Value) -> Record {
    record(json!({"domain_map": pairs, "target_delivery_domain": "northwindtraders.onmicrosoft.com"}))
}

#[test]
fn lara_newton_is_planned_as_the_contract_wants_attribute_by_attribute() {
    let wanted = json!({
        "UserPrincipalName": "Lara.Newton@northwind.com",
        "Name": "Lara Newton",
        "Alias": "LaraN",
        "DisplayName": "Lara Newton",
        "FirstName": "Lara",
        "LastName": "Newton",
        "PrimarySmtpAddress": "Lara.Newton@northwind.com",
        "ExternalEmailAddress": "LaraN@contoso.onmicrosoft.com",
        "ExchangeGuid": "1ec059c7-8396-4d0b-af4e-d6bd4c12a8d8",
        "EmailAddresses": [
            "SMTP:Lara.Newton@northwind.com",
            "smtp:LaraN@northwindtraders.onmicrosoft.com",
            format!("X500:{LEGACY_DN}"),
        ],
        "CustomAttribute1": "ProjectKermit",
        "SourceUser": "Lara.Newton@contoso.com",
    });

    let by_options = plan(&lara(), &by_options()).expect("planned");
    let by_map = plan(&lara(), &by_map(json!([{"source": "contoso.com", "target": "northwind.com"}]))).expect("planned");

    assert_eq!(Value::Object(by_options.to_map()), wanted);
    assert_eq!(Value::Object(by_map.to_map()), wanted);
    assert!(!by_options.has("ArchiveGuid"));
}

#[test]
fn every_legacy_name_and_mapped_address_goes_along_and_nothing_else() {
    let row = lara().with("ArchiveGuid", "b81e6d52-0f3a-4f7c-9c35-6d2e4a9b7702").with(
        "EmailAddresses",
        json!([
            "SMTP:Lara.Newton@contoso.com",
            "smtp:lara@contoso.com",
            "smtp:lara.newton@CONTOSO.COM",
            "SIP:lara@contoso.com",
            "SPO:SPO_1@SPO_2",
            "x500:/o=A, Inc/cn=lara",
            format!("X500:{}", LEGACY_DN.to_lowercase()),
            "smtp:LaraN@contoso.onmicrosoft.com",
            "smtp:LaraN@contoso.mail.onmicrosoft.com",
        ]),
    );

    let plan = plan(&row, &by_options()).expect("planned");

    assert_eq!(
        plan.list("EmailAddresses"),
        [
            "SMTP:Lara.Newton@northwind.com",
            "smtp:lara@northwind.com",
            "smtp:LaraN@northwindtraders.onmicrosoft.com",
            &format!("X500:{LEGACY_DN}"),
            "x500:/o=A, Inc/cn=lara",
        ]
    );
    assert_eq!(plan.text("ArchiveGuid"), Some("b81e6d52-0f3a-4f7c-9c35-6d2e4a9b7702"));
}

#[test]
fn a_domain_that_nobody_mapped_stops_the_plan_and_is_named() {
    let row = lara().with(
        "EmailAddresses",
        json!([
            "SMTP:Lara.Newton@contoso.com",
            "smtp:l@fabrikam.com",
            "smtp:l@adatum.com",
            "smtp:LaraN@contoso.onmicrosoft.com"
        ]),
    );

    let trouble = plan(&row, &by_options()).expect_err("stopped");

    assert_eq!(trouble.code, "UnmappedDomain");
    assert_eq!(
        trouble.message,
        "nothing says what becomes of `fabrikam.com`, `adatum.com` in the addresses of `Lara.Newton@contoso.com`"
    );
    assert!(plan(&lara(), &by_map(json!([]))).is_err());
}

#[test]
fn a_domain_the_target_does_not_own_stops_the_plan() {
    let options = by_options().with("primary_domain", "fabrikam.com");
    let delivery = by_options().with("target_delivery_domain", "contoso.onmicrosoft.com");

    assert_eq!(
        plan(&lara(), &options).expect_err("stopped").message,
        "`fabrikam.com` is not an accepted domain of the target tenant"
    );
    assert_eq!(plan(&lara(), &delivery).expect_err("stopped").code, "NotAcceptedDomain");
}

#[test]
fn a_file_exported_from_the_target_itself_is_noticed() {
    let row = lara().with("ExternalEmailAddress", "LaraN@northwindtraders.onmicrosoft.com");

    assert_eq!(plan(&row, &by_options()).expect_err("stopped").code, "SourceIsTarget");
}

#[test]
fn a_mark_is_set_over_what_the_source_had() {
    let marked = plan(&lara(), &by_options().with("mark", "customattribute1=FromContoso")).expect("planned");
    let wrong = plan(&lara(), &by_options().with("mark", "CustomAttribute16=x")).expect_err("refused");

    assert_eq!(marked.text("CustomAttribute1"), Some("FromContoso"));
    assert_eq!(wrong.code, "BadMark");
}

#[test]
fn a_mailbox_named_by_a_guid_gets_its_alias_as_name() {
    let row = lara().with("Name", "3f6dd2b4-1f4e-4a55-9d0a-0f7a51a0c001");

    assert_eq!(plan(&row, &by_options()).expect("planned").text("Name"), Some("LaraN"));
}

#[test]
fn of_a_mailuser_that_exists_harmless_addresses_stay_and_foreign_ones_go() {
    let plan = plan(&lara(), &by_options()).expect("planned");
    let existing = record(json!({"EmailAddresses": [
        "SMTP:lara@northwind.com", "smtp:lara.newton@northwind.com", "smtp:lara@contoso.com", "SIP:lara@northwind.com",
    ]}));

    let arguments = mailuser_arguments(&plan, Some(&existing), &by_options());

    let entries = arguments.list("EmailAddresses");
    assert_eq!(entries[3..], ["smtp:lara@northwind.com", "SIP:lara@northwind.com"]);
    assert!(!arguments.has("UserPrincipalName") && !arguments.has("SourceUser"));
    assert_eq!(mailuser_arguments(&plan, None, &Record::default()).list("EmailAddresses").len(), 3);
}

#[test]
fn an_archive_that_the_source_does_not_have_is_taken_off_an_existing_mail_user() {
    let plan = plan(&lara(), &by_options()).expect("a plan");
    let archive = |existing: Option<&str>| {
        let existing = existing.map(|guid| record(json!({"EmailAddresses": [], "ArchiveGuid": guid})));
        let arguments = mailuser_arguments(&plan, existing.as_ref(), &by_options());
        arguments.text("ArchiveGuid").map(str::to_owned)
    };

    assert_eq!(
        archive(Some("b81e6d52-0f3a-4f7c-9c35-6d2e4a9b7702")).as_deref(),
        Some("00000000-0000-0000-0000-000000000000")
    );
    assert_eq!(archive(Some("00000000-0000-0000-0000-000000000000")), None);
    assert_eq!(archive(None), None);
}

#[test]
fn two_people_who_would_get_the_same_address_are_named() {
    let other = lara()
        .with("PrimarySmtpAddress", "Lara.Newton@contoso.de")
        .with("Alias", "LaraN2")
        .with("UserPrincipalName", "lara2@contoso.de")
        .with("ExchangeGuid", "1ec059c7-8396-4d0b-af4e-d6bd4c12a8d9")
        .with(
            "EmailAddresses",
            json!(["SMTP:Lara.Newton@contoso.de", "smtp:LaraN2@contoso.onmicrosoft.com"]),
        );

    let trouble = plans(&[lara(), other], &by_options()).expect_err("refused");

    assert_eq!(
        trouble.message,
        "`Lara.Newton@contoso.com` and `Lara.Newton@contoso.de` have the same UserPrincipalName, `Lara.Newton@northwind.com` (rows 1 and 2)"
    );
    let twice = refuse_duplicates(&[lara(), lara()], &["PrimarySmtpAddress"]).expect_err("refused");
    assert_eq!(twice.message, "`Lara.Newton@contoso.com` is listed twice (rows 1 and 2)");
}
