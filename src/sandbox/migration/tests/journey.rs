//! The way to `Completed`, and everything an administrator may do on it.

use jiff::SignedDuration;
use serde_json::json;

use super::lab::APP;
use super::lab::DELIVERY;
use super::lab::Lab;
use super::lab::SECRET;
use super::lab::lab;
use crate::sandbox::exchange::recipient;

#[test]
fn laras_mailbox_moves_and_both_sides_are_converted() {
    lab(|lab| {
        let lara = lab.prepare("LaraN");
        let submitted = lab.submit("wave-01", &[&lara], json!({"AutoComplete": true}));
        assert_eq!(submitted["Status"], "Syncing");
        assert_eq!(submitted["TotalCount"], 1);

        lab.hours(1);
        assert_eq!(lab.status(&lara), "Syncing");
        let percent = lab.user(&lara)["PercentageComplete"].as_u64().unwrap();
        assert!((1..95).contains(&percent), "{percent}");
        lab.hours(4);

        let batch = lab.batch("wave-01");
        assert_eq!(batch["Status"], "Completed");
        assert_eq!(batch["FinalizedCount"], 1);
        let user = lab.user(&lara);
        assert_eq!((&user["Status"], &user["PercentageComplete"]), (&json!("Completed"), &json!(100)));
        assert_eq!(user["SyncedItemCount"], 18_236);
        let target = lab.one("northwind", &lara);
        assert_eq!(target.text("RecipientTypeDetails"), "UserMailbox");
        assert_eq!(target.text("ExchangeGuid"), "1ec059c7-8396-4d0b-af4e-d6bd4c12a8d8");
        assert_eq!(target.text("ExternalEmailAddress"), "");
        assert_eq!(target.text("MailboxMoveStatus"), "Completed");
        assert_eq!(target.body["_Size"], 3_451_013_234_u64);
        let source = lab.one("contoso", "LaraN");
        assert_eq!(source.text("RecipientTypeDetails"), "MailUser");
        assert_eq!(source.text("ExternalEmailAddress"), format!("SMTP:LaraN@{DELIVERY}"));
        assert!(source.list("EmailAddresses").contains(&"SMTP:Lara.Newton@contoso.com".to_owned()));
        assert!(
            source
                .list("EmailAddresses")
                .contains(&format!("X500:{}", target.text("LegacyExchangeDN")))
        );
    });
}

#[test]
fn without_a_completion_time_a_batch_stays_synced_and_copies_what_is_new_each_day() {
    lab(|lab| {
        let lara = lab.prepare("LaraN");
        lab.submit("wave-01", &[&lara], json!({}));
        lab.hours(5);
        assert_eq!(lab.batch("wave-01")["Status"], "Synced");
        let first = lab.user(&lara)["LastSuccessfulSyncTime"].clone();
        lab.hours(24);
        let second = lab.user(&lara)["LastSuccessfulSyncTime"].clone();
        assert_ne!(first, second);

        lab.run("Complete-MigrationBatch", json!({"Identity": "wave-01"}))
            .expect("accepted");
        assert_eq!(lab.batch("wave-01")["Status"], "Completing");
        lab.hours(1);
        assert_eq!(lab.batch("wave-01")["Status"], "Completed");
    });
}

#[test]
fn a_batch_cannot_be_completed_while_it_copies() {
    lab(|lab| {
        let lara = lab.prepare("LaraN");
        lab.submit("wave-01", &[lara], json!({}));
        let refusal = lab
            .run("Complete-MigrationBatch", json!({"Identity": "wave-01"}))
            .expect_err("too early");
        assert!(refusal.exception.ends_with(".MigrationBatchCannotBeCompletedTransientException"));
    });
}

#[test]
fn complete_after_holds_to_the_minute_and_a_users_own_time_wins() {
    lab(|lab| {
        let (lara, holly) = (lab.prepare("LaraN"), lab.prepare("HollyH"));
        lab.edit("contoso", "HollyH", "LitigationHoldEnabled", false);
        lab.submit("wave-01", &[&lara, &holly], json!({"CompleteAfter": "2026-01-07T18:00:00"}));
        lab.run(
            "Set-MigrationUser",
            json!({"Identity": holly, "CompleteAfter": "2026-01-06T18:00:00"}),
        )
        .unwrap();
        lab.hours(35);
        assert_eq!((lab.status(&lara).as_str(), lab.status(&holly).as_str()), ("Synced", "Completed"));
        lab.hours(22);
        assert_eq!(lab.status(&lara), "Synced");
        lab.hours(3);
        assert_eq!(lab.status(&lara), "Completed");
        assert!(lab.user(&lara)["CompleteAfter"].is_null());
        assert_eq!(lab.batch("wave-01")["CompleteAfterUTC"], "2026-01-07T18:00:00.0000000Z");
    });
}

#[test]
fn start_after_lets_a_batch_wait() {
    lab(|lab| {
        let lara = lab.prepare("LaraN");
        lab.submit("wave-01", &[&lara], json!({"StartAfter": "2026-01-06T08:00:00"}));
        lab.hours(23);
        assert_eq!(lab.batch("wave-01")["Status"], "Waiting");
        lab.hours(6);
        assert_eq!(lab.status(&lara), "Synced");
    });
}

#[test]
fn one_long_advance_is_the_same_as_many_short_ones() {
    let outcome = |step: SignedDuration, steps: usize| {
        let mut seen = (json!(null), json!(null));
        lab(|lab| {
            let addresses = ["LaraN", "HollyH", "NadiaN", "OttoO", "FionaF"].map(|alias| match alias {
                "FionaF" => "Fiona.Forbes@northwind.com".to_owned(),
                alias => lab.prepare(alias),
            });
            lab.submit("wave-01", &addresses, json!({"CompleteAfter": "2026-01-06T20:00:00"}));
            for _ in 0..steps {
                lab.advance(step);
            }
            let mut batch = lab.batch("wave-01");
            batch.remove("BatchGuid");
            let users = lab.run("Get-MigrationUser", json!({"BatchId": "wave-01"})).unwrap().value;
            let users = users.into_iter().map(|mut user| {
                user.retain(|name, _| !["Guid", "RequestGuid", "MailboxLegacyDN", "ErrorSummary"].contains(&name.as_str()));
                user
            });
            seen = (json!(batch), json!(users.collect::<Vec<_>>()));
        });
        seen
    };

    let jump = outcome(SignedDuration::from_hours(48), 1);
    assert_eq!(jump, outcome(SignedDuration::from_hours(1), 48));
    assert_eq!(jump, outcome(SignedDuration::from_mins(10), 288));
}

#[test]
fn a_stopped_batch_copies_nothing_until_it_is_started_again() {
    lab(|lab| {
        let lara = lab.prepare("LaraN");
        lab.submit("wave-01", &[&lara], json!({}));
        lab.hours(1);
        lab.run("Stop-MigrationBatch", json!({"Identity": "wave-01"})).unwrap();
        assert_eq!(lab.batch("wave-01")["Status"], "Stopping");
        lab.hours(30);
        assert_eq!(
            (lab.batch("wave-01")["Status"].as_str(), lab.status(&lara).as_str()),
            (Some("Stopped"), "Stopped")
        );

        lab.run("Start-MigrationBatch", json!({"Identity": "wave-01"})).unwrap();
        assert_eq!(lab.batch("wave-01")["Status"], "Starting");
        lab.hours(5);
        assert_eq!(lab.batch("wave-01")["Status"], "Synced");
    });
}

#[test]
fn a_removed_batch_leaves_neither_users_nor_requests() {
    lab(|lab| {
        let lara = lab.prepare("LaraN");
        lab.submit("wave-01", &[&lara], json!({}));
        lab.hours(5);
        lab.run("Remove-MigrationBatch", json!({"Identity": "wave-01"}))
            .expect_err("it must be stopped first");
        lab.run("Stop-MigrationBatch", json!({"Identity": "wave-01"})).unwrap();
        lab.hours(1);
        assert_eq!(lab.run("Get-MoveRequest", json!({})).unwrap().value.len(), 1);
        lab.run("Remove-MigrationBatch", json!({"Identity": "wave-01"})).unwrap();
        lab.hours(1);
        assert!(lab.run("Get-MigrationBatch", json!({})).unwrap().value.is_empty());
        assert!(lab.run("Get-MigrationUser", json!({})).unwrap().value.is_empty());
        assert!(lab.run("Get-MoveRequest", json!({})).unwrap().value.is_empty());
        assert_eq!(lab.one("northwind", &lara).text("MailboxMoveStatus"), "None");
    });
}

#[test]
fn an_endpoint_with_one_place_copies_one_mailbox_after_the_other() {
    lab(|lab| {
        lab.edit_kind("northwind", "endpoint", "MaxConcurrentMigrations", "1");
        lab.edit("contoso", "HollyH", "LitigationHoldEnabled", false);
        let addresses = [lab.prepare("LaraN"), lab.prepare("HollyH")];
        lab.submit("wave-01", &addresses, json!({}));
        lab.hours(1);
        let states = addresses.clone().map(|address| lab.status(&address));
        assert!(
            states.contains(&"Syncing".to_owned()) && states.contains(&"Queued".to_owned()),
            "{states:?}"
        );
        lab.hours(10);
        assert_eq!(lab.batch("wave-01")["SyncedCount"], 2);
    });
}

#[test]
fn full_access_travels_to_delegates_that_are_in_the_target_too() {
    lab(|lab| {
        let (boss, helper) = (lab.prepare("LaraN"), lab.prepare("PetraP"));
        let trustee = |alias: &str| json!({"_Trustee": lab.one("contoso", alias).text("Guid"), "AccessRights": ["FullAccess"]});
        lab.edit(
            "contoso",
            "LaraN",
            "_MailboxPermissions",
            json!([trustee("PetraP"), trustee("CoraC")]),
        );
        lab.submit("wave-01", &[&boss], json!({"AutoComplete": true}));
        lab.hours(6);
        let carried = lab.one("northwind", &boss).body["_MailboxPermissions"].as_array().cloned().unwrap();
        assert_eq!(carried.len(), 1);
        assert_eq!(carried[0]["_Trustee"], lab.one("northwind", &helper).text("Guid"));
    });
}

#[test]
fn a_moved_mailbox_without_licence_is_lost_after_thirty_days() {
    lab(|lab| {
        let lara = lab.prepare("LaraN");
        lab.submit("wave-01", &[&lara], json!({"AutoComplete": true}));
        lab.hours(29 * 24);
        assert_eq!(lab.one("northwind", &lara).text("RecipientTypeDetails"), "UserMailbox");
        lab.hours(3 * 24);
        let left = recipient::resolve(lab.tx, "northwind", &lara).unwrap();
        assert!(left.is_empty());
    });
}

#[test]
fn a_synced_batch_that_nobody_touches_is_stopped_after_sixty_days() {
    lab(|lab| {
        let lara = lab.prepare("LaraN");
        lab.submit("wave-01", &[lara], json!({}));
        lab.hours(61 * 24);
        assert_eq!(lab.batch("wave-01")["Status"], "Stopped");
    });
}

#[test]
fn the_list_of_a_batch_may_have_a_mark_and_doubles_but_no_unknown_columns() {
    lab(|lab| {
        let lara = lab.prepare("LaraN");
        let csv = |text: String| json!({"Name": "w", "SourceEndpoint": "from-contoso", "TargetDeliveryDomain": DELIVERY, "CSVData": text.into_bytes()});
        let unknown = lab
            .run("New-MigrationBatch", csv(format!("EmailAddress,Remark\n{lara},x\n")))
            .expect_err("a column");
        assert!(unknown.text.contains("'Remark'"), "{}", unknown.text);
        lab.run("New-MigrationBatch", csv("Address\nx\n".into())).expect_err("no column");
        let made = lab
            .run(
                "New-MigrationBatch",
                csv(format!("\u{feff}EmailAddress\r\n\"{lara}\"\r\n{lara}\r\n\r\n")),
            )
            .unwrap();
        assert_eq!(
            (&made.value[0]["Status"], &made.value[0]["TotalCount"]),
            (&json!("Created"), &json!(1))
        );
        assert_eq!(made.value[0]["ValidationWarningCount"], 1);
        lab.run("New-MigrationBatch", csv(format!("EmailAddress\n{lara}\n")))
            .expect_err("the name is taken");
    });
}

#[test]
fn skipped_items_are_graded_and_hold_up_the_completion() {
    lab(|lab| {
        lab.edit("contoso", "LaraN", "_BadItems", 2);
        let addresses = ["LaraN", "BelaB", "PiaP"].map(|alias| lab.prepare(alias));
        lab.submit("wave-01", &addresses, json!({"AutoComplete": true}));
        lab.hours(12);
        let states = addresses.clone().map(|address| lab.status(&address));
        assert_eq!(states, ["Completed", "CompletionFailed", "CompletionFailed"]);
        assert_eq!(lab.batch("wave-01")["Status"], "CompletedWithErrors");
        assert!(
            lab.user(&addresses[1])["Error"]
                .as_str()
                .unwrap()
                .contains("data consistency score (Investigate) for this request is too low")
        );
        let shown = lab
            .run(
                "Get-MigrationUserStatistics",
                json!({"Identity": addresses[1], "IncludeSkippedItems": true}),
            )
            .unwrap();
        assert_eq!(shown.value[0]["SkippedItems"].as_array().unwrap().len(), 12);

        lab.run("Set-MigrationBatch", json!({"Identity": "wave-01", "ApproveSkippedItems": true}))
            .unwrap();
        lab.run("Start-MigrationBatch", json!({"Identity": "wave-01"})).unwrap();
        lab.hours(3);
        let states = addresses.clone().map(|address| lab.status(&address));
        assert_eq!(states, ["Completed", "Completed", "CompletionFailed"]);
    });
}

#[test]
fn a_move_request_follows_its_user() {
    lab(|lab| {
        let lara = lab.prepare("LaraN");
        lab.submit("wave-01", &[&lara], json!({}));
        lab.hours(5);
        let statistics = |lab: &Lab<'_>| {
            lab.run("Get-MoveRequestStatistics", json!({"Identity": lara}))
                .unwrap()
                .value
                .remove(0)
        };
        assert_eq!(statistics(lab)["Status"], "Synced");
        assert_eq!(statistics(lab)["BatchName"], "MigrationService:wave-01");
        assert_eq!(statistics(lab)["TotalMailboxSize"], "3.214 GB (3,451,013,234 bytes)");
        lab.run("Suspend-MoveRequest", json!({"Identity": lara})).unwrap();
        lab.hours(1);
        assert_eq!(statistics(lab)["Status"], "Suspended");
        lab.run("Resume-MoveRequest", json!({"Identity": lara})).unwrap();
        lab.hours(1);
        assert_eq!(statistics(lab)["Status"], "Synced");
    });
}

#[test]
fn the_whole_way_can_be_gone_by_cmdlets_alone() {
    lab(|lab| {
        lab.forget_set_up();
        for tenant in ["northwind", "contoso"] {
            lab.cmdlet(tenant, "Enable-OrganizationCustomization", json!({}));
        }
        lab.hours(2);
        let moves = json!({"Enabled": true, "MailboxMoveEnabled": true});
        let with = |more: serde_json::Value| {
            let mut all = moves.clone();
            all.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
            all
        };
        lab.cmdlet(
            "northwind",
            "New-OrganizationRelationship",
            with(json!({"Name": "in", "DomainNames": ["0c0c0c0c-1111-4111-8111-c0ffee000001"], "MailboxMoveCapability": "Inbound"})),
        );
        lab.cmdlet(
            "contoso",
            "New-OrganizationRelationship",
            with(
                json!({"Name": "out", "DomainNames": ["0d0d0d0d-2222-4222-8222-c0ffee000002"], "MailboxMoveCapability": "RemoteOutbound",
                "OAuthApplicationId": APP, "MailboxMovePublishedScopes": ["kermit-scope@contoso.com"]}),
            ),
        );
        lab.cmdlet(
            "northwind",
            "New-MigrationEndpoint",
            json!({"Name": "from-contoso", "ExchangeRemoteMove": true, "RemoteServer": "outlook.office.com",
                "RemoteTenant": "contoso.onmicrosoft.com", "ApplicationId": APP, "Credentials": {"UserName": APP, "Password": SECRET}}),
        );
        let lara = "Lara.Newton@northwind.com";
        lab.cmdlet(
            "northwind",
            "New-MailUser",
            json!({"Name": "LaraN", "Alias": "LaraN", "DisplayName": "Lara Newton", "MicrosoftOnlineServicesID": lara,
                "PrimarySmtpAddress": lara, "ExternalEmailAddress": "LaraN@contoso.onmicrosoft.com", "Password": "Correct-Horse-7"}),
        );
        let source = lab.cmdlet("contoso", "Get-Mailbox", json!({"Identity": "LaraN"})).remove(0);
        let legacy_name = source["LegacyExchangeDN"].as_str().unwrap();
        lab.cmdlet(
            "northwind",
            "Set-MailUser",
            json!({"Identity": lara, "ExchangeGuid": source["ExchangeGuid"],
                "EmailAddresses": {"Add": [format!("X500:{legacy_name}"), format!("smtp:LaraN@{DELIVERY}")]}}),
        );
        let csv = format!("EmailAddress\n{lara}\n").into_bytes();
        lab.cmdlet(
            "northwind",
            "New-MigrationBatch",
            json!({"Name": "wave-01", "SourceEndpoint": "from-contoso", "TargetDeliveryDomain": DELIVERY, "AutoStart": true,
                "AutoComplete": true, "CSVData": csv}),
        );
        lab.hours(6);

        assert_eq!(lab.status(lara), "Completed", "{}", lab.user(lara)["Error"]);
        let target = lab.cmdlet("northwind", "Get-Mailbox", json!({"Identity": lara})).remove(0);
        assert_eq!(target["RecipientTypeDetails"], "UserMailbox");
        assert_eq!(target["PrimarySmtpAddress"], lara);
        let pointer = lab.cmdlet("contoso", "Get-MailUser", json!({"Identity": "LaraN"})).remove(0);
        assert_eq!(pointer["ExternalEmailAddress"], format!("SMTP:LaraN@{DELIVERY}"));
        assert_eq!(pointer["PrimarySmtpAddress"], "Lara.Newton@contoso.com");
        let statistics = lab
            .cmdlet("northwind", "Get-MailboxStatistics", json!({"Identity": lara}))
            .remove(0);
        assert_eq!(statistics["ItemCount"], 18_236);
    });
}
