//! Submission, the availability test and the validation of a user: F-34 to F-69.

use crate::migrate::failures::Failure;
use crate::migrate::failures::Side;
use crate::migrate::failures::Then;

pub(super) const FAILURES: &[Failure] = &[
    Failure::new("F-34", Side::Target, "the batch file has a column the service does not know")
        .says(&["unknown column", "column <name> in the CSV file isn't valid", "column <name> is not recognized"])
        .because("only `EmailAddress` and a few options may be columns of a batch")
        .mend("take the column out, or submit with `AllowUnknownColumnsInCsv`; `migrate` sends `EmailAddress` only", Then::Retry),
    Failure::new("F-35", Side::Target, "the batch has no target delivery domain")
        .says(&["TargetDeliveryDomain parameter is required", "You must specify the TargetDeliveryDomain parameter"])
        .because("remote moves need the domain that mail is forwarded to after the move")
        .mend("give `--target-delivery-domain`, as a rule the target's onmicrosoft.com domain", Then::Retry),
    Failure::new("F-36", Side::Target, "the admin centre does not list the delivery domain")
        .says(&["Target delivery domain not found"])
        .because("the Exchange admin centre offers fewer domains than the service takes")
        .mend("submit the batch with `migrate`", Then::Retry),
    Failure::new("F-37", Side::Target, "the user is in another batch")
        .types(&["UserDuplicateInOtherBatchException"])
        .because("a migration user of an earlier batch, finished or not, still exists")
        .mend("remove that migration user (`Get-MigrationUser <user> -IncludeAssociatedUsers | Remove-MigrationUser`)", Then::NewBatch),
    Failure::new("F-38", Side::Target, "the batch file holds source addresses")
        .because("the column `EmailAddress` must hold the addresses of the MailUsers in the target tenant")
        .mend("use the result file of `import-attributes`", Then::NewBatch),
    Failure::new("F-39", Side::Target, "more than 2000 users in a batch")
        .because("larger batches work but are hard to follow; Microsoft advises against them")
        .mend("split the list", Then::Nothing),
    Failure::new("F-40", Side::Target, "the test mailbox is not in the target tenant")
        .types(&["ManagementObjectNotFoundException"])
        .says(&["The operation couldn't be performed because object '<address>' couldn't be found on '<server>'."])
        .because("the address of the source mailbox was given, or the MailUser does not exist")
        .mend("give the primary SMTP address of the MailUser in the target tenant", Then::Retry),
    Failure::new("F-41", Side::Source, "the source tenant refuses")
        .types(&["MigrationServerConnectionFailedException", "MRSRemotePermanentException"])
        .says(&[
            "The connection to the server '<server>' could not be completed.",
            "source tenant does not authorize the mailbox for migration",
            "source tenant does not authorise the mailbox for migration",
        ])
        .because("the source's organization relationship is not `RemoteOutbound`, names another application, or publishes no group with this mailbox")
        .mend("have the source administrator run `setup-source` again and check the scope group", Then::Retry),
    Failure::new("F-42", Side::Either, "another organization relationship with the partner gets in the way")
        .says(&["does not have mailbox move enabled", "relationship <name> have mailbox move enabled"])
        .because("a second relationship, keyed by the partner's domain (free/busy or multi-tenant organization), is picked and allows no moves")
        .mend("enable mailbox moves on the other relationship too, or disable it", Then::Retry),
    Failure::new("F-43", Side::Target, "the remote server cannot be reached")
        .types(&["MigrationTransientException"])
        .says(&["We weren't able to connect to the remote server. Please verify that the migration endpoint settings are correct and your certificate is valid, and then try again."])
        .because("`RemoteServer` of the endpoint is wrong or not reachable")
        .mend("set `RemoteServer` to the Exchange Online host of the cloud, `outlook.office.com` worldwide", Then::Retry),
    Failure::new("F-45", Side::Target, "the target tenant allows no inbound moves from the partner")
        .types(&["MigrationPermanentException"])
        .says(&["Your organization does not authorize 'pull' or Inbound moves from the remote organization. Contact your administrator to confirm organization relationships are configured correctly."])
        .because("the target's organization relationship is missing, disabled, not `Inbound`, or lacks the source tenant id")
        .mend("run `setup-target` again", Then::Resume),
    Failure::new("F-46", Side::Source, "the source tenant allows no outbound moves for this application")
        .because("the source's organization relationship is missing, disabled, not `RemoteOutbound`, or names another application")
        .mend("have the source administrator run `setup-source` again", Then::Resume),
    Failure::new("F-50", Side::Target, "no recipient in the target tenant")
        .types(&["MigrationRecipientNotFoundException"])
        .says(&["A recipient wasn't found for \"<user>\" on the target. Create a recipient of the appropriate type for this migration on the target and try again."])
        .because("the address is not that of a MailUser in the target tenant; often it is the source address")
        .mend("create the MailUser with `import-attributes`, and list target addresses", Then::Resume),
    Failure::new("F-51", Side::Source, "the mailbox is not published for migration")
        .types(&["MailboxNotInCrossTenantMigrationScopeException"])
        .says(&["SOURCE mailbox is NOT within the MailboxMovePublishedScopes. The migration will fail if you don't correct this"])
        .because("the mailbox is in no group of the source relationship's `MailboxMovePublishedScopes`")
        .mend("have the source administrator add the mailbox to the scope group", Then::Resume),
    Failure::new("F-52", Side::Target, "the MailUser has no ExchangeGuid")
        .types(&["MissingExchangeGuidException"])
        .because("the source mailbox's ExchangeGuid was not stamped on the MailUser")
        .mend("stamp it: run `import-attributes` again", Then::Resume),
    Failure::new("F-53", Side::Target, "the ExchangeGuid is not that of the source mailbox")
        .types(&["MigrationPermanentException"])
        .says(&["Cannot find a recipient that has mailbox GUID '<guid>'."])
        .because("no mailbox of the source tenant has the GUID stamped on the MailUser")
        .mend("if it is the right person, set the source mailbox's ExchangeGuid (`Set-MailUser -ExchangeGuid`); else remove the MailUser and run `import-attributes`", Then::Resume),
    Failure::new("F-54", Side::Target, "the target user has a mailbox already")
        .types(&["MigrationPermanentException"])
        .says(&["Target user '<user>' already has a primary mailbox."])
        .because("the user was given an Exchange licence before the ExchangeGuid was stamped, or is another person's mailbox")
        .mend("take the licence away, clear the previous mailbox (`Set-User -PermanentlyClearPreviousMailboxInfo`, irreversible), and stamp the ExchangeGuid", Then::Resume),
    Failure::new("F-55", Side::Target, "an address is in a domain the target tenant does not own")
        .types(&["NotAcceptedDomainException"])
        .says(&["You can't use the domain because it's not an accepted domain for your organization.", "is not an accepted domain for your organization"])
        .because("the MailUser carries an SMTP address, often a source one, whose domain is not an accepted domain of the target")
        .mend("remove the address (`import-attributes` sets the right list) or verify the domain in the target", Then::Resume),
    Failure::new("F-56", Side::Target, "the MailUser has no address in the target delivery domain")
        .types(&["MigrationPermanentException"])
        .says(&["The target mailbox doesn't have an SMTP proxy matching '<domain>'."])
        .because("the source MailUser must forward to an address in the target delivery domain after the move")
        .mend("add an SMTP address in that domain to the MailUser, or give the batch another delivery domain", Then::Resume),
    Failure::new("F-57", Side::Either, "the migration licence is on neither side")
        .types(&["CrossTenantMigrationWithoutLicensePermanentException"])
        .says(&["No license was found for the source recipient, '<guid>', or the target recipient, '<guid>'. A Cross-tenant User Data Migration license is required to move a mailbox between tenants."])
        .because("a user mailbox needs the Cross-tenant User Data Migration licence on the source or the target user")
        .mend("assign the licence to the source or the target user", Then::Resume),
    Failure::new("F-58", Side::Either, "the move waits for the migration licence")
        .says(&["needs approval", "NeedsApproval"])
        .because("the licence was not found yet; the move report warns of the unlicensed target user")
        .mend("assign the Cross-tenant User Data Migration licence to the source or the target user", Then::Resume),
    Failure::new("F-59", Side::Source, "the source mailbox is being moved already")
        .types(&["SourceMailboxAlreadyBeingMovedPermanentException"])
        .because("another move of the mailbox exists in the source, perhaps one of Microsoft's own")
        .mend("remove the other move or wait for it, then remove the migration user", Then::NewBatch),
    Failure::new("F-59b", Side::Target, "a stale move request is left in the target")
        .types(&["UserAlreadyBeingMigratedException"])
        .says(&[
            "The user '<name>' already has a pending request. Please remove the existing request and resume the current batch or start a new batch for this user.",
            "Mailbox '<name>' is already being moved to '<database>'.",
        ])
        .because("a finished or failed move request of the user was not removed")
        .mend("remove the old move request or migration user", Then::Resume),
    Failure::new("F-59c", Side::Source, "a stale move request is left at the remote side")
        .types(&["MigrationPermanentException"])
        .says(&["The onboarding move could not be created because user '<name>' is already being moved."])
        .because("the mailbox carries the marks of an earlier move")
        .mend("remove the old move request in the source tenant", Then::Resume),
    Failure::new("F-60", Side::Target, "several objects answer to the name")
        .types(&["ManagementObjectAmbiguousException"])
        .says(&["The operation couldn't be performed because '<name>' matches multiple entries."])
        .because("a soft-deleted twin, or another object, has the same name or address")
        .mend("remove the soft-deleted twin for good, or address the object by its GUID", Then::Retry),
    Failure::new("F-61", Side::Source, "an auxiliary archive is not known in the target")
        .types(&["AuxArchiveNotFoundInTargetRecipientException"])
        .because("the mailbox has auxiliary archives but was not in the scope group when the batch started")
        .mend("add the mailbox to the scope group and remove the migration user", Then::NewBatch),
    Failure::new("F-62", Side::Source, "the source user has a disabled archive")
        .types(&["UserAlreadyHasDemotedArchiveException"])
        .because("an archive was disabled earlier and is still kept")
        .mend("remove it (`Set-Mailbox -RemoveDisabledArchive`, irreversible), or enable it again and stamp its ArchiveGuid on the MailUser", Then::Resume),
    Failure::new("F-63", Side::Source, "the source mailbox is on hold")
        .says(&[
            "SOURCE mailbox is under Litigation Hold and this is not a supported scenario",
            "mailbox is under Litigation Hold",
            "source mailbox is on hold",
            "a Delay Hold Applied",
            "a Delay Release Hold",
            "has labeled items with a Retention Label",
            "under an In-PlaceHold Hold",
            "a legacy In-PlaceHold",
            "an Organizational Hold",
        ])
        .because("a mailbox under any hold cannot leave its tenant")
        .mend("have the source administrator release the hold and then the delay holds (`Set-Mailbox -RemoveDelayHoldApplied`, `-RemoveDelayReleaseHoldApplied`)", Then::Resume),
    Failure::new("F-64", Side::Either, "recoverable items exceed the target's quota")
        .says(&["Dumpster size on SOURCE mailbox is bigger than TARGET MailUser RecoverableItemsQuota. This might cause the migration to fail"])
        .because("the source's recoverable items are larger than the MailUser's quota for them, 30 GB as a rule")
        .mend("purge recoverable items in the source or raise the quota in the target", Then::Resume),
    Failure::new("F-65", Side::Source, "more than 12 auxiliary archives")
        .says(&["The SOURCE mailbox has more than 12 auxArchive present and we can't migrate that much."])
        .because("a move takes at most 12 auxiliary archives")
        .mend("reduce the archive in the source", Then::NewBatch),
    Failure::new("F-66", Side::Source, "the archive holds items in SubstrateHolds")
        .says(&["SOURCE Archive mailbox has items within the SubstrateHolds folder and this will cause the migration to fail."])
        .because("the hidden folder SubstrateHolds of the archive is not empty")
        .mend("delete its items with MFCMAPI in the source", Then::Resume),
    Failure::new("F-67", Side::Target, "primary mailbox and archive are asked for separately")
        .types(&["MigrationPermanentException", "ParameterValueRequiredPermanentException"])
        .says(&["You must specify the PrimaryOnly parameter", "You must specify the ArchiveDomain parameter"])
        .because("primary mailbox and archive do not fit together on the two sides")
        .mend("stamp ExchangeGuid and ArchiveGuid so that both move", Then::NewBatch),
    Failure::new("F-68", Side::Target, "the source's legacy name is not an X500 address of the MailUser")
        .says(&["LegacyExchangeDN not found as an X500 ProxyAddress on Target Object. LegacyExchangeDN expected on target object: <dn>"])
        .because("replies to old mail go to the legacy name and would bounce")
        .mend("add `X500:` and the source's LegacyExchangeDN to the MailUser: run `import-attributes` again", Then::Resume),
    Failure::new("F-69", Side::Target, "GUIDs or addresses do not fit the source mailbox")
        .says(&[
            "ExchangeGuid mismatch. Expected value: <expected> ,Current value: <found>",
            "ArchiveGuid mismatch. Expected Value: <expected> , Current value: <found>",
            "ExchangeGuid / ArchiveGuid does not match the source",
            "The TARGET MailUser <name> has an archive present while source doesn't",
            "The Primary SMTP address <address> of the MailUser does not belong to an accepted domain on the target tenant",
            "<address> is not part of your organization",
            "TargetMailUser ExternalEmailAddress value <address> is not present on the EmailAddresses of the SourceMailbox",
            "Neither SOURCE mailbox or TARGET MailUser have a valid T2T migration license.",
            "<id> wasn't found on TARGET tenant",
            "<id> wasn't found on SOURCE tenant",
        ])
        .because("the MailUser was stamped from another mailbox, or the source changed since")
        .mend("export again and run `import-attributes`, which sets what differs", Then::Resume),
];
