//! Finalization and afterwards: F-90 to F-102.

use crate::migrate::failures::Failure;
use crate::migrate::failures::Side;
use crate::migrate::failures::Then;

pub(super) const FAILURES: &[Failure] = &[
    Failure::new("F-90", Side::Target, "skipped data needs approval")
        .says(&["The data consistency score (Investigate) for this request is too low"])
        .because("some items could not be moved and the loss is small but noticeable")
        .mend("review the skipped items and approve them (`Set-MigrationUser -ApproveSkippedItems`), then complete again", Then::Resume),
    Failure::new("F-91", Side::Target, "too much data was skipped")
        .says(&["The data consistency score (Poor) for this request is too low"])
        .because("the loss is major; approval does not help")
        .mend("open a support case", Then::Fix),
    Failure::new("F-92", Side::Target, "no address in the target delivery domain at completion")
        .types(&["TargetDeliveryDomainMismatchPermanentException", "MigrationMRSPermanentException"])
        .says(&["The target mailbox doesn't have an SMTP proxy matching '<domain>'."])
        .because("the source MailUser must forward to an address in the target delivery domain, and there is none")
        .mend("add an SMTP address in that domain to the MailUser", Then::Resume),
    Failure::new("F-93", Side::Target, "an address in a foreign domain stops the conversion")
        .types(&["NotAcceptedDomainException"])
        .because("the MailUser cannot become a mailbox while it carries an address in a domain the target does not own")
        .mend("remove the address", Then::Resume),
    Failure::new("F-94", Side::Source, "the source mailbox could not be turned into a MailUser")
        .says(&["Failed to convert the source mailbox '<name>' to mail-enabled user after the move"])
        .because("the directory of the source refused the conversion")
        .mend("check the source object and open a support case", Then::Fix),
    Failure::new("F-95", Side::Target, "the unlock of the target mailbox is not replicated yet")
        .says(&["Target mailbox unlock operation was not replicated. If a lossy failover occurs after the target mailbox was unlocked, the target mailbox could remain inaccessible."])
        .because("the service had not yet copied the last change to its other servers")
        .mend("wait up to an hour", Then::Nothing),
    Failure::new("F-96", Side::Target, "the target database lags behind")
        .says(&["Cannot enter finalization because Data Guarantee is lagging behind by more than <time>."])
        .because("the copies of the target database are not up to date")
        .mend("put the user in a new batch; open a support case if it stays", Then::NewBatch),
    Failure::new("F-97", Side::Target, "the second completion within eight hours is not acted upon")
        .because("the service ignores `Complete-MigrationBatch` for eight hours after the first signal, by design")
        .mend("look for skipped items that wait for approval, and wait", Then::Nothing),
    Failure::new("F-98", Side::Either, "the migration licence is gone at completion")
        .types(&["CrossTenantMigrationWithoutLicensePermanentException"])
        .because("the licence is looked at again at the end, and is on neither side")
        .mend("assign the Cross-tenant User Data Migration licence to the source or the target user", Then::Resume),
    Failure::new("F-99", Side::Target, "replies to old mail bounce")
        .says(&["550 5.1.11 RESOLVER.ADR.ExRecipNotFound", "RESOLVER.ADR.ExRecipNotFound"])
        .because("the legacy names of the source mailbox are not X500 addresses of the target mailbox (report 5.1.1)")
        .mend("add the source's LegacyExchangeDN and X500 addresses to the target mailbox", Then::Fix),
    Failure::new("F-100", Side::Either, "a MailUser that belongs to a user cannot be deleted by itself")
        .says(&["This mail enabled user cannot be permanently deleted since there is a user associated with this mail enabled user in Azure Active Directory."])
        .because("the Entra user still exists")
        .mend("delete the Entra user; the MailUser goes with it", Then::Fix),
    Failure::new("F-101", Side::Either, "a MailUser on hold cannot be deleted")
        .says(&["Unable to permanently delete mail enabled user. The mail enabled user has litigation hold or In-Place hold applied on it. Please remove the hold before trying to delete"])
        .because("the former mailbox still holds recoverable items under a hold")
        .mend("release the hold first", Then::Fix),
    Failure::new("F-102", Side::Source, "the forwarding MailUser disappeared")
        .because("the Exchange licence was taken from the converted source user, and the MailUser went with it")
        .mend("keep the licence until mail to the old address need not be forwarded, or make a mail contact", Then::Fix),
];
