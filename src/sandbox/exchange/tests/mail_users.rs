use super::*;

const GUID: &str = "1ec059c7-8396-4d0b-af4e-d6bd4c12a8d8";

#[test]
fn a_mail_user_comes_with_an_entra_user_and_is_stamped_afterwards() {
    let site = Site::new();
    let lara = site.new_lara();
    assert_eq!(lara["RecipientTypeDetails"], "MailUser");
    assert_eq!(lara["ExternalEmailAddress"], "SMTP:LaraN@contoso.onmicrosoft.com");
    assert_eq!(lara["EmailAddresses"], json!(["SMTP:Lara.Newton@northwind.com"]));
    assert_eq!(lara["ExchangeGuid"], recipient::ZERO_GUID);

    let dn = "X500:/o=First Organization/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn=d11ec1a2-Lara";
    let stamps = json!({
        "Identity": lara["ExternalDirectoryObjectId"],
        "ExchangeGuid": GUID,
        "CustomAttribute1": "ProjectKermit",
        "EmailAddresses": {"@odata.type": "#Exchange.GenericHashTable", "add": [dn, "smtp:LaraN@northwindtraders.onmicrosoft.com"]},
    });
    site.done("northwind", "Set-MailUser", stamps.clone());

    let lara = site.get("northwind", "Get-MailUser", GUID);
    assert_eq!(lara["ExchangeGuid"], GUID);
    assert_eq!(lara["EmailAddresses"].as_array().unwrap().len(), 3);
    assert_eq!(lara["PrimarySmtpAddress"], "Lara.Newton@northwind.com");
    let again = site.done("northwind", "Set-MailUser", stamps);
    assert!(again.warnings[0].contains("no settings of 'Lara Newton' have been modified"));
    let user = site.write(|tx| directory::user(tx, "northwind", "lara.newton@northwind.com").unwrap());
    assert_eq!(user.text("mail"), "Lara.Newton@northwind.com");
}

#[test]
fn an_identity_may_be_any_of_the_names_of_the_object() {
    let site = Site::new();
    let lara = site.new_lara();
    let text = |property: &str| lara[property].as_str().unwrap().to_owned();

    for identity in [
        "lara newton".to_owned(),
        "LARAN".to_owned(),
        "lara.newton@northwind.com".to_owned(),
        "smtp:lara.newton@northwind.com".to_owned(),
        text("Guid"),
        text("ExternalDirectoryObjectId"),
        text("LegacyExchangeDN"),
        text("DistinguishedName"),
    ] {
        assert_eq!(site.get("northwind", "Get-MailUser", &identity)["Guid"], lara["Guid"], "{identity}");
    }
}

#[test]
fn without_a_primary_address_the_external_one_becomes_primary() {
    let site = Site::new();
    let parameters = json!({
        "Name": "ann",
        "MicrosoftOnlineServicesID": "ann@northwind.com",
        "ExternalEmailAddress": "ann@contoso.com",
        "Password": "not-a-real-1",
    });

    let made = site.done("northwind", "New-MailUser", parameters).value.remove(0);

    assert_eq!(made["PrimarySmtpAddress"], "ann@contoso.com");
}

#[test]
fn taken_names_and_addresses_are_refused_by_type() {
    let site = Site::new();
    site.new_lara();
    site.mailbox("northwind", "ann", "SPE_E3");
    site.write(|tx| site.user(tx, "northwind", "plain", ""));
    let new = |name: &str, upn: &str, primary: &str| {
        let parameters = json!({
            "Name": name,
            "Alias": name,
            "MicrosoftOnlineServicesID": upn,
            "PrimarySmtpAddress": primary,
            "ExternalEmailAddress": "x@contoso.com",
            "Password": "not-a-real-1",
        });
        site.run("northwind", "New-MailUser", parameters)
    };

    new("b", "ann@northwind.com", "b@northwind.com").is_refused(400, "WLCDManagedMemberExistsException");
    new("b", "plain@northwind.com", "b@northwind.com").is_refused(400, "WLCDManagedMemberExistsException");
    new("b", "b@northwind.com", "ann@northwind.com").is_refused(400, "WLCDManagedMemberExistsException");
    new("b", "b@contoso.com", "b@northwind.com").is_refused(400, "NotAcceptedDomainException");
    new("b", "b@northwind.com", "b@contoso.com").is_refused(400, "NotAcceptedDomainException");
    new("LaraN", "b@northwind.com", "b@northwind.com").is_refused(400, "RecipientTaskException");
    new("ann", "b@northwind.com", "b@northwind.com").is_refused(400, "ADObjectAlreadyExistsException");

    let set = |edit: Value| {
        let mut parameters = json!({"Identity": "LaraN"});
        parameters.as_object_mut().unwrap().extend(edit.as_object().cloned().unwrap());
        site.run("northwind", "Set-MailUser", parameters)
    };
    let add = |proxy: &str| set(json!({"EmailAddresses": {"@odata.type": "#Exchange.GenericHashTable", "Add": proxy}}));
    add("smtp:ann@northwind.com").is_refused(400, "ProxyAddressExistsException");
    add("smtp:lara@contoso.com").is_refused(400, "NotAcceptedDomainException");
    let guid = site.get("northwind", "Get-Mailbox", "ann")["ExchangeGuid"].clone();
    set(json!({"ExchangeGuid": guid})).is_refused(400, "RecipientTaskException");
    set(json!({"ExchangeGuid": "no guid"})).is_refused(400, "ParameterTransformationException");
    set(json!({"RemoveDelayHoldApplied": true, "Alias": "x"})).is_refused(400, "AmbiguousParameterSetException");
}

#[test]
fn a_removed_mail_user_leaves_soft_deleted_remains_that_are_in_nobodys_way() {
    let site = Site::new();
    site.new_lara();

    site.done("northwind", "Remove-MailUser", json!({"Identity": "LaraN"}));

    assert!(site.done("northwind", "Get-MailUser", json!({})).value.is_empty());
    let remains = site.done("northwind", "Get-MailUser", json!({"SoftDeletedMailUser": true}));
    assert_eq!(remains.value.len(), 1);
    let seen = site.done("northwind", "Get-Recipient", json!({"IncludeSoftDeletedRecipients": true}));
    assert_eq!(seen.value.len(), 1);
    site.new_lara();
}
