//! The catalogue is complete and finds what the service says.

use std::collections::HashSet;

use crate::migrate::failures::Side;
use crate::migrate::failures::Then;
use crate::migrate::failures::all;
use crate::migrate::failures::explain;
use crate::migrate::failures::find;

fn id_of(text: &str) -> &'static str {
    explain(text).map_or("none", |failure| failure.id)
}

#[test]
fn every_number_has_a_cause_and_a_remedy() {
    let ids: HashSet<&str> = all().map(|failure| failure.id).collect();
    let numbers = (1..=17).chain(20..=43).chain([45, 46]).chain(50..=102);

    for number in numbers {
        assert!(ids.contains(format!("F-{number:02}").as_str()), "F-{number:02}");
    }
    assert!(ids.contains("F-59b") && ids.contains("F-59c"));
    assert_eq!(ids.len(), 17 + 24 + 2 + 53 + 2);
    assert_eq!(all().count(), ids.len());
    for failure in all() {
        assert!(!failure.cause.is_empty() && !failure.remedy.is_empty(), "{}", failure.id);
    }
}

#[test]
fn each_literal_text_is_explained_by_its_own_failure() {
    for failure in all() {
        for text in failure.texts {
            let said = text.replace(['<', '>'], "");
            let found = id_of(&said);
            // What the finalization says word for word is told apart by its type or its phase.
            assert!(
                found == failure.id || (failure.id == "F-92" && found == "F-56"),
                "{} explains `{text}`",
                found
            );
        }
    }
}

#[test]
fn a_type_is_enough_where_the_text_is_translated() {
    assert_eq!(
        id_of("Microsoft.Exchange.Migration.MissingExchangeGuidException: Es fehlt etwas."),
        "F-52"
    );
    assert_eq!(
        id_of("|Microsoft.Exchange.Management.Tasks.NotAcceptedDomainException|Domäne"),
        "F-55"
    );
    assert_eq!(id_of("MailboxNotInCrossTenantMigrationScopeException"), "F-51");
    assert_eq!(
        id_of("TargetDeliveryDomainMismatchPermanentException: Error: The target mailbox doesn't have an SMTP proxy matching 'x.com'."),
        "F-92"
    );
    assert_eq!(id_of("AADSTS7000222: The provided client secret keys are expired."), "F-24");
    assert_eq!(
        id_of("AADSTS700016: Application with identifier 'x' was not found in the directory"),
        "F-23"
    );
}

#[test]
fn a_type_that_wraps_anything_says_nothing_alone() {
    assert_eq!(id_of("MigrationPermanentException: something new"), "none");
    assert_eq!(
        id_of(
            "MigrationPermanentException: Target user ‘Lara’ already has a primary mailbox. --> Target user ‘Lara’ already has a primary mailbox."
        ),
        "F-54"
    );
}

#[test]
fn the_innermost_cause_of_a_chain_is_taken() {
    let chain = "MigrationServerConnectionFailedException: The connection to the server 'outlook.office365.com' could not be completed. \
                 --> MRSRemoteTransientException: AADSTS7000215: Invalid client secret provided.";
    let spent = "TooManyTransientFailureRetriesPermanentException: The job encountered too many transient failures (60) and is quitting. \
                 The most common failure is StoragePermanentException with the hit count 60.";

    assert_eq!(id_of(chain), "F-24");
    assert_eq!(id_of(spent), "F-74");
    assert_eq!(id_of(&spent.replace("StoragePermanentException", "NewException")), "F-73");
}

#[test]
fn behind_a_certificate_that_was_not_found_stands_what_the_vault_said() {
    let chain = |said: &str| {
        format!(
            "KeyVaultFailureErrorException: Error finding certificate 'https://v.vault.azure.net:443/certificates/c/1' from azure key vault \
             for tenant 'x'. --> KeyVaultFailureException: {said}"
        )
    };
    let exchange = "appid=00000002-0000-0ff1-ce00-000000000000;oid=1;iss=https://sts.windows.net/x/";

    for (said, id) in [
        (
            format!(
                "The user, group or application '{exchange}' does not have secrets get permission on key vault 'v;location=westeurope'."
            ),
            "F-32",
        ),
        (
            format!(
                "Caller is not authorized to perform action on resource.\r\nIf role assignments, ..\r\nCaller: {exchange}\r\nAction: .."
            ),
            "F-32",
        ),
        (
            "AADSTS700027: The certificate used to sign the client assertion is not registered.".into(),
            "F-24",
        ),
        ("The remote name could not be resolved: 'v.vault.azure.net'".into(), "F-22"),
    ] {
        assert_eq!(id_of(&chain(&said)), id, "{said}");
    }
}

#[test]
fn what_to_do_afterwards_follows_microsofts_list() {
    let then = |id| find(id).expect("in the catalogue").then;

    for id in ["F-51", "F-52", "F-55", "F-62", "F-57", "F-58"] {
        assert_eq!(then(id), Then::Resume, "{id}");
    }
    for id in ["F-37", "F-59", "F-61", "F-70", "F-71"] {
        assert_eq!(then(id), Then::NewBatch, "{id}");
    }
    assert_eq!(find("f-51").map(|failure| failure.side), Some(Side::Source));
}
