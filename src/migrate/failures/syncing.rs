//! Initial and incremental synchronization: F-70 to F-89.

use crate::migrate::failures::Failure;
use crate::migrate::failures::Side;
use crate::migrate::failures::Then;

pub(super) const FAILURES: &[Failure] = &[
    Failure::new("F-70", Side::Source, "the service moved the mailbox meanwhile")
        .types(&["MailboxIsNotInExpectedDBException"])
        .because("maintenance brought the source mailbox to another database")
        .mend("remove the migration user", Then::NewBatch),
    Failure::new("F-71", Side::Source, "an auxiliary archive was made during the move")
        .types(&["SourceAuxArchiveIsProvisionedDuringCrossTenantMovePermanentException"])
        .because("the source archive grew over a limit while it was copied")
        .mend("remove the migration user", Then::NewBatch),
    Failure::new("F-72", Side::Source, "the mailbox is over its quota")
        .says(&["over quota", "exceeds the quota", "exceeded its quota"])
        .because("a mailbox near or over its quota fails before or during the copy")
        .mend("shrink the mailbox, or enable an (auto-expanding) archive", Then::NewBatch),
    Failure::new("F-73", Side::Either, "too many passing errors")
        .types(&["TooManyTransientFailureRetriesPermanentException"])
        .says(&["The job encountered too many transient failures (<count>) and is quitting. The most common failure is <type> with the hit count <count>."])
        .because("an error that should pass came back too often; the text names its type")
        .mend("look at the inner type", Then::Resume),
    Failure::new("F-74", Side::Source, "folder views or properties are damaged")
        .types(&["StoragePermanentException"])
        .because("damaged views or promoted properties cannot be copied")
        .mend("set `MoveOptions` to `SkipFolderPromotedProperties,SkipFolderViews,SkipFolderRestrictions` on the move request", Then::Resume),
    Failure::new("F-75", Side::Either, "a domain controller is in maintenance")
        .types(&["ServerInMMException"])
        .says(&["The domain controller '<server>' is not available for use at the moment. Please try again."])
        .because("the service maintains one of its servers")
        .mend("try again later", Then::Resume),
    Failure::new("F-76", Side::Source, "items are larger than the target takes")
        .types(&["TooManyLargeItemsPermanentException"])
        .says(&["This mailbox exceeded the maximum number of large items that were specified for this request.", "MapiExceptionMaxSubmissionExceeded"])
        .because("items over 150 MB cannot be moved")
        .mend("remove items over 150 MB in the source", Then::Resume),
    Failure::new("F-77", Side::Source, "too many bad items or permissions of unknown principals")
        .types(&["TooManyBadItemsPermanentException", "TooManyMissingItemsPermanentException"])
        .says(&["Failed to find a principal from the source forest or target forest"])
        .because("items are damaged, or permissions name people who are not in the target")
        .mend("clean up the permissions in the source, or approve the skipped items", Then::Resume),
    Failure::new("F-78", Side::Either, "an export timed out")
        .types(&["DataExportTransientException", "MapiFxProxyTransientException"])
        .says(&["The data export was cancelled due to a timeout."])
        .because("the service was slow")
        .mend("the service tries again by itself", Then::Nothing),
    Failure::new("F-79", Side::Either, "the transport session was lost")
        .types(&["CommunicationErrorTransientException"])
        .says(&[
            "The remote endpoint no longer recognizes this sequence. This is most likely due to an abort on the remote endpoint.",
            "Transient error CommunicationErrorTransientException has occurred. The system will retry",
        ])
        .because("the connection between the tenants broke")
        .mend("the service tries again by itself", Then::Nothing),
    Failure::new("F-80", Side::Either, "the replication proxy is full")
        .types(&["MRSProxyConnectionLimitReachedTransientException"])
        .says(&["The Mailbox Replication Proxy Service can't process this request because it has reached the maximum number of active MRS connections allowed. Current connections: <count>, Connections limit: <limit>."])
        .because("too many moves run at the same time")
        .mend("the service tries again by itself; lower `MaxConcurrentMigrations` if it stays", Then::Nothing),
    Failure::new("F-81", Side::Either, "the state of the copy was lost")
        .types(&["RestartMoveCorruptSyncStateTransientException"])
        .because("the saved state was damaged")
        .mend("the service starts the copy again by itself", Then::Nothing),
    Failure::new("F-82", Side::Source, "the source mailbox cannot be locked")
        .says(&["Couldn't switch the mailbox into Sync Source mode"])
        .because("something else holds the source mailbox")
        .mend("try again; open a support case if it stays", Then::Resume),
    Failure::new("F-83", Side::Source, "a folder query is too complex")
        .types(&["MapiExceptionTooComplex"])
        .says(&["Unable to query table rows"])
        .because("a folder of the source holds more than the service can list")
        .mend("open a support case", Then::Fix),
    Failure::new("F-84", Side::Source, "a folder's permissions are damaged")
        .says(&["Cannot set folder security descriptor with non-canonical ACL."])
        .because("the order of entries in the folder's permissions is not allowed")
        .mend("repair the folder's permissions in the source", Then::Resume),
    Failure::new("F-85", Side::Source, "a folder holds too many messages")
        .types(&["MapiExceptionMessagePerFolderCountQuotaExceeded"])
        .says(&["Cannot save changes made to an item to store."])
        .because("a folder exceeds the number of messages the target takes")
        .mend("split the folder in the source", Then::Resume),
    Failure::new("F-86", Side::Either, "the move waits for server health")
        .says(&[
            "Relinquishing job because of large delays due to unfavorable server health or budget limitations with a request throttling state '<state>'.",
            "Request is no longer stalled and will continue.",
            "StalledDueTo",
        ])
        .because("the service slows down moves for the sake of its users; that is no error")
        .mend("wait; look into it after eight hours without progress", Then::Nothing),
    Failure::new("F-87", Side::Target, "the endpoint's credential can no longer be used")
        .because(
            "the endpoint's credential could no longer be used at the daily synchronization or at completion: a client secret that ended, or a \
             certificate that Exchange can no longer read in its key vault",
        )
        .mend("set a new client secret on the endpoint (`setup-target --new-secret`)", Then::Resume),
    Failure::new("F-88", Side::Source, "the source changed after the first synchronization")
        .because("a hold, a new archive, another move or the removal from the scope group came after the user was synced")
        .mend("mend it as the error's own type says", Then::Resume),
    Failure::new("F-89", Side::Target, "the batch was stopped for want of activity")
        .because("a synced batch is stopped after 60 days without an administrator's action; stopped and failed ones are removed after 90")
        .mend("start the batch again and complete it in time", Then::Resume),
];
