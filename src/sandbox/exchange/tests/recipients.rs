use super::*;

#[test]
fn mailboxes_are_found_by_filter_and_type_and_an_unknown_property_is_refused() {
    let site = Site::new();
    for name in ["ann", "bob", "room"] {
        site.mailbox("contoso", name, "");
    }
    site.done(
        "contoso",
        "Set-Mailbox",
        json!({"Identity": "ann", "CustomAttribute1": "ProjectKermit"}),
    );
    site.done("contoso", "Set-Mailbox", json!({"Identity": "room", "Type": "Room"}));
    let names = |parameters: Value| {
        let seen = site.done("contoso", "Get-Mailbox", parameters);
        seen.value
            .iter()
            .map(|record| record["Name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };

    assert_eq!(names(json!({"Filter": "CustomAttribute1 -eq 'ProjectKermit'"})), ["ann"]);
    assert_eq!(
        names(json!({"Filter": "CustomAttribute1 -ne 'ProjectKermit'", "SortBy": "Name"})),
        ["bob", "room"]
    );
    assert_eq!(names(json!({"RecipientTypeDetails": ["RoomMailbox", "SharedMailbox"]})), ["room"]);
    assert_eq!(names(json!({"Anr": "bo"})), ["bob"]);
    let unknown = json!({"Filter": "Colour -eq 'red'"});
    site.run("contoso", "Get-Mailbox", unknown)
        .is_refused(400, "ParsingNonFilterablePropertyException");
}

#[test]
fn an_identity_of_two_objects_is_ambiguous() {
    let site = Site::new();
    site.mailbox("contoso", "ann", "");
    site.mailbox("contoso", "bob", "");
    site.done("contoso", "Set-Mailbox", json!({"Identity": "bob", "Name": "ann"}));

    site.run("contoso", "Get-Mailbox", json!({"Identity": "ann"}))
        .is_refused(400, "ManagementObjectAmbiguousException");
}

#[test]
fn a_litigation_hold_that_ends_leaves_a_delay_hold() {
    let site = Site::new();
    site.mailbox("contoso", "ann", "SPE_E5");
    site.done("contoso", "Set-Mailbox", json!({"Identity": "ann", "LitigationHoldEnabled": true}));
    assert_eq!(
        site.get("contoso", "Get-Mailbox", "ann")["RecoverableItemsQuota"],
        "100 GB (107,374,182,400 bytes)"
    );

    site.done("contoso", "Set-Mailbox", json!({"Identity": "ann", "LitigationHoldEnabled": false}));

    let ann = site.get("contoso", "Get-Mailbox", "ann");
    assert_eq!(
        (&ann["LitigationHoldEnabled"], &ann["DelayHoldApplied"]),
        (&json!(false), &json!(true))
    );
    site.done("contoso", "Set-Mailbox", json!({"Identity": "ann", "RemoveDelayHoldApplied": true}));
    assert_eq!(site.get("contoso", "Get-Mailbox", "ann")["DelayHoldApplied"], false);
}

#[test]
fn a_group_takes_each_member_once() {
    let site = Site::new();
    site.mailbox("contoso", "ann", "");
    let group = site
        .done("contoso", "New-DistributionGroup", json!({"Name": "scope", "Type": "security"}))
        .value
        .remove(0);
    assert_eq!(group["RecipientTypeDetails"], "MailUniversalSecurityGroup");
    assert_eq!(group["PrimarySmtpAddress"], "scope@contoso.com");
    let member = json!({"Identity": "scope", "Member": "ann@contoso.com"});

    site.done("contoso", "Add-DistributionGroupMember", member.clone());
    let again = site.run("contoso", "Add-DistributionGroupMember", member.clone());
    again.is_refused(400, "MemberAlreadyExistsException");
    assert_eq!(site.get("contoso", "Get-DistributionGroupMember", "scope")["Name"], "ann");

    site.done("contoso", "Remove-DistributionGroupMember", member.clone());
    site.run("contoso", "Remove-DistributionGroupMember", member)
        .is_refused(400, "MemberNotFoundException");
}

#[test]
fn permissions_are_given_shown_and_taken() {
    let site = Site::new();
    site.mailbox("contoso", "ann", "");
    site.mailbox("contoso", "bob", "");
    let full = json!({"Identity": "ann", "User": "bob", "AccessRights": ["fullaccess"]});
    let send = json!({"Identity": "ann", "Trustee": "bob", "AccessRights": "SendAs"});

    site.done("contoso", "Add-MailboxPermission", full.clone());
    site.done("contoso", "Add-RecipientPermission", send.clone());

    let seen = site.done("contoso", "Get-MailboxPermission", json!({"Identity": "ann"}));
    assert_eq!(seen.value[0]["User"], "NT AUTHORITY\\SELF");
    assert_eq!(
        (&seen.value[1]["User"], &seen.value[1]["AccessRights"]),
        (&json!("bob@contoso.com"), &json!(["FullAccess"]))
    );
    let seen = site.done("contoso", "Get-RecipientPermission", json!({"Identity": "ann", "Trustee": "bob"}));
    assert_eq!(seen.value[0]["Trustee"], "bob@contoso.com");

    site.done("contoso", "Remove-MailboxPermission", full.clone());
    site.done("contoso", "Remove-RecipientPermission", send);
    assert_eq!(site.done("contoso", "Remove-MailboxPermission", full).warnings.len(), 1);
    let none = json!({"Identity": "ann", "User": "bob"});
    site.run("contoso", "Get-MailboxPermission", none)
        .is_refused(404, "ManagementObjectNotFoundException");
}

#[test]
fn delegates_are_kept_by_guid_and_shown_by_name() {
    let site = Site::new();
    site.mailbox("contoso", "ann", "");
    site.mailbox("contoso", "bob", "");

    site.done(
        "contoso",
        "Set-Mailbox",
        json!({"Identity": "ann", "GrantSendOnBehalfTo": ["bob@contoso.com"]}),
    );
    site.done("contoso", "Set-Mailbox", json!({"Identity": "bob", "Name": "robert"}));

    assert_eq!(site.get("contoso", "Get-Mailbox", "ann")["GrantSendOnBehalfTo"], json!(["robert"]));
    let twice = json!({"Identity": "ann", "GrantSendOnBehalfTo": ["bob@contoso.com", "robert"]});
    site.run("contoso", "Set-Mailbox", twice).is_refused(400, "RecipientTaskException");
}

#[test]
fn statistics_show_what_the_mailbox_holds() {
    let site = Site::new();
    let ann = site.mailbox("contoso", "ann", "");
    site.write(|tx| {
        let mut ann = ann.clone();
        ann.set("_Size", 3_451_013_234_u64);
        ann.set("_Items", 18_234);
        recipient::store(tx, &ann).unwrap();
    });

    let seen = site.get("contoso", "Get-MailboxStatistics", "ann");

    assert_eq!(seen["TotalItemSize"], "3.214 GB (3,451,013,234 bytes)");
    assert_eq!(seen["ItemCount"], 18_234);
    let archive = json!({"Identity": "ann", "Archive": true});
    site.run("contoso", "Get-MailboxStatistics", archive)
        .is_refused(400, "RecipientTaskException");
}
