//! Failures that read differently where the endpoint's credential is a certificate in a key vault, as it was until the end of 2021:
//! the same numbers with another cause and remedy.

use crate::migrate::failures::Failure;
use crate::migrate::failures::Side;
use crate::migrate::failures::Then;

/// What only a service that reads key vaults says, in any language: it names the certificate, the right that it lacks, or that the
/// application does not know the certificate. Since it reads none, it looks for one without a name.
const SIGNS: [&str; 3] = ["/certificates/", "permission on key vault", "aadsts700027"];

static FAILURES: [Failure; 2] = [
    Failure::new("F-22", Side::Target, "Exchange cannot use the certificate of the endpoint")
        .because(
            "the certificate that the endpoint names was not found in its key vault, or cannot be used: vault or version are gone, or it is \
             disabled, out of its time or without its private key",
        )
        .mend(
            "see what lacks with `verify-setup --key-vault-url`, and mend it with `setup-target --auth key-vault`",
            Then::Resume,
        ),
    Failure::new("F-87", Side::Target, "the endpoint's certificate can no longer be used")
        .because(
            "the endpoint's credential could no longer be used at the daily synchronization or at completion: Exchange can no longer read the \
             certificate in its key vault, or the application no longer takes it",
        )
        .mend(
            "see what lacks with `verify-setup --key-vault-url`, and mend it with `setup-target --auth key-vault`",
            Then::Resume,
        ),
];

/// `failure` as it reads for the error `text`.
pub fn worded(failure: &'static Failure, text: &str) -> &'static Failure {
    let text = text.to_lowercase();
    if !SIGNS.iter().any(|sign| text.contains(sign)) {
        return failure;
    }
    FAILURES.iter().find(|of_vault| of_vault.id == failure.id).unwrap_or(failure)
}
